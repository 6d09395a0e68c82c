// What training a spec takes: what is kept between forward and backward, what is computed again, and the kernels of both, each
// with what it owns and sweeps and its part of the work.
import { workOf } from '../codegen/schedule/index.js';
import type { LaunchSizes } from '../codegen/tile/interpreter/memory.js';
import type { Kernel, TileProgram } from '../codegen/tile/program.js';
import { statementsOf } from '../codegen/tile/walk.js';
import type { TrainingPair } from '../src/autodiff/index.js';
import { backwardNodes, type Graph, headsOf, isOfScores, staticSize, topological } from '../src/ir/index.js';
import { nameNodes, printDomain } from '../src/ir/text/index.js';
import type { CallShape } from './explain.js';
import { compiledFor, type ExplainedTarget, type ScheduleOutcome, scheduleOf } from './explain-schedule.js';

export interface TrainingExplanation {
  readonly kept: readonly KeptExplanation[];
  /** Values with an entry for each row and key that both parts compute, by their names in the backward graph. */
  readonly recomputed: readonly string[];
  /** The kernels that give the outputs and what is kept, and those of the gradients. */
  readonly forward: ExplainedPart;
  readonly backward: ExplainedPart;
  /** Operations of the backward kernels for one of the forward kernels; undefined where either has none. */
  readonly ratio: number | undefined;
}

export interface ExplainedPart {
  readonly outcome: ScheduleOutcome;
  /** In the order in which they are launched; none where no schedule serves. */
  readonly kernels: readonly TrainingKernel[];
}

export interface KeptExplanation {
  readonly name: string;
  readonly shape: string;
  /** Bytes for each row of queries of a batch entry, all heads together. */
  readonly bytesPerRow: number;
  /** Whether it is an output of the spec all the same. */
  readonly isOutput: boolean;
}

export interface TrainingKernel {
  readonly name: string;
  /** What its blocks divide between them. */
  readonly owns: 'queries' | 'keys' | 'nothing';
  readonly sweeps: 'queries' | 'keys' | 'nothing';
  readonly gives: readonly string[];
  readonly operations: number;
}

/** The kernels of both parts at one shape, all rows of queries computed. */
export function explainTraining(pair: TrainingPair, shape: CallShape, asked: ExplainedTarget): TrainingExplanation {
  // A schedule that is asked for is that of the forward part.
  const { schedule: _, ...ofBackward } = asked;
  const parts = {
    forward: explainedPart(pair.forward, shape, asked),
    backward: explainedPart(pair.backward, shape, ofBackward),
  };
  const operationsOf = ({ kernels }: ExplainedPart): number =>
    kernels.reduce((sum, { operations }) => sum + operations, 0);
  const [before, after] = [operationsOf(parts.forward), operationsOf(parts.backward)];
  return {
    kept: pair.kept.map(({ name, isOutput }) => keptNamed(name, isOutput, pair.backward)),
    recomputed: recomputedIn(pair.backward),
    forward: parts.forward,
    backward: parts.backward,
    ratio: before > 0 && after > 0 ? after / before : undefined,
  };
}

function explainedPart(graph: Graph, shape: CallShape, asked: ExplainedTarget): ExplainedPart {
  // Kernels of training are not chosen between.
  const compiled = compiledFor(graph, { ...asked, single: true });
  if ('none' in compiled) return { outcome: compiled, kernels: [] };
  const sizes: LaunchSizes = { ...shape, rows: shape.queries };
  return {
    outcome: { schedule: scheduleOf(graph, shape, asked, compiled) },
    kernels: kernelsIn(compiled.program, sizes),
  };
}

const BYTES = 4;

function keptNamed(name: string, isOutput: boolean, { inputs }: Graph): KeptExplanation {
  const { domain } = inputs.find((input) => input.name === name)!;
  const perHead = domain.slice(2).reduce((product, axis) => product * (staticSize(axis) ?? 1), BYTES);
  return { name, shape: printDomain(domain), bytesPerRow: headsOf(domain) * perHead, isOutput };
}

/** The scores and weights in a backward graph that no incoming gradient is a part of. */
function recomputedIn(graph: Graph): readonly string[] {
  const names = nameNodes(graph);
  const isBackward = backwardNodes(graph);
  return topological(graph)
    .filter((node) => !isBackward.has(node) && isOfScores(node))
    .map((node) => node.label ?? names.get(node)!);
}

const axisNames: Readonly<Record<string, TrainingKernel['owns']>> = { I: 'queries', J: 'keys' };

function kernelsIn(program: TileProgram, sizes: LaunchSizes): readonly TrainingKernel[] {
  return program.launches.flatMap((launch) => {
    const kernels = launch.launch === 'kernel' ? [launch.kernel] : launch.kernels;
    return kernels.map((kernel): TrainingKernel => {
      const alone = launch.launch === 'kernel' ? launch : { ...launch, kernels: [kernel] };
      const { operations } = workOf({ ...program, launches: [alone] }, sizes);
      return { name: kernel.name, ...spaceOf(kernel), operations };
    });
  });
}

function spaceOf({ grid, body }: Kernel): Pick<TrainingKernel, 'owns' | 'sweeps' | 'gives'> {
  const owned = grid.flatMap(({ variable }) => axisNames[variable] ?? []);
  const statements = [...statementsOf(body)];
  const swept = statements.flatMap((each) => (each.statement === 'for' ? (axisNames[each.variable] ?? []) : []));
  const gives = statements.flatMap((each) => (each.statement === 'store' ? [each.buffer.name] : []));
  return { owns: owned[0] ?? 'nothing', sweeps: swept[0] ?? 'nothing', gives: [...new Set(gives)] };
}
