// What a launcher does around its kernels: buffers stay few and are let go of, what a device does not grant is said before it
// is asked, and every error reaches the call that it belongs to. On a device that counts, and on Dawn.
import { describe, expect, it } from 'vitest';
import { schedule } from '../../../codegen/schedule/index.js';
import { bindInputs } from '../../../src/interpreter/index.js';
import { optimise } from '../../../src/passes/index.js';
import { compileWgsl } from '../../../targets/wgsl/compile.js';
import { emitWgsl } from '../../../targets/wgsl/index.js';
import { inputsOf } from '../../codegen/tile/programs/cases.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';
import { handWritten } from '../shared/hand-written.js';
import { CountingDevice, countingAdapter } from './counting-device.js';
import { onDawn } from './on-dawn.js';

const { program, graph, history } = handWritten(8, 8, 8).find(({ name }) => name.startsWith('two-pass'))!;
const emitted = emitWgsl(program, { name: 'two', settings: {}, history });
const launcher = await import(`data:text/javascript,${encodeURIComponent(emitted.files.get('two.js')!)}`);
const create = launcher[emitted.factory] as (source?: unknown) => Promise<Instance>;

interface Sizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly rows?: number;
}

interface Instance {
  readonly dispatch: (tensors: object, sizes: Sizes, options?: object) => Promise<void>;
  readonly run: (tensors: object, options?: object) => Promise<object>;
  readonly planLaunch: (sizes: Sizes) => { tensors: Record<string, object>; bytes: Record<string, number> };
  readonly destroy: () => void;
}

/** A decode step: one row of output at key `keys - 1`. */
const step = (keys: number): Sizes => ({ batch: 1, queries: Math.min(keys, 1 + history), keys, rows: 1 });

function buffersFor(device: CountingDevice, { planLaunch }: Instance, sizes: Sizes): object {
  const { tensors, bytes } = planLaunch(sizes);
  return Object.fromEntries(
    Object.keys(tensors).map((name) => [name, device.createBuffer({ size: bytes[name]!, usage: 0x8c })]),
  );
}

const hostInputs = (shape: Sizes & { rows: number }) => Object.fromEntries(inputsOf(graph, shape));

describe('buffers', () => {
  it('a thousand decode steps take a handful, submitted by the launcher', async () => {
    const device = new CountingDevice();
    const instance = await create(device);
    const tensors = buffersFor(device, instance, step(1001));
    const before = device.created;
    for (let keys = 1; keys <= 1000; keys += 1) await instance.dispatch(tensors, step(keys));
    expect(device.created - before).toBeLessThanOrEqual(4);
    expect(device.submissions).toBe(1000);
    instance.destroy();
    expect(device.alive).toBe(before);
    expect(() => instance.dispatch(tensors, step(5))).toThrow('two was destroyed');
  });

  it('a thousand decode steps take a handful, encoded for the caller to submit', async () => {
    const device = new CountingDevice();
    const instance = await create(device);
    const tensors = buffersFor(device, instance, step(1001));
    const before = device.alive;
    let most = 0;
    for (let keys = 1; keys <= 1000; keys += 1) {
      const encoder = device.createCommandEncoder();
      await instance.dispatch(tensors, step(keys), { encoder });
      most = Math.max(most, device.alive - before);
    }
    expect(most).toBeLessThanOrEqual(12);
    const created = device.created;
    // A layer after the other at the same sizes: nothing new.
    for (let layer = 0; layer < 100; layer += 1) {
      await instance.dispatch(tensors, step(1000), { encoder: device.createCommandEncoder() });
    }
    expect(device.created).toBe(created);
    instance.destroy();
    expect(device.alive).toBe(before);
  });

  it('workspace that is outgrown is destroyed', async () => {
    const device = new CountingDevice();
    const instance = await create(device);
    const largest = { batch: 1, queries: 4096, keys: 4096 };
    const tensors = buffersFor(device, instance, largest);
    const before = device.alive;
    for (let queries = 16; queries <= 4096; queries *= 2)
      await instance.dispatch(tensors, { batch: 1, queries, keys: queries });
    expect(device.alive - before).toBeLessThanOrEqual(2);
  });

  it('a run leaves nothing behind, also where it fails, and waits for all results at once', async () => {
    const device = new CountingDevice();
    const instance = await create(device);
    const sizes = { batch: 1, queries: 9, keys: 9, rows: 9 };
    const before = device.alive;
    device.holdsMaps = true;
    const running = instance.run(hostInputs(sizes));
    await new Promise((later) => setTimeout(later, 10));
    expect(device.waiting).toBe(program.buffers.filter(({ role }) => role === 'output').length);
    device.release();
    expect(Object.keys(await running)).toEqual(emitted.manifest.outputs.map(({ name }) => name));
    device.errors.push({ scope: 'validation', message: 'something is wrong' });
    await expect(instance.run(hostInputs(sizes))).rejects.toThrow('two: the device refuses: something is wrong');
    instance.destroy();
    expect(device.alive).toBe(before);
  });
});

