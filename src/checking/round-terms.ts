// The graph whose sums and differences of scores have a node for each term, so that a low evaluation rounds terms too.
// A kernel rounds what it multiplies with the values, and that may be the terms of a difference one by one: where they
// cancel, the error is that of the terms, not that of what is left.
import {
  type Apply,
  apply,
  type Expression,
  type Graph,
  type MapNode,
  mapNodeOver,
  type Node,
  readHere,
  rewrite,
} from '../ir/index.js';

export function withTermsAsNodes(graph: Graph): Graph {
  return rewrite(graph, (node) => (node.op === 'map' && isSum(node.value) ? withTerms(node, node.value) : node));
}

const isSum = (part: Expression): part is Apply =>
  part.kind === 'apply' && part.type === 'float' && (part.operation === 'add' || part.operation === 'subtract');

function withTerms(node: MapNode, sum: Apply): Node {
  const termOf = (part: Expression): Expression => {
    if (part.kind !== 'apply') return part;
    if (isSum(part)) return apply(part.operation, ...part.operands.map(termOf));
    return readHere(mapNodeOver(node.domain, part));
  };
  return { ...node, value: termOf(sum) };
}
