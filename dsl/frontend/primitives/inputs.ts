// queries, keys, values, keysAndValues, param, tensor, integers, normal, uniform: the inputs of a spec.
// Shapes come from the settings heads, kvHeads, headDim and valueDim where a declaration does not give its own.
import type { ts } from 'ts-morph';
import {
  type Axis,
  asFloat,
  canonicalCounters,
  columnDomain,
  type Domain,
  extent,
  float,
  head,
  type Initial,
  LARGEST_EXTENT,
  MOST_FEATURES,
  MOST_HEADS,
  outputDomain,
  subexpressions,
  type TensorRole,
  variable,
} from '../../../src/ir/index.js';
import { callElement, type Slot } from '../element.js';
import type { Evaluation } from '../evaluation.js';
import { elementVariables, type GraphConstruction } from '../graph-construction.js';
import { constantNumber, constantString, numberOf } from '../symbolic.js';
import { builtin, type Call, describe, type InputValue, isKind, symbolic, type Value } from '../values.js';
import { type ContentsOf, floatContents, integerContents } from './contents.js';
import { graphPhase, optionOf } from './phase.js';

export type InputRole = 'queries' | 'keys' | 'values' | 'keysAndValues';

/** What a size is the size of, in words, and between which whole numbers it lies. */
interface SizeOf {
  readonly what: string;
  readonly least: number;
  readonly most?: number;
}

/** A size that is known when the graph is made. */
export function constantSize(
  value: Value,
  { what, least, most = LARGEST_EXTENT }: SizeOf,
  site: ts.Node,
  evaluation: Evaluation,
): number {
  const size = constantNumber(value, what, site, evaluation);
  if (Number.isInteger(size) && size >= least && size <= most) return size;
  return evaluation.fail(site, 'HD1027', { what, size, least, most });
}

// ── Queries, keys and values ────────────────────────────────────────────────────────────────────────

interface AskedInput {
  readonly role: InputRole;
  readonly name: string;
  readonly heads?: number | undefined;
  readonly dim?: number | undefined;
}

/** Declares an input; sizes that are not given come from the settings. */
export function declareInput(
  { role, name, ...given }: AskedInput,
  site: ts.Node,
  evaluation: Evaluation,
  graph: GraphConstruction,
): InputValue {
  const settingHeads = () => (role === 'queries' ? undefined : graph.size('kvHeads')) || graph.heads(site);
  const settingDim = () => (role === 'values' ? graph.size('valueDim') : undefined) || graph.size('headDim');
  const heads = given.heads ?? settingHeads();
  const dim = given.dim ?? settingDim() ?? evaluation.fail(site, 'HD1028', { name });
  const domain = role === 'queries' ? outputDomain(heads, dim) : columnDomain(heads, dim);
  return { kind: 'input', node: graph.declare({ name, role, domain }, site, evaluation) };
}

const input = (role: InputRole) =>
  builtin(role, (call) => {
    const graph = graphPhase(role, call);
    const { evaluation, values, at } = call;
    const name = constantString(values[0], 'the name of an input', at(0), evaluation);
    const most = { heads: MOST_HEADS, dim: MOST_FEATURES };
    const size = (field: 'heads' | 'dim') => {
      const value = optionOf(values[1], field);
      return value === undefined
        ? undefined
        : constantSize(value, { what: `${field} of ${name}`, least: 1, most: most[field] }, at(1), evaluation);
    };
    return declareInput({ role, name, heads: size('heads'), dim: size('dim') }, call.site, evaluation, graph);
  });

// ── Named tensors ───────────────────────────────────────────────────────────────────────────────────

const callAxes: Readonly<Record<string, Axis>> = {
  batch: { kind: 'batch' },
  query: { kind: 'query' },
  key: { kind: 'key' },
  position: { kind: 'position' },
};

