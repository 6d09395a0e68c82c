// Runs a graph, forward or backward, on a device.
// The gradient of a graph is a graph: backward is a run like any other, of another graph.
import type { Device } from '../src/checking/index.js';
import { type Diagnostic, diagnostic, fail, HeddleError, nearest } from '../src/diagnostics/index.js';
import type { Graph } from '../src/ir/index.js';
import { type Dtype, dtypeOfPrecision, dtypes, type HostTensor } from '../src/tensors/index.js';
import { gradientOf } from './gradients.js';
import { failUnknown } from './unknown-name.js';

export interface RunRequest {
  readonly device: Device;
  /** R, how many of the last rows to compute. */
  readonly rows?: number | undefined;
  /** Compute the gradients of the inputs, from those of the outputs that `inputs` holds as `grad_<output>`. */
  readonly backward: boolean;
}

/** @throws HeddleError HD7xxx where the tensors do not fit. */
export async function runGraph(
  graph: Graph,
  inputs: ReadonlyMap<string, HostTensor>,
  { device, rows, backward }: RunRequest,
): Promise<ReadonlyMap<string, HostTensor>> {
  const run = backward ? gradientOf(graph, [...inputs.keys()]) : graph;
  try {
    return await device.run(run, inputs, { rows });
  } catch (error) {
    if (isOutOfMemory(error)) fail('HD4027', { device: device.name });
    throw error;
  }
}

/** What the engine throws for an array that it has no room for. */
const isOutOfMemory = (error: unknown): boolean =>
  error instanceof RangeError && /array length|array buffer allocation/i.test(error.message);

/**
 * Checks that tensors read from a file are of the type that the spec declares: floats or integers of any width, and incoming
 * gradients, where they are taken, floats.
 * @throws HeddleError HD7011, for all wrong ones at once.
 */
export function checkTypes(graph: Graph, tensors: ReadonlyMap<string, HostTensor>, backward: boolean): void {
  const cotangents = backward ? cotangentNames(graph).map((name) => ({ name, dtype: 'float' })) : [];
  const problems = [...graph.inputs, ...cotangents].flatMap(({ name, dtype }) => {
    const found = tensors.get(name)?.dtype;
    if (found === undefined || (dtypes[found].kind === 'float') === (dtype === 'float')) return [];
    return [diagnostic('HD7011', { name, dtype: found, expected: dtype === 'float' ? 'floats' : 'integers' })];
  });
  if (problems.length > 0) throw new HeddleError(problems);
}

const cotangentNames = ({ outputs }: Graph): readonly string[] => outputs.map(({ name }) => `grad_${name}`);

/**
 * Incoming gradients that would be lost under the names that they have, as warnings. Gradients of inputs, and of other tensors
 * beside them, are results that somebody keeps in the same file.
 */
export function lostGradients(graph: Graph, tensors: ReadonlyMap<string, HostTensor>): readonly Diagnostic[] {
  const wanted = cotangentNames(graph);
  const outputs = graph.outputs.map(({ name }) => name);
  const known = new Set([...outputs, ...graph.inputs.map(({ name }) => name), ...tensors.keys()]);
  return [...tensors.keys()]
    .filter((name) => name.startsWith('grad_') && !known.has(name.slice('grad_'.length)))
    .map((name) => diagnostic('HD7014', { name, outputs, suggestion: nearest(name, wanted) }));
}

/** The dtype of a precision's name: F32 for f32. @throws HeddleError HD4023. */
export function outputDtype(name: string): Dtype {
  const found = Object.entries(dtypeOfPrecision).find(([precision]) => precision === name.toLowerCase());
  return found?.[1] ?? failUnknown('HD4023', name, Object.keys(dtypeOfPrecision));
}
