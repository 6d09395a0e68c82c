// gram: as products on tensor cores where entries have 16 bits, a row of taps to a warp; else threads divide the rows of the tile
// for each entry of the accumulator, and add their parts up in one order. The tile lies in shared memory beside the ring.

import type { GramOperation } from '../../../codegen/tile/operations/gram.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { inRows } from '../../shared/layout/space.js';
import { placeInRing } from '../../shared/tile/neighbours.js';
import { ringOf } from '../../shared/tile/plan.js';
import { CHUNK, codes } from '../buffers.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { ceilDivide, WARP } from '../layout/fragments.js';
import { DIAGONAL, type GramGroup, type GramProducts } from '../layout/grams.js';
import { chunksOf } from '../layout/matrices.js';
import { atom, type Code } from '../text/code.js';
import { placeOfRing, ringEntry, ringPlace } from './ring.js';
import { stageTile } from './staging.js';

/** A gram with what its lowering knows. */
interface Gram {
  readonly operation: GramOperation;
  readonly group: GramGroup;
  readonly tile: Tile;
  readonly registers: Registers;
}

export function lowerGram(writer: KernelWriter, operation: GramOperation, tile: Tile, position: number): void {
  const { plan } = writer;
  const group = plan.gramGroup(operation);
  const { matrix, region, products } = group;
  const base = plan.arena.baseOf(region);
  if (operation === group.first.operation) {
    writer.access('write', base, region.size, region.holds);
    stageTile(writer, operation.tile, matrix, base * CHUNK, plan.analysis.space.rows);
    if (products) multiply(writer, group, products);
  }
  const registers = writer.declare(tile, 'flat');
  const gram = { operation, group, tile, registers };
  if (products) addDiagonals(writer, gram, products);
  else addParts(writer, gram, position);
  writer.assign(tile, registers);
}

/** Opens the entry of the accumulator that a thread has, with the offsets of its tap along rows and columns. */
function openEntry(writer: KernelWriter, { operation, tile, registers }: Gram, entry: string): readonly [Code, Code] {
  const { low, high } = writer.range(tile, tile.axes[0]!.kind);
  writer.fill(registers, () => writer.operandAt(operation.accumulator, tile, 'flat'));
  writer.openUnrolled('k', registers.rows);
  const offset = writer.named(atom(`${entry}${low === 0 ? '' : ` + ${low}`}`, 'int'), 'offset');
  writer.open(`if (${offset.text} < ${high}) {`);
  return offsetsOfTap(writer, operation, tile, offset);
}

function offsetsOfTap(
  writer: KernelWriter,
  { queryOffset, keyOffset, counters }: GramOperation,
  tile: Tile,
  offset: Code,
): readonly [row: Code, column: Code] {
  const own = writer.countersAt(offset, counters);
  own.set('x', codes.sum(writer.scalar(tile.axes[0]!.origin), offset));
  const [row, column] = inRows(writer.plan.analysis.space, queryOffset, keyOffset).map((each) =>
    writer.named(writer.print(each, writer.surroundings(own)), 'offset'),
  );
  return [row!, column!];
}

// ── Products ────────────────────────────────────────────────────────────────────────────────────────

