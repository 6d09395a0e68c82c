// How a ring lies in shared memory: rows of queries, the keys of a row next to each other, whichever way it is carried. What a
// push keeps is moved to the front, so that every read is at a fixed place; or pushes take turns between two halves of the ring, and
// leave at the front of the other one what the next push is to keep.
import type { Ring } from '../../../codegen/tile/types.js';
import type { Region } from '../../shared/layout/arena.js';
import type { PushedRing } from '../../shared/tile/plan.js';
import { bytesOf, CHUNK, type ElementType, elementTypes, isNarrow } from '../buffers.js';
import { ceilDivide, FRAGMENT_COLUMNS } from './fragments.js';
import { strideOf } from './matrices.js';

export interface RingLayout {
  readonly region: Region;
  readonly ring: Ring;
  readonly element: ElementType;
  /** Whether it is carried along its columns; along its rows where not. */
  readonly isAlong: boolean;
  /** Entries that a push adds along the ring, and entries before them that it keeps: whole chunks of them in halves. */
  readonly step: number;
  readonly kept: number;
  /** Bytes from the one half to the other, where there are two. */
  readonly halfBytes: number | undefined;
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

/** Whether pushes may take turns between halves: rows of 16 bits, of which whole chunks are pushed and kept. */
export function hasHalves({ ring, step, space }: PushedRing): boolean {
  const kept = ring.capacity - step;
  const isNarrowAlong = ring.axis === space.columns && isNarrow(elementTypes[ring.dtype]);
  return isNarrowAlong && kept > 0 && wholeChunks(kept) <= step && step % FRAGMENT_COLUMNS === 0;
}

const wholeChunks = (columns: number): number => ceilDivide(columns, FRAGMENT_COLUMNS) * FRAGMENT_COLUMNS;

export function ringLayoutOf({ ring, step, use, space }: PushedRing, inHalves: boolean): RingLayout {
  const isAlong = ring.axis === space.columns;
  const element = elementTypes[ring.dtype];
  const kept = inHalves ? wholeChunks(ring.capacity - step) : ring.capacity - step;
  const rows = isAlong ? ring.across.size : ring.capacity;
  const columns = isAlong ? step + kept : ring.across.size;
  // Tensor cores read whole fragments: rows of 16 bits have room for them.
  const room = inHalves ? 0 : 24;
  const stride = isNarrow(element) ? strideOf(wholeChunks(columns) + room, element) : floatStride(columns);
  const halfBytes = inHalves ? rows * stride : undefined;
  const region = { holds: 'a ring', size: (rows * stride * (inHalves ? 2 : 1)) / CHUNK, ...use };
  return { region, ring, element, isAlong, step, kept, halfBytes, rows, columns, stride };
}
