// The benchmark: attention and Multi-Token Attention by Heddle's kernels, by separate kernels and by outside libraries, on WebGPU devices.
// `npm run bench -- --help` says how. Prints tables and writes JSON, a file for each device and precision.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileWorkload } from './compile.js';
import { type BenchDevice, type DeviceName, deviceNames, inProcess, openDevice } from './devices.js';
import { writeTables } from './readme-tables.js';
import {
  type Failure,
  type Measured,
  type MeasuredDevice,
  type Result,
  type Rows,
  summarise,
  withFormer,
} from './results.js';
import { tableOf } from './table.js';
import {
  type BenchDtype,
  HEAD_DIM,
  HEADS,
  KEY_TAPS,
  type Lengths,
  type PackedWorkload,
  QUERY_TAPS,
  workloadNames,
} from './workloads.js';

const RESULTS = 'bench/results';
const dtypes: readonly BenchDtype[] = ['f32', 'f16'];

const HELP = `npm run bench -- [options]
  --device ${deviceNames.join(',')}     webgpu is Dawn in Node, wgpu is that of Deno; both unless told
  --dtype f32,f16          where the device has shader-f16
  --workloads ${workloadNames.map(({ name }) => name).join(',')}
  --lengths 256,512        lengths of the sequence; 256 to 2048 for plain attention and 256, 512 for others unless told
  --keys 1024,4096         numbers of keys of a step of decoding
  --repeats 9              interleaved rounds
  --date YYYY-MM-DD        a date to write into the JSON; none unless told
  --out FOLDER             where webgpu-DEVICE-DTYPE.json go: ${RESULTS} where everything is measured, else out/bench
  --add                    keeps what the files there have of other workloads and lengths: for a run in parts
  --table                  measures nothing, and writes the tables of bench/README.md from ${RESULTS}`;

interface Asked {
  readonly devices: readonly DeviceName[];
  readonly dtypes: readonly BenchDtype[];
  readonly workloads: readonly string[];
  readonly lengths: Lengths;
  readonly repeats: number;
  readonly date: string | undefined;
  readonly out: string;
  readonly add: boolean;
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const ofMeasuring = { device: text, dtype: text, workloads: text, lengths: text, keys: text, repeats: text } as const;
  const options = { ...ofMeasuring, date: text, out: text, add: flag, table: flag, help: flag } as const;
  const { values } = parseArgs({ options });
  if (values.help) return console.log(HELP);
  if (values.table) return writeTables(RESULTS);
  const isWhole = Object.keys(ofMeasuring).every((each) => values[each as keyof typeof ofMeasuring] === undefined);
  await measureAll({
    devices: oneOf(values.device, '--device', deviceNames),
    dtypes: oneOf(values.dtype, '--dtype', dtypes),
    workloads: oneOf(
      values.workloads,
      '--workloads',
      workloadNames.map(({ name }) => name),
    ),
    lengths: {
      ...(values.lengths === undefined ? {} : { lengths: numbers(values.lengths, '--lengths') }),
      ...(values.keys === undefined ? {} : { keys: numbers(values.keys, '--keys') }),
    },
    repeats: numbers(values.repeats ?? '9', '--repeats')[0]!,
    date: values.date,
    add: values.add ?? false,
    out: values.out ?? (isWhole ? RESULTS : 'out/bench'),
  });
}

/** Names out of a list, all where none are given. @throws Error for a name that is none of them. */
function oneOf<Name extends string>(
  given: string | undefined,
  option: string,
  known: readonly Name[],
): readonly Name[] {
  const names = given?.split(',') ?? known;
  const unknown = names.filter((each) => !known.includes(each as Name));
  if (unknown.length > 0) throw new Error(`${option} ${unknown.join()}: it takes ${known.join(', ')}`);
  return names as readonly Name[];
}

/** @throws Error for what is no whole number from 1 up. */
function numbers(given: string, option: string): readonly number[] {
  const all = given.split(',').map(Number);
  if (all.every((each) => Number.isInteger(each) && each >= 1)) return all;
  throw new Error(`${option} ${given}: it takes whole numbers from 1 up, with commas between them`);
}

