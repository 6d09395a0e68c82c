// One configuration of a spec: its body evaluated with settings, and the values that it returns made into a graph.
// The outputs are those that the body names; a lone normaliser's log-sum-exp is added as `lse`.
import type { ts } from 'ts-morph';
import { codeFrame, type Diagnostic, diagnostic, HeddleError } from '../../src/diagnostics/index.js';
import { type Graph, type GraphOutput, type Node, type SettingValue, topological } from '../../src/ir/index.js';
import { findInfinityMisuse } from '../../src/ir/infinity.js';
import { isName } from '../../src/names.js';
import type { Evaluation } from './evaluation.js';
import { GraphConstruction } from './graph-construction.js';
import { DEEPEST_INLINING } from './limits.js';
import type { Modules } from './modules.js';
import { declareInput } from './primitives/inputs.js';
import { sourceTextOf } from './program.js';
import {
  type Closure,
  describe,
  type Field,
  field,
  isKind,
  list,
  record,
  type SpecValue,
  type Value,
} from './values.js';

/** Takes what may be a mistake in a spec that compiles. */
export type OnWarning = (warning: Diagnostic) => void;

export interface Naming {
  readonly name: string;
  readonly formula?: string | undefined;
  readonly paper?: string | undefined;
}

/**
 * The graph of `spec` under `settings`, as the spec says it: one node for each operation, nothing simplified.
 * @param onWarning is given what may be a mistake, once the graph is made.
 * @throws HeddleError HD1xxx and HD2009.
 */
export function compileSpec(
  spec: SpecValue,
  settings: ReadonlyMap<string, SettingValue>,
  naming: Naming,
  modules: Modules,
  onWarning: OnWarning = () => undefined,
): Graph {
  const construction = new GraphConstruction(settings);
  const evaluation = modules.evaluation(construction);
  try {
    const graph = graphOf(spec.body, naming, construction, evaluation);
    evaluation.headReads.warn(evaluation);
    evaluation.warnings.forEach(onWarning);
    return graph;
  } catch (error) {
    // A spec may nest expressions more deeply than the machine's stack; that too is a diagnostic.
    if (!(error instanceof RangeError)) throw error;
    return evaluation.fail(evaluation.current ?? spec.site, 'HD1006', { limit: DEEPEST_INLINING });
  }
}

function graphOf(
  body: Closure,
  { name, formula, paper }: Naming,
  construction: GraphConstruction,
  evaluation: Evaluation,
): Graph {
  const { syntax } = body;
  const given = configuration(construction, evaluation, syntax);
  const result = evaluation.call(body, [given], syntax);
  construction.refuseAssumedHeads(evaluation);
  const outputs = outputsOf(result, construction, evaluation, syntax);
  const reached = new Set(topological({ inputs: [], outputs }));
  const graph: Graph = {
    name,
    settings: Object.fromEntries(construction.settings),
    ...(formula === undefined ? {} : { formula }),
    ...(paper === undefined ? {} : { paper }),
    inputs: construction.inputs.filter((input) => reached.has(input)),
    outputs,
  };
  refuseInfinities(graph, evaluation.modules);
  return graph;
}

/** What the body gets: its settings, and q, k and v, which are declared when they are referenced. */
function configuration(construction: GraphConstruction, evaluation: Evaluation, site: ts.Node): Value {
  const fields: [string, Field][] = [...construction.settings].map(([name, value]) => [
    name,
    field(typeof value === 'object' ? list(value) : value),
  ]);
  if (construction.size('headDim') === undefined) return record(fields);
  const standard = { q: 'queries', k: 'keys', v: 'values' } as const;
  for (const [name, role] of Object.entries(standard)) {
    fields.push([name, { get: () => declareInput({ role, name }, site, evaluation, construction) }]);
  }
  return record(fields);
}

function outputsOf(
  result: Value,
  construction: GraphConstruction,
  evaluation: Evaluation,
  site: ts.Node,
): readonly GraphOutput[] {
  const named = isKind(result, 'record') ? [...result.fields] : [['out', field(result)] as const];
  const outputs = named.map(([name, { get, site: written }]): GraphOutput => {
    const value = get();
    if (!isKind(value, 'handle') || (value.role !== 'output' && value.role !== 'rows')) {
      return evaluation.fail(written ?? site, 'HD1033', { expected: 'an output or rows', found: describe(value) });
    }
    if (!isName(name)) evaluation.fail(written ?? site, 'HD1040', { name });
    const input = construction.siteOf(name);
    if (input) {
      evaluation.fail(written ?? site, 'HD1043', { name }, [{ message: 'the input is declared here', node: input }]);
    }
    evaluation.headReads.take(value.node);
    return { name, node: value.node };
  });
  const ordered = [...outputs].sort((x, y) => Number(y.name === 'out') - Number(x.name === 'out'));
  return withLogSumExp(ordered, construction);
}

/** A spec with one normaliser offers its log-sum-exp as `lse`, which joins splits of the keys and serves gradients. */
function withLogSumExp(outputs: readonly GraphOutput[], construction: GraphConstruction): readonly GraphOutput[] {
  const reached = new Set(topological({ inputs: [], outputs }));
  const [only, ...others] = construction.normalisers.filter(({ statistics }) => reached.has(statistics.sum));
  if (only === undefined || others.length > 0) return outputs;
  const taken = outputs.some(({ name, node }) => name === 'lse' || node === only.logSumExp);
  if (taken || construction.siteOf('lse') !== undefined) return outputs;
  return [...outputs, { name: 'lse', node: only.logSumExp }];
}

const nouns: Readonly<Record<Node['op'], string>> = {
  tensor: 'this input',
  dot: 'this dot product',
  map: 'this map',
  rowmap: 'this map',
  fill: 'this fill',
  reduce: 'this reduction',
  contract: 'this sum of values',
  bin: 'this table',
};

function refuseInfinities(graph: Graph, modules: Modules): void {
  const misuse = findInfinityMisuse(graph);
  if (misuse === undefined) return;
  const { node, reason } = misuse;
  const details = { what: node.label ?? nouns[node.op], reason };
  const span = node.origin;
  if (span === undefined) throw new HeddleError([diagnostic('HD1022', details)]);
  const text = sourceTextOf(modules.program, span.file);
  throw new HeddleError([
    diagnostic('HD1022', details, { span, ...(text === undefined ? {} : { frame: codeFrame(text, span) }) }),
  ]);
}
