// Reductions in the forms that kernels fold: sums of one head along keys, along rows, or along both, of a value that is a node
// of its own. What a reduction is besides that is a map behind it: its factors, indices of tables, sums over heads.

import {
  type Axis,
  accumulate,
  apply,
  batch,
  type Domain,
  type Expression,
  extent,
  feature,
  float,
  freeVariables,
  freshCounter,
  head,
  type IterationAxis,
  integer,
  isReadHere,
  key,
  mapNodeOver,
  type Node,
  type NodeOf,
  query,
  type Read,
  read,
  readHere,
  reduceNode,
  substitute,
  variable,
} from '../../../../src/ir/index.js';
import { isScoreLike, type ScoreAxis } from '../score-reads.js';
import { entriesOf, type WeighedTerm } from './entries.js';
import { factorsOf, productOf, summedOver, withoutFactors } from './factors.js';
import {
  find,
  headOf,
  isStatic,
  iterationOf,
  namesOf,
  type Position,
  positionsOf,
  type SumAxes,
  type SumHead,
  sizeOf,
} from './places.js';

/** The reduction as kernels take it; as it is where it is in that form, or has none. */
export function formOfReduction(node: NodeOf<'reduce'>): Node {
  const { label, origin } = node;
  const axes: SumAxes = { kept: iterationOf(node.domain), over: node.over };
  if (node.over.every(isStatic)) return mapNodeOver(node.domain, overStatic(node.over, node.value), { label, origin });
  const positions = positionsOf(axes);
  const sumsBatch = find(axes.over, 'batch') !== undefined;
  if (positions && isMatrix(node)) return formOfMatrix(node);
  if (!positions || !(sumsBatch || find(axes.kept, 'batch'))) return node;
  const { inner, around } = withoutFactors(node.value, namesOf(node.over));
  const ofHead = headOf(axes, inner);
  const others = node.over.filter((each) => isStatic(each) && each !== ofHead.axis);
  if (inner === node.value && others.length === 0 && isAlongOneAxis(node)) return node;
  const term = { term: overStatic(others, ofHead.term), weight: around(float(1)) };
  const sum = new HeadSum(axes, positions, ofHead).valueOf(term);
  const value = around(overHeads(ofHead, sum));
  if (isReadHere(value, node)) return { ...value.source, ...(label === undefined ? {} : { label }) };
  return mapNodeOver(node.domain, value, { label, origin });
}

const isMatrix = ({ domain }: Node): boolean =>
  domain.some(({ kind }) => kind === 'query') && domain.some(({ kind }) => kind === 'key');

/** A matrix for all of the batch: each of its values is a sum over the batch of what lies in one block. */
function formOfMatrix(node: NodeOf<'reduce'>): Node {
  const kept = iterationOf(node.domain);
  const heads = find(kept, 'head');
  const others = node.over.filter(isStatic);
  const value = overStatic(others, node.value);
  const named = (kind: Axis['kind'], letter: string): readonly (readonly [string, Expression])[] =>
    [find(kept, kind) ?? find(node.over, kind)].flatMap((each) => (each ? [[each.variable, variable(letter)]] : []));
  const names = new Map([...named('batch', 'b'), ...named('head', 'h'), ...named('query', 'i'), ...named('key', 'j')]);
  const domain = [batch, head(heads ? sizeOf(heads) : 1), query, key];
  const own = mapNodeOver(domain, substitute(value, names));
  const at = domain.map(({ kind }): Expression => {
    const axis = find(kept, kind) ?? find(node.over, kind);
    return axis ? variable(axis.variable) : integer(0);
  });
  const rest = node.over.filter((each) => !isStatic(each));
  return reduceNode('sum', node.domain, rest, read(own, at), node);
}

/** Whether a sum is over rows or keys alone, of each head. */
const isAlongOneAxis = ({ domain, over }: NodeOf<'reduce'>): boolean =>
  over.length === 1 &&
  domain
    .map(({ kind }) => kind)
    .join(' ')
    .match(/^batch head (query|key)$/) !== null;

function overStatic(over: readonly IterationAxis[], value: Expression): Expression {
  const counters = over.map((each) => freshCounter(sizeOf(each)));
  const names = new Map(over.map((each, n) => [each.variable, variable(counters[n]!.name)] as const));
  return summedOver(counters, substitute(value, names));
}

/** The variable that stands for the head of a sum while nobody says which one it is. */
const HEAD_OF_SUM = 'headOfSum';

/** A value of a head's sums at the head of the result, or over all heads. */
function overHeads({ at, size }: SumHead, value: Expression): Expression {
  if (at) return substitute(value, new Map([[HEAD_OF_SUM, at]]));
  const counter = freshCounter(size);
  return accumulate('sum', [counter], substitute(value, new Map([[HEAD_OF_SUM, variable(counter.name)]])));
}

