// Every example runs as plain JavaScript and computes what its formula says: the formulas are written out again here,
// with loops over whole sequences and none of the language, so that the library's masks and maps are judged too.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { HostTensor } from '../support/eager/index.js';
import { evaluate } from '../support/eager/index.js';
import { exampleCases, exampleFiles, exampleInputs, exampleSpec } from '../support/examples.js';

describe('the examples', () => {
  test('each has a row in the table of cases', () => {
    expect(exampleCases.map(({ name }) => name).toSorted()).toEqual([...exampleFiles.keys()].toSorted());
  });

  test.each(exampleCases)('$name runs, and says its formula and its paper', async (example) => {
    const spec = await exampleSpec(example.name);
    const outputs = evaluate(spec, example.settings, exampleInputs(spec, example), { rows: example.rows });
    for (const { data } of Object.values(outputs)) expect(data.every(Number.isFinite)).toBe(true);
    const text = readFileSync(exampleFiles.get(example.name)!, 'utf8');
    expect(text).toMatch(/\n \* @formula .*\n(?: \*.*\n)* \* @paper (arXiv:\d{4}\.\d{5}(v\d+)?|none \(.+\))\n/);
    expect(text).toContain(`export const ${example.name} = attention(`);
  });
});

/** What a formula may read: inputs by name at an index, and the settings. */
interface Reader {
  readonly b: number;
  readonly heads: number;
  readonly keys: number;
  readonly setting: (name: string) => number;
  readonly at: (name: string, ...index: number[]) => number;
  /** q·k between two named inputs at two head and sequence indices. */
  readonly dot: (q: string, hq: number, row: number, k: string, hk: number, j: number) => number;
}
/** A row's weight for each key, by head and position; `row` is the index into q. */
type RowOfWeights = (use: Reader, h: number, i: number, row: number) => number[];

function expectedOutput(
  inputs: Record<string, HostTensor>,
  settings: Readonly<Record<string, unknown>>,
  [q, v]: readonly [string, string],
  weights: RowOfWeights,
): number[] {
  const [batch, queryHeads, queries] = inputs[q]!.shape as [number, number, number];
  const [, valueHeads, keys, dim] = inputs[v]!.shape as [number, number, number, number];
  const heads = (settings['heads'] as number) ?? queryHeads;
  const at = (name: string, ...index: number[]): number => {
    const { shape, data } = inputs[name]!;
    return data[index.reduce((offset, place, n) => offset * shape[n]! + place, 0)]!;
  };
  const dot: Reader['dot'] = (left, hq, row, right, hk, j) => {
    let total = 0;
    const b = reader.b;
    for (let d = 0; d < inputs[left]!.shape[3]!; d++) total += at(left, b, hq, row, d) * at(right, b, hk, j, d);
    return total;
  };
  const reader = { b: 0, heads, keys, setting: (name: string) => settings[name] as number, at, dot };
  const out: number[] = [];
  for (reader.b = 0; reader.b < batch; reader.b++) {
    for (let h = 0; h < heads; h++) {
      for (let row = 0; row < queries; row++) {
        const w = weights(reader, h, keys - queries + row, row);
        for (let d = 0; d < dim; d++) {
          out.push(
            w.reduce((sum, weight, j) => sum + weight * at(v, reader.b, Math.floor((h * valueHeads) / heads), j, d), 0),
          );
        }
      }
    }
  }
  return out;
}

const keysOf = (use: Reader): number[] => Array.from({ length: use.keys }, (_, j) => j);
/** Scaled dot product of the standard q and k. */
function scaled(use: Reader, h: number, row: number, j: number, queryHeads = use.heads): number {
  const dim = use.setting('headDim');
  return (
    use.dot('q', h, row, 'k', Math.floor((h * (use.setting('kvHeads') || use.heads)) / queryHeads), j) / Math.sqrt(dim)
  );
}
/** Softmax of the logits of the visible keys, with a further logit in the sum. */
function normalised(logits: number[], visible: boolean[], sink = Number.NEGATIVE_INFINITY): number[] {
  const exponentials = logits.map((logit, j) => (visible[j] ? Math.exp(logit) : 0));
  const total = exponentials.reduce((a, b) => a + b, Math.exp(sink));
  return exponentials.map((each) => each / total);
}

