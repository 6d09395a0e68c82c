// Which stage of a program computes each value: one behind those whose rows it reads from memory. Scores are computed by
// every stage that needs them, as they never lie in memory whole.

import {
  anyPart,
  dependencies,
  type Expression,
  type Graph,
  type Node,
  normaliserOf,
  operandNodes,
  type RowStatistics,
  rowStatisticsOf,
  topological,
} from '../../../src/ir/index.js';
import { isOverBoth } from '../plan/roles.js';
import { rowsOverKeys } from '../plan/space.js';
import { type Beside, readsBeside } from '../reads/feature-sums.js';
import { remembered } from '../reads/remembered.js';
import { joinedStages } from './joined-stages.js';
import { isSumOf, ownerOf } from './owners.js';

/** How a value is read that must lie in memory for it. */
export type Need =
  | Beside
  | 'by scores'
  | 'by a further softmax'
  | 'by a product'
  | 'by a sum of rows'
  | 'by another kernel';

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
  const { rows, needs } = found;
  const joined = found.sweepsRows ? joinedStages(order, found) : new Map<Node, number>();
  const stageOf = (node: Node): number => joined.get(node) ?? found.stageOf(node);
  const last = Math.max(0, ...graph.outputs.map(({ node }) => stageOf(node)));
  return { last, stageOf, isRows: (node) => rows.has(node), needs };
}

class Found {
  readonly rows = new Set<Node>();
  readonly needs = new Map<Node, Need>();
  /** Whether there are sums over rows: weights are then those of known statistics, as no row's sum is waited for along the way. */
  readonly sweepsRows: boolean;
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
  private readonly readers = new Map<Node, Node[]>();

  constructor(order: readonly Node[], sharesHeads: boolean) {
    this.sharesHeads = sharesHeads;
    this.sweepsRows = order.some((node) => isSumOf(node, rowsOverKeys.owned));
    for (const node of order) {
      for (const source of dependencies(node)) this.readers.set(source, [...this.readersOf(source), node]);
      const found = rowStatisticsOf(node);
      if (!found) continue;
      this.statistics.largest.set(found.largest, found);
      this.statistics.maximum.set(found.maximum, found);
      this.statistics.total.set(found.total, found);
    }
  }

  readonly stageOf = (node: Node): number => this.stages.get(node) ?? 0;
  readonly readersOf = (node: Node): readonly Node[] => this.readers.get(node) ?? [];
  readonly isOfSoftmax = (node: Node): boolean => Object.values(this.statistics).some((each) => each.has(node));

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
    if (node.op === 'reduce' || node.op === 'bin') return this.addSumOfRows(node, sources);
    if (node.op !== 'map' && node.op !== 'rowmap') return false;
    if (isOfRows) this.addRows(node, sources);
    return true;
  }

  private addScores(node: Node, sources: readonly Node[]): boolean {
    if (node.op === 'tensor' || node.op === 'contract' || node.op === 'rowmap' || node.op === 'bin') return false;
    const own = this.sweepsRows ? undefined : normaliserOf(node);
    const stages = sources.map((source) => {
      if (node.op === 'dot') return this.operandStage(source);
      // Blocks that sweep rows would sum the features of each again.
      if (this.sweepsRows && !isScores(source) && sumsFeatures(source)) this.rows.add(source);
      return this.rows.has(source) && source !== own?.maximum && source !== own?.scale
        ? this.inMemory(source, 'by scores')
        : this.stageOf(source);
    });
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

  /** The first stage that can take an operand of a product, which is always in memory. */
  private operandStage(source: Node): number {
    if (source.op === 'tensor') return 0;
    this.rows.add(source);
    return this.inMemory(source, 'by a product');
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
    const stageOf = (source: Node): number => {
      if (operandNodes(node).includes(source))
        return isScores(source) ? this.stageOf(source) : this.operandStage(source);
      return this.rows.has(source) ? this.inMemory(source, 'by scores') : this.stageOf(source);
    };
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

  /** A sum of rows is of another kernel than they are: what it sums is computed from what lies in memory. */
  private addSumOfRows(node: Node, sources: readonly Node[]): boolean {
    this.rows.add(node);
    const isOwn = (source: Node): boolean =>
      (source.op === 'map' || source.op === 'rowmap') && this.readersOf(source).length === 1;
    const below = sources.flatMap((source) => (isOwn(source) ? dependencies(source) : [source]));
    const stages = below.map((each) =>
      this.rows.has(each) ? this.inMemory(each, 'by a sum of rows') : this.stageOf(each),
    );
    const stage = Math.max(0, ...stages);
    this.stages.set(node, stage);
    for (const source of sources.filter(isOwn)) this.stages.set(source, stage);
    return true;
  }

  private addRows(node: Node & { readonly value: Expression }, sources: readonly Node[]): void {
    this.rows.add(node);
    const stage = Math.max(...sources.map(this.stageOf));
    const isOnChip = (source: Node): boolean => this.rows.has(source) && this.stageOf(source) === stage;
    const beside = readsBeside(node, isOnChip, this.sharesHeads);
    for (const [source, how] of beside) this.inMemory(source, how);
    const ofOthers = sources.filter((source) => isOnChip(source) && isOfOther(source, node));
    for (const source of ofOthers) this.inMemory(source, 'by another kernel');
    this.stages.set(node, beside.size > 0 || ofOthers.length > 0 ? stage + 1 : stage);
  }
}

/** Whether a sum is of another kernel than who reads it; those over the batch are of one by themselves. */
const isOfOther = (source: Node, reader: Node): boolean =>
  source.op !== 'map' &&
  source.op !== 'rowmap' &&
  (ownerOf(source) !== ownerOf(reader) || ownerOf(source) === 'batches');

/** Whether a value of rows is made of sums along the way. */
const sumsFeatures = remembered(
  (node: Node): boolean =>
    (node.op === 'map' || node.op === 'rowmap') &&
    (anyPart(node.value, ({ kind }) => kind === 'accumulate') || dependencies(node).some(sumsFeatures)),
);

const isScores = (node: Node): boolean => node.op !== 'tensor' && isOverBoth(node);
