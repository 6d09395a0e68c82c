// dot, map, scores, weights, rows, fill and times: the functions that make values of the graph.
// Each checks what types cannot say, and adds one node.
import {
  apply,
  asFloat,
  contractOverKeys,
  type Domain,
  dotNode,
  featuresOf,
  fillNode,
  headsOf,
  mapNodeOver,
  type Node,
  readHere,
  rowDomain,
  scoreDomain,
  type TensorRole,
  variable,
} from '../../../src/ir/index.js';
import { callElement, type Slot, type SlotKind } from '../element.js';
import { elementVariables } from '../graph-construction.js';
import { numberOf, truthOf } from '../symbolic.js';
import {
  type Builtin,
  builtin,
  type Call,
  describe,
  type HandleRole,
  type HandleValue,
  type InputValue,
  isKind,
  parameterCount,
  symbolic,
  type Value,
} from '../values.js';
import { graphPhase } from './phase.js';

/** The slots of an element function over each kind of value, after the element itself. */
const slotKinds: Readonly<Record<HandleRole, readonly SlotKind[]>> = {
  scores: ['head', 'query', 'key'],
  weights: ['head', 'query', 'key'],
  rows: ['head', 'query'],
  output: ['head', 'query', 'feature'],
};

/** The index slots of an element function over a value of `role`. */
export function indexSlots(role: HandleRole, domain: Domain): readonly Slot[] {
  const names = elementVariables(domain);
  return slotKinds[role].map((kind, n) => ({ kind, value: symbolic(variable(names[n] as string)) }));
}

/** The n-th argument as a value of the graph of one of these roles: a cast may have hidden that it is another. */
export function handleOf(n: number, call: Call, ...roles: readonly HandleRole[]): HandleValue {
  const value = call.values[n];
  if (isKind(value, 'handle') && roles.includes(value.role)) {
    call.evaluation.headReads.take(value.node);
    return value;
  }
  return call.evaluation.fail(call.at(n), 'HD1033', { expected: roles.join(' or '), found: describe(value) });
}

/** The n-th argument as an input of one of these roles. */
function inputOf(n: number, call: Call, ...roles: readonly TensorRole[]): InputValue {
  const value = call.values[n];
  if (isKind(value, 'input') && roles.includes(value.node.role)) return value;
  const found = isKind(value, 'input') ? value.node.role : describe(value);
  return call.evaluation.fail(call.at(n), 'HD1033', { expected: `an input of ${roles[0]}`, found });
}

/** Query heads share key and value heads in groups of equal size. */
function checkSharing(heads: number, shared: Node, sharedName: string, call: Call): void {
  const sharedHeads = headsOf(shared.domain);
  if (heads % sharedHeads !== 0) call.evaluation.fail(call.site, 'HD1025', { heads, sharedHeads, sharedName });
}

const dot = builtin('dot', (call) => {
  const graph = graphPhase('dot', call);
  const x = inputOf(0, call, 'queries').node;
  const y = inputOf(1, call, 'keys', 'keysAndValues').node;
  const [first, second] = [featuresOf(x.domain), featuresOf(y.domain)];
  if (first !== second) {
    call.evaluation.fail(call.site, 'HD1026', { queries: x.name, keys: y.name, first, second });
  }
  checkSharing(headsOf(x.domain), y, y.name, call);
  return graph.handle('scores', dotNode(x, y, { origin: call.evaluation.originOf(call.site) }));
});

const map = builtin('map', (call) => {
  const graph = graphPhase('map', call);
  const { evaluation, site } = call;
  const { role, node } = handleOf(0, call, 'scores', 'weights', 'rows', 'output');
  const element: Slot = { kind: 'element', value: symbolic(readHere(node)) };
  const slots = [element, ...indexSlots(role, node.domain)];
  const result = callElement({ role, domain: node.domain }, call.values[1], slots, call.at(1), evaluation);
  const value = numberOf(result, call.at(1), evaluation);
  return graph.handle(role, mapNodeOver(node.domain, value, { origin: evaluation.originOf(site) }));
});

/** Values from nothing but an arrow function, with as many heads as the spec. */
const fromNothing = (role: 'scores' | 'weights' | 'rows'): Builtin =>
  builtin(role, (call) => {
    const graph = graphPhase(role, call);
    const { evaluation, site } = call;
    const heads = graph.heads(site);
    const domain = role === 'rows' ? rowDomain(heads) : scoreDomain(heads);
    const result = callElement({ role, domain }, call.values[0], indexSlots(role, domain), call.at(0), evaluation);
    const value = numberOf(result, call.at(0), evaluation);
    return graph.handle(role, mapNodeOver(domain, value, { origin: evaluation.originOf(site) }));
  });

/** What a mask gets: a query and a key, before them a head where it takes three. */
function maskSlots(mask: Value, domain: Domain, { at, evaluation }: Call): readonly Slot[] {
  const [head, ...positions] = indexSlots('scores', domain);
  if (!isKind(mask, 'closure')) return positions;
  const { parameters } = mask.syntax;
  const taken = parameterCount(mask.syntax);
  if (taken > 3) {
    evaluation.fail(at(1), 'HD1070', {
      taken: parameters.map(({ name }) => name.getText()).join(', '),
      isOfHeads: false,
    });
  }
  return taken === 3 ? [head!, ...positions] : positions;
}

const fill = builtin('fill', (call) => {
  const graph = graphPhase('fill', call);
  const { evaluation } = call;
  const { role, node } = handleOf(0, call, 'scores', 'weights');
  const slots = maskSlots(call.values[1], node.domain, call);
  const visible = callElement({ role: 'mask', domain: node.domain }, call.values[1], slots, call.at(1), evaluation);
  const mask = truthOf(visible, call.at(1), evaluation);
  const otherwise = call.values[2];
  const description = { origin: evaluation.originOf(call.site) };
  if (typeof otherwise === 'number') {
    // Infinity and NaN are refused as everywhere; −Infinity is followed through the graph afterwards.
    numberOf(otherwise, call.at(2), evaluation);
    return graph.handle(role, fillNode(node, mask, otherwise, description));
  }
  const other = asFloat(numberOf(otherwise, call.at(2), evaluation));
  return graph.handle(role, mapNodeOver(node.domain, apply('select', mask, readHere(node), other), description));
});

/** weights.times(v). */
export function timesOf(weights: HandleValue): Builtin {
  return builtin('times', (call) => {
    const graph = graphPhase('times', call);
    const v = inputOf(0, call, 'values', 'keysAndValues').node;
    call.evaluation.headReads.take(weights.node);
    checkSharing(headsOf(weights.node.domain), v, v.name, call);
    const origin = call.evaluation.originOf(call.site);
    return graph.handle('output', contractOverKeys(weights.node, v, { origin }));
  });
}

export const valuePrimitives = {
  dot,
  map,
  scores: fromNothing('scores'),
  weights: fromNothing('weights'),
  rows: fromNothing('rows'),
  fill,
};
