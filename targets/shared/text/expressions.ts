// Scalar expressions of the score graph as text, for every language that binds as C does: what is shared becomes a name, sums
// and maxima become loops. A dialect spells the operations, and says what its lines look like.
import {
  type Accumulate,
  type Apply,
  code,
  type Expression,
  type FloatRange,
  floatRangeOf,
  fold,
  namedValuesOf,
  type OperationName,
  type Read,
  type ScalarType,
  termsOf,
} from '../../../src/ir/index.js';
import { type WideUse, wideUseOf } from '../wide-integers.js';
import { atom, type Code, integerCode, level, truthCode } from './code.js';
import type { Line, NameLine } from './lines.js';

/** Where lines go, and names come from. */
export interface LineWriter {
  line(line: Line): void;
  /** Opens a block that `close` ends. */
  open(text: string): void;
  close(text?: string): void;
  fresh(prefix: string): string;
  /** A name for the value of an expression: the same one for the same text as far as both mean the same, else a new one. */
  share?(code: Code, prefix: string, whole: Expression): Code;
}

/** What the free parts of an expression are. */
export interface Surroundings {
  readonly variable: (name: string) => Code;
  readonly length: (of: 'batch' | 'query' | 'key') => Code;
  /** The value of a read at the indices given. */
  readonly read: (read: Read, index: readonly Code[]) => Code;
}

export interface SpellingContext {
  /** A name for a value that is used more than once. */
  readonly once: (code: Code) => Code;
  /** What is known of each operand, where they are floats: guards that it makes needless are left out. */
  readonly ranges: readonly FloatRange[];
}

export type Spelling = (operands: readonly Code[], context: SpellingContext) => Code;
export type Spellings = Readonly<Record<OperationName, Spelling>>;

/** A language, as far as expressions need it. */
export interface Dialect {
  readonly spellings: Spellings;
  readonly float: (value: number) => Code;
  /** The line that declares a name of a value, and that of a variable that starts as one, in every entry where it is wide. */
  readonly constant: (name: string, value: Code) => NameLine;
  readonly variable: (name: string, value: Code, wide: boolean) => NameLine;
  /** What stands before and in the head of a loop over 0 ≤ counter < extent, of few turns or of many. */
  readonly loop: (counter: string, extent: number, isShort: boolean) => readonly string[];
  /** An operation that meets integers beyond 32 bits. */
  readonly beyond: (use: WideUse, whole: Apply, parts: WideParts) => Code;
  /** Set where a value may be a vector of neighbours: makes a value one. */
  readonly splat?: (code: Code) => Code;
  /** Whether short sums are written out term by term, and sums within products have names of their own. */
  readonly writesOut: boolean;
}

/** How a dialect writes what it makes of the parts of an operation. */
export interface WideParts {
  readonly write: (part: Expression) => Code;
  readonly spelled: (whole: Apply, operands: readonly Code[]) => Code;
}

type Counters = ReadonlyMap<string, Code>;

/** Sums of no more terms are short: a loop costs a device more than they do. */
const MOST_SHORT = 8;
/** Characters from which on a sum within a product is worth a name. */
const LONG_SUM = 40;

const isName = (text: string): boolean => /^-?[\w.]+$/.test(text);

export class ExpressionPrinter {
  private readonly out: LineWriter;
  private readonly dialect: Dialect;

  constructor(out: LineWriter, dialect: Dialect) {
    this.out = out;
    this.dialect = dialect;
  }

  print(root: Expression, of: Surroundings): Code {
    let counters: Counters = new Map();
    const { dialect } = this;
    return code<Code>(root, {
      constant: ({ type, value }) => this.constant(type, value),
      variable: ({ name }) => counters.get(name) ?? of.variable(name),
      length: (whole) => of.length(whole.of),
      read: (whole, write) => of.read(whole, whole.index.map(write)),
      apply: (whole, write) => {
        const use = wideUseOf(whole);
        const spelled = (each: Apply, operands: readonly Code[]): Code =>
          this.spelled(each, each.operation, each.operands, operands);
        return use ? dialect.beyond(use, whole, { write, spelled }) : spelled(whole, this.operands(whole, write));
      },
      accumulate: (whole, body) => {
        const outer = counters;
        const inside = (inner: Counters): Code => {
          counters = inner;
          const value = body();
          counters = outer;
          return value;
        };
        return this.accumulation(whole, outer, inside, of);
      },
      share: (shared, whole) => this.share(shared, whole),
    });
  }

  /** A number of the spec's. */
  float(value: number): Code {
    return this.dialect.float(value);
  }

