// Pass: equal expressions become one object, and equal nodes one node, across the whole graph.
// Exact because nothing is computed differently, only once. Labels are no part of a meaning: the first one stays.
import {
  type Domain,
  type Expression,
  type Graph,
  type IterationAxis,
  mapNode,
  mapParts,
  type Node,
  rewrite,
  staticSize,
} from '../ir/index.js';
import type { Pass } from './pass.js';

export const shareCommonSubexpressions: Pass = {
  name: 'share common subexpressions',
  run(graph: Graph): Graph {
    const table = new Table();
    return rewrite(graph, (node) => table.node(node));
  },
};

/** The same expression with its equal parts as one object, so that each is computed once. */
export const sharedExpression = (root: Expression): Expression => new Table().expression(root);

/** One representative for each expression and node that was seen, found by a key over the numbers of its parts. */
class Table {
  private readonly numbers = new Map<object, number>();
  private readonly representatives = new Map<string, object>();
  private readonly known = new Map<Expression, Expression>();

  node(node: Node): Node {
    if (node.op === 'tensor') return node;
    const shared = mapNode(
      node,
      (operand) => operand,
      (expression) => this.expression(expression),
    ) as SharedNode;
    return this.representative(this.nodeKey(shared), shared);
  }

  expression(expression: Expression): Expression {
    const known = this.known.get(expression);
    if (known) return known;
    const shared = mapParts(expression, (part) => this.expression(part));
    const result = this.representative(this.expressionKey(shared), shared);
    this.known.set(expression, result);
    return result;
  }

  private representative<Shared extends object>(key: string, candidate: Shared): Shared {
    const found = this.representatives.get(key);
    if (found) return found as Shared;
    this.representatives.set(key, candidate);
    return candidate;
  }

  private number(object: object): number {
    let number = this.numbers.get(object);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(object, number);
    }
    return number;
  }

  private list(objects: readonly object[]): string {
    return objects.map((each) => this.number(each)).join(',');
  }

  private expressionKey(expression: Expression): string {
    switch (expression.kind) {
      case 'constant':
        return `constant ${expression.type} ${spell(expression.value)}`;
      case 'variable':
        return `variable ${expression.name}`;
      case 'length':
        return `length ${expression.of}`;
      case 'read':
        return `read ${this.number(expression.source)} ${this.list(expression.index)}`;
      case 'apply':
        return `${expression.operation} ${expression.type} ${this.list(expression.operands)}`;
      case 'accumulate': {
        const counters = expression.counters.map(({ name, extent }) => `${name}<${extent}`).join(',');
        return `${expression.monoid} ${expression.type} ${counters} ${this.number(expression.body)}`;
      }
    }
  }

  private nodeKey(node: SharedNode): string {
    const start = `node ${node.op} ${domainKey(node.domain)}`;
    switch (node.op) {
      case 'dot':
        return `${start} ${this.list([node.x, node.y])}`;
      case 'contract':
        return `${start} ${node.over} ${this.list([node.weights, node.operand])}`;
      case 'map':
      case 'rowmap':
        return `${start} ${this.number(node.value)}`;
      case 'fill':
        return `${start} ${this.list([node.value, node.mask])} ${spell(node.otherwise)}`;
      case 'reduce':
        return `${start} ${node.monoid} ${iterationKey(node.over)} ${this.number(node.value)}`;
      case 'bin':
        return `${start} ${iterationKey(node.iterate)} ${this.list(node.index)} ${this.number(node.value)}`;
    }
  }
}

/** Tensors are inputs: two are never the same. */
type SharedNode = Exclude<Node, { op: 'tensor' }>;

const spell = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));
const domainKey = (domain: Domain): string => domain.map((axis) => `${axis.kind}${staticSize(axis) ?? ''}`).join(',');
const iterationKey = (iteration: readonly IterationAxis[]): string =>
  iteration.map(({ variable, axis }) => `${variable}=${domainKey([axis])}`).join(',');
