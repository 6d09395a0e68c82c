// The text of one kernel: a plain JavaScript function that gpu.js transpiles, as a string, which no minifier rewrites into
// what gpu.js does not read. One call computes one element.
// gpu.js knows no integers in variables, no truth values in variables and no bounds: the emitter works around each.
import {
  type Accumulate,
  type Axis,
  type Expression,
  freeVariables,
  type IterationAxis,
  type Node,
  planScopes,
  type Read,
  type Scope,
} from '../../src/ir/index.js';
import { Names } from '../shared/text/names.js';
import { lineComment, templateLiteral } from '../shared/text/source.js';
import { counterLetter, letters } from './axis-letters.js';
import { Block } from './block.js';
import {
  type BoundsOfVariables,
  boundsOf,
  counterBounds,
  linear,
  minus,
  neverNegative,
  sizeOf,
  startOf,
} from './bounds.js';
import { all, atom, binary, type Code, conditional, javascriptNames, level, numeral, unary } from './code.js';
import { boundsAround, type Kernel } from './kernels.js';
import { layoutOf, sizeText } from './layout.js';
import { constantOf, kernelSpelling, type SpellingContext } from './spelling.js';
import { folded, isOwnThread, threadIndices } from './thread-indices.js';

/** What a kernel must know of a node that it reads. */
export interface KernelSource {
  readonly parameter: string;
  /** The indices are in range and count from 0. */
  readonly isTable: boolean;
}

export function kernelText(
  kernel: Kernel,
  sources: ReadonlyMap<Node, KernelSource>,
  comment: readonly string[],
): string {
  const body = new KernelEmitter(kernel, sources).body().map((line) => `  ${line}`);
  const parameters = kernel.sources.map((source) => sources.get(source)!.parameter).join(', ');
  const source = [`function ${kernel.name}(${parameters}) {`, ...body, '}'].join('\n');
  const comments = comment.map((line) => lineComment('javascript', line));
  return [...comments, `const ${kernel.name} = ${templateLiteral(source)};`].join('\n');
}

/** An index variable: where it starts at 0, and the position that it stands for. They differ for query rows. */
interface IndexVariable {
  readonly offset: Code;
  readonly absolute: () => Code;
}

class KernelEmitter {
  private readonly kernel: Kernel;
  private readonly sources: ReadonlyMap<Node, KernelSource>;
  private readonly names: Names;
  private readonly indices = new Map<string, IndexVariable>();
  /** The block that binds each loop variable; absent for those of the domain, which hold everywhere. */
  private readonly homes = new Map<string, Block>();
  private readonly codes = new Map<Expression, Code>();
  private readonly scopes: Scope[] = [];
  private readonly root: Block;
  /** Where statements go. */
  private block: Block;
  private bounds: BoundsOfVariables;

  constructor(kernel: Kernel, sources: ReadonlyMap<Node, KernelSource>) {
    this.kernel = kernel;
    this.sources = sources;
    const parameters = [...sources.values()].map(({ parameter }) => parameter);
    this.names = new Names(javascriptNames, [...parameters, kernel.name]);
    this.root = new Block(this.names);
    this.block = this.root;
    const { variables, over } = kernel.element;
    this.bounds = boundsAround(variables, kernel.domain, over);
    this.declareThread();
  }

  body(): readonly string[] {
    const { element } = this.kernel;
    if (element.monoid === undefined) this.enter(planScopes(element.value), () => this.returnValue(element.value));
    else this.reduce();
    return this.root.text();
  }

  // ── Index variables ───────────────────────────────────────────────────────────────────────────────

  private declareThread(): void {
    const { variables } = this.kernel.element;
    for (const { name, axis, offset } of threadIndices(this.kernel.domain, variables, this.root))
      this.declare(name, axis, offset);
  }

  private declare(name: string, axis: Axis, offset: () => Code): void {
    let made: Code | undefined;
    let position: Code | undefined;
    const home = this.block;
    const first = constantOf('firstQuery');
    this.indices.set(name, {
      get offset() {
        made ??= offset();
        return made;
      },
      absolute: () => {
        if (axis.kind !== 'query') return this.indices.get(name)!.offset;
        position ??= home.constant(letters.query, binary(this.indices.get(name)!.offset, '+', first, level.add));
        return position;
      },
    });
  }

  // ── Loops ─────────────────────────────────────────────────────────────────────────────────────────

