// Kernels of many heads and of many outputs, cut so that each holds little: gradients in bands of memory, and outputs that a kernel of
// rows alone makes; scores that are kept rather than computed twice. What they compute is the interpreter's, and what cannot fit is not tried at every size.
import { describe, expect, it } from 'vitest';
import { type ScheduleOptions, schedule } from '../../../codegen/schedule/index.js';
import { gradientBands } from '../../../codegen/schedule/recipes/gradient.js';
import { outputsApart } from '../../../codegen/schedule/recipes/outputs-apart.js';
import { stagedBy } from '../../../codegen/schedule/recipes/staged.js';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import { printProgram } from '../../../codegen/tile/print.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import { programViolations } from '../../../codegen/tile/verify.js';
import { trainingPair } from '../../../src/autodiff/index.js';
import { bindInputs, interpret } from '../../../src/interpreter/index.js';
import { bool } from '../../../src/ir/index.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { randomInputs } from '../../support/random-inputs.js';
import { edited } from '../tile/mutations/edit.js';

const kernelsOf = (program: TileProgram): readonly string[] =>
  printProgram(program)
    .split(/^ *kernel /m)
    .slice(1);
const ringsOf = (kernel: string): number => kernel.match(/carrying ring/g)?.length ?? 0;

/** Eight heads, convolved and mixed before the softmax and behind it. */
const kernels = { preQueryKernel: 2, preKeyKernel: 3, postQueryKernel: 2, postKeyKernel: 3 };
const settings = { heads: 8, headDim: 4, preMix: 8, postMix: 8, ...kernels, norm: 'none', gate: 'none' };
const wholeLayer = trainingPair(await exampleGraph('mta', settings)).backward;

it('holds the neighbours of one head, however many are mixed', () => {
  const { program } = stagedBy(gradientBands, wholeLayer, { rows: 16, columns: 16 });
  expect(programViolations(program)).toEqual([]);
  const found = kernelsOf(program);
  expect(Math.max(...found.map(ringsOf))).toBe(1);
  // Pairs of heads have a number each, four heads of one with four of the other in a kernel.
  const ofPairs = found.filter((kernel) => kernel.includes('carrying gram16') && kernel.includes('for J '));
  expect(ofPairs).toHaveLength(4);
});

it('looks at heads that cannot share a block at the smallest tiles alone', () => {
  const fit: ScheduleOptions['fit'] = (program) =>
    Math.max(...kernelsOf(program).map(ringsOf)) <= 4 ? { fits: true } : { fits: false, why: 'many rings' };
  const candidates = [16, 8].map((size) => ({ rows: size, columns: size }));
  const { kind, refused, tiles } = schedule(wholeLayer, { fit, candidates });
  expect(kind).toBe('gradient-bands');
  expect(refused.map(({ what, why }) => `${what}: ${why}`)).toEqual(['gradient at 8×8: kernels of rows: many rings']);
  expect(tiles).toMatchObject({ rows: 16, columns: 16 });
});

it('makes many outputs of what lies in memory, where one kernel binds too few', async () => {
  const { forward } = trainingPair(await exampleGraph('diffV1', { heads: 2, headDim: 4, layer: 1 }));
  const stored = (kernel: string): number => new Set(kernel.match(/^ *store .* to (\w+)/gm)).size;
  const fit: ScheduleOptions['fit'] = (program) =>
    kernelsOf(program).every((kernel) => !kernel.includes('matmul') || stored(kernel) <= 5)
      ? { fits: true }
      : { fits: false, why: 'many outputs' };
  expect(schedule(forward, { fit }).kind).toBe('outputs-apart');

  const { program } = stagedBy(outputsApart, forward, { rows: 6, columns: 4 });
  expect(programViolations(program)).toEqual([]);
  const shape = { batch: 2, queries: 9, keys: 13, rows: 9 };
  const inputs = randomInputs(forward, shape, 7);
  const outputs = interpretProgram(program, bindInputs(forward, inputs).tensors, shape);
  for (const [name, { data }] of interpret(forward, inputs)) {
    const worst = data.reduce((most, value, n) => Math.max(most, Math.abs(value - outputs.get(name)!.data[n]!)), 0);
    expect(worst, name).toBeLessThan(1e-5);
  }
});

