// How much of a box a mask lets through, by interval arithmetic in the kernel that never claims too much: whole, nothing, or not known.
// A comparison is one of a difference with 0, so that what both sides have in common cancels.

import {
  type Accumulate,
  type Apply,
  affine,
  type Expression,
  freeVariables,
  type OperationName,
  type Read,
  rangeOf,
  readsOf,
} from '../../src/ir/index.js';
import { carriesEntries, countOf, unrolledMask } from './mask-counters.js';
import {
  type Interval,
  LARGEST_ENTRY,
  larger,
  MOST_KEYS,
  mostInteger,
  plusTerm,
  point,
  rules,
  smaller,
  UNKNOWN_REACH,
} from './mask-intervals.js';
import { atom, binary, type Code, integerCode, level, plusConstant, within } from './text/code.js';

interface Ends {
  readonly low: Code;
  readonly high: Code;
}

/** A box of rows and columns, both ends included, and how everything else that a mask may know is said. */
export interface MaskBox {
  readonly rows: Ends;
  readonly columns: Ends;
  /** The rows that exist, which are all that tables are looked at for: what the others give is never used. */
  readonly ownRows: Ends;
  /** A whole number that is the same for the whole block. */
  readonly scalar: (expression: Expression) => Code;
  /** A name for a value that is used more than once. */
  readonly named: (code: Code) => Code;
  /** The range of a table's entries at ranges of indices, all of them taken together; undefined where it is not known. */
  readonly table: (read: Read, index: readonly Interval[]) => Interval | undefined;
}

/** When a predicate holds everywhere in the box, and when nowhere. */
interface Decision {
  readonly always: Code;
  readonly never: Code;
}

const yes = atom('true', 'bool');
const no = atom('false', 'bool');
const unknown: Decision = { always: no, never: no };

const both = (x: Code, y: Code): Code =>
  x.text === 'true' ? y : y.text === 'true' ? x : isNo(x) || isNo(y) ? no : binary(x, '&&', y, 'bool', level.loose);
const either = (x: Code, y: Code): Code =>
  isNo(x) ? y : isNo(y) ? x : x.text === 'true' || y.text === 'true' ? yes : binary(x, '||', y, 'bool', level.loose);
const isNo = (x: Code): boolean => x.text === 'false';
const compare = (x: Code, operator: string, y: number): Code => ({
  text: `${within(x, level.add)} ${operator} ${y}`,
  level: level.loose,
  type: 'bool',
  wide: false,
});

/** Conditions for the mask to let all of the box through, or nothing; undefined where it can never be told. */
export function maskClassText(mask: Expression, box: MaskBox): { full: Code | undefined; empty: Code | undefined } {
  const { always, never } = new MaskIntervals(box).decide(unrolledMask(mask));
  return { full: isNo(always) ? undefined : always, empty: isNo(never) ? undefined : never };
}

/**
 * The values that a whole number takes over a box, and over the extents of the counters that it uses; undefined where they
 * are not known.
 */
export function intervalOf(
  expression: Expression,
  box: MaskBox,
  counters: ReadonlyMap<string, number>,
): Interval | undefined {
  return new MaskIntervals(box, 'rows', counters).interval(expression);
}

class MaskIntervals {
  private readonly box: MaskBox;
  private readonly rows: 'rows' | 'ownRows';
  /** The counters of the sums and maxima around, with their extents. */
  private readonly counters: ReadonlyMap<string, number>;
  private readonly known = new Map<Expression, Interval | undefined>();

  constructor(
    box: MaskBox,
    rows: 'rows' | 'ownRows' = 'rows',
    counters: ReadonlyMap<string, number> = new Map<string, number>(),
  ) {
    this.box = box;
    this.rows = rows;
    this.counters = counters;
  }

