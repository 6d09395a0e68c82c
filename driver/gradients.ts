// Gradients on devices with kernels, as a training step runs them: a forward graph that keeps what its gradient needs, and
// the backward graph on what was kept. Who asks for a gradient graph to be run need not know.
import { gradientGraph, type TrainingPair, trainingPair } from '../src/autodiff/index.js';
import type { Device } from '../src/checking/index.js';
import { bindInputs } from '../src/interpreter/index.js';
import type { Graph } from '../src/ir/index.js';
import type { HostTensor } from '../src/tensors/index.js';

const pairs = new WeakMap<Graph, () => TrainingPair>();

/**
 * The gradient of a graph as written, of the outputs whose incoming gradients are given; of all where none is, which is an
 * error when it is run. @param given the names of tensors, `grad_out` among them
 */
export function gradientOf(graph: Graph, given: readonly string[]): Graph {
  const outputs = graph.outputs.map(({ name }) => name).filter((name) => given.includes(`grad_${name}`));
  const options = outputs.length > 0 ? { outputs } : {};
  const gradient = gradientGraph(graph, options);
  let pair: TrainingPair | undefined;
  pairs.set(gradient, () => {
    pair ??= trainingPair(graph, options);
    return pair;
  });
  return gradient;
}

/** The gradient of a graph as written, of all its outputs. */
export const wholeGradient = (graph: Graph): Graph =>
  gradientOf(
    graph,
    graph.outputs.map(({ name }) => `grad_${name}`),
  );

/** A device that runs each graph of `gradientOf` in two runs; other graphs as they are. */
export function inTwoRuns(device: Device): Device {
  const keep = async (
    { forward, kept }: TrainingPair,
    graph: Graph,
    inputs: ReadonlyMap<string, HostTensor>,
    rows: number | undefined,
  ): Promise<ReadonlyMap<string, HostTensor>> => {
    const { tensors, sizes } = bindInputs(graph, inputs, rows);
    const outputs = await device.run(forward, tensors, { rows: sizes.queries });
    return new Map([...tensors, ...kept.map(({ name }) => [name, outputs.get(name)!] as const)]);
  };
  const { prepare, alternatives } = device;
  return {
    ...device,
    run: async (graph, inputs, options) => {
      const pair = pairs.get(graph)?.();
      if (!pair) return device.run(graph, inputs, options);
      return device.run(pair.backward, await keep(pair, graph, inputs, options?.rows));
    },
    // The time of a gradient is that of the backward graph: what it takes has been kept.
    ...(prepare && {
      prepare: async (graph, inputs, options) => {
        const pair = pairs.get(graph)?.();
        if (!pair) return prepare(graph, inputs, options);
        return prepare(pair.backward, await keep(pair, graph, inputs, options?.rows));
      },
    }),
    // Kernels of training are not chosen between.
    ...(alternatives && {
      alternatives: (graph) => (pairs.has(graph) ? [] : alternatives(graph)),
    }),
  };
}
