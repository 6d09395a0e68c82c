// Tiles of owners whose estimates are alike: those whose blocks hold their tiles in few threads go before those that spread them.
import { expect, it } from 'vitest';
import { schedule } from '../../../codegen/schedule/index.js';
import { printProgram } from '../../../codegen/tile/print.js';
import { trainingPair } from '../../../src/autodiff/index.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

const sizes = { heads: 2, kvHeads: 2, headDim: 8, preQueryKernel: 2, preKeyKernel: 3 };
const { backward } = trainingPair(multiTokenAttention(sizes));
const candidates = [36, 32, 4].map((rows) => ({ rows, columns: 16 }));

/** The rows of tiles of blocks that own keys, where those of some sizes spread. */
const keysWhere = (...spread: readonly number[]): number | undefined =>
  schedule(backward, {
    candidates,
    fit: (program) => {
      const text = printProgram(program);
      return { fits: true, isSpread: spread.some((rows) => text.includes(`J from 0 to Tk by ${rows})`)) };
    },
  }).tiles.ofOwners?.keys?.rows;

it('takes smaller tiles where the best spread, and the best where all that are alike do', () => {
  expect([keysWhere(), keysWhere(36), keysWhere(36, 32)]).toEqual([36, 32, 36]);
});
