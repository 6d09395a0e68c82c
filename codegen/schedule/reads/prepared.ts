// A graph as kernels run it. A head that is chosen by position or by data is read as a sum over all heads of which one is
// taken, so that a block knows which heads it reads. What stops gradients is left out: nothing is differentiated behind a schedule.

import {
  accumulate,
  anyPart,
  apply,
  canonicalCounters,
  domainVariables,
  type Expression,
  float,
  freeVariables,
  freshCounter,
  type Graph,
  headsOf,
  mapNode,
  mapReads,
  type Node,
  rewrite,
  rewriteExpressions,
  staticSize,
  variable,
} from '../../../src/ir/index.js';
import { headSlot } from './tile-expression.js';

/** The graph with every head that it reads of a computed value known when it is compiled, and without stops of gradients. */
export const prepared = (graph: Graph): Graph =>
  rewrite(
    rewrite(graph, (node) =>
      mapNode(
        node,
        (operand) => operand,
        (expression) => withKnownHeads(expression, node),
      ),
    ),
    (node) =>
      rewriteExpressions(node, (part) =>
        part.kind === 'apply' && part.operation === 'stopGradient' ? part.operands[0]! : part,
      ),
  );

function withKnownHeads(root: Expression, reader: Node): Expression {
  const positions = domainVariables(reader.domain).filter((_, n) => staticSize(reader.domain[n]!) === undefined);
  const isChosen = (head: Expression): boolean =>
    positions.some((name) => freeVariables(head).has(name)) ||
    anyPart(head, ({ kind }) => kind === 'read' || kind === 'length');
  const result = mapReads(root, (read) => {
    const slot = headSlot(read.source);
    const head = read.index[slot];
    if (read.source.op === 'tensor' || head === undefined || !isChosen(head)) return read;
    const counter = freshCounter(headsOf(read.source.domain));
    const own = variable(counter.name);
    const element = { ...read, index: read.index.map((at, n) => (n === slot ? own : at)) };
    return accumulate('sum', [counter], apply('select', apply('equal', own, head), element, float(0)));
  });
  return result === root ? root : canonicalCounters(result);
}
