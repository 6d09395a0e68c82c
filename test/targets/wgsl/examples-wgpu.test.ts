// Examples in 16 bits on WebGPU, through wgpu: where the features of a device do not include 16 bits, there is no test.
// What is held to what is said in check-examples.ts.
import { wgpu } from '../../../targets/wgsl/device/index.js';
import { checkExamples, examplesOfEachKind } from './check-examples.js';

await checkExamples(wgpu, 'f16', { features: ['shader-f16'], cases: examplesOfEachKind });
