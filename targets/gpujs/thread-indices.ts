// The indices of the element that a thread of gpu.js computes. A thread has three coordinates: the last two axes of a domain are its x and
// y, and all axes before them are folded into z, the last of them fastest.
import { type Axis, type Domain, type Expression, staticSize } from '../../src/ir/index.js';
import type { Block } from './block.js';
import { atom, binary, type Code, level, numeral } from './code.js';
import { layoutOf, sizeText } from './layout.js';
import { floorDivide } from './spelling.js';

/** An index variable of the domain, along its axis, counted from 0. */
export interface ThreadIndex {
  readonly name: string;
  readonly axis: Axis;
  readonly offset: () => Code;
}

const isSingle = (axis: Axis): boolean => staticSize(axis) === 1;
const sizeCode = (axis: Axis): Code => atom(sizeText(axis, 'this.constants'));

/** The indices of a domain, whose variables have these names; what they have to compute first goes to `root`. */
export function threadIndices(domain: Domain, names: readonly string[], root: Block): readonly ThreadIndex[] {
  const { z, y, x } = layoutOf(domain);
  const found: ThreadIndex[] = [];
  if (x) found.push({ name: names.at(-1)!, axis: x, offset: () => atom('this.thread.x') });
  if (y) found.push({ name: names.at(-2)!, axis: y, offset: () => atom('this.thread.y') });

  /** z without the axes behind `n`: the index along all axes up to it. */
  const slower = (n: number): Code => {
    const coordinate = atom('this.thread.z');
    const faster = z.slice(n + 1).filter((each) => !isSingle(each));
    if (faster.length === 0) return coordinate;
    const size = faster.map(sizeCode).reduce((product, each) => binary(product, '*', each, level.multiply));
    return root.constant(n === 0 ? names[0]! : 'outer', floorDivide(coordinate, size));
  };
  /** The index along one of the axes that are folded into z. */
  const unfolded = (n: number): Code => {
    if (isSingle(z[n]!)) return numeral(0);
    const upTo = slower(n);
    if (z.slice(0, n).every(isSingle)) return upTo;
    const above = binary(slower(n - 1), '*', sizeCode(z[n]!), level.multiply);
    return root.constant(names[n]!, binary(upTo, '-', above, level.add));
  };
  return [...found, ...z.map((axis, n) => ({ name: names[n]!, axis, offset: () => unfolded(n) }))];
}

/** The places along the axes that are folded into z as one; those of size 1 take no part. */
export function folded(places: readonly Code[], axes: readonly Axis[]): Code {
  let result: Code | undefined;
  axes.forEach((axis, n) => {
    const place = places[n]!;
    if (isSingle(axis) || (result === undefined && place.text === '0')) return;
    if (result === undefined) result = place;
    else {
      const scaled = binary(result, '*', sizeCode(axis), level.multiply);
      result = place.text === '0' ? scaled : binary(scaled, '+', place, level.add);
    }
  });
  return result ?? numeral(0);
}

/** Whether folded indices are the thread's own, so that z need not be taken apart and put together again. */
export function isOwnThread(
  index: readonly Expression[],
  axes: readonly Axis[],
  domain: Domain,
  names: readonly string[],
): boolean {
  const own = layoutOf(domain).z;
  return (
    index.length === own.length &&
    index.length > 1 &&
    index.every((each, n) => each.kind === 'variable' && each.name === names[n]) &&
    axes.every((axis, n) => axis.kind === own[n]!.kind && staticSize(axis) === staticSize(own[n]!))
  );
}
