// The epilogue: takes what folds come to, gives statistics, and computes what stands behind the contraction (norms, scales,
// gates) on the rows and features that are still on chip.

import {
  type Accumulate,
  apply,
  domainVariables,
  type Expression,
  featuresOf,
  float,
  freeVariables,
  integer,
  isReadHere,
  type Node,
  type NodeOf,
  operandsIf,
  type Read,
  type RowStatistics,
  softmaxPart,
  substitute,
  variable,
} from '../../../src/ir/index.js';
import { along, axis, type BlockBuilder, view } from '../../tile/builder.js';
import { operand, operandIndex } from '../../tile/operations.js';
import { scalar } from '../../tile/scalars.js';
import type { Buffer, Placement, Tile, TileAxis } from '../../tile/types.js';
import { statisticNames } from '../partition/row-statistics.js';
import { type Contribution, type HeadOf, headsInGroup } from '../plan/contributions.js';
import type { Plan } from '../plan/plan.js';
import { axisFacts } from '../plan/space.js';
import { type FeatureSum, factorsOf, featureSumOf, isOwnRow } from '../reads/feature-sums.js';
import { demand, Unschedulable } from '../reads/reason.js';
import { isScoreLike, type ScoreAxis } from '../reads/score-reads.js';
import { headSlot, type Replacement, tileExpression } from '../reads/tile-expression.js';
import { product, type Results, sum } from './folds/fold.js';
import { decayOf } from './folds/softmax.js';
import { indicesBefore, partAxes } from './folds/table.js';
import type { BlockMemo } from './memo.js';
import { inlined, type ScoreTiles } from './scores.js';

interface Statistics {
  readonly scores: HeadOf;
  /** Maximum and sum, without the sink. */
  readonly m: Tile;
  readonly l: Tile;
}

const times = (x: Expression, y: Expression): Expression => apply('multiply', x, y);

/** Indices of a value's axes before the last one that a tile has. */
type Indices = ReadonlyMap<string, number>;
const NONE: Indices = new Map();

const hasIndices = ({ domain }: Node): boolean => domain.some(({ kind }) => kind === 'extent');

interface PartOfHead {
  readonly head: number;
  readonly indices: Indices;
}

export class Epilogue implements Results {
  readonly block: BlockBuilder;
  private readonly plan: Plan;
  private readonly scores: ScoreTiles;
  private readonly memo: BlockMemo;
  private readonly found: Statistics[] = [];
  private readonly shares = new Map<Node, Map<number, Tile[]>>();
  private readonly tables = new Map<Node, Map<number, readonly Tile[]>>();

  constructor(plan: Plan, scores: ScoreTiles, memo: BlockMemo) {
    this.plan = plan;
    this.scores = scores;
    this.memo = memo;
    this.block = memo.block;
  }

  statistics(scores: HeadOf, m: Tile, l: Tile): void {
    this.found.push({ scores, m, l });
  }

  normalised(contribution: Contribution, sum: Tile): Tile {
    const { node, head } = contribution.normalised!;
    const normaliser = this.plan.roles.normalisers.get(node)!;
    const decay = this.decay(normaliser, head);
    const scale = this.tile(normaliser.scale, head);
    const factor = decay ? this.block.map([decay, scale], product) : scale;
    const { contraction, of, way } = contribution;
    const behind = way ? this.factorOf(contribution, contraction.weights, of) : 1;
    return typeof behind === 'number'
      ? this.block.map([sum, factor], product)
      : this.block.map([sum, factor, behind], times(product, operand(2)));
  }

