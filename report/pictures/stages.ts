// The stages of a graph's scores, as a person tells them: scores, convolved, mixed, weights, convolved again. Fills and
// constant factors belong to the stage that they finish; what each stage reads of the ones before it are its taps.
import {
  compose,
  dependencies,
  type Footprint,
  footprint,
  footprintsOf,
  type Graph,
  headCount,
  headsRead,
  isReadHere,
  type Node,
  nameNodes,
  operandsIf,
  ownHead,
  readsOf,
  topological,
  unite,
} from '../../src/ir/index.js';
import type { StageRole } from '../shared/page-data.js';

export interface Stage {
  readonly title: string;
  readonly roles: readonly StageRole[];
  /** From the first to the one whose value is shown. */
  readonly members: readonly Node[];
  readonly value: Node;
  /** The names of the members in the text form. */
  readonly nodes: readonly string[];
  readonly reads: readonly { readonly stage: number; readonly footprint: Footprint }[];
}

/** A stage as it grows. */
interface Draft {
  readonly members: Node[];
  readonly isWeights: boolean;
  readonly title: string;
}

const hasAxis = (node: Node, kind: 'query' | 'key'): boolean => node.domain.some((axis) => axis.kind === kind);
/** Whether a node is a value for each query and key that a graph computes. */
export const isScoreLike = (node: Node): boolean =>
  node.op !== 'tensor' &&
  hasAxis(node, 'query') &&
  hasAxis(node, 'key') &&
  node.domain.every(({ kind }) => kind === 'batch' || kind === 'head' || kind === 'query' || kind === 'key');

/** The stages in the order in which they are computed. */
export function stagesOf(graph: Graph): readonly Stage[] {
  const nodes = topological(graph);
  const readers = new Map<Node, number>();
  for (const node of nodes) for (const each of dependencies(node)) readers.set(each, (readers.get(each) ?? 0) + 1);
  const drafts: Draft[] = [];
  const draftOf = new Map<Node, Draft>();
  const fromScores = new Set<Node>();
  for (const node of nodes) {
    const sources = dependencies(node);
    if (sources.some((each) => isScoreLike(each) || fromScores.has(each))) fromScores.add(node);
    if (!isScoreLike(node)) continue;
    const operands = sources.filter(isScoreLike);
    const [only] = operands;
    const finished = only !== undefined && operands.length === 1 ? draftOf.get(only) : undefined;
    if (finished && only && isFinish(node, only) && readers.get(only) === 1) {
      finished.members.push(node);
      draftOf.set(node, finished);
      continue;
    }
    const draft = draftFor(node, { operands, draftOf, fromScores });
    drafts.push(draft);
    draftOf.set(node, draft);
  }
  return finish(graph, drafts, draftOf);
}

/** A fill, or a product or quotient with a number: the same picture with keys hidden, or in another unit. */
function isFinish(node: Node, operand: Node): boolean {
  if (node.op === 'fill') return node.value === operand;
  if (node.op !== 'map') return false;
  const [x, y] = operandsIf(node.value, 'multiply') ?? operandsIf(node.value, 'divide') ?? [];
  return [x, y].some((part) => part?.kind === 'constant') && [x, y].some((part) => part && isReadHere(part, node));
}

interface Around {
  readonly operands: readonly Node[];
  readonly draftOf: ReadonlyMap<Node, Draft>;
  /** Nodes that depend on scores. */
  readonly fromScores: ReadonlySet<Node>;
}

function draftFor(node: Node, { operands, draftOf, fromScores }: Around): Draft {
  const isBehind = operands.some((each) => draftOf.get(each)?.isWeights === true);
  const readsRows =
    node.op === 'map' && readsOf(node.value).some(({ source }) => !hasAxis(source, 'key') && fromScores.has(source));
  const isNormalised = !isBehind && operands.length === 1 && readsRows;
  const title = isNormalised ? 'weights' : `${isBehind ? 'weights ' : ''}${kindOf(node, operands)}`;
  return { members: [node], isWeights: isBehind || isNormalised, title };
}

