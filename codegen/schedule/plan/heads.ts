// Heads of a block: which heads are computed together, and how a head slot of a read is resolved within them.
// Blocks take equal, contiguous groups of output heads; a value with more heads has as many more in a group. Where heads
// read one another in no such pattern, a block takes all of them. Heads that lie in memory tie no group together.

import { headCount } from '../../../src/ir/footprint/heads.js';
import {
  type Expression,
  evaluate,
  freeVariables,
  type Graph,
  headGroups,
  integer,
  MOST_HEADS,
  type Node,
  namedValuesOf,
  rootsOf,
  substitute,
  topological,
  variable,
  variablesIn,
  visitParts,
} from '../../../src/ir/index.js';
import { plus, times } from '../../tile/scalars.js';
import type { Scalar } from '../../tile/types.js';
import { demand, Unschedulable } from '../reads/reason.js';
import { isFreeRead, isOwnHead, scoreReads } from '../reads/score-reads.js';
import { headSlot } from '../reads/tile-expression.js';

/** The grid variable that counts groups. */
export const GROUP = 'g';

/**
 * Heads that a block takes together although nothing ties them: each of them reads the same heads from memory, which are
 * loaded once for all of them. With more, tiles and accumulators leave too few registers.
 */
const SHARING_LOADS = 4;

/** The groups of a graph: as small as its reads allow. @param sharingLoads how many heads that read the same ones a block takes */
export function headGroupsOf(graph: Graph, sharingLoads = SHARING_LOADS): HeadGroupsOfBlocks {
  if (readsHeadsInMemory(graph)) {
    const heads = headCount(graph.outputs[0]!.node.domain);
    const sizes = Array.from({ length: heads }, (_, n) => n + 1).filter((size) => heads % size === 0);
    const isFew = (size: number): boolean => size <= sharingLoads;
    for (const size of [...sizes.filter(isFew).reverse(), ...sizes.filter((each) => !isFew(each))]) {
      const found = new HeadGroupsOfBlocks(heads / size);
      if (isUniform(graph, found)) return found;
    }
  }
  const { groups } = headGroups(graph);
  const { length: size } = groups[0]!;
  const isRegular = groups.every(
    (group, n) => group.length === size && group.every((each, m) => each === n * size + m),
  );
  const found = new HeadGroupsOfBlocks(isRegular ? groups.length : 1);
  return found.groups === 1 || isUniform(graph, found) ? found : new HeadGroupsOfBlocks(1);
}

/** Whether some value reads another head than its own from memory. */
export function readsHeadsInMemory(graph: Graph): boolean {
  return topological({ inputs: [], outputs: graph.outputs }).some((node) =>
    scoreReads(node).some((read) => isFreeRead(read) && !isOwnHead(read, node)),
  );
}

/** Whether every read of what a block computes stays in the block's group, at the same place in each. */
function isUniform(graph: Graph, heads: HeadGroupsOfBlocks): boolean {
  // An output without heads is stored by one block alone.
  if (graph.outputs.some(({ node }) => headCount(node.domain) % heads.groups !== 0)) return false;
  try {
    for (const node of topological({ inputs: [], outputs: graph.outputs })) {
      if (node.op === 'tensor') continue;
      // What has no heads is computed in every block.
      const count = headSlot(node) < 0 ? 1 : heads.inGroup(headCount(node.domain));
      for (let n = 0; n < count; n += 1) resolveAll(heads, node, n);
    }
    return true;
  } catch (error) {
    if (error instanceof Unschedulable) return false;
    throw error;
  }
}

function resolveAll(heads: HeadGroupsOfBlocks, node: Node, n: number): void {
  const free = new Set(scoreReads(node).flatMap((each) => (isFreeRead(each) ? [each.read] : [])));
  for (const { expression, surroundings } of rootsOf(node)) {
    visitParts(expression, surroundings, (part, { counters }) => {
      if (part.kind !== 'read' || part.source.op === 'tensor' || headSlot(part.source) < 0) return;
      const index = part.index[headSlot(part.source)]!;
      const slot: HeadSlot = { index, reader: node, source: part.source };
      if (!free.has(part)) heads.places(slot, n, counters);
      else for (const each of valuesOf(index, counters)) heads.scalarInMemory(slot, n, each);
    });
  }
}

/** The slot of a read that says which head it is of. */
export interface HeadSlot {
  readonly index: Expression;
  readonly reader: Node;
  readonly source: Node;
}

