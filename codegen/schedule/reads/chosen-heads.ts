// Heads that are chosen by position or by data: such a read is a sum over all heads of which one is taken. A block then knows
// which heads it reads, as each is a counter, and no schedule has anything else to know of it.

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
  staticSize,
  variable,
} from '../../../src/ir/index.js';
import { headSlot } from './rewriting.js';

/** The graph with every head that it reads of a computed value known when it is compiled. */
export const withKnownHeads = (graph: Graph): Graph =>
  rewrite(graph, (node) =>
    mapNode(
      node,
      (operand) => operand,
      (expression) => changed(expression, node),
    ),
  );

function changed(root: Expression, reader: Node): Expression {
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
