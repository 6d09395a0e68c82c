// The verifier of tile programs: it lets every good program pass, and finds what is wrong with broken ones. What it cannot
// see, running the program shows: by an error that names the place, or by other outputs than the graph's.
import { describe, expect, test } from 'vitest';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import { TileProgramError } from '../../../codegen/tile/interpreter/memory.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import { programViolations, verifyProgram } from '../../../codegen/tile/verify.js';
import { HeddleError, sections } from '../../../src/diagnostics/index.js';
import { bind, call, type Example, handWritten } from './examples.js';
import { expressionMutations } from './mutations/expressions.js';
import { memoryMutations } from './mutations/memory.js';
import { ringMutations } from './mutations/rings.js';
import { valueMutations } from './mutations/values.js';

const mutations = { ...valueMutations, ...expressionMutations, ...memoryMutations, ...ringMutations };

/** The largest difference of an output from what the graph means; Infinity where only one of both is a number. */
function distance(example: Example, program: TileProgram): number {
  const { inputs, expected } = bind(example);
  let largest = 0;
  for (const alwaysPartial of [false, true]) {
    for (const [name, { data }] of interpretProgram(program, inputs, call, { alwaysPartial })) {
      const gold = expected.get(name);
      if (gold)
        data.forEach((entry, n) => {
          const difference = Object.is(entry, gold.data[n]) ? 0 : Math.abs(entry - gold.data[n]!);
          largest = Math.max(largest, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
        });
    }
  }
  return largest;
}

describe.each(Object.keys(handWritten) as Example[])('%s', (example) => {
  test('passes the verifier', () => {
    expect(programViolations(handWritten[example]())).toEqual([]);
  });

  test('gives what its graph means', () => {
    expect(distance(example, handWritten[example]())).toBeLessThan(1e-4);
  });
});

test('there are as many mutations as files say', () => {
  const parts = [valueMutations, expressionMutations, memoryMutations, ringMutations];
  expect(Object.keys(mutations)).toHaveLength(parts.reduce((sum, part) => sum + Object.keys(part).length, 0));
});

test('every rule is broken by a mutation', () => {
  const found = new Set(Object.values(mutations).map((each) => (each.found.by === 'verifier' ? each.found.code : '')));
  expect(Object.keys(sections.HD8.entries).filter((code) => !found.has(code as never))).toEqual([]);
});

describe.each(Object.entries(mutations))('%s', (_, { of, change, found }) => {
  const program = change(handWritten[of]());

  test(`is found by the ${found.by}`, () => {
    const codes = programViolations(program).map(({ code }) => code);
    if (found.by === 'verifier') {
      expect(codes).toContain(found.code);
      return;
    }
    expect(codes).toEqual([]);
    const run = () => distance(of, program);
    if (found.by === 'outputs') expect(run()).toBeGreaterThan(1e-3);
    else {
      expect(run).toThrow(TileProgramError);
      expect(run).toThrow(found.message);
    }
  });
});

describe('messages', () => {
  const messageOf = (name: keyof typeof mutations): string => {
    const { of, change } = mutations[name]!;
    try {
      verifyProgram(change(handWritten[of]()));
    } catch (error) {
      if (error instanceof HeddleError) return error.diagnostics[0]!.message;
      throw error;
    }
    throw new Error('nothing was found');
  };

  test('name the kernel and the statement as it prints', () => {
    expect(messageOf('the halo is one key too far left')).toMatchInlineSnapshot(
      `"kernel mta, \`s2 = stencil sum(u < 4, w < 5) theta_pre[h, u, w] * ring2[i + u - 3, j + w - 3] : [i: 11 from I - 3 valid 3..11, j: 6 from J - 2]\` reads j from J - 5 to J + 5, but the ring holds j from J - 4 to J + 6"`,
    );
    expect(messageOf('the loop steps past the end of the ring')).toMatchInlineSnapshot(
      `"kernel mta, \`ring3, m3, l4, o4 = for J from 0 to minimum(Tk, I + 8) + 2 by 7\`: a turn leaves the ring ending at J + 6, the next pushes at J + 7"`,
    );
    expect(messageOf('a loop relies on rows that its body does not give')).toMatchInlineSnapshot(
      `"kernel mta, \`ring3, m3, l4, o4 = for J from 0 to minimum(Tk, I + 8) + 2 by 6\` carries \`m1\`: the value that the body yields is only [i: 11 from I - 3 valid 3..11], where [i: 11 from I - 3] is relied on"`,
    );
    expect(messageOf('scores are kept whole')).toMatchInlineSnapshot(
      `"program slab_mix: the workspace slab grows with the square of the sequence length"`,
    );
    expect(messageOf('a value is used before it is there')).toMatchInlineSnapshot(
      `"kernel flash, \`decay0 = map expdiff(m1, m2)\` uses \`m2\`, which has no value there"`,
    );
  });
});
