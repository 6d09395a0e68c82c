// Where a block stands in the grid of its kernel: the number of blocks along an axis, and its place along each of them.
// The last axis goes round fastest.
import type { GridAxis } from '../../../codegen/tile/program.js';
import { freeVariables } from '../../../src/ir/index.js';
import { codes } from '../places.js';
import { refuse } from '../refusal.js';
import { atom, type Code, integerCode, level } from '../text/code.js';
import type { TileWriter, WriterTypes } from './writer.js';

/** The number of blocks along an axis. */
export function blocksOf(writer: { readonly scalar: (expression: GridAxis['from']) => Code }, axis: GridAxis): Code {
  const [low, high] = [writer.scalar(axis.from), writer.scalar(axis.to)];
  const length = low.text === '0' ? high.text : `${high.text} - (${low.text})`;
  return axis.step === 1
    ? { ...atom(length, 'int'), level: level.add }
    : atom(`(${length} + ${axis.step - 1}) / ${axis.step}`, 'int');
}

/** Whether an axis has one block, whatever the sizes of a call. */
const isOne = ({ from, to, step }: GridAxis): boolean =>
  from.kind === 'constant' && to.kind === 'constant' && from.value < to.value && to.value <= from.value + step;

/** Another order of the blocks along the last axis: the place of one along it, and what is left of its number for the other axes. */
export type BlockOrder = (block: Code, count: Code) => { readonly place: Code; readonly rest: Code };

/**
 * Names the place of the block with number `block` along each axis.
 * @returns what is left of the number for the first axis: it is beyond the grid where there are too many blocks
 */
export function writeGrid<T extends WriterTypes>(
  writer: TileWriter<T>,
  grid: readonly GridAxis[],
  block: Code,
  outerScalars: readonly string[],
  order?: BlockOrder,
): Code {
  const known = new Set([...outerScalars, 'R']);
  for (const { from, to } of grid) {
    for (const name of [from, to].flatMap((each) => [...freeVariables(each)])) {
      if (!known.has(name)) refuse(`the grid depends on ${name}`);
    }
  }
  for (const name of outerScalars) writer.setScalar(name, codes.field(name));
  let rest = block;
  for (const [n, axis] of [...grid.entries()].reverse()) {
    const from = writer.scalar(axis.from);
    let index = rest;
    if (isOne(axis)) index = integerCode(0);
    else if (n > 0) {
      const count = writer.named(blocksOf(writer, axis), 'blocks');
      const inTurn: BlockOrder = (number) => ({
        place: writer.named(atom(`${number.text} % ${count.text}`, 'int'), 'block'),
        rest: writer.named(atom(`${number.text} / ${count.text}`, 'int'), 'block'),
      });
      const at = (n === grid.length - 1 && order ? order : inTurn)(rest, count);
      [index, rest] = [at.place, at.rest];
    }
    const place = codes.sum(codes.times(index, integerCode(axis.step)), from);
    writer.setScalar(axis.variable, writer.named(place, axis.variable));
  }
  return rest;
}
