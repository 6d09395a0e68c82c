// Turns an element expression into a JavaScript function of its index variables, all in float64.
// The text follows the expression part by part: loops for accumulations, a constant for each shared part, a bounds check
// before each read. Closures took seven times as long, and the checks of every other device wait for this one.
import {
  type Accumulate,
  type Expression,
  freeVariables,
  type Node,
  operations,
  planScopes,
  type Read,
  type Scope,
} from '../ir/index.js';
import { spellings } from './spellings.js';

/** The computed value of a node: dense, the last axis fastest, with the index of each axis's first entry. */
export interface NodeValue {
  readonly data: Float64Array;
  readonly sizes: readonly number[];
  readonly starts: readonly number[];
}

/** What an expression needs to know about the call that it is evaluated in. */
export interface Environment {
  readonly valueOf: (node: Node) => NodeValue;
  readonly lengths: { readonly batch: number; readonly query: number; readonly key: number };
  /** Rounds the partial sums of accumulations, as a kernel does that adds in its own precision; they stay exact unless told. */
  readonly rounded?: (x: number) => number;
}

/** The value of the expression where the index variables are the entries of `frame`; truth values are 0 and 1. */
export type Evaluate = (frame: Float64Array) => number;

type Factory = (
  values: readonly NodeValue[],
  lengths: Environment['lengths'],
  rounded: Environment['rounded'],
) => Evaluate;

interface Compiled {
  readonly factory: Factory;
  /** The nodes that the expression reads, in the order in which the factory takes their values. */
  readonly sources: readonly Node[];
}

// A graph is run many times in a check: its expressions are compiled once.
const compiledExpressions = new WeakMap<Expression, Map<string, Compiled>>();

/** Compiles `root`, whose free variables are the entries of the frame in the order of `variables`. */
export function compileExpression(root: Expression, variables: readonly string[], environment: Environment): Evaluate {
  let known = compiledExpressions.get(root);
  if (!known) {
    known = new Map();
    compiledExpressions.set(root, known);
  }
  const { rounded } = environment;
  const signature = `${variables.join()}${rounded === undefined ? '' : ', rounded'}`;
  let compiled = known.get(signature);
  if (!compiled) {
    compiled = compile(root, variables, rounded !== undefined);
    known.set(signature, compiled);
  }
  return compiled.factory(compiled.sources.map(environment.valueOf), environment.lengths, rounded);
}

function compile(root: Expression, variables: readonly string[], roundsSums: boolean): Compiled {
  for (const name of freeVariables(root)) if (!variables.includes(name)) throw new Error(`unbound variable ${name}`);
  const writer = new Writer(variables, roundsSums);
  const result = writer.scope(planScopes(root), new Map(), '    ');
  const sources = [...writer.sources.keys()];
  const constants = sources.flatMap((source, n) => [
    `  const data${n} = values[${n}].data;`,
    ...source.domain.map((_, axis) => `  const size${n}_${axis} = values[${n}].sizes[${axis}];`),
    ...source.domain.map((_, axis) => `  const start${n}_${axis} = values[${n}].starts[${axis}];`),
  ]);
  const text = [
    ...constants,
    '  return (frame) => {',
    ...variables.map((name, slot) => `    const ${name} = frame[${slot}];`),
    ...writer.lines,
    `    return ${root.type === 'bool' ? `${result} ? 1 : 0` : result};`,
    '  };',
  ].join('\n');
  return { factory: factoryOf(text), sources };
}

// The expressions of heads, tiles and further specs often have one text: the engine then compiles it once.
const factories = new Map<string, Factory>();
const MOST_FACTORIES = 4096;

function factoryOf(text: string): Factory {
  const known = factories.get(text);
  if (known) return known;
  // The text is made of this file's own words, numbers and the names of variables; nothing of a spec's text is in it.
  const make = new Function('absorbingMultiply', 'exponentialDifference', 'values', 'lengths', 'rounded', text);
  const { absorbingMultiply, exponentialDifference } = operations;
  const factory: Factory = (values, lengths, rounded) =>
    make(absorbingMultiply.evaluate, exponentialDifference.evaluate, values, lengths, rounded) as Evaluate;
  if (factories.size === MOST_FACTORIES) factories.clear();
  factories.set(text, factory);
  return factory;
}

