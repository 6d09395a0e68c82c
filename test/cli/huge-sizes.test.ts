// Sizes beyond what any machine holds: each command says so at once, in words, or has an answer that costs nothing.
// Time is bounded by the tests' own limit alone: before, each of these took a minute or all memory.
import { expect, test } from 'vitest';
import { written } from '../frontend/support/temporary.js';
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

const spec = (loop: string): string => `
import { attention, fill, map, softmax } from 'heddle';
import { causal, scaledDot } from 'heddle/library';
export const chain = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  let s = scaledDot(q, k);
  ${loop}
  return softmax(fill(s, causal, -Infinity)).times(v);
});
`;

test.each([
  ['5000 maps', 'for (let m = 0; m < 2; m += 1) for (let n = 0; n < 2500; n += 1) s = map(s, (x) => x * 0.5 + n);'],
  [
    '30 products of neighbours',
    'for (let n = 0; n < 30; n += 1) { const t = s; s = map(t, (x, h, i, j) => x + t(h, i - 1, j) * t(h, i, j - 1)); }',
  ],
])('a chain of %s becomes kernels', async (_, loop) => {
  const file = written({ 'chain.ts': spec(loop) });
  for (const target of ['gpujs', 'wgsl']) {
    const { exitCode, err } = await runHeddle(['compile', file, '--target', target, '--out', '-']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  }
});