  /** The factor of a contribution's normalised weights in a head of weights, a number for each row or for all of them. */
  private factorOf(contribution: Contribution, node: Node, head: number): Tile | 0 | 1 {
    if (this.plan.roles.roleOf(node) === 'normalised') {
      const { normalised } = contribution;
      return node === normalised!.node && head === normalised!.head ? 1 : 0;
    }
    if (node.op === 'fill') return this.factorOf(contribution, node.value, head);
    demand(node.op === 'map', 'weights are transformed by something other than a map');
    const factorAt = (read: Read, counters: ReadonlyMap<string, number>): Replacement => {
      const { source, index } = read;
      if (!isScoreLike(source)) return this.scores.auxiliary({ memo: this.memo, node, head }, read, counters);
      const slot = { index: index[headSlot(source)]!, reader: node, source };
      const at = this.plan.heads.resolve(slot, head, counters);
      if (at === undefined) return { constant: 0 };
      const factor = this.factorOf(contribution, source, at);
      return typeof factor === 'number' ? { constant: factor } : { tile: factor };
    };
    const { value, operands } = tileExpression(node.value, { head: this.scores.headOf(node, head), replace: factorAt });
    const { own, space } = this.scores.boxes;
    const isOfOwn = freeVariables(value).has(axisFacts[space.owned].entry.name);
    const axes = isOfOwn || operands.some((each) => each.axes.length > 0) ? [own] : [];
    return this.block.as('factor').map(operands, value, axes);
  }

  share({ contraction, head }: Contribution, tile: Tile): void {
    const byHead = this.shares.get(contraction) ?? new Map<number, Tile[]>();
    this.shares.set(contraction, byHead);
    byHead.set(head, [...(byHead.get(head) ?? []), tile]);
  }

  value({ node, head }: HeadOf, tile: Tile): void {
    this.memo.remember(node, String(head), tile);
  }

  table({ node, head }: HeadOf, parts: readonly Tile[]): void {
    const known = this.tables.get(node) ?? new Map<number, readonly Tile[]>();
    this.tables.set(node, known.set(head, parts));
  }

  /** What sums relative to the largest score are multiplied by, where a sink may be larger than that. */
  private decay({ scores, sink, maximum }: RowStatistics, head: number): Tile | undefined {
    if (sink === undefined) return undefined;
    const { m } = this.statisticsAt(scores, head);
    return this.memo.tile(maximum, `decay ${head}`, () => decayOf(this.block, m, this.tile(maximum, head)));
  }

  private statisticsAt(scores: Node, head: number): Statistics {
    const found = this.found.find((each) => each.scores.node === scores && each.scores.head === head);
    demand(found !== undefined, 'a statistic is of scores that are not summed');
    return found;
  }

  store(node: Node, buffer: Buffer): void {
    const tables = this.tables.get(node);
    if (tables) {
      for (const [head, parts] of tables) this.storeTable({ node, head }, parts, buffer);
      return;
    }
    for (const head of headsInGroup(this.plan, node)) {
      for (const indices of indicesBefore(node)) {
        const tile = this.scores.boxes.ownPart(this.block, this.tile(node, { head, indices }));
        this.block.store(tile, buffer, this.placeOf(node, head, indices));
      }
    }
  }

  private storeTable({ node, head }: HeadOf, parts: readonly Tile[], buffer: Buffer): void {
    const names = domainVariables(node.domain);
    for (const [n, indices] of indicesBefore(node).entries()) {
      const place = node.domain.map(({ kind }, at): Placement[number] => {
        if (kind === 'batch') return scalar('b');
        if (kind === 'head') return this.scores.headOf(node, head);
        const index = indices.get(names[at]!);
        return index === undefined ? along('extent') : scalar(index);
      });
      this.block.store(parts[n]!, buffer, place);
    }
  }

  /** Where the rows of a head lie in a buffer over the domain of a node. */
  private placeOf(node: Node, head: number, indices: Indices = NONE): Placement {
    const names = domainVariables(node.domain);
    const { owned } = this.scores.boxes.space;
    return node.domain.map(({ kind }, n): Placement[number] => {
      if (kind === 'batch') return scalar('b');
      if (kind === 'head') return this.scores.headOf(node, head);
      const index = indices.get(names[n]!);
      if (index !== undefined) return scalar(index);
      if (kind === 'position') return along(owned);
      demand(
        kind === owned || kind === 'feature' || kind === 'extent',
        'an output has an axis other than batch, heads, what a block owns, features and indices',
      );
      return along(kind);
    });
  }

