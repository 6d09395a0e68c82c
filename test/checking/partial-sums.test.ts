// Sums of a map whose terms cancel: a kernel adds them one by one in its own precision, in an order of its own, and is right.
// What is further off than any such order is wrong.
import { expect, test } from 'vitest';
import { openSpec } from '../../dsl/frontend/index.js';
import { judgeOutput } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { hostTensor, Random } from '../../src/tensors/index.js';
import { written } from '../frontend/support/temporary.js';

const TERMS = 66;

test('partial sums are rounded where one rounding does not explain an error', async () => {
  const path = written({
    'spec.ts': `import { attention, param, sum, weights } from 'heddle';
export const summed = attention({ headDim: 1 }, ({ v }) => {
  const [a, b] = [param('a', [${TERMS}]), param('b', [${TERMS}])];
  return weights((h, i, j) => (i === j ? sum(${TERMS}, (u) => a(u) * b(u)) : 0)).times(v);
});
`,
  });
  const graph = (await openSpec(path)).compile();
  const random = new Random(5);
  for (let time = 0; time < 20; time += 1) {
    // Most terms come with their opposites, so that little is left of them.
    const half = Array.from({ length: TERMS / 2 }, () => Math.fround(1e9 * random.uniform(0.5, 1)));
    const a = [...half, ...half.toReversed()];
    const b = [...half.map(() => 1), ...half.map((_, n) => (n === 7 ? -0.9999999 : -1))].map(Math.fround);
    const inputs = new Map([
      ['a', hostTensor([TERMS], a)],
      ['b', hostTensor([TERMS], b)],
      ['v', hostTensor([1, 1, 1, 1], [1])],
    ]);
    const gold = interpret(graph, inputs, { rows: 1 }).get('out')!;
    const judged = (value: number) =>
      judgeOutput(graph, 'f32', { inputs, rows: 1 }, 'out', { out: hostTensor([1, 1, 1, 1], [value]), gold });
    const terms = a.map((each, n) => Math.fround(each * b[n]!));
    const added = (order: readonly number[]): number => order.reduce((total, term) => Math.fround(total + term), 0);
    expect(judged(added(terms)).passed).toBe(true);
    expect(judged(added(terms.toReversed())).passed).toBe(true);
    // A term that is left out is far more than rounding.
    expect(judged(added(terms.slice(1))).passed).toBe(false);
  }
});
