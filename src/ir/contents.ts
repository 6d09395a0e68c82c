// What a tensor may hold, as its declaration says: the ends of a range, and whether it never falls along its last axis.
// Calls are checked against it, checks draw from it, and ranges of integers that are read follow from it.
import { type Axis, axisSize, type CallSizes } from './axis.js';

/** A length that only a call knows, or one less than it: B or Tk. */
export interface LengthBound {
  readonly length: 'batch' | 'key';
  readonly less: 0 | 1;
}

/** Both ends belong to the range; integers alone have an end that is a length, or increase. */
export interface Contents {
  readonly from?: number;
  readonly to?: number | LengthBound;
  /** No element is smaller than the one before it along the last axis. */
  readonly increasing?: true;
}

/** A tensor with what it holds, as far as it matters here. */
export interface Filled {
  readonly domain: readonly Axis[];
  readonly contents?: Contents;
}

/** The numbers of a call that a tensor may hold; infinite where there is no end. */
export function contentsRange({ contents }: Filled, sizes: CallSizes): { readonly low: number; readonly high: number } {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = contents ?? {};
  if (typeof to === 'number') return { low: from, high: to };
  const axis: Axis = { kind: to.length };
  return { low: from, high: axisSize(axis, sizes) - to.less };
}

/** The first element that the declaration excludes, and why, as the end of a sentence; undefined where all fit. */
export function contentsFault(
  tensor: Filled,
  data: ArrayLike<number>,
  sizes: CallSizes,
): { readonly element: number; readonly why: string } | undefined {
  const { contents, domain } = tensor;
  if (contents === undefined) return undefined;
  const { low, high } = contentsRange(tensor, sizes);
  const last = domain.at(-1);
  const row = last === undefined ? 1 : axisSize(last, sizes);
  for (let element = 0; element < data.length; element += 1) {
    const value = data[element]!;
    if (value < low) return { element, why: `is less than ${low}` };
    if (value > high) return { element, why: `is more than ${high}` };
    if (contents.increasing && element % row !== 0 && value < data[element - 1]!) {
      return { element, why: `is less than ${data[element - 1]}, the one before it` };
    }
  }
  return undefined;
}

export function sameContents(one: Contents | undefined, other: Contents | undefined): boolean {
  return describeContents(one) === describeContents(other);
}

/** As in the text form: `from 0 to Tk - 1 increasing`. */
export function describeContents(contents: Contents | undefined): string {
  if (contents === undefined) return '';
  const { from, to, increasing } = contents;
  return [
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(to === undefined ? [] : [`to ${typeof to === 'number' ? to : boundText(to)}`]),
    ...(increasing ? ['increasing'] : []),
  ].join(' ');
}

const boundText = ({ length, less }: LengthBound): string =>
  `${length === 'batch' ? 'B' : 'Tk'}${less === 0 ? '' : ' - 1'}`;
