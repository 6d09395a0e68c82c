// The main job: compiles Multi-Token Attention, runs it on the authors' tensors, on WebAssembly and as a WGSL kernel on WebGPU,
// and checks it against the interpreter and against the authors' own result. Ends with 1 if that fails.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  compile,
  devices,
  HeddleError,
  interpret,
  readSafetensors,
  renderError,
  run,
  writeSafetensors,
} from 'heddle/compiler';

const root = fileURLToPath(new URL('..', import.meta.url));
const spec = join(root, 'examples', 'mta.ts');
const golden = join(root, 'test', 'golden');
/** ‖out − gold‖ / ‖gold‖ in the Frobenius norm: the bound for float32. */
const BOUND = 1e-5;

/** What is run: a case of the authors' tensors, compiled to a target, on a device. */
const runs = [
  { title: 'the whole layer', golden: 'full-layer', target: 'gpujs', device: 'gpujs', folder: 'out' },
  {
    title: 'scores convolved before the softmax, in one kernel',
    golden: 'pre-conv',
    target: 'wgsl',
    device: 'webgpu',
    folder: 'out/wgsl',
  },
];

/** What a golden case leaves out is off. */
const off = {
  preQueryKernel: 0,
  preKeyKernel: 0,
  preMix: 0,
  postQueryKernel: 0,
  postKeyKernel: 0,
  postMix: 0,
  norm: 'none',
  gate: 'none',
  depthScale: false,
};

async function main() {
  const manifest = JSON.parse(readFileSync(join(golden, 'manifest.json'), 'utf8'));
  const found = new Map((await devices()).map((each) => [each.name, each.found]));
  let passed = true;
  for (const each of runs) {
    const availability = found.get(each.device);
    console.log(`Multi-Token Attention: ${each.title}`);
    if (availability.available) {
      passed = (await compileAndRun({ ...each, detail: availability.detail }, manifest[each.golden])) && passed;
    } else {
      // The embedded device runs everywhere; this one needs a GPU, or the software device for Linux on x64.
      console.log(`  left out  ${each.device}: ${availability.why}; ${availability.remedy}`);
    }
  }
  console.log(passed ? 'PASSED' : 'FAILED');
  return passed;
}

async function compileAndRun({ golden: name, target, device, detail, folder }, settings) {
  const input = join(golden, `${name}.safetensors`);
  const { tensors } = readSafetensors(readFileSync(input), { name: input });

  const started = performance.now();
  const { graph, files } = await compile(spec, { settings: { ...off, ...settings }, target });
  const compiled = performance.now();
  const results = await run(graph, tensors, { device });
  const ran = performance.now();
  const meaning = interpret(graph, tensors);

  const out = results.get('out');
  const errors = [
    ['the interpreter (float64)', relativeError(out, meaning.get('out'))],
    ["the authors' own result", relativeError(out, tensors.get('out'))],
  ];
  mkdirSync(join(root, folder), { recursive: true });
  const written = [...files, [`${graph.name}-${name}.safetensors`, resultFile(results, name, device)]];
  for (const [file, content] of written) writeFileSync(join(root, folder, file), content);

  const shape = (tensor) => `[${tensors.get(tensor).shape.join(', ')}]`;
  const lines = [
    `  spec      ${here(spec)} (${graph.paper}), case ${name}: ${Object.entries(settings)
      .map(([setting, value]) => `${setting} ${value}`)
      .join(', ')}`,
    `  inputs    ${here(input)}: q, k, v ${shape('q')} and ${graph.inputs.length - 3} parameters`,
    `  compiled  to ${target} in ${milliseconds(started, compiled)}`,
    `  ran       on ${device}, ${detail}, in ${milliseconds(compiled, ran)}`,
    ...errors.map(
      ([what, error]) => `  error     ${error.toExponential(2)} against ${what}, allowed ${BOUND.toExponential(0)}`,
    ),
    `  wrote     ${written.map(([file]) => join(folder, file)).join(', ')}`,
    '',
  ];
  console.log(lines.join('\n'));
  return errors.every(([, error]) => error <= BOUND);
}

/** ‖actual − expected‖ / ‖expected‖; Infinity where the shapes differ or a number is missing. */
function relativeError(actual, expected) {
  if (actual?.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  let [difference, norm] = [0, 0];
  for (const [n, value] of expected.data.entries()) {
    difference += (actual.data[n] - value) ** 2;
    norm += value ** 2;
  }
  const error = Math.sqrt(difference / norm);
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}

const resultFile = (results, name, device) =>
  writeSafetensors(
    [...results].map(([name, tensor]) => [name, { ...tensor, dtype: 'F32' }]),
    [
      ['spec', 'mta'],
      ['case', name],
      ['device', device],
    ],
  );

const here = (path) => relative(root, path);
const milliseconds = (from, to) => `${Math.round(to - from)} ms`;

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  if (!(error instanceof HeddleError)) throw error;
  console.error(renderError(error));
  process.exitCode = 2;
}
