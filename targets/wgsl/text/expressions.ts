// Prints element expressions as WGSL: shared parts become `let`s, accumulations loops, reads whatever the reader says.
// What a variable or a read stands for is told by the surroundings, so rows, columns and scalars print alike.
import {
  type Accumulate,
  type Apply,
  apply,
  type Expression,
  floatRangeOf,
  isIntegerSum,
  planScopes,
  type Read,
  type Scope,
} from '../../../src/ir/index.js';
import { isWideSum, wideUseOf } from '../../shared/wide-integers.js';
import { alike, type Code, call, floatCode, integerCode, level, splat, truthCode, typeName } from './code.js';
import type { Helpers } from './helpers.js';
import { type SpellingContext, spellings } from './spelling.js';

/** Where lines go, and names come from. */
export interface LineWriter {
  line(text: string): void;
  /** Opens a block that `close` ends. */
  open(text: string): void;
  close(text?: string): void;
  fresh(prefix: string): string;
  /** A name for a value, the same one for the same text as far as both mean the same; a new one where that is not known. */
  share?(code: Code, prefix: string): Code;
}

/** What the free parts of an expression are. */
export interface Surroundings {
  readonly variable: (name: string) => Code;
  readonly length: (of: 'batch' | 'query' | 'key') => Code;
  /** The value of a read at the indices given. */
  readonly read: (read: Read, index: readonly Code[]) => Code;
}

type Names = ReadonlyMap<Expression, Code>;
type Counters = ReadonlyMap<string, Code>;

export class ExpressionPrinter {
  private readonly out: LineWriter;
  private readonly helpers: Helpers;

  constructor(out: LineWriter, helpers: Helpers) {
    this.out = out;
    this.helpers = helpers;
  }

  print(root: Expression, surroundings: Surroundings): Code {
    return this.scope(planScopes(root), new Map(), new Map(), surroundings);
  }

  /** A name for a value that is worth one. */
  bind(code: Code, prefix = 'shared'): Code {
    if (/^-?[\w.]+$/.test(code.text)) return code;
    const name = this.out.fresh(prefix);
    this.out.line(`let ${name} = ${code.text};`);
    return { text: name, level: 4, type: code.type, wide: code.wide };
  }

  /** A name for a part of an expression, which expressions elsewhere may have as well. */
  private share(code: Code, prefix = 'shared'): Code {
    return this.out.share?.(code, prefix) ?? this.bind(code, prefix);
  }

  private scope(scope: Scope, outer: Names, counters: Counters, surroundings: Surroundings): Code {
    const names = new Map(outer);
    for (const shared of scope.bindings) {
      names.set(shared, this.share(this.expression(shared, scope, names, counters, surroundings)));
    }
    return this.expression(scope.root, scope, names, counters, surroundings);
  }

  private expression(expression: Expression, scope: Scope, names: Names, counters: Counters, of: Surroundings): Code {
    const known = names.get(expression);
    if (known) return known;
    const write = (part: Expression): Code => this.expression(part, scope, names, counters, of);
    switch (expression.kind) {
      case 'constant':
        return constantCode(expression.type, expression.value);
      case 'variable':
        return counters.get(expression.name) ?? of.variable(expression.name);
      case 'length':
        return of.length(expression.of);
      case 'apply':
        return (
          this.beyond(expression, write) ??
          spellings[expression.operation](this.operands(expression, write), this.context(expression.operands))
        );
      case 'read':
        return of.read(expression, expression.index.map(write));
      case 'accumulate':
        return this.accumulation(expression, scope.inner.get(expression)!, names, counters, of);
    }
  }

  /** What may leave 32 bits: exact modulo 2^32, with its size as a float beside it. */
  private beyond(whole: Apply, write: (part: Expression) => Code): Code | undefined {
    const use = wideUseOf(whole);
    if (!use) return undefined;
    const wrapped = (part: Expression): Code =>
      isWideSum(part) ? this.spelled(part as Apply, (part as Apply).operands.map(wrapped)) : write(part);
    if (use.kind === 'bits') return this.spelled(whole, whole.operands.map(wrapped));
    const size = (part: Expression): Code => {
      if (part.kind === 'constant') return floatCode(part.value);
      if (!isIntegerSum(part)) return this.spelled(apply('toFloat', part), [write(part)]);
      return this.spelled(part as Apply, (part as Apply).operands.map(size));
    };
    const called = (name: 'saturated' | 'saturated_float', sum: Expression): Code => {
      const operands = alike([this.spelled(sum as Apply, (sum as Apply).operands.map(wrapped)), size(sum)]);
      return call(this.helpers.use(name, operands[0]!.wide), operands, name === 'saturated' ? 'int' : 'float');
    };
    if (use.kind === 'value') return called('saturated', use.sum);
    if (use.kind === 'float') return called('saturated_float', use.sum);
    return this.spelled(whole, [called('saturated', use.difference), integerCode(0)]);
  }

