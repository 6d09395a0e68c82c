// The history of a graph: how many rows of queries above an output row its value depends on. A launcher needs so many
// rows more than it gives back. It is the sum of the upward reaches over query rows along the worst path.
import { type Graph, topological } from '../graph.js';
import type { Node } from '../node.js';
import { rootsOf, visitParts } from '../roots.js';
import { followedKinds, offsetOf } from './offset.js';

/**
 * R, the rows of output of a call that does not say: all rows of queries, less those of the history where there are fewer of
 * them than keys. Below 1 where the history takes them all.
 */
export const rowsUnlessTold = (queries: number, keys: number, reach: number): number =>
  queries >= keys ? queries : queries - reach;

/**
 * The rows of history: 0 for plain attention, 5 for a convolution over 6 rows, 10 with another one after the softmax. A
 * sum over all rows, as in gradients, reaches over the rows that are given and adds nothing. A graph that states its
 * history has that one: a gradient graph, and one that the passes have found out more about than its caller knows.
 */
export function history(graph: Graph): number {
  return graph.history ?? rowsAbove(graph);
}

/** The rows above an output row that its value depends on, whatever a caller is to give. */
export function rowsAbove(graph: Graph): number {
  const reach = new Map<Node, number>();
  for (const node of topological(graph)) {
    let worst = 0;
    for (const [source, upward] of upwardReaches(node)) worst = Math.max(worst, upward + reach.get(source)!);
    reach.set(node, worst);
  }
  return Math.max(0, ...graph.outputs.map(({ node }) => reach.get(node)!));
}

/** For each node that `node` reads, how far above its own row it reads it. */
export function upwardReaches(node: Node): ReadonlyMap<Node, number> {
  const found = new Map<Node, number>();
  const note = (source: Node, upward: number): void => {
    found.set(source, Math.max(found.get(source) ?? 0, upward));
  };
  if (node.op === 'dot') for (const each of [node.x, node.y]) note(each, 0);
  if (node.op === 'contract') for (const each of [node.weights, node.operand]) note(each, 0);
  if (node.op === 'fill') note(node.value, 0);
  for (const { role, expression, surroundings } of rootsOf(node)) {
    if (role === 'initial') continue;
    visitParts(expression, surroundings, (part, around) => {
      if (part.kind !== 'read') return;
      let upward = 0;
      for (const [slot, { kind }] of part.source.domain.entries()) {
        if (kind !== 'query') continue;
        // The verifier lets no other index into a query slot.
        const offset = offsetOf(part.index[slot]!, followedKinds[kind]!, around);
        upward = Math.max(upward, -(offset?.range.low ?? 0));
      }
      note(part.source, upward);
    });
  }
  return found;
}
