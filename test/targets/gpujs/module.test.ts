// An emitted module in use: any sizes on one instance, clear errors for wrong calls, and numbers that are easy to lose.
import { afterAll, describe, expect, test } from 'vitest';
import { interpret } from '../../../src/interpreter/index.js';
import {
  apply,
  type CallSizes,
  float,
  type Graph,
  mapNodeOver,
  position,
  read,
  tensorNode,
  variable,
} from '../../../src/ir/index.js';
import { type HostTensor, hostTensor } from '../../../src/tensors/index.js';
import { describe as describeModes, gpujsDevice } from '../../../targets/gpujs/device.js';
import { emitGpujs } from '../../../targets/gpujs/index.js';
import { randomInputs } from '../../support/random-inputs.js';
import { causalGraph, documentGraph, graphOf, preConvGraph } from './hand-built.js';

interface Tensor {
  shape: readonly number[];
  data: ArrayLike<number>;
}
type Tensors = Record<string, Tensor>;
interface Instance {
  run(tensors: Tensors, options?: { rows?: number }): Promise<Record<string, { shape: number[]; data: Float32Array }>>;
  destroy(): Promise<void>;
}

async function create(graph: Graph, options: object = {}): Promise<Instance> {
  const { files, module, factory } = emitGpujs(graph);
  const text = files.get(module)!.replace("from 'gpu.js'", `from '${import.meta.resolve('gpu.js')}'`);
  const exported = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as Record<
    string,
    (options: object) => Instance
  >;
  return exported[factory]!(options);
}

const tensorsOf = (graph: Graph, sizes: CallSizes, seed = 1): Tensors =>
  Object.fromEntries(randomInputs(graph, sizes, seed));

function expectClose(actual: { shape: readonly number[]; data: Float32Array }, expected: HostTensor): void {
  expect(actual.shape).toEqual(expected.shape);
  actual.data.forEach((value, n) => {
    expect(Math.abs(value - expected.data[n]!)).toBeLessThan(1e-5);
  });
}

describe.each(['webasm', 'cpu'])('one instance on %s', (mode) => {
  const graph = preConvGraph();
  const made = create(graph, { mode, kept: 2 });
  afterAll(async () => (await made).destroy());

  test('takes any sizes, one after the other and again', async () => {
    const sizes = [
      ...[
        { batch: 1, queries: 1, keys: 1 },
        { batch: 2, queries: 9, keys: 9 },
        { batch: 1, queries: 3, keys: 14 },
      ],
      ...[
        { batch: 3, queries: 4, keys: 4 },
        { batch: 2, queries: 9, keys: 9 },
        { batch: 1, queries: 1, keys: 1 },
      ],
    ];
    for (const [seed, each] of sizes.entries()) {
      const inputs = randomInputs(graph, each, seed);
      const { out } = await (await made).run(Object.fromEntries(inputs));
      expectClose(out!, interpret(graph, inputs).get('out')!);
    }
  });

  test('takes calls while others run', async () => {
    const instance = await made;
    const calls = [3, 5, 3, 8].map((keys, seed) => randomInputs(graph, { batch: 1, queries: keys, keys }, seed));
    const outs = await Promise.all(calls.map((inputs) => instance.run(Object.fromEntries(inputs))));
    for (const [n, inputs] of calls.entries()) expectClose(outs[n]!['out']!, interpret(graph, inputs).get('out')!);
  });

  test('gives back the last rows, which equal those of a full call', async () => {
    const instance = await made;
    const all = tensorsOf(graph, { batch: 2, queries: 9, keys: 9 });
    const { out: full } = await instance.run(all);
    const { out: last } = await instance.run(all, { rows: 2 });
    expect(last!.shape).toEqual([2, 3, 2, 7]);
    const rows = [0, 1, 2, 3, 4, 5].flatMap((head) => [...full!.data.subarray(head * 63 + 49, head * 63 + 63)]);
    expect([...last!.data]).toEqual(rows);
  });

  test('sums over more keys than gpu.js lets a loop run by default', async () => {
    const inputs = randomInputs(graph, { batch: 1, queries: 3, keys: 1500 }, 5);
    const { out } = await (await made).run(Object.fromEntries(inputs), { rows: 1 });
    expectClose(out!, interpret(graph, inputs, { rows: 1 }).get('out')!);
  });
});

test('threads give the same bits', async () => {
  const graph = causalGraph();
  const tensors = tensorsOf(graph, { batch: 1, queries: 70, keys: 70 });
  const [one, many] = [await create(graph), await create(graph, { threads: true })];
  expect([...(await many.run(tensors))['out']!.data]).toEqual([...(await one.run(tensors))['out']!.data]);
  await one.destroy();
  await many.destroy();
});

