// The worked example of training on WebGPU, by the commands of its README: emitted launchers and nothing else, and the loss of
// every step as PyTorch has it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { findPython } from '../../targets/torch/device/python.js';
import { webgpu } from '../../targets/wgsl/device/index.js';
import { softwareVulkan } from '../../targets/wgsl/device/software-vulkan.js';
import { inRepository, runHeddle } from '../cli/harness.js';
import { testsOn } from '../support/devices.js';
import { TAKES_ALL } from '../support/share.js';
import { problemsOf, type Schema } from '../targets/json-schema.js';
import { torch } from '../targets/torch/support.js';

const example = (file: string): string => inRepository(`examples/integrations/webgpu-training/${file}`);
const folder = mkdtempSync(join(tmpdir(), 'heddle-training-'));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await webgpu.close();
});

const STEPS = 150;
const python = await findPython();
const onWebgpu = await testsOn(webgpu);
const onBoth = (await torch.availability()).available ? onWebgpu : await testsOn(torch);

async function compiled(target: readonly string[], name: string): Promise<string> {
  const out = join(folder, name);
  const { exitCode, err } = await runHeddle(['compile', example('induction.ts'), ...target, '--out', out]);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  return out;
}

const numbers = (text: string): readonly number[] => text.trim().split('\n').map(Number);

async function fallsAsInPyTorch(): Promise<void> {
  const launchers = await compiled(['--target', 'wgsl', '--backward'], 'training');
  const eager = await compiled(['--target', 'torch'], 'eager');
  const vulkan = softwareVulkan();
  const env = { ...process.env, ...(vulkan.available ? vulkan.environment : {}) };
  const run = (file: string, args: readonly string[]): readonly number[] =>
    numbers(execFileSync(file, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  const found = run(process.execPath, [example('train.js'), launchers, String(STEPS)]);
  if ('why' in python) throw new Error(python.why);
  const expected = run(python.python, [example('train.py'), eager, String(STEPS)]);
  expect(found).toHaveLength(STEPS);
  for (const [n, loss] of found.entries()) expect(Math.abs(loss - expected[n]!), `step ${n}`).toBeLessThan(1e-4);
  expect(found.at(-1)!).toBeLessThan(found[0]! / 2);
}

// What the software device has to compile takes half a minute.
if (TAKES_ALL) onBoth('falls as in PyTorch', fallsAsInPyTorch);

it('has a manifest that fits the schema, and whose parts do', async () => {
  const schemaNamed = (name: string): Schema =>
    JSON.parse(readFileSync(inRepository(`targets/${name}.schema.json`), 'utf8')) as Schema;
  for (const target of [['wgsl'], ['cuda', '--dtype', 'bf16']]) {
    const out = await compiled(['--target', ...target, '--backward'], target[0]!);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Record<string, object>;
    expect(problemsOf(manifest, schemaNamed('training-manifest'))).toEqual([]);
    for (const part of ['forward', 'backward']) {
      expect(problemsOf(manifest[part], schemaNamed('manifest'))).toEqual([]);
    }
  }
});
