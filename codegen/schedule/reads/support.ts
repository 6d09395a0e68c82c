// Where a score-like value is known without being computed: outside of a mask it is one number. Fills begin it, pointwise
// maps pass it on (softmax weights are 0 where the logits were hidden), and reads beside the own place end it.

import {
  apply,
  conjunctsOf,
  constantValue,
  dependencies,
  type Expression,
  type Graph,
  isPositional,
  type Node,
  type Read,
  rowStatisticsOf,
  sameExpression,
  topological,
} from '../../../src/ir/index.js';
import { knowsHead, sharedPart } from './head-masks.js';
import { remembered } from './remembered.js';
import { isInPlace, isOwnHead, isScoreLike, scoreReads } from './score-reads.js';

export interface Outside {
  /** A predicate of b, h, i and j. */
  readonly mask: Expression;
  /** What the value is wherever the mask does not hold. */
  readonly value: number;
}

/** The mask outside of which a value over queries and keys is one number, and the number. */
export const outsideOf = remembered((node: Node): Outside | undefined => (isScoreLike(node) ? find(node) : undefined));

/** The mask outside of which a value is `hidden`; undefined where no position is known to be. */
export function supportOf(node: Node, hidden: number): Expression | undefined {
  const outside = outsideOf(node);
  return outside !== undefined && outside.value === hidden ? outside.mask : undefined;
}

/** The mask outside of which all who read a value hide it; undefined where somebody does not, or they do so by different masks. */
export function neededWhere(value: Node, graph: Graph): Expression | undefined {
  if (!isScoreLike(value) || graph.outputs.some(({ node }) => node === value)) return undefined;
  const readers = topological({ inputs: [], outputs: graph.outputs }).filter((each) =>
    dependencies(each).includes(value),
  );
  const masks = readers.map((reader): Expression | undefined => {
    if (reader.op === 'fill' && reader.value === value) return isPositional(reader.mask) ? reader.mask : undefined;
    if (reader.op !== 'map') return undefined;
    const reads = scoreReads(reader).filter(({ source }) => source === value);
    const mask = reads.every(isInPlace) ? neededWhere(reader, graph) : undefined;
    return mask && (reads.every((read) => isOwnHead(read, reader)) || !knowsHead(mask)) ? mask : undefined;
  });
  const [first, ...others] = masks;
  return first && others.every((mask) => mask && sameExpression(mask, first)) ? first : undefined;
}

/** The mask that hides keys from everything that sums over them; undefined where there is none, or more than one. */
export function positionalSupport(graph: Pick<Graph, 'outputs'>): Expression | undefined {
  const masks = topological({ inputs: [], outputs: graph.outputs }).flatMap((node) => {
    if (node.op === 'contract') return [supportOf(node.weights, 0)];
    const statistics = rowStatisticsOf(node);
    return statistics ? [supportOf(statistics.scores, Number.NEGATIVE_INFINITY)] : [];
  });
  const [first] = masks;
  return first && masks.every((mask) => mask && sameExpression(mask, first)) ? first : undefined;
}

function find(node: Node): Outside | undefined {
  if (node.op === 'map') return ofMap(node);
  if (node.op !== 'fill') return undefined;
  const inner = outsideOf(node.value);
  if (!isPositional(node.mask)) return inner?.value === node.otherwise ? inner : undefined;
  // Hidden by either mask, it is the same number.
  const mask = inner?.value === node.otherwise ? conjunction(node.mask, inner.mask) : node.mask;
  return { mask, value: node.otherwise };
}

/** Both masks at once, without what the first already says. */
function conjunction(mask: Expression, further: Expression): Expression {
  const known = conjunctsOf(mask);
  return conjunctsOf(further)
    .filter((each) => !known.some((part) => sameExpression(part, each)))
    .reduce((all, each) => apply('and', all, each), mask);
}

/** A map of values that are all known outside of one mask: what its expression gives for them, if that is a number. */
function ofMap(node: Node & { readonly op: 'map' }): Outside | undefined {
  let mask: Expression | undefined;
  const known = new Map<Read, number>();
  const reads = scoreReads(node);
  const isOfOneHead = reads.every((read) => isOwnHead(read, node));
  for (const read of reads) {
    const outside = isInPlace(read) ? outsideOf(read.source) : undefined;
    // Another head may lie outside of the source, where every read is 0.
    if (!outside || !(outside.value === 0 || isOwnHead(read, node))) continue;
    // What is made of several heads is known where it is for each of them.
    const own = isOfOneHead ? outside.mask : sharedPart(outside.mask);
    mask ??= own;
    if (mask && own && sameExpression(mask, own)) known.set(read.read, outside.value);
  }
  const value = mask === undefined ? undefined : constantValue(node.value, { read: (read) => known.get(read) });
  return mask === undefined || value === undefined ? undefined : { mask, value };
}