async function measureAll(asked: Asked): Promise<void> {
  let isAny = false;
  for (const name of asked.devices) {
    const device = await openDevice(name);
    if ('missing' in device) {
      console.log(`${name} is not measured: ${device.missing}`);
      continue;
    }
    for (const dtype of asked.dtypes) {
      if (dtype === 'f16' && !device.features.includes('shader-f16')) {
        console.log(`${name} is not measured in f16: it has not granted shader-f16`);
        continue;
      }
      await measureOn(device, dtype, asked);
      isAny = true;
    }
  }
  if (!isAny) process.exitCode = 1;
}

async function measureOn(device: BenchDevice, dtype: BenchDtype, asked: Asked): Promise<void> {
  const started = performance.now();
  const workloads = await compiled(device, dtype, asked);
  const { lengths, repeats } = asked;
  const measured: Measured[] = [];
  const failures: Failure[] = [];
  let opened: MeasuredDevice | undefined;
  await inProcess<Result>(device, './measure.js', { workloads, lengths, repeats }, (result) => {
    if (result.kind === 'device') opened = result.device;
    else if (result.kind === 'failed') failures.push(result.failure);
    else {
      measured.push(result.measured);
      const { workload, length, contender } = result.measured;
      console.error(`measured ${workload}, T = ${length}, ${contender}`);
    }
  });
  const summaries = summarise(measured);
  const { software, description, device: model, jaxIsHere } = opened!;
  console.log(`\n${device.name}, ${description || model}${software ? ', a software device' : ''}, ${dtype}`);
  if (!jaxIsHere) console.log('jax-js does not take this device, and is not measured');
  const usual = `${HEADS} heads of ${HEAD_DIM} unless said otherwise, ${QUERY_TAPS}×${KEY_TAPS} taps, causal`;
  console.log(`${usual}; ${repeats} rounds`);
  for (const { name, title } of workloadNames) {
    const own = summaries.filter(({ workload }) => workload === name);
    if (own.length > 0) console.log(`\n${capitalised(title)}\n${tableOf(own)}`);
  }
  for (const { workload, length, contender, why } of failures) {
    console.log(`${contender} computes no ${workload} at T = ${length}: ${why}`);
  }
  const file = join(asked.out, `webgpu-${device.name}-${dtype}.json`);
  const settings = { heads: HEADS, headDim: HEAD_DIM, taps: [QUERY_TAPS, KEY_TAPS], causal: true, batch: 1, repeats };
  const results = {
    what: 'node scripts/run-typescript.js bench/main.ts',
    ...(asked.date === undefined ? {} : { date: asked.date }),
    dtype,
    device: { name: device.name, ...opened, driver: device.driver },
    versions: versions(),
    settings,
    ...withFormer({ results: summaries, failures }, asked.add && existsSync(file) ? readRows(file) : undefined),
  };
  mkdirSync(asked.out, { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  console.log(`\nwrote ${file} after ${Math.round((performance.now() - started) / 1000)} s`);
}

const readRows = (file: string): Rows => JSON.parse(readFileSync(file, 'utf8')) as Rows;

/** Gradients are of float32: their kernels have no form in 16 bits to measure. */
async function compiled({ limits }: BenchDevice, dtype: BenchDtype, asked: Asked): Promise<readonly PackedWorkload[]> {
  const workloads: PackedWorkload[] = [];
  for (const name of workloadNames) {
    if (!asked.workloads.includes(name.name) || (dtype === 'f16' && name.isGradient)) continue;
    workloads.push(await compileWorkload(name, { dtype, granted: limits }));
    console.error(`compiled ${name.name}, ${dtype}`);
  }
  return workloads;
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
  const deno = (createRequire(import.meta.url)('deno/package.json') as { version: string }).version;
  const ofPackages = Object.fromEntries(packages.map((name) => [name, versionOf(name)]));
  return { node: process.versions.node, deno, ...ofPackages };
}

await main();
