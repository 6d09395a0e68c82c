// matmul: each warp multiplies its rows with all columns. Operands lie in shared memory, or in registers where the left one is
// what an earlier product has left there. Views that are not kept are read here, in slices of what is summed over.
import type { MatmulOperation } from '../../../codegen/tile/operations/matmul.js';
import { axisOfKind, type Tile, type TileAxisKind, type View } from '../../../codegen/tile/types.js';
import { refuse } from '../../shared/refusal.js';
import { CHUNK, isNarrow } from '../buffers.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { ceilDivide, FRAGMENT_DEPTH } from '../layout/fragments.js';
import { chunksOf, type Matrix, tileMatrix, viewMatrix } from '../layout/matrices.js';
import { elementOf, isTensorProduct, type KeptView, keptFor, type Sides, sidesOf, siteOf } from '../layout/products.js';
import { atom, type Code, floatCode, integerCode } from '../text/code.js';
import { multiplyFragments } from './multiply-fragments.js';
import { multiplyScalars } from './multiply-scalars.js';
import { multiplyOnWarpgroups } from './multiply-warpgroups.js';
import { keptBase, stageTile, stageView } from './staging.js';

/** An operand where a product finds it. */
export interface Operand {
  readonly matrix: Matrix;
  /** The byte at which it begins, as an expression of integers. */
  readonly base: string;
  /** Whether all of the summed axis is there, rather than this slice of it. */
  readonly isWhole: boolean;
  /** Set where fragments are taken from these registers as they lie. */
  readonly registers?: Registers | undefined;
}

/** One step of a product: from an offset on along the summed axis, for so many entries. */
export interface ProductStep {
  readonly from: Code;
  readonly length: number;
  /** Entries of the whole sum. */
  readonly end: number;
}

interface Candidate {
  readonly value: Tile | View;
  readonly matrixFor: (length: number) => Matrix;
  readonly kept?: KeptView | undefined;
  readonly registers?: Registers | undefined;
}

export function lowerMatmul(writer: KernelWriter, operation: MatmulOperation, tile: Tile, position: number): void {
  if (writer.plan.pipeline) {
    multiplyOnWarpgroups(writer, operation, tile, position);
    return;
  }
  const { accumulator, over } = operation;
  const sides = sidesOf(operation, tile, writer.plan.analysis);
  const isTensor = isTensorProduct(operation);
  const length = axisOfKind(operation.left.axes, over)!.size;
  const candidates = [
    candidate(writer, operation, tile, sides, 'rows'),
    candidate(writer, operation, tile, sides, 'columns'),
  ];
  for (const { kept } of candidates) if (kept) writer.beforeReading.get(kept)?.();
  const scratch = writer.plan.arena.scratchBase(position);
  const slice = sliceLength(candidates, length, isTensor ? FRAGMENT_DEPTH : 4, writer.plan.arena.roomAt(position));

  const result = writer.declare(tile, 'grid');
  writer.fill(result, () => (accumulator ? writer.operandAt(accumulator, tile, 'grid') : floatCode(0)));
  let base = scratch;
  const operands = candidates.map((each): Operand => {
    const { value, kept, registers } = each;
    if (registers) return { matrix: each.matrixFor(length), base: '0', isWhole: true, registers };
    if (kept) return { matrix: kept.matrix, base: keptBase(writer, kept), isWhole: true };
    const matrix = each.matrixFor(value.kind === 'tile' ? length : slice);
    const own = base;
    base += chunksOf(matrix);
    if (value.kind === 'tile') {
      writer.access('write', own, chunksOf(matrix), 'an operand of a product');
      stageTile(writer, value, matrix, own * CHUNK, over);
    }
    return { matrix, base: String(own * CHUNK), isWhole: value.kind === 'tile' };
  }) as [Operand, Operand];

  const slices = ceilDivide(length, slice);
  const counter = writer.fresh('slice');
  if (slices > 1) {
    writer.line('#pragma unroll 1');
    writer.open(`for (int ${counter} = 0; ${counter} < ${slices * slice}; ${counter} += ${slice}) {`);
    writer.enterLoop();
  }
  const from = slices > 1 ? atom(counter, 'int') : integerCode(0);
  let isRead = false;
  for (const [n, { value, kept, registers }] of candidates.entries()) {
    if (value.kind !== 'view' || kept || registers) continue;
    const { matrix, base: at } = operands[n]!;
    writer.access('write', Number(at) / CHUNK, chunksOf(matrix), 'a slice of a view');
    stageView(writer, value, matrix, at, { over, from, end: length });
    isRead = true;
  }
  if (isRead) {
    writer.line('commit_copies();');
    writer.line('await_copies<0>();');
  }
  writer.reads(
    candidates.flatMap(({ kept, registers }, n) => {
      const { matrix, base: at } = operands[n]!;
      // What is read ahead is there behind the barrier at the head of its loop.
      if (registers || kept?.isAhead) return [];
      return [{ base: kept ? writer.plan.baseOf(kept) : Number(at) / CHUNK, size: chunksOf(matrix) }];
    }),
  );
  const step: ProductStep = { from, length: slice, end: length };
  if (isTensor) multiplyFragments(writer, result, operands, step, over);
  else multiplyScalars(writer, result, operands, step, { tile, over });
  if (slices > 1) writer.close();
  writer.assign(tile, result);
}

