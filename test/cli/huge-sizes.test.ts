// Sizes beyond what any machine holds: each command says so at once, in words, or has an answer that costs nothing.
// Time is bounded by the tests' own limit alone: before, each of these took a minute or all memory.
import { expect, test } from 'vitest';
import { exampleFiles } from '../support/examples.js';
import { expectBadInput, runHeddle } from './harness.js';

const causal = exampleFiles.get('causal')!;

test.each(['1,1,999999999', '1,50000,50000', '999999999,1,1'])(
  'check at %s is refused for its memory',
  async (shape) => {
    await expectBadInput(['check', causal, '--shape', shape], 'HD7012', 'GiB', 'lower the');
  },
);

test('explain counts at a million keys', async () => {
  const { exitCode, out } = await runHeddle(['explain', causal, '--shape', '1,1000000,1000000']);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/tiles skipped +50\.0 %/);
});

test.each([
  ['heads=1000000', 'HD2010'],
  ['heads=1000000000', 'HD2010'],
  ['headDim=1e9', 'HD2010'],
])('explain with %s is refused', async (set, code) => {
  await expectBadInput(['explain', causal, '--set', set], code, 'from 1 to');
});

test('96 heads that are mixed become CUDA and WGSL', async () => {
  const talking = exampleFiles.get('talkingHeads')!;
  for (const target of ['cuda', 'wgsl']) {
    const { exitCode, err } = await runHeddle([
      'compile',
      talking,
      '--target',
      target,
      '--set',
      'heads=96',
      '--out',
      '-',
    ]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  }
});
