// The golden tensors of the Multi-Token Attention authors on tile programs and on WebGPU, from examples/mta.ts. What comes
// before the softmax is one kernel and one dispatch within default limits, and no buffer of any case grows with T².
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tilesDevice } from '../../../codegen/schedule/index.js';
import type { Device } from '../../../src/checking/index.js';
import { closeValidation, entryPointsOf, validate, webgpu } from '../../../targets/wgsl/device/index.js';
import { wgslDevice } from '../../../targets/wgsl/graph-device.js';
import type { WgslManifest } from '../../../targets/wgsl/manifest.js';
import { runHeddle, temporaryFolder } from '../../cli/harness.js';
import {
  authorsCases,
  authorsGraph,
  authorsTensors,
  distance,
  type Settings,
  settingsOf,
} from '../../support/authors-tensors.js';
import { testsOn } from '../../support/devices.js';
import { exampleFiles } from '../../support/examples.js';
import { TAKES_ALL } from '../../support/share.js';

const onWebgpu = await testsOn(webgpu);
afterAll(async () => {
  await closeValidation();
  await webgpu.close();
});

async function compare(device: Device, name: string, settings: Settings): Promise<void> {
  const tensors = authorsTensors(name);
  const outputs = await device.run(await authorsGraph(settings), tensors);
  expect(distance(outputs.get('out')!, tensors.get('out')!)).toBeLessThan(1e-5);
}

describe.each(authorsCases)('the golden case %s', (name, settings) => {
  it('is met by tile programs', () => compare(tilesDevice(), name, settings));
  // Its kernels are those of the other cases, all in one, and take a device longest to compile.
  if (name === 'full-layer' && !TAKES_ALL) return;
  onWebgpu('is met', () => compare(wgslDevice(webgpu), name, settings));
});

/** The files of `heddle compile --target wgsl`, as a user gets them. */
async function compiled(settings: Settings, ...more: readonly string[]) {
  const folder = temporaryFolder();
  const set = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const ended = await runHeddle([
    'compile',
    exampleFiles.get('mta')!,
    '--target',
    'wgsl',
    '--out',
    folder,
    ...set,
    ...more,
  ]);
  expect(ended).toMatchObject({ exitCode: 0, err: '' });
  const text = (file: string) => readFileSync(join(folder, file), 'utf8');
  const manifest = JSON.parse(text('manifest.json')) as WgslManifest;
  return { manifest, wgsl: text('mta.wgsl'), launcher: text('mta.js') };
}

const namesOfSizes = ['batch', 'queries', 'keys', 'rows', 'bandRows'] as const;

/** A size or bytes of a manifest at one sequence of so many positions, a band of which has some rows. */
function valueAt(formula: number | string, length: number): number {
  const value = new Function(...namesOfSizes, `return ${formula};`) as (...sizes: number[]) => number;
  return value(1, length, length, length, 64);
}

/** The buffers of a manifest that are more than some five times as large for four times the sequence. */
const quadratic = ({ inputs, outputs, workspace }: WgslManifest): readonly string[] =>
  [...inputs, ...outputs, ...workspace]
    .filter(({ axes }) => {
      const elements = (length: number) => axes.reduce((product, { size }) => product * valueAt(size, length), 1);
      return elements(4096) > 5 * elements(1024);
    })
    .map(({ name }) => name);

describe.each(authorsCases)('the files of the golden case %s', (_, settings) => {
  it('have no buffer that grows with the square of the length', async () => {
    const { manifest } = await compiled(settings);
    expect(quadratic(manifest)).toEqual([]);
    for (const { bytes } of manifest.workspace) {
      expect(valueAt(bytes, 4096)).toBeLessThan(5 * valueAt(bytes, 1024));
    }
  });
});

it('such a buffer is seen where there is one', async () => {
  const { manifest } = await compiled(settingsOf('pre-conv'), '--schedule', 'materialised');
  expect(quadratic(manifest).length).toBeGreaterThan(0);
});

describe.each([
  ['the golden convolution', settingsOf('pre-conv')],
  ['the golden convolution with mixed heads', settingsOf('pre-conv-mix')],
  [
    'a convolution of 6 × 11 for 8 heads of 64',
    { ...settingsOf(), heads: 8, headDim: 64, preQueryKernel: 6, preKeyKernel: 11 },
  ],
])('%s before the softmax', (_, settings: Settings) => {
  it('is one kernel and one dispatch within default limits', async () => {
    const { manifest, wgsl, launcher } = await compiled(settings, '--schedule', 'online');
    expect(manifest).toMatchObject({ workspace: [], requires: { features: [], limits: {} } });
    expect(manifest.kernels).toHaveLength(1);
    expect(manifest.kernels[0]!.bindings).toBeLessThanOrEqual(8);
    expect(manifest.kernels[0]!.workgroupBytes).toBeLessThanOrEqual(16384);
    expect(entryPointsOf(wgsl)).toEqual([{ entryPoint: manifest.kernels[0]!.name }]);
    expect(await validate(wgsl)).toEqual([]);
    const { planLaunch } = await import(`data:text/javascript,${encodeURIComponent(launcher)}`);
    for (const length of [1, 100, 4096]) {
      expect(planLaunch({ batch: 1, queries: length, keys: length }).dispatches).toHaveLength(1);
    }
  });
});
