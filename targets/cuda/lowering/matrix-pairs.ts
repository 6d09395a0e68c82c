// Loads and stores of a matrix of scores in 16 bits: a thread's entries are neighbours along the keys, two of them an aligned word. The
// place of a row and whether it lies inside are found once for all of its words.
import type { Kernel } from '../../../codegen/tile/program.js';
import {
  axisOfKind,
  type Buffer,
  type Placement,
  type Scalar,
  type Tile,
  type TileAxisKind,
  validRange,
} from '../../../codegen/tile/types.js';
import { statementsOf } from '../../../codegen/tile/walk.js';
import { affine } from '../../../src/ir/index.js';
import { type BoundBuffer, codes, hasPaddedRows } from '../buffers.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { atom, type Code, integerCode } from '../text/code.js';
import { locate } from './global-memory.js';
import { whereValid } from './valid.js';

/** The ranges of a variable that the grid or a loop counts. */
const rangesOf = (
  { grid, body }: Kernel,
  name: string,
): readonly { readonly from: Scalar; readonly step: number }[] => [
  ...grid.filter(({ variable }) => variable === name),
  ...statementsOf(body).flatMap((each) => (each.statement === 'for' && each.variable === name ? [each] : [])),
];

/** Whether a scalar of a kernel is even at every call. */
function isEven(scalar: Scalar, kernel: Kernel): boolean {
  const form = affine(scalar);
  if (!form || form.constant % 2 !== 0) return false;
  return form.terms.every(({ factor, coefficient }) => {
    if (coefficient % 2 === 0) return true;
    if (factor.kind !== 'variable') return false;
    const ranges = rangesOf(kernel, factor.name);
    return ranges.length > 0 && ranges.every(({ from, step }) => step % 2 === 0 && isEven(from, kernel));
  });
}

/** Whether the entries of a tile in a buffer are read and written in pairs: rows of the matrix and the box begin at even keys. */
export function isMatrixInPairs(writer: KernelWriter, tile: Tile, buffer: Buffer, place: Placement): boolean {
  if (!hasPaddedRows(buffer) || tile.axes.length !== 2) return false;
  const last = place.at(-1)!;
  const [, columns] = writer.plan.analysis.gridAxes(tile);
  if (!('along' in last) || last.along !== 'key' || columns !== 'key') return false;
  const axis = axisOfKind(tile.axes, 'key')!;
  const { low, high } = validRange(axis);
  const isWhole = [low, high, writer.range(tile, 'key').low].every((each) => each % 2 === 0);
  return isWhole && isEven(axis.origin, writer.plan.kernel);
}

interface Box {
  readonly tile: Tile;
  readonly bound: BoundBuffer;
  readonly place: Placement;
}

/** A pair of a thread: where its word lies, whether it is inside of the buffer and of the tile, and whether its second entry is. */
interface Pair {
  readonly pointer: string;
  readonly condition: string;
  readonly neighbour: string;
}

/** Opens the loops over a thread's pairs, of which `e` and the next are the entries, writes what is done with each, and closes them. */
function eachPair(
  writer: KernelWriter,
  { tile, bound, place }: Box,
  { rows, columns }: Registers,
  write: (pair: Pair) => void,
): void {
  const [along] = writer.plan.analysis.gridAxes(tile);
  const keys = axisOfKind(tile.axes, 'key')!;
  writer.openUnrolled('m', rows);
  writer.openUnrolled('half', 2);
  writer.line('const int e = 2 * half;');
  const offsets = writer.offsets(tile, 'grid');
  const first = writer.absolute(keys, writer.firstColumn(writer.range(tile, 'key')));
  const at = (kind: TileAxisKind): Code =>
    kind === 'key' ? first : writer.absolute(axisOfKind(tile.axes, kind)!, offsets.get(kind)!);
  const row = locate(writer, { bound, place, at }, 'key');
  const conditions = [
    ...row.conditions,
    ...whereValid(writer, { tile, form: 'grid', kind: along }, offsets.get(along)!),
  ];
  const [pointer, inside] = [writer.fresh('row'), writer.fresh('is_row')];
  writer.line(`${bound.isWritten ? '' : 'const '}${bound.element} *const ${pointer} = ${row.pointer};`);
  if (conditions.length > 0) writer.line(`const bool ${inside} = ${conditions.join(' && ')};`);
  writer.openUnrolled('n', columns);
  const { size } = writer.extentOf(bound.buffer.axes.at(-1)!);
  const key = codes.sum(first, atom('n * 8', 'int'));
  const ofKey = [
    `is_inside(${key.text}, ${size().text})`,
    ...whereValid(writer, { tile, form: 'grid', kind: 'key' }, offsets.get('key')!),
  ];
  write({
    pointer: `${pointer} + n * 8`,
    condition: [...(conditions.length > 0 ? [inside] : []), ...ofKey].join(' && '),
    neighbour: `is_inside(${codes.sum(key, integerCode(1)).text}, ${size().text})`,
  });
  for (let n = 0; n < 3; n += 1) writer.close();
}

/** Loads a tile: 0 outside of the buffer. */
export function loadMatrix(writer: KernelWriter, box: Box): void {
  const registers = writer.declare(box.tile, 'grid');
  const { element } = box.bound;
  eachPair(writer, box, registers, ({ pointer, condition, neighbour }) => {
    const word = writer.fresh('word');
    const read = `load_global(reinterpret_cast<const uint32_t *>(${pointer}))`;
    writer.line(`const uint32_t ${word} = ${condition} ? ${read} : 0u;`);
    const [low, high] = [word, `${word} >> 16`].map((bits) => `to_float(${element}{static_cast<uint16_t>(${bits})})`);
    writer.line(`${registers.name}[m][n][e] = ${low};`);
    writer.line(`${registers.name}[m][n][e + 1] = ${neighbour} ? ${high} : 0.0f;`);
  });
  writer.assign(box.tile, registers);
}

/** Stores a tile's valid entries. What a word has past the last key of a row is nobody's. */
export function storeMatrix(writer: KernelWriter, box: Box, registers: Registers): void {
  eachPair(writer, box, registers, ({ pointer, condition }) => {
    const entries = [`${registers.name}[m][n][e]`, `${registers.name}[m][n][e + 1]`];
    writer.line(`if (${condition}) store_pair(${pointer}, ${entries.join(', ')});`);
  });
}