  private reduce(): void {
    const { over, monoid, value } = this.kernel.element;
    // An accumulation over the axes, so that the plan of scopes moves out of its loops what does not depend on them.
    const counters = over.map(({ variable }) => ({ name: variable, extent: Number.NaN }));
    const whole: Accumulate = { kind: 'accumulate', type: 'float', monoid: 'sum', counters, body: value };
    const scope = planScopes(whole);
    const body = scope.inner.get(whole)!;
    this.enter({ ...scope, bindings: scope.bindings.filter((each) => each !== whole) }, () => {
      if (monoid === 'logSumExp') this.logSumExp(over, body);
      else if (monoid === 'max') this.block.line(`return ${this.maximum(over, body).text};`);
      else this.block.line(`return ${this.sum(over, body).text};`);
    });
  }

  private maximum(over: readonly IterationAxis[], body: Scope): Code {
    const largest = this.block.variable('largest', numeral(Number.NEGATIVE_INFINITY));
    this.loopOver(over, body, (value) => {
      this.block.line(`${largest.text} = Math.max(${largest.text}, ${value.text});`);
    });
    return largest;
  }

  /** Each run of the innermost loop is summed by itself: long sums in float32 lose less that way. */
  private sum(over: readonly IterationAxis[], body: Scope): Code {
    const total = this.block.variable('sum', numeral(0));
    if (over.length < 2) {
      this.loopOver(over, body, (value) => this.block.line(`${total.text} += ${value.text};`));
      return total;
    }
    let part = total;
    this.loopOver(over, body, (value) => this.block.line(`${part.text} += ${value.text};`), {
      before: () => {
        part = this.block.variable('part', numeral(0));
      },
      after: () => this.block.line(`${total.text} += ${part.text};`),
    });
    return total;
  }

  private logSumExp(over: readonly IterationAxis[], body: Scope): void {
    const largest = this.maximum(over, body);
    const total = this.block.variable('sum', numeral(0));
    this.loopOver(over, body, (value) => {
      const difference = binary(value, '-', largest, level.add);
      this.block.line(`${total.text} += Math.exp(${difference.text});`);
    });
    const lowest = numeral(Number.NEGATIVE_INFINITY);
    // A row of nothing but −Infinity has no sum to speak of: ∞ − ∞ was added up.
    this.block.line(`if (${largest.text} === ${lowest.text}) { return ${lowest.text}; }`);
    this.block.line(`return ${largest.text} + Math.log(${total.text});`);
  }

  /** Loops over axes, the last one innermost, and hands the value of `scope` to `use` inside. */
  private loopOver(
    over: readonly IterationAxis[],
    scope: Scope,
    use: (value: Code) => void,
    innermost: { readonly before: () => void; readonly after: () => void } = { before: () => {}, after: () => {} },
  ): void {
    over.forEach(({ variable, axis }, depth) => {
      if (depth === over.length - 1) innermost.before();
      const wanted = axis.kind === 'query' ? 'row' : letters[axis.kind];
      const counter = this.openLoop(variable, wanted, sizeText(axis, 'this.constants'));
      this.declare(variable, axis, () => counter);
    });
    this.enter(scope, () => use(this.emit(scope.root)));
    over.forEach((_, depth) => {
      this.block = this.block.close();
      if (depth === 0) innermost.after();
    });
  }

  private accumulate(expression: Accumulate): Code {
    const scope = this.innerScope(expression);
    const isSum = expression.monoid === 'sum';
    const inside = this.block;
    this.block = this.homeOf([expression]);
    const start = numeral(isSum ? 0 : Number.NEGATIVE_INFINITY);
    const result = this.block.variable(isSum ? 'sum' : 'largest', start);
    const boundsOutside = this.bounds;
    const bounds = new Map(boundsOutside);
    for (const { name, extent } of expression.counters) {
      const counter = this.openLoop(name, counterLetter(name, expression.body), String(extent));
      bounds.set(name, counterBounds(extent));
      this.indices.set(name, { offset: counter, absolute: () => counter });
    }
    this.bounds = bounds;
    this.enter(scope, () => {
      const value = this.emit(scope.root).text;
      this.block.line(isSum ? `${result.text} += ${value};` : `${result.text} = Math.max(${result.text}, ${value});`);
    });
    this.bounds = boundsOutside;
    for (const _ of expression.counters) this.block = this.block.close();
    this.block = inside;
    return result;
  }

