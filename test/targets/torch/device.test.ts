// The device itself: what it says where PyTorch is missing, what it survives, and the command line on it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { interpret } from '../../../src/interpreter/index.js';
import { hostTensor, readSafetensors } from '../../../src/tensors/index.js';
import { inRepository, runHeddle, temporaryFolder } from '../../cli/harness.js';
import { randomInputs } from '../../support/random-inputs.js';
import { causalGraph, preConvGraph } from '../gpujs/hand-built.js';
import { distance, onTorch, torch } from './support.js';

describe('a Python without torch', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.resetModules();
  });

  test.each([
    ['that is not there', join(inRepository('test'), 'no-python'), /no-python: .*ENOENT/],
    ['that is something else', process.execPath, /ended with code/],
  ])('%s makes the device unavailable, and says why', async (_, path, why) => {
    vi.stubEnv('HEDDLE_PYTHON', path);
    vi.resetModules();
    const { torchDevice } = await import('../../../targets/torch/device/index.js');
    const device = torchDevice();
    expect(await device.availability()).toMatchObject({
      available: false,
      why: expect.stringMatching(why),
      remedy: expect.stringContaining('apt-get install python3-torch'),
    });
    const graph = causalGraph();
    const inputs = randomInputs(graph, { batch: 1, queries: 2, keys: 2 }, 1);
    await expect(device.run(graph, inputs)).rejects.toThrow('HD6401');
  });
});

describe('the device', () => {
  onTorch('says what is wrong with a call, and takes the next', async () => {
    const graph = preConvGraph({ heads: 3, kvHeads: 3, headDim: 1, valueDim: 1 });
    const small = randomInputs(graph, { batch: 1, queries: 4, keys: 4 }, 1);
    const long = hostTensor([1, 3, 2_000_000, 1]);
    const large = new Map([...small, ['q', long], ['k', long], ['v', long]] as const);
    await expect(torch.run(graph, large)).rejects.toThrow('HD6402');
    const out = (await torch.run(graph, small)).get('out');
    expect(distance(out, interpret(graph, small).get('out')!)).toBeLessThan(1e-6);
  });

  onTorch('takes calls at once, each with its own answer', async () => {
    const graph = causalGraph();
    const calls = [3, 5, 3, 8].map((keys, seed) => randomInputs(graph, { batch: 1, queries: keys, keys }, seed));
    const outs = await Promise.all(calls.map((inputs) => torch.run(graph, inputs)));
    for (const [n, inputs] of calls.entries()) {
      expect(distance(outs[n]!.get('out'), interpret(graph, inputs).get('out')!)).toBeLessThan(1e-6);
    }
  });
});

describe('the command line', () => {
  const golden = inRepository('test/golden/pre-conv.safetensors');
  const off = ['postQueryKernel=0', 'postKeyKernel=0', 'postMix=0', 'preMix=0', 'norm=none', 'gate=none'];
  const settings = JSON.parse(readFileSync(inRepository('test/golden/manifest.json'), 'utf8')) as Record<
    string,
    Readonly<Record<string, number>>
  >;
  const set = [...off, ...Object.entries(settings['pre-conv']!).map(([name, value]) => `${name}=${value}`)];
  const spec = [inRepository('examples/mta.ts'), ...set.flatMap((each) => ['--set', each])];
  const tensors = readSafetensors(readFileSync(golden), { name: golden }).tensors;

  onTorch('runs forward and backward', async () => {
    for (const [option, wanted] of [
      [[], ['out']],
      [['--backward'], ['grad_q', 'grad_k', 'grad_v', 'grad_theta_pre']],
    ] as const) {
      const out = join(temporaryFolder(), 'out.safetensors');
      const ended = await runHeddle(['run', ...spec, '--inputs', golden, '--out', out, '--device', 'torch', ...option]);
      expect(ended).toMatchObject({ exitCode: 0, err: '' });
      const results = readSafetensors(readFileSync(out), { name: out }).tensors;
      for (const name of wanted) expect(distance(results.get(name), tensors.get(name)!), name).toBeLessThan(3e-5);
    }
  });

  onTorch('checks', async () => {
    const { exitCode, out } = await runHeddle([
      'check',
      inRepository('examples/sinks.ts'),
      '--device',
      'torch',
      '--cases',
      '2',
    ]);
    expect({ exitCode, out }).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^sinks +torch +\d+ .* pass$/m),
    });
  });

  test('compiles', async () => {
    const folder = temporaryFolder();
    const { exitCode } = await runHeddle(['compile', ...spec, '--target', 'torch', '--out', folder]);
    expect(exitCode).toBe(0);
    expect(readFileSync(join(folder, 'mta.py'), 'utf8')).toContain('_convolve(');
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toMatchObject({
      target: 'torch',
      module: 'Mta',
    });
  });
});
