// Grams that take the same tile and the same ring one after the other: the tile lies in shared memory once for all of them. Where
// their entries have 16 bits, they are products: rows of the tile times rows of the ring, whose sums by diagonals are the taps'.
import type { GramOperation } from '../../../codegen/tile/operations/gram.js';
import type { Block, Kernel, LetStatement } from '../../../codegen/tile/program.js';
import { difference, minus } from '../../../codegen/tile/scalars.js';
import { axisOfKind, type Ring, type Scalar, type Tile } from '../../../codegen/tile/types.js';
import { innerBlocks } from '../../../codegen/tile/walk.js';
import { affine, valuesOfCounters } from '../../../src/ir/index.js';
import type { Region } from '../../shared/layout/arena.js';
import { type OrientedTaps, oriented, type Space } from '../../shared/layout/space.js';
import { offsetAt } from '../../shared/tile/neighbours.js';
import { ringOf } from '../../shared/tile/plan.js';
import { CHUNK, type ElementType, elementTypes, isNarrow, type NarrowType } from '../buffers.js';
import { ceilDivide, FRAGMENT_COLUMNS, FRAGMENT_DEPTH, FRAGMENT_ROWS, type Warps } from './fragments.js';
import { chunksOf, type Matrix, tileMatrix } from './matrices.js';
import type { RingLayout } from './rings.js';

export type GramStatement = LetStatement & { readonly operation: GramOperation };

/**
 * Sixteen columns of the tile, transposed, times the columns of the ring that their taps reach: an entry of row m and column n
 * belongs to the tap that leads from m to n. Each row of taps is such a product over all rows of the tile.
 */
export interface GramProducts {
  readonly element: NarrowType;
  /** The least offsets of taps along rows and columns, and how many there are from these on. */
  readonly lowRow: number;
  readonly rows: number;
  readonly lowColumn: number;
  readonly columns: number;
  /** From the first column of the tile to the first chunk of the ring that is read, and how far the first tap lies within it. */
  readonly firstChunk: number;
  readonly shift: number;
  /** Chunks of eight columns of the ring that sixteen columns of the tile reach. */
  readonly chunks: number;
  /** Steps of sixteen rows, and into how many parts they are divided, each of which a warp multiplies. */
  readonly steps: number;
  readonly parts: number;
  /** Sums by diagonals, of each part and row of taps. */
  readonly sums: Region;
}

export interface GramGroup {
  readonly first: GramStatement;
  readonly matrix: Matrix;
  /** Where the tile lies. */
  readonly region: Region;
  readonly products: GramProducts | undefined;
}

/** Floats from one diagonal to the next: sixteen, and four more so that lanes write to different banks. */
export const DIAGONAL = FRAGMENT_ROWS + 4;
/** Accumulators of a warp, and rows of taps that are multiplied for the sake of those between which they lie. */
const MOST_CHUNKS = 8;
const MOST_ROWS = 16;

/** Offsets of all taps along rows and columns; undefined where they are no sums of counters. */
function offsetsOf({ counters, rowOffset, columnOffset }: OrientedTaps<GramOperation>) {
  if (!affine(rowOffset) || !affine(columnOffset)) return undefined;
  return valuesOfCounters(counters).map((values) => ({
    row: offsetAt(rowOffset, counters, values),
    column: offsetAt(columnOffset, counters, values),
  }));
}

const spanOf = (values: readonly number[]) => {
  const low = Math.min(...values);
  return { low, size: Math.max(...values) - low + 1 };
};

/** Whether a gram can be done as products, which take a ring of 16 bits along the columns of the space. */
export function isGramOfProducts(operation: GramOperation, { axis }: Ring, space: Space): boolean {
  const taps = offsetsOf(oriented(space, operation));
  const columns = axisOfKind(operation.tile.axes, space.columns);
  if (!taps || !columns || axis !== space.columns || columns.size % FRAGMENT_ROWS !== 0) return false;
  return (
    spanOf(taps.map(({ row }) => row)).size <= MOST_ROWS &&
    chunksFor(spanOf(taps.map(({ column }) => column)).size, FRAGMENT_COLUMNS - 1) <= MOST_CHUNKS
  );
}

const chunksFor = (columns: number, shift: number): number =>
  ceilDivide(FRAGMENT_ROWS - 1 + columns + shift, FRAGMENT_COLUMNS);

