// The program of a kind of schedule: the kernels of each stage, one stage after the other. A stage that sums over no keys
// is one kernel over rows; one that the kind does not serve takes the first other kind that does.

import { type Graph, type Node, staticSize, topological } from '../../../src/ir/index.js';
import type { Launch, TileProgram } from '../../tile/program.js';
import { onlineLaunches } from '../kernel/online.js';
import { ProgramBuffers } from '../partition/buffers.js';
import { type Stage, type StageContext, type StageScheduler, type StoredRows, stagesOf } from '../partition/stages.js';
import type { TileSizes } from '../plan/tiles.js';
import { withKnownHeads } from '../reads/chosen-heads.js';
import { withoutGradientStops } from '../reads/forward.js';
import { Unschedulable } from '../reads/reason.js';
import { decodeLaunches } from './decode.js';
import { fusedKinds, type ScheduleKind } from './kinds.js';
import { materialisedLaunches } from './materialised.js';
import { slabLaunches } from './slab.js';
import { twoPassLaunches } from './two-pass.js';

const schedulers: Readonly<Record<ScheduleKind, StageScheduler>> = {
  online: onlineLaunches,
  'two-pass': twoPassLaunches,
  slab: slabLaunches,
  decode: decodeLaunches,
  materialised: materialisedLaunches,
};

/** A value of rows that goes through memory from one stage to the next. */
export interface RowsInMemory {
  /** What the spec calls it, or what its buffer is called. */
  readonly name: string;
  /** How it is read, where that is why. */
  readonly why: string | undefined;
  /** Bytes for each row of each batch entry. */
  readonly bytesPerRow: number;
}

export interface Staged {
  readonly program: TileProgram;
  readonly inMemory: readonly RowsInMemory[];
}

/** The program of one kind of schedule. @throws Unschedulable where it serves no stage, or nothing serves one. */
export function stagedProgram(kind: ScheduleKind, asGiven: Graph, sizes: TileSizes): Staged {
  const graph = withoutGradientStops(withKnownHeads(asGiven));
  const buffers = new ProgramBuffers(graph);
  const stages = stagesOf(graph, buffers);
  let [served, refusal]: [boolean, Unschedulable | undefined] = [false, undefined];

  const launchesOf = (stage: Stage): readonly Launch[] => {
    const context: StageContext = { buffers, above: stage.above };
    if (stages.length > 1 && !sumsOverKeys(stage.graph)) return onlineLaunches(stage.graph, sizes, context);
    try {
      const launches = buffers.attempt(() => schedulers[kind](stage.graph, sizes, context));
      served = true;
      return launches;
    } catch (error) {
      if (!(error instanceof Unschedulable)) throw error;
      refusal ??= error;
      if (stages.length === 1) throw error;
    }
    return byAnyOther(kind, stage, sizes, context) ?? raise(refusal);
  };

  const launches = stages.flatMap(launchesOf);
  if (!served && refusal) throw refusal;
  const isWhole = kind === 'materialised' ? { materialised: true as const } : {};
  const program: TileProgram = { name: graph.name, buffers: buffers.all, launches, ...isWhole };
  return { program, inMemory: stages.flatMap(({ stores }) => stores.map(described)) };
}

function byAnyOther(
  kind: ScheduleKind,
  { graph }: Stage,
  sizes: TileSizes,
  context: StageContext,
): readonly Launch[] | undefined {
  for (const other of fusedKinds.filter((each) => each !== kind)) {
    try {
      return context.buffers.attempt(() => schedulers[other](graph, sizes, context));
    } catch (error) {
      if (!(error instanceof Unschedulable)) throw error;
    }
  }
  return undefined;
}

function raise(error: Error): never {
  throw error;
}

const sumsOverKeys = ({ outputs }: Graph): boolean =>
  topological({ inputs: [], outputs }).some(({ op }: Node) => op === 'contract' || op === 'reduce');

const BYTES = 4;

const described = ({ node, tensor, need }: StoredRows): RowsInMemory => ({
  name: node.label ?? tensor.name,
  why: need,
  bytesPerRow: node.domain.reduce((product, axis) => product * (staticSize(axis) ?? 1), BYTES),
});
