// Every example under the schedule that serves it and materialised, run by the tile interpreter, against its meaning over
// the awkward shapes. Both ways through each switch of a mask's class must be right.
import { describe, expect, it } from 'vitest';
import { type ScheduleKind, stagedProgram, type TileSizes, Unschedulable } from '../../../codegen/schedule/index.js';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import { programViolations } from '../../../codegen/tile/verify.js';
import { awkwardShapes, randomInputs } from '../../../src/checking/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { exampleCases } from '../../support/examples.js';

const programBy =
  (kind: ScheduleKind) =>
  (graph: Graph, tiles: TileSizes): TileProgram =>
    stagedProgram(kind, graph, tiles).program;
const scheduleMaterialised = programBy('materialised');
const scheduleOnline = programBy('online');
const scheduleSlab = programBy('slab');
const scheduleTwoPass = programBy('two-pass');

/** Examples whose weights are read at other rows behind the softmax. */
const twoPasses = ['mta', 'mtaPacked'];
/** Examples that read scores at other rows, keys or heads: those of a band may go through memory. */
const gathered = [...twoPasses, 'dcmha', 'decode', 'diffV2', 'talkingHeads'];
const tiles = { rows: 8, columns: 6 };
const graphs = await Promise.all(
  exampleCases.map(async ({ name, settings }) => ({ name, graph: await exampleGraph(name, settings) })),
);

describe.each(graphs)('$name', ({ name, graph }) => {
  const needsTwo = twoPasses.includes(name);
  if (needsTwo) {
    it('is more than one pass', () => expect(() => scheduleOnline(graph, tiles)).toThrow(Unschedulable));
  }
  const programs = [
    ['as it is scheduled', (needsTwo ? scheduleTwoPass : scheduleOnline)(graph, tiles)],
    ['materialised', scheduleMaterialised(graph, tiles)],
    ...(gathered.includes(name) ? ([['in bands', scheduleSlab(graph, { ...tiles, band: 8 })]] as const) : []),
  ] as const;
  if (!gathered.includes(name)) {
    it('reads no score elsewhere', () => expect(() => scheduleSlab(graph, tiles)).toThrow(Unschedulable));
  }
  describe.each(programs)('%s', (_, program) => {
    it('verifies', () => expect(programViolations(program)).toEqual([]));
    it.each(awkwardShapes(graph).slice(0, 7))('is right for $batch×$queries×$keys, $rows rows', (shape) => {
      const inputs = randomInputs(graph, shape, 5);
      const gold = interpret(graph, inputs, { rows: shape.rows });
      for (const alwaysPartial of [false, true]) {
        const outputs = interpretProgram(program, inputs, shape, { alwaysPartial });
        for (const [output, expected] of gold) {
          const actual = outputs.get(output)!;
          expect(actual.shape).toEqual(expected.shape);
          for (const [n, value] of expected.data.entries())
            expect(actual.data[n], `${output} ${n}`).toBeCloseTo(value, 4);
        }
      }
    });
  });
});