  /** The tile of a value at a head of the group, computed at most once. */
  tile(node: Node, at: number | PartOfHead): Tile {
    const { head, indices } = typeof at === 'number' ? { head: at, indices: NONE } : at;
    const key = [head, ...[...indices].map(([name, index]) => `${name} = ${index}`)].join(' ');
    return this.memo.tile(node, key, () => this.compute(node, { head, indices }));
  }

  private compute(node: Node, at: PartOfHead): Tile {
    const { head } = at;
    switch (this.plan.roles.roleOf(node)) {
      case 'contraction': {
        const shares = this.shares.get(node)?.get(head) ?? [];
        return shares.reduce((total, each) => this.block.map([total, each], sum));
      }
      case 'statistic':
        return this.statistic(node, head);
      case 'sum':
        throw new Unschedulable('a sum along a row is of another kernel');
      case 'epilogue':
      case 'auxiliary':
        return this.map(node, at);
      default:
        throw new Unschedulable('an output is a matrix of scores or weights, which one pass never holds');
    }
  }

  /** The largest score of a row, or the sum of exponentials relative to the maximum that its sink is joined with. */
  private statistic(node: Node, head: number): Tile {
    const own = this.plan.roles.statistics.find(({ largest, total }) => largest === node || total === node)!;
    const { m, l } = this.statisticsAt(own.scores, head);
    if (node === own.largest) return m;
    const decay = this.decay(own, head);
    return decay ? this.block.as('l').map([l, decay], product) : l;
  }

  private map(node: Node, at: PartOfHead): Tile {
    demand(node.op === 'map' || node.op === 'rowmap', `an output is made by a ${node.op}`);
    const { head, indices } = at;
    if (isReadHere(node.value, node) && node.value.source.op !== 'tensor') return this.tile(node.value.source, at);
    const axes: TileAxis[] = [this.scores.boxes.own];
    const feature = node.domain.find(({ kind }) => kind === 'feature');
    if (feature) axes.push(axis('feature', 0, featuresOf(node.domain)));
    axes.push(...partAxes(node));
    if (isInMemory(node, this.scores.boxes.space.owned))
      return this.block.load(this.scores.bufferOf(node.value.source), this.placeOf(node, head, indices), axes);
    const part = softmaxPart(node);
    const whole = part === 'logSumExp' ? withLostNaN(node.value) : node.value;
    const { value, operands } = tileExpression(whole, {
      head: this.scores.headOf(node, head),
      replace: (read, counters) => this.replacement(node, at, read, counters),
      accumulation: (each) => this.featureSum(node, head, each),
    });
    const own = this.atOwnPlace(value, node, indices);
    return (part ? this.block.as(statisticNames[part].tile) : this.block).map(operands, own, axes);
  }

  /** An expression of a map whose positions are what the block owns, and whose first indices are known; its last is a tile's. */
  private atOwnPlace(value: Expression, { domain }: Node, indices: Indices): Expression {
    const names = domainVariables(domain);
    const known = new Map<string, Expression>([...indices].map(([name, index]) => [name, integer(index)] as const));
    for (const [n, { kind }] of domain.entries()) {
      if (kind === 'position') known.set(names[n]!, axisFacts[this.scores.boxes.space.owned].entry);
      if (kind === 'extent' && !indices.has(names[n]!)) known.set(names[n]!, variable('x'));
    }
    return known.size === 0 ? value : substitute(value, known);
  }

  private replacement(
    reader: Node,
    { head, indices }: PartOfHead,
    read: Read,
    counters: ReadonlyMap<string, number>,
  ): Replacement {
    const { source, index } = read;
    if (!isOwnRow(read) || !this.knowsHead(read, counters)) {
      // What is made of tables alone is computed again where it is read.
      const isTable = this.plan.roles.roleOf(source) === 'auxiliary' && (source.op === 'map' || source.op === 'rowmap');
      demand(isTable, 'an output is read at another row, or at features that are not summed over');
      return { expression: inlined(source, index) };
    }
    const slot = headSlot(source);
    const at = slot < 0 ? 0 : this.plan.heads.resolve({ index: index[slot]!, reader, source }, head, counters);
    return at === undefined
      ? { constant: 0 }
      : { tile: this.tile(source, { head: at, indices: hasIndices(source) ? indices : NONE }) };
  }

