// Sums over the features of a row, as of norms and gates: which of them are a reduction or a product of tiles, and what an
// expression of the epilogue reads in a way that no tile of the block gives, so that it must lie in memory first.
import {
  type Accumulate,
  domainVariables,
  type Expression,
  freeVariables,
  isKnownInAdvance,
  type Node,
  parts,
  type Read,
  readsOf,
  subexpressions,
} from '../../../src/ir/index.js';
import { headSlot } from './tile-expression.js';

/** A sum over the features of a row that is computed as a tile. */
export interface FeatureSum {
  readonly counter: { readonly name: string; readonly extent: number };
  readonly body: Expression;
  /** The matrix of weights of a sum for each feature; undefined for a sum for the row. */
  readonly weight: Read | undefined;
}

const OWN: Readonly<Partial<Record<string, string>>> = { batch: 'b', query: 'i', key: 'j', feature: 'd' };

const isVariable = (expression: Expression, name: string | undefined): boolean =>
  expression.kind === 'variable' && expression.name === name;
const hasFeatures = ({ domain }: Node): boolean => domain.some(({ kind }) => kind === 'feature');
const usesFeature = (expression: Expression): boolean => freeVariables(expression).has('d');

/** The factors of a product of floats. */
export const factorsOf = (expression: Expression): readonly Expression[] =>
  expression.kind === 'apply' && expression.operation === 'multiply'
    ? expression.operands.flatMap(factorsOf)
    : [expression];

/** Whether a read stays at its reader's batch, row, indices and feature, or at the feature that a counter stands for. */
export function isOwnRow({ source, index }: Read, feature = 'd'): boolean {
  const names = domainVariables(source.domain);
  const own = (kind: string, n: number): string | undefined => {
    if (kind === 'feature') return feature;
    return kind === 'extent' ? names[n] : OWN[kind];
  };
  return source.domain.every(({ kind }, n) => kind === 'head' || isVariable(index[n]!, own(kind, n)));
}

/** The sum as one of tiles; undefined where it is none, or reads no computed value along its counter. */
export function featureSumOf(sum: Accumulate): FeatureSum | undefined {
  const [counter] = sum.counters;
  const { body } = sum;
  const reads = readsOf(body).filter(({ source }) => source.op !== 'tensor' && hasFeatures(source));
  if (reads.length === 0 || sum.counters.length !== 1 || sum.monoid !== 'sum' || !counter) return undefined;
  if (!reads.every((each) => isOwnRow(each, counter.name))) return undefined;
  const isNested = subexpressions(body).some(
    (part) => part.kind === 'accumulate' && readsOf(part).some((each) => reads.includes(each)),
  );
  // A tile is the same in every turn of the sums around it.
  if (isNested || [...freeVariables(sum)].some((name) => !['b', 'h', 'i', 'd'].includes(name))) return undefined;
  if (!usesFeature(body)) return { counter, body, weight: undefined };
  const [weight, ...others] = factorsOf(body).filter(usesFeature);
  const isProduct = weight?.kind === 'read' && others.length === 0 && isMatrix(weight, counter.name);
  return isProduct ? { counter, body, weight } : undefined;
}

/** Whether a read is of a tensor along two of its axes: the feature's, and the counter's. */
function isMatrix({ source, index }: Read, counter: string): boolean {
  const along = (name: string): number => index.filter((at) => isVariable(at, name)).length;
  const isElsewhereScalar = index.every((at) => {
    if (isVariable(at, 'd') || isVariable(at, counter)) return true;
    const free = freeVariables(at);
    return readsOf(at).length === 0 && !['d', 'i', counter].some((name) => free.has(name));
  });
  return source.op === 'tensor' && along('d') === 1 && along(counter) === 1 && isElsewhereScalar;
}

/** How a read misses the tiles of its block, in words. */
export type Beside = 'at another row' | 'at another head' | 'at other features';

/**
 * What an expression of `reader` reads in a way that no tile of its block gives: for each value, how.
 * @param isOnChip whether a value is a tile of the block; what is made of tables alone may be computed again anywhere.
 * @param sharesHeads whether heads that read one another are computed in one block.
 */
export function readsBeside(
  reader: Node & { readonly value: Expression },
  isOnChip: (source: Node) => boolean,
  sharesHeads: boolean,
): ReadonlyMap<Node, Beside> {
  const found = new Map<Node, Beside>();
  const axes = new Map(domainVariables(reader.domain).map((name, n) => [name, reader.domain[n]!]));
  const isHeadKnown = ({ source, index }: Read, counters: ReadonlyMap<string, number>): boolean => {
    const at = headSlot(source) < 0 ? undefined : index[headSlot(source)]!;
    if (at === undefined || isVariable(at, 'h')) return true;
    return sharesHeads && isKnownInAdvance(at, { axes, counters });
  };
  const howBeside = ({ source, index }: Read): Beside =>
    source.domain.every(({ kind }, n) => kind !== 'query' || isVariable(index[n]!, 'i'))
      ? 'at other features'
      : 'at another row';
  const visit = (part: Expression, counters: ReadonlyMap<string, number>, summed: string | undefined): void => {
    if (part.kind === 'read' && isOnChip(part.source)) {
      if (!isHeadKnown(part, counters)) found.set(part.source, 'at another head');
      else if (!isOwnRow(part) && !(summed !== undefined && isOwnRow(part, summed)))
        found.set(part.source, howBeside(part));
    }
    if (part.kind !== 'accumulate') {
      for (const each of parts(part)) visit(each, counters, summed);
      return;
    }
    const inner = new Map([...counters, ...part.counters.map(({ name, extent }) => [name, extent] as const)]);
    visit(part.body, inner, featureSumOf(part)?.counter.name);
  };
  visit(reader.value, new Map(), undefined);
  return found;
}
