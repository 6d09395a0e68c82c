// Stencils as products: along a row of keys, a linear stencil with fixed weights is a product of eight neighbouring keys with
// a Toeplitz matrix of its weights. The matrices are the same everywhere, so they are made once, as fragments of the instructions.
import type { StencilOperation } from '../../../codegen/tile/operations/stencil.js';
import { tileVariables } from '../../../codegen/tile/types.js';
import { affine, type Counter, type Expression, freeVariables, valuesOfCounters } from '../../../src/ir/index.js';
import { type Precision, roundTo } from '../../../src/tensors/index.js';
import type { Region } from '../../shared/layout/arena.js';
import { type OrientedTaps, oriented, type Space } from '../../shared/layout/space.js';
import { isSameEverywhere } from '../../shared/layout/views.js';
import { offsetAt } from '../../shared/tile/neighbours.js';
import type { Use } from '../../shared/tile/plan.js';
import { CHUNK, type NarrowType } from '../buffers.js';
import { ceilDivide, FRAGMENT_COLUMNS, WARP } from './fragments.js';

/** A row of the ring that a stencil reads, by its counters but the last one. */
export interface TapRow {
  readonly counters: readonly number[];
  /** From a row of the result to the row that is read. */
  readonly row: number;
}

export interface Toeplitz {
  readonly region: Region;
  /** What both operands of the products are: entries of the ring, and weights. */
  readonly element: NarrowType;
  /** Matrices that each weight is the sum of: one where that type holds it, as it does what a caller gives; else two. */
  readonly parts: 1 | 2;
  readonly weight: Expression;
  readonly counters: readonly Counter[];
  /** Two rows of taps make the sixteen entries of a product: the second one, where there is one, the latter eight. */
  readonly pairs: readonly (readonly [TapRow, TapRow | undefined])[];
  /** From the first column of the result to the first chunk that is read, and how far the first tap lies within it. */
  readonly firstChunk: number;
  readonly shift: number;
  /** Chunks of eight keys that the taps of eight neighbours reach over. */
  readonly chunks: number;
}

/** More rows of taps than these take more registers than there are. */
const mostTapRows = 16;
const mostTaps = 33;

/** Whether a stencil can be done as products: taps step along the keys of a row, and weights and guards know no column. */
export function isToeplitz(stencil: StencilOperation, space: Space): boolean {
  const { counters, rowOffset, columnOffset, weight, guard } = oriented(space, stencil);
  const last = counters.at(-1);
  if (!last || last.extent > mostTaps || !isSameEverywhere(weight)) return false;
  if (counters.slice(0, -1).reduce((count, { extent }) => count * extent, 1) > mostTapRows) return false;
  if (freeVariables(rowOffset).has(last.name)) return false;
  if (guard && [tileVariables[space.columns], 'd', 'x', last.name].some((name) => freeVariables(guard).has(name)))
    return false;
  const form = affine(columnOffset);
  const [term, ...others] = form?.terms ?? [];
  return (
    form !== undefined &&
    others.length === 0 &&
    term?.coefficient === 1 &&
    term.factor.kind === 'variable' &&
    term.factor.name === last.name
  );
}

const precisions: Readonly<Record<NarrowType, Precision>> = { float16: 'f16', bfloat16: 'bf16' };

/**
 * Whether a type of 16 bits holds every value of a weight: those of tensors are given in the spec's dtype. What is worked out
 * from them is rounded nowhere in the spec's own meaning, and all entries of a sum would be off by the same.
 */
function isHeld(weight: Expression, element: NarrowType): boolean {
  switch (weight.kind) {
    case 'constant':
      return roundTo(precisions[element], weight.value) === weight.value;
    case 'read':
      return weight.source.op === 'tensor' && weight.type === 'float';
    case 'apply': {
      const { operation, operands } = weight;
      if (operation === 'negate') return isHeld(operands[0]!, element);
      return operation === 'select' && operands.slice(1).every((each) => isHeld(each, element));
    }
    default:
      return false;
  }
}

/** `columnShift` leads from a column of the result to the ring's, whose entries are of type `element`. */
export function toeplitzOf(
  { counters, rowOffset, columnOffset, weight }: OrientedTaps<StencilOperation>,
  columnShift: number,
  element: NarrowType,
  use: Use,
): Toeplitz {
  const outer = counters.slice(0, -1);
  const tapRows = valuesOfCounters(outer).map(
    (each): TapRow => ({ counters: each, row: offsetAt(rowOffset, outer, each) }),
  );
  const half = ceilDivide(tapRows.length, 2);
  const pairs = tapRows.slice(0, half).map((tapRow, n) => [tapRow, tapRows[n + half]] as const);
  const start = columnShift + affine(columnOffset)!.constant;
  const firstChunk = Math.floor(start / FRAGMENT_COLUMNS);
  const shift = start - firstChunk * FRAGMENT_COLUMNS;
  const chunks = ceilDivide(counters.at(-1)!.extent + FRAGMENT_COLUMNS - 1 + shift, FRAGMENT_COLUMNS);
  const parts = isHeld(weight, element) ? 1 : 2;
  const size = (parts * pairs.length * chunks * 2 * WARP * 4) / CHUNK;
  const region = { holds: 'the Toeplitz matrices of a stencil', size, ...use };
  return { region, element, parts, weight, counters, pairs, firstChunk, shift, chunks };
}
