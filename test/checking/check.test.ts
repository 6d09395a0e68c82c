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
import { interpret } from '../../src/interpreter/index.js';
import { type Graph, parse } from '../../src/ir/index.js';
import { type HostTensor, hostTensor, roundTensor } from '../../src/tensors/index.js';
import { multiTokenAttention } from '../support/multi-token-attention.js';

const graph = multiTokenAttention({ heads: 3, kvHeads: 3, headDim: 5, preQueryKernel: 3, preKeyKernel: 5 });
const shape = { batch: 2, queries: 9, keys: 11, rows: 6 };

const packedDocuments = `
  graph packed
  tensor q[b, h:2, i, d:4]: queries
  tensor k[b, h:2, j, d:4]: keys
  tensor v[b, h:2, j, d:4]: values
  tensor document[b, p]: integers
  tensor row[h:2]: parameter
  tensor column[b, p]: tensor
  dot %1[b, h:2, i, j] = q · k
  map %2[b, h:2, i, j] = %1[b, h, i, j] / 2.0
  fill %3[b, h:2, i, j] = %2 where document[b, i] == document[b, j] && j <= i else -Infinity
  reduce %4[b, h:2, i] = logSumExp(j) %3[b, h, i, j]
  map %5[b, h:2, i, j] = expdiff(%3[b, h, i, j], %4[b, h, i])
  contract %6[b, h:2, i, d:4] = %5 · v over j
  output out = %6
`;

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

  it('catches a leak between documents', async () => {
    const packed = parse(packedDocuments);
    const device: Device = {
      ...interpreterDevice('f32'),
      // A mask that leaves documents out, far below every tolerance.
      run: async (_, inputs, options) => {
        const [right, wrong] = [packed, parse(packedDocuments.replace('document[b, i] == document[b, j] && ', ''))].map(
          (each) => interpret(each, inputs, { ...options, precision: 'f32' }).get('out')!,
        );
        const data = right!.data.map((value, n) => value + 1e-13 * wrong!.data[n]!);
        return new Map([['out', hostTensor(right!.shape, data)]]);
      },
    };
    const problems: string[] = [];
    for (const seed of [3, 4, 5, 6]) problems.push(...(await checkCase(packed, device, shape, seed)).problems);
    expect(problems.join()).toMatch(/[kv]\[.*\] reaches out\[.*\], which does not depend on it/);
  });

  it('does not take rounding for dependence', async () => {
    // Both biases go away in the softmax: what they leave in the last bits is rounding, in float64 and elsewhere.
    for (const bias of ['row[h]', 'float(i) * row[h] - column[b, i]']) {
      const cancelling = parse(packedDocuments.replace('%1[b, h, i, j] / 2.0', `%1[b, h, i, j] / 2.0 + ${bias}`));
      for (const precision of ['f32', 'bf16'] as const) {
        const device = interpreterDevice(precision);
        // Rounded otherwise than `low` is, as a kernel would.
        const run: Device['run'] = async (of, inputs, options = {}) =>
          interpret(of, inputs, { rows: options.rows, precision, randomRounding: 99 });
        for (const seed of [1, 2, 3]) {
          expect((await checkCase(cancelling, { ...device, run }, shape, seed)).problems).toEqual([]);
        }
      }
    }
  });

  it('catches what does not move with its input', async () => {
    // Half of the bias is what it was in the first call: too little for the error rule to see, until the bias moves.
    let first: HostTensor | undefined;
    const biased = parse(packedDocuments.replace('%1[b, h, i, j] / 2.0', '%1[b, h, i, j] / 2.0 + column[b, j]'));
    const honest = interpreterDevice('f32');
    const run: Device['run'] = (of, inputs, options) => {
      first ??= inputs.get('column')!;
      return honest.run(of, new Map(inputs).set('column', first), options);
    };
    const problems: string[] = [];
    for (const seed of [3, 4, 5, 6]) {
      first = undefined;
      problems.push(...(await checkCase(biased, { ...honest, run }, shape, seed)).problems);
    }
    expect(problems.join()).toMatch(/out, when column\[.*\] becomes/);
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

describe('judge in 32 bits', () => {
  const tiny = hostTensor([1, 1, 1, 2], [2 ** -127, 2 ** -130]);

  it('lets a device take subnormal numbers for 0, and no others', () => {
    expect(judge(hostTensor(tiny.shape), tiny, tiny, 'f32').passed).toBe(true);
    const small = hostTensor(tiny.shape, [2 ** -120, 0]);
    expect(judge(hostTensor(tiny.shape), small, small, 'f32').passed).toBe(false);
  });

  it('has no bound where the precision overflows on its way, and finds what is not finite there', () => {
    const gold = hostTensor([1, 1, 1, 2], [1, 2]);
    const other = hostTensor(gold.shape, [1, 3]);
    for (const end of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const lows = [gold, hostTensor(gold.shape, [end, 2])];
      expect(judge(other, gold, lows, 'f32')).toMatchObject({ passed: true, bound: Number.POSITIVE_INFINITY });
      expect(judge(hostTensor(gold.shape, [Number.NaN, 2]), gold, lows, 'f32').passed).toBe(false);
    }
    expect(judge(other, gold, gold, 'f32').passed).toBe(false);
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
