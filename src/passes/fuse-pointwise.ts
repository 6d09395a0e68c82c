// Pass: a map that is read only at the readers' own places becomes part of its readers.
// Exact because the same operations run on the same numbers, and an own read is never outside the domain. Work is not
// repeated: a map with several readers, or readers over more axes, is fused only where it is trivial arithmetic.
import {
  anyPart,
  boundAxes,
  canonicalCounters,
  consumers,
  domainVariables,
  type Expression,
  expressionsOf,
  type Graph,
  heightOf,
  isOwnRead,
  isTrivial,
  type MapNode,
  MOST_FUSED_HEIGHT,
  mapNode,
  mapReads,
  type Node,
  normaliserParts,
  type RowMapNode,
  rewrite,
  rootsOf,
  substitute,
  visitParts,
} from '../ir/index.js';
import type { Pass } from './pass.js';

export const fusePointwise: Pass = {
  name: 'fuse pointwise maps',
  run(graph: Graph): Graph {
    const readers = consumers(graph);
    const outputs = new Set<Node>(graph.outputs.map(({ node }) => node));
    const parts = normaliserParts(graph);
    const fused = new Set<Node>();
    return rewrite(graph, (node, before) => {
      const rebuilt = withFused(node, fused);
      const mayFuse = isMap(before) && isMap(rebuilt) && !outputs.has(before) && !isKeptApart(before, parts);
      if (mayFuse && isFusedBy(readers.get(before)!, before, rebuilt, parts)) fused.add(rebuilt);
      return rebuilt;
    });
  },
};

type PointwiseNode = MapNode | RowMapNode;

const isMap = (node: Node): node is PointwiseNode => node.op === 'map' || node.op === 'rowmap';

/** Whether `map` may become part of all of its readers; `grown` is what it is after others became part of it. */
function isFusedBy(
  readers: readonly Node[],
  map: PointwiseNode,
  grown: PointwiseNode,
  parts: ReadonlySet<Node>,
): boolean {
  if (readers.length === 0) return false;
  const isFree = isTrivial(grown.value);
  if (readers.length > 1 && !isFree) return false;
  const height = heightOf(grown.value);
  return readers.every((reader) => {
    if (!takesMaps(reader, parts) || !readsOwnOnly(reader, map)) return false;
    if (expressionsOf(reader).some((expression) => heightOf(expression) + height > MOST_FUSED_HEIGHT)) return false;
    return isFree || boundAxes(reader).length === map.domain.length;
  });
}

/**
 * Stencils and mixes of scores stay nodes of their own, and so do the parts of a normaliser: schedules look for them.
 */
function isKeptApart(map: PointwiseNode, parts: ReadonlySet<Node>): boolean {
  if (parts.has(map)) return true;
  return map.op === 'map' && anyPart(map.value, ({ kind }) => kind === 'accumulate');
}

/** Whether a reader's expression may grow. The parts of a normaliser read one and the same node. */
function takesMaps(reader: Node, parts: ReadonlySet<Node>): boolean {
  if (reader.op === 'reduce' && reader.monoid === 'logSumExp') return false;
  return (isMap(reader) || reader.op === 'reduce' || reader.op === 'bin') && !parts.has(reader);
}

function readsOwnOnly(reader: Node, map: Node): boolean {
  let own = true;
  for (const { expression, surroundings } of rootsOf(reader)) {
    visitParts(expression, surroundings, (part, around) => {
      if (part.kind === 'read' && part.source === map && !isOwnRead(part, around)) own = false;
    });
  }
  return own;
}

function withFused(node: Node, fused: ReadonlySet<Node>): Node {
  if (fused.size === 0) return node;
  const replace = (expression: Expression): Expression =>
    canonicalCounters(
      mapReads(expression, (read) => {
        const { source, index } = read;
        if (!fused.has(source) || !isMap(source)) return read;
        const variables = domainVariables(source.domain);
        return substitute(source.value, new Map(variables.map((name, n) => [name, index[n]!])));
      }),
    );
  return mapNode(node, (operand) => operand, replace);
}