const axisOf: Readonly<Record<ScoreAxis, Axis>> = { query, key };
const letterOf: Readonly<Record<ScoreAxis, string>> = { query: 'i', key: 'j' };

/** The sums of one head, and how the result reads them. */
export class HeadSum {
  private readonly kept: readonly IterationAxis[];
  private readonly head: SumHead;
  private readonly batch: { readonly name: string; readonly isSummed: boolean };
  private readonly positions: readonly (readonly [ScoreAxis, Position])[];

  constructor({ kept, over }: SumAxes, positions: Readonly<Partial<Record<ScoreAxis, Position>>>, ofHead: SumHead) {
    this.kept = kept.filter((each) => isStatic(each) && each !== ofHead.axis);
    this.head = ofHead;
    const summed = find(over, 'batch');
    this.batch = { name: (summed ?? find(kept, 'batch'))!.variable, isSummed: summed !== undefined };
    this.positions = Object.entries(positions) as [ScoreAxis, Position][];
  }

  /** Whether the value that is summed is one of scores. */
  private get isOfScores(): boolean {
    return this.positions.length === 2;
  }

  private summed(): readonly ScoreAxis[] {
    return this.positions.flatMap(([axis, { isSummed }]) => (isSummed ? [axis] : []));
  }

  private keptPositions(): readonly (readonly [ScoreAxis, Position])[] {
    return this.positions.filter(([, { isSummed }]) => !isSummed);
  }

  /** What the result's entries are: an expression of its variables, and of the head of the sum. */
  valueOf(term: WeighedTerm): Expression {
    const free = freeVariables(term.term);
    const indices = this.kept.filter((each) => free.has(each.variable));
    if (this.keptPositions().length > 0) return this.ofPositions(indices, term);
    return this.isOfScores ? this.ofTaps(indices, term) : this.ofFeatures(indices, term);
  }

  /** A sum for each row or key; what is summed over the batch alone may have features. */
  private ofPositions(indices: readonly IterationAxis[], term: WeighedTerm): Expression {
    const isOverBatch = !this.isOfScores && this.summed().length === 0;
    const features = isOverBatch ? indices.slice(-1) : [];
    const written = indices.slice(0, indices.length - features.length);
    return entriesOf(written, term, (own) => this.reading(this.along(own, features), features));
  }

  /** A sum with taps: those that one read beside the own place is shifted by are an axis of it, all others are written out. */
  private ofTaps(indices: readonly IterationAxis[], term: WeighedTerm): Expression {
    const uses = (part: Expression, each: IterationAxis): boolean => freeVariables(part).has(each.variable);
    const isBeside = (factor: Expression): factor is Read =>
      factor.kind === 'read' &&
      isScoreLike(factor.source) &&
      factor.source.op !== 'tensor' &&
      indices.some((each) => factor.index.slice(2).some((at) => uses(at, each)));
    const factors = factorsOf(term.term);
    const [beside, ...further] = factors.filter(isBeside);
    const isTap = (each: IterationAxis): boolean =>
      beside !== undefined &&
      further.length === 0 &&
      factors.every((factor) => factor === beside || !uses(factor, each)) &&
      beside.index.slice(0, 2).every((at) => !uses(at, each));
    const taps = indices.filter(isTap);
    const written = indices.filter((each) => !taps.includes(each));
    return entriesOf(written, term, (own) => {
      if (taps.length === 0) return this.reading(this.along(own), []);
      const [shifted, ...others] = partition(factorsOf(own), (each) => taps.some((tap) => uses(each, tap)));
      return this.reading(this.along(productOf(others.flat()), taps, shifted![0]), taps);
    });
  }

  /** A sum of rows: an index may be a feature of the rows, and a second one that of another factor. */
  private ofFeatures(indices: readonly IterationAxis[], term: WeighedTerm): Expression {
    const factors = factorsOf(term.term);
    const uses = (part: Expression, each: IterationAxis): boolean => freeVariables(part).has(each.variable);
    const [last, before] = [indices.at(-1), indices.at(-2)];
    const isProduct = (one: IterationAxis, other: IterationAxis): boolean =>
      factors.every((factor) => !(uses(factor, one) && uses(factor, other)));
    const axes = last === undefined ? [] : before && isProduct(before, last) ? [before, last] : [last];
    const written = indices.filter((each) => !axes.includes(each));
    return entriesOf(written, term, (own) => {
      const [row, column] = axes.length === 2 ? axes : [undefined, axes[0]];
      const [ofColumn, rest] = partition(
        factorsOf(own),
        (each) => column !== undefined && row !== undefined && uses(each, column),
      );
      if (!row || !column) return this.reading(this.alongRows([this.own(own, column)], axes), axes);
      return this.reading(
        this.alongRows([this.own(productOf(rest), row), this.own(productOf(ofColumn), column)], axes),
        axes,
      );
    });
  }

