// The choice test: whether launchers choose well among their alternatives, at forty calls on a device.
// `npm run bench:choice -- --help` says how. Prints a line a call and how many are well chosen, and ends with 1 where too few are.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { type ChoiceOutcome, choiceCalls, lineOf, verdictOf } from './choice-calls.js';
import type { ChoiceRequest } from './choice-process.js';
import { compileWorkload } from './compile.js';
import { type DeviceName, deviceNames, inProcess, openDevice } from './devices.js';
import { SAME } from './rounds.js';
import { type BenchDtype, type PackedWorkload, workloadNames } from './workloads.js';

const all = choiceCalls();
const HELP = `npm run bench:choice -- [options]
  --device ${deviceNames[0]}          or ${deviceNames[1]}
  --dtype f32              or f16
  --specs ${[...new Set(all.map(({ spec }) => spec))].join(',')}
  --most 8                 at most so many calls of each spec
  --from 8                 without the first so many calls of each
  --rounds 5               rounds of each call, all candidates in turns
  --budget 10              seconds of a call, after which no further round begins
  --out FILE               where the times go, as JSON (out/bench/choice-DEVICE-DTYPE.json)`;

const text = { type: 'string' } as const;
const options = {
  device: text,
  dtype: text,
  specs: text,
  most: text,
  from: text,
  rounds: text,
  budget: text,
  out: text,
} as const;
const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } });
if (values.help) console.log(HELP);
else await test();

async function test(): Promise<void> {
  const name = (values.device ?? deviceNames[0]) as DeviceName;
  if (!deviceNames.includes(name)) throw new Error(`--device ${name}: it takes ${deviceNames.join(' or ')}`);
  const device = await openDevice(name);
  if ('missing' in device) throw new Error(`${name} is not here: ${device.missing}`);
  const dtype = (values.dtype ?? 'f32') as BenchDtype;
  if (dtype === 'f16' && !device.features.includes('shader-f16')) {
    throw new Error(`${name} computes nothing in f16: it has not granted shader-f16`);
  }
  const specs = values.specs?.split(',') ?? [...new Set(all.map(({ spec }) => spec))];
  const from = Number(values.from ?? 0);
  const end = from + Number(values.most ?? Number.POSITIVE_INFINITY);
  const calls = specs.flatMap((name) => all.filter(({ spec }) => spec === name).slice(from, end));
  const workloads: PackedWorkload[] = [];
  for (const each of workloadNames.filter((one) => calls.some(({ spec }) => spec === one.name))) {
    workloads.push(await compileWorkload(each, { dtype, kinds: ['chosen'] }));
  }
  const limits = { rounds: Number(values.rounds ?? 5), budget: 1000 * Number(values.budget ?? 10) };
  const request: ChoiceRequest = { workloads, calls, limits };
  const outcomes: ChoiceOutcome[] = [];
  await inProcess<ChoiceOutcome>(device, './choice-process.js', request, (outcome) => {
    outcomes.push(outcome);
    console.log(lineOf(outcome));
    for (const { name, error } of outcome.candidates.filter((each) => !(each.error <= SAME[dtype]))) {
      console.log(`  ${name} computes something else than ${outcome.candidates[0]!.name}: ${error.toExponential(1)}`);
      process.exitCode = 1;
    }
  });
  const verdict = verdictOf(outcomes);
  console.log(verdict.text);
  if (!verdict.passed) process.exitCode = 1;
  const file = values.out ?? `out/bench/choice-${name}-${dtype}.json`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ device, dtype, limits, outcomes }, undefined, 1)}\n`);
  console.log(`wrote ${file}`);
}
