// Turns an element expression into a JavaScript function of its index variables, all in float64.
// The text follows the expression part by part: loops for accumulations, a constant for each shared part, a bounds check
// before each read. Closures took seven times as long, and the checks of every other device wait for this one.
import {
  type Accumulate,
  type Apply,
  type Constant,
  code,
  type Expression,
  freeVariables,
  type Language,
  type Length,
  type Node,
  operations,
  type Read,
  type Variable,
  type Write,
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
  /** Rounds constants and the result of each operation to float32, as a kernel does: what it computes twice has the same bits. */
  readonly inSinglePrecision?: boolean;
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
  const { rounded, inSinglePrecision = false } = environment;
  const signature = [...variables, rounded !== undefined, inSinglePrecision].join();
  let compiled = known.get(signature);
  if (!compiled) {
    compiled = compile(root, variables, { roundsSums: rounded !== undefined, inSinglePrecision });
    known.set(signature, compiled);
  }
  return compiled.factory(compiled.sources.map(environment.valueOf), environment.lengths, rounded);
}

interface Rounding {
  readonly roundsSums: boolean;
  readonly inSinglePrecision: boolean;
}

function compile(root: Expression, variables: readonly string[], rounding: Rounding): Compiled {
  for (const name of freeVariables(root)) if (!variables.includes(name)) throw new Error(`unbound variable ${name}`);
  const writer = new Writer(variables, rounding);
  const result = code(root, writer);
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

/** JavaScript, line by line: a constant for each shared part, a loop for each sum. */
class Writer implements Language<string> {
  readonly lines: string[] = [];
  readonly sources = new Map<Node, number>();
  private readonly variables: ReadonlySet<string>;
  private readonly rounding: Rounding;
  private names = 0;
  private indent = '    ';

  constructor(variables: readonly string[], rounding: Rounding) {
    this.variables = new Set(variables);
    this.rounding = rounding;
  }

  private fresh(prefix: string): string {
    this.names += 1;
    return `${prefix}_${this.names}`;
  }

  private line(text: string): void {
    this.lines.push(`${this.indent}${text}`);
  }

  private bound(prefix: string, text: string): string {
    const name = this.fresh(prefix);
    this.line(`const ${name} = ${text};`);
    return name;
  }

  share = (text: string): string => this.bound('shared', text);
  constant = ({ type, value }: Constant): string => {
    if (type === 'bool') return String(value !== 0);
    return numberText(type === 'float' && this.rounding.inSinglePrecision ? Math.fround(value) : value);
  };
  variable = ({ name }: Variable): string => name;
  length = ({ of }: Length): string => `lengths.${of}`;

  apply = ({ operation, operands, type }: Apply, write: Write<string>): string => {
    const [x = '', y = '', z = ''] = operands.map(write);
    const text = spellings[operation](x, y, z);
    return this.rounding.inSinglePrecision && type === 'float' ? `Math.fround(${text})` : text;
  };

  /** An element of a node's value, 0 outside its domain. */
  read = ({ source, index }: Read, write: Write<string>): string => {
    let n = this.sources.get(source);
    if (n === undefined) {
      n = this.sources.size;
      this.sources.set(source, n);
    }
    if (index.length === 0) return `data${n}[0]`;
    const places = index.map((each, axis) => this.bound('at', `${write(each)} - start${n}_${axis}`));
    const inside = places.map((place, axis) => `${place} >= 0 && ${place} < size${n}_${axis}`).join(' && ');
    const offset = places.reduce((before, place, axis) =>
      axis === 0 ? place : `(${before}) * size${n}_${axis} + ${place}`,
    );
    return `(${inside} ? data${n}[${offset}] : 0)`;
  };

  accumulate = ({ monoid, counters, type }: Accumulate, body: () => string): string => {
    const total = this.fresh(monoid);
    this.line(`let ${total} = ${monoid === 'sum' ? '0' : '-Infinity'};`);
    const outer = this.indent;
    for (const { name, extent } of counters) {
      if (this.variables.has(name)) throw new Error(`counter ${name} hides a variable`);
      this.line(`for (let ${name} = 0; ${name} < ${extent}; ${name} += 1) {`);
      this.indent += '  ';
    }
    const value = body();
    const { roundsSums, inSinglePrecision } = this.rounding;
    const round = type !== 'float' ? '' : roundsSums ? 'rounded' : inSinglePrecision ? 'Math.fround' : '';
    const sum = `${round}(${total} + ${value})`;
    this.line(`${total} = ${monoid === 'sum' ? sum : `Math.max(${total}, ${value})`};`);
    this.indent = outer;
    this.line('}'.repeat(counters.length));
    return total;
  };
}

export function numberText(value: number): string {
  if (Object.is(value, -0)) return '(-0)';
  return value < 0 ? `(${value})` : String(value);
}
