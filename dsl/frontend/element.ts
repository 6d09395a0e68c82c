// Element functions: the arrows given to map, scores, weights, rows, fill, sum, max, param and sinks.
// What each kind gets as arguments, how its parameters may be called, and what it may read.
import type { ts } from 'ts-morph';
import { type Axis, type AxisKind, type Domain, domainVariables, heightOf, MOST_HEIGHT } from '../../src/ir/index.js';
import type { Evaluation } from './evaluation.js';
import { describe, type HandleRole, type HandleValue, isKind, type Value } from './values.js';

export type ElementRole = HandleRole | 'mask' | 'sink' | 'initial' | 'term';

/** The element function under way. A sum inside another element function belongs to that one. */
export interface ElementFunction {
  readonly role: ElementRole;
  /** Its index variables, with the axes that they run over. */
  readonly axes: ReadonlyMap<string, Axis>;
  /** What its arrow calls the index of an axis, where it takes it. */
  readonly names: ReadonlyMap<AxisKind, string>;
}

/** What an argument is: the element itself, an index of some axis, or a counter of a sum. */
export type SlotKind = 'element' | 'batch' | 'head' | 'query' | 'key' | 'feature' | 'extent' | 'counter';

export interface Slot {
  readonly kind: SlotKind;
  readonly value: Value;
}

/** The names that stand for an axis wherever they are parameters of an element function. */
const indexNames = new Map<string, SlotKind>([
  ['h', 'head'],
  ['i', 'query'],
  ['j', 'key'],
  ['d', 'feature'],
  ['b', 'batch'],
]);

const slotDescriptions: Readonly<Record<SlotKind, string>> = {
  element: 'the element',
  batch: 'the batch entry, which is never written',
  head: 'the head',
  query: 'the query',
  key: 'the key',
  feature: 'the feature',
  extent: 'an index of the tensor',
  counter: 'a counter',
};

/** A counter may be called h or d, as it may run over heads or features; there are no sums over positions. */
const fits = (name: string, kind: SlotKind): boolean => {
  const own = indexNames.get(name);
  if (own === undefined || own === kind) return true;
  if (own === 'batch') return kind === 'element' || kind === 'extent' || kind === 'counter';
  return kind === 'counter' && (own === 'head' || own === 'feature');
};

/** Calls the element function `f` of a role over a domain, written at `site`, with the values of its slots. */
export function callElement(
  { role, domain }: { readonly role: ElementRole; readonly domain: Domain },
  f: Value,
  slots: readonly Slot[],
  site: ts.Node,
  evaluation: Evaluation,
): Value {
  if (isKind(f, 'closure')) {
    for (const [n, parameter] of f.syntax.parameters.entries()) {
      const name = parameter.name.getText();
      const slot = slots[n];
      if (slot === undefined || fits(name, slot.kind)) continue;
      evaluation.fail(parameter.name, 'HD1018', {
        name,
        stands: slotDescriptions[slot.kind],
        means: slotDescriptions[indexNames.get(name) ?? 'element'],
      });
    }
  }
  const values = slots.map(({ value }) => value);
  const call = () => evaluation.call(f, values, site);
  // A sum is part of the element function around it, and obeys its rules.
  if (role === 'term' && evaluation.element !== undefined) return call();
  const names = domainVariables(domain);
  const axes = new Map(domain.map((axis, n) => [names[n] as string, axis]));
  const value = evaluation.inElement({ role, axes, names: parameterNames(f, slots) }, call);
  if (isKind(value, 'symbolic') && heightOf(value.expression) > MOST_HEIGHT) {
    evaluation.fail(site, 'HD1061', { most: MOST_HEIGHT });
  }
  return value;
}

/** The parameters of an arrow that take indices of axes; one called _ is left out on purpose. */
function parameterNames(f: Value, slots: readonly Slot[]): ReadonlyMap<AxisKind, string> {
  const parameters = isKind(f, 'closure') ? f.syntax.parameters : [];
  return new Map(
    slots.flatMap(({ kind }, n): (readonly [AxisKind, string])[] => {
      const name = parameters[n]?.name.getText();
      if (kind === 'element' || kind === 'counter' || name === undefined || name === '_') return [];
      return [[kind, name]];
    }),
  );
}

type Refusal = 'HD1019' | 'HD1020' | 'HD1038';

/** What an element function may not read, as the code of its diagnostic. */
const refusals: Readonly<Record<ElementRole, (handle: HandleValue) => Refusal | undefined>> = {
  scores: (handle) => (handle.afterWeights ? 'HD1019' : undefined),
  sink: (handle) => (handle.afterWeights ? 'HD1019' : undefined),
  weights: () => undefined,
  rows: () => undefined,
  output: () => undefined,
  mask: () => 'HD1020',
  initial: () => 'HD1038',
  term: () => undefined,
};

/** Refuses a read of a graph value that the element function under way may not make. */
export function refuseRead(handle: HandleValue, site: ts.Node, evaluation: Evaluation): void {
  const { element } = evaluation;
  if (element === undefined || element.role === 'term') {
    evaluation.fail(site, 'HD1012', { what: describe(handle) });
    return;
  }
  const code = refusals[element.role](handle);
  if (code !== undefined) evaluation.fail(site, code, { what: describe(handle) });
}
