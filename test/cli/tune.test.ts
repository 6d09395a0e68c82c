// `heddle tune`: the alternatives of a launcher, timed on a device by the launcher itself, and what it makes of what was found.
// Times are not asserted; the calls, the names and the reasons are.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compileWgsl } from '../../targets/wgsl/compile.js';
import { webgpu } from '../../targets/wgsl/device/index.js';
import type { Tuned } from '../../targets/wgsl/tune-types.js';
import { testsOn } from '../support/devices.js';
import { exampleGraph } from '../support/example-graphs.js';
import { TAKES_ALL } from '../support/share.js';
import { CountingDevice } from '../targets/wgsl/counting-device.js';
import { expectBadInput, inRepository, runHeddle, temporaryFolder } from './harness.js';

const onWebgpu = await testsOn(webgpu);
afterAll(() => webgpu.close());

const causal = inRepository('examples/causal.ts');
const small = ['--set', 'heads=2', '--set', 'headDim=8'];

interface Instance {
  readonly tuned: { readonly isUsed: boolean; readonly reason?: string };
  readonly chosen: (sizes: object) => string;
}

describe('heddle tune', () => {
  onWebgpu('times each alternative at each call, and writes a package with what it found', async () => {
    const folder = temporaryFolder();
    const asked = ['--shape', '1,1,700', '--shape', '2,40,40', '--seconds', '1', '--out', folder];
    const hasSubgroups = (await webgpu.facts()).features.includes('subgroups');
    const { exitCode, out } = await runHeddle(['tune', causal, ...small, ...asked]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^1,1,700,1( +[\d.]+ ×){4,8} +(decode|online)-/m);
    const tuned = JSON.parse(readFileSync(join(folder, 'causal.tuned.json'), 'utf8')) as Tuned;
    expect(tuned.calls.map(({ batch, queries, keys, rows }) => [batch, queries, keys, rows])).toEqual([
      [1, 1, 700, 1],
      [2, 40, 40, 40],
    ]);
    for (const { milliseconds, refused, alternative } of tuned.calls) {
      const plain = Object.keys(milliseconds).filter((name) => !name.endsWith('-subgroups'));
      expect([plain.length, Object.keys(milliseconds).length]).toEqual([4, hasSubgroups ? 8 : 4]);
      expect(Object.keys(refused)).toHaveLength(hasSubgroups ? 0 : 4);
      expect(milliseconds).toHaveProperty(alternative);
    }
    const launcher = readFileSync(join(folder, 'causal.js'), 'utf8');
    const { createCausal } = (await import(`data:text/javascript,${encodeURIComponent(launcher)}`)) as {
      createCausal: (device: unknown, options?: { readonly tuned?: unknown }) => Promise<Instance>;
    };
    const ignored = async (given: unknown) => (await createCausal(new CountingDevice(), { tuned: given })).tuned;
    expect(await ignored(tuned)).toMatchObject({ isUsed: false, reason: expect.stringContaining('another adapter') });
    const here = { ...tuned, adapter: '' };
    expect(await ignored({ ...here, kernels: '0' })).toMatchObject({
      isUsed: false,
      reason: expect.stringContaining('other kernels'),
    });
    expect(await ignored({ calls: [{}] })).toMatchObject({ isUsed: false });
    expect(await ignored('fast')).toMatchObject({ isUsed: false });
    const contrary = here.calls.map((call) => ({ ...call, alternative: 'online-32x32' }));
    const instance = await createCausal(new CountingDevice(), { tuned: { ...here, calls: contrary } });
    expect(instance.tuned).toEqual({ isUsed: true });
    // Calls of the same class take what was found, others what is estimated.
    const step = { batch: 1, queries: 1, rows: 1 };
    expect(instance.chosen({ ...step, keys: 600 })).toBe('online-32x32');
    expect(instance.chosen({ ...step, keys: 8000 })).toMatch(/^decode-/);
  });

  // A launcher of its own, which a software device compiles anew.
  if (TAKES_ALL) {
    onWebgpu('believes no alternative whose outputs differ', async () => {
      const { emitted } = compileWgsl(await exampleGraph('causal', { heads: 2, headDim: 8 }));
      const right = emitted.files.get(emitted.launcher)!;
      const at = right.indexOf('fn causal_combine_decode(');
      const wrong =
        right.slice(0, at) + right.slice(at).replace(/store_out\((.*), ([^,]+)\);/, 'store_out($1, 1.01 * ($2));');
      expect(wrong).not.toBe(right);
      const call = { batch: 1, queries: 1, keys: 700, rows: 1 };
      const request = { launcher: wrong, factory: emitted.factory, call, milliseconds: 100 };
      const { calls } = await webgpu.tune(request, 'causal');
      // Its kernels with subgroups are the same text but for some lines.
      const { features } = await webgpu.facts();
      const wrongOnes = ['decode-1x256', ...(features.includes('subgroups') ? ['decode-1x256-subgroups'] : [])];
      const differs = expect.stringContaining('differ by 1.0e-2');
      expect(calls[0]!.refused).toEqual(Object.fromEntries(wrongOnes.map((name) => [name, differs])));
      expect(wrongOnes).not.toContain(calls[0]!.alternative);
    });
  }

  it('refuses what cannot be tuned', async () => {
    await expectBadInput(['tune', causal, '--device', 'gpujs'], 'HD4022');
    await expectBadInput(['tune', causal, '--dtype', 'bf16'], 'HD4029');
    await expectBadInput(['tune', inRepository('examples/decode.ts'), '--shape', '1,1,64,1'], 'HD7005');
    const alone = [
      inRepository('examples/mta.ts'),
      '--set',
      'heads=4',
      '--set',
      'headDim=8',
      '--set',
      'preMix=4',
      '--set',
      'postMix=4',
    ];
    await expectBadInput(['tune', ...alone], 'HD4045');
  });
});
