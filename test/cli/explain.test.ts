// `heddle explain` and `heddle devices`: what a spec becomes, and what there is to run it on.
// Wordings are free; what must be there is asserted.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { tilePasses } from '../../codegen/tile/passes/index.js';
import type { Explanation } from '../../driver/explain.js';
import { passes } from '../../src/passes/index.js';
import { expectBadInput, inRepository, runHeddle } from './harness.js';

const mta = inRepository('examples/mta.ts');

async function explained(args: readonly string[]): Promise<Explanation> {
  const { exitCode, out, err } = await runHeddle(['explain', ...args, '--json']);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  const { specs } = JSON.parse(out) as { specs: [Explanation] };
  return specs[0];
}

describe('explain --html', () => {
  test('draws footprints, the graph, its passes, the schedule and maps in one file, and leaves the spec alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heddle-explain-'));
    const file = join(folder, 'mta.html');
    const small = ['heads=2', 'headDim=8', 'preMix=2', 'postMix=2'].flatMap((each) => ['--set', each]);
    const { exitCode, out, err } = await runHeddle(['explain', mta, ...small, '--html', file, '--json']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(JSON.parse(out).html).toBe(file);
    const page = readFileSync(file, 'utf8');
    rmSync(folder, { recursive: true });
    for (const part of [
      '66 taps',
      'Score graph',
      'after fold constants',
      'schedule: ',
      'where did Alice see the rabbit ?',
    ]) {
      expect(page).toContain(part);
    }
    const [, packed] = /id="data">(.*?)<\/script>/s.exec(page)!;
    const { showing } = JSON.parse(inflateRawSync(Buffer.from(packed!, 'base64')).toString());
    const titles = showing.variants[0].stages.map(({ title }: { title: string }) => title);
    expect(titles).toEqual(['scores', 'convolved', 'mixed', 'weights', 'weights convolved', 'weights mixed']);

    const kept = readFileSync(mta, 'utf8');
    const over = await runHeddle(['explain', mta, '--html', mta]);
    expect(over.exitCode).toBe(2);
    expect(over.err).toContain('HD4014');
    expect(readFileSync(mta, 'utf8')).toBe(kept);
  });
});

