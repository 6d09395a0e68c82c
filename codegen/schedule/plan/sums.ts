// Sums of scores that are none of a softmax: along the sweep, or over rows and keys together where blocks own neither, as the
// gradients of kernels and tables are. What they sum is made a value of its own, which tiles are computed of.

import {
  apply,
  consumers,
  domainVariables,
  type Expression,
  float,
  freeVariables,
  type Graph,
  headsOf,
  mapNodeOver,
  type Node,
  type NodeOf,
  normaliserParts,
  operandsIf,
  type Read,
  readHere,
  rewrite,
  scoreDomain,
} from '../../../src/ir/index.js';
import { demand } from '../reads/reason.js';
import { isInPlace, isScoreLike, type ScoreAxis, scoreReads } from '../reads/score-reads.js';
import type { Sweep } from './space.js';

export type SumNode = NodeOf<'reduce' | 'bin'>;

/** Whether a node reduces scores along one axis to a value for each position of the other one. */
const isSumAlong = (node: Node, axis: ScoreAxis): node is NodeOf<'reduce'> =>
  node.op === 'reduce' && node.over.length === 1 && node.over[0]!.axis.kind === axis && node.domain.length === 3;

/** Whether a node sums over all rows and keys, for each head: of each batch entry or of all of them. */
export function isSumOverBoth(node: Node): node is SumNode {
  if (node.op !== 'reduce' && node.op !== 'bin') return false;
  const iterated = node.op === 'bin' ? node.iterate : node.over;
  const kinds = iterated.map(({ axis }) => axis.kind);
  return kinds.includes('query') && kinds.includes('key') && !(node.op === 'reduce' && kinds.includes('head'));
}

/** Whether a node is a sum that a kernel of this sweep gives. */
export const isSum = (node: Node, { swept, ownsNothing, givesParts }: Sweep): node is SumNode =>
  (!ownsNothing && isSumAlong(node, swept)) || ((ownsNothing || givesParts) === true && isSumOverBoth(node));

/** The graph whose sums are each of values over rows and keys that tiles are computed of. */
export function withSummands(graph: Graph, sweep: Sweep): Graph {
  const ofSoftmax = normaliserParts(graph);
  const readers = consumers(graph);
  return rewrite(graph, (node, before) => {
    if (!isSum(node, sweep) || ofSoftmax.has(before)) return node;
    return isOfTile(before as SumNode, readers) ? node : { ...node, value: ofTiles(node, node.value) };
  });
}

/** Whether a sum is of a value as it is, or of one that nobody else reads times another one beside it. */
function isOfTile(node: SumNode, readers: ReadonlyMap<Node, readonly Node[]>): boolean {
  const [own, beside] = operandsIf(node.value, 'multiply') ?? [node.value];
  const read = scoreReads(node).find((each) => each.read === own && isInPlace(each));
  if (!read || beside === undefined) return read !== undefined;
  const isAlone = read.source.op === 'map' && readers.get(read.source)!.length === 1;
  return isAlone && beside.kind === 'read' && isScoreLike(beside.source);
}

/** The value of a sum as a tile at the own place, times at most one read beside it that the axes of the sum's domain shift. */
function ofTiles(node: SumNode, value: Expression): Expression {
  const taps = new Set(domainVariables(node.domain).filter((_, n) => node.domain[n]!.kind === 'extent'));
  const isTapped = (part: Expression): boolean =>
    node.op === 'reduce' && [...freeVariables(part)].some((name) => taps.has(name));
  const factors = factorsOf(value);
  const [beside, ...others] = factors.filter(isTapped);
  const heads = node.op === 'bin' ? node.iterate.find(({ axis }) => axis.kind === 'head')?.axis : undefined;
  const domain = scoreDomain(heads && 'size' in heads ? heads.size : headsOf(node.domain));
  const rest = factors.filter((each) => each !== beside);
  const own = readHere(
    mapNodeOver(domain, rest.length === 0 ? float(1) : rest.reduce((all, each) => apply('multiply', all, each))),
  );
  if (!beside) return own;
  demand(
    others.length === 0 && beside.kind === 'read' && isScoreLike(beside.source),
    'the gradient of a kernel is a sum of products with more than one value that its taps shift',
  );
  return apply('multiply', own, beside);
}

/** The factors of a product; a factor of 0 hides the others, which are finite scores. */
function factorsOf(value: Expression): readonly Expression[] {
  const operands = operandsIf(value, 'multiply') ?? operandsIf(value, 'absorbingMultiply');
  return operands ? operands.flatMap(factorsOf) : [value];
}

/** What a sum takes tile by tile, and what it reads beside that. */
export function summandOf({ value }: SumNode): { readonly tile: Node; readonly beside: Read | undefined } {
  const [tile, beside] = (operandsIf(value, 'multiply') ?? [value]) as readonly Read[];
  return { tile: tile!.source, beside };
}
