// Kernels for sm_90a: which ones take products of warpgroups fed by copies of boxes, and how their operands lie. A producer
// warp brings boxes of tensors into a ring of stages; consumers, four warps to sixty-four rows, multiply them as they lie.
import type { Block, ForStatement, Kernel, Statement } from '../../../codegen/tile/program.js';
import { axisOfKind, type Tile, type TileAxisKind, type View } from '../../../codegen/tile/types.js';
import { innerBlocks, statementsOf } from '../../../codegen/tile/walk.js';
import type { Analysis } from '../../shared/layout/analysis.js';
import type { Region } from '../../shared/layout/arena.js';
import { type PlacedProduct, type Product, productsOf } from '../../shared/layout/products.js';
import { minorAxis, sameView } from '../../shared/layout/views.js';
import { refuse } from '../../shared/refusal.js';
import { bytesOf, CHUNK, elementTypes, isNarrow, type NarrowType } from '../buffers.js';
import { ceilDivide, columnFragments, FRAGMENT_COLUMNS, FRAGMENT_DEPTH, WARP, type Warps } from './fragments.js';
import { elementOf, findKeptViews, isTensorProduct, type KeptView, sidesOf } from './products.js';
import { type PipelineSchedule, scheduleOf } from './schedule.js';
import { type SumInPlace, sumInPlace } from './sums-in-place.js';

/** Rows of a product of a warpgroup, which its four warps share, sixteen each. */
export const WARPGROUP_ROWS = 64;
export const WARPGROUP = 4 * WARP;
/** Columns that one product can have (PTX ISA, shapes of wgmma.mma_async). */
const MOST_COLUMNS = 256;
/** Entries of a box along an axis (CUDA driver API, cuTensorMapEncodeTiled). */
const MOST_OF_BOX = 256;
const MOST_RANK = 5;
/** Operands begin at multiples of the largest pattern of a swizzle, which the address tells. */
const PATTERN = 1024;
export const BARRIER_BYTES = 8;
/** More of them than these are not worth what keeping them costs: kernels of many heads in a block. */
const MOST_BARRIERS = 48;

export type Swizzle = 128 | 64 | 32;

/** Registers of a thread of the producer and of the consumers: what a launch of that many threads gives to all of them, moved. */
export interface RegisterShares {
  readonly producer: number;
  readonly consumer: number;
}

/** From so many views on, the producer keeps more addresses and turns of rings than few registers hold. */
const MANY_BOXES = 5;

/** The shares of a pipeline, by the number of its consumers. (Those that FlashAttention-3 takes.) */
export function registerShares({ consumers, views }: Pipeline): RegisterShares {
  if (consumers === 1) return { producer: 56, consumer: 256 };
  return bringsMany({ views }) ? { producer: 40, consumer: 232 } : { producer: 24, consumer: 240 };
}

export const bringsMany = ({ views }: Pick<Pipeline, 'views'>): boolean => views.length >= MANY_BOXES;

/** A view that boxes bring: `boxes` of them side by side, each of `rows` rows of `swizzle` bytes. */
export interface BoxedView {
  readonly view: View;
  readonly loop: ForStatement;
  /** Whether it moves with the loop, and so lies in a ring of stages; it is brought once where not. */
  readonly isMoving: boolean;
  readonly element: NarrowType;
  readonly major: TileAxisKind;
  readonly minor: TileAxisKind;
  /** The offset of its first row from the origin of the view. */
  readonly lowMajor: number;
  readonly rows: number;
  readonly swizzle: Swizzle;
  readonly boxes: number;
  readonly stages: number;
  /** Bytes of a stage. */
  readonly bytes: number;
  /** Where the first stage begins, and the barriers: those of full stages, and behind them of empty ones. */
  readonly base: number;
  readonly barriers: number;
  /** The statements whose products read it. */
  readonly uses: ReadonlySet<Statement>;
}

export const boxBytes = ({ rows, swizzle }: BoxedView): number => rows * swizzle;
export const fullBarrier = ({ barriers }: BoxedView): number => barriers;
export const emptyBarrier = ({ barriers, stages }: BoxedView): number => barriers + stages * BARRIER_BYTES;

export interface Pipeline {
  readonly views: readonly BoxedView[];
  /** Products that a loop starts one turn ahead, while it computes with what they gave for the turn at hand: one a loop. */
  readonly ahead: readonly Product[];
  readonly schedule: PipelineSchedule;
  /** Tiles that lie in the registers of another one: sums of products that run on from turn to turn. */
  readonly places: ReadonlyMap<Tile, Tile>;
  readonly region: Region;
  readonly consumers: number;
}

export interface PipelineOptions {
  /** Steps of a loop whose boxes may be on their way at once. */
  readonly stages: number;
  /** Whether a tile is held as pairs of 16 bits. */
  readonly isPacked: (tile: Tile) => boolean;
}

/** A side of a product. */
interface Use {
  readonly product: Product;
  readonly side: 'rows' | 'columns';
}

