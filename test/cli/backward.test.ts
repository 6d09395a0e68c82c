// `--backward` on specs whose gradients are out of the ordinary: those that are 0 or constant are explained and compiled like any
// other, and where there is none every command says so.
import { describe, expect, test } from 'vitest';
import { expectBadInput, inRepository, runHeddle, temporaryFolder } from './harness.js';

const edges = inRepository('test/targets/specs/gradient-edges.ts');

test.each(['hidden', 'mean'])('%s, whose gradients are constant, is explained', async (name) => {
  const { exitCode, out } = await runHeddle(['explain', edges, '--export', name, '--backward', '--json']);
  expect(exitCode).toBe(0);
  const { specs } = JSON.parse(out);
  const [{ training }] = specs;
  expect(training.backward.kernels.length).toBeGreaterThan(0);
});

describe('a spec that depends on no float', () => {
  const out = temporaryFolder();
  test.each([
    ['compile', '--target', 'wgsl', '--out', out],
    ['compile', '--target', 'graph', '--out', out],
    ['explain'],
    ['check', '--device', 'tiles'],
  ])('%s %s %s', async (command, ...options) => {
    const asked = [command, edges, '--export', 'constant', '--backward', ...options];
    await expectBadInput(asked, 'HD7013', '"constant" reads no tensor of floats');
  });
});