describe('scores of a band', () => {
  const post = { headDim: 4, preQueryKernel: 0, preKeyKernel: 0, preMix: 0, norm: 'none', gate: 'none' };
  const forms = {
    'heads mixed behind the softmax': { heads: 4, postMix: 4, postQueryKernel: 0, postKeyKernel: 0 },
    'heads convolved behind the softmax': { heads: 2, postMix: 0, postQueryKernel: 3, postKeyKernel: 5 },
  };

  it.each(Object.entries(forms))('are computed once: %s', async (_, settings) => {
    const graph = await exampleGraph('mta', { ...post, ...settings });
    const { program } = schedule(graph, { kind: 'slab', candidates: [{ rows: 6, columns: 4 }] });
    const [logits, sums, ...others] = kernelsOf(program);
    expect(others).toEqual([]);
    expect(logits).toMatch(/store \w+ to logits/);
    expect(logits).toMatch(/store \w+ to maxima/);
    expect(sums).toMatch(/load logits/);
    expect(sums).not.toMatch(/matmul\(q/);
    // Nothing is stored in the tiles that the mask hides.
    expect(logits).not.toMatch(/constant -Infinity : \[i: \d+ from I, j/);
  });

  it('of many heads are kept as weights, which no block computes for all others', async () => {
    const graph = await exampleGraph('mta', { ...post, heads: 8, postMix: 8, postQueryKernel: 0, postKeyKernel: 0 });
    const { program } = schedule(graph, { kind: 'slab', candidates: [{ rows: 6, columns: 4 }] });
    expect(kernelsOf(program).at(-1)).toMatch(/load weights\[b, N/);
  });

  it('that a mask hides are poison, which nobody lets through', async () => {
    const graph = await exampleGraph('mta', { ...post, ...forms['heads convolved behind the softmax'] });
    const { program } = schedule(graph, { kind: 'slab', candidates: [{ rows: 6, columns: 4 }] });
    const shape = { batch: 1, queries: 11, keys: 11, rows: 11 };
    const { tensors } = bindInputs(graph, randomInputs(graph, shape, 3));
    expect(() => interpretProgram(program, tensors, shape)).not.toThrow();
    // Without the masks around what is loaded, the last kernel takes what none has written.
    const isSelect = ({ operation }: Readonly<Record<string, unknown>>): boolean => operation === 'select';
    const unmasked = edited(program, (object) =>
      isSelect(object) ? { operands: [bool(true), ...(object['operands'] as object[]).slice(1)] } : undefined,
    );
    expect(() => interpretProgram(unmasked, tensors, shape)).toThrow(/poison/);
  });

  describe('of a layer', () => {
    const sizes = { preQueryKernel: 3, preKeyKernel: 3, postQueryKernel: 3, postKeyKernel: 3 };
    const layer = { heads: 4, headDim: 4, preMix: 4, postMix: 4, ...sizes, norm: 'none', gate: 'none' };
    const candidates = [{ rows: 12, columns: 8 }];

    it('are convolved where they are computed: a ring holds the neighbours of one head', async () => {
      const { program, tiles } = schedule(await exampleGraph('mta', layer), { kind: 'slab', candidates });
      const found = kernelsOf(program);
      expect(found.map((kernel) => /^\w+/.exec(kernel)![0])).toEqual([
        'mta_scores',
        'mta_logits',
        'mta_maxima',
        'mta_weights',
        'mta',
      ]);
      expect(found.map(ringsOf)).toEqual([1, 0, 0, 1, 0]);
      expect(tiles.keepsNeighbours).toBeUndefined();
      // Two rows around a block of one pass, four around those of the spec: sixteen are computed, and more of them are its own.
      const rows = found.map((kernel) => Number(/ by (\d+)/.exec(kernel)![1]));
      expect(rows).toEqual([14, 12, 12, 14, 12]);
    });

    it('are kept before they are convolved where no block holds the ring', async () => {
      const isHeld = (kernel: string): boolean => kernel.includes('matmul(q') && ringsOf(kernel) > 0;
      const fit: ScheduleOptions['fit'] = (program) =>
        kernelsOf(program).some(isHeld) ? { fits: false, why: 'holds a ring' } : { fits: true };
      const graph = await exampleGraph('mta', layer);
      const { program, tiles, refused } = schedule(graph, { kind: 'slab', candidates, fit });
      expect(refused.map(({ why }) => why)).toEqual(['holds a ring']);
      expect(tiles).toMatchObject({ rows: 12, columns: 8, keepsNeighbours: true });
      expect(kernelsOf(program)[1]).toMatch(/load scores\[b, g, i: 16 from I - 2/);
    });
  });
});