type Logit = (use: Reader, h: number, i: number, j: number, row: number) => number;
type Visible = (use: Reader, i: number, j: number) => boolean;
const plain: Logit = (use, h, _i, j, row) => scaled(use, h, row, j);
const past: Visible = (_, i, j) => j <= i;
const soft =
  (visible: Visible, logit: Logit = plain, sink?: (use: Reader, h: number) => number): RowOfWeights =>
  (use, h, i, row) =>
    normalised(
      keysOf(use).map((j) => logit(use, h, i, j, row)),
      keysOf(use).map((j) => visible(use, i, j)),
      sink?.(use, h),
    );

/** The slopes of 6 heads: four as for 4 heads, then the first and third of those for 8. */
const slopes = [2 ** -2, 2 ** -4, 2 ** -6, 2 ** -8, 2 ** -1, 2 ** -3];
/** What each position of the tree in the table of cases sees besides the four of the prefix. */
const treePaths = new Map([
  [4, [4]],
  [5, [5]],
  [6, [4, 6]],
  [7, [4, 7]],
  [8, [4, 6, 8]],
]);
/** Rows and columns of a window of 3 around each place of an axis of 4 and of one of 5. */
const rowWindows = [
  [0, 1, 2],
  [0, 1, 2],
  [1, 2, 3],
  [1, 2, 3],
];
const columnWindows = [
  [0, 1, 2],
  [0, 1, 2],
  [1, 2, 3],
  [2, 3, 4],
  [2, 3, 4],
];
/** Which of 12 positions each sees: noisy blocks 0 1 | 2 3 | 4 5, then clean blocks 6 7 | 8 9 | 10 11. */
const diffusion = [
  [0, 1],
  [2, 3, 6, 7],
  [4, 5, 6, 7, 8, 9],
  [6, 7],
  [6, 7, 8, 9],
  [6, 7, 8, 9, 10, 11],
];

