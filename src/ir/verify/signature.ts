// Rule of the whole graph: inputs and outputs have names of their own, and every tensor that is read is an input.
// Launchers and other programs know a graph by these names alone.
import { type Diagnostic, diagnostic } from '../../diagnostics/index.js';
import { isSafeName } from '../../names.js';
import { type Graph, topological } from '../graph.js';
import type { Node } from '../node.js';
import { describeNode } from '../text/names.js';

export function signatureFaults(graph: Graph, names: ReadonlyMap<Node, string>): readonly Diagnostic[] {
  const inputs = new Set<Node>(graph.inputs);
  const missing = topological(graph).filter((node) => node.op === 'tensor' && !inputs.has(node));
  return [
    ...(isSafeName(graph.name) ? [] : [unnameable(graph.name)]),
    ...Object.keys(graph.settings)
      .filter((name) => !isSafeName(name))
      .map(unnameable),
    ...repeated(graph.inputs, 'input'),
    ...repeated(graph.outputs, 'output'),
    ...(graph.outputs.length > 0 ? [] : [diagnostic('HD5019', { what: `the graph ${graph.name} has no outputs` })]),
    ...(isWhole(graph.history ?? 0)
      ? []
      : [diagnostic('HD5019', { what: `the history of ${graph.name} is ${graph.history}` })]),
    ...missing.map((node) => diagnostic('HD5012', { node: describeNode(node, names) })),
  ];
}

const unnameable = (name: string): Diagnostic => diagnostic('HD5011', { name, why: 'is no ASCII identifier' });

const isWhole = (history: number): boolean => Number.isInteger(history) && history >= 0;

function repeated(named: readonly { readonly name: string }[], what: string): readonly Diagnostic[] {
  const seen = new Set<string>();
  const faults: Diagnostic[] = [];
  for (const { name } of named) {
    if (!isSafeName(name)) faults.push(unnameable(name));
    else if (seen.has(name)) faults.push(diagnostic('HD5011', { name, why: `stands for more than one ${what}` }));
    seen.add(name);
  }
  return faults;
}
