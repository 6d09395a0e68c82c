// Expressions of the text form: operators by how tightly they bind, blocks with shared parts, reads, sums and calls.
// Types follow from the operands, as in the constructors; a `let` is one object wherever it is used.
import {
  accumulate,
  apply,
  bool,
  type Counter,
  type Expression,
  float,
  integer,
  length,
  read,
  TypeMismatch,
  variable,
} from '../expression.js';
import { heightOf, MOST_HEIGHT, MOST_TERMS, termsOf } from '../limits.js';
import type { Node } from '../node.js';
import type { OperationName } from '../operations.js';
import { type Binding, binding, lengthNames, spelling, spellName } from './spelling.js';
import type { Token, TokenReader } from './tokens.js';

/** What names mean where an expression stands. */
export interface Names {
  /** The node of this name. */
  readonly node: (name: string) => Node | undefined;
  /** The index variables of the statement. */
  readonly variables: ReadonlySet<string>;
}

interface Infix {
  readonly operation: OperationName;
  readonly binds: Binding;
  readonly right: Binding;
  readonly isComparison: boolean;
}

const infix = new Map<string, Infix>();
const calls = new Map<string, OperationName>();
for (const [operation, form] of Object.entries(spelling) as [OperationName, (typeof spelling)[OperationName]][]) {
  if (form.form === 'call') calls.set(form.name, operation);
  if (form.form === 'infix') {
    const { symbol, binds, right } = form;
    infix.set(symbol, { operation, binds, right, isComparison: binds === binding.comparison });
  }
}

const lengths = new Map(
  Object.entries(lengthNames).map(([of, name]) => [name as string, of as keyof typeof lengthNames]),
);

/** Parses one expression of a statement. */
export function parseExpression(reader: TokenReader, names: Names, loosest: Binding = binding.conditional): Expression {
  return new ExpressionParser(reader, names).parse(loosest);
}

class ExpressionParser {
  private readonly reader: TokenReader;
  private readonly names: Names;
  /** Shared parts and counters that are in scope, innermost last. */
  private readonly bound: (readonly [name: string, expression: Expression])[] = [];
  private depth = 0;

  constructor(reader: TokenReader, names: Names) {
    this.reader = reader;
    this.names = names;
  }

  /** An expression that binds at least as tightly as `loosest`. */
  parse(loosest: Binding): Expression {
    const start = this.reader.peek();
    this.depth += 1;
    if (this.depth > MOST_HEIGHT) this.reader.wrong(`more than ${MOST_HEIGHT} levels of an expression`, start);
    const isSum = this.isAccumulation();
    let left = isSum ? this.accumulation() : this.unary();
    // `-x ** y` takes parentheses, as its meaning is easily mistaken.
    const isPrefixed = start.kind === 'symbol' && (start.text === '-' || start.text === '!');
    let tightest: Binding = isSum ? binding.accumulation : isPrefixed ? binding.unary : binding.atom;
    for (;;) {
      const next = this.reader.peek();
      const operator = next.kind === 'symbol' ? infix.get(next.text) : undefined;
      if (!operator || operator.binds < loosest || operator.binds > tightest) break;
      this.reader.take();
      const right = this.parse(operator.right);
      left = this.made(next, () => apply(operator.operation, left, right));
      // A comparison of comparisons takes parentheses, as its meaning is easily mistaken.
      tightest = operator.isComparison ? binding.and : operator.binds;
    }
    if (loosest <= binding.conditional && this.reader.isNext('?')) left = this.conditional(left);
    this.depth -= 1;
    return left;
  }

  private conditional(condition: Expression): Expression {
    const mark = this.reader.take();
    const x = this.parse(binding.conditional);
    this.reader.expect(':');
    const y = this.parse(binding.conditional);
    return this.made(mark, () => apply('select', condition, x, y));
  }

  /** `sum(c0 < 4) …` or `max(c0 < 4) …`. */
  private isAccumulation(): boolean {
    return (this.reader.isNext('sum') || this.reader.isNext('max')) && this.reader.isNext('(', 1);
  }

