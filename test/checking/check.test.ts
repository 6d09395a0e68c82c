// The checks themselves, held against devices that are wrong in known ways: each must be caught, and an honest one pass.
import { describe, expect, it } from 'vitest';
import {
  awkwardShapes,
  checkCase,
  checkGraph,
  type Device,
  interpreterDevice,
  judge,
} from '../../src/checking/index.js';
import type { Graph } from '../../src/ir/index.js';
import { type HostTensor, hostTensor, roundTensor } from '../../src/tensors/index.js';
import { multiTokenAttention } from '../support/multi-token-attention.js';

const graph = multiTokenAttention({ heads: 3, kvHeads: 3, headDim: 5, preQueryKernel: 3, preKeyKernel: 5 });
const shape = { batch: 2, queries: 9, keys: 11, rows: 6 };

/** The float32 interpreter with its outputs tampered with. */
function tampered(change: (out: HostTensor, call: number, inputs: ReadonlyMap<string, HostTensor>) => void): Device {
  const honest = interpreterDevice('f32');
  let calls = 0;
  return {
    ...honest,
    name: 'tampered',
    async run(of: Graph, inputs, options) {
      const outputs = await honest.run(of, inputs, options);
      calls += 1;
      change(outputs.get('out')!, calls, inputs);
      return outputs;
    },
  };
}

describe('checkCase', () => {
  it('passes an honest device', async () => {
    const done = await checkCase(graph, interpreterDevice('f32'), shape, 7);
    expect(done).toMatchObject({ passed: true, problems: [] });
    expect(done.error).toBeGreaterThan(0);
    expect(done.error).toBeLessThan(done.bound);
    expect(done.probes).toBeGreaterThan(graph.inputs.length);
  });

  it('catches a wrong element', async () => {
    const device = tampered(({ data }) => {
      data[17]! += 0.01;
    });
    const { passed, problems } = await checkCase(graph, device, shape, 7);
    expect(passed).toBe(false);
    expect(problems[0]).toMatch(/^out: relative error/);
  });

  it('catches a leak of the future that is far below every tolerance', async () => {
    const device = tampered(({ data, shape: [, heads, rows, features] }, _, inputs) => {
      const keys = inputs.get('k')!.data;
      // The very last key reaches the first row of the last head.
      data[(2 * heads! - 1) * rows! * features!]! += 1e-12 * keys.at(-1)!;
    });
    const { passed, problems } = await checkCase(graph, device, shape, 7);
    expect(passed).toBe(false);
    expect(problems[0]).toMatch(/^k\[1, 2, 10, 4\] reaches out\[1, 2, 0, 0\]/);
  });

  it('catches a device that gives other bits the second time', async () => {
    const device = tampered(({ data }, call) => {
      data[3]! += call * 1e-13;
    });
    expect((await checkCase(graph, device, shape, 7)).problems[0]).toBe('a second run gives other bits');
  });

  it('catches a NaN and an infinity', async () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const device = tampered(({ data }) => {
        data[0] = value;
      });
      expect((await checkCase(graph, device, shape, 7)).problems[0]).toContain(String(value));
    }
  });
});

describe('checkGraph', () => {
  it('runs every awkward shape, each with a seed of its own', async () => {
    const cases = await checkGraph(graph, interpreterDevice('f32'), { seed: 3 });
    expect(cases.map(({ shape: each }) => each)).toEqual(awkwardShapes(graph));
    expect(cases.every(({ passed }) => passed)).toBe(true);
    expect(new Set(cases.map(({ seed }) => seed)).size).toBe(cases.length);
  });
});

describe('judge in 16 bits', () => {
  const gold = hostTensor(
    [1, 1, 128, 2],
    Float64Array.from({ length: 256 }, (_, n) => (n < 128 ? 1e-3 : 1e3) * Math.sin(n + 1)),
  );
  const low = roundTensor(gold, 'bf16');

  it('accepts rounding', () => {
    expect(judge(low, gold, low, 'bf16').passed).toBe(true);
  });

  it('finds an error in a small block that the largest row would hide', () => {
    const out = hostTensor(gold.shape, low.data.slice());
    out.data[5]! += 1e-3;
    const { passed, reason } = judge(out, gold, low, 'bf16');
    expect(passed).toBe(false);
    expect(reason).toMatch(/^rows 0–63 of head 0/);
  });
});
