// Ranges of whole numbers over a box, as code of a kernel: what sums, products and the other operations make of them.
// Their text calls `min`, `max`, `sign` and `select` of whole numbers as WGSL has them; CUDA files define the same.
import { MOST_POSITIONS, type OperationName } from '../../src/ir/index.js';
import { atom, binary, type Code, call, integerCode, level, within } from './text/code.js';

/** Positions, lengths and scalars are below this in magnitude: a launcher accepts no more queries or keys. */
export const MOST_KEYS = MOST_POSITIONS;
export const mostInteger = 2 ** 31 - 1;
/** Entries of tables of this magnitude and beyond have a range that is not known. */
export const LARGEST_ENTRY = 2 ** 28;
/** A range that is not known reaches so far either way: past all that it is compared with, so that nothing is claimed of it. */
export const UNKNOWN_REACH = 2 ** 29;

/** All values from low to high; `size` bounds their magnitude. */
export interface Interval {
  readonly low: Code;
  readonly high: Code;
  readonly size: number;
}

export const point = (code: Code, size: number): Interval => ({ low: code, high: code, size });

export function plusTerm(total: Code, term: Code, coefficient: number): Code {
  const size = Math.abs(coefficient);
  const scaled = size === 1 ? term : binary(integerCode(size), '*', term, 'int', level.multiply);
  if (total.text === '0') {
    return coefficient > 0 ? scaled : negative(scaled);
  }
  return binary(total, coefficient > 0 ? '+' : '-', scaled, 'int', level.add);
}

/** The negative of a number: no longer the sum that it may have been. */
const negative = (x: Code): Code => ({ ...atom(`-${within(x, level.atom)}`, 'int'), level: level.unary });

export const smaller = (x: Code, y: Code): Code => extreme('min', x, y);
export const larger = (x: Code, y: Code): Code => extreme('max', x, y);
function extreme(name: 'min' | 'max', x: Code, y: Code): Code {
  if (x.text === y.text) return x;
  const [one, other] = [literalOf(x), literalOf(y)];
  return one === undefined || other === undefined ? call(name, [x, y], 'int') : integerCode(Math[name](one, other));
}
const literalOf = ({ text }: Code): number | undefined => (/^-?\d+$/.test(text) ? Number(text) : undefined);
const numberOf = ({ low, high }: Interval): number | undefined => (low.text === high.text ? literalOf(low) : undefined);

/** ⌊x / by⌋ for either sign of x, where x and by together stay within 32 bits. */
const floored = (x: Code, by: number): Code =>
  atom(`((${x.text} - select(0, ${by - 1}, ${within(x, level.add)} < 0)) / ${by})`, 'int');

type Rule = (operands: readonly Interval[]) => Interval | undefined;

export const rules: Partial<Record<OperationName, Rule>> = {
  minimum: ([x, y]) => ({
    low: smaller(x!.low, y!.low),
    high: smaller(x!.high, y!.high),
    size: Math.max(x!.size, y!.size),
  }),
  maximum: ([x, y]) => ({
    low: larger(x!.low, y!.low),
    high: larger(x!.high, y!.high),
    size: Math.max(x!.size, y!.size),
  }),
  absolute: ([x]) => ({
    low: larger(integerCode(0), larger(x!.low, atom(`-${within(x!.high, level.atom)}`, 'int'))),
    high: larger(x!.high, atom(`-${within(x!.low, level.atom)}`, 'int')),
    size: x!.size,
  }),
  sign: ([x]) => ({ low: call('sign', [x!.low], 'int'), high: call('sign', [x!.high], 'int'), size: 1 }),
  multiply: ([x, y]) => {
    const size = x!.size * y!.size;
    if (size > mostInteger) return undefined;
    const corners = [x!.low, x!.high].flatMap((one) =>
      [y!.low, y!.high].map((other) => binary(one, '*', other, 'int', level.multiply)),
    );
    return { low: corners.reduce(smaller), high: corners.reduce(larger), size };
  },
  floorDivide: ([x, y]) => {
    const by = numberOf(y!);
    if (by === undefined || by <= 0 || x!.size + by > mostInteger) return undefined;
    return { low: floored(x!.low, by), high: floored(x!.high, by), size: x!.size };
  },
  // Within one block of the divisor the remainder goes up with its dividend; it has the dividend's sign.
  remainder: ([x, y]) => {
    const by = numberOf(y!);
    if (by === undefined || by === 0 || x!.size + Math.abs(by) > mostInteger) return undefined;
    const divisor = Math.abs(by);
    const { low, high } = x!;
    const isOneBlock = `${within(low, level.add)} >= 0 && ${floored(low, divisor).text} == ${floored(high, divisor).text}`;
    const least = `select(${-(divisor - 1)}, 0, ${within(low, level.add)} >= 0)`;
    const most = `select(${divisor - 1}, 0, ${within(high, level.add)} <= 0)`;
    return {
      low: atom(`select(${least}, ${within(low, level.atom)} % ${divisor}, ${isOneBlock})`, 'int'),
      high: atom(`select(${most}, ${within(high, level.atom)} % ${divisor}, ${isOneBlock})`, 'int'),
      size: divisor,
    };
  },
  shiftRight: ([x, y]) => {
    const by = numberOf(y!);
    if (by === undefined || by < 0 || by > 30) return undefined;
    const shift = (code: Code): Code => atom(`(${within(code, level.unary)} >> ${by}u)`, 'int');
    return { low: shift(x!.low), high: shift(x!.high), size: x!.size };
  },
  shiftLeft: ([x, y]) => {
    const by = numberOf(y!);
    if (by === undefined || by < 0 || by > 30) return undefined;
    const scaled = (code: Code): Code => binary(code, '*', integerCode(2 ** by), 'int', level.multiply);
    return { low: scaled(x!.low), high: scaled(x!.high), size: x!.size * 2 ** by };
  },
  // The bits that are set in a natural number stay set in none but itself.
  bitAnd: ([x, y]) => {
    const mask = numberOf(x!) ?? numberOf(y!);
    if (mask === undefined || mask < 0) return undefined;
    return { low: integerCode(0), high: integerCode(mask), size: mask };
  },
};
