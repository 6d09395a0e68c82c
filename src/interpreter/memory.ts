// How much memory the interpreter takes for a graph, before any of it is taken. Values are dense float64, and each lives from
// its node until its last reader has run, as in `interpret`.
import { fail } from '../diagnostics/index.js';
import {
  axisSize,
  type CallSizes,
  type Domain,
  dependencies,
  type Graph,
  type Node,
  topological,
} from '../ir/index.js';

const BYTES = 8;

/** The most entries of one typed array that every engine takes. */
const MOST_ENTRIES = 2 ** 32 - 1;

/** Granted where the engine does not say what is free. */
const UNKNOWN_MEMORY = 4 * 2 ** 30;

/** Below this nothing is refused, however little is free: small calls are the engine's own business. */
const ALWAYS_GRANTED = 2 ** 28;

interface Memory {
  /** Bytes of all values that live at once, inputs included. */
  readonly peak: number;
  /** The largest value. */
  readonly largest: { readonly node: Node; readonly entries: number };
}

const entriesOf = (domain: Domain, sizes: CallSizes): number =>
  domain.reduce((product, axis) => product * axisSize(axis, sizes), 1);

/** The memory that interpreting `graph` takes at `sizes`. */
function memoryOf(graph: Graph, sizes: CallSizes): Memory {
  const nodes = topological(graph);
  const lastReader = new Map<Node, Node>();
  for (const node of nodes) for (const each of dependencies(node)) lastReader.set(each, node);
  const kept = new Set<Node>([...graph.inputs, ...graph.outputs.map(({ node }) => node)]);
  let live = 0;
  for (const node of graph.inputs) live += entriesOf(node.domain, sizes);
  let [peak, largest] = [live, { node: nodes[0]!, entries: 0 }];
  for (const node of nodes) {
    const entries = entriesOf(node.domain, sizes);
    if (entries > largest.entries) largest = { node, entries };
    if (node.op !== 'tensor') live += entries;
    peak = Math.max(peak, live);
    for (const each of new Set(dependencies(node))) {
      if (lastReader.get(each) === node && !kept.has(each)) live -= entriesOf(each.domain, sizes);
    }
  }
  return { peak: peak * BYTES, largest };
}

/** @throws HeddleError HD7012 where the call would take more memory than there is. */
export function requireMemory(graph: Graph, sizes: CallSizes): void {
  const { peak, largest } = memoryOf(graph, sizes);
  const free = Math.max(ALWAYS_GRANTED, freeMemory());
  if (peak <= free && largest.entries <= MOST_ENTRIES) return;
  const { batch, queries, keys } = sizes;
  const isMatrix = ['query', 'key'].every((kind) => largest.node.domain.some((axis) => axis.kind === kind));
  fail('HD7012', { graph: graph.name, shape: `${batch}×${queries}×${keys}`, needed: peak, free, isMatrix });
}

/** Bytes that this process may still take; Node knows, a page does not. */
function freeMemory(): number {
  const { process } = globalThis as { process?: { availableMemory?: () => number } };
  return process?.availableMemory?.() ?? UNKNOWN_MEMORY;
}
