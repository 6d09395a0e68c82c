// Alternatives of a launcher: each gives the same, one module holds them, and the launcher takes the one that is estimated to
// take least time of those that the device has room for.
import { afterAll, describe, expect, it } from 'vitest';
import { openSpec } from '../../../dsl/frontend/index.js';
import { checkGraph } from '../../../src/checking/index.js';
import { optimise } from '../../../src/passes/index.js';
import { type Alternative, estimateAt } from '../../../targets/shared/tile/alternatives.js';
import { type CompiledWgsl, compileWgsl } from '../../../targets/wgsl/compile.js';
import { closeValidation, validate, webgpu } from '../../../targets/wgsl/device/index.js';
import { wgslDevice } from '../../../targets/wgsl/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { kernelsEverywhere } from '../../support/kernels-everywhere.js';
import { inLongTests, TAKES_ALL } from '../../support/share.js';
import { CountingDevice, countingAdapter } from './counting-device.js';

const onWebgpu = await testsOn(webgpu);
afterAll(async () => {
  await closeValidation();
  await webgpu.close();
});

interface Sizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly rows: number;
}

interface Launcher {
  readonly planLaunch: (
    sizes: Sizes,
    places?: object,
    options?: { readonly alternative?: string; readonly on?: object },
  ) => {
    readonly alternative: string;
    readonly dispatches: readonly { readonly entryPoint: string; readonly workgroups: readonly number[] }[];
    readonly workspace: readonly { readonly bytes: number }[];
  };
  readonly estimate: (alternative: string, sizes: Sizes, on?: object) => number;
}

interface Instance {
  readonly chosen: (sizes: Sizes) => string;
  readonly tuned: { readonly isUsed: boolean; readonly reason?: string };
  readonly prepare: (sizes: Sizes, options?: { readonly alternative?: string }) => Promise<void>;
}

const launcherOf = async <Loaded>({ emitted }: Pick<CompiledWgsl, 'emitted'>): Promise<Loaded> =>
  import(`data:text/javascript,${encodeURIComponent(emitted.files.get(emitted.launcher)!)}`) as Promise<Loaded>;

/** Multi-Token Attention of few features, so that drivers take little time. */
const small = {
  heads: 4,
  headDim: 8,
  preMix: 0,
  postQueryKernel: 0,
  postKeyKernel: 0,
  postMix: 0,
  norm: 'none',
  gate: 'none',
};
const causal = compileWgsl(await exampleGraph('causal', {}));
const convolution = compileWgsl(await exampleGraph('mta', small));
const prefill = { batch: 1, queries: 2048, keys: 2048, rows: 2048 };
const step = { batch: 1, queries: 1, keys: 8192, rows: 1 };

