// Sums into tables at computed places, in the form that kernels fold: for each head a row of entries, whatever the axes of the
// table are. Which entry of the table each of them is, is a map behind it.

import {
  type Axis,
  affine,
  apply,
  batch,
  binNode,
  bool,
  domainVariables,
  type Expression,
  extent,
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
  offsetBy,
  query,
  read,
  readHere,
  readsOf,
  reduceNode,
  sameAxis,
  substitute,
  variable,
} from '../../../../src/ir/index.js';
import { summedOver, withoutFactors } from './factors.js';
import { find, isStatic, iterationOf, namesOf, positionsOf, sizeOf, valuesOf } from './places.js';
import { formOfReduction } from './reductions.js';

/** How many sums of a bin may be written out one by one. */
const MOST_WRITTEN = 64;

/** The bin as kernels take it; as it is where it is in that form, or has none. */
export function formOfBin(node: NodeOf<'bin'>): Node {
  const kept = iterationOf(node.domain);
  if (!kept.every((each) => isStatic(each) || each.axis.kind === 'batch')) return formOfColumns(node);
  const positions = positionsOf({ kept: [], over: node.iterate });
  if (!positions || !find(node.iterate, 'batch')) return node;
  const { inner, around } = withoutFactors(node.value, namesOf(node.iterate));
  const heads = find(node.iterate, 'head');
  const written = node.iterate.filter((each) => isStatic(each) && each !== heads);
  const values = valuesOf(written);
  if (values.length > MOST_WRITTEN) return node;

  const table = kept.flatMap((each, n) => (each.axis.kind === 'batch' ? [] : [{ each, index: node.index[n]! }]));
  const isOfHead = (index: Expression): boolean => {
    const free = [...freeVariables(index)];
    return readsOf(index).length === 0 && free.every((name) => name === heads?.variable || namesOf(written).has(name));
  };
  const fixed = table.filter(({ index }) => isOfHead(index));
  const computed = table.filter(({ index }) => !isOfHead(index));
  const keepsBatch = find(kept, 'batch') !== undefined;
  if (isForm(node, { keepsBatch, fixed: fixed.length, computed: computed.length })) return node;

  const domain = [...(keepsBatch ? [batch] : []), head(heads ? sizeOf(heads) : 1), extent(sizesOf(computed))];
  const ofIndices = (indices: ReadonlyMap<string, number>, ofHead: Expression): Expression => {
    const known = new Map<string, Expression>([...indices].map(([name, value]) => [name, integer(value)]));
    const names = new Map<string, Expression>(known);
    for (const [axis, { name }] of Object.entries(positions)) names.set(name, variable(axis === 'query' ? 'i' : 'j'));
    names.set(find(node.iterate, 'batch')!.variable, variable('b'));
    if (heads) names.set(heads.variable, variable('h'));
    const own = (part: Expression): Expression => substitute(part, names);
    const summed = ownNode(own(inner), heads ? sizeOf(heads) : 1, positions);
    const iterate: readonly IterationAxis[] = [
      { variable: 'b', axis: batch },
      { variable: 'h', axis: head(heads ? sizeOf(heads) : 1) },
      ...('query' in positions ? [{ variable: 'i', axis: query }] : []),
      ...('key' in positions ? [{ variable: 'j', axis: key }] : []),
    ];
    const place = placeOf(computed.map(({ each, index }) => ({ at: own(index), size: sizeOf(each) })));
    const index = [...(keepsBatch ? [variable('b')] : []), variable('h'), place];
    const sum = binNode(domain, iterate, index, readHere(summed));
    const entry = placeOf(
      computed.map(({ each }) => ({ at: variable(each.variable), size: sizeOf(each) })),
      true,
    );
    const value = read(sum, [...(keepsBatch ? [variable('b')] : []), ofHead, entry]);
    const isThere = fixed.reduce<Expression>((all, { each, index: at }) => {
      const ofTable = substitute(at, new Map([...known, ...(heads ? [[heads.variable, ofHead] as const] : [])]));
      const equal = apply('equal', ofTable, variable(each.variable));
      return all.kind === 'constant' ? equal : apply('and', all, equal);
    }, bool(true));
    return isThere.kind === 'constant' ? value : apply('select', isThere, value, float(0));
  };
  const all = (ofHead: Expression): Expression =>
    values.map((indices) => ofIndices(indices, ofHead)).reduce((one, other) => apply('add', one, other));
  const value = heads ? atHeads(fixed, heads, all) : all(integer(0));
  return mapNodeOver(node.domain, around(value), { label: node.label, origin: node.origin });
}

/**
 * A bin that keeps rows or keys: for each of them, and for each entry, the sum of what belongs there. What is added at a position
 * beside its own is a node of its own, which is 0 beyond the positions that there are.
 */
