// Turns the element expression of a node into PyTorch over whole tensors: every part becomes a value over the axes that it
// varies over, parts that are used more than once get a name, and counters become loops or axes.
import {
  type Accumulate,
  type Apply,
  type Axis,
  type Expression,
  freeVariables,
  planScopes,
  rangeOf,
  type Scope,
  type Surroundings,
} from '../../src/ir/index.js';
import { type Magnitudes, magnitudes, mustAbsorb } from './finite.js';
import { type FunctionWriter, sizeText } from './function-writer.js';
import { atom, type Code, call, floatLiteral, integerLiteral, member, prefix } from './python.js';
import { readValue } from './reads.js';
import { sigmoid, spellings } from './spelling.js';
import { accumulatedValue } from './sums.js';
import { align, number, tensor, unite, type Value } from './values.js';

/** A level of counters: those of a loop are numbers, those of a vectorised sum are axes. */
interface Frame {
  readonly counters: ReadonlyMap<string, { readonly extent: number; readonly isLoop: boolean }>;
  readonly lines: string[];
  readonly values: Map<Expression, Value>;
  readonly parent: Frame | undefined;
  readonly depth: number;
}

/** Characters of an expression above which its long operands get lines of their own. */
const LONG_LINE = 90;
const LONG_OPERAND = 28;

export class ExpressionWriter {
  readonly function: FunctionWriter;
  /** The index variables of the node with their axes, in the order of dimensions. */
  readonly axes: ReadonlyMap<string, Axis>;
  private readonly shared: ReadonlySet<Expression>;
  private readonly whole: { readonly expression: Expression; readonly name: string } | undefined;
  private frame: Frame;

  constructor(
    within: FunctionWriter,
    axes: readonly (readonly [string, Axis])[],
    roots: readonly Expression[],
    whole?: { readonly expression: Expression; readonly name: string },
  ) {
    this.whole = whole;
    this.function = within;
    this.axes = new Map(axes);
    this.shared = new Set(roots.flatMap((root) => bindingsOf(planScopes(root))));
    this.frame = { counters: new Map(), lines: within.lines, values: new Map(), parent: undefined, depth: 0 };
  }

  /** Index variables and vectorised counters, in the order of dimensions. */
  get order(): readonly string[] {
    return [...this.axes.keys(), ...this.counters().flatMap(([name, { isLoop }]) => (isLoop ? [] : [name]))];
  }

  private counters(): (readonly [string, { readonly extent: number; readonly isLoop: boolean }])[] {
    const all: Frame[] = [];
    for (let frame: Frame | undefined = this.frame; frame; frame = frame.parent) all.unshift(frame);
    return all.flatMap(({ counters }) => [...counters]);
  }

  get surroundings(): Surroundings {
    return { axes: this.axes, counters: new Map(this.counters().map(([name, { extent }]) => [name, extent])) };
  }

  get magnitudes(): Magnitudes {
    return magnitudes(this.surroundings);
  }

  /** Whether `name` is a dimension here, rather than a number. */
  isAxis(name: string): boolean {
    return this.order.includes(name);
  }

  /** The size of the dimension of an index variable or counter. */
  sizeOf(name: string): string {
    const axis = this.axes.get(name);
    if (axis) return sizeText(axis);
    return String(this.surroundings.counters.get(name));
  }

  /** A name for the result of a loop: that of the node where it is all of it. */
  nameFor(expression: Expression, otherwise: string): string {
    const isWhole = this.whole?.expression === expression && !this.function.owned.has(this.whole.name);
    const name = this.function.names.take(isWhole ? this.whole!.name : otherwise);
    if (isWhole) this.function.owned.add(name);
    return name;
  }

  define(wanted: string, code: Code): Code {
    // Outside of loops a text always means the same.
    if (this.frame.lines === this.function.lines) return atom(this.function.defineOnce(wanted, code));
    const name = this.function.names.take(wanted);
    this.frame.lines.push(`${name} = ${code.text}`);
    return atom(name);
  }

  push(line: string): void {
    this.frame.lines.push(line);
  }

  /** Writes with further counters; lines of a loop go into a body of their own, which is given back. */
  inside<Result>(
    counters: Accumulate['counters'],
    isLoop: boolean,
    write: () => Result,
  ): { readonly result: Result; readonly body: readonly string[] } {
    const outer = this.frame;
    const lines = isLoop ? [] : outer.lines;
    this.frame = {
      counters: new Map(counters.map(({ name, extent }) => [name, { extent, isLoop }])),
      lines,
      values: new Map(),
      parent: outer,
      depth: outer.depth + 1,
    };
    const result = write();
    this.frame = outer;
    return { result, body: isLoop ? lines : [] };
  }