/** The products of all rows of taps, and their sums by diagonals in shared memory. */
function multiply(writer: KernelWriter, { first, matrix, region }: GramGroup, products: GramProducts): void {
  const { plan } = writer;
  const { arena, analysis, warps } = plan;
  const { operation } = first;
  const ring = ringOf(operation.source);
  const place = ringPlace(writer, ring);
  const { rowShift } = placeInRing(analysis.space, operation.tile, place, 'a gram');
  const { rows, parts, steps, chunks, columns, shift, element, lowRow, firstChunk, sums } = products;
  const tileBase = arena.baseOf(region) * CHUNK;
  const sumsBase = arena.baseOf(sums) * CHUNK;
  const bytes = columns * DIAGONAL * 4;
  const perPart = ceilDivide(steps, parts);
  writer.reads([{ base: arena.baseOf(region), size: region.size }, placeOfRing(writer, ring)]);
  writer.access('write', arena.baseOf(sums), sums.size, sums.holds);
  const [unit, step] = [writer.fresh('unit'), writer.fresh('step')];
  const all = warps.rows * warps.columns;
  writer.line('#pragma unroll 1');
  writer.open(`for (int ${unit} = thread / ${WARP}; ${unit} < ${rows * parts}; ${unit} += ${all}) {`);
  writer.line(`float products[${chunks}][4] = {};`);
  const tapRow = writer.named(atom(`${unit} % ${rows}`, 'int'), 'line');
  const from = parts === 1 ? '0' : writer.named(atom(`${unit} / ${rows} * ${perPart}`, 'int'), 'from').text;
  const end = parts === 1 ? String(steps) : `least(${from} + ${perPart}, ${steps})`;
  writer.line('#pragma unroll 1');
  writer.open(`for (int ${step} = ${from}; ${step} < ${end}; ++${step}) {`);
  const left = writer.named(
    atom(`${tileBase} + (${step} * 16 + lane % 8 + lane / 16 * 8) * ${matrix.stride} + lane / 8 % 2 * ${CHUNK}`, 'int'),
    'left',
  );
  // Rows beyond the tile are times 0: which ones of the ring they meet does not matter.
  const row = `${step} * 16 + lane % 16 + ${tapRow.text} + ${rowShift + lowRow}`;
  const last = steps * 16 - 1 + rows - 1 + rowShift + lowRow;
  const inside = last < place.layout.rows ? row : `least(${row}, ${place.layout.rows - 1})`;
  const right = writer.named(
    atom(`${place.base} + ${firstChunk * CHUNK} + (${inside}) * ${place.layout.stride} + lane / 16 * ${CHUNK}`, 'int'),
    'right',
  );
  const block = writer.fresh('block');
  writer.openUnrolled(block, matrix.columns / 16);
  writer.line('uint32_t tile[4];');
  writer.line(`load_matrices_transposed(tile, ${left.text} + ${block} * ${2 * CHUNK});`);
  const product = (chunk: string, words: readonly [number, number]): void =>
    writer.line(`multiply_accumulate<${element}>(products[${chunk}], tile, near[${words[0]}], near[${words[1]}]);`);
  writer.openUnrolled('n', Math.floor(chunks / 2));
  writer.line('uint32_t near[4];');
  writer.line(`load_matrices_transposed(near, ${right.text} + (${block} + n) * ${2 * CHUNK});`);
  product('2 * n', [0, 1]);
  product('2 * n + 1', [2, 3]);
  writer.close();
  if (chunks % 2 === 1) {
    // The last chunk alone: what stands beside it may be no part of the ring.
    writer.line('uint32_t near[4];');
    const alone = `${right.text} - lane / 16 * ${CHUNK} + ${block} * ${2 * CHUNK} + ${(chunks - 1) * CHUNK}`;
    writer.line(`load_matrices_transposed(near, ${alone});`);
    product(String(chunks - 1), [0, 1]);
  }
  writer.close();
  writer.close();
  writer.openUnrolled('n', chunks);
  writer.openUnrolled('e', 4);
  const diagonal = writer.named(
    atom(`n * 8 + lane % 4 * 2 + (e & 1) - (lane / 4 + (e >> 1) * 8) - ${shift}`, 'int'),
    'diagonal',
  );
  const at = `${sumsBase} + ${unit} * ${bytes} + ${diagonal.text} * ${DIAGONAL * 4} + (lane / 4 + (e >> 1) * 8) * 4`;
  writer.line(`if (is_inside(${diagonal.text}, ${columns})) store_shared<float>(${at}, products[n][e]);`);
  for (let n = 0; n < 3; n += 1) writer.close();
}