  /** The value that is summed, as a node; of features along an index. */
  private own(term: Expression, along?: IterationAxis): Node {
    const names = new Map<string, Expression>(
      this.positions.map(([axis, { name }]) => [name, variable(letterOf[axis])] as const),
    );
    names.set(this.batch.name, variable('b'));
    if (along) names.set(along.variable, variable('d'));
    const domain: Domain = [
      batch,
      head(this.head.size),
      ...this.ordered().map((axis) => axisOf[axis]),
      ...(along ? [feature(sizeOf(along))] : []),
    ];
    const value = substitute(term, names);
    const reader = mapNodeOver(domain, value);
    return isReadHere(value, reader) && value.source.op !== 'tensor' ? value.source : reader;
  }

  private ordered(): readonly ScoreAxis[] {
    return (['query', 'key'] as const).filter((each) => this.positions.some(([axis]) => axis === each));
  }

  /** Σ of a value along the summed axes, times what is read beside it at the taps. */
  private along(term: Expression, taps: readonly IterationAxis[] = [], beside?: Expression): Node {
    const own = this.own(term, beside ? undefined : taps[0]);
    const kept = this.keptPositions().map(([axis]) => axis);
    const summed = this.summed();
    // Sums over rows or keys are of each batch entry; those are added up behind them.
    const isInSteps = this.batch.isSummed && kept.length === 1 && summed.length > 0;
    const first = this.domain(kept, taps, this.batch.isSummed && !isInSteps);
    const sum = reduceNode(
      'sum',
      first,
      this.over(summed, this.batch.isSummed && !isInSteps),
      this.shifted(own, taps, beside),
    );
    if (!isInSteps) return sum;
    return reduceNode('sum', this.domain(kept, taps, true), this.over([], true), readHere(sum));
  }

  private alongRows(own: readonly Node[], taps: readonly IterationAxis[]): Node {
    const names = taps.map((_, n) => variable(n === 0 ? 'x' : `x${n + 1}`));
    const value = own
      .map((each, n): Expression => readHere(each, own.length === 1 && taps.length === 0 ? {} : { d: names[n]! }))
      .reduce((one, other) => apply('multiply', one, other));
    return reduceNode(
      'sum',
      this.domain([], taps, this.batch.isSummed),
      this.over(this.summed(), this.batch.isSummed),
      value,
    );
  }

  private shifted(own: Node, taps: readonly IterationAxis[], beside: Expression | undefined): Expression {
    if (beside === undefined) return readHere(own, taps.length === 0 ? {} : { d: variable('x') });
    const names = new Map<string, Expression>(
      this.positions.map(([axis, { name }]) => [name, variable(letterOf[axis])] as const),
    );
    names.set(this.batch.name, variable('b'));
    for (const [n, tap] of taps.entries()) names.set(tap.variable, variable(n === 0 ? 'x' : `x${n + 1}`));
    return apply('multiply', readHere(own), substitute(beside, names));
  }

  private domain(kept: readonly ScoreAxis[], taps: readonly IterationAxis[], sumsBatch: boolean): Domain {
    return [
      ...(sumsBatch ? [] : [batch]),
      head(this.head.size),
      ...kept.map((axis) => axisOf[axis]),
      ...taps.map((tap) => extent(sizeOf(tap))),
    ];
  }

  private over(axes: readonly ScoreAxis[], sumsBatch: boolean): readonly IterationAxis[] {
    return [
      ...(sumsBatch ? [{ variable: 'b', axis: batch }] : []),
      ...(['query', 'key'] as const)
        .filter((each) => axes.includes(each))
        .map((axis) => ({ variable: letterOf[axis], axis: axisOf[axis] })),
    ];
  }

  /** The entry of a sum at the variables of the result. */
  private reading(sum: Node, taps: readonly IterationAxis[]): Expression {
    return read(sum, [
      ...(this.batch.isSummed ? [] : [variable(this.batch.name)]),
      variable(HEAD_OF_SUM),
      ...this.ordered().flatMap((axis) =>
        this.positions.flatMap(([each, { name, isSummed }]) => (each === axis && !isSummed ? [variable(name)] : [])),
      ),
      ...taps.map((tap) => variable(tap.variable)),
    ]);
  }
}

function partition<Item>(
  items: readonly Item[],
  isFirst: (item: Item) => boolean,
): readonly [readonly Item[], readonly Item[]] {
  return [items.filter(isFirst), items.filter((each) => !isFirst(each))];
}
