// What heat maps are made of: the stages of examples by name, values that are the interpreter's, and what is hidden.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openSpec } from '../../dsl/frontend/index.js';
import { Maps, tapsOf } from '../../report/page/heat/maps.js';
import { showingOf } from '../../report/pictures/showing.js';
import { showingInputs } from '../../report/pictures/showing-inputs.js';
import { stagesOf } from '../../report/pictures/stages.js';
import {
  decodeBits,
  decodeHalves,
  encodeBits,
  encodeHalves,
  exponentFor,
  fromBase64,
  toBase64,
} from '../../report/shared/half.js';
import { SENTENCE } from '../../report/shared/sentence.js';
import { interpret } from '../../src/interpreter/index.js';
import type { Graph } from '../../src/ir/index.js';
import { hostTensor } from '../../src/tensors/index.js';
import { exampleCases, exampleFiles } from '../support/examples.js';

async function exampleGraph(example: string, more: Readonly<Record<string, number>> = {}): Promise<Graph> {
  const { settings } = exampleCases.find(({ name }) => name === example)!;
  return (await openSpec(exampleFiles.get(example)!)).compile(undefined, { ...settings, ...more });
}

describe('stages', () => {
  const expected: readonly (readonly [string, readonly string[]])[] = [
    ['causal', ['scores', 'weights']],
    ['alibi', ['scores', 'biased', 'weights']],
    ['softCap', ['scores', 'mapped', 'weights']],
    ['sigmoid', ['scores', 'weights']],
    ['sinks', ['scores', 'weights']],
    ['talkingHeads', ['scores', 'mixed', 'weights', 'weights mixed']],
    ['mlaAbsorbed', ['scores', 'scores 2', 'combined', 'weights']],
    ['diffV1', ['scores', 'weights', 'scores 2', 'weights 2', 'weights combined']],
    ['mta', ['scores', 'convolved', 'mixed', 'weights', 'weights convolved', 'weights mixed']],
  ];
  test.each(expected)('of %s', async (name, titles) => {
    const graph = await exampleGraph(name);
    const stages = stagesOf(graph);
    expect(stages.map(({ title }) => title)).toEqual(titles);
    expect(stages.filter(({ roles }) => roles.includes('last')).map(({ title }) => title)).toEqual([titles.at(-1)]);
    const { variants } = showingOf([{ name, graph }], { tokens: ['a', 'b', 'a'] });
    expect(variants[0]!.failure).toBeUndefined();
  });
});

