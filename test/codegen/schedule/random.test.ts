// Random graphs under every schedule that serves them, against their meaning. HEDDLE_FUZZ_RUNS and HEDDLE_FUZZ_SEED make
// it a longer fuzz, or the one that failed: the seed is printed.
import { expect, it } from 'vitest';
import { shareOf } from '../../support/share.js';
import { fuzzSchedules } from './random-programs.js';

const runs = Number(process.env['HEDDLE_FUZZ_RUNS'] ?? shareOf(100, 2));
const seed = Number(process.env['HEDDLE_FUZZ_SEED'] ?? 20_260_726);

it(`${runs} random graphs mean the same as tile programs (seed ${seed})`, { timeout: 240_000 + 800 * runs }, () => {
  const { fused, materialised, reasons } = fuzzSchedules(runs, seed);
  const why = [...reasons].map(([reason, count]) => `${count} × ${reason}`).join('\n');
  console.info(`${fused} of ${runs} fused, ${materialised} materialised\n${why}`);
  // Whatever the language says is computed without a matrix of scores in memory, and with one.
  expect(fused, why).toBe(runs);
  expect(materialised, why).toBe(runs);
});
