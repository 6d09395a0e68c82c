// Writes a score graph as JSON: nodes in topological order, the expressions of each in a list of its own.
// Equal graphs give equal documents, byte for byte.
import type { Axis, Domain } from '../axis.js';
import { staticSize } from '../axis.js';
import type { Contents } from '../contents.js';
import { type Expression, parts } from '../expression.js';
import { type Graph, type SettingValue, topological } from '../graph.js';
import type { IterationAxis, Node } from '../node.js';
import {
  type AxisJson,
  type ContentsJson,
  type ExpressionJson,
  GRAPH_FORMAT,
  type GraphJson,
  type InitialJson,
  type IterationJson,
  type NodeJson,
  type NumberJson,
  type SettingJson,
} from './format.js';

/** The JSON form of `graph`: plain values, ready for JSON.stringify. */
export function toJson(graph: Graph): GraphJson {
  const nodes = topological(graph);
  const numbers = new Map(nodes.map((node, number) => [node, number]));
  const settings = Object.entries(graph.settings).map(([name, value]) => [name, settingJson(value)] as const);
  return {
    format: GRAPH_FORMAT,
    name: graph.name,
    settings: Object.fromEntries(settings),
    ...(graph.formula === undefined ? {} : { formula: graph.formula }),
    ...(graph.paper === undefined ? {} : { paper: graph.paper }),
    ...(graph.history === undefined ? {} : { history: graph.history }),
    nodes: nodes.map((node) => nodeJson(node, numbers)),
    inputs: graph.inputs.map((input) => numbers.get(input)!),
    outputs: graph.outputs.map(({ name, node }) => ({ name, node: numbers.get(node)! })),
  };
}

function numberJson(value: number): NumberJson {
  if (Object.is(value, -0)) return '-0';
  if (value === Number.POSITIVE_INFINITY) return 'Infinity';
  return value === Number.NEGATIVE_INFINITY ? '-Infinity' : value;
}

function settingJson(value: SettingValue): SettingJson {
  if (typeof value === 'object') return value.map(numberJson);
  if (typeof value !== 'number') return value;
  const number = numberJson(value);
  // Where a string may stand, a number that needs one says so.
  return typeof number === 'number' ? number : { number };
}

const axisJson = (axis: Axis): AxisJson => {
  const size = staticSize(axis);
  return { kind: axis.kind, ...(size === undefined ? {} : { size }) };
};
const domainJson = (domain: Domain): readonly AxisJson[] => domain.map(axisJson);
const iterationJson = (iteration: readonly IterationAxis[]): readonly IterationJson[] =>
  iteration.map(({ variable, axis }) => ({ variable, axis: axisJson(axis) }));

/** Numbers the expressions of one node, parts before wholes, each object once. */
class ExpressionList {
  readonly entries: ExpressionJson[] = [];
  private readonly known = new Map<Expression, number>();
  private readonly nodes: ReadonlyMap<Node, number>;

  constructor(nodes: ReadonlyMap<Node, number>) {
    this.nodes = nodes;
  }

  add(expression: Expression): number {
    const known = this.known.get(expression);
    if (known !== undefined) return known;
    const numbers = parts(expression).map((part) => this.add(part));
    const number = this.entries.push(this.entry(expression, numbers)) - 1;
    this.known.set(expression, number);
    return number;
  }

  private entry(expression: Expression, numbers: readonly number[]): ExpressionJson {
    switch (expression.kind) {
      case 'constant': {
        const { type, value } = expression;
        return { kind: 'constant', type, value: type === 'bool' ? value !== 0 : numberJson(value) };
      }
      case 'variable':
        return { kind: 'variable', name: expression.name };
      case 'length':
        return { kind: 'length', of: expression.of };
      case 'read':
        return { kind: 'read', source: this.nodes.get(expression.source)!, index: numbers };
      case 'apply':
        return { kind: 'apply', operation: expression.operation, operands: numbers };
      case 'accumulate': {
        const counters = expression.counters.map(({ name, extent }) => ({ name, extent }));
        return { kind: 'accumulate', monoid: expression.monoid, counters, body: numbers[0]! };
      }
    }
  }
}

function nodeJson(node: Node, numbers: ReadonlyMap<Node, number>): NodeJson {
  const list = new ExpressionList(numbers);
  const own = fieldsOf(node, list, (other) => numbers.get(other)!);
  return {
    ...own.start,
    domain: domainJson(node.domain),
    ...(node.label === undefined ? {} : { label: node.label }),
    ...(list.entries.length === 0 ? {} : { expressions: list.entries }),
    ...own.rest,
  } as NodeJson;
}

/** What is particular to the kind of a node: what names it, and what it computes. */
function fieldsOf(node: Node, list: ExpressionList, number: (node: Node) => number) {
  const { op } = node;
  switch (op) {
    case 'tensor': {
      const { name, role, initial, contents } = node;
      const start = initial === undefined ? {} : { initial: initialJson(initial, list) };
      return {
        start: { op, name, role },
        rest: { ...start, ...(contents ? { contents: contentsJson(contents) } : {}) },
      };
    }
    case 'dot':
      return { start: { op }, rest: { x: number(node.x), y: number(node.y) } };
    case 'map':
    case 'rowmap':
      return { start: { op }, rest: { value: list.add(node.value) } };
    case 'fill': {
      const { value, mask, otherwise } = node;
      return {
        start: { op },
        rest: { value: number(value), mask: list.add(mask), otherwise: numberJson(otherwise) },
      };
    }
    case 'reduce': {
      const { monoid, over, value } = node;
      return { start: { op, monoid }, rest: { over: iterationJson(over), value: list.add(value) } };
    }
    case 'contract': {
      const { over, weights, operand } = node;
      return { start: { op, over }, rest: { weights: number(weights), operand: number(operand) } };
    }
    case 'bin': {
      const { iterate, index, value } = node;
      const places = index.map((each) => list.add(each));
      return { start: { op }, rest: { iterate: iterationJson(iterate), index: places, value: list.add(value) } };
    }
  }
}

function contentsJson({ from, to, increasing }: Contents): ContentsJson {
  return {
    ...(from === undefined ? {} : { from: numberJson(from) }),
    ...(to === undefined ? {} : { to: typeof to === 'number' ? numberJson(to) : { length: to.length, less: to.less } }),
    ...(increasing ? { increasing } : {}),
  };
}

function initialJson(
  initial: NonNullable<Extract<Node, { op: 'tensor' }>['initial']>,
  list: ExpressionList,
): InitialJson {
  if (initial.law === 'expression') return { law: 'expression', value: list.add(initial.value) };
  return { law: initial.law, size: numberJson(initial.size) };
}
