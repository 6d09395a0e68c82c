// Random specs as CUDA on the emulation of a GPU, under the schedule that is chosen and under others, against their meaning.
// HEDDLE_FUZZ_RUNS and HEDDLE_FUZZ_SEED ask for more of them.
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { ScheduleKind } from '../../../codegen/schedule/index.js';
import { judge } from '../../../src/checking/index.js';
import { HeddleError } from '../../../src/diagnostics/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import { type Graph, history, logSumExpNode, type Node, normaliserOf, topological } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { randomCases } from '../../support/random-graph.js';
import { randomInputs } from '../../support/random-inputs.js';
import { shareOf } from '../../support/share.js';

const onEmulator = await testsOn(cudaEmulator());
const runs = Number(process.env['HEDDLE_FUZZ_RUNS'] ?? shareOf(5, 2));
const seed = Number(process.env['HEDDLE_FUZZ_SEED'] ?? 5);
const kinds: readonly (ScheduleKind | undefined)[] = [undefined, 'decode', 'two-pass'];

/** The graph with its main output, and at times the log-sum-exp of a normaliser, which are what a forward kernel gives. */
function forward(graph: Graph, withStatistics: boolean): Graph {
  const outputs = graph.outputs.slice(0, 1);
  const normaliser = topological({ inputs: [], outputs })
    .map((node: Node) => normaliserOf(node))
    .find((found) => found !== undefined);
  const further = normaliser && withStatistics ? [{ name: 'lse', node: logSumExpNode(normaliser) }] : [];
  return optimise({ ...graph, outputs: [...outputs, ...further] });
}

const isRefusal = (error: unknown): boolean =>
  error instanceof HeddleError && error.diagnostics.every(({ code }) => code.startsWith('HD62'));

describe.each(kinds.map((kind) => [kind ?? 'as it is chosen', kind] as const))('scheduled %s', (_, kind) => {
  for (const [n, drawn] of fc.sample(randomCases, { numRuns: runs, seed }).entries()) {
    onEmulator(`random spec ${n} of seed ${seed}`, async () => {
      const graph = forward(drawn.graph, drawn.seed % 2 === 1);
      const { queries } = drawn.sizes;
      // So many that they come in several shares.
      const isLonger = kind === 'decode' && queries > history(graph);
      const keys = drawn.sizes.keys + (isLonger ? 100 : 0);
      const sizes = { ...drawn.sizes, keys };
      const rows = 1 + (drawn.seed % (queries >= keys ? queries : queries - history(graph)));
      const inputs = randomInputs(graph, sizes, drawn.seed);
      const [gold, low] = [interpret(graph, inputs, { rows }), interpret(graph, inputs, { rows, precision: 'f32' })];
      try {
        const outputs = await cudaEmulator({ schedule: kind }).run(graph, inputs, { rows });
        for (const [name, expected] of gold) {
          // Where the meaning is no number, there is nothing to agree with.
          if (expected.data.some(Number.isNaN)) continue;
          const { passed, reason } = judge(outputs.get(name)!, expected, low.get(name)!, 'f32');
          expect(passed, `${name}: ${reason}`).toBe(true);
        }
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    });
  }
});