  /** Whether the head of a read is known when the kernel is made. */
  private knowsHead({ source, index }: Read, counters: ReadonlyMap<string, number>): boolean {
    const at = index[headSlot(source)];
    return at === undefined || [...freeVariables(at)].every((name) => name === 'h' || counters.has(name));
  }

  /** Σ over the features of a row: a tile over the features, reduced; for each feature, a product with a matrix. */
  private featureSum(reader: Node, head: number, each: Accumulate): Tile | undefined {
    const sum = featureSumOf(each);
    if (!sum) return undefined;
    if (sum.weight) return this.featureProduct(reader, head, sum, sum.weight);
    return this.block.reduce(this.overFeatures(reader, head, sum.body, sum.counter), 'feature', 'sum');
  }

  /** A value of a row at each of the features that a counter runs over. */
  private overFeatures(reader: Node, head: number, body: Expression, { name, extent }: FeatureSum['counter']): Tile {
    const { value, operands } = tileExpression(substitute(body, new Map([[name, variable('d')]])), {
      head: this.scores.headOf(reader, head),
      replace: (read, counters) => this.replacement(reader, { head, indices: NONE }, read, counters),
    });
    // An output as it is needs no copy.
    if (value.kind === 'read' && operandIndex(value.source) === 0) return operands[0]!;
    return this.block.map(operands, value, [this.scores.boxes.own, axis('feature', 0, extent)]);
  }

  /** Σ over features for each feature, as of a full gate: the product of a row with a matrix of weights. */
  private featureProduct(reader: Node, head: number, { body, counter }: FeatureSum, weight: Read): Tile {
    const own = this.scores.headOf(reader, head);
    const place = weight.index.map((at): Placement[number] => {
      if (at.kind === 'variable' && at.name === 'd') return along('extent');
      if (at.kind === 'variable' && at.name === counter.name) return along('feature');
      return substitute(at, new Map([['h', own]]));
    });
    const rest = factorsOf(body)
      .filter((factor) => factor !== weight)
      .reduce((product, each) => times(product, each));
    const matrix = view(this.scores.bufferOf(weight.source), place, [
      axis('extent', 0, featuresOf(reader.domain)),
      axis('feature', 0, counter.extent),
    ]);
    const product = this.block.matmul(undefined, this.overFeatures(reader, head, rest, counter), matrix, 'feature');
    return this.block.relabel(product, 'extent', 'feature');
  }
}

/** Far more than a sum of exponentials can be, none of which is above 1. */
const MOST_TERMS = 1e30;

/** m + log l, NaN where l is not the sum that it must be: there are devices whose exponential of NaN is +Infinity. */
const withLostNaN = (logSumExp: Expression): Expression => {
  const [maximum, logarithm] = operandsIf(logSumExp, 'add') as readonly [Expression, Expression];
  const [, , sum] = operandsIf(operandsIf(logarithm, 'logarithm')![0], 'select') as readonly Expression[];
  const isSum = apply('lessOrEqual', sum!, float(MOST_TERMS));
  return apply('add', maximum, apply('logarithm', apply('select', isSum, sum!, float(-1))));
};

/** Whether a value of rows is nothing but memory: rows that a kernel before this one has left. */
function isInMemory(
  node: NodeOf<'map' | 'rowmap'>,
  owned: ScoreAxis,
): node is NodeOf<'map' | 'rowmap'> & { readonly value: Read } {
  return (
    isReadHere(node.value, node) && node.value.source.op === 'tensor' && node.domain.some(({ kind }) => kind === owned)
  );
}