  private openLoop(variable: string, wanted: string, size: string): Code {
    const counter = this.names.take(wanted);
    this.block = this.block.open(`for (let ${counter} = 0; ${counter} < ${size}; ${counter}++)`);
    this.homes.set(variable, this.block);
    return atom(counter);
  }

  private innerScope(expression: Accumulate): Scope {
    const found = this.scopes.map(({ inner }) => inner.get(expression)).findLast((scope) => scope !== undefined);
    if (!found) throw new Error('an accumulation is evaluated outside of the scope that it was planned in');
    return found;
  }

  // ── Expressions ───────────────────────────────────────────────────────────────────────────────────

  private enter(scope: Scope, run: () => void): void {
    this.scopes.push(scope);
    for (const binding of scope.bindings) this.bind(binding);
    run();
    for (const binding of scope.bindings) this.codes.delete(binding);
    this.scopes.pop();
  }

  /** Computes a shared part once, in the outermost block that knows what it depends on. */
  private bind(expression: Expression): void {
    const inside = this.block;
    this.block = this.homeOf([expression]);
    this.codes.set(expression, this.kept(this.emit(expression), expression));
    this.block = inside;
  }

  /** A constant that holds `code`. Truth values are held as 0 and 1, because gpu.js holds no others. */
  private kept(code: Code, { type, kind }: Pick<Expression, 'type' | 'kind'>, home: Block = this.block): Code {
    if (code.level === level.atom && /^[\w.]+$/.test(code.text)) return code;
    if (type !== 'bool') return home.constant(kind === 'read' ? 'entry' : 'part', code);
    const held = home.constant('holds', conditional(code, numeral(1), numeral(0)));
    return binary(held, '>', numeral(0.5), level.compare);
  }

  private emit(expression: Expression): Code {
    const known = this.codes.get(expression);
    if (known) return known;
    switch (expression.kind) {
      case 'constant':
        return expression.type === 'bool' ? truth(expression.value !== 0) : this.constant(expression.value);
      case 'variable':
        return this.indices.get(expression.name)!.absolute();
      case 'length':
        return constantOf(expression.of === 'batch' ? 'batch' : expression.of === 'query' ? 'queries' : 'keys');
      case 'read':
        return this.read(expression);
      case 'accumulate':
        return this.accumulate(expression);
      case 'apply': {
        const operands = expression.operands.map((operand) => this.emit(operand));
        const type = expression.operands.at(-1)!.type;
        const once = (code: Code): Code => this.kept(code, { type: 'float', kind: 'apply' }, this.homeOf([expression]));
        const repeat: SpellingContext['repeat'] = (start, count, step) =>
          this.repeated(this.homeOf([expression]), start, count, step);
        return kernelSpelling[expression.operation](operands, { type, once, repeat });
      }
    }
  }

  /**
   * A number beyond 32 bits that is whole is a product with a fraction: gpu.js takes it for an integer otherwise, and
   * multiplies indices by what is left of it in 32 bits.
   */
  private constant(value: number): Code {
    const isWide = Number.isInteger(value) && Math.abs(value) >= 2 ** 31 && Math.abs(value) < 2 ** 126;
    return isWide ? binary(numeral(0.5), '*', numeral(2 * value), level.multiply) : numeral(value);
  }

  private repeated(home: Block, start: Code, count: number, step: Parameters<SpellingContext['repeat']>[2]): Code {
    const inside = this.block;
    this.block = home;
    const value = home.variable('rest', start);
    const counter = this.names.take('step');
    this.block = home.open(`for (let ${counter} = 0; ${counter} < ${count}; ${counter}++)`);
    const next = step(value, (code) => this.kept(code, { type: 'float', kind: 'apply' }));
    this.block.line(`${value.text} = ${next.text};`);
    this.block = this.block.close();
    this.block = inside;
    return value;
  }

  /** Returns `value`; where a select chooses between something and a constant, the constant returns early. */
  private returnValue(value: Expression): void {
    if (value.kind === 'apply' && value.operation === 'select' && !this.codes.has(value)) {
      const [condition, yes, no] = value.operands as [Expression, Expression, Expression];
      if (no.kind === 'constant') {
        this.block.line(`if (${unary('!', this.emit(condition)).text}) { return ${this.emit(no).text}; }`);
        this.returnValue(yes);
        return;
      }
      if (yes.kind === 'constant') {
        this.block.line(`if (${this.emit(condition).text}) { return ${this.emit(yes).text}; }`);
        this.returnValue(no);
        return;
      }
    }
    this.block.line(`return ${this.emit(value).text};`);
  }