  decide(mask: Expression): Decision {
    if (mask.type !== 'bool') return unknown;
    if (mask.kind === 'constant') return mask.value !== 0 ? { always: yes, never: no } : { always: no, never: yes };
    if (mask.kind !== 'apply') return unknown;
    const [x, y, z] = mask.operands as [Expression, Expression, Expression];
    switch (mask.operation) {
      case 'and': {
        const [one, other] = [this.decide(x), this.decide(y)];
        return { always: both(one.always, other.always), never: either(one.never, other.never) };
      }
      case 'or': {
        const [one, other] = [this.decide(x), this.decide(y)];
        return { always: either(one.always, other.always), never: both(one.never, other.never) };
      }
      case 'not': {
        const { always, never } = this.decide(x);
        return { always: never, never: always };
      }
      case 'select': {
        const [condition, one, other] = [this.decide(x), this.decide(y), this.decide(z)];
        const chosen = (of: (decision: Decision) => Code): Code =>
          either(both(of(one), of(other)), either(both(condition.always, of(one)), both(condition.never, of(other))));
        return { always: chosen(({ always }) => always), never: chosen(({ never }) => never) };
      }
      default:
        return this.decideComparison(mask, x, y);
    }
  }

  /** A comparison of integers is one of their difference with 0: what they have in common cancels. */
  private decideComparison({ operation }: Apply, x: Expression, y: Expression): Decision {
    if (!y || x.type !== 'int' || y.type !== 'int') return unknown;
    const difference = this.sum(x, y);
    if (!difference) return unknown;
    const { low, high } = difference;
    switch (operation) {
      case 'lessOrEqual':
        return { always: compare(high, '<=', 0), never: compare(low, '>', 0) };
      case 'less':
        return { always: compare(high, '<', 0), never: compare(low, '>=', 0) };
      case 'greaterOrEqual':
        return { always: compare(low, '>=', 0), never: compare(high, '<', 0) };
      case 'greater':
        return { always: compare(low, '>', 0), never: compare(high, '<=', 0) };
      case 'equal':
      case 'notEqual': {
        const same = both(compare(low, '==', 0), compare(high, '==', 0));
        const apart = either(compare(low, '>', 0), compare(high, '<', 0));
        return operation === 'equal' ? { always: same, never: apart } : { always: apart, never: same };
      }
      default:
        return unknown;
    }
  }

  interval(expression: Expression): Interval | undefined {
    if (!this.known.has(expression)) this.known.set(expression, this.sum(expression, undefined));
    return this.known.get(expression);
  }

  /** x − y term by term. */
  private sum(x: Expression, y: Expression | undefined): Interval | undefined {
    const [left, right] = [affine(x), y ? affine(y) : { constant: 0, terms: [] }];
    if (!left || !right) return undefined;
    const factors: { factor: Expression; coefficient: number }[] = left.terms.map((term) => ({ ...term }));
    for (const { factor, coefficient } of right.terms) {
      const same = factors.find((term) => isSameFactor(term.factor, factor));
      if (same) same.coefficient -= coefficient;
      else factors.push({ factor, coefficient: -coefficient });
    }
    const constant = left.constant - right.constant;
    // A range that is not known reaches past one that is known and all else together: that must be less, then.
    const tables = factors.filter(({ factor, coefficient }) => coefficient !== 0 && carriesEntries(factor));
    if (tables.length > 2 || tables.some(({ coefficient }) => Math.abs(coefficient) !== 1)) return undefined;
    let total: Interval = { low: integerCode(0), high: integerCode(0), size: Math.abs(constant) };
    for (const { factor, coefficient } of factors) {
      if (coefficient === 0) continue;
      const each = this.factor(factor);
      if (!each) return undefined;
      const [low, high] = coefficient > 0 ? [each.low, each.high] : [each.high, each.low];
      total = {
        low: plusTerm(total.low, low, coefficient),
        high: plusTerm(total.high, high, coefficient),
        size: total.size + Math.abs(coefficient) * each.size,
      };
    }
    if (total.size > mostInteger) return undefined;
    if (tables.length > 0 && total.size - tables.length * UNKNOWN_REACH >= LARGEST_ENTRY) return undefined;
    return { ...total, low: plusConstant(total.low, constant), high: plusConstant(total.high, constant) };
  }

  private factor(factor: Expression): Interval | undefined {
    switch (factor.kind) {
      case 'constant':
        return point(integerCode(factor.value), Math.abs(factor.value));
      case 'variable': {
        const extent = this.counters.get(factor.name);
        if (extent !== undefined) return { low: integerCode(0), high: integerCode(extent - 1), size: extent };
        const range = factor.name === 'i' ? this.box[this.rows] : factor.name === 'j' ? this.box.columns : undefined;
        return range ? { ...range, size: 2 * MOST_KEYS } : point(this.box.scalar(factor), 2 * MOST_KEYS);
      }
      case 'length':
        return point(this.box.scalar(factor), MOST_KEYS);
      case 'apply':
        return this.uniform(factor) ?? this.applied(factor);
      case 'read':
        return this.read(factor);
      case 'accumulate':
        return this.accumulated(factor);
    }
  }

