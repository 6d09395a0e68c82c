// What to do about index slots of positions: what a read away from its own element can say, and what says the rest.
// Kernels read neighbours; chosen, strided and summed positions are said by masks, tables and normalisers, or not yet.

/** Why an index is no neighbour: it is of the other axis, or is decided by something that a kernel cannot read ahead. */
export type PositionFault = 'other axis' | 'data' | 'length' | 'fixed' | 'counter' | 'moved' | 'no key';
export type PositionSlot = 'query' | 'key' | 'position';

export interface PositionDetails {
  readonly what: string;
  readonly text: string;
  readonly fault: PositionFault;
  /** What the arrow calls the index that belongs here; undefined where it does not take it. */
  readonly index: string | undefined;
  readonly isTensor: boolean;
}

export const OVER_KEYS =
  'over all keys of a row sum softmax(), logSumExp() and weights.times(v), where the mask says which keys; running sums along a row cannot be said yet';

const TABLE = "a tensor that is read at any place has that axis as a number, tensor('name', ['head', 64])";

const elsewhere: Readonly<Record<Exclude<PositionFault, 'other axis'>, string>> = {
  data: 'positions that inputs choose are compared in a mask, (i, j) => j === p(i), or what stands there comes in as a tensor()',
  length: 'the length of a call is no constant, and what stands at an end of the sequence comes in as a tensor()',
  fixed: 'one fixed position is compared in a mask, (i, j) => j === 0, or what stands there comes in as a tensor()',
  counter: OVER_KEYS,
  moved:
    'strides, reflections and choices of positions are said by a mask, (i, j) => j % 2 === 0, or by ordering q, k and v before the kernel',
  'no key': OVER_KEYS,
};

const orders: Readonly<Record<PositionSlot, string>> = {
  query: 'take the query as a parameter of the arrow, in the order h, i, j, and write it',
  key: 'take the key as a parameter of the arrow, in the order h, i, j, and write it',
  position: 'take a position as a parameter of the arrow, in the order h, i, j, and write it',
};

/** The hint for an index of a `slot` that is no neighbour. */
export function positionHint(slot: PositionSlot, { fault, index, isTensor }: PositionDetails): string {
  if (fault === 'no key') return elsewhere[fault];
  const written = `${index === undefined ? orders[slot] : `write ${index}`}, plus or minus a constant or a counter of sum()`;
  if (fault === 'other axis') return written;
  return `${written}; ${isTensor ? TABLE : elsewhere[fault]}`;
}