describe('maps', () => {
  test('hold what the interpreter computes, to three digits, and hide what the mask hides', async () => {
    const graph = await exampleGraph('mta');
    const tokens = SENTENCE.split(' ');
    const maps = new Maps(showingOf([{ name: 'mta', graph }], {}));
    const stages = stagesOf(graph);
    const outputs = stages.map(({ value }, n) => ({ name: `${n}`, node: value }));
    const expected = interpret({ ...graph, outputs }, showingInputs(graph, tokens));
    for (const [n, stage] of maps.stages(0).entries()) {
      const { data } = expected.get(`${n}`)!;
      const largest = data.reduce(
        (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
        0,
      );
      for (const [head, { values, hidden, size }] of maps.heads(stage).entries()) {
        for (const [place, value] of values.entries()) {
          const [query, key] = [Math.floor(place / size), place % size];
          expect(hidden[place]).toBe(key > query);
          if (hidden[place]) continue;
          const gold = data[head * size * size + place]!;
          expect(Math.abs(value - gold)).toBeLessThanOrEqual(Math.abs(gold) * 2 ** -11 + largest * 2 ** -39);
        }
      }
    }
  });

  test('hide what a sigmoid’s fill leaves out, and a window by head for each head', async () => {
    const maps = new Maps(
      showingOf(
        [
          { name: 'sigmoid', graph: await exampleGraph('sigmoid') },
          { name: 'windows', graph: await exampleGraph('windowByHead') },
        ],
        { tokens: [...'abcdefgh'] },
      ),
    );
    const seen = (variant: number, head: number, query: number): string =>
      maps
        .heads(maps.stages(variant).at(-1)!)
        [head]!.hidden.slice(query * 8, query * 8 + 8)
        .map((isHidden) => (isHidden ? '.' : 'x'))
        .join('');
    expect(seen(0, 0, 2)).toBe('xxx.....');
    expect([0, 1, 2, 3].map((head) => seen(1, head, 6))).toEqual(['......x.', '...xxxx.', '.....xx.', 'xxxxxxx.']);
  });

  test('of variants that agree are stored once', async () => {
    const [plain, mixed] = [await exampleGraph('causal', { heads: 4 }), await exampleGraph('talkingHeads')];
    const { values, variants } = showingOf(
      [
        { name: 'a', graph: plain },
        { name: 'b', graph: mixed },
        { name: 'c', graph: plain },
      ],
      {},
    );
    expect(variants[1]!.stages[0]!.values).toBe(variants[0]!.stages[0]!.values);
    expect(variants[2]!.stages.map((stage) => stage.values)).toEqual(variants[0]!.stages.map((stage) => stage.values));
    expect(values).toHaveLength(2 + 3);
  });

  test('leave out heads, and say so, where there are many', async () => {
    const graph = await exampleGraph('causal', { heads: 16 });
    const stage = showingOf([{ name: 'many', graph }], {}).variants[0]!.stages[0]!;
    expect([stage.heads, stage.shownHeads]).toEqual([16, 8]);
  });

  test('are of tensors that are given, or say why there are none', async () => {
    const graph = await exampleGraph('causal');
    const ones = (keys: number): ReadonlyMap<string, ReturnType<typeof hostTensor>> =>
      new Map(['q', 'k', 'v'].map((name) => [name, hostTensor([1, 2, keys, 4], Array(8 * keys).fill(1))]));
    const given = new Maps(showingOf([{ name: 'ones', graph }], { tensors: ones(5), tokens: ['one', 'two'] }));
    expect(given.showing.tokens).toEqual(['one', 'two', '2', '3', '4']);
    // Equal scores: 4 · 1 / √4, and weights of one in as many as are visible.
    expect(given.heads(given.stages(0)[0]!)[1]!.values[0]).toBe(2);
    expect(given.heads(given.stages(0)[1]!)[1]!.values[15]).toBeCloseTo(0.25, 3);
    expect(showingOf([{ name: 'long', graph }], { tensors: ones(65) }).variants[0]!.failure).toMatch(/65 positions/);
    const few = new Map([...ones(5), ['q', hostTensor([1, 2, 3, 4])]]);
    expect(showingOf([{ name: 'few', graph }], { tensors: few }).variants[0]!.failure).toMatch(/3 rows of queries/);
    const misshapen = new Map([...ones(5), ['k', hostTensor([1, 3, 5, 4])]]);
    expect(showingOf([{ name: 'bad', graph }], { tensors: misshapen }).variants[0]!.failure).toMatch(/`k`/);
  });

  test('know the taps of an entry within the map', async () => {
    const maps = new Maps(showingOf([{ name: 'mta', graph: await exampleGraph('mta') }], { tokens: [...'abcde'] }));
    const [, convolved, mixed, weights] = maps.stages(0);
    // 3 queries and 5 keys around, cut off above and at the left.
    expect(tapsOf(convolved!, 1, { query: 1, key: 0 }, 5)[0]).toMatchObject({ stage: 0, heads: [1] });
    expect(tapsOf(convolved!, 1, { query: 1, key: 0 }, 5)[0]!.places).toHaveLength(2 * 3);
    // Groups of two heads.
    expect(tapsOf(mixed!, 3, { query: 2, key: 2 }, 5)[0]).toEqual({
      stage: 1,
      heads: [2, 3],
      places: [{ query: 2, key: 2 }],
    });
    const [row] = tapsOf(weights!, 0, { query: 3, key: 1 }, 5);
    expect(new Set(row!.places.map(({ query, key }) => `${query} ${key}`)).size).toBe(5);
  });
});

describe('16-bit floats', () => {
  test('keep eleven bits, whatever the unit', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 }), (values) => {
        const largest = Math.max(...values.map(Math.abs));
        const exponent = exponentFor(largest);
        const decoded = decodeHalves(encodeHalves(values, exponent), exponent);
        for (const [n, value] of values.entries()) {
          expect(Math.abs(decoded[n]! - value)).toBeLessThanOrEqual(
            Math.abs(value) * 2 ** -11 + largest * 2 ** -38 + 2 ** -1020,
          );
        }
      }),
    );
  });

  test('and bits come back from base64 as Node writes it', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.array(fc.boolean()), (bytes, bits) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
        expect(decodeBits(encodeBits(bits), bits.length)).toEqual(bits);
      }),
    );
  });
});