function candidate(
  writer: KernelWriter,
  operation: MatmulOperation,
  tile: Tile,
  { byRow, byColumn, rowKind }: Sides,
  side: 'rows' | 'columns',
): Candidate {
  const value = side === 'rows' ? byRow : byColumn;
  const site = siteOf(operation, tile, side, writer.plan.analysis, writer.plan.warps);
  const element = elementOf(value);
  if (value.kind === 'view') {
    const matrixFor = (length: number): Matrix => viewMatrix(value, element, site, length);
    const whole = matrixFor(axisOfKind(value.axes, operation.over)!.size);
    return { value, matrixFor, kept: keptFor(writer.plan.keptViews, value, whole, (loop) => writer.loops.has(loop)) };
  }
  // Products of one operand of 16 bits and one of floats are of floats; what was rounded stays so.
  const stored = isTensorProduct(operation) || !isNarrow(element) || writer.plan.packedAs(value) ? element : 'float';
  const matrixFor = (): Matrix => tileMatrix(value, stored, site);
  const isLeft = side === 'rows' && site.isTensor && writer.plan.analysis.gridAxes(value)[0] === rowKind;
  return { value, matrixFor, registers: isLeft ? fragmentsOf(writer, value, tile, rowKind) : undefined };
}

/** The registers of a left operand that lie as the rows of the result do. */
function fragmentsOf(writer: KernelWriter, value: Tile, tile: Tile, rowKind: TileAxisKind): Registers | undefined {
  const registers = writer.registersOf(value, 'grid');
  const [own, result] = [writer.range(value, rowKind), writer.range(tile, rowKind)];
  const lieAlike = own.low === result.low && registers.rows === writer.shape(tile, 'grid').rows;
  return registers.packed && lieAlike && writer.plan.warps.columns === 1 ? registers : undefined;
}

/** Entries of a slice: all where there is room, else as many whole steps as there is room for. */
function sliceLength(candidates: readonly Candidate[], length: number, step: number, room: number): number {
  const sizeFor = (entries: number): number =>
    candidates.reduce((size, { value, matrixFor, kept, registers }) => {
      if (kept || registers) return size;
      return size + chunksOf(matrixFor(value.kind === 'tile' ? length : entries));
    }, 0);
  if (sizeFor(length) <= room) return length;
  let entries = Math.floor((length - 1) / step) * step;
  while (entries > step && sizeFor(entries) > room) entries -= step;
  if (entries < step) refuse('an operand of a product finds no room in shared memory');
  return entries;
}
