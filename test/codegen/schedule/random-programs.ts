// Random graphs through every schedule that serves them, on the tile interpreter, against their meaning. The suite runs a
// few hundred, a fuzz as many as it is asked for; both replay from a seed.
import fc from 'fast-check';
import { type ScheduleKind, schedule, scheduleKinds, type TileSizes } from '../../../codegen/schedule/index.js';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import { printProgram } from '../../../codegen/tile/print.js';
import { judge } from '../../../src/checking/index.js';
import { HeddleError } from '../../../src/diagnostics/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import {
  type Graph,
  history,
  logSumExpNode,
  type Node,
  normaliserOf,
  print,
  topological,
} from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { type RandomCase, randomCases } from '../../support/random-graph.js';
import { randomInputs } from '../../support/random-inputs.js';

const tileSizes = [
  { rows: 3, columns: 2, band: 3, shares: 3 },
  { rows: 8, columns: 6, shares: 2 },
  { rows: 2, columns: 4, band: 4 },
  { rows: 1, columns: 1, band: 2 },
  { rows: 4, columns: 3, band: 4 },
] as const;

/** Why each kind of schedule does not serve a graph; empty for those that do. */
export type Refusals = Readonly<Partial<Record<ScheduleKind, string>>>;

/** The graph with its main output, and at times the log-sum-exp of a normaliser, which are what a forward kernel gives. */
function forward(graph: Graph, seed: number): Graph {
  const outputs = graph.outputs.slice(0, 1);
  const normaliser = topological({ inputs: [], outputs })
    .map((node: Node) => normaliserOf(node))
    .find((found) => found !== undefined);
  const further = normaliser && seed % 2 === 1 ? [{ name: 'lse', node: logSumExpNode(normaliser) }] : [];
  return { ...graph, outputs: [...outputs, ...further] };
}

/** Runs a random case under every schedule that serves it. @throws Error with the graph and the program on a difference. */
export function runRandomCase({ graph: drawn, sizes, seed }: RandomCase): Refusals {
  const graph = optimise(forward(drawn, seed));
  const most = sizes.queries >= sizes.keys ? sizes.queries : sizes.queries - history(graph);
  const rows = 1 + (seed % most);
  const inputs = randomInputs(graph, sizes, seed);
  const gold = interpret(graph, inputs, { rows });
  const low = interpret(graph, inputs, { rows, precision: 'f32' });
  // Of a third of the graphs, bands are those of devices with many multiprocessors.
  const tiles = { ...tileSizes[seed % tileSizes.length]!, ...(seed % 3 === 0 ? { busyBlocks: 8 } : {}) };
  const refusals: Partial<Record<ScheduleKind, string>> = {};
  for (const kind of scheduleKinds) {
    const found = scheduleOrRefusal(graph, kind, tiles);
    if (typeof found === 'string') {
      refusals[kind] = found;
      continue;
    }
    for (const alwaysPartial of [false, true]) {
      const at = `${kind}${alwaysPartial ? ', always partial' : ''}, ${rows} rows, seed ${seed}`;
      const text = (): string => `${print(graph)}\n${printProgram(found.program)}\nat ${JSON.stringify(sizes)}, ${at}`;
      let outputs: ReturnType<typeof interpretProgram>;
      try {
        outputs = interpretProgram(found.program, inputs, { ...sizes, rows }, { alwaysPartial });
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${text()}`);
      }
      for (const [name, expected] of gold) {
        // Where the meaning is no number, there is nothing to agree with.
        if (expected.data.some(Number.isNaN)) continue;
        const { passed, reason } = judge(outputs.get(name)!, expected, low.get(name)!, 'f32');
        if (!passed) throw new Error(`${name}: ${reason}\n${text()}`);
      }
    }
  }
  return refusals;
}

function scheduleOrRefusal(graph: Graph, kind: ScheduleKind, tiles: TileSizes) {
  try {
    return schedule(graph, { kind, candidates: [tiles] });
  } catch (error) {
    if (error instanceof HeddleError && error.diagnostics.every(({ code }) => code === 'HD6201')) {
      return error.diagnostics.map(({ message }) => message.slice(message.indexOf(':') + 2)).join();
    }
    throw error;
  }
}

export interface FuzzResult {
  readonly runs: number;
  /** How many graphs a fused schedule serves. */
  readonly fused: number;
  readonly materialised: number;
  /** The graphs that each reason of each kind was given for. */
  readonly reasons: ReadonlyMap<string, number>;
}

/** Draws `runs` graphs from `seed`. @throws on the first difference, with what replays it. */
export function fuzzSchedules(runs: number, seed: number): FuzzResult {
  const counts = { runs: 0, fused: 0, materialised: 0 };
  const reasons = new Map<string, number>();
  const property = fc.property(randomCases, (drawn) => {
    const refusals = runRandomCase(drawn);
    counts.runs += 1;
    if (refusals.online === undefined || refusals['two-pass'] === undefined) counts.fused += 1;
    if (refusals.materialised === undefined) counts.materialised += 1;
    for (const why of Object.values(refusals)) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  });
  fc.assert(property, { numRuns: runs, seed });
  return { ...counts, reasons };
}