  /** A name for a value that is worth one. */
  bind(code: Code, prefix = 'shared'): Code {
    if (isName(code.text)) return code;
    const name = this.out.fresh(prefix);
    this.out.line(this.dialect.constant(name, code));
    return atom(name, code.type, code.wide);
  }

  /** A name for a part of an expression, which expressions elsewhere may have as well. */
  private share(code: Code, whole: Expression, prefix = 'shared'): Code {
    return this.out.share?.(code, prefix, whole) ?? this.bind(code, prefix);
  }

  private spelled(
    whole: Expression,
    operation: OperationName,
    parts: readonly Expression[],
    operands: readonly Code[],
  ): Code {
    return this.dialect.spellings[operation](operands, {
      once: (code) => this.share(code, whole),
      get ranges() {
        return parts.map(floatRangeOf);
      },
    });
  }

  /** Sums within products are what heads that are mixed have in common: they have names, so that they are computed once. */
  private operands(whole: Apply, write: (part: Expression) => Code): readonly Code[] {
    const { operation, operands } = whole;
    const codes = operands.map(write);
    if (operation !== 'multiply' || !this.dialect.writesOut) return codes;
    return codes.map((code) =>
      code.level === level.add && code.text.length > LONG_SUM ? this.share(code, whole, 'sum') : code,
    );
  }

  private constant(type: ScalarType, value: number): Code {
    if (type === 'bool') return truthCode(value !== 0);
    if (type === 'float') return this.float(value);
    // The least integer stands for an empty maximum.
    return integerCode(value === Number.NEGATIVE_INFINITY ? -2147483647 : value);
  }

  /** @param inside writes the body where the counters are these. */
  private accumulation(
    whole: Accumulate,
    outer: Counters,
    inside: (counters: Counters) => Code,
    of: Surroundings,
  ): Code {
    const { monoid, counters: own, body, type } = whole;
    const count = termsOf(own);
    if (this.dialect.writesOut && count > 0 && count <= MOST_SHORT) return this.writtenOut(whole, outer, inside);
    const { splat } = this.dialect;
    const wide = splat !== undefined && isWide(body, of, new Set([...outer.keys(), ...own.map(({ name }) => name)]));
    const start = this.constant(type, monoid === 'max' ? Number.NEGATIVE_INFINITY : 0);
    const total = atom(this.out.fresh(monoid), type, wide);
    this.out.line(this.dialect.variable(total.text, start, wide));
    const counters = new Map(outer);
    for (const { name, extent } of own) {
      const counter = this.out.fresh(name);
      counters.set(name, atom(counter, 'int'));
      const lines = this.dialect.loop(counter, extent, count <= MOST_SHORT);
      for (const line of lines.slice(0, -1)) this.out.line(line);
      this.out.open(lines.at(-1)!);
    }
    const term = inside(counters);
    const next = wide ? splat(term) : term;
    const isSum = monoid === 'sum';
    const value = isSum ? next.text : this.combined(whole, total, next).text;
    this.out.line({ line: isSum ? 'add' : 'set', name: total.text, value });
    for (const _ of own) this.out.close();
    return total;
  }

  private combined(whole: Accumulate, one: Code, other: Code): Code {
    const { monoid, body } = whole;
    return this.spelled(whole, monoid === 'sum' ? 'add' : 'maximum', [body, body], [one, other]);
  }

  /** All terms one after the other, the last counter fastest. */
  private writtenOut(whole: Accumulate, outer: Counters, inside: (counters: Counters) => Code): Code {
    let total: Code | undefined;
    for (const values of namedValuesOf(whole.counters)) {
      const counters = new Map([...outer, ...[...values].map(([name, value]) => [name, integerCode(value)] as const)]);
      const term = this.share(inside(counters), whole.body, 'term');
      total = total ? this.share(this.combined(whole, total, term), whole, whole.monoid) : term;
    }
    return total!;
  }
}

/** Whether a value differs between neighbours, found by asking the surroundings without writing a line. */
function isWide(expression: Expression, of: Surroundings, counters: ReadonlySet<string>): boolean {
  const local = new Set(counters);
  return fold<boolean>(expression, {
    constant: () => false,
    variable: ({ name }) => !local.has(name) && of.variable(name).wide,
    length: () => false,
    read: (whole, index) => index.includes(true) || (index.length === 0 && of.read(whole, []).wide),
    apply: (_, operands) => operands.includes(true),
    accumulate: (whole, body) => {
      for (const { name } of whole.counters) local.add(name);
      return body();
    },
  });
}
