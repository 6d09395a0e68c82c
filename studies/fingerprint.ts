// What tells kernels apart: the optimised graph without what only people read, and keys of work by its content.
// Variants that differ in names, texts or start values alone are one kernel.
import { createHash } from 'node:crypto';
import type { Graph } from '../src/ir/index.js';
import { fromJson, type GraphJson, toJson } from '../src/ir/json/index.js';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The same computation for checks and clocks: without settings, texts, labels and start values, which kernels do not have. */
export const bareGraph = (graph: Graph): Graph => fromJson(bareJson(graph));

function bareJson(graph: Graph): GraphJson {
  const { formula: _, paper: __, ...json } = toJson(graph);
  const nodes = json.nodes.map((node) => {
    const { label: _label, ...bare } = node;
    if (bare.op !== 'tensor') return bare;
    // A tensor's expressions are those of its start.
    const { initial: _initial, expressions: _expressions, ...tensor } = bare;
    return tensor;
  });
  return { ...json, name: 'variant', settings: {}, nodes };
}

/** Equal for graphs that are the same but for names: those of inputs too, which are told apart by their order. */
export function fingerprintOf(optimised: Graph): string {
  const { nodes, ...rest } = bareJson(optimised);
  let inputs = 0;
  const nameless = nodes.map((node) => {
    if (node.op !== 'tensor') return node;
    inputs += 1;
    return { ...node, name: `input ${inputs}` };
  });
  return sha256(JSON.stringify({ ...rest, nodes: nameless })).slice(0, 16);
}

/** The key of a piece of work: what it is, on what, and by which version of the compiler. */
export const keyOf = (...parts: readonly unknown[]): string => sha256(JSON.stringify(parts)).slice(0, 32);
