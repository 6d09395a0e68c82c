// Which stage of a program computes each value: one behind those whose rows it reads from memory. Scores are computed by
// every stage that needs them, as they never lie in memory whole.

import {
  dependencies,
  type Expression,
  type Graph,
  type Node,
  normaliserOf,
  type RowStatistics,
  rowStatisticsOf,
  topological,
} from '../../../src/ir/index.js';
import { isOverBoth } from '../plan/roles.js';
import { rowsOverKeys } from '../plan/space.js';
import { type Beside, readsBeside } from '../reads/feature-sums.js';

/** How a value is read that must lie in memory for it. */
export type Need = Beside | 'by scores' | 'by a further softmax';

export interface Standings {
  /** The last stage; 0 where nothing needs to lie in memory. */
  readonly last: number;
  readonly stageOf: (node: Node) => number;
  /** Whether a value is one of rows that depends on scores. */
  readonly isRows: (node: Node) => boolean;
  /** What must lie in memory, and why. */
  readonly needs: ReadonlyMap<Node, Need>;
}

/** The standings of a graph; nothing where it holds what no kernel makes. */
export function standingsOf(graph: Graph, sharesHeads: boolean): Standings | undefined {
  const order = topological({ inputs: [], outputs: graph.outputs });
  const found = new Found(order, sharesHeads);
  for (const node of order) if (!found.add(node)) return undefined;
  const last = Math.max(0, ...graph.outputs.map(({ node }) => found.stageOf(node)));
  // Gradients of keys and values wait for one another: one kernel computes the scores for all of them.
  const isLate = (node: Node): boolean => isColumn(node) && !found.needs.has(node);
  const given = new Set(graph.outputs.map(({ node }) => node));
  return {
    last,
    stageOf: (node) => (given.has(node) && isLate(node) ? last : found.stageOf(node)),
    isRows: (node) => found.rows.has(node),
    needs: found.needs,
  };
}

class Found {
  readonly rows = new Set<Node>();
  readonly needs = new Map<Node, Need>();
  private readonly stages = new Map<Node, number>();
  /** The first stage that can compute scores from sums of softmaxes that all lie in memory. */
  private readonly settled = new Map<Node, number>();
  /** The statistics that a maximum of scores, the reference m, or a sum of exponentials is a part of. */
  private readonly statistics: {
    readonly largest: Map<Node, RowStatistics>;
    readonly maximum: Map<Node, RowStatistics>;
    readonly total: Map<Node, RowStatistics>;
  } = { largest: new Map(), maximum: new Map(), total: new Map() };
  private readonly sharesHeads: boolean;
  /** Whether rows are summed over: weights are then those of known statistics, as no row's sum is waited for along the way. */
  private readonly sweepsRows: boolean;

  constructor(order: readonly Node[], sharesHeads: boolean) {
    this.sharesHeads = sharesHeads;
    this.sweepsRows = order.some((node) => node.op === 'contract' && node.over === rowsOverKeys.owned);
    for (const node of order) {
      const found = rowStatisticsOf(node);
      if (!found) continue;
      this.statistics.largest.set(found.largest, found);
      this.statistics.maximum.set(found.maximum, found);
      this.statistics.total.set(found.total, found);
    }
  }

  readonly stageOf = (node: Node): number => this.stages.get(node) ?? 0;

  /** Adds a node whose sources are added. Says whether schedules know its kind. */
  add(node: Node): boolean {
    if (node.op === 'tensor') return true;
    const sources = dependencies(node);
    if (isScores(node)) return this.addScores(node, sources);
    if (this.statistics.maximum.has(node)) return this.addReference(node, this.statistics.maximum.get(node)!);
    // It goes with the reference that it is a part of.
    if (this.statistics.largest.has(node)) return true;
    const isOfRows = sources.some((source) => this.rows.has(source));
    const isOfScores = sources.some((source) => isScores(source));
    if (isOfScores) return this.addSum(node, sources);
    if (node.op !== 'map' && node.op !== 'rowmap') return false;
    if (isOfRows) this.addRows(node, sources);
    return true;
  }

  private addScores(node: Node, sources: readonly Node[]): boolean {
    if (node.op !== 'dot' && node.op !== 'map' && node.op !== 'fill') return false;
    const own = this.sweepsRows ? undefined : normaliserOf(node);
    const stages = sources.map((source) =>
      this.rows.has(source) && source !== own?.maximum && source !== own?.scale
        ? this.inMemory(source, 'by scores')
        : this.stageOf(source),
    );
    this.stages.set(node, Math.max(0, ...stages));
    this.settled.set(
      node,
      Math.max(
        0,
        ...sources.map((source) => (this.rows.has(source) ? this.stageOf(source) + 1 : this.settledOf(source))),
      ),
    );
    return true;
  }

  private settledOf(node: Node): number {
    return this.settled.get(node) ?? 0;
  }

  /** The stage behind the one of a value that must lie in memory. */
  private inMemory(node: Node, need: Need): number {
    if (!this.needs.has(node)) this.needs.set(node, need);
    return this.stageOf(node) + 1;
  }

  /** What exponentials of a row are taken relative to: all that a sink is made of is known before the scores are. */
  private addReference(node: Node, { scores, largest }: RowStatistics): boolean {
    this.rows.add(node);
    const stages = [scores, ...dependencies(node).filter((source) => source !== largest && source !== scores)].map(
      (source) => (this.rows.has(source) ? this.inMemory(source, 'by scores') : this.settledOf(source)),
    );
    this.stages.set(node, Math.max(...stages));
    this.settleSums([scores]);
    return true;
  }

  /** The sum of a row's exponentials, the sum of weights with values, or one of scores. */
  private addSum(node: Node, sources: readonly Node[]): boolean {
    const statistics = this.statistics.total.get(node);
    const isSum = node.op === 'contract' || node.op === 'reduce' || node.op === 'bin';
    if (!statistics && !isSum) return false;
    this.rows.add(node);
    // What is summed is computed beside scores, and reads rows as they do.
    const stageOf = (source: Node): number =>
      node.op !== 'contract' && this.rows.has(source) ? this.inMemory(source, 'by scores') : this.stageOf(source);
    this.stages.set(node, statistics ? this.stageOf(statistics.maximum) : Math.max(...sources.map(stageOf)));
    return true;
  }

  /** The sums of softmaxes that further softmaxes are taken of. */
  private settleSums(sources: readonly Node[]): void {
    for (const source of sources) {
      if (this.rows.has(source)) this.inMemory(source, 'by a further softmax');
      else if (this.settledOf(source) > 0) this.settleSums(dependencies(source));
    }
  }

  private addRows(node: Node & { readonly value: Expression }, sources: readonly Node[]): void {
    this.rows.add(node);
    const stage = Math.max(...sources.map(this.stageOf));
    const isOnChip = (source: Node): boolean => this.rows.has(source) && this.stageOf(source) === stage;
    const beside = readsBeside(node, isOnChip, this.sharesHeads);
    for (const [source, how] of beside) this.inMemory(source, how);
    this.stages.set(node, beside.size > 0 ? stage + 1 : stage);
  }
}

const isScores = (node: Node): boolean => node.op !== 'tensor' && isOverBoth(node);

/** Whether a value is one of keys, with features. */
const isColumn = ({ domain }: Node): boolean => domain[2]?.kind === rowsOverKeys.swept && domain.length === 4;
