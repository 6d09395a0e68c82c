// What an expression has become: Python text with the axes that the tensor it names varies over.
// Operands are put together by name of axis: each is indexed with None where it lacks one, as broadcasting wants it.
import type { ScalarType } from '../../src/ir/index.js';
import { type Code, indexed, member } from './python.js';

/** A value of emitted Python. */
export interface Value {
  readonly code: Code;
  /** Index variables, one for each dimension of the tensor, in the order of the scope. */
  readonly axes: readonly string[];
  /** Whether it is a tensor, or a number of Python's own that is known when the function is called. */
  readonly form: 'tensor' | 'number';
  readonly type: ScalarType;
  /**
   * For floats: `data` has the dtype of the inputs, `exact` is made of positions alone and held in float64, so that
   * what is rounded to a bucket lands where it should.
   */
  readonly precision: 'data' | 'exact';
  /** The integer tensor that this float is made of; it can go to any dtype in one step. */
  readonly integer?: Code | undefined;
}

export const number = (code: Code, type: Value['type']): Value => ({
  code,
  axes: [],
  form: 'number',
  type,
  precision: 'exact',
});

export const tensor = (
  code: Code,
  axes: readonly string[],
  type: Value['type'],
  precision: Value['precision'] = 'exact',
): Value => ({ code, axes, form: 'tensor', type, precision });

/** The axes of several values together, in the order of the scope. */
export function unite(values: readonly Pick<Value, 'axes'>[], order: readonly string[]): readonly string[] {
  const all = new Set(values.flatMap(({ axes }) => axes));
  return order.filter((name) => all.has(name));
}

/** The code of a tensor over `own` axes such that it broadcasts with others over `axes`, which hold all of `own`. */
export function align(code: Code, own: readonly string[], axes: readonly string[]): Code {
  const first = axes.findIndex((name) => own.includes(name));
  if (first < 0) return code;
  const slots = axes.slice(first).map((name) => (own.includes(name) ? ':' : 'None'));
  if (!slots.includes('None')) return code;
  const lastNone = slots.lastIndexOf('None');
  const kept = slots.slice(0, lastNone + 1);
  const colons = kept.filter((slot) => slot === ':').length;
  const nones = kept.length - colons;
  const isTrailing = lastNone === slots.length - 1 && kept.slice(-nones).every((slot) => slot === 'None');
  return indexed(code, isTrailing && colons > 1 ? ['...', ...kept.slice(-nones)] : kept);
}

/** The same dimensions in another order; `axes` are those of `own`. */
export function reorder(code: Code, own: readonly string[], axes: readonly string[]): Code {
  const places = axes.map((name) => own.indexOf(name));
  if (places.every((place, n) => place === n)) return code;
  const moved = places.flatMap((place, n) => (place === n ? [] : [n]));
  if (moved.length === 2) return member(code, `transpose(${moved[0]}, ${moved[1]})`);
  return member(code, `permute(${places.join(', ')})`);
}