type Names = ReadonlyMap<Expression, string>;

class Writer {
  readonly lines: string[] = [];
  readonly sources = new Map<Node, number>();
  private readonly variables: ReadonlySet<string>;
  private readonly roundsSums: boolean;
  private names = 0;

  constructor(variables: readonly string[], roundsSums: boolean) {
    this.variables = new Set(variables);
    this.roundsSums = roundsSums;
  }

  private fresh(prefix: string): string {
    this.names += 1;
    return `${prefix}_${this.names}`;
  }

  /** Writes the shared parts of a scope and gives the text of its root. */
  scope(scope: Scope, outer: Names, indent: string): string {
    const names = new Map(outer);
    for (const shared of scope.bindings) {
      const text = this.expression(shared, scope, names, indent);
      const name = this.fresh('shared');
      this.lines.push(`${indent}const ${name} = ${text};`);
      names.set(shared, name);
    }
    return this.expression(scope.root, scope, names, indent);
  }

  private expression(expression: Expression, scope: Scope, names: Names, indent: string): string {
    const name = names.get(expression);
    if (name !== undefined) return name;
    const write = (part: Expression): string => this.expression(part, scope, names, indent);
    switch (expression.kind) {
      case 'constant':
        return expression.type === 'bool' ? String(expression.value !== 0) : numberText(expression.value);
      case 'variable':
        return expression.name;
      case 'length':
        return `lengths.${expression.of}`;
      case 'apply': {
        const [x = '', y = '', z = ''] = expression.operands.map(write);
        return spellings[expression.operation](x, y, z);
      }
      case 'read':
        return this.read(expression, write, indent);
      case 'accumulate':
        return this.accumulation(expression, scope.inner.get(expression)!, names, indent);
    }
  }

  /** An element of a node's value, 0 outside its domain. */
  private read({ source, index }: Read, write: (part: Expression) => string, indent: string): string {
    let n = this.sources.get(source);
    if (n === undefined) {
      n = this.sources.size;
      this.sources.set(source, n);
    }
    if (index.length === 0) return `data${n}[0]`;
    const places = index.map((each, axis) => {
      const place = this.fresh('at');
      this.lines.push(`${indent}const ${place} = ${write(each)} - start${n}_${axis};`);
      return place;
    });
    const inside = places.map((place, axis) => `${place} >= 0 && ${place} < size${n}_${axis}`).join(' && ');
    const offset = places.reduce((before, place, axis) =>
      axis === 0 ? place : `(${before}) * size${n}_${axis} + ${place}`,
    );
    return `(${inside} ? data${n}[${offset}] : 0)`;
  }

  private accumulation({ monoid, counters, type }: Accumulate, inner: Scope, names: Names, indent: string): string {
    const total = this.fresh(monoid);
    this.lines.push(`${indent}let ${total} = ${monoid === 'sum' ? '0' : '-Infinity'};`);
    let depth = indent;
    for (const { name, extent } of counters) {
      if (this.variables.has(name)) throw new Error(`counter ${name} hides a variable`);
      this.lines.push(`${depth}for (let ${name} = 0; ${name} < ${extent}; ${name} += 1) {`);
      depth += '  ';
    }
    const body = this.scope(inner, names, depth);
    const sum = this.roundsSums && type === 'float' ? `rounded(${total} + ${body})` : `${total} + ${body}`;
    this.lines.push(`${depth}${total} = ${monoid === 'sum' ? sum : `Math.max(${total}, ${body})`};`);
    for (const _ of counters) {
      depth = depth.slice(2);
      this.lines.push(`${depth}}`);
    }
    return total;
  }
}

export function numberText(value: number): string {
  if (Object.is(value, -0)) return '(-0)';
  return value < 0 ? `(${value})` : String(value);
}