/** Adds the sixteen sums of each tap's diagonal, part by part. */
function addDiagonals(writer: KernelWriter, gram: Gram, products: GramProducts): void {
  const { rows, parts, columns, lowRow, lowColumn, sums } = products;
  const { registers } = gram;
  const { arena, threads } = writer.plan;
  writer.reads([{ base: arena.baseOf(sums), size: sums.size }]);
  const [row, column] = openEntry(writer, gram, `thread + k * ${threads}`);
  const part = writer.fresh('part');
  writer.openUnrolled(part, parts);
  writer.openUnrolled('n', 4);
  const unit = `(${part} * ${rows} + ${row.text} - ${lowRow})`;
  const at = `${arena.baseOf(sums) * CHUNK} + (${unit} * ${columns} + ${column.text} - ${lowColumn}) * ${DIAGONAL * 4}`;
  const four = writer.fresh('four');
  writer.line(`const float4 ${four} = load_shared<float4>(${at} + n * ${CHUNK});`);
  writer.line(`${registers.name}[k] += ${four}.x + ${four}.y + (${four}.z + ${four}.w);`);
  for (let n = 0; n < 4; n += 1) writer.close();
}

// ── Multiply-adds ───────────────────────────────────────────────────────────────────────────────────

/** Threads divide the rows for each entry; where there are several to one, what they come to is added up in their order. */
function addParts(writer: KernelWriter, gram: Gram, position: number): void {
  const { operation, registers, tile, group } = gram;
  const { analysis, arena, threads } = writer.plan;
  const { matrix, region } = group;
  const ring = ringOf(operation.source);
  const place = ringPlace(writer, ring);
  const { rowAxis, columnAxis, rowShift, columnShift } = placeInRing(analysis.space, operation.tile, place, 'a gram');
  const base = arena.baseOf(region);
  const { low, high } = writer.range(tile, tile.axes[0]!.kind);
  const entries = high - low;
  const parts = Math.max(1, Math.min(Math.floor(threads / entries), rowAxis.size));
  writer.reads([{ base, size: chunksOf(matrix) }, placeOfRing(writer, ring)]);
  const [part, total] = [writer.fresh('part'), writer.fresh('total')];
  const [row, column] = [writer.fresh('line'), writer.fresh('column')];
  const addRows = ([rowOffset, columnOffset]: readonly [Code, Code], from: string): void => {
    writer.line('#pragma unroll 1');
    writer.open(`for (int ${row} = ${from}; ${row} < ${rowAxis.size}; ${row} += ${parts}) {`);
    writer.line('#pragma unroll 4');
    writer.open(`for (int ${column} = 0; ${column} < ${columnAxis.size}; ++${column}) {`);
    const entry = ringEntry(
      place,
      `${row} + ${rowOffset.text} + ${rowShift}`,
      `${column} + ${columnOffset.text} + ${columnShift}`,
    );
    const { element, stride, lowMajor, lowMinor } = matrix;
    const bytes = element === 'float' ? 4 : 2;
    const at = `${base * CHUNK} + (${row} - ${lowMajor}) * ${stride} + (${column} - ${lowMinor}) * ${bytes}`;
    const value = `load_shared<${element}>(${at})`;
    writer.line(`${total} += ${entry} * ${element === 'float' ? value : `to_float(${value})`};`);
    writer.close();
    writer.close();
  };
  if (parts === 1) {
    const offsets = openEntry(writer, gram, `thread + k * ${threads}`);
    writer.line(`float ${total} = ${registers.name}[k];`);
    addRows(offsets, '0');
    writer.line(`${registers.name}[k] = ${total};`);
    writer.close();
    writer.close();
    return;
  }
  const sums = arena.scratchBase(position);
  const size = ceilDivide(parts * entries * 4, CHUNK);
  writer.access('write', sums, size, 'parts of a gram');
  writer.open(`if (thread < ${parts * entries}) {`);
  const offset = writer.named(atom(`thread % ${entries} + ${low}`, 'int'), 'offset');
  const offsets = offsetsOfTap(writer, operation, tile, offset);
  writer.line(`float ${total} = 0.0f;`);
  addRows(offsets, `thread / ${entries}`);
  writer.line(`store_shared<float>(${sums * CHUNK} + thread * 4, ${total});`);
  writer.close();
  writer.reads([{ base: sums, size }]);
  writer.fill(registers, () => writer.operandAt(operation.accumulator, tile, 'flat'));
  writer.open(`if (thread < ${entries}) {`);
  writer.openUnrolled(part, parts);
  const at = `${sums * CHUNK} + (${part} * ${entries} + thread) * 4`;
  writer.line(`${registers.name}[0] += load_shared<float>(${at});`);
  writer.close();
  writer.close();
}