function kindOf(node: Node, operands: readonly Node[]): string {
  if (node.op === 'dot') return 'scores';
  if (operands.length === 0) return 'by position';
  if (operands.length > 1) return 'combined';
  const taken = footprintsOf(node).get(operands[0]!)!;
  const words = [
    ...(taken.taps.length > 1 || taken.taps.some(({ query, key }) => query !== 0 || key !== 0) ? ['convolved'] : []),
    ...(isOwnHead(taken) ? [] : ['mixed']),
  ];
  if (words.length > 0) return words.join(' and ');
  const isSum =
    node.op === 'map' && (operandsIf(node.value, 'add') ?? operandsIf(node.value, 'subtract')) !== undefined;
  return isSum ? 'biased' : 'mapped';
}

function isOwnHead(taken: Footprint): boolean {
  return (headsRead(taken)?.reads ?? []).every((heads, head) => heads.length === 1 && heads[0] === head);
}

function finish(graph: Graph, drafts: readonly Draft[], draftOf: ReadonlyMap<Node, Draft>): readonly Stage[] {
  const names = nameNodes(graph);
  const contracted = new Set(
    topological(graph).flatMap((node) => (node.op === 'contract' && node.over === 'key' ? [node.weights] : [])),
  );
  const last = new Set(drafts.filter(({ members }) => contracted.has(members.at(-1)!)));
  const readsOfDraft = new Map(drafts.map((draft) => [draft, stageReads(draft, draftOf, topological(graph))]));
  const logits = new Set(
    drafts.filter(({ title }) => title === 'weights').flatMap((draft) => [...readsOfDraft.get(draft)!.keys()]),
  );
  const titles = new Map<string, number>();
  return drafts.map((draft): Stage => {
    const { members, isWeights } = draft;
    // Without a normaliser, what is contracted with the values are the weights.
    const plain = last.has(draft) && !isWeights ? 'weights' : draft.title;
    const count = (titles.get(plain) ?? 0) + 1;
    titles.set(plain, count);
    const value = members.at(-1)!;
    const roles: StageRole[] = [
      ...(members[0]!.op === 'dot' ? (['scores'] as const) : []),
      ...(logits.has(draft) ? (['logits'] as const) : []),
      ...(plain === 'weights' ? (['weights'] as const) : []),
      ...(last.has(draft) ? (['last'] as const) : []),
    ];
    return {
      title: count === 1 ? plain : `${plain} ${count}`,
      roles,
      members,
      value,
      nodes: members.map((node) => names.get(node)!),
      reads: [...readsOfDraft.get(draft)!].map(([source, taps]) => ({
        stage: drafts.indexOf(source),
        footprint: taps,
      })),
    };
  });
}

/** The stages that a stage reads, be it through statistics of their rows, and at which taps. */
function stageReads(
  { members }: Draft,
  draftOf: ReadonlyMap<Node, Draft>,
  nodes: readonly Node[],
): ReadonlyMap<Draft, Footprint> {
  const value = members.at(-1)!;
  const own = ownHead(headCount(value.domain));
  const found = new Map<Node, Footprint>([[value, footprint([{ heads: own, query: 0, key: 0 }])]]);
  const reads = new Map<Draft, Footprint>();
  // Readers before what they read, so that each footprint is whole before it is passed on; not beyond the next stage.
  for (const node of [...nodes].reverse()) {
    const taps = found.get(node);
    if (taps === undefined) continue;
    const other = draftOf.get(node);
    if (other !== undefined && !members.includes(node)) {
      const before = reads.get(other);
      reads.set(other, before ? unite(before, taps) : taps);
      continue;
    }
    for (const [source, edge] of footprintsOf(node)) {
      const through = compose(taps, edge);
      const before = found.get(source);
      found.set(source, before ? unite(before, through) : through);
    }
  }
  return reads;
}
