// Values of rows that no block holds on chip: read at other rows, heads and features, by scores, or by a further softmax.
// Every schedule cuts behind them, and is compared with the meaning at awkward shapes.
import { describe, expect, it } from 'vitest';
import { type ScheduleKind, schedule, scheduleKinds, stagedProgram, workOf } from '../../../codegen/schedule/index.js';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import { randomInputs } from '../../../src/checking/index.js';
import { HeddleError } from '../../../src/diagnostics/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import { featuresOf, type Graph, headsOf, history, topological } from '../../../src/ir/index.js';
import { stagedCases } from '../../support/staged-graphs.js';

/** Each with the rows that its history asks for. */
const shapesFor = (graph: Graph) => {
  const reach = history(graph);
  return [
    { batch: 1, queries: 1, keys: 1, rows: 1 },
    { batch: 2, queries: 9, keys: 9, rows: 9 },
    { batch: 1, queries: 9, keys: 9, rows: 4 },
    { batch: 1, queries: 2 + reach, keys: 17, rows: 2 },
  ];
};

const programOf = (graph: Graph, kind: ScheduleKind | undefined): TileProgram =>
  schedule(graph, { kind, candidates: [{ rows: 4, columns: 3, band: 4 }] }).program;

describe.each(Object.entries(stagedCases))('%s', (_, { graph, inMemory, not = ['slab'] }) => {
  it('lies in memory', () => {
    const found = schedule(graph, { candidates: [{ rows: 4, columns: 3 }] });
    expect(found.inMemory.map((each) => [each.name, each.why])).toEqual(inMemory);
    for (const { name: stored, bytesPerRow } of found.inMemory) {
      expect(found.reason).toContain(stored);
      expect(bytesPerRow % 4).toBe(0);
    }
    // Nothing between kernels has two axes as long as the sequence.
    const workspace = found.program.buffers.filter(({ role }) => role === 'workspace');
    expect(workspace.length).toBeGreaterThanOrEqual(inMemory.length);
    for (const { axes } of workspace)
      expect(axes.filter(({ kind }) => ['query', 'row', 'key', 'position'].includes(kind)).length).toBeLessThan(2);
  });

  it.each(not)('is not for the %s schedule', (kind) => {
    expect(() => programOf(graph, kind)).toThrow(HeddleError);
  });

  it.each(scheduleKinds.filter((kind) => !not.includes(kind)))('%s', (kind) => {
    const program = programOf(graph, kind);
    for (const [nth, shape] of shapesFor(graph).entries()) {
      // Each of many shares of the keys is interpreted: where calls have few rows is enough.
      if (kind === 'decode' && shape.rows > 2) continue;
      const inputs = randomInputs(graph, shape, 3);
      const gold = interpret(graph, inputs, { rows: shape.rows });
      const outputs = interpretProgram(program, inputs, shape, { alwaysPartial: nth % 2 === 1 });
      for (const [output, { data }] of gold) {
        for (const [at, value] of data.entries())
          expect(outputs.get(output)!.data[at], `${output} ${at} at ${JSON.stringify(shape)}`).toBeCloseTo(value, 4);
      }
    }
  });
});

describe('the work of a stage', () => {
  const { graph } = stagedCases['the row above']!;
  const mixed = topological(graph).find(({ label }) => label === 'mixed')!;
  const sizes = { batch: 2, queries: 64, keys: 64, rows: 64 };
  const workBy = (each: Graph) =>
    workOf(stagedProgram('online', each, { rows: 8, columns: 8 }).program, sizes, {
      samples: Number.POSITIVE_INFINITY,
    });

  it('is its rows, loaded, read as a table and stored, and a launch', () => {
    const [cut, uncut] = [workBy(graph), workBy({ ...graph, outputs: [{ name: 'out', node: mixed }] })];
    const [heads, features] = [headsOf(mixed.domain), featuresOf(mixed.domain)];
    expect(cut.bytes - uncut.bytes).toBe(3 * 4 * sizes.batch * sizes.rows * heads * features);
    expect(cut.launches - uncut.launches).toBe(1);
  });
});
