// The fuzz: random specs, run every way there is and compared with the interpreter. `npm run fuzz -- --help` says how.
// Stretches of specs run in processes of their own: emitted modules stay in memory as long as a process lives.
import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Comparison } from './compare.js';
import { Journal } from './journal.js';
import { type PathName, pathNames, type WgslDeviceName, wgslDeviceNames } from './paths.js';
import { specOf, specText, tapesOf } from './random-spec.js';
import { type FuzzEvent, runStretch, type Stretch } from './run.js';
import { Tally } from './tally.js';

const HELP = `npm run fuzz -- [options]
  --seed N     the seed of the specs; a random one unless told
  --count N    how many specs (2000)
  --from N     the number of the first (0): a long run may be made in parts
  --only N     runs spec N alone and shows it
  --jobs N     processes at a time (2, or 1 on a single core)
  --shrink N   specs to try in making one that disagrees simpler (150)
  --backward   gradients in place of outputs, as a training step computes them: a forward run that keeps, a backward run
  --paths A,B  the ways to run each spec (tiles,gpujs,torch,webgpu,cuda); alternatives: each kernel that a WGSL launcher
               chooses from, forced in turn
  --device D   where WGSL runs: webgpu or wgpu (webgpu)
  --long       longer calls: a few rows of hundreds of keys, or up to 150 of each
  --cuda N     runs kernels of CUDA, which take seconds to compile, on the emulation for one spec in N (16)
  --large N    runs kernels of much text, which take seconds to compile, for one spec in N (1)
  --tally FILE where the tally is kept as the run goes (out/fuzz/seed-N.jsonl, or backward-seed-N); a run that was cut off goes on from it
  --fresh      forgets what that file has
  --verbose    a line for each spec, with milliseconds by path`;

const STRETCH = 100;
const PROGRESS = 100;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      count: { type: 'string' },
      from: { type: 'string' },
      only: { type: 'string' },
      jobs: { type: 'string' },
      shrink: { type: 'string' },
      large: { type: 'string' },
      cuda: { type: 'string' },
      paths: { type: 'string' },
      backward: { type: 'boolean' },
      device: { type: 'string' },
      long: { type: 'boolean' },
      tally: { type: 'string' },
      fresh: { type: 'boolean' },
      verbose: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const seed = wholeNumber('seed', values.seed) ?? randomInt(2 ** 31);
  const only = wholeNumber('only', values.only);
  const from = wholeNumber('from', values.from) ?? 0;
  const count = wholeNumber('count', values.count) ?? 2000;
  const shrinkBudget = wholeNumber('shrink', values.shrink) ?? 150;
  const largeOneIn = wholeNumber('large', values.large) || 1;
  const cudaOneIn = wholeNumber('cuda', values.cuda) || 16;
  const paths = values.paths?.split(',').map(pathNamed);
  const backward = values.backward ?? false;
  const isLong = values.long ?? false;
  const device = deviceNamed(values.device ?? 'webgpu');
  const jobs = wholeNumber('jobs', values.jobs) ?? Math.min(2, availableParallelism());
  const [first, end] = only === undefined ? [from, from + count] : [only, only + 1];
  console.log(`seed ${seed}`);
  if (only !== undefined) console.log(`\n${specText(specOf(tapesOf(seed, only), { backward, isLong }))}\n`);

  const tally = new Tally();
  const path =
    values.tally ?? join('out', 'fuzz', `${backward ? 'backward-' : ''}${isLong ? 'long-' : ''}seed-${seed}.jsonl`);
  // A spec that is looked at alone is run, whatever is known of it.
  const journal = only === undefined ? new Journal(path, seed, values.fresh) : undefined;
  const stretches = (journal?.remaining(first, end, STRETCH) ?? [{ from: first, to: end }]).map(
    ({ from: start, to }): Stretch => ({
      seed,
      from: start,
      to,
      shrinkBudget,
      largeOneIn,
      cudaOneIn,
      backward,
      paths,
      device,
      isLong,
    }),
  );
  let done = 0;
  const tell = (event: FuzzEvent): void => {
    if (event.event === 'ends') tally.add(event.comparison);
    if (event.event === 'ends' && values.verbose) console.log(lineOf(event.number, event.comparison));
    if (event.event === 'fails') tally.addCrash();
    if (event.event === 'ends' || event.event === 'fails') {
      done += 1;
      if (done % PROGRESS === 0) console.error(`${done} of ${end - first}, ${tally.disagreements} disagreements`);
    }
    const text = event.event === 'fails' ? event.problem : event.event === 'report' ? event.text : undefined;
    if (text === undefined) return;
    console.log(
      `\nspec ${event.number}, again with ${backward ? '--backward ' : ''}${isLong ? '--long ' : ''}--seed ${seed} --only ${event.number}\n${text}`,
    );
  };
  const earlier = journal?.before.filter(({ number }) => number >= first && number < end) ?? [];
  for (const event of earlier) tell(event);
  if (done > 0) console.error(`${done} of ${end - first} were there in ${path}`);
  const keepAndTell = (event: FuzzEvent): void => {
    journal?.add(event);
    tell(event);
  };
  const waiting = stretches.values();
  const workThrough = async (): Promise<void> => {
    for (const stretch of waiting) await inProcesses(stretch, keepAndTell);
  };
  await Promise.all(Array.from({ length: jobs }, workThrough));
  console.log(`\nseed ${seed}: ${tally.text()}`);
  process.exitCode = tally.disagreements === 0 ? 0 : 1;
}

function lineOf(number: number, comparison: Comparison): string {
  if (!comparison.comparable) return `${number} NaN`;
  const { outcomes, milliseconds } = comparison;
  const words = Object.entries(milliseconds).map(([name, time]) => {
    const outcome = outcomes[name as PathName]?.outcome ?? '';
    return `${name} ${outcome} ${Math.round(time)} ms`;
  });
  return [number, ...words].join('  ');
}

/** Runs a stretch in a process; a spec that ends the process fails, and a fresh process goes on behind it. */
async function inProcesses(stretch: Stretch, tell: (event: FuzzEvent) => void): Promise<void> {
  let { from } = stretch;
  while (from < stretch.to) {
    let current = from;
    let isDone = false;
    const worker: ChildProcess = fork(fileURLToPath(import.meta.url), ['--worker'], { serialization: 'advanced' });
    const ended = new Promise<string>((resolve) => {
      worker.on('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `status ${code}`));
    });
    worker.on('message', (event: FuzzEvent) => {
      if (event.event === 'starts') [current, isDone] = [event.number, false];
      if (event.event === 'ends' || event.event === 'fails') isDone = true;
      tell(event);
    });
    worker.send({ ...stretch, from });
    const how = await ended;
    if (!isDone) tell({ event: 'fails', number: current, problem: `the process ended with ${how}` });
    from = current + 1;
  }
}

function serve(): void {
  process.once('message', async (stretch: Stretch) => {
    await runStretch(stretch, (event) => process.send!(event));
    process.disconnect();
  });
}

function pathNamed(name: string): PathName {
  const found = pathNames.find((each) => each === name);
  if (!found) throw new Error(`--paths takes ${pathNames.join(', ')}, not ${name}`);
  return found;
}

function deviceNamed(name: string): WgslDeviceName {
  const found = wgslDeviceNames.find((each) => each === name);
  if (!found) throw new Error(`--device takes ${wgslDeviceNames.join(' or ')}, not ${name}`);
  return found;
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Error(`--${name} takes a whole number, not ${text}`);
  return Number(text);
}

if (process.argv.includes('--worker')) serve();
else await main();
