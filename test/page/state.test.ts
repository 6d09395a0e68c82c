// The state of the playground in its address: the same again after a round trip, and nothing but a state from any address.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { panelNames } from '../../playground/shared/protocol.js';
import { firstState, type PlaygroundState, readHash, writeHash } from '../../playground/shared/state.js';

const first = firstState('a first sentence');

const state: fc.Arbitrary<PlaygroundState> = fc.record({
  example: fc.constantFrom('mta', 'causal', 'no such example'),
  text: fc.string({ unit: 'binary', maxLength: 300 }),
  export: fc.string({ maxLength: 10 }),
  settings: fc.dictionary(
    fc.string({ maxLength: 8 }).filter((name) => name !== '__proto__'),
    fc.string({ maxLength: 8 }),
    { noNullPrototype: true },
  ),
  shape: fc.record({
    batch: fc.integer({ min: 1, max: 9 }),
    queries: fc.integer({ min: 1, max: 9999 }),
    keys: fc.integer({ min: 1, max: 9999 }),
  }),
  dtype: fc.constantFrom('f32', 'f16'),
  sentence: fc.string({ unit: 'grapheme', maxLength: 60 }),
  panel: fc.constantFrom(...panelNames),
  map: fc.record({
    variant: fc.constant(0),
    stage: fc.nat(9),
    head: fc.nat(9),
    isLocked: fc.boolean(),
    show: fc.constant('values'),
    range: fc.constantFrom('stage', 'row'),
    scale: fc.constantFrom('linear', 'log'),
    pinned: fc.integer({ min: -1, max: 20 }),
  }),
  isEmbedded: fc.boolean(),
});

describe('the address of the playground', () => {
  test('holds every state, and the first one in no characters', async () => {
    expect(await writeHash(first, first)).toBe('');
    await fc.assert(
      fc.asyncProperty(state, async (wanted) => {
        const hash = await writeHash(wanted, first);
        expect(hash).toMatch(/^(#[\w-]+)?$/);
        expect(await readHash(hash, first)).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  });

  test('gives a state whatever it holds', async () => {
    const packed = async (said: unknown): Promise<string> => {
      const stream = new Blob([JSON.stringify(said)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
      return `#${Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url')}`;
    };
    const hostile = [
      null,
      7,
      [],
      { panel: 'constructor', dtype: 'f64', shape: { batch: -1, queries: 1e99, keys: 'x' }, text: 7, map: 'no' },
      { settings: { heads: { toString: 1 } }, map: { show: 'difference', variant: 9, stage: -4, pinned: 0.5 } },
      { text: 'x'.repeat(300_000) },
    ];
    for (const said of hostile) {
      const found = await readHash(await packed(said), first);
      expect(found).toEqual(first);
    }
    // A few bytes that unpack to more than an address may hold.
    expect(await readHash(await packed({ sentence: 'x'.repeat(5_000_000) }), first)).toEqual(first);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect(Object.keys(await readHash(`#${text}`, first))).toEqual(Object.keys(first));
      }),
      { numRuns: 60 },
    );
  });
});