const formulas: Record<string, { inputs?: readonly [string, string]; weights: RowOfWeights }> = {
  causal: { weights: soft(past) },
  groupedQuery: { weights: soft(past) },
  mlaExpanded: { weights: soft(past) },
  bidirectional: { weights: soft(() => true) },
  slidingWindow: { weights: soft((_, i, j) => [i - 2, i - 1, i].includes(j)) },
  dilated: { weights: soft((_, i, j) => [i, i - 3].includes(j)) },
  globalLocal: { weights: soft((_, i, j) => [0, 1].includes(i) || [0, 1, i - 1, i, i + 1].includes(j)) },
  prefixLm: { weights: soft((use, i, j) => j <= i || j < use.at('prefix', use.b)) },
  packedDocuments: {
    weights: soft((use, i, j) => j <= i && use.at('document', use.b, i) === use.at('document', use.b, j)),
  },
  treeMask: { weights: soft((_, i, j) => (j < 4 ? j <= i : (treePaths.get(i) ?? []).includes(j))) },
  neighbourhood2d: {
    weights: soft(
      (_, i, j) => rowWindows[Math.trunc(i / 5)]!.includes(Math.trunc(j / 5)) && columnWindows[i % 5]!.includes(j % 5),
    ),
  },
  blockDiffusion: { weights: soft((_, i, j) => diffusion[Math.trunc(i / 2)]!.includes(j)) },
  alibi: { weights: soft(past, (use, h, i, j, row) => scaled(use, h, row, j) - slopes[h]! * (i - j)) },
  softCap: { weights: soft(past, (use, h, _i, j, row) => 2 * Math.tanh(scaled(use, h, row, j) / 2)) },
  learnedBias: {
    weights: soft(
      () => true,
      (use, h, i, j, row) => scaled(use, h, row, j) + use.at('bias', Math.max(-3, Math.min(3, i - j)) + 3, h),
    ),
  },
  forgettingTransformer: {
    weights: soft(past, (use, h, i, j, row) => {
      const forget = (p: number) => use.at('log_forget', use.b, h, p);
      return scaled(use, h, row, j) + forget(i) - forget(j);
    }),
  },
  sinks: {
    weights: soft(
      (_, i, j) => [i - 2, i - 1, i].includes(j),
      plain,
      (use, h) => use.at('sink', h),
    ),
  },
  softmaxOffByOne: { weights: soft(past, plain, () => 0) },
  sigmoid: {
    weights: (use, h, i, row) => keysOf(use).map((j) => (j <= i ? 1 / (1 + 8 * Math.exp(-scaled(use, h, row, j))) : 0)),
  },
  mlaAbsorbed: {
    inputs: ['q_nope', 'c'],
    weights: soft(
      past,
      (use, h, _i, j, row) =>
        (use.dot('q_nope', h, row, 'c', 0, j) + use.dot('q_rope', h, row, 'k_rope', 0, j)) / Math.sqrt(6),
    ),
  },
  diffV2: {
    weights: (use, h, i, row) => {
      const one = (head: number) =>
        normalised(
          keysOf(use).map((j) => scaled(use, head, row, j, 2 * use.heads)),
          keysOf(use).map((j) => j <= i),
        );
      const [first, second] = [one(2 * h), one(2 * h + 1)];
      const factor = 1 / (1 + Math.exp(-use.at('lambda', use.b, row, h)));
      return first.map((weight, j) => weight - factor * second[j]!);
    },
  },
  windowByHead: {
    weights: (use, h, i, row) =>
      normalised(
        keysOf(use).map((j) => scaled(use, h, row, j)),
        keysOf(use).map((j) => j <= i && j > i - [1, 4, 2, 20][h]!),
      ),
  },
  selectedBlocks: {
    weights: (use, h, i, row) => {
      const group = h < 2 ? 0 : 1;
      const blocks = [0, 1].map((n) => use.at('chosen', use.b, group, i, n));
      return normalised(
        keysOf(use).map((j) => scaled(use, h, row, j)),
        keysOf(use).map((j) => j <= i && blocks.some((block) => j === 2 * block || j === 2 * block + 1)),
      );
    },
  },
  talkingHeads: {
    weights: (use, h, i, row) => {
      const all = Array.from({ length: use.heads }, (_, n) => n);
      const mixed = (o: number, j: number) =>
        all.reduce((sum, n) => sum + use.at('mix_pre', 0, o, n) * scaled(use, n, row, j), 0);
      const maps = all.map((o) =>
        normalised(
          keysOf(use).map((j) => mixed(o, j)),
          keysOf(use).map((j) => j <= i),
        ),
      );
      return keysOf(use).map((j) => all.reduce((sum, n) => sum + use.at('mix_post', 0, h, n) * maps[n]![j]!, 0));
    },
  },
};

describe('the formulas', () => {
  test.each(Object.keys(formulas))('%s', async (name) => {
    const example = exampleCases.find((each) => each.name === name)!;
    const spec = await exampleSpec(name);
    const inputs = exampleInputs(spec, example);
    const { weights, inputs: names = ['q', 'v'] } = formulas[name]!;
    const expected = expectedOutput(inputs, example.settings, names as [string, string], weights);
    const { out } = evaluate(spec, example.settings, inputs);
    expect(out!.data.length).toBe(expected.length);
    const worst = Math.max(...expected.map((x, n) => Math.abs(x - out!.data[n]!)));
    expect(worst).toBeLessThan(1e-12);
  });
});
