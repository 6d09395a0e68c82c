// Random specs, run every way there is and compared with the interpreter: the first ones of a fixed seed, and
// 40 of them in the long tests. `npm run fuzz` runs more.
import { expect, test } from 'vitest';
import { shareOf } from '../support/share.js';
import { type FuzzEvent, runStretch, type Stretch } from './run.js';
import { Tally } from './tally.js';

const SEED = 1;
const COUNT = shareOf(40, 5);
/** Large kernels take most of the time, all together; npm run fuzz takes more of them. */
const LARGE_ONE_IN = 4;
const CUDA_ONE_IN = 60;

/** Gradients take several kernels each. */
const GRADIENTS = shareOf(15, 3);

/** Runs specs of the seed; the reports are of those that disagree. */
async function runSpecs(count: number, how: Pick<Stretch, 'backward'> & Partial<Stretch>) {
  const tally = new Tally();
  const reports: string[] = [];
  const tell = (event: FuzzEvent): void => {
    if (event.event === 'ends') tally.add(event.comparison);
    if (event.event === 'fails') reports.push(`spec ${event.number}: ${event.problem}`);
    if (event.event === 'report') reports.push(`spec ${event.number}: ${event.text}`);
  };
  const shares = { largeOneIn: LARGE_ONE_IN, cudaOneIn: CUDA_ONE_IN };
  await runStretch({ seed: SEED, from: 0, to: count, shrinkBudget: 30, ...shares, ...how }, tell);
  console.log(`seed ${how.seed ?? SEED}: ${tally.text()}`);
  return { tally, reports };
}

test(`${COUNT} specs of seed ${SEED}`, { timeout: 1_800_000 }, async () => {
  const { tally, reports } = await runSpecs(COUNT, { backward: false });
  expect(reports).toEqual([]);
  // Whatever the language says is computed by some schedule.
  expect(tally.notTaken('tiles', 'no schedule')).toBe(0);
  expect(tally.notTaken('webgpu', 'no schedule')).toBe(0);
  // A generator that drifts to specs that nothing takes would test nothing.
  expect(tally.agreements('gpujs')).toBeGreaterThan(0.9 * COUNT);
  if (process.env['CI'] === 'true') expect(tally.agreements('torch')).toBeGreaterThan(0.9 * COUNT);
  // Large kernels are left out, for most specs.
  expect(tally.agreements('webgpu')).toBeGreaterThan(COUNT / 3);
  expect(tally.agreements('tiles')).toBeGreaterThan(COUNT / 2);
});

test(`the gradients of ${GRADIENTS} specs of seed ${SEED}`, { timeout: 1_800_000 }, async () => {
  const { tally, reports } = await runSpecs(GRADIENTS, { backward: true, paths: ['tiles', 'gpujs', 'torch'] });
  expect(reports).toEqual([]);
  expect(tally.agreements('gpujs')).toBeGreaterThan(0.9 * GRADIENTS);
  expect(tally.agreements('tiles')).toBeGreaterThan(0.7 * GRADIENTS);
});

test('each alternative of a launcher', { timeout: 1_800_000 }, async () => {
  // A spec whose kernels are compiled in seconds, and one row of hundreds of keys.
  const one = { seed: 16, from: 5, to: 6, paths: ['alternatives'], isLong: true } as const;
  const { tally, reports } = await runSpecs(1, { backward: false, ...one });
  expect(reports).toEqual([]);
  expect(tally.agreements('alternatives')).toBe(1);
});
