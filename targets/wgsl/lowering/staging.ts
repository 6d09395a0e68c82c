// Operands of a product in workgroup memory: matrices whose rows are vectors of four neighbours along their minor axis.
// Tiles are written from registers, views are read from their buffers by all threads together, slice by slice.

import { difference } from '../../../codegen/tile/scalars.js';
import type { Tile, TileAxisKind, View } from '../../../codegen/tile/types.js';
import { axisOfKind } from '../../../codegen/tile/types.js';
import { integer } from '../../../src/ir/index.js';
import { refuse } from '../../shared/refusal.js';
import { codes } from '../buffers.js';
import { type KernelWriter, offsetCode } from '../kernel-writer.js';
import { type Staged, stagedSize, vectorsOf } from '../layout/staged.js';
import { ceilDivide, threadCount } from '../layout/threads.js';
import { atom, type Code, integerCode, level, plusConstant, within } from '../text/code.js';
import { readBuffer } from './global-memory.js';

/** How a tile would lie: rows as its registers have them. */
export function tileShape(writer: KernelWriter, tile: Tile): Omit<Staged, 'base'> {
  if (tile.axes.length !== 2) refuse('an operand of a product needs two axes');
  const [major, minor] = writer.plan.analysis.gridAxes(tile);
  const [rows, columns] = [writer.range(tile, major), writer.range(tile, minor)];
  return {
    major,
    minor,
    lowMajor: rows.low,
    lowMinor: columns.low,
    // A product takes four entries at once, whichever axis it sums over.
    rows: ceilDivide(rows.high - rows.low, 4) * 4,
    stride: vectorsOf(columns),
    skewed: false,
  };
}

/** Writes a tile; what lies beyond its end along `over` is 0, so that products of whole vectors take nothing from it. */
export function stageTile(writer: KernelWriter, tile: Tile, staged: Staged, over: TileAxisKind): void {
  writer.access('write', staged.base, stagedSize(staged), 'an operand of a product');
  const registers = writer.registersOf(tile, 'grid');
  const [rows, columns] = [writer.range(tile, staged.major), writer.range(tile, staged.minor)];
  const { threads } = writer.plan;
  const ends = columns.high - columns.low;
  const zeroRows = over === staged.major && (rows.high - rows.low) % 4 !== 0;
  for (let row = 0; row < registers.rows; row += 1) {
    const at = writer.rowOffset(rows, row);
    const start = rowStart(writer, staged, at.base, at.constant);
    const checkRows = threads.rows * registers.rows > rows.high - rows.low;
    if (checkRows) writer.open(`if (${offsetCode(at).text} < ${rows.high}) {`);
    for (let group = 0; group < registers.groups; group += 1) {
      const vector = plusConstant(writer.column, threads.columns * group);
      const checkColumns = 4 * threads.columns * (group + 1) > staged.stride * 4;
      if (checkColumns) writer.open(`if (${vector.text} < ${staged.stride}) {`);
      let value = registers.at(row, group).text;
      if (over === staged.minor && ends % 4 !== 0) {
        value = `select(vec4f(), ${value}, (${vector.text}) * 4 + vec4i(0, 1, 2, 3) < vec4i(${ends}))`;
      }
      writer.line(`${writer.arenaAt(staged.base, codes.sum(start, vector))} = ${value};`);
      if (checkColumns) writer.close();
    }
    if (checkRows) writer.close();
  }
  if (!zeroRows) return;
  // Rows beyond the last, up to the next four.
  const from = rows.high - rows.low;
  const count = (staged.rows - from) * staged.stride;
  const n = writer.fresh('n');
  writer.open(`for (var ${n} = thread; ${n} < ${count}; ${n} += ${threadCount(threads)}) {`);
  writer.line(`${writer.arenaAt(staged.base + from * staged.stride, atom(n, 'int'))} = vec4f();`);
  writer.close();
}