describe('a wrong call', () => {
  const graph = preConvGraph();
  const right = tensorsOf(graph, { batch: 1, queries: 6, keys: 6 });
  const made = create(graph);
  afterAll(async () => (await made).destroy());
  const withQ = (shape: number[]): Tensors => {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    return { ...right, q: { shape, data } };
  };

  test.each<[string, Tensors, object, string]>([
    ['a missing tensor', { q: right['q']! }, {}, 'pre-conv needs the tensor theta as { shape: [3, 3, 5], data }'],
    ['a wrong rank', withQ([3, 6, 5]), {}, 'q has the shape [B, 3, Tq, 5], not [3, 6, 5]'],
    ['a wrong number of heads', withQ([1, 2, 6, 5]), {}, 'axis 1 has 3 entries'],
    ['sizes that differ', withQ([2, 3, 6, 5]), {}, 'B is 2 in q'],
    ['an empty axis', withQ([1, 3, 0, 5]), {}, 'sizes are whole numbers from 1'],
    ['data of another size', { ...right, q: { ...right['q']!, data: [1] } }, {}, 'but its data has 1'],
    ['more rows than queries', right, { rows: 7 }, 'rows is 7'],
    [
      'too little history',
      withQ([1, 3, 3, 5]),
      { rows: 2 },
      'Rows max(0, Tk − R − history) … Tk − 1 of q must be given: for Tk = 6, R = 2 and a history of 2 these are 2 … 5, 4 rows, but q has 3',
    ],
  ])('%s', async (_, tensors, options, message) => {
    await expect((await made).run(tensors, options)).rejects.toThrow(message);
  });

  test('does not keep the instance from the next', async () => {
    const instance = await made;
    await expect(instance.run({})).rejects.toThrow('needs the tensor');
    await expect(instance.run(right)).resolves.toHaveProperty('out');
  });

  test('an unknown mode, and a call after the end', async () => {
    await expect(create(graph, { mode: 'fast' })).rejects.toThrow('pre-conv has no mode fast');
    const instance = await create(graph);
    await instance.destroy();
    await expect(instance.run(right)).rejects.toThrow('was destroyed');
  });
});

describe.each(['webasm', 'cpu'] as const)('numbers on %s', (mode) => {
  const device = gpujsDevice(mode);
  afterAll(device.close);

  test('integers are exact up to 2^24, and refused beyond', async () => {
    const graph = documentGraph();
    const inputs = randomInputs(graph, { batch: 1, queries: 2, keys: 2 }, 1);
    const documents = (...ids: number[]) => new Map([...inputs, ['document', hostTensor([1, 2], ids)] as const]);
    const apart = documents(2 ** 24 - 1, 2 ** 24);
    expectClose32((await device.run(graph, apart)).get('out')!, interpret(graph, apart).get('out')!);
    await expect(device.run(graph, documents(0, 2 ** 24 + 1))).rejects.toThrow('HD6104');
  });

  test('a select does not observe the other side, and an absorbed factor leaves nothing', async () => {
    const x = read(tensorNode('x', 'tensor', [position]), [variable('p')]);
    const chosen = apply('select', apply('greater', x, float(0)), apply('logarithm', x), float(0));
    const absorbed = apply('absorbingMultiply', apply('maximum', x, float(0)), apply('divide', float(1), x));
    const graph = graphOf(
      'choices',
      mapNodeOver([position], apply('add', apply('multiply', chosen, float(2)), absorbed)),
    );
    const inputs = new Map([['x', hostTensor([6], [-1, 0, 1, -2, Math.fround(Math.E), 0])]]);
    const out = (await device.run(graph, inputs)).get('out')!;
    expect([...out.data].map((value) => Number(value.toFixed(5)))).toEqual([0, 0, 1, 0, 3, 0]);
  });
});

function expectClose32(actual: HostTensor, expected: HostTensor): void {
  expectClose({ shape: actual.shape, data: Float32Array.from(actual.data) }, expected);
}

describe('modes', () => {
  test('are described, with what would make the missing ones', async () => {
    const modes = await describeModes();
    expect([...modes.keys()]).toEqual(['webasm', 'cpu', 'webgpu', 'webgl2', 'webgl', 'headlessgl']);
    expect(modes.get('webasm')!.available && modes.get('cpu')!.available).toBe(true);
    const missing = modes.get('webgl2')!;
    expect(missing.available ? undefined : missing.remedy).toContain('page');
  });

  test('that are missing are refused with the reason', async () => {
    const graph = causalGraph();
    const inputs = randomInputs(graph, { batch: 1, queries: 2, keys: 2 }, 1);
    await expect(gpujsDevice('webgl2').run(graph, inputs)).rejects.toThrow('HD6101');
  });
});
