// What scores of gradients take from rows or keys alone, apart from them: passes put it into each score, where a block computes it once
// for a row of them, before its sweep if the row is its own. Sums over features among it go to memory, once a row for all blocks.

import {
  type Axis,
  anyPart,
  type Expression,
  freeVariables,
  type Graph,
  isGradientGraph,
  linearForm,
  mapNodeOver,
  mapParts,
  type Node,
  type NodeOf,
  readHere,
  rewrite,
  sameExpression,
} from '../../../src/ir/index.js';
import { isScoreLike } from './score-reads.js';

/** A part of scores that is a value of rows or of keys. */
interface Apart {
  readonly value: Expression;
  readonly domain: readonly Axis[];
  readonly node: Node;
}

/** A gradient graph whose scores read values of rows and of keys; every other graph as it is. */
export function rowsApart(graph: Graph): Graph {
  if (!isGradientGraph(graph)) return graph;
  const known: Apart[] = [];
  return rewrite(graph, (node) =>
    node.op === 'map' && isOfPairs(node) ? { ...node, value: apart(node, known) } : node,
  );
}

const isOfPairs = (node: NodeOf<'map'>): boolean => {
  const kinds = node.domain.map(({ kind }) => kind);
  return kinds.includes('query') && kinds.includes('key') && linearForm(node) === undefined;
};

function apart({ value, domain }: NodeOf<'map'>, known: Apart[]): Expression {
  const sides = (['query', 'key'] as const).map((other) => domain.filter(({ kind }) => kind !== other));
  const visit = (part: Expression): Expression => {
    // Indices say where; counters belong to the sum around them.
    if (part.kind === 'read' || part.kind === 'accumulate') return sideOf(part) ?? part;
    return sideOf(part) ?? mapParts(part, visit);
  };
  const sideOf = (part: Expression): Expression | undefined => {
    if (part.type !== 'float' || !anyPart(part, isOfTensor) || anyPart(part, isOfScores)) return undefined;
    const free = freeVariables(part);
    const side = sides.find((axes) => [...free].every((name) => axes.some(({ kind }) => letters[kind] === name)));
    if (side === undefined || !(free.has('i') || free.has('j'))) return undefined;
    return readHere(nodeFor(part, side, known));
  };
  return visit(value);
}

const letters: Partial<Record<Axis['kind'], string>> = { batch: 'b', head: 'h', query: 'i', key: 'j' };

const isOfTensor = (part: Expression): boolean => part.kind === 'read';
const isOfScores = (part: Expression): boolean => part.kind === 'read' && isScoreLike(part.source);

function nodeFor(value: Expression, domain: readonly Axis[], known: Apart[]): Node {
  const found = known.find(
    (each) =>
      each.domain.length === domain.length && isSameDomain(each.domain, domain) && sameExpression(each.value, value),
  );
  if (found) return found.node;
  const node = mapNodeOver(domain, value);
  known.push({ value, domain, node });
  return node;
}

const isSameDomain = (one: readonly Axis[], other: readonly Axis[]): boolean =>
  one.every((each, n) => each.kind === other[n]!.kind && JSON.stringify(each) === JSON.stringify(other[n]));