  /** The value of an expression, in the outermost place where all that it uses is known. */
  evaluate(expression: Expression): Value {
    const here = this.frame;
    const home = this.homeOf(expression);
    const known = home.values.get(expression);
    if (known) return known;
    this.frame = home;
    let value = this.compute(expression);
    if (this.shared.has(expression)) value = this.named(value);
    else if (isExponentials(expression, value)) value = { ...value, code: this.define('exponentials', value.code) };
    home.values.set(expression, value);
    this.frame = here;
    return value;
  }

  /** The outermost frame that binds all counters of an expression. */
  private homeOf(expression: Expression): Frame {
    const free = freeVariables(expression);
    let home = this.frame;
    while (home.parent && ![...home.counters.keys()].some((name) => free.has(name))) home = home.parent;
    return home;
  }

  /** The same tensor by a name, where it has none. */
  private named(value: Value): Value {
    if (value.form === 'number' || /^[\w.]+$/.test(value.code.text)) return value;
    const { integer } = value;
    if (!integer) return { ...value, code: this.define('part', value.code) };
    if (/^\w+$/.test(integer.text)) return value;
    const code = this.define('part', integer);
    return { ...value, code: member(code, 'double()'), integer: code };
  }

  /** Gives an operand that would make a line too long a line of its own. */
  private apart(expression: Expression): Value {
    const here = this.frame;
    const value = this.evaluate(expression);
    if (value.code.text.length < LONG_OPERAND) return value;
    this.frame = this.homeOf(expression);
    const named = this.named(value);
    this.frame.values.set(expression, named);
    this.frame = here;
    return named;
  }

  private compute(expression: Expression): Value {
    switch (expression.kind) {
      case 'constant': {
        const { type, value } = expression;
        if (type === 'bool') return number(atom(value === 0 ? 'False' : 'True'), 'bool');
        return number(type === 'int' ? integerLiteral(value) : floatLiteral(value), type);
      }
      case 'variable':
        return this.variable(expression.name);
      case 'length':
        return number(atom({ batch: 'B', query: 'Tq', key: 'Tk' }[expression.of]), 'int');
      case 'read':
        return readValue(this, expression);
      case 'accumulate':
        return accumulatedValue(this, expression);
      case 'apply':
        return this.applied(expression);
    }
  }

  private variable(name: string): Value {
    const axis = this.axes.get(name);
    if (axis) return tensor(atom(this.function.indexOf(axis)), [name], 'int');
    const found = this.counters().find(([counter]) => counter === name);
    if (!found) throw new Error(`unbound variable ${name}`);
    const [, { extent, isLoop }] = found;
    return isLoop ? number(atom(name), 'int') : tensor(atom(this.function.counterOf(extent)), [name], 'int');
  }

  private applied(whole: Apply): Value {
    const value = this.spelled(whole, (operand) => this.evaluate(operand));
    if (value.code.text.length <= LONG_LINE) return value;
    return this.spelled(whole, (operand) => this.apart(operand));
  }

  private spelled(whole: Apply, evaluate: (operand: Expression) => Value): Value {
    const inner = sigmoidOf(whole);
    if (inner) {
      const x = evaluate(inner.of);
      if (x.form === 'tensor') {
        const { code } = this.asFloat(x, x.precision);
        return { ...x, code: sigmoid(inner.negated ? code : prefix('-', code)), integer: undefined };
      }
    }
    const operands = whole.operands.map(evaluate);
    if (whole.operation === 'toFloat') return floatOf(operands[0]!);
    const spelling = spellings[whole.operation];
    const precision = operands.some((x) => x.type === 'float' && x.form === 'tensor' && x.precision === 'data')
      ? 'data'
      : 'exact';
    const areNumbers = operands.every(({ form }) => form === 'number');
    const isDividedByZero = whole.operation === 'divide' && whole.operands[1]!.kind !== 'constant';
    const context = {
      isFloat: operands.at(-1)!.type === 'float',
      areNatural: whole.operands.every((operand) => rangeOf(operand, this.surroundings).low >= 0),
      absorbs: this.function.isDifferentiable && precision === 'data' && mustAbsorb(whole, this.magnitudes),
      helper: this.function.helper,
      asTensor: ({ code, isNumber }: { readonly code: Code; readonly isNumber: boolean }) =>
        isNumber ? this.numberAsTensor(code, operands.at(-1)!.type, precision) : code,
    };
    if (areNumbers && spelling.number && !isDividedByZero) {
      const code = spelling.number(
        operands.map(({ code: each }) => each),
        context,
      );
      return number(code, whole.type);
    }
    const axes = unite(operands, this.order);
    const ready = operands.map((operand, n): { code: Code; isNumber: boolean } => {
      if (operand.form === 'number') {
        const isCondition = operand.type === 'bool' && whole.operation === 'select' && n === 0;
        if (isCondition) return { code: call('torch.tensor', operand.code, 'device=device'), isNumber: false };
        if (!areNumbers) return { code: operand.code, isNumber: true };
        return { code: this.numberAsTensor(operand.code, operand.type, precision), isNumber: false };
      }
      const { code } = operand.type === 'float' ? this.asFloat(operand, precision) : operand;
      return { code: align(code, operand.axes, axes), isNumber: false };
    });
    return { code: spelling.tensor(ready, context), axes, form: 'tensor', type: whole.type, precision };
  }