describe('explain', () => {
  test('shows formula, paper, the graph before and after passes, and every pass by name', async () => {
    const { exitCode, out, err } = await runHeddle(['explain', mta]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain('arXiv:2504.00927v2');
    expect(out).toContain('gate(norm(mix(');
    expect(out).toContain('── as written (');
    for (const { name } of passes) expect(out).toContain(name);
    expect(out).toContain('rows i-5 … i, keys j-5 … j+5, 66 taps, own head');
    expect(out).toContain('history: 10 rows');
    for (const line of out.split('\n')) expect(line).toBe(line.trimEnd());
  });

  test('follows the settings', async () => {
    const full = await explained([mta]);
    const plain = await explained([mta, '--set', 'preQueryKernel=0', '--set', 'postQueryKernel=1']);
    expect(full.history).toBe(10);
    expect(plain.history).toBe(0);
    const names = plain.parameters.map(({ name }) => name);
    expect(names).not.toContain('theta_pre');
    expect(full.parameters.find(({ name }) => name === 'theta_pre')?.count).toBe(16 * 6 * 11);
  });

  test('counts work in units of plain attention, at the shape that is asked for', async () => {
    const plain = await explained([inRepository('examples/bidirectional.ts')]);
    expect(plain.cost.shape).toEqual({ batch: 1, queries: 2048, keys: 2048 });
    expect(plain.cost.products).toBe(2 * 2 * 8 * 2048 * 2048 * 64);
    expect(plain.cost.relative?.products).toBe(1);
    const decode = await explained([mta, '--shape', '2,11,512']);
    expect(decode.cost.shape).toEqual({ batch: 2, queries: 11, keys: 512 });
    expect(decode.cost.relative?.operations).toBeGreaterThan(1);
    const { out } = await runHeddle(['explain', mta, '--shape', '2,11,512']);
    expect(out).toMatch(
      /── work at B=2, Tq=11, Tk=512.*\n\nwork +amount +of plain attention\noperations +[\d.]+ MFLOP +[\d.]+ ×/,
    );
  });

  const scheduled = async (name: string, shape: string) => {
    const { schedule, cost } = await explained([inRepository(`examples/${name}.ts`), '--shape', shape]);
    if (schedule === undefined || 'none' in schedule) throw new Error(`nothing schedules ${name}`);
    return { ...schedule.schedule, cost };
  };

  test('counts what the scheduled program does', async () => {
    // Without a mask, in tiles that divide the sequence, one pass computes what the graph says and the online softmax.
    const { kind, work, tiles, cost } = await scheduled('bidirectional', '1,2048,2048');
    expect(kind).toBe('online');
    expect(work.operations / cost.operations).toBeGreaterThan(1);
    expect(work.operations / cost.operations).toBeLessThan(1.05);
    const perHead = 2048 * 64 * 4;
    // Queries, outputs and log-sum-exps once, keys and values once for each tile of rows.
    expect(work.bytes).toBe(8 * (perHead * (2 + 2 * (2048 / tiles.rows)) + 2048 * 4));
    expect([work.launches, work.scratch]).toEqual([1, 0]);
  });

  test('counts launches and memory of bands, which grow with the length and no faster', async () => {
    const [short, long] = [await scheduled('mta', '1,1024,1024'), await scheduled('mta', '1,2048,2048')];
    expect(long.kind).toBe('slab');
    expect(long.work.scratch / short.work.scratch).toBeCloseTo(2, 1);
    expect(long.work.launches / short.work.launches).toBeCloseTo(2, 1);
    expect(long.refused.some((each) => each.startsWith('two-pass at '))).toBe(true);
  });

  test('says where keys had better be split', async () => {
    const takenAt = async (shape: string) => (await scheduled('decode', shape)).alternatives?.[0]?.name;
    expect(await takenAt('1,6,4096')).toMatch(/^decode-/);
    expect(await takenAt('1,4096,4096')).toMatch(/^online-/);
  });

  test('shows one pass, before and after', async () => {
    const explanation = await explained([mta, '--pass', 'fold-constants']);
    expect(explanation.steps.map(({ pass }) => pass)).toEqual(['fold constants']);
    const [{ before, after }] = explanation.steps as [Explanation['steps'][number]];
    expect(before.text).not.toBe(after.text);
    const idle = await explained([inRepository('examples/causal.ts'), '--pass', 'split-masks']);
    expect(idle).toMatchObject({ steps: [], idlePasses: ['split masks'] });
  });
});

describe('explain --sass', () => {
  test('says what is missing where instructions cannot be counted', async () => {
    vi.stubEnv('HEDDLE_NVDISASM', join(tmpdir(), 'no-such-program'));
    try {
      const causal = inRepository('examples/causal.ts');
      await expectBadInput(['explain', causal, '--sass', '--dtype', 'bf16'], 'HD4038', 'nvdisasm');
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('explain --tile-pass', () => {
  const causal = inRepository('examples/causal.ts');

  test.each([
    ...tilePasses.map(({ name }) => [name, []] as const),
    ['narrow', ['--arch', 'sm_90a', '--dtype', 'bf16']] as const,
  ])('shows the program after %s, and nothing else', async (name, further) => {
    const args = [causal, '--tile-pass', name.replaceAll(' ', '-'), ...further];
    const { tilePass, schedule } = await explained(args);
    expect(schedule).toBeUndefined();
    expect(tilePass).toMatchObject({
      pass: name,
      kind: 'online',
      program: expect.stringMatching(/^program causal\n/),
    });
    const { out } = await runHeddle(['explain', ...args]);
    expect(out).toContain(`tile program after ${name}`);
    expect(out.match(/^── /gm)).toHaveLength(1);
  });

  test('shows what a target makes of it: what meets few bits is rounded', async () => {
    const { tilePass } = await explained([causal, '--tile-pass', 'narrow', '--target', 'cuda', '--dtype', 'bf16']);
    expect(tilePass).toMatchObject({ title: 'CUDA in bf16 for sm_80 and later' });
    expect(tilePass!.program).toMatch(/cast p0 to bf16/);
    expect(tilePass!.lines.after).toBe(tilePass!.lines.before + 1);
  });
});

describe('explain --target', () => {
  const causal = inRepository('examples/causal.ts');
  const hopper = [causal, '--arch', 'sm_90a', '--dtype', 'bf16'];

  test('says by which instructions kernels of CUDA multiply, and why by no better ones', async () => {
    const { schedule: outcome } = await explained(hopper);
    expect(outcome).toMatchObject({
      schedule: { target: 'cuda', title: 'CUDA in bf16 for sm_90a', kernels: [{ products: 'wgmma' }] },
    });
    const narrow = await runHeddle(['explain', ...hopper, '--set', 'headDim=40']);
    expect(narrow.out).toMatch(/mma\.sync +40 columns are no multiple of 16/);
  });

  test('counts bytes as the target stores them', async () => {
    const bytesOf = async (...options: string[]) => {
      const { schedule } = await explained([causal, '--schedule', 'online', '--shape', '1,256,256', ...options]);
      if (schedule === undefined || 'none' in schedule) throw new Error('nothing schedules it');
      return schedule.schedule.work.bytes;
    };
    const lse = 8 * 256 * 4;
    for (const target of ['wgsl', 'cuda']) {
      const [wide, half] = [await bytesOf('--target', target), await bytesOf('--target', target, '--dtype', 'f16')];
      expect(half - lse, target).toBe((wide - lse) / 2);
    }
  });

  test('knows the targets that are scheduled, and those alone', async () => {
    const { exitCode, err } = await runHeddle(['explain', causal, '--target', 'gpujs']);
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining('HD4021') });
  });

  test('knows the devices that there are', async () => {
    const { exitCode, err } = await runHeddle(['explain', mta, '--arch', 'sm_70']);
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining('HD4029') });
  });
});

describe('devices', () => {
  test('lists each with what it is or what it lacks', async () => {
    const { exitCode, out, err } = await runHeddle(['devices']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/^interpreter +yes +\S/m);
    expect(out).toMatch(/^gpujs +yes +\S/m);
    expect(out).toMatch(/^gpujs-webgpu +no +.+; .+$/m);
  });

  test('gives the same as data', async () => {
    const { out } = await runHeddle(['devices', '--json']);
    const { ok, devices } = JSON.parse(out) as { ok: boolean; devices: { name: string; available: boolean }[] };
    expect(ok).toBe(true);
    expect(devices).toContainEqual(expect.objectContaining({ name: 'interpreter', available: true }));
    for (const device of devices) {
      expect(device).toEqual(
        device.available
          ? { name: device.name, available: true, detail: expect.any(String) }
          : { name: device.name, available: false, why: expect.any(String), remedy: expect.any(String) },
      );
    }
  });
});
