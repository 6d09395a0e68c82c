// The kernels of a graph: for each node that is stored, its element with everything that is fused into it and with
// tables looked up, and what it reads. Text comes later, in kernel-text.ts.
import {
  type Axis,
  canonicalCounters,
  type Domain,
  type Expression,
  type Graph,
  type Monoid,
  mapParts,
  type Node,
  readsOf,
  softmaxPart,
  substitute,
} from '../../src/ir/index.js';
import { sharedExpression } from '../../src/passes/index.js';
import { Names } from '../shared/text/names.js';
import type { Source } from '../shared/text/source.js';
import { axisBounds, type BoundsOfVariables } from './bounds.js';
import { identifier, javascriptNames } from './code.js';
import type { Element } from './elements.js';
import { type Fusion, planFusion } from './fusion.js';
import { runtimeNames } from './runtime-text.js';
import { type Table, Tables } from './tables.js';

export interface Kernel {
  readonly name: Source<'javascript'>;
  readonly node: Node;
  readonly domain: Domain;
  readonly element: Element;
  /** What it reads, in the order of its parameters: inputs, tables, other kernels' nodes. */
  readonly sources: readonly Node[];
  /** The nodes that are computed inside it, itself included, operands first. */
  readonly computes: readonly Node[];
}

export interface Plan {
  readonly graph: Graph;
  readonly kernels: readonly Kernel[];
  readonly tables: readonly Table[];
  /** The name that inputs, tables and kernels go by in the module. */
  readonly names: ReadonlyMap<Node, Source<'javascript'>>;
}

export function planKernels(graph: Graph): Plan {
  const fusion = planFusion(graph);
  const tables = new Tables();
  const names = new Map<Node, Source<'javascript'>>();
  const taken = new Names(javascriptNames, runtimeNames);
  for (const input of graph.inputs) names.set(input, taken.take(identifier(input.name)));

  const computed = fusion.kernels.map((node) => {
    const fused: Node[] = [];
    const expanded = expand(node, fusion, fused);
    const { variables, over } = expanded;
    const bounds = boundsAround(variables, node.domain, over);
    const value = sharedExpression(canonicalCounters(tables.lookUp(expanded.value, bounds, describe(node))));
    return { node, element: { ...expanded, value }, computes: [...fused, node] };
  });
  for (const { node } of tables.list) names.set(node, taken.take(node.name));

  const outputs = new Map([...graph.outputs].reverse().map(({ name, node }) => [node, name]));
  const kernels = computed.map(({ node, element, computes }): Kernel => {
    const named = computes.findLast(({ label }) => label !== undefined) ?? node;
    const name = taken.take(identifier(outputs.get(node) ?? describe(named)));
    if (node.op !== 'tensor') names.set(node, name);
    const sources = [...new Set(readsOf(element.value).map(({ source }) => source))];
    return { name, node, domain: node.domain, element, sources, computes };
  });
  return { graph, kernels, tables: tables.list, names };
}

const words: Readonly<Record<Exclude<Node['op'], 'tensor' | 'reduce'>, string>> = {
  dot: 'scores',
  map: 'mapped',
  rowmap: 'rows',
  fill: 'filled',
  contract: 'summed',
  bin: 'bins',
};
const reductions: Readonly<Record<Monoid, string>> = { sum: 'sum', max: 'largest', logSumExp: 'logSumExp' };

/** What people call a node: its name in the spec, or what it does. */
export function describe(node: Node): string {
  if (node.op === 'tensor') return node.name;
  if (node.label !== undefined) return node.label;
  return softmaxPart(node) ?? (node.op === 'reduce' ? reductions[node.monoid] : words[node.op]);
}

/** The bounds of an element's index variables. */
export function boundsAround(variables: readonly string[], domain: Domain, over: Element['over']): BoundsOfVariables {
  const axes: [string, Axis][] = [
    ...variables.map((name, axis): [string, Axis] => [name, domain[axis]!]),
    ...over.map(({ variable, axis }): [string, Axis] => [variable, axis]),
  ];
  return new Map(axes.map(([name, axis]) => [name, axisBounds(axis)]));
}

/** The element of `node` with reads of fused nodes replaced by what they compute; these are noted in `fused`. */
function expand(node: Node, { elements, fused }: Fusion, noted: Node[]): Element {
  const inlined = new Map<Node, [index: readonly Expression[], value: Expression][]>();
  const visitAll = (root: Expression): Expression => {
    const done = new Map<Expression, Expression>();
    const visit = (expression: Expression): Expression => {
      const known = done.get(expression);
      if (known) return known;
      const rebuilt = mapParts(expression, visit);
      const result =
        rebuilt.kind === 'read' && fused.has(rebuilt.source) ? inline(rebuilt.source, rebuilt.index) : rebuilt;
      done.set(expression, result);
      return result;
    };
    return visit(root);
  };
  const inline = (source: Node, index: readonly Expression[]): Expression => {
    const known = inlined.get(source)?.find(([at]) => at.every((each, axis) => each === index[axis]));
    if (known) return known[1];
    const { variables, value } = elements.get(source)!;
    const replacements = new Map(variables.map((name, axis): [string, Expression] => [name, index[axis]!]));
    const result = visitAll(substitute(value, replacements));
    inlined.set(source, [...(inlined.get(source) ?? []), [index, result]]);
    if (!noted.includes(source)) noted.push(source);
    return result;
  };
  const element = elements.get(node)!;
  return { ...element, value: visitAll(element.value) };
}