describe('limits', () => {
  const sizes = { batch: 1, queries: 64, keys: 64 };

  it.each([
    [
      'maxStorageBufferBindingSize',
      4095,
      /^two: \w+ needs (\d+) of maxStorageBufferBindingSize, and the device grants 4095: .*requiredLimits: { maxStorageBufferBindingSize: \1 }$/,
    ],
    ['maxBufferSize', 4095, /needs \d+ of maxBufferSize, and the device grants 4095/],
    [
      'maxComputeWorkgroupsPerDimension',
      3,
      /the grid needs \d+ of maxComputeWorkgroupsPerDimension, and the device grants 3/,
    ],
  ])('%s is checked at each call', async (limit, granted, message) => {
    const device = new CountingDevice({ [limit]: granted });
    const instance = await create(device);
    const tensors = buffersFor(device, instance, sizes);
    const before = device.created;
    expect(() => instance.dispatch(tensors, sizes)).toThrow(message);
    await expect(instance.run(hostInputs({ ...sizes, rows: 64 }))).rejects.toThrow(message);
    expect([device.created, device.submissions]).toEqual([before, 0]);
  });

  it.each(Object.entries(emitted.needs.limits))('%s is checked when an instance is made', async (limit, needed) => {
    const message = `two: a kernel needs ${needed} of ${limit}, and the device grants ${needed - 1}: request it`;
    await expect(create(new CountingDevice({ [limit]: needed - 1 }))).rejects.toThrow(message);
    await expect(create(countingAdapter({ [limit]: needed - 1 }))).rejects.toThrow('no device of it grants more');
  });

  it('an adapter is asked for what is needed, and for the largest buffers that it has', async () => {
    const adapter = countingAdapter({ maxBufferSize: 2 ** 33, maxStorageBufferBindingSize: 2 ** 32 });
    const instance = await create(adapter);
    expect(adapter.asked).toEqual([
      {
        requiredFeatures: [],
        requiredLimits: { ...emitted.needs.limits, maxBufferSize: 2 ** 33, maxStorageBufferBindingSize: 2 ** 32 },
      },
    ]);
    instance.destroy();
    expect(adapter.devices[0]!.isDestroyed).toBe(true);
  });

  it('no matrix of scores shares a binding with another one', async () => {
    // 16 heads, all mixed and convolved: bands whose scores lie in memory, and more inputs than there are bindings.
    const sizes = { heads: 16, kvHeads: 16, headDim: 8 };
    const parts = {
      preQueryKernel: 6,
      preKeyKernel: 11,
      preMix: 16,
      postQueryKernel: 6,
      postKeyKernel: 11,
      postMix: 16,
    };
    const graph = optimise(multiTokenAttention({ ...sizes, ...parts }));
    const slab = compileWgsl(graph, { schedule: 'slab' }).emitted;
    const text = slab.files.get(slab.launcher)!;
    const { planLaunch } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
    const { limits, workspaceBytes } = planLaunch({ batch: 1, queries: 16384, keys: 16384 });
    expect(limits.maxStorageBufferBindingSize).toBeLessThanOrEqual(2 ** 27);
    expect(limits.maxBufferSize).toBeLessThanOrEqual(2 ** 28);
    expect(workspaceBytes).toBeGreaterThan(2 ** 28);
  });

  it('features are asked for, and missing ones named', async () => {
    const half = emitWgsl(program, { name: 'half', settings: {}, history }, { dtype: 'f16' });
    const module = await import(`data:text/javascript,${encodeURIComponent(half.files.get('half.js')!)}`);
    await expect(module[half.factory](new CountingDevice())).rejects.toThrow(
      "half needs shader-f16, which the device has not: request it: requiredFeatures: ['shader-f16']",
    );
    await expect(module[half.factory](countingAdapter())).rejects.toThrow('which the adapter has not');
  });

  it('where there is no adapter, that is said', async () => {
    await expect(create()).rejects.toThrow('two finds no WebGPU adapter here: give it a GPUDevice or a GPUAdapter');
  });

  it('buffers that are too small, and places beyond 32 bits, are refused', async () => {
    const device = new CountingDevice({ maxStorageBufferBindingSize: 2 ** 40, maxBufferSize: 2 ** 40 });
    const instance = await create(device);
    const tensors = buffersFor(device, instance, { ...sizes, keys: 65 });
    expect(() => instance.dispatch(tensors, { ...sizes, keys: 66 })).toThrow(
      /^k has \d+ bytes on the device, not \d+$/,
    );
    expect(() => instance.planLaunch({ batch: 2 ** 14, queries: 4, keys: 2 ** 20, rows: 1 })).toThrow(
      'kernels count to',
    );
  });
});

