// Masks: predicates of a query position and a key position, and functions that make one from sizes or tables.
// Masks combine with &&, || and !, or with `both` and `either` when they are passed on as values, those by head too.
import type { AnyMask, Head, HeadMask, Key, Mask, Position, Query } from 'heddle';
import { ensure } from 'heddle';
import { clamp } from './scalars.js';

/** Every key. */
export const bidirectional = (_i: Query, _j: Key): boolean => true;

/** The keys up to the query's own position. */
export const causal = (i: Query, j: Key): boolean => j <= i;

/** The kind of a mask that is made of two: one of each head where one of the two is. */
type Joined<A extends AnyMask, B extends AnyMask> = 3 extends Parameters<A>['length'] | Parameters<B>['length']
  ? HeadMask
  : Mask;
type Combination = <A extends AnyMask, B extends AnyMask>(first: A, second: B) => Joined<A, B>;

const isOfHeads = (mask: AnyMask): mask is HeadMask => mask.length === 3;

/** A mask of either kind as one of each head. */
const ofHeads = (mask: AnyMask): HeadMask => (isOfHeads(mask) ? mask : (_h, i, j) => (mask as Mask)(i, j));

/** Where both masks hold. */
export const both = ((first: AnyMask, second: AnyMask): AnyMask => {
  const [one, other] = [ofHeads(first), ofHeads(second)];
  if (isOfHeads(first) || isOfHeads(second)) {
    return (h: Head, i: Query, j: Key) => one(h, i, j) && other(h, i, j);
  }
  return (i: Query, j: Key) => (first as Mask)(i, j) && (second as Mask)(i, j);
}) as Combination;

/** Where one of two masks holds, or both. */
export const either = ((first: AnyMask, second: AnyMask): AnyMask => {
  const [one, other] = [ofHeads(first), ofHeads(second)];
  if (isOfHeads(first) || isOfHeads(second)) {
    return (h: Head, i: Query, j: Key) => one(h, i, j) || other(h, i, j);
  }
  return (i: Query, j: Key) => (first as Mask)(i, j) || (second as Mask)(i, j);
}) as Combination;

/** The last `size` keys, the query's own included. */
export const slidingWindow =
  (size: number) =>
  (i: Query, j: Key): boolean =>
    j <= i && i - j < size;

/** The keys at most `reach` positions before or after the query. */
export const symmetricWindow =
  (reach: number) =>
  (i: Query, j: Key): boolean =>
    i - j <= reach && j - i <= reach;

/** `size` keys at every `step`-th position back from the query, its own included (Longformer, arXiv:2004.05150). */
export const dilatedWindow =
  (size: number, step: number) =>
  (i: Query, j: Key): boolean =>
    j <= i && i - j < size * step && (i - j) % step === 0;

/** The first `count` positions see every key and are seen by every query. */
export const globalTokens =
  (count: number) =>
  (i: Query, j: Key): boolean =>
    i < count || j < count;

/** Causal, but the first `prefix()` keys are visible to every query. */
export const prefixCausal =
  (prefix: () => number) =>
  (i: Query, j: Key): boolean =>
    j <= i || j < prefix();

/** Causal from block to block, every key inside the query's own block of `size` positions. */
export const blockCausal =
  (size: number) =>
  (i: Query, j: Key): boolean =>
    Math.floor(j / size) <= Math.floor(i / size);

/** The keys of the query's own document, where `document` gives each position its document's id. */
export const sameDocument =
  (document: (p: Position) => number) =>
  (i: Query, j: Key): boolean =>
    document(i) === document(j);

/**
 * The query's ancestors in a tree, and itself. A depth-first walk numbers each position on its way in (`enter`) and
 * notes the largest number below it (`leave`): j is an ancestor of i when i's number lies in j's interval. The committed
 * prefix is the trunk of the tree, so any layout of the positions is served and no link is followed.
 */
export const ancestors =
  (enter: (p: Position) => number, leave: (p: Position) => number) =>
  (i: Query, j: Key): boolean =>
    enter(j) <= enter(i) && enter(i) <= leave(j);

/**
 * Positions laid out row by row on a grid: each query sees the `size` × `size` keys around it, and at a border the
 * nearest such window that lies inside (Neighborhood Attention, arXiv:2204.07143). `size` is odd.
 */
export const neighbourhood2d = (height: number, width: number, size: number): Mask => {
  ensure(size % 2 === 1, 'a neighbourhood has a middle: give it an odd size');
  const near = (from: number, to: number, extent: number): boolean => {
    const start = clamp(from - (size - 1) / 2, 0, extent - size);
    return start <= to && to < start + size;
  };
  return (i, j) => near(Math.floor(i / width), Math.floor(j / width), height) && near(i % width, j % width, width);
};

/**
 * Block diffusion's training mask over a noisy sequence of `length` positions followed by the clean one. A noisy query
 * sees its own noisy block and the clean blocks before it; a clean query sees clean blocks up to its own
 * (BD3-LM, arXiv:2503.09573, section 3).
 */
export const blockDiffusion =
  (length: number, size: number) =>
  (i: Query, j: Key): boolean => {
    const own = Math.floor((i % length) / size);
    const seen = Math.floor((j % length) / size);
    if (j < length) return i < length && seen === own;
    return i < length ? seen < own : seen <= own;
  };