function formOfColumns(node: NodeOf<'bin'>): Node {
  const names = domainVariables(node.domain);
  const renamed = new Map<string, Expression>();
  const placed: { readonly at: Expression; readonly name: string }[] = [];
  let isShifted = false;
  for (const [n, at] of node.index.entries()) {
    const axis = node.domain[n]!;
    const own = ownPosition(at, axis, node.iterate);
    if (own && !renamed.has(own.name)) {
      renamed.set(own.name, offsetBy(variable(names[n]!), -own.by));
      isShifted ||= own.by !== 0;
    } else if (isStatic({ variable: names[n]!, axis })) placed.push({ at, name: names[n]! });
    else return node;
  }
  const over = node.iterate.filter((each) => !renamed.has(each.variable));
  const fresh = over.map((each) => ({ ...each, variable: freshCounter(0).name }));
  for (const [n, each] of over.entries()) renamed.set(each.variable, variable(fresh[n]!.variable));
  const value = placed.reduce<Expression>(
    (inside, { at, name }) => {
      const isThere = apply('equal', substitute(at, renamed), variable(name));
      return apply('select', isThere, inside, float(0));
    },
    isShifted
      ? read(
          valueOverAll(node),
          node.iterate.map((each) => renamed.get(each.variable)!),
        )
      : substitute(node.value, renamed),
  );
  return formOfReduction(reduceNode('sum', node.domain, fresh, value, node));
}

/** The variable that an index along an axis is, with an offset along positions. */
function ownPosition(at: Expression, axis: Axis, iterate: readonly IterationAxis[]) {
  const form = affine(at);
  const [term, ...others] = form?.terms ?? [];
  if (!form || others.length > 0 || term?.coefficient !== 1 || term.factor.kind !== 'variable') return undefined;
  const { name } = term.factor;
  const iterated = iterate.find((each) => each.variable === name);
  if (!iterated || !sameAxis(iterated.axis, axis)) return undefined;
  return form.constant === 0 || (axis.kind !== 'batch' && !('size' in axis)) ? { name, by: form.constant } : undefined;
}

/** What a bin adds, for all that it iterates over. */
function valueOverAll({ iterate, value }: NodeOf<'bin'>): Node {
  const domain = iterate.map(({ axis }) => axis);
  const names = domainVariables(domain).map((name, n) => [iterate[n]!.variable, variable(name)] as const);
  return mapNodeOver(domain, substitute(value, new Map(names)));
}

interface TablePlace {
  readonly each: IterationAxis;
  readonly index: Expression;
}

/** The entries of the head that the table says; where it does not say one by itself, those of all heads that belong there. */
function atHeads(
  fixed: readonly TablePlace[],
  heads: IterationAxis,
  entriesAt: (head: Expression) => Expression,
): Expression {
  const own = fixed.find(
    ({ each, index }) => index.kind === 'variable' && index.name === heads.variable && sizeOf(each) === sizeOf(heads),
  );
  if (own) return entriesAt(variable(own.each.variable));
  const counter = freshCounter(sizeOf(heads));
  return summedOver([counter], entriesAt(variable(counter.name)));
}

const sizesOf = (places: readonly TablePlace[]): number =>
  places.reduce((product, { each }) => product * sizeOf(each), 1);

/** Whether a bin is one of a row of entries for each head already. */
function isForm(
  node: NodeOf<'bin'>,
  { keepsBatch, fixed, computed }: { readonly keepsBatch: boolean; readonly fixed: number; readonly computed: number },
): boolean {
  const kinds = node.iterate.map(({ axis }) => axis.kind).join(' ');
  const isOfScores = ['batch head query key', 'batch head query', 'batch head key'].includes(kinds);
  return (
    isOfScores &&
    !keepsBatch &&
    fixed === 1 &&
    computed === 1 &&
    node.domain.some(({ kind }) => kind === 'head') &&
    node.value.kind === 'read' &&
    node.index.some((at) => at.kind === 'variable' && at.name === 'h')
  );
}

/** The number of an entry from its indices, the last one fastest; −1 where one of them is not in the table. */
function placeOf(indices: readonly { readonly at: Expression; readonly size: number }[], isInside = false): Expression {
  const [first, ...others] = indices;
  if (!first) return integer(0);
  if (others.length === 0) return first.at;
  const place = others.reduce((at, each) => apply('add', apply('multiply', at, integer(each.size)), each.at), first.at);
  if (isInside) return place;
  const inside = indices
    .flatMap(({ at, size }) => [apply('lessOrEqual', integer(0), at), apply('less', at, integer(size))])
    .reduce((one, other) => apply('and', one, other));
  return apply('select', inside, place, integer(-1));
}

/** The value that is added, as a node over what the bin goes along. */
function ownNode(value: Expression, heads: number, positions: object): Node {
  const domain = [batch, head(heads), ...('query' in positions ? [query] : []), ...('key' in positions ? [key] : [])];
  const reader = mapNodeOver(domain, value);
  return isReadHere(value, reader) && value.source.op !== 'tensor' ? value.source : reader;
}
