// A device for graphs as they are written: it is given what the passes make of them.
// What is checked is so what a target emits, and each graph is optimised once.
import type { Device } from '../src/checking/index.js';
import type { Graph } from '../src/ir/index.js';

/** The device, given what the passes make of a graph: what a target emits, and what a check must hold to account. */
export function afterPasses(device: Device, optimise: (graph: Graph) => Graph): Device {
  const known = new WeakMap<Graph, Graph>();
  const optimised = (graph: Graph): Graph => {
    const found = known.get(graph) ?? optimise(graph);
    known.set(graph, found);
    return found;
  };
  const { prepare, alternatives } = device;
  return {
    ...device,
    run: (graph, inputs, options) => device.run(optimised(graph), inputs, options),
    ...(prepare && { prepare: (graph, inputs, options) => prepare(optimised(graph), inputs, options) }),
    ...(alternatives && {
      alternatives: (graph) => alternatives(optimised(graph)).map((each) => afterPasses(each, optimise)),
    }),
  };
}