describe('errors', () => {
  it('belong to the call that causes them', async () => {
    const device = new CountingDevice();
    const instance = await create(device);
    const tensors = buffersFor(device, instance, step(9));
    device.errors.push({ scope: 'out-of-memory', message: 'no room' });
    const calls = [instance.dispatch(tensors, step(8)), instance.dispatch(tensors, step(9))];
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    await expect(calls[0]).rejects.toThrow('two: the device refuses: no room');
  });

  it('a lost device rejects what waits for it, and what comes later', async () => {
    const device = new CountingDevice();
    const instance = await create(device);
    device.holdsMaps = true;
    const sizes = { batch: 1, queries: 9, keys: 9, rows: 9 };
    const running = instance.run(hostInputs(sizes));
    setTimeout(() => device.lose('unknown', 'the driver crashed'), 10);
    await expect(running).rejects.toThrow('two: the device was lost (unknown): the driver crashed');
    await expect(instance.run(hostInputs(sizes))).rejects.toThrow('the driver crashed');
  });
});

describe('rows of output', () => {
  it('are those of the interpreter where they are not told', () => {
    for (let keys = 1; keys <= 9; keys += 1) {
      for (let queries = 1; queries <= keys; queries += 1) {
        const shapes = { batch: 1, queries, keys, rows: 1 };
        const planned = attempt(() => launcher.planLaunch({ batch: 1, queries, keys }).tensors.out.shape[2]);
        const bound = attempt(() => bindInputs(graph, inputsOf(graph, shapes)).rows);
        expect({ queries, keys, rows: planned }).toEqual({ queries, keys, rows: bound });
      }
    }
  });
});

/** What a call gives; undefined where it throws. */
function attempt<Result>(call: () => Result): Result | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}

describe('on Dawn', () => {
  it('prefill and decode in one encoder give what runs give, and errors of the device reach their calls', () => {
    const shapes = [
      { batch: 1, queries: 11, keys: 11, rows: 11 },
      { batch: 1, queries: 4, keys: 12, rows: 1 },
      { batch: 2, queries: 33, keys: 40, rows: 30 },
    ];
    const calls = shapes.map((sizes) => ({
      sizes,
      tensors: Object.fromEntries(
        [...inputsOf(graph, sizes)].map(([name, { shape, data }]) => [name, { shape, data: [...data] }]),
      ),
    }));
    const answer = onDawn(emitted.files, { calls }, ON_DAWN) as Record<string, unknown>;
    expect(answer).toEqual({
      differences: shapes.map(() => 0),
      large: expect.stringMatching(
        /^two: \w+ needs \d+ of maxStorageBufferBindingSize, and the device grants 134217728/,
      ),
      granted: true,
      refused: expect.stringContaining('two: the device refuses: '),
      fine: 'fulfilled',
      destroyed: expect.stringContaining('two: the device was lost (destroyed)'),
    });
  });
});

