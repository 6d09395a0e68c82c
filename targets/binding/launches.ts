// What the launchers of a package take and give, in the places of the lists that Python passes: the plain forward, and of a training
// step the forward that keeps and the backward.
import type { Domain, Graph } from '../../src/ir/index.js';
import { type BoundBuffer, bytesOf, CHUNK, type ElementType } from '../cuda/buffers.js';
import type { EmittedCuda } from '../cuda/emit-files.js';
import { servedOutputs } from '../cuda/wanted-outputs.js';
import type { Signature } from '../torch/signature.js';
import type { Training } from './training.js';

export interface LaunchRecord {
  readonly prefix: string;
  readonly fields: readonly { readonly name: string; readonly hasStrides: boolean }[];
  readonly inputs: readonly {
    readonly place: number;
    readonly field: string;
    readonly element: ElementType;
    readonly alignment: number;
  }[];
  readonly outputs: readonly { readonly place: number; readonly field: string; readonly element: ElementType }[];
}

export interface Launchers {
  readonly launchers: readonly (LaunchRecord & { readonly role: 'plain' | 'keeping' | 'backward' })[];
  /** What a training step keeps beside the outputs. */
  readonly kept: readonly { readonly domain: Domain; readonly element: ElementType }[];
  /** Which of the outputs, and of what is kept behind them, the backward takes. */
  readonly saved: readonly number[];
  /** Of each kernel of the backward: the arguments whose gradients it writes, and those whose gradients need it. */
  readonly together: readonly { readonly writes: readonly number[]; readonly serves: readonly number[] }[];
}

interface Launched {
  readonly graph: Graph;
  readonly signature: Signature;
  readonly emitted: EmittedCuda;
  readonly training: Training;
}

const withoutTraining = { kept: [], saved: [], together: [] };

export function launchersOf({ graph, signature, emitted, training }: Launched): Launchers {
  const inputs = signature.arguments.map(({ node }) => node.name);
  const outputs = graph.outputs.map(({ name }) => name);
  const plain = { role: 'plain' as const, ...recordOf(emitted, inputs, outputs) };
  if ('why' in training) return { launchers: [plain], ...withoutTraining };

  const { pair, forward, backward } = training;
  const results = pair.forward.outputs.map(({ name }) => name);
  const saved = pair.kept.map(({ name }) => results.indexOf(name));
  const taken = [...inputs, ...pair.kept.map(({ name }) => name), ...outputs.map(cotangentOf)];
  const gradients = inputs.map(cotangentOf);
  const elements = new Map(boundBuffers(forward).map(({ buffer, element }) => [buffer.name, element]));
  const placesOf = (buffers: readonly { readonly name: string }[]): readonly number[] =>
    buffers.map(({ name }) => gradients.indexOf(name));
  return {
    launchers: [
      plain,
      { role: 'keeping', ...recordOf(forward, inputs, results) },
      { role: 'backward', ...recordOf(backward, taken, gradients) },
    ],
    kept: pair.forward.outputs
      .slice(outputs.length)
      .map(({ name, node }) => ({ domain: node.domain, element: elements.get(name)! })),
    saved,
    together: Array.from(servedOutputs(backward.program).values(), ({ writes, serves }) => ({
      writes: placesOf(writes),
      serves: placesOf(serves),
    })),
  };
}

const cotangentOf = (name: string): string => `grad_${name}`;

const boundBuffers = ({ module }: EmittedCuda): readonly BoundBuffer[] =>
  [...module.buffers.values()].filter(({ buffer }) => buffer.role !== 'workspace');

/** @param given the names of the tensors that Python passes, and of the results that it wants, in its order */
function recordOf(emitted: EmittedCuda, given: readonly string[], wanted: readonly string[]): LaunchRecord {
  const bound = boundBuffers(emitted);
  return {
    prefix: emitted.prefix,
    fields: bound.map(({ name, staticStrides }) => ({ name, hasStrides: staticStrides === undefined })),
    inputs: bound
      .filter(({ buffer }) => buffer.role === 'input')
      .map(({ buffer, name, element, isAligned }) => ({
        place: given.indexOf(buffer.name),
        field: name,
        element,
        alignment: isAligned ? CHUNK : bytesOf[element],
      })),
    outputs: bound
      .filter(({ buffer }) => buffer.role === 'output')
      .map(({ buffer, name, element }) => ({ place: wanted.indexOf(buffer.name), field: name, element })),
  };
}
