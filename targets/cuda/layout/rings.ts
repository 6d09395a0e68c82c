// How a ring lies in shared memory: rows of queries, the keys of a row next to each other, whichever way it is carried. What a
// push keeps is moved to the front, so that every read is at a fixed place.
import type { Ring } from '../../../codegen/tile/types.js';
import type { Region } from '../../shared/layout/arena.js';
import type { PushedRing } from '../../shared/tile/plan.js';
import { bytesOf, CHUNK, type ElementType, elementTypes, isNarrow } from '../buffers.js';
import { ceilDivide } from './fragments.js';
import { strideOf } from './matrices.js';

export interface RingLayout {
  readonly region: Region;
  readonly ring: Ring;
  readonly element: ElementType;
  /** Whether it is carried along its columns; along its rows where not. */
  readonly isAlong: boolean;
  /** Entries that a push adds along the ring, and entries before them that it keeps. */
  readonly step: number;
  readonly kept: number;
  readonly rows: number;
  readonly columns: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
}

/** Rows of floats begin eight banks apart, so that pairs of four rows are read at once. */
function floatStride(columns: number): number {
  let floats = ceilDivide(columns, 8) * 8;
  while (floats % 32 !== 8 && floats % 32 !== 24) floats += 8;
  return floats * bytesOf.float;
}

export function ringLayoutOf({ ring, step, use, space }: PushedRing): RingLayout {
  const isAlong = ring.axis === space.columns;
  const element = elementTypes[ring.dtype];
  const rows = isAlong ? ring.across.size : ring.capacity;
  const columns = isAlong ? ring.capacity : ring.across.size;
  // Tensor cores read whole fragments: rows of 16 bits have room for them.
  const stride = isNarrow(element) ? strideOf(ceilDivide(columns, 8) * 8 + 24, element) : floatStride(columns);
  const region = { holds: 'a ring', size: (rows * stride) / CHUNK, ...use };
  return { region, ring, element, isAlong, step, kept: ring.capacity - step, rows, columns, stride };
}
