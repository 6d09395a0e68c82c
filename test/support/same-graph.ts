// Structural equality of graphs, sharing included: the two are the same shape, part by part, with the same parts shared.
// Variables, constants and lengths have no identity of their own: it costs nothing to write them twice.
import { type Expression, expressionsOf, type Graph, type Node, operandNodes, parts } from '../../src/ir/index.js';

/** Why two graphs differ; undefined where they are the same. */
export function graphDifference(one: Graph, other: Graph): string | undefined {
  const comparison = new Comparison();
  const { inputs, outputs, ...header } = one;
  const { inputs: otherInputs, outputs: otherOutputs, ...otherHeader } = other;
  comparison.values('header', header, otherHeader);
  comparison.nodes(inputs, otherInputs);
  comparison.values(
    'output names',
    outputs.map(({ name }) => name),
    otherOutputs.map(({ name }) => name),
  );
  comparison.nodes(
    outputs.map(({ node }) => node),
    otherOutputs.map(({ node }) => node),
  );
  return comparison.difference;
}

/** Numbers JSON cannot tell apart, made distinct. */
const spell = (value: unknown): string =>
  JSON.stringify(value, (_, held: unknown) =>
    typeof held === 'number' && (Object.is(held, -0) || !Number.isFinite(held))
      ? `number ${Object.is(held, -0) ? '-0' : held}`
      : held,
  );

type Pairs = Map<object, object>;

class Comparison {
  difference: string | undefined;
  private readonly forward: Pairs = new Map();
  private readonly backward: Pairs = new Map();
  private forwardParts: Pairs = new Map();
  private backwardParts: Pairs = new Map();
  private readonly sources: [Node, Node][] = [];

  values(what: string, one: unknown, other: unknown): void {
    const [mine, theirs] = [spell(one), spell(other)];
    if (mine !== theirs) this.difference ??= `${what}: ${mine} is not ${theirs}`;
  }

  nodes(one: readonly Node[], other: readonly Node[]): void {
    this.values('number of nodes', one.length, other.length);
    for (const [n, node] of one.entries()) if (other[n]) this.node(node, other[n]);
  }

  /** Whether the pair is new; a part that is shared on one side must be shared on the other. */
  private pair(one: object, other: object, forward: Pairs, backward: Pairs): boolean {
    const [known, back] = [forward.get(one), backward.get(other)];
    if (known === undefined && back === undefined) {
      forward.set(one, other);
      backward.set(other, one);
      return true;
    }
    if (known !== other || back !== one) this.difference ??= 'a part is shared in one graph and not in the other';
    return false;
  }

  private node(one: Node, other: Node): void {
    if (this.difference !== undefined || !this.pair(one, other, this.forward, this.backward)) return;
    this.values('node', plainFields(one), plainFields(other));
    this.nodes(operandNodes(one), operandNodes(other));
    this.roots(expressionsOf(one), expressionsOf(other));
    if (one.op === 'tensor' && other.op === 'tensor') {
      const initials = [one, other].map(({ initial }) => (initial?.law === 'expression' ? [initial.value] : []));
      this.roots(initials[0]!, initials[1]!);
    }
  }

  private expressions(one: readonly Expression[], other: readonly Expression[]): void {
    this.values('number of expressions', one.length, other.length);
    for (const [n, expression] of one.entries()) if (other[n]) this.expression(expression, other[n]);
  }

  /** What is shared between the expressions of a node, or of two, is no part of their meaning: passes share it again. */
  private roots(one: readonly Expression[], other: readonly Expression[]): void {
    this.values('number of expressions', one.length, other.length);
    for (const [n, root] of one.entries()) {
      if (!other[n]) continue;
      this.forwardParts = new Map();
      this.backwardParts = new Map();
      this.expression(root, other[n]);
    }
    // Afterwards, as the expressions of the nodes read have pairs of their own.
    for (const [source, otherSource] of this.sources.splice(0)) this.node(source, otherSource);
  }

  private expression(one: Expression, other: Expression): void {
    if (this.difference !== undefined) return;
    const isLeaf = parts(one).length === 0 && one.kind !== 'read';
    if (!isLeaf && !this.pair(one, other, this.forwardParts, this.backwardParts)) return;
    this.values('expression', plainFields(one), plainFields(other));
    if (one.kind === 'read' && other.kind === 'read') this.sources.push([one.source, other.source]);
    this.expressions(parts(one), parts(other));
  }
}

/** Everything but parts and other nodes. */
const partFields = new Set([
  'value',
  'mask',
  'index',
  'x',
  'y',
  'weights',
  'operand',
  'source',
  'operands',
  'body',
  'origin',
]);

function plainFields(item: Node | Expression): unknown {
  const fields = Object.entries(item).filter(([name, value]) => !partFields.has(name) || typeof value === 'number');
  return Object.fromEntries(
    fields
      .map(([name, value]) => [name, name === 'initial' && value.law === 'expression' ? value.law : value] as const)
      .sort(([x], [y]) => (x < y ? -1 : 1)),
  );
}
