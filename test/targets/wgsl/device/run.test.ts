// Jobs on every device that runs WGSL: results, errors, recovery after a crash.
import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { HeddleError } from '../../../../src/diagnostics/index.js';
import {
  type Job,
  type KernelDevice,
  POISON,
  type WebgpuOptions,
  type WgpuOptions,
  webgpu,
  webgpuDevice,
  wgpu,
  wgpuDevice,
} from '../../../../targets/wgsl/device/index.js';
import { testsOn } from '../../../support/devices.js';
import { endlessWgsl, halvesWgsl, reduction, saxpy, saxpyWgsl, subgroupWgsl, sumsOf, treeWgsl } from './kernels.js';

afterAll(() => Promise.all([webgpu.close(), wgpu.close()]));

const floats = (outputs: ReadonlyMap<string, ArrayBuffer>, name: string) => [...new Float32Array(outputs.get(name)!)];

async function diagnosticsOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HeddleError)) throw new Error(`expected diagnostics, got ${error}`);
  return error.diagnostics;
}

const makers: Record<string, (options: WebgpuOptions & WgpuOptions) => KernelDevice> = {
  webgpu: webgpuDevice,
  wgpu: wgpuDevice,
};

describe.each([webgpu, wgpu])('device $name', async (device) => {
  const onDevice = await testsOn(device);
  const onClock = await testsOn(device, ['timestamp-query']);

  onDevice('runs a kernel', async () => {
    const outputs = await device.runJob(saxpy(1000, 3));
    expect([...outputs.keys()]).toEqual(['y']);
    expect(floats(outputs, 'y')).toEqual(Array.from({ length: 1000 }, (_, i) => 3 * i + 1));
  });

  onDevice('runs dispatches in order, with barriers, several groups, overrides and poisoned buffers', async () => {
    expect(floats(await device.runJob(reduction(treeWgsl, 5)), 'sums')).toEqual(sumsOf(5));
    const [total] = floats(await device.runJob(reduction(treeWgsl, 5, { factor: 2, total: true })), 'sums');
    expect(total).toBe(320 * 321);
  });

  onDevice('answers jobs that are asked for at once, each with its own result', async () => {
    const lengths = [1, 64, 65, 2000, 7];
    const all = await Promise.all(lengths.map((length) => device.runJob(saxpy(length, 2))));
    expect(all.map((outputs) => floats(outputs, 'y').at(-1))).toEqual(lengths.map((length) => 2 * (length - 1) + 1));
  });

  onDevice('holds jobs, to be timed in any order until they are released', async () => {
    const jobs = [await device.holdJob(saxpy(1000, 3)), await device.holdJob(reduction(treeWgsl, 64, { total: true }))];
    for (const n of [1, 0, 0, 1]) {
      const { wall } = await jobs[n]!.time();
      expect(wall).toHaveLength(1);
      expect(wall[0]).toBeGreaterThan(0);
    }
    // Other jobs run between them.
    expect(floats(await device.runJob(saxpy(3, 2)), 'y')).toEqual([1, 3, 5]);
    await jobs[0]!.release();
    const [found] = await diagnosticsOf(jobs[0]!.time());
    expect(found).toMatchObject({ code: 'HD6803', message: expect.stringContaining('anew') });
    expect((await jobs[1]!.time()).wall).toHaveLength(1);
    await jobs[1]!.release();
  });

  onDevice('fills buffers with zeros or poison, also behind the data and for odd sizes', async () => {
    const job: Job = {
      wgsl: saxpyWgsl,
      buffers: [
        { name: 'poisoned', size: 8, fill: 'poison', read: true },
        { name: 'zeroed', size: 8, read: true },
        { name: 'partial', size: 11, data: Uint8Array.of(1, 2, 3, 4, 5, 6), fill: 'poison', read: true },
        { name: 'empty', size: 0, read: true },
      ],
      dispatches: [],
    };
    const outputs = await device.runJob(job);
    expect([...new Uint32Array(outputs.get('poisoned')!)]).toEqual([POISON, POISON]);
    expect([...new Uint32Array(outputs.get('zeroed')!)]).toEqual([0, 0]);
    expect([...new Uint8Array(outputs.get('partial')!)]).toEqual([1, 2, 3, 4, 5, 6, 0, 0, 0xc1, 0x7f, 0xc1]);
    expect(outputs.get('empty')!.byteLength).toBe(0);
  });

  onClock('measures on the clock of the host and on its own', async () => {
    const { outputs, timing, bytes } = await device.measureJob(reduction(treeWgsl, 64, { total: true }), {
      repeats: 3,
    });
    expect(floats(outputs, 'sums').slice(1)).toEqual(sumsOf(64).slice(1));
    expect(bytes).toBe(64 * 256 + 64 * 4);
    expect(timing.wall).toHaveLength(3);
    expect(timing.dispatches!.map((runs) => runs.length)).toEqual([3, 3]);
    for (const [run, milliseconds] of timing.device!.entries()) {
      expect(milliseconds).toBeGreaterThan(0);
      expect(milliseconds).toBeLessThan(timing.wall[run]!);
    }
  });

  onDevice('carries large buffers there and back', async () => {
    const length = 1 << 23;
    const outputs = await device.runJob({ ...saxpy(length, 1), dispatches: [] });
    expect(outputs.get('y')!.byteLength).toBe(4 * length);
    expect(new Float32Array(outputs.get('y')!).at(-1)).toBe(1);
  });

  onDevice('stays sound over many small jobs and a large one', async () => {
    // Large transfers make the worker collect garbage, and nothing that the device stands on may go with it.
    for (let i = 0; i < 100; i++) await device.runJob(saxpy(8, i));
    const large = { name: 'large', size: 1 << 26, data: new Uint8Array(1 << 26), read: true };
    for (let i = 0; i < 2; i++) {
      const outputs = await device.runJob({ ...saxpy(8, i), buffers: [...saxpy(8, i).buffers, large] });
      expect(floats(outputs, 'y')[7]).toBe(7 * i + 1);
    }
  });

  onDevice('points at the line of WGSL that does not compile', async () => {
    const job = { ...saxpy(8, 1), wgsl: saxpyWgsl.replace('scale.x', 'scalar.x') };
    const [problem] = await diagnosticsOf(device.runJob(job));
    expect(problem).toMatchObject({ code: 'HD6802', span: { file: 'saxpy.wgsl', line: 9, column: 15 } });
    expect(problem!.message).toContain('saxpy.wgsl:9:15');
    expect(problem!.message).toContain('scalar');
    expect(problem!.frame).toContain('>  9 |     y[id.x] = scalar.x * x[id.x] + y[id.x];');
  });

  onDevice('refuses bindings that do not fit, unknown entry points and unknown buffers', async () => {
    const job = saxpy(8, 1);
    const [dispatch] = job.dispatches;
    const withDispatch = (change: object) => ({ ...job, dispatches: [{ ...dispatch!, ...change }] });
    const wrong: [object, RegExp][] = [
      [{ entryPoint: 'sxapy' }, /sxapy/],
      [{ bindings: dispatch!.bindings.slice(1) }, /saxpy\.wgsl/],
      [{ bindings: dispatch!.bindings.map((each) => ({ ...each, kind: 'uniform' })) }, /saxpy\.wgsl/],
      [{ bindings: dispatch!.bindings.map((each) => ({ ...each, buffer: 'z' })) }, /no buffer z/],
      [{ workgroups: [1 << 20] }, /65535/],
    ];
    for (const [change, message] of wrong) {
      const [problem] = await diagnosticsOf(device.runJob(withDispatch(change)));
      expect(problem!.code).toBe('HD6803');
      expect(problem!.message).toMatch(message);
    }
    expect(floats(await device.runJob(job), 'y')[7]).toBe(8);
  });

  onDevice('has an error for buffers that are too large, each and together', async () => {
    const { limits } = await device.facts();
    const oneTooLarge = { ...saxpy(8, 1), buffers: [{ name: 'x', size: 2 * limits['maxBufferSize']! }] };
    const [large] = await diagnosticsOf(device.runJob(oneTooLarge));
    expect(large!.code).toBe('HD6804');
    expect(large!.message).toContain('maxBufferSize');
    const size = 1 << 27;
    const many = Array.from({ length: 4000 }, (_, i) => ({ name: `buffer${i}`, size }));
    const [together] = await diagnosticsOf(device.runJob({ ...saxpy(8, 1), buffers: many, dispatches: [] }));
    expect(together!.code).toBe('HD6804');
    expect(floats(await device.runJob(saxpy(8, 1)), 'y')[7]).toBe(8);
  });

  onDevice('refuses jobs that contradict themselves before they are sent', async () => {
    const twice = { ...saxpy(8, 1), buffers: [...saxpy(8, 1).buffers, { name: 'x', size: 4 }] };
    expect((await diagnosticsOf(device.runJob(twice)))[0]!.message).toContain('two buffers x');
    const small = { ...saxpy(8, 1), buffers: [{ name: 'x', size: 4, data: new Float32Array(2) }] };
    expect((await diagnosticsOf(device.runJob(small)))[0]!.message).toContain('data of 8');
  });

  onDevice('ends a kernel that loops for ever, and goes on with a fresh worker', async () => {
    // Mesa's driver leaves every loop after 65535 iterations.
    const impatient = makers[device.name]!({ timeout: 2000, adapter: 'software' });
    const endless: Job = {
      label: 'endless.wgsl',
      wgsl: endlessWgsl,
      buffers: [{ name: 'flag', size: 8 }],
      dispatches: [
        { entryPoint: 'wait', workgroups: [1], bindings: [{ binding: 0, kind: 'read_write', buffer: 'flag' }] },
      ],
    };
    const [problem] = await diagnosticsOf(impatient.runJob(endless));
    expect(problem!.code).toBe('HD6806');
    expect(problem!.message).toContain('endless.wgsl');
    expect(floats(await impatient.runJob(saxpy(8, 1)), 'y')[7]).toBe(8);
    await impatient.close();
  });

  onDevice('says that a worker has crashed, and goes on with a fresh one', async () => {
    const fragile = makers[device.name]!({ timeout: 60_000 });
    const before = workers();
    await fragile.runJob(saxpy(8, 1));
    const [mine] = workers().filter((pid) => !before.includes(pid));
    const heavy = fragile.runJob(saxpy(1 << 23, 1));
    process.kill(mine!, 'SIGKILL');
    const [problem] = await diagnosticsOf(heavy);
    expect(problem!.code).toBe('HD6805');
    expect(problem!.message).toContain('SIGKILL');
    expect(floats(await fragile.runJob(saxpy(8, 1)), 'y')[7]).toBe(8);
    await fragile.close();
    expect(workers()).toEqual(before);
  });
});