interface Layout {
  readonly analysis: Analysis;
  readonly warps: Warps;
}

/**
 * The pipeline of a kernel, all of whose products are those of warpgroups.
 * @throws Refusal with the reason why it takes none
 */
export function planPipeline(
  kernel: Kernel,
  analysis: Analysis,
  warps: Warps,
  { stages, isPacked }: PipelineOptions,
): Pipeline {
  const layout = { analysis, warps };
  const products = productsOf(kernel);
  if (products.length === 0) refuse('it has no products');
  const kept = findKeptViews(kernel, analysis, warps, 'ahead');
  const views: BoxedView[] = [];
  let place = 0;
  const add = (view: View, use: Use): void => {
    const { product } = use;
    const found = views.find((each) => sameView(each.view, view) && each.uses.has(product.statement));
    if (found) return;
    const known = views.findIndex((each) => sameView(each.view, view) && isLaidAlike(each, use, layout));
    if (known >= 0) {
      const each = views[known]!;
      views[known] = { ...each, uses: new Set([...each.uses, product.statement]) };
      return;
    }
    const own =
      kept.find((each) => sameView(each.view, view)) ?? refuse(`a box of ${view.buffer.name} is not kept by a loop`);
    const boxed = { ...shapeOf(view, own, use, layout, stages), base: place, barriers: 0 };
    views.push({ ...boxed, uses: new Set([product.statement]) });
    place += ceilDivide(boxed.bytes * boxed.stages, PATTERN) * PATTERN;
  };
  for (const product of products) {
    const { operation, value } = product;
    if (!isTensorProduct(operation)) refuse('it has products of floats');
    const { byRow, byColumn, rowKind } = sidesOf(operation, value, analysis);
    const [rows, columns] = [rowKind, sidesOf(operation, value, analysis).columnKind].map((kind) =>
      analysis.range(value, kind),
    );
    if (rows!.high - rows!.low > warps.rows * 16) refuse('it has more rows than consumers');
    if (columnFragments(columns!, warps) * FRAGMENT_COLUMNS > MOST_COLUMNS)
      refuse('a product has more than 256 columns');
    if (byRow.kind === 'view') add(byRow, { product, side: 'rows' });
    else if (!isPacked(byRow) || analysis.range(byRow, rowKind).low !== rows!.low) {
      refuse('a left operand is neither a box of a tensor nor what an earlier product has left in registers');
    }
    if (byColumn.kind !== 'view') refuse('a right operand is no box of a tensor');
    add(byColumn, { product, side: 'columns' });
  }
  checkLoops(kernel, views);
  const barriers = place;
  let count = 0;
  const placed = views.map((each): BoxedView => {
    const own = { ...each, barriers: barriers + count * BARRIER_BYTES };
    count += each.isMoving ? 2 * each.stages : 1;
    return own;
  });
  if (count > MOST_BARRIERS) refuse(`its boxes would need ${count} barriers`);
  const size = ceilDivide(place + count * BARRIER_BYTES, CHUNK);
  const region = { holds: 'boxes of tensors', size, from: -1, to: Number.MAX_SAFE_INTEGER };
  const accumulators = new Set(products.flatMap(({ operation: { accumulator } }) => accumulator ?? []));
  // A second stencil takes the registers that a product under way would hold.
  const ahead = hasSeveralStencils(kernel) ? [] : productsAhead(products, placed, analysis);
  const behind = ahead.flatMap((each) => sumBehind(each, products, placed, analysis) ?? []);
  const schedule = scheduleOf(kernel, { views: placed, ahead, behind, accumulators, isPacked });
  const places = new Map(behind.flatMap(({ inside, shared }) => [...shared].map((each) => [each, inside] as const)));
  return { views: placed, ahead, schedule, places, region, consumers: warps.rows / 4 };
}

/** The last product of the loop of one that runs ahead, where it adds to registers that go round and so may run on under the next turn. */
function sumBehind(
  ahead: Product,
  products: readonly PlacedProduct[],
  views: readonly BoxedView[],
  analysis: Analysis,
): SumInPlace | undefined {
  const loop = views.find(({ isMoving, uses }) => isMoving && uses.has(ahead.statement))!.loop;
  const adding = products.filter(({ loops, operation }) => loops.at(-1) === loop && operation.accumulator);
  const last = adding.at(-1);
  const sum = last && sumInPlace(loop, last);
  if (!sum) return undefined;
  // All that products add to is changed in one block, and nobody else reads the box.
  const own = sum.blocks.at(-1)!;
  if (!adding.every(({ statement }) => own.statements.includes(statement))) return undefined;
  const isShared = views.some(({ isMoving, uses }) => isMoving && uses.has(last.statement) && uses.size > 1);
  const isHeldOnce = [sum.inside, ...sum.shared].every((each) => analysis.forms(each).length === 1);
  return isHeldOnce && !isShared ? sum : undefined;
}

const hasSeveralStencils = ({ body }: Kernel): boolean =>
  statementsOf(body).filter((each) => each.statement === 'let' && each.operation.op === 'stencil').length > 1;

