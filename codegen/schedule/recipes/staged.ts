// The program of a kind of schedule: the kernels of each stage, one stage after the other. A stage that sums over no keys
// is one kernel over rows; one that the kind does not serve takes the first other kind that does.

import { type Graph, type Node, staticSize, topological } from '../../../src/ir/index.js';
import type { Launch, TileProgram } from '../../tile/program.js';
import { ProgramBuffers } from '../partition/buffers.js';
import { ownerOf } from '../partition/owners.js';
import { wholePass } from '../partition/passes.js';
import { type Stage, type StoredRows, stagesOf } from '../partition/stages.js';
import type { TileSizes } from '../plan/space.js';
import { prepared } from '../reads/prepared.js';
import { Unschedulable } from '../reads/reason.js';
import { rowsApart } from '../reads/rows-apart.js';
import { withSumForms } from '../reads/sums/index.js';
import { fusedKinds, recipes } from './index.js';
import type { ScheduleKind } from './kinds.js';
import { launched, type Recipe, type StageContext } from './recipe.js';

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
export const stagedProgram = (kind: ScheduleKind, graph: Graph, sizes: TileSizes): Staged =>
  stagedBy(recipes[kind], graph, sizes);

/** As `stagedProgram`, by a recipe that need have no name. */
export function stagedBy(recipe: Recipe, asGiven: Graph, sizes: TileSizes): Staged {
  const graph = rowsApart(withSumForms(prepared(asGiven)));
  const buffers = new ProgramBuffers(graph, asGiven);
  const stages = stagesOf(graph, buffers);
  let [served, refusal]: [boolean, Unschedulable | undefined] = [false, undefined];

  const launchesOf = ({ graph: own, above }: Stage): readonly Launch[] => {
    const part: StageContext = { graph: own, sizes, buffers, above };
    if (stages.length > 1 && isOfRowsAlone(own)) return launched([wholePass(own)], part);
    for (const each of new Set([recipe, ...fusedKinds.map((kind) => recipes[kind])])) {
      try {
        const launches = buffers.attempt(() => each.launches(part));
        if (each === recipe) served = true;
        return launches;
      } catch (error) {
        if (!(error instanceof Unschedulable)) throw error;
        if (each === recipe) refusal ??= error;
        if (stages.length === 1) throw error;
      }
    }
    throw refusal;
  };

  const launches = stages.flatMap(launchesOf);
  if (!served && refusal) throw refusal;
  const isWhole = recipe.keepsMatrices ? { keepsMatrices: true as const } : {};
  const program: TileProgram = { name: graph.name, buffers: buffers.all, launches, ...isWhole };
  return { program, inMemory: stages.flatMap(({ stores }) => stores.map(described)) };
}

/** Whether a stage gives values of rows, and sums nothing. */
const isOfRowsAlone = ({ outputs }: Graph): boolean =>
  outputs.every(({ node }) => ownerOf(node) === 'rows') &&
  !topological({ inputs: [], outputs }).some(({ op }: Node) => op === 'contract' || op === 'reduce');

const BYTES = 4;

const described = ({ node, tensor, need }: StoredRows): RowsInMemory => ({
  name: node.label ?? tensor.name,
  why: need,
  bytesPerRow: node.domain.reduce((product, axis) => product * (staticSize(axis) ?? 1), BYTES),
});