/** A loop over heads around a read: the counter that it stands for, and its variable. */
export interface HeadLoop {
  readonly name: string;
  readonly extent: number;
  readonly scalar: Scalar;
}

export class HeadGroupsOfBlocks {
  /** Number of groups: blocks along the heads. */
  readonly groups: number;
  /** The variable that counts them. */
  private readonly variable: string;

  constructor(groups: number, variable = GROUP) {
    this.groups = groups;
    this.variable = variable;
  }

  /** How many heads of a node with `heads` heads lie in a group. */
  inGroup(heads: number): number {
    demand(heads % this.groups === 0, `${heads} heads do not divide into ${this.groups} groups`);
    return heads / this.groups;
  }

  /** The head number of the nth head of the block's group. */
  scalar(heads: number, n: number): Scalar {
    const stride = this.inGroup(heads);
    return plus(stride === 1 ? this.variable : times(this.variable, stride), n);
  }

  /**
   * Which head of the group a head slot reads from head `n` of a reader with `readers` heads: the same place in every
   * group, or undefined where it lies outside of the source and reads 0.
   */
  resolve({ index, reader, source }: HeadSlot, n: number, counters: ReadonlyMap<string, number>): number | undefined {
    const [readers, sources] = [headCount(reader.domain), headCount(source.domain)];
    const [stride, sourceStride] = [this.inGroup(readers), this.inGroup(sources)];
    let found: number | 'outside' | undefined;
    for (let group = 0; group < this.groups; group += 1) {
      const head = evaluate(index, variablesIn(new Map([...counters, ['h', group * stride + n]])));
      demand(head !== undefined, 'a head that depends on the row or key needs all heads at once');
      const place = head < 0 || head >= sources ? 'outside' : head - group * sourceStride;
      demand(found === undefined || found === place, 'heads read one another in another way from group to group');
      demand(place === 'outside' || (place >= 0 && place < sourceStride), 'a head reads a head of another group');
      found = place;
    }
    return found === 'outside' ? undefined : found;
  }

  /**
   * The head of a value in memory that a head slot reads from head `n` of a reader: a scalar, as it may be another place
   * of its group in each group. Undefined where it lies outside of the source and reads 0.
   */
  scalarInMemory(
    { index, reader, source }: HeadSlot,
    n: number,
    counters: ReadonlyMap<string, number>,
    loop?: HeadLoop,
  ): Scalar | undefined {
    const stride = this.inGroup(headCount(reader.domain));
    const turns = loop ? valuesOf(variable(loop.name), new Map([[loop.name, loop.extent]])) : [new Map()];
    let [inside, outside] = [0, 0];
    for (let group = 0; group < this.groups; group += 1) {
      for (const turn of turns) {
        const head = evaluate(index, variablesIn(new Map([...counters, ...turn, ['h', group * stride + n]])));
        demand(head !== undefined, 'a head that depends on the row or key needs all heads at once');
        if (head < 0 || head >= headCount(source.domain)) outside += 1;
        else inside += 1;
      }
    }
    if (inside === 0) return undefined;
    demand(outside === 0, 'a head is read that is there for some groups of heads alone');
    const values = new Map<string, Expression>([...counters].map(([name, value]) => [name, integer(value)]));
    if (loop) values.set(loop.name, loop.scalar);
    const own = this.scalar(headCount(reader.domain), n);
    return plus(substitute(index, values.set('h', this.groups === 1 ? integer(n) : own)), 0);
  }

  /** The heads of the group that a head slot names, over all values of the counters in it; those outside are left out. */
  places(slot: HeadSlot, n: number, counters: ReadonlyMap<string, number>): readonly number[] {
    const found = valuesOf(slot.index, counters).map((each) => this.resolve(slot, n, each));
    return [...new Set(found.filter((place) => place !== undefined))];
  }
}

/** Values of counters that one head index may take: more than there are heads many times over. */
const MOST_VALUES = 4 * MOST_HEADS;

/** All values of the counters that an index depends on, given the extents of those around it. */
function valuesOf(index: Expression, extents: ReadonlyMap<string, number>): readonly ReadonlyMap<string, number>[] {
  const free = freeVariables(index);
  const count = [...extents].reduce((product, [name, extent]) => product * (free.has(name) ? extent : 1), 1);
  demand(
    count <= MOST_VALUES,
    `a head is read at ${count} values of its counters, and at most ${MOST_VALUES} are written out`,
  );
  return namedValuesOf([...extents].flatMap(([name, extent]) => (free.has(name) ? [{ name, extent }] : [])));
}
