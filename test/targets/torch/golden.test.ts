// The authors' own numbers through PyTorch, forward and by its own autograd: an independent proof of what the spec and
// its frontend mean. The emitted graph of gradients, which autograd knows nothing of, gives the same.
import { describe, expect } from 'vitest';
import { gradientGraph } from '../../../src/autodiff/index.js';
import { optimise } from '../../../src/passes/index.js';
import type { HostTensor } from '../../../src/tensors/index.js';
import { authorsGraphAsWritten, authorsSettings, authorsTensors, settingsOf } from '../../support/authors-tensors.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';
import { distance, onTorch, torch, torch64 } from './support.js';

describe.each(authorsSettings)('%s', (name, settings) => {
  const tensors = authorsTensors(name);
  const wanted = [...tensors.keys()].filter((each) => each.startsWith('grad_') && each !== 'grad_out').sort();
  const expectGradients = (out: ReadonlyMap<string, HostTensor>, most: number) => {
    expect([...out.keys()].filter((each) => each.startsWith('grad_')).sort()).toEqual(wanted);
    for (const each of wanted) expect(distance(out.get(each), tensors.get(each)!), each).toBeLessThan(most);
  };

  onTorch('from the spec, with the gradients of autograd', async () => {
    const graph = await authorsGraphAsWritten(settingsOf(name));
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
