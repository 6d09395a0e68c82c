// Examples in 16 bits on WebGPU, through wgpu: where the features of a device do not include 16 bits, there is no test.
// What is held to what is said in check-examples.ts.
import { wgpu } from '../../../targets/wgsl/device/index.js';
import { exampleCases } from '../../support/examples.js';
import { TAKES_ALL } from '../../support/share.js';
import { checkExamples } from './check-examples.js';

/** One of each kind of kernel; the long tests take all examples. */
const some = ['alibi', 'causal', 'decode', 'diffV1', 'mtaPacked', 'packedDocuments', 'sinks'];
const cases = TAKES_ALL ? exampleCases : exampleCases.filter(({ name }) => some.includes(name));

await checkExamples(wgpu, 'f16', { features: ['shader-f16'], cases });