/** Grams of one block that follow each other and take the same tile and the same ring; those that nobody wants left out. */
export function gramsTogether(
  kernel: Kernel,
  isWanted: (statement: GramStatement) => boolean,
): readonly (readonly [GramStatement, ...GramStatement[]])[] {
  const groups: [GramStatement, ...GramStatement[]][] = [];
  const visit = ({ statements }: Block): void => {
    let last: [GramStatement, ...GramStatement[]] | undefined;
    for (const statement of statements) {
      for (const inner of innerBlocks(statement)) visit(inner);
      if (!isGram(statement)) {
        last = undefined;
        continue;
      }
      const { tile, source } = statement.operation;
      if (!isWanted(statement)) continue;
      const isAlike = last && last[0].operation.tile === tile && last[0].operation.source === source;
      if (last && isAlike) last.push(statement);
      else {
        last = [statement];
        groups.push(last);
      }
    }
  };
  visit(kernel.body);
  // Cases of a switch may be one and the same block.
  return groups.filter(([first], n) => groups.findIndex(([other]) => other === first) === n);
}

const isGram = (statement: Block['statements'][number]): statement is GramStatement =>
  statement.statement === 'let' && statement.operation.op === 'gram';

/** What planning a group has to know. */
export interface GramSite {
  readonly space: Space;
  readonly warps: Warps;
  /** The positions from the first to the last gram. */
  readonly use: Pick<Region, 'from' | 'to'>;
  readonly ring: RingLayout;
  /** Where the ring ends behind its last push, where that is known. */
  readonly end: Scalar | undefined;
  readonly rangeOf: (tile: Tile, along: 'query' | 'key') => { readonly low: number; readonly high: number };
}

export function groupOf(members: readonly [GramStatement, ...GramStatement[]], site: GramSite): GramGroup {
  const [first] = members;
  const { tile } = first.operation;
  const { space, warps, use } = site;
  const products = productsOf(members, site);
  const element: ElementType = elementTypes[tile.dtype];
  // Products sum over rows, and what lies beyond the last one is 0 for them.
  const matrix = tileMatrix(tile, element, {
    over: space.rows,
    kept: space.columns,
    range: site.rangeOf(tile, space.columns),
    side: 'columns',
    warps,
    space,
    isTensor: products !== undefined,
  });
  const region = { holds: 'the tile of a gram', size: chunksOf(matrix), ...use };
  return { first, matrix, region, products };
}

function productsOf(members: readonly GramStatement[], site: GramSite): GramProducts | undefined {
  const { space, warps, ring, end, use } = site;
  const { tile, source } = members[0]!.operation;
  const [rowAxis, columnAxis] = [axisOfKind(tile.axes, space.rows), axisOfKind(tile.axes, space.columns)];
  const { element } = ring;
  if (!isNarrow(element) || elementTypes[tile.dtype] !== element || !end || !rowAxis || !columnAxis) return undefined;
  if (!members.every(({ operation }) => isGramOfProducts(operation, ringOf(source), space))) return undefined;
  const columnShift = difference(columnAxis.origin, minus(end, ring.step + ring.kept));
  const taps = members.flatMap(({ operation }) => offsetsOf(oriented(space, operation))!);
  const [rows, columns] = [spanOf(taps.map(({ row }) => row)), spanOf(taps.map(({ column }) => column))];
  if (columnShift === undefined || rows.size > MOST_ROWS || site.rangeOf(tile, space.columns).low !== 0)
    return undefined;
  const start = columnShift + columns.low;
  const firstChunk = Math.floor(start / FRAGMENT_COLUMNS);
  const shift = start - firstChunk * FRAGMENT_COLUMNS;
  const chunks = chunksFor(columns.size, shift);
  const reach = (columnAxis.size - FRAGMENT_ROWS) / FRAGMENT_COLUMNS + firstChunk + chunks;
  if (chunks > MOST_CHUNKS || firstChunk < 0 || reach * CHUNK > ring.stride) return undefined;
  const steps = ceilDivide(rowAxis.size, FRAGMENT_DEPTH);
  const parts = partsFor(rows.size, steps, warps.rows * warps.columns);
  const size = (rows.size * parts * columns.size * DIAGONAL * 4) / CHUNK;
  const sums = { holds: 'sums of a gram', size, ...use };
  const found = { element, lowRow: rows.low, rows: rows.size, lowColumn: columns.low, columns: columns.size };
  return { ...found, firstChunk, shift, chunks, steps, parts, sums };
}

/** Parts that keep warps busy for the shortest time: writing the sums of a part takes as long as a step of it. */
function partsFor(rows: number, steps: number, warps: number): number {
  const time = (parts: number): number => ceilDivide(rows * parts, warps) * (ceilDivide(steps, parts) + 1);
  return Array.from({ length: steps }, (_, n) => n + 1).reduce((best, each) => (time(each) < time(best) ? each : best));
}
