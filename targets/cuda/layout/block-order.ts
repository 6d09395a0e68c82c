// The order of a kernel's blocks. Where some sweep more than others they start with the longest sweeps, over as many heads as the
// second cache holds all operands of: what starts last is short then, and no block waits for memory that others have just read.
import type { GridAxis, Kernel } from '../../../codegen/tile/program.js';
import type { Buffer } from '../../../codegen/tile/types.js';
import { statementsOf } from '../../../codegen/tile/walk.js';
import { evaluate, type Known } from '../../../src/ir/index.js';
import { spaceOf } from '../../shared/layout/space.js';
import { type BlockOrder, blocksOf } from '../../shared/tile/grid.js';
import type { TileWriter, WriterTypes } from '../../shared/tile/writer.js';
import { codes } from '../buffers.js';
import { binary, type Code, call, integerCode, level } from '../text/code.js';

/** The field of the launch that says of how many heads blocks go together. */
export const HEADS_TOGETHER = 'heads_together';

/** Which blocks of an axis sweep most: those of its first tiles, those of its last ones, or all the same. */
export type LongestSweep = 'first' | 'last' | 'none';

/** A length at which sweeps are counted: many tiles of any size. */
const LENGTH = 1 << 16;

/** Whether the blocks of an axis own tiles of positions, and not an entry or a share each. */
const ownsTiles = ({ step }: GridAxis): boolean => step > 1;

/** The steps that a block's loops take at one place of an axis; undefined where they depend on more than sizes of a call. */
function stepsAt(kernel: Kernel, axis: GridAxis, place: number): number | undefined {
  const known: Known = {
    variable: (name) => (name === axis.variable ? place : name === 'R' ? LENGTH : undefined),
    length: (of) => (of === 'batch' ? 1 : LENGTH),
  };
  let steps = 0;
  for (const each of statementsOf(kernel.body)) {
    if (each.statement !== 'for') continue;
    const [from, to] = [evaluate(each.from, known), evaluate(each.to, known)];
    if (from === undefined || to === undefined) return undefined;
    steps += Math.max(0, to - from) / each.step;
  }
  return steps;
}

/** Where the longest sweeps of a kernel are, along the last axis of its grid: of a window all but the first are the same. */
export function longestSweep(kernel: Kernel): LongestSweep {
  const axis = kernel.grid.at(-1);
  if (!axis || !ownsTiles(axis)) return 'none';
  const sizes: Known = { variable: (name) => (name === 'R' ? LENGTH : undefined), length: () => LENGTH };
  const from = evaluate(axis.from, sizes);
  if (from === undefined) return 'none';
  const middle = stepsAt(kernel, axis, from + LENGTH / 2);
  const [first, last] = [stepsAt(kernel, axis, from), stepsAt(kernel, axis, from + LENGTH - axis.step)];
  if (first === undefined || middle === undefined || last === undefined) return 'none';
  if (last > middle && last > first) return 'last';
  return first > middle && first > last ? 'first' : 'none';
}

/** Whether the launcher of a kernel says of how many heads its blocks go together. */
export const goesByHeads = (kernel: Kernel): boolean => longestSweep(kernel) !== 'none' && kernel.grid.length > 1;

/** What blocks of a head read again and again: tensors along what is swept, and not along what a block owns. */
export function sweptBuffers(kernel: Kernel, buffers: readonly Buffer[]): readonly Buffer[] {
  const { rows, columns } = spaceOf(kernel);
  const kindsOf = ({ axes }: Buffer): readonly string[] => axes.map(({ kind }) => kind);
  return buffers.filter((each) => kindsOf(each).includes(columns) && !kindsOf(each).includes(rows));
}

/** The order of a kernel's blocks along the last axis of its grid; undefined where they go one after the other, head by head. */
export function blockOrder<T extends WriterTypes>(writer: TileWriter<T>, kernel: Kernel): BlockOrder | undefined {
  if (!goesByHeads(kernel)) return undefined;
  const together = codes.field(HEADS_TOGETHER);
  const name = (code: Code, as: string): Code => writer.named(code, as);
  return (block, count) => {
    const heads = kernel.grid
      .slice(0, -1)
      .map((axis) => blocksOf(writer, axis))
      .reduce(codes.times);
    const first = name(codes.times(quotientOf(block, codes.times(count, together)), together), 'head');
    const own = name(codes.minus(block, codes.times(first, count)), 'block');
    const among = name(call('least', [together, codes.minus(heads, first)], 'int'), 'heads');
    const place = name(quotientOf(own, among), 'block');
    const last = codes.minus(count, integerCode(1));
    return {
      place: longestSweep(kernel) === 'first' ? place : name(codes.minus(last, place), 'block'),
      rest: name(codes.sum(first, binary(own, '%', among, 'int', level.multiply)), 'block'),
    };
  };
}

const quotientOf = (x: Code, y: Code): Code => binary(x, '/', y, 'int', level.multiply);