  private spelled(whole: Apply, operands: readonly Code[]): Code {
    return spellings[whole.operation](operands, this.context(whole.operands));
  }

  private context(operands: readonly Expression[]): SpellingContext {
    return { helpers: this.helpers, once: (code) => this.share(code), ranges: operands.map(floatRangeOf) };
  }

  /** Sums within products are what heads that are mixed have in common: they have names, so that they are computed once. */
  private operands({ operation, operands }: Apply, write: (part: Expression) => Code): readonly Code[] {
    const codes = operands.map(write);
    if (operation !== 'multiply') return codes;
    return codes.map((code) =>
      code.level === level.add && code.text.length > LONG_SUM ? this.share(code, 'sum') : code,
    );
  }

  private accumulation(whole: Accumulate, inner: Scope, names: Names, outer: Counters, of: Surroundings): Code {
    const { monoid, counters: own, body, type } = whole;
    const count = own.reduce((product, { extent }) => product * extent, 1);
    if (count > 0 && count <= mostUnrolled) return this.unrolled(whole, inner, names, outer, of);
    const wide = isWide(body, of, new Set([...outer.keys(), ...own.map(({ name }) => name)]));
    const start = monoid === 'max' ? constantCode(type, Number.NEGATIVE_INFINITY) : constantCode(type, 0);
    const total = this.out.fresh(monoid);
    this.out.line(`var ${total} = ${typeName(type, wide)}(${start.text});`);
    const counters = new Map(outer);
    for (const { name, extent } of own) {
      const counter = this.out.fresh(name);
      counters.set(name, { text: counter, level: 4, type: 'int', wide: false });
      this.out.open(`for (var ${counter} = 0; ${counter} < ${extent}; ${counter}++) {`);
    }
    const value = this.scope(inner, names, counters, of);
    const next = wide ? splat(value) : value;
    const known: Code = { text: total, level: 4, type, wide };
    if (monoid === 'sum') this.out.line(`${total} += ${next.text};`);
    else this.out.line(`${total} = ${spellings.maximum([known, next], this.context([body, body])).text};`);
    for (const _ of own) this.out.close();
    return known;
  }

  /** All terms one after the other, the last counter fastest. */
  private unrolled(whole: Accumulate, inner: Scope, names: Names, outer: Counters, of: Surroundings): Code {
    const { monoid, counters: own, body } = whole;
    let total: Code | undefined;
    const visit = (n: number, counters: Counters): void => {
      const counter = own[n];
      if (!counter) {
        const term = this.share(this.scope(inner, names, counters, of), 'term');
        const context = this.context([body, body]);
        total = total
          ? this.share(spellings[monoid === 'sum' ? 'add' : 'maximum']([total, term], context), monoid)
          : term;
        return;
      }
      for (let value = 0; value < counter.extent; value += 1) {
        visit(n + 1, new Map(counters).set(counter.name, integerCode(value)));
      }
    };
    visit(0, outer);
    return total!;
  }
}

/** Characters from which on a sum within a product is worth a name. */
const LONG_SUM = 40;

/** Sums of no more terms are written out: a loop costs a device more than they do. */
const mostUnrolled = 8;

function constantCode(type: Expression['type'], value: number): Code {
  if (type === 'bool') return truthCode(value !== 0);
  if (type === 'float') return floatCode(value);
  // The least integer stands for an empty maximum.
  return integerCode(value === Number.NEGATIVE_INFINITY ? -2147483647 : value);
}

/** Whether a value differs between the four columns, found by asking the surroundings without writing a line. */
function isWide(expression: Expression, of: Surroundings, counters: ReadonlySet<string>): boolean {
  const local = new Set(counters);
  const seen = new Map<Expression, boolean>();
  const visit = (part: Expression): boolean => {
    const known = seen.get(part);
    if (known !== undefined) return known;
    const wide = ((): boolean => {
      switch (part.kind) {
        case 'constant':
        case 'length':
          return false;
        case 'variable':
          return !local.has(part.name) && of.variable(part.name).wide;
        case 'apply':
          return part.operands.some(visit);
        case 'accumulate':
          for (const { name } of part.counters) local.add(name);
          return visit(part.body);
        case 'read':
          return part.index.some(visit) || (part.index.length === 0 && of.read(part, []).wide);
      }
    })();
    seen.set(part, wide);
    return wide;
  };
  return visit(expression);
}
