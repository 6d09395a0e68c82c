// The benchmark: Multi-Token Attention as one kernel, as separate kernels, and by an outside library, on one WebGPU device.
// `npm run bench -- --help` says how. Prints a table and writes JSON.
import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { webgpu } from '../targets/wgsl/device/index.js';
import { softwareVulkan } from '../targets/wgsl/device/software-vulkan.js';
import { type Measured, type MeasuredDevice, type Request, type Result, summarise, tableOf } from './results.js';
import { HEAD_DIM, HEADS, KEY_TAPS, QUERY_TAPS, workloadNames } from './workloads.js';

const HELP = `npm run bench -- [options]
  --lengths 256,512,1024   lengths of the sequence; a decode step is measured at 4096 keys
  --repeats 9              interleaved repetitions
  --workloads ${workloadNames.map(({ name }) => name).join(',')}
  --date YYYY-MM-DD        a date to write into the JSON; none unless told
  --out PATH               where the JSON goes (bench/results/multi-token-attention.json)`;

const RESULTS = 'bench/results/multi-token-attention.json';

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const options = {
    lengths: text,
    repeats: text,
    workloads: text,
    date: text,
    out: text,
    help: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const request: Request = {
    lengths: (values.lengths ?? '256,512,1024').split(',').map(Number),
    repeats: Number(values.repeats ?? 9),
    workloads: values.workloads?.split(',') ?? workloadNames.map(({ name }) => name),
  };
  const { driver } = await webgpu.facts();
  await webgpu.close();
  const { device, measured } = await inProcess(request, driver);
  const summaries = summarise(measured);
  console.log(`${device.description || device.device}${device.software ? ', a software device' : ''}`);
  const usual = `${HEADS} heads of ${HEAD_DIM} unless said otherwise, ${QUERY_TAPS}×${KEY_TAPS} taps, causal`;
  console.log(`${usual}; ${request.repeats} repetitions`);
  for (const { name, title } of workloadNames) {
    const own = summaries.filter(({ workload }) => workload === name);
    if (own.length > 0) console.log(`\n${capitalised(title)}\n${tableOf(own)}`);
  }
  const file = values.out ?? RESULTS;
  const results = {
    what: 'node scripts/run-typescript.js bench/main.ts',
    ...(values.date === undefined ? {} : { date: values.date }),
    device: { ...device, driver },
    versions: versions(),
    settings: { heads: HEADS, headDim: HEAD_DIM, taps: [QUERY_TAPS, KEY_TAPS], causal: true, batch: 1, dtype: 'f32' },
    results: summaries,
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  console.log(`\nwrote ${file}`);
}

/** Measures in a process that finds the driver of npm where the system has none. */
async function inProcess(request: Request, driver: 'system' | 'npm') {
  const vulkan = softwareVulkan();
  const environment = driver === 'npm' && vulkan.available ? vulkan.environment : {};
  const script = fileURLToPath(new URL('./measure.js', import.meta.url));
  // The 27 MB of WebAssembly in onnxruntime are not compiled a second time, and better, while others are measured.
  const execArgv = [...process.execArgv, '--liftoff-only'];
  const worker = fork(script, { env: { ...process.env, ...environment }, execArgv });
  const measured: Measured[] = [];
  let device: MeasuredDevice | undefined;
  const ended = new Promise<number | null>((resolve) => {
    worker.on('exit', resolve);
  });
  worker.on('message', (result: Result) => {
    if (result.kind === 'device') device = result.device;
    else {
      measured.push(result.measured);
      const { workload, length, contender } = result.measured;
      console.error(`measured ${workload}, T = ${length}, ${contender}`);
    }
  });
  worker.send(request);
  const status = await ended;
  if (status !== 0 || device === undefined) throw new Error(`the measuring process ended with ${status}`);
  return { device, measured };
}

const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function versions(): Record<string, string> {
  const { resolve } = createRequire(import.meta.url);
  const versionOf = (name: string): string => {
    // Not every package exports its package.json.
    const folder = resolve(name).replace(new RegExp(`(node_modules/${name})/.*$`), '$1');
    return (createRequire(import.meta.url)(`${folder}/package.json`) as { version: string }).version;
  };
  const packages = ['webgpu', '@sparticuz/chromium', '@jax-js/jax', 'onnxruntime-web'];
  return { node: process.versions.node, ...Object.fromEntries(packages.map((name) => [name, versionOf(name)])) };
}

await main();