  private numberAsTensor(code: Code, type: Value['type'], precision: Value['precision']): Code {
    const dtype = type === 'float' ? (precision === 'data' ? 'dtype' : 'torch.float64') : `torch.${dtypes[type]}`;
    return call('torch.tensor', code, `dtype=${dtype}`, 'device=device');
  }

  /** A number as a tensor without axes. */
  asTensor(value: Value): Value {
    return { ...value, form: 'tensor', code: this.numberAsTensor(value.code, value.type, value.precision) };
  }

  /** A float tensor in the dtype of the inputs, or in float64. */
  asFloat(value: Value, precision: Value['precision']): Value {
    if (value.form === 'number' || value.type !== 'float' || value.precision === 'data') return value;
    const dtype = precision === 'data' ? 'dtype' : 'torch.float64';
    if (value.integer) return { ...value, precision, integer: undefined, code: member(value.integer, `to(${dtype})`) };
    return precision === 'exact' ? value : { ...value, precision, code: member(value.code, 'to(dtype)') };
  }

  /** A float over exactly `axes`, in the dtype of the inputs. */
  dense(value: Value, axes: readonly string[]): Code {
    const sizes = axes.map((name) => this.sizeOf(name));
    const asTuple = `(${sizes.join(', ')}${sizes.length === 1 ? ',' : ''})`;
    if (value.form === 'number') return call('torch.full', asTuple, value.code, 'dtype=dtype', 'device=device');
    const { code } = this.asFloat(value, 'data');
    if (value.axes.length === axes.length) return code;
    return member(align(code, value.axes, axes), `expand(${sizes.join(', ')})`);
  }
}

/** The exponentials of a softmax, which its sum and its weights both have: a map of scores, computed and differentiated once. */
const isExponentials = (expression: Expression, { form, axes }: Value): boolean =>
  expression.kind === 'apply' &&
  expression.operation === 'exponentialDifference' &&
  form === 'tensor' &&
  axes.includes('i') &&
  axes.includes('j');

const dtypes = { int: 'int64', bool: 'bool', float: 'float64' } as const;

function floatOf(x: Value): Value {
  if (x.form === 'number') return number(/^\d+$/.test(x.code.text) ? atom(`${x.code.text}.0`) : x.code, 'float');
  return { ...tensor(member(x.code, 'double()'), x.axes, 'float'), integer: x.code };
}

function bindingsOf({ bindings, inner }: Scope): readonly Expression[] {
  return [...bindings, ...[...inner.values()].flatMap(bindingsOf)];
}

/** `1 / (1 + e^(−x))` and `1 / (1 + e^x)`: what x is, and whether it stands there without its minus. */
function sigmoidOf(whole: Apply): { readonly of: Expression; readonly negated: boolean } | undefined {
  const isOne = (x: Expression | undefined): boolean => x?.kind === 'constant' && x.value === 1;
  const operandsIf = (x: Expression | undefined, operation: Apply['operation']): readonly Expression[] =>
    x?.kind === 'apply' && x.operation === operation ? x.operands : [];
  const [one, sum] = operandsIf(whole, 'divide');
  if (!isOne(one)) return undefined;
  const [x, y] = operandsIf(sum, 'add');
  const [exponent] = operandsIf(isOne(x) ? y : isOne(y) ? x : undefined, 'exponential');
  if (!exponent) return undefined;
  const [positive] = operandsIf(exponent, 'negate');
  return positive ? { of: positive, negated: true } : { of: exponent, negated: false };
}
