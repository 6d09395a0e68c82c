// The eager evaluator against the golden tensors of the MTA authors, and against facts of the language that can be
// computed by hand: history, empty rows, sinks, head sharing, absolute positions.
import { attention, dot, fill, integers, logSumExp, map, param, queries, scores, softmax, tensor } from 'heddle';
import { causal, keyQueryConv, scaledDot } from 'heddle/library';
import { describe, expect, test } from 'vitest';
import * as language from '../../dsl/language.js';
import { mta } from '../../examples/mta.js';
import { authorsCases, settingsOf } from '../support/authors-tensors.js';
import * as eager from '../support/eager/index.js';
import { declarations, evaluate, inputShapes } from '../support/eager/index.js';
import { exampleCases, exampleInputs, exampleSpec } from '../support/examples.js';
import { readSafetensors } from '../support/safetensors.js';

const golden = new URL('../golden/', import.meta.url);

function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let error = 0;
  let size = 0;
  for (let n = 0; n < expected.length; n++) {
    error += (actual[n]! - expected[n]!) ** 2;
    size += expected[n]! ** 2;
  }
  return Math.sqrt(error / size);
}

describe('golden tensors', () => {
  test.each(authorsCases)('%s', (name, settings) => {
    const tensors = readSafetensors(new URL(`${name}.safetensors`, golden));
    const { out } = evaluate(mta, { ...settings }, tensors);
    expect(out!.shape).toEqual(tensors['out']!.shape);
    expect(relativeError(out!.data, tensors['out']!.data)).toBeLessThanOrEqual(1e-5);
  });
});

test('it implements everything that the language exports', () => {
  expect(Object.keys(eager)).toEqual(expect.arrayContaining(Object.keys(language)));
});

/** A tensor whose elements count 1, 2, 3, …, times a factor. */
function counted(shape: number[], factor = 1) {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { shape, data: Float64Array.from({ length: size }, (_, n) => (n + 1) * factor) };
}
const one = { shape: [1, 1, 3, 1], data: [1, 1, 1] };
const tiny = { q: one, k: one, v: counted([1, 1, 3, 1]) };

describe('what a spec means', () => {
  test('a row with nothing visible gives zeros, and −Infinity as its log-sum-exp', () => {
    const spec = attention({ headDim: 1 }, ({ q, k, v }) => {
      const s = fill(dot(q, k), (i, j) => j < i, -Infinity);
      return { out: softmax(s).times(v), lse: logSumExp(s) };
    });
    const { out, lse } = evaluate(spec, {}, tiny);
    expect([...out!.data]).toEqual([0, 1, 1.5]);
    expect(lse!.data[0]).toBe(Number.NEGATIVE_INFINITY);
    expect(lse!.data[2]).toBeCloseTo(1 + Math.log(2), 14);
    expect(lse!.shape).toEqual([1, 1, 3]);
  });

  test('a row that sees only the sink gives zeros, and the sink as its log-sum-exp', () => {
    const spec = attention({ headDim: 1 }, ({ q, k, v }) => {
      const s = fill(dot(q, k), (i, j) => j < i, -Infinity);
      return { out: softmax(s, { sink: 2 }).times(v), lse: logSumExp(s, { sink: (h) => h + 2 }) };
    });
    const { out, lse } = evaluate(spec, {}, tiny);
    expect(out!.data[0]).toBe(0);
    expect(lse!.data[0]).toBe(2);
    expect(out!.data[1]).toBeCloseTo(Math.exp(1) / (Math.exp(1) + Math.exp(2)), 14);
  });

  test('reads outside are 0: positions, heads and places of a tensor', () => {
    const spec = attention({ headDim: 1 }, ({ q, k, v }) => {
      const s = dot(q, k);
      const table = param('table', [2]);
      const reads = scores((h, i, j) => s(h, i - 1, j) + 10 * s(h, i, j + 1) + 100 * s(h + 1, i, j) + 1000 * table(j));
      const own = fill(reads, (i, j) => i === j, -Infinity);
      return { out: softmax(own).times(v), lse: logSumExp(own) };
    });
    const { lse } = evaluate(spec, {}, { ...tiny, table: { shape: [2], data: [1, 2] } });
    expect([...lse!.data]).toEqual([1010, 2011, 1]);
  });

  test('positions are absolute: q, and tensors over queries, hold the last rows', () => {
    const spec = attention({ headDim: 1 }, ({ q, k, v }) => {
      const gate = tensor('gate', ['batch', 'query']);
      const s = map(dot(q, k), (_, _h, i) => i + gate(i));
      return { out: softmax(s).times(v), lse: logSumExp(fill(s, (_, j) => j === 0, -Infinity)) };
    });
    const gate = { shape: [1, 2], data: [10, 20] };
    const { lse } = evaluate(spec, {}, { ...tiny, q: { shape: [1, 1, 2, 1], data: [1, 1] }, gate });
    expect([...lse!.data]).toEqual([11, 22]);
  });

  test('query heads share key and value heads in order', () => {
    const spec = attention({ heads: 4, kvHeads: 2, headDim: 1 }, ({ q, k, v }) => {
      return softmax(fill(dot(q, k), (_, j) => j === 0, -Infinity)).times(v);
    });
    const inputs = { q: counted([1, 4, 1, 1]), k: counted([1, 2, 1, 1]), v: counted([1, 2, 1, 1]) };
    expect([...evaluate(spec, {}, inputs)['out']!.data]).toEqual([1, 1, 2, 2]);
  });

  test('a decode step that is passed its history equals the last rows of the prefill, and less is refused', async () => {
    const example = exampleCases.find(({ name }) => name === 'decode')!;
    const spec = await exampleSpec('decode');
    const sizes = { ...example.sizes, queries: example.sizes.keys };
    const inputs = exampleInputs(spec, { ...example, sizes });
    const full = evaluate(spec, example.settings, inputs);
    const lastRows = (name: string, rows: number) => {
      const { shape, data } = inputs[name]!;
      const [batch, heads, all, dim] = shape as [number, number, number, number];
      const kept = Array.from({ length: batch * heads }, (_, n) =>
        [...(data as Float64Array)].slice((n * all + all - rows) * dim, (n + 1) * all * dim),
      );
      return { shape: [batch, heads, rows, dim], data: kept.flat() };
    };
    const step = (rows: number) => evaluate(spec, example.settings, { ...inputs, q: lastRows('q', rows) }, { rows: 1 });
    const last = step(3)['out']!;
    const heads = last.shape[1]!;
    const dim = last.shape[3]!;
    for (let head = 0; head < 2 * heads; head++) {
      const from = (head * sizes.queries + sizes.queries - 1) * dim;
      expect([...last.data.slice(head * dim, (head + 1) * dim)]).toEqual([
        ...full['out']!.data.slice(from, from + dim),
      ]);
    }
    expect(() => step(2)).toThrow('more history is needed');
  });

  test('a select does not observe the side that it does not take', () => {
    const spec = attention({ headDim: 1 }, ({ q, k, v }) => {
      const s = map(dot(q, k), (x, _, i, j) => (j === i ? x : Math.log(j - i)));
      return softmax(fill(s, causal, -Infinity)).times(v);
    });
    const inputs = {
      ...tiny,
      q: { shape: [1, 1, 1, 1], data: [1] },
      k: { shape: [1, 1, 1, 1], data: [1] },
      v: counted([1, 1, 1, 1]),
    };
    expect([...evaluate(spec, {}, inputs)['out']!.data]).toEqual([1]);
  });
});

