// Whether values that take each other's place are of one type: the same box and dtype, and valid wherever the one that
// stands for the others is. Shared by the rules of loops and of switches.
import { sameBox } from '../inference.js';
import { printType } from '../text/boxes.js';
import { isValidWithin, type TileAxis, type Value } from '../types.js';

const isSameBox = (one: TileAxis, other: TileAxis): boolean => one.kind === other.kind && sameBox(one, other);

function sameShape(one: Value, other: Value): boolean {
  if (one.dtype !== other.dtype) return false;
  if (one.kind === 'ring') {
    if (other.kind !== 'ring') return false;
    return one.axis === other.axis && one.capacity === other.capacity && isSameBox(one.across, other.across);
  }
  if (other.kind !== 'tile' || one.axes.length !== other.axes.length) return false;
  return one.axes.every((axis, n) => isSameBox(axis, other.axes[n]!));
}

/** Whether `relied` is valid only where `given` is; both are of one shape. */
function isCovered(relied: Value, given: Value): boolean {
  if (relied.kind === 'ring') return given.kind === 'ring' && isValidWithin(relied.across, given.across);
  return given.kind === 'tile' && relied.axes.every((axis, n) => isValidWithin(axis, given.axes[n]!));
}

/** Why `given` cannot stand where `relied` is declared; undefined where it can. */
export function disagreement(relied: Value, given: Value): string | undefined {
  if (!sameShape(relied, given)) return `is ${printType(given)}, not ${printType(relied)}`;
  if (!isCovered(relied, given)) return `is only ${printType(given)}, where ${printType(relied)} is relied on`;
  return undefined;
}
