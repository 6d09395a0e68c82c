// Which stage of a program computes each value: one behind those whose rows it reads from memory. Scores are computed by
// every stage that needs them, as they never lie in memory whole.

import { dependencies, type Expression, type Graph, type Node, normaliserOf, topological } from '../../src/ir/index.js';
import { type Beside, readsBeside } from './feature-sums.js';

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

/** The standings of a forward graph; nothing where it sums along rows or columns by itself, as gradients do. */
export function standingsOf(graph: Graph, sharesHeads: boolean): Standings | undefined {
  const order = topological({ inputs: [], outputs: graph.outputs });
  const found = new Found(order, sharesHeads);
  for (const node of order) if (!found.add(node)) return undefined;
  return {
    last: Math.max(0, ...graph.outputs.map(({ node }) => found.stageOf(node))),
    stageOf: found.stageOf,
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
  /** The log-sum-exps of softmaxes with a sink, each with what is joined with the sink. */
  private readonly joined = new Map<Node, Node>();
  private readonly sharesHeads: boolean;

  constructor(order: readonly Node[], sharesHeads: boolean) {
    this.sharesHeads = sharesHeads;
    for (const node of order) {
      const normaliser = normaliserOf(node);
      if (normaliser && normaliser.logSumExp !== normaliser.total)
        this.joined.set(normaliser.logSumExp, normaliser.total);
    }
  }

  readonly stageOf = (node: Node): number => this.stages.get(node) ?? 0;

  /** Adds a node whose sources are added. Says whether schedules know its kind. */
  add(node: Node): boolean {
    if (node.op === 'tensor') return true;
    const sources = dependencies(node);
    if (isScores(node)) return this.addScores(node, sources);
    const isOfRows = sources.some((source) => this.rows.has(source));
    const isOfScores = sources.some((source) => isScores(source));
    if (isOfScores) return this.addSum(node, sources);
    if (node.op !== 'map' && node.op !== 'rowmap') return false;
    if (isOfRows) this.addRows(node, sources);
    return true;
  }

  private addScores(node: Node, sources: readonly Node[]): boolean {
    if (node.op !== 'dot' && node.op !== 'map' && node.op !== 'fill') return false;
    const sum = normaliserOf(node)?.logSumExp;
    const stages = sources.map((source) =>
      this.rows.has(source) && source !== sum ? this.inMemory(source, 'by scores') : this.stageOf(source),
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

  /** The log-sum-exp of scores, or the sum of weights with values. */
  private addSum(node: Node, sources: readonly Node[]): boolean {
    const isStatistic = node.op === 'reduce' && node.monoid === 'logSumExp';
    if (!isStatistic && !(node.op === 'contract' && node.over === 'key')) return false;
    this.rows.add(node);
    if (!isStatistic) {
      this.stages.set(node, Math.max(...sources.map(this.stageOf)));
      return true;
    }
    const stage = Math.max(
      ...sources.map((each) => (this.rows.has(each) ? this.stageOf(each) + 1 : this.settledOf(each))),
    );
    this.stages.set(node, stage);
    this.settleSums(sources);
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
    // What the sum of a softmax is joined with is known before the scores are.
    const total = this.joined.get(node);
    const sinks = total === undefined ? [] : sources.filter((source) => source !== total && isOnChip(source));
    for (const source of sinks) this.inMemory(source, 'by scores');
    this.stages.set(node, beside.size + sinks.length > 0 ? stage + 1 : stage);
  }
}

const isScores = ({ op, domain }: Node): boolean =>
  op !== 'tensor' && ['query', 'key'].every((kind) => domain.some((axis) => axis.kind === kind));