/** Products of what stays for a loop with what moves with it and nobody else reads: the first one of each loop. */
function productsAhead(
  products: readonly Product[],
  views: readonly BoxedView[],
  analysis: Analysis,
): readonly Product[] {
  const found = new Map<ForStatement, Product>();
  for (const product of products) {
    const { byRow } = sidesOf(product.operation, product.value, analysis);
    if (product.operation.accumulator || byRow.kind !== 'view') continue;
    const [one, other] = views.filter(({ uses }) => uses.has(product.statement));
    const moving = one?.isMoving ? one : other;
    if (!one || !other || !moving || one.isMoving === other.isMoving || moving.uses.size > 1) continue;
    if (!found.has(moving.loop)) found.set(moving.loop, product);
  }
  return [...found.values()];
}

/** What a product wants of a view: rows of its boxes, and how wide they are. */
function shapeOf(
  view: View,
  kept: KeptView,
  { product: { operation, value }, side }: Use,
  { analysis, warps }: Layout,
  stages: number,
): Omit<BoxedView, 'base' | 'barriers' | 'uses'> {
  const { over } = operation;
  const { rowKind, columnKind } = sidesOf(operation, value, analysis);
  const own = side === 'rows' ? rowKind : columnKind;
  const range = analysis.range(value, own);
  const { buffer } = view;
  const element = elementOf(view);
  if (!isNarrow(element)) refuse(`${buffer.name} is not stored in 16 bits`);
  const minor = minorAxis(view);
  const major = minor === over ? own : over;
  const length = axisOfKind(view.axes, over)!.size;
  const last = buffer.axes.at(-1)!;
  const entries = 'size' in last && last.kind === 'feature' ? last.size : 0;
  if (entries === 0 || (entries * bytesOf[element]) % CHUNK !== 0)
    refuse(`rows of ${buffer.name} are no whole 16 bytes`);
  if (buffer.role !== 'input') refuse(`${buffer.name} is written by a kernel`);
  if (buffer.axes.length < 2 || buffer.axes.length > MOST_RANK) refuse(`${buffer.name} has too many axes for boxes`);
  const along = view.place.filter((entry) => 'along' in entry);
  if (along.length !== 2) refuse(`a box of ${buffer.name} has not two axes`);
  const isAcross = minor !== over;
  if (isAcross && side === 'rows') refuse('rows of a left operand run across its sum');
  const columns = isAcross ? range.high - range.low : length;
  if (isAcross && range.low !== 0) refuse('columns of a right operand begin beside its box');
  const swizzle = swizzleOf(columns) ?? (isAcross ? refuse(`${columns} columns are no multiple of 16`) : 128);
  if (isAcross && length % FRAGMENT_DEPTH !== 0) refuse(`a sum of ${length} entries is no multiple of 16`);
  const rows = isAcross ? length : side === 'rows' ? warps.rows * 16 : columnFragments(range, warps) * FRAGMENT_COLUMNS;
  if (rows > MOST_OF_BOX || rows % 8 !== 0) refuse(`a box of ${rows} rows`);
  const boxes = ceilDivide(columns * bytesOf[element], swizzle);
  return {
    view,
    loop: kept.loop,
    isMoving: kept.isAhead,
    element,
    major,
    minor,
    lowMajor: isAcross ? 0 : range.low,
    rows,
    swizzle,
    boxes,
    stages: kept.isAhead ? stages : 1,
    bytes: boxes * rows * swizzle,
  };
}

/** The widest swizzle whose boxes cover so many columns exactly. */
const swizzleOf = (columns: number): Swizzle | undefined =>
  ([128, 64, 32] as const).find((bytes) => columns % (bytes / 2) === 0);

function isLaidAlike(known: BoxedView, use: Use, layout: Layout): boolean {
  const kept = { loop: known.loop, isAhead: known.isMoving } as KeptView;
  const other = shapeOf(known.view, kept, use, layout, known.stages);
  return (['major', 'lowMajor', 'rows', 'swizzle', 'boxes'] as const).every((each) => known[each] === other[each]);
}

/** Stages go round with one loop of the kernel's own body. */
function checkLoops(kernel: Kernel, views: readonly BoxedView[]): void {
  for (const { loop, uses } of views) {
    if (!kernel.body.statements.includes(loop)) refuse('operands move in a loop within another');
    const inLoop = (block: Block): readonly Statement[] =>
      block.statements.flatMap((each) => [
        each,
        ...(each.statement === 'for' ? [] : innerBlocks(each).flatMap((inner) => inLoop(inner))),
      ]);
    const own = new Set(inLoop(loop.body));
    for (const use of uses) if (!own.has(use)) refuse('a box is read in another loop than the one that brings it');
  }
}

export const narrowTypeOf = (view: View): NarrowType => {
  const element = elementTypes[view.buffer.dtype];
  return isNarrow(element) ? element : refuse('an operand of tensor cores has other than 16 bits');
};
