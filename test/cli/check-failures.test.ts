// `heddle check` on a device that is wrong: exit code 1, what went wrong, and a command line that shows it again.
// The gpu.js device is replaced by one that lets every row see the key after it.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Device } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import type { Graph } from '../../src/ir/index.js';
import { type HostTensor, hostTensor } from '../../src/tensors/index.js';
import * as gpujs from '../../targets/gpujs/device.js';
import { inRepository, runHeddle } from './harness.js';

const wrong: Device = {
  name: 'gpujs',
  precision: 'f32',
  availability: async () => ({ available: true, detail: 'wrong' }),
  run: async (graph: Graph, inputs: ReadonlyMap<string, HostTensor>, options: { rows?: number | undefined } = {}) => {
    const leaky = new Map(inputs);
    const { shape, data } = inputs.get('v')!;
    // Too little for any tolerance, so that only the dependency probe can see it.
    const last = data.at(-1)!;
    leaky.set(
      'v',
      hostTensor(
        shape,
        data.map((value) => value + 1e-12 * last),
        'F32',
      ),
    );
    return interpret(graph, leaky, options);
  },
};

beforeAll(() => {
  vi.spyOn(gpujs, 'gpujsDevice').mockReturnValue(wrong as ReturnType<typeof gpujs.gpujsDevice>);
});
afterAll(() => vi.restoreAllMocks());

const args = ['check', inRepository('examples/causal.ts'), '--set', 'heads=2', '--set', 'headDim=4'];

describe('a check that fails', () => {
  test('ends with exit code 1 and says how to see it again', async () => {
    const { exitCode, out, err } = await runHeddle([...args, '--shape', '1,5,5', '--seed', '9']);
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: '' });
    expect(out).toMatch(/^causal +gpujs +1 .* FAIL$/m);
    expect(out).toMatch(/v\[0, 1, 4, 3\] reaches out\[.*\], which does not depend on it/);
    expect(out).toContain('1 of 1 failed');

    const replay = /replay: heddle (.*)$/m.exec(out)![1]!;
    expect(replay).toBe(
      `check ${args[1]} --export causal --device gpujs --set heads=2 --set headDim=4 --shape 1,5,5,5 --seed 9`,
    );
    const again = await runHeddle(replay.split(' '));
    expect(again).toMatchObject({ exitCode: 1, out });
  });

  test('counts the cases that are too many to show, and replays awkward settings', async () => {
    const { exitCode, out } = await runHeddle(args.slice(0, 2));
    expect(exitCode).toBe(1);
    expect(out).toMatch(/and \d+ further cases/);
    const json = await runHeddle([...args.slice(0, 2), '--json']);
    expect(json.exitCode).toBe(1);
    const { ok, checks } = JSON.parse(json.out) as { ok: boolean; checks: [{ cases: { replay?: string }[] }] };
    expect(ok).toBe(false);
    const replays = checks[0].cases.map(({ replay }) => replay);
    expect(replays).toContainEqual(expect.stringContaining('--set headDim=40 --shape'));
  });
});