function domainOf(name: string, call: Call, graph: GraphConstruction): Domain {
  const { evaluation } = call;
  const axes = call.values[1];
  if (!isKind(axes, 'list')) {
    return evaluation.fail(call.at(1), 'HD1010', { what: `the axes of ${name}`, found: describe(axes) });
  }
  const domain = axes.items.map((axis): Axis => {
    if (axis === 'head') return head(graph.heads(call.at(1)));
    const known = typeof axis === 'string' ? callAxes[axis] : undefined;
    return known ?? extent(constantSize(axis, { what: `an extent of ${name}`, least: 1 }, call.at(1), evaluation));
  });
  const kinds = domain.map(({ kind }) => kind);
  const twice = kinds.find((kind, n) => Object.hasOwn(callAxes, kind) && kinds.indexOf(kind) < n);
  if (twice !== undefined) evaluation.fail(call.at(1), 'HD1046', { name, axis: twice });
  return domain;
}

const named = (name: 'tensor' | 'integers', role: TensorRole, contentsOf: ContentsOf) =>
  builtin(name, (call) => {
    const graph = graphPhase(name, call);
    const tensorName = constantString(call.values[0], 'the name of a tensor', call.at(0), call.evaluation);
    const domain = domainOf(tensorName, call, graph);
    const contents = call.values[2] === undefined ? undefined : contentsOf(tensorName, call, domain, graph);
    const given = contents === undefined ? {} : { contents };
    return {
      kind: 'tensor',
      node: graph.declare({ name: tensorName, role, domain, ...given }, call.site, call.evaluation),
    };
  });

const param = builtin('param', (call) => {
  const graph = graphPhase('param', call);
  const { evaluation } = call;
  const name = constantString(call.values[0], 'the name of a parameter', call.at(0), evaluation);
  const domain = domainOf(name, call, graph);
  const unknown = domain.find(({ kind }) => kind !== 'head' && kind !== 'extent');
  if (unknown !== undefined) evaluation.fail(call.at(1), 'HD1041', { name, axis: unknown.kind });
  const initial = initialOf(domain, call);
  return { kind: 'tensor', node: graph.declare({ name, role: 'parameter', domain, initial }, call.site, evaluation) };
});

function initialOf(domain: Domain, call: Call): Initial {
  const { evaluation } = call;
  const start = call.values[2];
  const site = call.at(2);
  if (start === undefined) return { law: 'expression', value: float(0) };
  if (isKind(start, 'distribution')) return { law: start.law, size: start.size };
  const value = typeof start === 'number' ? start : initialElement(domain, start, call);
  const expression = canonicalCounters(asFloat(numberOf(value, site, evaluation)));
  if (expression.kind === 'constant' && !Number.isFinite(expression.value)) {
    evaluation.fail(site, 'HD1023', { value: expression.value });
  }
  if (subexpressions(expression).some(({ kind }) => kind === 'read' || kind === 'length')) {
    evaluation.fail(site, 'HD1038', { what: 'what only a kernel knows' });
  }
  return { law: 'expression', value: expression };
}

function initialElement(domain: Domain, start: Value, call: Call): Value {
  const slots = elementVariables(domain).map((name, n): Slot => {
    const kind = domain[n]?.kind === 'head' ? 'head' : 'extent';
    return { kind, value: symbolic(variable(name)) };
  });
  return callElement({ role: 'initial', domain }, start, slots, call.at(2), call.evaluation);
}

const distribution = (law: 'normal' | 'uniform') =>
  builtin(law, ({ values, at, evaluation }) => {
    const what = law === 'normal' ? 'the deviation of normal()' : 'the bound of uniform()';
    const size = constantNumber(values[0], what, at(0), evaluation);
    if (!Number.isFinite(size) || size < 0) evaluation.fail(at(0), 'HD1060', { what, size });
    return { kind: 'distribution', law, size };
  });

export const inputPrimitives = {
  queries: input('queries'),
  keys: input('keys'),
  values: input('values'),
  keysAndValues: input('keysAndValues'),
  param,
  tensor: named('tensor', 'tensor', floatContents),
  integers: named('integers', 'integers', integerContents),
  normal: distribution('normal'),
  uniform: distribution('uniform'),
};
