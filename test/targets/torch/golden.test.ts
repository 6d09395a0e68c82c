// The authors' own numbers through PyTorch, forward and by its own autograd: an independent proof of what the spec and
// its frontend mean. The emitted graph of gradients, which autograd knows nothing of, gives the same.
import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { openSpec } from '../../../dsl/frontend/index.js';
import { gradientGraph } from '../../../src/autodiff/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { type HostTensor, hostTensor } from '../../../src/tensors/index.js';
import { exampleFiles } from '../../support/examples.js';
import { type MultiTokenAttentionSettings, multiTokenAttention } from '../../support/multi-token-attention.js';
import { readSafetensors } from '../../support/safetensors.js';
import { distance, onTorch, torch, torch64 } from './support.js';

const folder = new URL('../../golden/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as Readonly<
  Record<string, MultiTokenAttentionSettings>
>;

/** An option that a case does not name is off. */
const off = { padKey: 'both', norm: 'none', gate: 'none', depthScale: false, layer: 0 };
const noKernels = { preQueryKernel: 0, preKeyKernel: 0, preMix: 0, postQueryKernel: 0, postKeyKernel: 0, postMix: 0 };

async function exampleGraph(settings: MultiTokenAttentionSettings): Promise<Graph> {
  const file = await openSpec(exampleFiles.get('mta')!);
  const known = new Set(file.spec('mta').settings.map(({ name }) => name));
  const given = Object.entries({ ...noKernels, ...off, ...settings }).filter(([name]) => known.has(name));
  return file.compile('mta', Object.fromEntries(given));
}

describe.each(Object.entries(manifest))('%s', (name, settings) => {
  const tensors = new Map<string, HostTensor>(
    Object.entries(readSafetensors(new URL(`${name}.safetensors`, folder))).map(([tensor, { shape, data }]) => [
      tensor,
      hostTensor(shape, data, 'F32'),
    ]),
  );
  const wanted = [...tensors.keys()].filter((each) => each.startsWith('grad_') && each !== 'grad_out').sort();
  const expectGradients = (out: ReadonlyMap<string, HostTensor>, most: number) => {
    expect([...out.keys()].filter((each) => each.startsWith('grad_')).sort()).toEqual(wanted);
    for (const each of wanted) expect(distance(out.get(each), tensors.get(each)!), each).toBeLessThan(most);
  };

  onTorch('from the spec, with the gradients of autograd', async () => {
    const graph = await exampleGraph(settings);
    for (const [device, written] of [
      [torch, optimise(graph)],
      [torch64, graph],
    ] as const) {
      const out = await device.differentiate(written, tensors);
      expect(distance(out.get('out'), tensors.get('out')!)).toBeLessThan(1e-5);
      expectGradients(out, 3e-5);
    }
  });

  onTorch('as a graph of gradients', async () => {
    const gradients = gradientGraph(multiTokenAttention(settings), { outputs: ['out'] });
    expectGradients(await torch64.run(optimise(gradients), tensors), 2e-5);
  });
});
