// What is so of a case, whatever device is checked by it: the inputs, what the interpreter makes of them, and what it makes of them where
// one element is changed. Several devices of one precision are held to the same, so small cases are kept with their graph.
import { dependence, interpret, MOST_SOURCES } from '../interpreter/index.js';
import type { Graph } from '../ir/index.js';
import { type HostTensor, hostTensor, type Precision } from '../tensors/index.js';
import { chooseProbes, type Probe } from './probes.js';
import { type Draw, randomInputs } from './random-inputs.js';
import type { CheckShape } from './shapes.js';

export type Tensors = ReadonlyMap<string, HostTensor>;

/** The inputs of a case, and the yardsticks of its outputs. */
export interface Comparable {
  readonly inputs: Tensors;
  /** In float64. */
  readonly gold: Tensors;
  /** With every node rounded once to the precision. */
  readonly low: Tensors;
}

/** A change of one element, and what follows. */
export interface ProbeTruth {
  readonly probe: Probe;
  readonly inputs: Tensors;
  readonly gold: Tensors;
  /** Whether an element of an output may depend on the changed one. */
  readonly mayDepend: (output: string, element: number) => boolean;
}

export interface Truth extends Comparable {
  readonly rows: number;
  readonly probes: () => number;
  /** The n-th probe. Probes are found when they are first asked for. */
  readonly probe: (n: number) => ProbeTruth;
}

/** A case, in what decides it. */
export interface TruthRequest {
  readonly shape: CheckShape;
  readonly seed: number;
  readonly precision: Precision;
  readonly draw: Draw;
}

const known = new WeakMap<Graph, Map<string, Truth>>();
/** Numbers of inputs and outputs from which on a case is not kept: a check of long sequences has no memory to spare. */
const MOST_KEPT = 2 ** 16;

export function truthOf(graph: Graph, request: TruthRequest): Truth {
  const { batch, queries, keys, rows } = request.shape;
  const key = [batch, queries, keys, rows, request.seed, request.precision, request.draw].join();
  const ofGraph = known.get(graph) ?? new Map<string, Truth>();
  known.set(graph, ofGraph);
  const truth = ofGraph.get(key) ?? found(graph, request);
  const size = [...truth.inputs.values(), ...truth.gold.values()].reduce((sum, { data }) => sum + data.length, 0);
  if (size <= MOST_KEPT) ofGraph.set(key, truth);
  return truth;
}

function found(graph: Graph, request: TruthRequest): Truth {
  const { shape, seed, precision } = request;
  const { batch, queries, keys, rows } = shape;
  const comparable = comparableInputs(graph, request);
  const { inputs } = comparable;
  let chosen: readonly Probe[] | undefined;
  const probes = (): readonly Probe[] => {
    chosen ??= chooseProbes(graph, inputs, { sizes: { batch, queries, keys }, seed, precision });
    return chosen;
  };
  const reached = new Map<number, ReadonlyMap<string, Int32Array>>();
  const madeOf = (n: number): ProbeTruth => {
    const first = n - (n % MOST_SOURCES);
    const masks = reached.get(first) ?? dependence(graph, inputs, probes().slice(first, first + MOST_SOURCES), rows);
    reached.set(first, masks);
    const bit = 1 << (n - first);
    const probe = probes()[n]!;
    const changed = changedInputs(inputs, probe);
    return {
      probe,
      inputs: changed,
      gold: interpret(graph, changed, { rows }),
      mayDepend: (output, element) => (masks.get(output)![element]! & bit) !== 0,
    };
  };
  const truths = new Map<number, ProbeTruth>();
  const probe = (n: number): ProbeTruth => {
    const truth = truths.get(n) ?? madeOf(n);
    truths.set(n, truth);
    return truth;
  };
  return { ...comparable, rows, probes: () => probes().length, probe };
}

/**
 * Inputs on which the interpreter gives numbers: positive ones where numbers around 0 do not do, and random ones where
 * the edges of what may be held overflow in the device's precision.
 */
function comparableInputs(graph: Graph, { shape, seed, precision, draw }: TruthRequest): Comparable {
  const { batch, queries, keys, rows } = shape;
  const drawn = (each: Draw): Comparable => {
    const inputs = randomInputs(graph, { batch, queries, keys, rows }, seed, precision, each);
    return { inputs, gold: interpret(graph, inputs, { rows }), low: interpret(graph, inputs, { rows, precision }) };
  };
  for (const each of draw === 'random' ? ([draw] as const) : ([draw, 'random'] as const)) {
    const one = drawn(each);
    if (isComparable(one, each !== 'random')) return one;
  }
  return drawn('positive');
}

/** Whether gold has no NaN and, where it matters, low is finite just where gold is. */
function isComparable({ gold, low }: Comparable, mustBeFinite: boolean): boolean {
  return [...gold].every(([name, { data }]) =>
    data.every((value, n) => {
      const other = low.get(name)!.data[n]!;
      return (
        !Number.isNaN(value) && (!mustBeFinite || (Number.isFinite(value) ? Number.isFinite(other) : other === value))
      );
    }),
  );
}

function changedInputs(inputs: Tensors, { input, element, becomes }: Probe): Tensors {
  const { shape, dtype, data } = inputs.get(input)!;
  const copy = data.slice();
  copy[element] = becomes;
  return new Map(inputs).set(input, hostTensor(shape, copy, dtype));
}