describe('a launcher of several alternatives', () => {
  it.each([
    ['causal', causal],
    ['a convolution', convolution],
  ])('%s is valid, has kernels of its own for few rows, and takes them', async (_, compiled) => {
    const { alternatives, emitted } = compiled;
    expect(alternatives.slice(0, 3).map(({ schedule }) => schedule)).toEqual(['online', 'decode', 'decode']);
    expect(await validate(emitted.wgsl, kernelsEverywhere(emitted.manifest))).toEqual([]);
    const { planLaunch } = await launcherOf<Launcher>(compiled);
    const [first, few] = alternatives as [Alternative, Alternative];
    const history = 5;
    expect(planLaunch(prefill).alternative).toBe(first.name);
    expect(planLaunch({ ...step, queries: 1 + history }).alternative).toBe(few.name);
    expect(planLaunch(prefill, {}, { alternative: few.name }).alternative).toBe(few.name);
    expect(() => planLaunch(prefill, {}, { alternative: 'fast' })).toThrow(/has no alternative fast: online-/);
  });

  it('keeps what the shares of a call give, and no more: a maximum, a sum and the features for each row and workgroup', async () => {
    const { planLaunch } = await launcherOf<Launcher>(causal);
    const [, few] = causal.alternatives.map(({ name }) => name);
    const features = causal.emitted.manifest.outputs.find(({ name }) => name === 'out')!.axes.at(-1)!.size as number;
    const calls = [
      [1, 1, 8192],
      [1, 1, 700],
      [1, 4, 8192],
      [64, 1, 8192],
      [2 ** 18, 4, 16],
    ] as const;
    const shares = calls.map(([batch, rows, keys]) => {
      const plan = planLaunch({ batch, queries: rows, rows, keys }, {}, { alternative: few! });
      const [split, joined] = plan.dispatches.map(({ workgroups }) => workgroups.reduce((all, each) => all * each, 1));
      const entries = plan.workspace.reduce((sum, { bytes }) => sum + bytes, 0) / 4 / (2 + features);
      // Workgroups are folded into a second dimension where there are too many for one.
      expect(Math.abs(entries / split! - 1)).toBeLessThan(0.01);
      return Math.round(split! / joined!);
    });
    // As many as fill a device together with the rows and batch entries, and one for each few keys.
    expect(shares).toEqual([32, 2, 8, 1, 1]);
  });

  it('estimates as the compiler does, also between and beyond the calls of its table', async () => {
    const { estimate } = await launcherOf<Launcher>(causal);
    for (const [batch, rows, keys] of [
      [1, 1, 64],
      [2, 3, 5000],
      [4, 9000, 9000],
      [1, 1, 10],
    ] as const) {
      for (const alternative of causal.alternatives) {
        const device = { parallel: 16, perByte: 3, perLaunch: 7e4 };
        const sizes = { batch, queries: rows, rows, keys };
        const expected = estimateAt(alternative, sizes, device);
        // Tables are written with three digits.
        expect(Math.abs(estimate(alternative.name, sizes, device) / expected - 1)).toBeLessThan(0.02);
      }
    }
  });

  it('the manifest says what there is and when each is taken', () => {
    const { alternatives = [], kernels } = causal.emitted.manifest;
    const own = alternatives.filter(({ features }) => features === undefined);
    expect(own.flatMap((each) => each.kernels)).toEqual(kernels.map(({ name }) => name));
    const [first, few] = alternatives.map(({ taken = [] }) => taken);
    const has = (taken: typeof first, rows: number, keys: number) =>
      taken!.some((each) => each.rows === rows && each.keys.includes(keys));
    expect([has(first, 1024, 1024), has(few, 1, 4096), has(first, 1, 4096)]).toEqual([true, true, false]);
  });

  it('ignores what tuning has not given, whatever it is', async () => {
    const { [causal.emitted.factory]: create } =
      await launcherOf<Record<string, (device: unknown, options: object) => Promise<Instance>>>(causal);
    const kernels = /const fingerprint = "(\w+)"/.exec(causal.emitted.files.get(causal.emitted.launcher)!)![1]!;
    const [first, few] = causal.alternatives.map(({ name }) => name);
    const call = { ...step, alternative: first };
    const right = { name: 'causal', kernels, adapter: '', calls: [call] };
    const fails = (): never => {
      throw new Error('it does not want to be read');
    };
    const cyclic: Record<string, unknown> = { ...right };
    cyclic['calls'] = [{ ...call, around: cyclic }];
    const unreadable = new Proxy(right, { get: fails, ownKeys: fails, getOwnPropertyDescriptor: fails });
    let reads = 0;
    const turning = {
      ...right,
      get calls() {
        reads += 1;
        return reads > 1 ? fails() : 'none';
      },
    };
    const withCalls = (...calls: readonly unknown[]) => ({ ...right, calls });
    const hostile: readonly unknown[] = [
      ...[0, 'fast', true, Symbol('fast'), 1n, fails, [], [call], new Map(Object.entries(right)), Object.create(right)],
      ...[
        cyclic,
        unreadable,
        turning,
        {
          ...right,
          get kernels() {
            return fails();
          },
        },
        { ...right, toJSON: fails },
      ],
      ...[
        { ...right, kernels: { toString: 1, valueOf: 1 } },
        { ...right, adapter: Symbol('here') },
        { ...right, name: 7 },
      ],
      JSON.parse(`{ "__proto__": ${JSON.stringify(right)} }`),
      ...[withCalls(undefined), withCalls(call, null), withCalls(new Array(1)), { ...right, calls: new Array(2) }],
      ...[Number.NaN, Number.POSITIVE_INFINITY, 0.5, 0, -1, 1n, '1', [1], { valueOf: () => 1 }, null].flatMap(
        (size) => [withCalls({ ...call, batch: size }), withCalls(call, { ...call, keys: size })],
      ),
      ...['', 'constructor', '__proto__', 'toString', few?.toUpperCase(), [first], { toString: () => first }].map(
        (alternative) => withCalls(call, { ...call, alternative }),
      ),
    ];
    for (const tuned of hostile) {
      const instance = await create!(new CountingDevice(), { tuned });
      expect(instance.tuned).toEqual({ isUsed: false, reason: expect.stringMatching(/./) });
      expect(instance.chosen(step)).toBe(few);
    }
    const instance = await create!(new CountingDevice(), { tuned: right });
    expect([instance.tuned, instance.chosen(step)]).toEqual([{ isUsed: true }, first]);
  });

  it('takes another alternative where the device has no room for the best, and builds pipelines when they are needed', async () => {
    const { [causal.emitted.factory]: create } =
      await launcherOf<Record<string, (device: unknown) => Promise<Instance>>>(causal);
    const built: string[] = [];
    class Building extends CountingDevice {
      override createComputePipeline = (given?: { readonly compute: { readonly entryPoint: string } }) => {
        built.push(given!.compute.entryPoint);
        return { getBindGroupLayout: () => ({}) };
      };
      override createComputePipelineAsync = (given?: { readonly compute: { readonly entryPoint: string } }) =>
        Promise.resolve(this.createComputePipeline(given));
    }
    const [first, few] = causal.alternatives.map(({ name }) => name);
    const roomy = await create!(new Building());
    expect(built).toEqual([]);
    expect(roomy.chosen(step)).toBe(few);
    await roomy.prepare(step);
    expect(built).toEqual(causal.emitted.manifest.alternatives![1]!.kernels);
    // A block for each head and share of the keys, and one for each head.
    const narrow = await create!(new Building({ maxComputeWorkgroupsPerDimension: 100 }));
    expect(narrow.chosen(step)).toBe(first);
  });

  it('takes large tiles where the device grants the workgroup memory for them, asks for it, and refuses them by name where not', async () => {
    const { [causal.emitted.factory]: create } =
      await launcherOf<Record<string, (source: unknown) => Promise<Instance>>>(causal);
    const large = causal.alternatives.find(({ limits }) => limits !== undefined)!;
    const [[limit, bytes]] = Object.entries(large.limits!) as [[string, number]];
    expect([limit, bytes > 16384, bytes <= 32768]).toEqual(['maxComputeWorkgroupStorageSize', true, true]);
    expect(causal.emitted.manifest.requires.limits[limit] ?? 0).toBeLessThanOrEqual(16384);
    const long = { batch: 1, queries: 4096, keys: 16384, rows: 4096 };
    expect((await create!(new CountingDevice({ [limit]: bytes }))).chosen(long)).toBe(large.name);
    const small = await create!(new CountingDevice());
    expect(small.chosen(long)).toBe(causal.alternatives[0]!.name);
    await expect(small.prepare(long, { alternative: large.name })).rejects.toThrow(
      `${large.name} needs ${bytes} of ${limit}`,
    );
    const adapter = countingAdapter({ [limit]: 65536 });
    await create!(adapter);
    expect(adapter.asked).toMatchObject([{ requiredLimits: { [limit]: bytes } }]);
  });

  it('holds them again for subgroups, as lines of one module that are others in a second, and asks for the feature where it is', async () => {
    const { alternatives, emitted } = convolution;
    const own = alternatives.filter(({ variant }) => variant === undefined);
    const variants = alternatives.filter(({ variant }) => variant !== undefined);
    expect(variants.map(({ name }) => name)).toEqual(own.map(({ name }) => `${name}-subgroups`));
    expect(emitted.manifest.alternatives!.at(-1)).toMatchObject({ features: ['subgroups'], taken: [] });
    const { wgslWithSubgroups, [emitted.factory]: create } = await launcherOf<
      Record<string, (source: unknown, options?: object) => Promise<Instance>> & { wgslWithSubgroups: () => string }
    >(convolution);
    expect(wgslWithSubgroups()).toBe(emitted.withSubgroups);
    expect(emitted.wgsl).not.toContain('subgroupShuffle');
    const kernels = kernelsEverywhere(emitted.manifest);
    expect(await validate(wgslWithSubgroups(), kernels, { features: ['subgroups'] })).toEqual([]);

    const [few, joined] = [own[1]!.name, variants[1]!.name];
    const call = { ...step, queries: 6 };
    const plain = await create!(new CountingDevice());
    await expect(plain.prepare(call, { alternative: joined })).rejects.toThrow(`${joined} needs subgroups`);
    const device = new CountingDevice();
    device.features.add('subgroups');
    const modules: string[] = [];
    device.createShaderModule = (given?: { readonly code: string }) => ({ made: modules.push(given!.code) });
    const able = await create!(device);
    // Nobody has timed them: the estimates are those of the others.
    expect(able.chosen(call)).toBe(few);
    await able.prepare(call, { alternative: joined });
    expect(modules).toEqual([emitted.wgsl, emitted.withSubgroups]);
    const kernelsOfLauncher = /const fingerprint = "(\w+)"/.exec(emitted.files.get(emitted.launcher)!)![1];
    const tuned = { name: '', kernels: kernelsOfLauncher, adapter: '', calls: [{ ...call, alternative: joined }] };
    expect((await create!(device, { tuned })).chosen(call)).toBe(joined);
    expect((await create!(new CountingDevice(), { tuned })).chosen(call)).toBe(few);
    const adapter = countingAdapter();
    adapter.features.add('subgroups');
    await create!(adapter);
    expect(adapter.asked).toMatchObject([{ requiredFeatures: ['subgroups'] }]);
  });

  onWebgpu('each is right', async () => {
    const graph = await exampleGraph('mta', small);
    const shapes = [
      { batch: 1, queries: 7, keys: 40, rows: 2 },
      ...inLongTests({ batch: 2, queries: 19, keys: 19, rows: 19 }),
    ];
    for (const device of wgslDevice(webgpu).alternatives!(graph)) {
      // Of those for subgroups, which not every device has, the long tests see all.
      if (device.name.includes('-subgroups') && !TAKES_ALL && !device.name.includes('decode-1x')) continue;
      if (!(await device.availability()).available) continue;
      const cases = await checkGraph(graph, device, { shapes, seed: 5 });
      expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
    }
  });
});

