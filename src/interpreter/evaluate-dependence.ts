// Turns an element expression into a JavaScript function of its index variables that gives what the element depends on
// beside what it is. As evaluate.ts, but every part is computed once by name: its value and its mask are both needed.
import {
  type Accumulate,
  type Apply,
  type Constant,
  code,
  type Expression,
  type Language,
  type Length,
  type Node,
  operations,
  type Read,
  type Variable,
  type Write,
} from '../ir/index.js';
import { maskFunctions, maskText, ROUNDING, type Written } from './dependence-rules.js';
import { type Environment, type NodeValue, numberText } from './evaluate.js';
import { spellings } from './spellings.js';

/** What an element is, truth values as 0 and 1, and what it depends on. */
export interface Traced {
  value: number;
  mask: number;
}

/** Writes what the expression is, where the index variables are the entries of `frame`, into `into`. */
export type Trace = (frame: Float64Array, into: Traced) => void;

type Factory = (values: readonly NodeValue[], masksOf: readonly Int32Array[], lengths: Environment['lengths']) => Trace;

const compiledTraces = new WeakMap<Expression, { factory: Factory; sources: readonly Node[]; variables: string }>();

/** Compiles `root`, whose free variables are the entries of the frame in the order of `variables`. */
export function compileTrace(
  root: Expression,
  variables: readonly string[],
  environment: Environment,
  maskOf: (node: Node) => Int32Array,
): Trace {
  let compiled = compiledTraces.get(root);
  if (compiled?.variables !== variables.join()) {
    compiled = { ...compile(root, variables), variables: variables.join() };
    compiledTraces.set(root, compiled);
  }
  const { factory, sources } = compiled;
  return factory(sources.map(environment.valueOf), sources.map(maskOf), environment.lengths);
}

function compile(root: Expression, variables: readonly string[]): { factory: Factory; sources: readonly Node[] } {
  const writer = new TraceWriter();
  const { value, mask } = code(root, writer);
  const sources = [...writer.sources.keys()];
  // The text is made of this file's own words, numbers and the names of variables; nothing of a spec's text is in it.
  const text = [
    ...sources.map((_, n) => `const { data: data${n}, sizes: sizes${n}, starts: starts${n} } = values[${n}];`),
    'return (frame, into) => {',
    ...variables.map((name, slot) => `const ${name} = frame[${slot}];`),
    ...writer.lines,
    `into.value = ${root.type === 'bool' ? `${value} ? 1 : 0` : value};`,
    `into.mask = ${mask};`,
    '};',
  ].join('\n');
  const names = ['absorbingMultiply', 'exponentialDifference', 'masks', 'values', 'masksOf', 'lengths'];
  const make = new Function(...names, text);
  const { absorbingMultiply, exponentialDifference } = operations;
  const factory: Factory = (values, masksOf, lengths) =>
    make(absorbingMultiply.evaluate, exponentialDifference.evaluate, maskFunctions, values, masksOf, lengths) as Trace;
  return { factory, sources };
}

/** JavaScript in which every part has two names: what it is, and what it depends on. */
class TraceWriter implements Language<Written> {
  readonly namesAll = true;
  readonly lines: string[] = [];
  readonly sources = new Map<Node, number>();
  private names = 0;

  share = (written: Written): Written => written;
  variable = ({ name }: Variable): Written => ({ value: name, mask: '0' });
  length = ({ of }: Length): Written => ({ value: `lengths.${of}`, mask: '0' });
  constant = ({ type, value }: Constant): Written => ({
    value: type === 'bool' ? String(value !== 0) : numberText(value),
    mask: '0',
  });

  apply = ({ operation, type, operands: parts }: Apply, write: Write<Written>): Written => {
    const operands = parts.map(write);
    const [x = '', y = '', z = ''] = operands.map(({ value }) => value);
    return this.bound(spellings[operation](x, y, z), (value) => maskText(operation, type, operands, value));
  };

  private bound(value: string, mask: (value: string) => string): Written {
    this.names += 1;
    const written = { value: `value_${this.names}`, mask: `mask_${this.names}` };
    this.lines.push(`const ${written.value} = ${value};`, `const ${written.mask} = ${mask(written.value)};`);
    return written;
  }

  /** An element of a node's value and what it depends on: 0 and nothing outside its domain, and what its place does. */
  read = ({ source, index }: Read, write: Write<Written>): Written => {
    const places = index.map(write);
    const n = this.sources.get(source) ?? this.sources.size;
    this.sources.set(source, n);
    this.names += 1;
    const at = `at_${this.names}`;
    const entries = index.map((_, axis) => `${places[axis]!.value} - starts${n}[${axis}]`);
    const inside = entries.map((entry, axis) => `${entry} >= 0 && ${entry} < sizes${n}[${axis}]`);
    const offset = entries.reduce((before, entry, axis) => `(${before}) * sizes${n}[${axis}] + ${entry}`, '0');
    this.lines.push(`const ${at} = ${['true', ...inside].join(' && ')} ? ${offset} : -1;`);
    const byPlace = ['0', ...places.map(({ mask }) => mask)].join(' | ');
    return this.bound(`${at} < 0 ? 0 : data${n}[${at}]`, () => `(${byPlace}) | (${at} < 0 ? 0 : masksOf[${n}][${at}])`);
  };

  accumulate = ({ monoid, counters, type }: Accumulate, writeBody: () => Written): Written => {
    this.names += 1;
    const [total, mask] = [`total_${this.names}`, `reached_${this.names}`];
    this.lines.push(`let ${total} = ${monoid === 'sum' ? '0' : '-Infinity'}, ${mask} = 0;`);
    for (const { name, extent } of counters)
      this.lines.push(`for (let ${name} = 0; ${name} < ${extent}; ${name} += 1) {`);
    const body = writeBody();
    const touched = type === 'float' ? ROUNDING : 0;
    this.lines.push(
      ...(monoid === 'sum'
        ? [`${mask} |= ${body.mask} | (${body.value} === 0 ? 0 : ${touched});`, `${total} += ${body.value};`]
        : [`${mask} |= ${body.mask};`, `${total} = Math.max(${total}, ${body.value});`]),
      ...counters.map(() => '}'),
    );
    return { value: total, mask };
  };
}
