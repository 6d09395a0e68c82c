// Prints element expressions as C++: shared parts become constants, accumulations loops, reads whatever the reader says.
// What a variable or a read stands for is told by the surroundings, so that elements and scalars print alike.
import {
  type Accumulate,
  type Apply,
  type Expression,
  isIntegerSum,
  planScopes,
  type Read,
  type Scope,
} from '../../../src/ir/index.js';
import { isWideSum, wideUseOf } from '../../shared/wide-integers.js';
import { atom, type Code, call, floatCode, integerCode, truthCode, typeNames } from './code.js';
import { spellings } from './spelling.js';

/** Where lines go, and names come from. */
export interface LineWriter {
  line(text: string): void;
  /** Opens a block that `close` ends. */
  open(text: string): void;
  close(text?: string): void;
  fresh(prefix: string): string;
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

/** Sums of no more terms are written out. */
const mostUnrolled = 8;

export class ExpressionPrinter {
  private readonly out: LineWriter;

  constructor(out: LineWriter) {
    this.out = out;
  }

  print(root: Expression, surroundings: Surroundings): Code {
    return this.scope(planScopes(root), new Map(), new Map(), surroundings);
  }

  /** A name for a value that is worth one. */
  bind(code: Code, prefix = 'shared'): Code {
    if (/^-?[\w.]+$/.test(code.text)) return code;
    const name = this.out.fresh(prefix);
    this.out.line(`const ${typeNames[code.type]} ${name} = ${code.text};`);
    return atom(name, code.type);
  }

  private scope(scope: Scope, outer: Names, counters: Counters, surroundings: Surroundings): Code {
    const names = new Map(outer);
    for (const shared of scope.bindings) {
      names.set(shared, this.bind(this.expression(shared, scope, names, counters, surroundings)));
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
        return this.beyond(expression, write) ?? this.spelled(expression, expression.operands.map(write));
      case 'read':
        return of.read(expression, expression.index.map(write));
      case 'accumulate':
        return this.accumulation(expression, scope.inner.get(expression)!, names, counters, of);
    }
  }

  /** What may leave 32 bits is computed in 64. */
  private beyond(whole: Apply, write: (part: Expression) => Code): Code | undefined {
    const use = wideUseOf(whole);
    if (!use) return undefined;
    const exact = (part: Expression): Code => {
      if (part.kind === 'constant') return atom(`${part.value}ll`, 'int');
      if (isIntegerSum(part)) return this.spelled(part as Apply, (part as Apply).operands.map(exact));
      return call('static_cast<long long>', [write(part)], 'int');
    };
    switch (use.kind) {
      case 'value':
        return call('narrowed', [exact(use.sum)], 'int');
      case 'float':
        return call('static_cast<float>', [exact(use.sum)], 'float');
      case 'comparison':
        return this.spelled(whole, [exact(use.difference), atom('0', 'int')]);
      case 'bits': {
        const low = (part: Expression): Code =>
          isWideSum(part) ? call('static_cast<int>', [exact(part)], 'int') : write(part);
        return this.spelled(whole, whole.operands.map(low));
      }
    }
  }

  private spelled({ operation }: Apply, operands: readonly Code[]): Code {
    return spellings[operation](operands, { once: (code) => this.bind(code) });
  }

  private accumulation(
    { monoid, counters: own, type }: Accumulate,
    inner: Scope,
    names: Names,
    outer: Counters,
    of: Surroundings,
  ): Code {
    const count = own.reduce((product, { extent }) => product * extent, 1);
    const start = constantCode(type, monoid === 'max' ? Number.NEGATIVE_INFINITY : 0);
    const total = atom(this.out.fresh(monoid), type);
    this.out.line(`${typeNames[type]} ${total.text} = ${start.text};`);
    const counters = new Map(outer);
    for (const { name, extent } of own) {
      const counter = this.out.fresh(name);
      counters.set(name, atom(counter, 'int'));
      this.out.line(count <= mostUnrolled ? '#pragma unroll' : '#pragma unroll 1');
      this.out.open(`for (int ${counter} = 0; ${counter} < ${extent}; ++${counter}) {`);
    }
    const value = this.scope(inner, names, counters, of);
    if (monoid === 'sum') this.out.line(`${total.text} += ${value.text};`);
    else {
      const next = spellings.maximum([total, value], { once: (code) => this.bind(code) });
      this.out.line(`${total.text} = ${next.text};`);
    }
    for (const _ of own) this.out.close();
    return total;
  }
}

function constantCode(type: Expression['type'], value: number): Code {
  if (type === 'bool') return truthCode(value !== 0);
  if (type === 'float') return floatCode(value);
  // The least integer stands for an empty maximum.
  return integerCode(value === Number.NEGATIVE_INFINITY ? -2147483647 : value);
}
