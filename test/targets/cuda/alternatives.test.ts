// Alternatives of a launcher in C: each gives the same, one file holds them, and the launcher takes the one that is estimated to
// take least time of those that the workspace has room for.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { trainingPair } from '../../../src/autodiff/index.js';
import { checkGraph } from '../../../src/checking/index.js';
import { compileCuda } from '../../../targets/cuda/compile.js';
import { buildEmulatedProgram } from '../../../targets/cuda/device/emulated-library.js';
import { emulatorAvailability } from '../../../targets/cuda/device/index.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { compilePairCuda } from '../../../targets/cuda/training.js';
import { estimateAt } from '../../../targets/shared/tile/alternatives.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph, openExample } from '../../support/example-graphs.js';
import { problemsOf, type Schema } from '../json-schema.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'heddle-cuda-alternatives-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = { heads: 4, kvHeads: 2, headDim: 8, queryKernel: 3, keyKernel: 5 };
const graph = { ...(await exampleGraph('decode', settings)), name: 'few' };
const { alternatives, emitted } = compileCuda(graph);

/** Batch entries, rows and keys of calls, on small devices and on large ones. */
const calls = [1, 4, 64].flatMap((batch) =>
  [1, 3, 40, 500, 5000].flatMap((rows) =>
    [10, 700, 5000, 40000].flatMap((keys) => [4, 132].map((parallel) => ({ batch, rows, keys, parallel }))),
  ),
);

describe('a launcher of several alternatives', () => {
  it('has kernels of its own for few rows, and a manifest that says when they are taken', () => {
    expect(alternatives.map(({ schedule }) => schedule)).toEqual(['online', 'decode']);
    const schema = JSON.parse(readFileSync(here('../../../targets/manifest.schema.json'), 'utf8')) as Schema;
    expect(problemsOf(JSON.parse(emitted.files.get('manifest.json')!), schema)).toEqual([]);
    const { alternatives: described = [], kernels, workspace } = emitted.manifest;
    expect(described.flatMap((each) => each.kernels)).toEqual(kernels.map(({ name }) => name));
    expect(workspace.map((each) => each.alternative)).toEqual(workspace.map(() => alternatives[1]!.name));
    const [first, few] = described.map(({ taken = [] }) => taken);
    const has = (taken: typeof first, rows: number, keys: number) =>
      taken!.some((each) => each.rows === rows && each.keys.includes(keys));
    expect([has(first, 4096, 4096), has(few, 1, 4096), has(first, 1, 4096)]).toEqual([true, true, false]);
  });

  onEmulator('chooses as the compiler estimates, takes what it is asked for, and knows its workspace', async () => {
    writeFileSync(join(folder, 'few.cu'), emitted.cuda);
    writeFileSync(join(folder, 'few.h'), emitted.header);
    const names = alternatives.map(({ name }) => `few_${name.replaceAll('-', '_')}`);
    const program = readFileSync(here('chooser.cpp'), 'utf8').replace(/\b(FIRST|FEW)\b/g, (name) =>
      name === 'FIRST' ? names[0]! : names[1]!,
    );
    writeFileSync(join(folder, 'chooser.cpp'), program);
    const built = await buildEmulatedProgram(folder, emitted, 'chooser.cpp');
    const input = Int32Array.from(calls.flatMap(({ batch, rows, keys, parallel }) => [batch, rows, keys, parallel]));
    const { status, stdout, stderr } = spawnSync(built, { input: Buffer.from(input.buffer), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const chosen = stdout.trim().split('\n').map(Number);
    expect(new Set(chosen)).toEqual(new Set([1, 2]));
    for (const [n, { parallel, ...sizes }] of calls.entries()) {
      const estimates = alternatives.map((each) => estimateAt(each, sizes, { ...each.device, parallel }));
      const [first, few] = estimates as [number, number];
      // Tables are written with three digits.
      if (Math.abs(first / few - 1) > 0.02) expect(chosen[n], JSON.stringify(calls[n])).toBe(first < few ? 1 : 2);
    }
  });

  onEmulator('each is right', async () => {
    const shapes = [
      { batch: 1, queries: 5, keys: 300, rows: 2 },
      { batch: 2, queries: 19, keys: 19, rows: 19 },
    ];
    for (const device of cudaEmulator({ takes: 'chosen' }).alternatives!(graph)) {
      const cases = await checkGraph(graph, device, { shapes, seed: 5 });
      expect(
        cases.flatMap(({ problems }) => problems),
        device.name,
      ).toEqual([]);
    }
  });
});

describe('one program alone', () => {
  it('is what a schedule, tiles, one that keeps what gradients need, and gradients have', async () => {
    for (const options of [{ schedule: 'decode' }, { tiles: { rows: 16, columns: 16 } }, { single: true }] as const) {
      const { emitted: own, alternatives: only } = compileCuda(graph, options);
      expect(only).toHaveLength(1);
      expect(own.header).not.toContain('alternative');
    }
    const pair = trainingPair((await openExample('causal')).compile(undefined, { heads: 2, headDim: 8 }));
    const { forward, backward } = compilePairCuda(pair);
    expect([forward, backward].map((each) => each.alternatives.length)).toEqual([1, 1]);
  });
});