  /** A sum or a maximum of what its body is at any of its counters. */
  private accumulated(factor: Accumulate): Interval | undefined {
    const { monoid, counters, body } = factor;
    const count = countOf(counters);
    if (count === 0) return monoid === 'sum' ? point(integerCode(0), 0) : undefined;
    const around = new Map(this.counters);
    for (const { name, extent } of counters) around.set(name, extent);
    const each = new MaskIntervals(this.box, this.rows, around).interval(body);
    if (!each || monoid === 'max') return each;
    if (carriesEntries(body) || count * each.size > mostInteger) return undefined;
    const times = (code: Code): Code => binary(integerCode(count), '*', code, 'int', level.multiply);
    return this.named({ low: times(each.low), high: times(each.high), size: count * each.size });
  }

  /** A number that is the same for the whole block, as one that a head has, is as the kernel computes it. */
  private uniform(factor: Apply): Interval | undefined {
    const free = freeVariables(factor);
    const isRanged = ['i', 'j', ...this.counters.keys()].some((name) => free.has(name));
    if (isRanged || free.size === 0 || readsOf(factor).length > 0) return undefined;
    const range = rangeOf(factor, { axes: new Map(), counters: new Map() });
    const size = Math.max(Math.abs(range.low), Math.abs(range.high));
    return size > mostInteger ? undefined : this.named(point(this.box.scalar(factor), size));
  }

  private read(read: Read): Interval | undefined {
    if (read.type !== 'int') return undefined;
    const own = new MaskIntervals(this.box, 'ownRows', this.counters);
    const index = read.index.map((each) => this.named(own.interval(each)));
    // An index that is read itself is known only in part.
    if (index.some((each) => each === undefined) || read.index.some((each) => readsOf(each).length > 0))
      return undefined;
    return this.box.table(read, index as Interval[]);
  }

  private applied(factor: Apply): Interval | undefined {
    if (factor.operation === 'select') return this.selected(factor);
    const rule = rules[factor.operation];
    if (!rule) return undefined;
    // What is made of a table's entries might hide that their range is not known.
    if (!keepsUnknown.has(factor.operation) && factor.operands.some(carriesEntries)) return undefined;
    const operands = factor.operands.map((each) => this.interval(each));
    if (operands.some((each) => each === undefined)) return undefined;
    return this.named(rule(operands as Interval[]));
  }

  /** One of two values: which, where the condition is decided for all of the box. */
  private selected({ operands }: Apply): Interval | undefined {
    const [condition, ...sides] = operands as [Expression, Expression, Expression];
    if (sides.some(carriesEntries)) return undefined;
    const [x, y] = sides.map((each) => this.interval(each));
    if (!x || !y) return undefined;
    const { always, never } = this.decide(condition);
    const decided = (otherwise: Code, ofOne: Code, ofOther: Code): Code =>
      chosen(always, ofOne, chosen(never, ofOther, otherwise));
    return this.named({
      low: decided(smaller(x.low, y.low), x.low, y.low),
      high: decided(larger(x.high, y.high), x.high, y.high),
      size: Math.max(x.size, y.size),
    });
  }

  private named(interval: Interval | undefined): Interval | undefined {
    if (!interval || interval.size > mostInteger) return undefined;
    return { ...interval, low: this.box.named(interval.low), high: this.box.named(interval.high) };
  }
}

function isSameFactor(one: Expression, other: Expression): boolean {
  if (one === other) return true;
  if (one.kind === 'variable' && other.kind === 'variable') return one.name === other.name;
  return one.kind === 'length' && other.kind === 'length' && one.of === other.of;
}

/** `one` where a condition holds. */
const chosen = (condition: Code, one: Code, other: Code): Code =>
  isNo(condition) || one.text === other.text
    ? other
    : condition.text === 'true'
      ? one
      : atom(`select(${other.text}, ${one.text}, ${condition.text})`, 'int');
/** A range that is not known stays one that reaches far where it may be the result. */
const keepsUnknown: ReadonlySet<OperationName> = new Set(['minimum', 'maximum']);
