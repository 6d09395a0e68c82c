// Registers: what tiles take in a thread at the busiest statement decides how many threads share them, and what is refused.
import { expect, it } from 'vitest';
import { gradient } from '../../../codegen/schedule/recipes/gradient.js';
import { stagedBy } from '../../../codegen/schedule/recipes/staged.js';
import { along, axis, kernel } from '../../../codegen/tile/builder.js';
import { operand } from '../../../codegen/tile/operations.js';
import { runTilePasses } from '../../../codegen/tile/passes/index.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import { scalar } from '../../../codegen/tile/scalars.js';
import type { Buffer } from '../../../codegen/tile/types.js';
import { trainingPair } from '../../../src/autodiff/index.js';
import { apply, integer, length } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { kernelsOf } from '../../../targets/shared/tile/program.js';
import { compileWgsl } from '../../../targets/wgsl/compile.js';
import { planKernel } from '../../../targets/wgsl/emit-kernel.js';
import { fit as fitProgram } from '../../../targets/wgsl/fit.js';
import { KernelPlan } from '../../../targets/wgsl/layout/plan.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

/** A kernel that loads so many tiles of 32 rows and 32 features before it adds them all up. */
function summing(count: number): TileProgram {
  const axes = [{ kind: 'batch' }, { kind: 'key' }, { kind: 'feature', size: 32 }] as const;
  const inputs = Array.from(
    { length: count },
    (_, n): Buffer => ({ name: `x${n}`, role: 'input', axes, dtype: 'f32' }),
  );
  const out: Buffer = { name: 'out', role: 'output', axes, dtype: 'f32' };
  const grid = [
    { variable: 'b', from: integer(0), to: length('batch'), step: 1 },
    { variable: 'J', from: integer(0), to: length('key'), step: 32 },
  ];
  const place = [scalar('b'), along('key'), along('feature')];
  const body = kernel('summing', grid, (block) => {
    const box = [axis('key', scalar('J'), 32), axis('feature', 0, 32)];
    const tiles = inputs.map((input) => block.load(input, place, box));
    const sum = tiles.map((_, n) => operand(n)).reduce((x, y) => apply('add', x, y));
    block.store(block.map(tiles, sum), out, place);
  });
  return { name: 'summing', buffers: [...inputs, out], launches: [{ launch: 'kernel', kernel: body }] };
}

const limits = { storageBuffers: 100 };
const fitted = (count: number) => {
  const found = fitProgram(summing(count), { limits });
  return found.fits ? found.kernels.map(({ threads, registers }) => [threads, registers]) : found.reason;
};

// A tile of 32 × 32 is 32 numbers in each of 32 threads. What is summed takes the place of what it is a sum of.
it.each([
  [5, [[32, 5 * 32]]],
  [6, [[64, 6 * 16]]],
  [11, [[64, 11 * 16]]],
  [12, [[128, 12 * 8]]],
  [47, [[256, 47 * 4]]],
  [48, 'the tiles of summing would need 192 registers of a thread, and 188 are taken at most'],
])('%d tiles at once', (count, expected) => {
  expect(fitted(count)).toEqual(expected);
});

// 28 keys take as many threads as tiles are work for; those of 38 need twice as many to hold what they sum up.
it.each([
  ['grad_q', 38, { rows: 8, columns: 4 }],
  ['grad_k', 28, { rows: 8, columns: 4 }],
  ['grad_k', 38, { rows: 16, columns: 4 }],
])('threads that compute %s in blocks of %d have many rows and one group of columns', (name, rows, threads) => {
  const { backward } = trainingPair(
    multiTokenAttention({ heads: 4, kvHeads: 4, headDim: 64, preQueryKernel: 6, preKeyKernel: 11 }),
  );
  const { program } = stagedBy(gradient, backward, { rows, columns: 16 });
  const { kernel: found } = kernelsOf(runTilePasses(program)).find(({ kernel: each }) => each.name.endsWith(name))!;
  const { options } = planKernel(found, { workgroupBytes: 2 ** 15, largestWorkgroup: 256 }, []);
  expect(new KernelPlan(found, options).threads).toEqual(threads);
});

it('an accumulator for each pair of heads is refused where there are many, and another schedule serves', () => {
  const graph = optimise(multiTokenAttention({ heads: 8, kvHeads: 8, headDim: 64, preMix: 8, postMix: 8 }));
  expect(() => compileWgsl(graph, { schedule: 'online' })).toThrow(
    /online at 1×8, the smallest tiles: the tiles of .* would need \d+ registers of a thread, and 188 are taken at most/,
  );
  const { scheduled } = compileWgsl(graph);
  const found = fitProgram(scheduled.program);
  expect(found.fits && found.kernels.every(({ registers }) => registers <= 188)).toBe(true);
});