  private accumulation(): Expression {
    const word = this.reader.take();
    const counters = this.reader.list('(', ')', (): Counter => {
      const { text: name } = this.reader.expectKind('name', 'the name of a counter');
      this.reader.expect('<');
      const extent = this.reader.expectKind('number', 'the extent of the counter');
      if (!/^\d+$/.test(extent.text)) this.reader.wrong('an extent is a whole number', extent);
      return { name, extent: Number(extent.text) };
    });
    if (termsOf(counters) > MOST_TERMS) this.reader.wrong(`a sum has at most ${MOST_TERMS} terms`, word);
    const outside = this.bound.length;
    for (const { name } of counters) this.bound.push([name, variable(name)]);
    const body = this.parse(binding.accumulation);
    this.bound.length = outside;
    return this.made(word, () => accumulate(word.text as 'sum' | 'max', counters, body));
  }

  private unary(): Expression {
    const token = this.reader.peek();
    if (this.reader.accept('-')) {
      const number = this.reader.peek();
      const isConstant = number.kind === 'number' || (number.kind === 'name' && number.text === 'Infinity');
      if (isConstant) return this.constant(this.reader.take(), -1);
      const operand = this.nested(() => this.unary());
      return this.made(token, () => apply('negate', operand));
    }
    if (this.reader.accept('!')) {
      const operand = this.nested(() => this.unary());
      return this.made(token, () => apply('not', operand));
    }
    return this.atom();
  }

  private nested(parse: () => Expression): Expression {
    this.depth += 1;
    if (this.depth > MOST_HEIGHT) {
      this.reader.wrong(`more than ${MOST_HEIGHT} levels of an expression`, this.reader.peek());
    }
    const result = parse();
    this.depth -= 1;
    return result;
  }

  private atom(): Expression {
    const token = this.reader.peek();
    if (token.kind === 'number') return this.constant(this.reader.take(), 1);
    if (this.reader.accept('(')) {
      const inside = this.parse(binding.conditional);
      this.reader.expect(')');
      return inside;
    }
    if (this.reader.isNext('{')) return this.block();
    if (token.kind === 'node' || token.kind === 'string') return this.element();
    if (token.kind !== 'name') return this.reader.unexpected('an expression');
    if (this.reader.isNext('[', 1)) return this.element();
    if (this.reader.isNext('(', 1)) return this.call();
    return this.word(this.reader.take());
  }

  private constant({ text }: Token, sign: 1 | -1): Expression {
    const value = sign * Number(text);
    return /^\d+$/.test(text) ? integer(value) : float(value);
  }

  private word(token: Token): Expression {
    const { text } = token;
    if (text === 'true' || text === 'false') return bool(text === 'true');
    if (text === 'Infinity' || text === 'NaN') return float(Number(text));
    const of = lengths.get(text);
    if (of) return length(of);
    const known = this.bound.findLast(([name]) => name === text);
    if (known) return known[1];
    return this.names.variables.has(text)
      ? variable(text)
      : this.reader.unknown('variable or shared part', text, token);
  }

  /** `{ let t0 = …; … }`: shared parts, and the expression that uses them. */
  private block(): Expression {
    this.reader.expect('{');
    const outside = this.bound.length;
    while (this.reader.isNext('let')) {
      this.reader.take();
      const { text: name } = this.reader.expectKind('name', 'the name of a shared part');
      this.reader.expect('=');
      const value = this.parse(binding.conditional);
      this.reader.expect(';');
      this.bound.push([name, value]);
    }
    const result = this.parse(binding.conditional);
    this.bound.length = outside;
    this.reader.expect('}');
    return result;
  }

  /** `%3[b, h, i, j]`: an element of a node. */
  private element(): Expression {
    const token = this.reader.take();
    const source = this.names.node(token.kind === 'node' ? token.text : spellName(token.text));
    if (!source) return this.reader.unknown('node', token.text, token);
    const index = this.reader.list('[', ']', () => this.parse(binding.conditional));
    return this.made(token, () => read(source, index));
  }

  private call(): Expression {
    const token = this.reader.take();
    const operation = calls.get(token.text);
    if (!operation) return this.reader.unknown('operation', token.text, token);
    const operands = this.reader.list('(', ')', () => this.parse(binding.conditional));
    return this.made(token, () => apply(operation, ...operands));
  }

  /** What a constructor makes; what it refuses is told with its place. */
  private made(token: Token, make: () => Expression): Expression {
    let expression: Expression;
    try {
      expression = make();
    } catch (error) {
      if (error instanceof TypeMismatch) return this.reader.wrong(error.message, token);
      throw error;
    }
    if (heightOf(expression) > MOST_HEIGHT)
      this.reader.wrong(`more than ${MOST_HEIGHT} levels of an expression`, token);
    return expression;
  }
}