describe('query heads that share keys', async () => {
  const file = await openSpec('test/targets/specs/grouped-heads.ts');
  const graph = optimise(file.compile('groupedBias', { heads: 8, headDim: 8 }));
  const { emitted } = compileWgsl(graph);
  const isGrouped = ({ name }: { readonly name: string }): boolean => name.endsWith('-grouped');

  it('are the rows of one workgroup for few rows', async () => {
    const step = { batch: 1, queries: 1, keys: 8192, rows: 1 };
    expect((await launcherOf<Launcher>({ emitted })).planLaunch(step).alternative).toBe('decode-1x256-grouped');
  });

  onWebgpu('get what each of them gets alone', async () => {
    const shapes = [{ batch: 2, queries: 3, keys: 300, rows: 2 }];
    for (const device of wgslDevice(webgpu).alternatives!(graph).filter(isGrouped)) {
      const cases = await checkGraph(graph, device, { shapes, seed: 5 });
      expect(cases).toHaveLength(shapes.length);
      expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
    }
  });
});

describe('one program alone', () => {
  it('is what a schedule, tiles or one that keeps what gradients need give', async () => {
    const graph = await exampleGraph('causal', {});
    for (const options of [{ schedule: 'decode' }, { tiles: { rows: 16, columns: 16 } }, { single: true }] as const)
      expect(compileWgsl(graph, options).alternatives).toHaveLength(1);
  });

  it('the default Multi-Token Attention is shorter than 100 kB', async () => {
    const { emitted } = compileWgsl(await exampleGraph('mta', {}));
    expect(emitted.files.get(emitted.launcher)!.length).toBeLessThan(100_000);
  });
});