  // ── Reads ─────────────────────────────────────────────────────────────────────────────────────────

  /** An element of another value, 0 outside of its domain. Guards that always hold are left out. */
  private read({ source, index }: Read): Code {
    const { parameter, isTable } = this.sources.get(source)!;
    const guards: Code[] = [];
    const { z } = layoutOf(source.domain);
    const outer = index.slice(0, z.length);
    const isOwn = isOwnThread(outer, z, this.kernel.domain, this.kernel.element.variables);
    const places = index.map((each, axis) =>
      isOwn && axis < z.length ? numeral(0) : this.place(each, source.domain[axis]!, isTable, guards),
    );
    const coordinates = [
      this.held(isOwn ? atom('this.thread.z') : folded(places, z), this.homeOf(outer), 'z'),
      this.held(places.at(-2) ?? numeral(0), this.homeOf(index.slice(-2, -1)), 'y'),
      this.held(places.at(-1) ?? numeral(0), this.homeOf(index.slice(-1)), 'x'),
    ];
    const entry = atom(`${parameter}${coordinates.map(({ text }) => `[${text}]`).join('')}`);
    const condition = all(guards);
    return condition ? conditional(condition, entry, numeral(0)) : entry;
  }

  /** Where an index lies along its axis, counting from 0; what must be checked first goes to `guards`. */
  private place(index: Expression, axis: Axis, isTable: boolean, guards: Code[]): Code {
    if (isTable) return this.emit(index);
    const { low, high } = boundsOf(index, this.bounds);
    const start = startOf(axis);
    const isQuery = axis.kind === 'query';
    let place: Code;
    if (index.kind === 'variable' && isQuery && this.isOwnQuery(index.name))
      place = this.indices.get(index.name)!.offset;
    else if (isQuery) place = binary(this.emit(index), '-', constantOf('firstQuery'), level.add);
    else place = index.kind === 'variable' ? this.indices.get(index.name)!.absolute() : this.emit(index);
    const last = minus(sizeOf(axis), linear(1));
    const aboveStart = low !== undefined && neverNegative(minus(low, start));
    const belowEnd = high !== undefined && neverNegative(minus(last, minus(high, start)));
    if (aboveStart && belowEnd) return place;
    const home = this.homeOf([index]);
    const checked = this.held(place, home, letters[axis.kind]);
    const conditions: Code[] = [];
    if (!aboveStart) conditions.push(binary(checked, '>=', numeral(0), level.compare));
    const size = atom(sizeText(axis, 'this.constants'));
    if (!belowEnd) conditions.push(binary(checked, '<', size, level.compare));
    const condition = all(conditions)!;
    if (home === this.block) guards.push(condition);
    else {
      // Checked once for all runs of the loops that it does not depend on, and first, because it skips the others.
      const inside = home.constant('inside', conditional(condition, numeral(1), numeral(0)));
      guards.unshift(binary(inside, '>', numeral(0.5), level.compare));
    }
    return checked;
  }

  private isOwnQuery(name: string): boolean {
    const { variables, over } = this.kernel.element;
    const axis = this.kernel.domain[variables.indexOf(name)] ?? over.find(({ variable }) => variable === name)?.axis;
    return axis?.kind === 'query';
  }

  /** The outermost block in which everything that the expressions depend on is known. */
  private homeOf(expressions: readonly Expression[]): Block {
    const names = expressions.flatMap((each) => [...freeVariables(each)]);
    const homes = names.map((name) => this.homes.get(name)).filter((home) => home !== undefined);
    return homes.reduce((deepest, home) => (home.depth > deepest.depth ? home : deepest), this.root);
  }

  /**
   * `code` as an index: a name, a number or a thread coordinate. Inside an index gpu.js rounds every constant to an
   * integer, so nothing is computed there.
   */
  private held(code: Code, home: Block, name: string): Code {
    if (/^(\d+|[A-Za-z_]\w*|this\.thread\.[xyz])$/.test(code.text)) return code;
    return home.constant(name, code);
  }
}

const truth = (value: boolean): Code => binary(numeral(value ? 1 : 0), '>', numeral(0.5), level.compare);
