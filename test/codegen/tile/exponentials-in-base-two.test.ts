// Exponentials in base two, of scores without their scale: a softmax of logits of any size, equal ones and neighbouring floats among
// them, is what float64 makes of it; what needs no number of its own for each score is not computed for each.
import { describe, expect, test } from 'vitest';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import {
  exponentialsInBaseTwo,
  keepReferences,
  runTilePasses,
  unscaleScores,
} from '../../../codegen/tile/passes/index.js';
import { printProgram } from '../../../codegen/tile/print.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import { hostTensor, Random } from '../../../src/tensors/index.js';
import { flash } from './programs/flash.js';
import { postConvolution } from './programs/post-convolution.js';
import { splitDecode } from './programs/split-decode.js';

const KEYS = 11;
const passes = [unscaleScores, keepReferences, exponentialsInBaseTwo];
const keys = Array.from({ length: KEYS }, (_, n) => n);

const flashOf = (headDim: number) => flash({ heads: 1, kvHeads: 1, headDim }, 4, 3);

/** Products of a row of q with the keys, and how near the weighted values are to come to what float64 makes of them. */
interface Row {
  readonly products: readonly number[];
  readonly within: number;
}

const rowOf = (at: (key: number) => number, within = 3e-6): Row => ({ products: keys.map(at), within });

/** Of a factor that leaves both it and the products that are made with it in the range of floats. */
const powerIn = (products: readonly number[]): number =>
  products.some((each) => Math.abs(each) > 2 ** 60) ? 2 ** 60 : 1;

/** Runs the program with a batch entry for each row; one feature is not 0, and that of q is a power of two. */
function attend(headDim: number, rows: readonly Row[]) {
  const program = runTilePasses(flashOf(headDim), passes, { verify: true });
  const features = (value: number): number[] => [value, ...new Array<number>(headDim - 1).fill(0)];
  const values = new Random(5).normalTensor([KEYS, headDim]).data.map(Math.fround);
  const [batch, queries] = [rows.length, 1];
  const data = {
    q: rows.flatMap(({ products }) => features(powerIn(products))),
    k: rows.flatMap(({ products }) => products.flatMap((each) => features(each / powerIn(products)))),
    v: rows.flatMap(() => [...values]),
  };
  const inputs = new Map([
    ['q', hostTensor([batch, 1, 1, headDim], data.q)],
    ['k', hostTensor([batch, 1, KEYS, headDim], data.k)],
    ['v', hostTensor([batch, 1, KEYS, headDim], data.v)],
  ]);
  return { outputs: interpretProgram(program, inputs, { batch, queries, keys: KEYS, rows: queries }), values };
}

function expectRight(headDim: number, rows: readonly Row[]): void {
  const { outputs, values } = attend(headDim, rows);
  for (const [n, { products, within }] of rows.entries()) {
    const logits = products.map((each) => each / Math.sqrt(headDim));
    const largest = Math.max(...logits);
    const weights = logits.map((each) => Math.exp(each - largest));
    const sum = weights.reduce((total, each) => total + each, 0);
    for (let d = 0; d < headDim; d += 1) {
      const expected = weights.reduce((total, each, j) => total + (each / sum) * values[j * headDim + d]!, 0);
      const actual = outputs.get('out')!.data[n * headDim + d]!;
      expect(Math.abs(actual - expected), `${products} at ${d}`).toBeLessThan(within);
    }
    const lse = largest + Math.log(sum);
    expect(Math.abs(outputs.get('lse')!.data[n]! - lse)).toBeLessThan(1e-6 + 4e-7 * Math.abs(lse));
  }
}

/** Sizes from `least` to beyond the largest float's half, of both signs. */
const sizesFrom = (least: number): readonly { readonly exponent: number; readonly size: number }[] =>
  Array.from({ length: 126 - least }, (_, n) => n + least).flatMap((exponent) =>
    [1, -1].map((sign) => ({ exponent, size: sign * 2 ** exponent })),
  );

describe.each([4, 5])('of products over %i features', (headDim) => {
  test('logits of ordinary size', () => {
    expectRight(
      headDim,
      [3, 200].map((size) => rowOf((n) => Math.fround(size * Math.sin(n * n)))),
    );
  });

  test('equal logits are weighed alike, whatever they are', () => {
    const largest = (2 - 2 ** -23) * 2 ** 127;
    expectRight(headDim, [
      ...sizesFrom(-20).map(({ size }) => rowOf(() => Math.fround(1.3 * size))),
      ...[largest, -largest].map((each) => rowOf(() => each)),
    ]);
  });

  // Beyond 2^28 neighbouring floats are so far apart that the other one's weight is below 2^-8 of the largest one's.
  test('neighbouring floats are told apart as far as they count', () => {
    const isNearEnd = (exponent: number): boolean => exponent >= 26 && exponent <= 31;
    expectRight(
      headDim,
      sizesFrom(0).map(({ exponent, size }) =>
        rowOf((n) => (1.5 + (n % 4) * 2 ** -23) * size, isNearEnd(exponent) ? 2 ** -8 : 3e-6),
      ),
    );
  });

  test('a maximum that grows by steps leaves what was summed in its place', () => {
    const steps = [1e-3, 1, 40, 1000, 1e9, 1e20];
    expectRight(
      headDim,
      steps.flatMap((step) => [rowOf((n) => Math.fround(step * n)), rowOf((n) => Math.fround(step * (n - KEYS)))]),
    );
  });

  test('what is hidden weighs nothing, and a row of nothing else is 0', () => {
    expectRight(headDim, [rowOf((n) => (n % 3 === 0 ? n : -Infinity)), rowOf((n) => (n < 8 ? -Infinity : 1e30))]);
    const { outputs } = attend(headDim, [rowOf(() => -Infinity)]);
    expect([...outputs.get('out')!.data]).toEqual(new Array(headDim).fill(0));
    expect([...outputs.get('lse')!.data]).toEqual([-Infinity]);
  });
});

test('no score is scaled, and maxima have their scale behind the loop', () => {
  const lines = printProgram(runTilePasses(flashOf(5), passes)).split('\n');
  expect(lines.filter((line) => /^ {4,}.*(expdiff|\/ 2\.23)/.test(line))).toEqual([]);
  expect(lines.filter((line) => line.includes('2 ** '))).toHaveLength(4);
  expect(lines.find((line) => line.includes('* 0.4472135954'))).toMatch(/^ {2}m\d+ = map/);
});

test('a reference stays while no score lies far above it, unless something tells it from the maximum', () => {
  // Shares are combined relative to whatever each of them says.
  const isKept = (program: TileProgram): boolean =>
    printProgram(runTilePasses(program, passes)).split('kernel combine')[0]!.includes('7.0 <');
  expect(isKept(flashOf(5))).toBe(true);
  expect(isKept(splitDecode({ heads: 1, kvHeads: 1, headDim: 5 }, 3, 4, 4))).toBe(false);
});

test('weights relative to statistics of an earlier kernel are powers too', () => {
  const sizes = { heads: 1, kvHeads: 1, headDim: 5 };
  const text = printProgram(runTilePasses(postConvolution(sizes, { queries: 4, keys: 5 }, 8, 6), passes));
  expect(text).not.toContain('expdiff');
});
