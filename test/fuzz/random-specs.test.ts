// Random specs, run every way there is and compared with the interpreter: the first ones of a fixed seed, and
// 300 of them in the long tests. `npm run fuzz` runs more.
import { expect, test } from 'vitest';
import { shareOf } from '../support/share.js';
import { type FuzzEvent, runStretch } from './run.js';
import { Tally } from './tally.js';

const SEED = 1;
const COUNT = shareOf(300, 10);
/** Large kernels take most of the time, all together; npm run fuzz takes more of them. */
const LARGE_ONE_IN = 4;
const CUDA_ONE_IN = 8;

test(`${COUNT} specs of seed ${SEED}`, { timeout: 1_800_000 }, async () => {
  const tally = new Tally();
  const reports: string[] = [];
  const tell = (event: FuzzEvent): void => {
    if (event.event === 'ends') tally.add(event.comparison);
    if (event.event === 'fails') reports.push(`spec ${event.number}: ${event.problem}`);
    if (event.event === 'report') reports.push(`spec ${event.number}: ${event.text}`);
  };
  await runStretch(
    {
      seed: SEED,
      from: 0,
      to: COUNT,
      shrinkBudget: 30,
      largeOneIn: LARGE_ONE_IN,
      cudaOneIn: CUDA_ONE_IN,
      backward: false,
    },
    tell,
  );
  console.log(`seed ${SEED}: ${tally.text()}`);
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
