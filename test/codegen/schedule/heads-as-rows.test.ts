// Query heads that share keys as the rows of one block of the decode schedule: each gives what the spec means, whatever depends on
// a head is its own, keys and values are read once for a group of heads, and where heads are no rows the reason is told.
import { describe, expect, it } from 'vitest';
import { type Scheduled, schedule, workOf } from '../../../codegen/schedule/index.js';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import { verifyProgram } from '../../../codegen/tile/verify.js';
import { openSpec } from '../../../dsl/frontend/index.js';
import { randomInputs } from '../../../src/checking/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { kernelsOf } from '../../../targets/shared/tile/program.js';
import { exampleGraph, smallSettings } from '../../support/example-graphs.js';

const decodeOf = (graph: Graph, headsAsRows?: boolean): Scheduled =>
  schedule(graph, { kind: 'decode', fewRows: [{ rows: 1, columns: 6, shares: 3, headsAsRows }] });

const own = await openSpec('test/targets/specs/grouped-heads.ts');

const graphOf = (name: string, settings: Readonly<Record<string, number>>): Promise<Graph> =>
  name.startsWith('grouped') && name !== 'groupedQuery'
    ? Promise.resolve(optimise(own.compile(name, settings)))
    : exampleGraph(name, { ...smallSettings(name), ...settings });

/** Specs by what depends on a head in them, with how many heads a block has as rows. */
const grouped = await Promise.all(
  (
    [
      ['groupedQuery', { heads: 8, kvHeads: 2 }, 4],
      ['groupedQuery', { heads: 34, kvHeads: 1, headDim: 2 }, 2],
      ['groupedSlopes', {}, 3],
      ['groupedBias', {}, 2],
      ['groupedMatrix', {}, 4],
      ['groupedSigmoid', {}, 2],
      ['sinks', {}, 2],
      ['softCap', { heads: 4, kvHeads: 2 }, 2],
      ['packedDocuments', {}, 2],
      ['mlaAbsorbed', {}, 3],
    ] as const
  ).map(async ([name, settings, rows]) => ({ name, rows, graph: await graphOf(name, settings) })),
);

describe.each(grouped)('$name, $rows heads', ({ graph, rows }) => {
  const { program, tiles } = decodeOf(graph);

  it('has a block for each group of heads', () => {
    expect(tiles.headsAsRows).toBe(true);
    verifyProgram(program);
    const blocksOf = (scheduled: Scheduled): number => {
      const [{ kernel }] = kernelsOf(scheduled.program) as [ReturnType<typeof kernelsOf>[number]];
      const { to } = kernel.grid.find(({ variable }) => variable === 'g')!;
      return to.kind === 'constant' ? to.value : Number.NaN;
    };
    expect(blocksOf(decodeOf(graph, false)) / blocksOf(decodeOf(graph))).toBe(rows);
  });

  it('reads keys and values once for them', () => {
    const bytesOf = (scheduled: Scheduled): number => {
      const sizes = { batch: 1, queries: 1, keys: 4096, rows: 1 };
      return workOf(scheduled.program, sizes, { samples: 6, turns: 48 }).bytes;
    };
    const ratio = bytesOf(decodeOf(graph)) / bytesOf(decodeOf(graph, false));
    expect(ratio * rows).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(0.8);
  });

  it.each([
    { batch: 2, queries: 5, keys: 29, rows: 2 },
    { batch: 1, queries: 7, keys: 7, rows: 7 },
  ])('is right for $batch×$queries×$keys, $rows rows', (shape) => {
    const inputs = randomInputs(graph, shape, 5);
    const outputs = interpretProgram(program, inputs, shape, { alwaysPartial: shape.batch > 1 });
    for (const [output, expected] of interpret(graph, inputs, { rows: shape.rows })) {
      const actual = outputs.get(output)!;
      expect(actual.shape).toEqual(expected.shape);
      for (const [n, value] of expected.data.entries()) expect(actual.data[n], `${output} ${n}`).toBeCloseTo(value, 4);
    }
  });
});

it.each([
  ['causal', {}, 'no two query heads read the same keys and values'],
  ['windowByHead', { heads: 4, kvHeads: 2 }, 'see other stretches of them'],
  ['decode', {}, 'scores are read beside their place'],
  ['groupedMix', {}, 'no two query heads read the same keys and values'],
] as const)('%s has a block for each head, and a reason', async (name, settings, why) => {
  const { refused, tiles } = decodeOf(await graphOf(name, settings));
  expect(tiles.headsAsRows).toBeFalsy();
  expect(refused.map((each) => each.why).join()).toContain(why);
});