const ON_DAWN = `
  const { ${emitted.factory}: create, planLaunch } = await import('./two.js');
  const instance = await create(adapter);
  const { device } = instance;
  const STORAGE = 0x8c;
  const launches = given.calls.map(({ sizes, tensors }) => {
    const plan = planLaunch(sizes);
    const buffers = {};
    for (const [name, { shape }] of Object.entries(plan.tensors)) {
      buffers[name] = device.createBuffer({ size: plan.bytes[name], usage: STORAGE });
      if (tensors[name]) device.queue.writeBuffer(buffers[name], 0, Float32Array.from(tensors[name].data));
    }
    return { sizes, tensors, buffers, bytes: plan.bytes.out };
  });
  // The workspace grows while the encoder still holds the one before.
  const encoder = device.createCommandEncoder();
  for (const { sizes, buffers } of launches) await instance.dispatch(buffers, sizes, { encoder });
  device.queue.submit([encoder.finish()]);
  const differences = [];
  for (const { sizes, tensors, buffers, bytes } of launches) {
    const { out } = await instance.run(tensors, { rows: sizes.rows });
    const staging = device.createBuffer({ size: bytes, usage: 9 });
    const copy = device.createCommandEncoder();
    copy.copyBufferToBuffer(buffers.out, 0, staging, 0, bytes);
    device.queue.submit([copy.finish()]);
    await staging.mapAsync(1);
    const found = new Float32Array(staging.getMappedRange());
    differences.push(Math.max(...out.data.map((value, n) => Math.abs(value - found[n]))));
  }
  const messageOf = (promise) => promise.then(() => 'fulfilled', (error) => error.message);
  const portable = await create(await (await gpu.requestAdapter()).requestDevice());
  const keys = 2 ** 20;
  const { tensors: expected } = planLaunch({ batch: 3, queries: 4, keys, rows: 1 });
  const tensors = Object.fromEntries(Object.entries(expected).map(([name, { shape }]) =>
    [name, { shape, data: { length: shape.reduce((product, size) => product * size, 1) } }]));
  const large = await messageOf(portable.run(tensors, { rows: 1 }));
  const granted = device.limits.maxStorageBufferBindingSize === adapter.limits.maxStorageBufferBindingSize;
  const [{ sizes, buffers }] = launches;
  const wrong = { ...buffers, q: device.createBuffer({ size: 1 << 16, usage: 8 }) };
  const [refused, fine] = await Promise.all([instance.dispatch(wrong, sizes), instance.dispatch(buffers, sizes)].map(messageOf));
  const last = messageOf(instance.run(given.calls[2].tensors));
  device.destroy();
  return { differences, large, granted, refused, fine, destroyed: await last };
`;

describe('bands of scores', () => {
  const mixing = optimise(
    multiTokenAttention({ heads: 16, kvHeads: 4, headDim: 4, preQueryKernel: 3, preKeyKernel: 3, postMix: 16 }),
  );
  const { program: banded } = schedule(mixing, { kind: 'slab', candidates: [{ rows: 8, columns: 16 }] });
  const emittedBands = emitWgsl(banded, { name: 'banded', settings: {}, history: 2 });
  /** What a device binds at most unless more is asked for. */
  const largest = 2 ** 27;
  const planAt = async (batch: number, keys: number) => {
    const bands = await import(`data:text/javascript,${encodeURIComponent(emittedBands.files.get('banded.js')!)}`);
    return bands.planLaunch({ batch, queries: keys, keys }) as {
      readonly bytes: Readonly<Record<string, number>>;
      readonly dispatches: readonly unknown[];
      readonly workspace: readonly { readonly name: string; readonly bytes: number }[];
    };
  };
  const manifest = emittedBands.manifest as {
    readonly decides: readonly { readonly variable: string; readonly value: string }[];
    readonly workspace: readonly { readonly name: string; readonly bytes: string }[];
  };

  it.each([
    [1, 2048],
    [1, 16_384],
    [1, 65_536],
    [8, 8192],
    [64, 2048],
  ])('shrink so that %i batch entries of %i keys fit', async (batch, keys) => {
    const { bytes, workspace } = await planAt(batch, keys);
    const matrices = workspace.filter(({ name }) => /scores|logits|weights/.test(name));
    expect(matrices.length).toBeGreaterThan(1);
    for (const { name } of matrices) expect(bytes[name], name).toBeLessThanOrEqual(largest);
    // The manifest states what the launcher decides, and what each buffer then takes.
    const [decision] = manifest.decides;
    const evaluated = (formula: string, rows: number): number =>
      Number(
        new Function('batch', 'keys', 'queries', decision!.variable, `return ${formula}`)(batch, keys, keys, rows),
      );
    const rows = evaluated(decision!.value, 0);
    for (const { name, bytes: formula } of manifest.workspace)
      expect(evaluated(formula, rows), name).toBe(workspace.find((each) => each.name === name)!.bytes);
  });

  it('are as large as ever where there is room', async () => {
    expect((await planAt(1, 2048)).dispatches.length).toBeLessThan((await planAt(4, 2048)).dispatches.length * 2);
    expect((await planAt(64, 2048)).dispatches.length).toBeGreaterThan((await planAt(1, 2048)).dispatches.length);
  });
});