/** The worker processes of this process. */
function workers(): number[] {
  return execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('worker/main.js'))
    .map((line) => Number.parseInt(line, 10));
}

describe('subgroups', async () => {
  const onWebgpu = await testsOn(webgpu, ['subgroups']);

  onWebgpu('reduce without knowing their size', async () => {
    expect(floats(await webgpu.runJob(reduction(subgroupWgsl, 3)), 'sums')).toEqual(sumsOf(3));
    const { subgroupSize } = await webgpu.facts();
    expect(subgroupSize![0]).toBeGreaterThanOrEqual(4);
  });
});

describe('f16', async () => {
  const onWgpu = await testsOn(wgpu, ['shader-f16']);

  onWgpu('is stored and computed with, three elements at a time', async () => {
    const outputs = await wgpu.runJob({
      wgsl: halvesWgsl,
      buffers: [
        { name: 'x', size: 6, data: Uint16Array.of(0x3c00, 0x4000, 0xc200) },
        { name: 'y', size: 6, read: true },
      ],
      dispatches: [
        {
          entryPoint: 'double',
          workgroups: [3],
          bindings: [
            { binding: 0, kind: 'read', buffer: 'x' },
            { binding: 1, kind: 'read_write', buffer: 'y' },
          ],
        },
      ],
    });
    expect([...new Uint16Array(outputs.get('y')!)]).toEqual([0x4000, 0x4400, 0xc600]);
  });
});

describe('loops', async () => {
  const onWgpu = await testsOn(wgpu);

  onWgpu('are known to end early where the driver bounds them', async () => {
    const { adapter, iterationLimit } = await wgpu.facts();
    // Should a later Mesa run loops to their end, this is the place to learn it.
    expect(iterationLimit).toBe(adapter.includes('llvmpipe') ? 65535 : undefined);
  });
});

test('the software device of npm answers where it is asked for', async () => {
  const device = webgpuDevice({ adapter: 'software' });
  if ((await device.availability()).available) {
    expect(await device.facts()).toMatchObject({ implementation: 'dawn', software: true, driver: 'npm' });
  }
  await device.close();
});
