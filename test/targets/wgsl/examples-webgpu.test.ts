// Examples in 32 bits on WebGPU, through Dawn.
// What is held to what is said in check-examples.ts.
import { webgpu } from '../../../targets/wgsl/device/index.js';
import { checkExamples, examplesOfEachKind } from './check-examples.js';

await checkExamples(webgpu, 'f32', { cases: examplesOfEachKind });