describe('what it refuses', () => {
  test('an index that is no integer', () => {
    const spec = attention({ headDim: 1 }, ({ q, k, v }) => {
      const s = dot(q, k);
      return softmax(scores((h, i, j) => s(h, i, j / 2))).times(v);
    });
    expect(() => evaluate(spec, {}, tiny)).toThrow('not indices');
  });

  test('an input of another shape, and one that is missing', () => {
    const spec = attention({ headDim: 1 }, ({ q, k, v }) => softmax(dot(q, k)).times(v));
    expect(() => evaluate(spec, {}, { ...tiny, v: counted([1, 2, 3, 1]) })).toThrow("'v' is [1,2,3,1]");
    expect(() => evaluate(spec, {}, { q: one, k: one })).toThrow("'v' is [undefined]");
  });

  test('one name for two tensors; the same declaration twice is one', () => {
    const twice = attention({ headDim: 1 }, ({ q, k, v }) => {
      param('x', [2]);
      param('x', [3]);
      return softmax(dot(q, k)).times(v);
    });
    expect(() => declarations(twice)).toThrow('declared twice');
    const shared = attention({ headDim: 1 }, ({ q, k, v }) => {
      const again = dot(queries('q'), k);
      return softmax(map(dot(q, k), (x, h, i, j) => x + again(h, i, j))).times(v);
    });
    expect(declarations(shared).map(({ name }) => name)).toEqual(['q', 'k', 'v']);
  });

  test('an unknown setting, a value outside a choice, and a configuration that the spec rules out', () => {
    expect(() => declarations(mta, { window: 3 })).toThrow("no setting 'window'");
    expect(() => declarations(mta, { norm: 'layer' })).toThrow("'norm' cannot be layer");
    expect(() => declarations(mta, { norm: 'none', depthScale: true })).toThrow('depthScale scales the norm');
    expect(() => declarations(mta, { preKeyKernel: 4 })).toThrow('odd key kernel');
    expect(() => declarations(mta.with({ preMix: 5 }))).toThrow('must divide the heads');
  });
});

describe('what a spec declares', () => {
  test('tensors with their roles and axes, only those that the settings need', () => {
    expect(declarations(mta, { ...settingsOf() }).map(({ name }) => name)).toEqual(['q', 'k', 'v']);
    const names = declarations(mta).map(({ name, role }) => `${role} ${name}`);
    expect(names).toEqual([
      'queries q',
      'keys k',
      'values v',
      'param theta_pre',
      'param mix_pre',
      'param theta_post',
      'param mix_post',
      'param gain',
      'param gate_weight',
      'param gate_bias',
    ]);
  });

  test('shapes for given sizes', () => {
    const spec = attention({ heads: 4, kvHeads: 2, headDim: 8, valueDim: 6 }, ({ q, k, v }) => {
      const document = integers('document', ['batch', 'position']);
      const theta = param('theta', ['head', 2, 3]);
      const s = keyQueryConv(scaledDot(q, k), theta);
      return softmax(fill(s, (i, j) => document(i) === document(j), -Infinity)).times(v);
    });
    expect(inputShapes(spec, {}, { batch: 3, queries: 5, keys: 7 })).toEqual({
      q: [3, 4, 5, 8],
      k: [3, 2, 7, 8],
      v: [3, 2, 7, 6],
      document: [3, 7],
      theta: [4, 2, 3],
    });
  });
});
