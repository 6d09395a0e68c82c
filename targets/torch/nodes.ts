// Each node of the score graph as lines of PyTorch: one function a kind of node, in a table that the compiler checks.
// A node's variable is a tensor over exactly its domain.
import {
  boundAxes,
  domainVariables,
  type Expression,
  expressionsOf,
  type Node,
  type NodeOf,
  type ReduceNode,
  type SoftmaxPart,
  softmaxPart,
} from '../../src/ir/index.js';
import { identifierFrom } from '../shared/text/names.js';
import { ExpressionWriter } from './expressions.js';
import { type FunctionWriter, sizeText } from './function-writer.js';
import { linearValue } from './linear.js';
import { atom, type Code, call, floatLiteral, member, tuple } from './python.js';
import { entryOf } from './reads.js';
import { align } from './values.js';

type Computed = Exclude<Node, { op: 'tensor' }>;

/** Writes the lines that compute `node` and gives its variable a name. */
export function writeNode(writer: FunctionWriter, node: Computed): void {
  const code = (writers[node.op] as (writer: FunctionWriter, node: Computed) => Code)(writer, node);
  if (writer.owned.delete(code.text)) {
    writer.nodes.set(node, code.text);
    return;
  }
  const name = writer.names.take(nameOf(node));
  writer.lines.push(`${name} = ${code.text}`);
  writer.nodes.set(node, name);
}

/** The spec's own name for a value, or what such a value is usually called. */
function nameOf(node: Computed): string {
  if (node.label !== undefined)
    return identifierFrom(node.label)
      .replace(/([a-z0-9])([A-Z])/g, lowered)
      .toLowerCase();
  switch (node.op) {
    case 'dot':
      return 'scores';
    case 'fill':
      return node.otherwise === Number.NEGATIVE_INFINITY ? 'logits' : 'filled';
    case 'contract':
      return node.over === 'key' ? 'output' : 'columns';
    case 'reduce':
      return { sum: 'sums', max: 'largest', logSumExp: 'lse' }[node.monoid];
    case 'bin':
      return 'bins';
    case 'map':
    case 'rowmap':
      return mapName(node);
  }
}

const lowered = (_: string, before: string, after: string): string => `${before}_${after.toLowerCase()}`;

/** What the parts of a softmax that are maps are called. */
const softmaxNames: Readonly<Record<SoftmaxPart, string>> = {
  weights: 'weights',
  maximum: 'm',
  sum: 'sums',
  scale: 'scale',
  logSumExp: 'lse',
};

function mapName(node: NodeOf<'map' | 'rowmap'>): string {
  const { domain } = node;
  const part = softmaxPart(node);
  if (part) return softmaxNames[part];
  const kinds = domain.map(({ kind }) => kind);
  if (kinds.includes('query') && kinds.includes('key')) return 'scores';
  if (kinds.includes('feature')) return 'output';
  if (kinds.includes('query')) return 'per_row';
  if (kinds.includes('key') || kinds.includes('position')) return 'per_key';
  return kinds.includes('head') ? 'per_head' : 'value';
}

const expressionWriter = (writer: FunctionWriter, node: Node): ExpressionWriter =>
  new ExpressionWriter(writer, boundAxes(node), expressionsOf(node));

/** Heads of a smaller group, once for each head that shares them. */
function repeated(writer: FunctionWriter, node: Node, heads: number): Code {
  const own = (node.domain[1] as { size: number }).size;
  const code = atom(writer.nodes.get(node)!);
  return own === heads ? code : member(code, `repeat_interleave(${heads / own}, dim=1)`);
}

const headsOf = (node: Node): number => (node.domain[1] as { size: number }).size;

type Writers = { readonly [Op in Computed['op']]: (writer: FunctionWriter, node: NodeOf<Op>) => Code };

const writers: Writers = {
  map: writeMap,
  rowmap: writeMap,

  dot(writer, node) {
    const keys = repeated(writer, node.y, headsOf(node));
    return { ...atom(`${writer.nodes.get(node.x)} @ ${member(keys, 'transpose(-1, -2)').text}`), level: 11 };
  },

  contract(writer, { over, weights, operand, domain }) {
    const name = writer.nodes.get(weights)!;
    if (over === 'key') return atom(`${name} @ ${repeated(writer, operand, headsOf(weights)).text}`);
    const product = `${name}.transpose(-1, -2) @ ${writer.nodes.get(operand)}`;
    const groups = (domain[1] as { size: number }).size;
    if (groups === headsOf(weights)) return atom(product);
    return member(atom(`(${product})`), `unflatten(1, (${groups}, ${headsOf(weights) / groups})).sum(2)`);
  },

  fill(writer, node) {
    const expressions = expressionWriter(writer, node);
    const mask = expressions.evaluate(node.mask);
    const variables = domainVariables(node.domain);
    const value = writer.nodes.get(node.value)!;
    const code = mask.form === 'number' ? expressions.asTensor(mask).code : mask.code;
    const visible = atom(writer.defineOnce('visible', code));
    return call('torch.where', align(visible, mask.axes, variables), value, floatLiteral(node.otherwise));
  },

  reduce(writer, node) {
    const expressions = expressionWriter(writer, node);
    const value = expressions.evaluate(node.value);
    const { length } = node.domain;
    const dims = node.over.map((_, n) => String(length + n - (length + node.over.length)));
    if (dims.length === 0) return unreduced(expressions, node);
    const terms = expressions.dense(value, [...expressions.axes.keys()]);
    if (node.monoid !== 'logSumExp') return member(terms, `${node.monoid === 'sum' ? 'sum' : 'amax'}(${over(dims)})`);
    const flat = dims.length === 1 ? terms : member(terms, `flatten(-${dims.length})`);
    return call(writer.helper('_logsumexp'), flat, '-1');
  },

  bin(writer, node) {
    const expressions = expressionWriter(writer, node);
    const axes = [...expressions.axes.keys()];
    const values = expressions.dense(expressions.evaluate(node.value), axes);
    if (node.index.length === 0) return member(values, 'sum()');
    const places = node.index.map((each: Expression, n) => {
      const at = entryOf(node.domain[n]!, expressions.evaluate(each));
      return align(at.code, at.axes, axes).text;
    });
    const sizes = node.domain.map(sizeText);
    return call(writer.helper('_add_at'), tuple(sizes), `(${places.join(', ')},)`, values);
  },
};

const over = (dims: readonly string[]): string => (dims.length === 1 ? dims[0]! : `(${dims.join(', ')})`);

/** A reduction over no axis at all: the value itself; a log-sum-exp of one term is that term. */
function unreduced(expressions: ExpressionWriter, node: ReduceNode): Code {
  return expressions.dense(expressions.evaluate(node.value), [...domainVariables(node.domain)]);
}

function writeMap(writer: FunctionWriter, node: NodeOf<'map' | 'rowmap'>): Code {
  const whole = { expression: node.value, name: nameOf(node) };
  const expressions = new ExpressionWriter(writer, boundAxes(node), [node.value], whole);
  if (node.op === 'map') {
    const linear = linearValue(expressions, node);
    if (linear) return linear;
  }
  return expressions.dense(expressions.evaluate(node.value), [...domainVariables(node.domain)]);
}
