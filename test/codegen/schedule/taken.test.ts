// Whatever the language says is computed by some fused schedule: random specs, left to the choice of the compiler, are all
// taken. A spec that none takes fails here with the reasons, before a user meets it.
import { expect, test } from 'vitest';
import { schedule } from '../../../codegen/schedule/index.js';
import { optimise } from '../../../src/passes/index.js';
import { specOf, tapesOf } from '../../fuzz/random-spec.js';

const SEED = 4;
const COUNT = 100;

test(`a fused schedule takes each of ${COUNT} random specs`, { timeout: 120_000 }, () => {
  const kinds = new Map<string, number>();
  let cuts = 0;
  for (let number = 0; number < COUNT; number += 1) {
    const { graph } = specOf(tapesOf(SEED, number));
    const { kind, inMemory } = schedule(optimise(graph), { candidates: [{ rows: 32, columns: 32 }] });
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (inMemory.length > 0) cuts += 1;
  }
  // A generator that drifts to specs that ask for nothing would say nothing.
  expect(kinds.get('two-pass') ?? 0).toBeGreaterThan(COUNT / 10);
  expect(cuts).toBeGreaterThan(COUNT / 10);
});