/** The vector at which a row begins, from the matrix's own base; `row` counts from the tile's origin. */
function rowStart(writer: KernelWriter, { stride, lowMajor }: Staged, base: Code, constant: number): Code {
  const scaled = writer.named(codes.times({ ...base, text: within(base, level.atom) }, integerCode(stride)), 'line');
  return plusConstant(scaled, (constant - lowMajor) * stride);
}

// ── Views ───────────────────────────────────────────────────────────────────────────────────────────

/**
 * Reads a box of a view, `from` (a number that may be known at run time only) on along the axis that is sliced.
 * What lies beyond `end` along that axis is 0.
 */
export function stageView(
  writer: KernelWriter,
  view: View,
  staged: Staged,
  slice: { readonly kind: TileAxisKind; readonly from: Code; readonly end: number },
): void {
  const size = stagedSize(staged);
  writer.access('write', staged.base, size, 'a slice of a view');
  const bound = writer.uses(view.buffer);
  const { threads } = writer.plan;
  const [majorAxis, minorAxisOf] = [staged.major, staged.minor].map((kind) => axisOfKind(view.axes, kind)!);
  const count = staged.rows * staged.stride;
  const n = writer.fresh('n');
  writer.open(`for (var ${n} = thread; ${n} < ${count}; ${n} += ${threadCount(threads)}) {`);
  const [line, vector] =
    staged.stride === 1
      ? [atom(n, 'int'), integerCode(0)]
      : [
          writer.named(atom(`${n} / ${staged.stride}`, 'int'), 'line'),
          writer.named(atom(`${n} % ${staged.stride}`, 'int'), 'vector'),
        ];
  const majorFrom = slice.kind === staged.major ? slice.from : integerCode(staged.lowMajor);
  const minorFrom = slice.kind === staged.minor ? slice.from : integerCode(staged.lowMinor);
  const majorOffset = codes.sum(line, majorFrom);
  const minorOffset = codes.sum(codes.times(vector, integerCode(4)), minorFrom);
  const origin = difference(minorAxisOf!.origin, integer(0));
  const isAligned =
    origin !== undefined && origin % 4 === 0 && (slice.kind === staged.minor || staged.lowMinor % 4 === 0);
  const fromVector = slice.kind === staged.minor ? quarter(slice.from) : integerCode(staged.lowMinor / 4);
  const aligned = isAligned && fromVector ? codes.sum(vector, plusConstant(fromVector, origin / 4)) : undefined;
  const conditions: string[] = [];
  if (slice.kind === staged.major && slice.end % 4 !== 0) conditions.push(`${majorOffset.text} < ${slice.end}`);
  const beyond = slice.kind === staged.minor && slice.end % 4 !== 0;
  const absolute = (kind: TileAxisKind): Code => {
    const [axis, offset] = kind === staged.major ? [majorAxis!, majorOffset] : [minorAxisOf!, minorOffset];
    return writer.named(codes.sum(writer.scalar(axis.origin), offset), 'at');
  };
  const value = readBuffer(
    writer,
    { bound, place: view.place, at: absolute, four: { kind: staged.minor, vector: aligned } },
    conditions,
  );
  const kept = beyond
    ? `select(vec4f(), ${value.text}, ${minorOffset.text} + vec4i(0, 1, 2, 3) < vec4i(${slice.end}))`
    : value.text;
  const place = staged.skewed
    ? codes.sum(atom(n, 'int'), atom(`(${within(line, level.atom)} >> 2u)`, 'int'))
    : atom(n, 'int');
  writer.line(`${writer.arenaAt(staged.base, place)} = ${kept};`);
  writer.close();
}

/** A quarter of an index that is a product with a multiple of four. */
function quarter(from: Code): Code | undefined {
  if (/^\d+$/.test(from.text)) return Number(from.text) % 4 === 0 ? integerCode(Number(from.text) / 4) : undefined;
  const product = /^(\w+) \* (\d+)$/.exec(from.text);
  if (!product || Number(product[2]) % 4 !== 0) return undefined;
  return codes.times(atom(product[1]!, 'int'), integerCode(Number(product[2]) / 4));
}
