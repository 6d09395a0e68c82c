// What element expressions of tile operations read on chip: the entry of an operand at the entry that is computed, and
// entries of rings and boxes at absolute indices. Everything else that they read is a table in global memory.
import { type Expression, type Node, read, readsOf, type TensorNode, tensorNode } from '../../src/ir/index.js';

/** Nodes that stand for the nth of something in element expressions, the same ones in all of them. */
class NumberedNodes {
  private readonly nodes: TensorNode[] = [];
  private readonly numbers = new Map<unknown, number>();
  private readonly create: (n: number) => TensorNode;

  constructor(create: (n: number) => TensorNode) {
    this.create = create;
  }

  at(n: number): TensorNode {
    for (let next = this.nodes.length; next <= n; next += 1) {
      const node = this.create(next);
      this.nodes.push(node);
      this.numbers.set(node, next);
    }
    return this.nodes[n]!;
  }

  numberOf(node: unknown): number | undefined {
    return this.numbers.get(node);
  }
}

const operands = new NumberedNodes((n) => tensorNode(`%${n}`, 'tensor', []));
const sources = new NumberedNodes((n) => tensorNode(`%source${n}`, 'tensor', [{ kind: 'query' }, { kind: 'key' }]));

/** The value of the nth operand at the entry that is computed. */
export const operand = (n: number): Expression => read(operands.at(n), []);

/** The index of an operand node; undefined for tables. */
export const operandIndex = (node: Node): number | undefined => operands.numberOf(node);

/** The entry of the nth source of a window at absolute indices. */
export const neighbourAt = (n: number, query: Expression, key: Expression): Expression =>
  read(sources.at(n), [query, key]);

/** The index of a source's node in a window; undefined for tables and operands. */
export const neighbourIndex = (node: Node): number | undefined => sources.numberOf(node);

const nearby = new WeakMap<Expression, boolean>();

/** Whether an expression reads entries of rings or boxes, which what is pushed later may overwrite. */
export function readsNeighbours(expression: Expression): boolean {
  const found =
    nearby.get(expression) ?? readsOf(expression).some(({ source }) => neighbourIndex(source) !== undefined);
  nearby.set(expression, found);
  return found;
}
