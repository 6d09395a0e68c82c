// The tensors of the Multi-Token Attention authors (test/golden), and the graph of examples/mta.ts that each case is of.
// Every target is held to the same ones.
import { readFileSync } from 'node:fs';
import type { Graph } from '../../src/ir/index.js';
import { type HostTensor, hostTensor } from '../../src/tensors/index.js';
import { exampleGraph, openExample } from './example-graphs.js';
import type { MultiTokenAttentionSettings } from './multi-token-attention.js';
import { readSafetensors } from './safetensors.js';

const folder = new URL('../golden/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as Readonly<
  Record<string, MultiTokenAttentionSettings>
>;

export type Settings = Readonly<Record<string, number | boolean | string>>;

/** Settings of examples/mta.ts under which it is plain attention: what a case leaves out is off. */
const off: Settings = {
  preQueryKernel: 0,
  preKeyKernel: 0,
  preMix: 0,
  postQueryKernel: 0,
  postKeyKernel: 0,
  postMix: 0,
  norm: 'none',
  gate: 'none',
  depthScale: false,
};

/** The cases by name, with the settings of examples/mta.ts. */
export const authorsCases: readonly (readonly [name: string, settings: Settings])[] = Object.entries(manifest).map(
  ([name, settings]) => [name, { ...off, ...settings }],
);

/** The cases by name, with the settings that the authors' code has. */
export const authorsSettings = Object.entries(manifest);

/** Settings of a case, or of none: everything off. */
export const settingsOf = (name?: string): Settings => authorsCases.find(([each]) => each === name)?.[1] ?? off;

export const authorsGraph = (settings: Settings): Promise<Graph> => exampleGraph('mta', settings);

/** As it is written, not optimised. */
export const authorsGraphAsWritten = async (settings: Settings): Promise<Graph> =>
  (await openExample('mta')).compile('mta', settings);

/** Inputs, outputs and gradients of a case. */
export function authorsTensors(name: string): ReadonlyMap<string, HostTensor> {
  const tensors = Object.entries(readSafetensors(new URL(`${name}.safetensors`, folder)));
  return new Map(tensors.map(([tensor, { shape, data }]) => [tensor, hostTensor(shape, data, 'F32')]));
}

/** ‖actual − expected‖ / ‖expected‖ in the Frobenius norm. */
export function distance(actual: HostTensor, expected: HostTensor): number {
  if (actual.shape.join() !== expected.shape.join())
    throw new Error(`a tensor of ${actual.shape} in place of one of ${expected.shape}`);
  let [error, size] = [0, 0];
  for (const [n, value] of expected.data.entries()) {
    error += (actual.data[n]! - value) ** 2;
    size += value ** 2;
  }
  return Math.sqrt(error / size);
}
