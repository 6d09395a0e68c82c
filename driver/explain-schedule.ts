// How a target computes a graph: the schedule and why it was taken, tiles, what the kernels take, and what they skip.
// Counts are for one shape, of the program as it runs: halos and scores that are computed twice count, hidden tiles do not.

import { type Refused, type RowsInMemory, workOf } from '../codegen/schedule/index.js';
import { knowsHead, maskAt } from '../codegen/schedule/reads/head-masks.js';
import { supportOf } from '../codegen/schedule/reads/support.js';
import { bufferAxis, type LaunchSizes } from '../codegen/tile/interpreter/memory.js';
import { printProgram } from '../codegen/tile/print.js';
import { decisionsOf, type TileProgram } from '../codegen/tile/program.js';
import { HeddleError } from '../src/diagnostics/index.js';
import { headCount } from '../src/ir/footprint/heads.js';
import {
  type Expression,
  evaluate,
  type Graph,
  history,
  integer,
  readsOf,
  rowsUnlessTold,
  sameExpression,
  topological,
} from '../src/ir/index.js';
import { MULTIPROCESSORS } from '../targets/cuda/compile.js';
import { type Alternatives, estimateAt } from '../targets/shared/tile/alternatives.js';
import type { CallShape } from './explain.js';
import { hiddenTiles } from './hidden-tiles.js';
import { launchesOf } from './launches.js';
import {
  compileScheduled,
  type KernelNeeds,
  type ScheduledOptions,
  type ScheduledTarget,
  type ScheduledTargetName,
} from './scheduled.js';

export interface ScheduleExplanation {
  readonly target: ScheduledTargetName;
  /** What the kernels are for: `WGSL in f32 with default limits`. */
  readonly title: string;
  readonly kind: string;
  /** Why this schedule was taken, in a sentence. */
  readonly reason: string;
  readonly tiles: { readonly rows: number; readonly columns: number };
  /** Values of rows that go through memory to a further kernel, why, and how many bytes for each row. */
  readonly inMemory: readonly RowsInMemory[];
  /** What was tried before, and why it was not taken. */
  readonly refused: readonly string[];
  readonly kernels: readonly KernelNeeds[];
  readonly work: ScheduledWork;
  /** Between which the launcher chooses at the call, where there are several. */
  readonly alternatives?: readonly ExplainedAlternative[];
  /** The tile program as text. */
  readonly program: string;
}

export interface ExplainedAlternative {
  readonly name: string;
  /** The time that it is estimated to take at the shape at hand, for one of the alternative that takes least. */
  readonly estimate: number;
  /** Features that it needs of a device; it is taken where it is asked for or tuned. */
  readonly features?: readonly string[];
}

export interface ScheduledWork {
  /**
   * Tiles of queries × keys of one head, and how many of them a mask hides, on average over heads where it differs from one
   * to the next; undefined where it reads tensors.
   */
  readonly tiles: number;
  readonly skipped: number | undefined;
  readonly operations: number;
  /** What workgroups move from and to memory: keys and values once for each tile of rows that sees them. */
  readonly bytes: number;
  readonly launches: number;
  /** Bytes of memory between kernels. */
  readonly scratch: number;
}

/** Why no schedule serves, as a diagnostic's message, or the schedule. */
export type ScheduleOutcome = { readonly schedule: ScheduleExplanation } | { readonly none: string };

/** The target whose kernels are explained, and the options that it compiles with. */
export interface ExplainedTarget extends ScheduledOptions {
  readonly target: ScheduledTargetName;
}

/** Explains a target's kernels of an optimised graph at one shape. */
export function explainSchedule(graph: Graph, shape: CallShape, asked: ExplainedTarget): ScheduleOutcome {
  const compiled = compiledFor(graph, asked);
  return 'none' in compiled ? compiled : { schedule: scheduleOf(graph, shape, asked, compiled) };
}

/** A graph as the target compiles it, or why it does not. */
export function compiledFor(graph: Graph, asked: ExplainedTarget): ScheduledTarget | { readonly none: string } {
  try {
    return compileScheduled(asked.target, graph, asked);
  } catch (error) {
    if (error instanceof HeddleError) return { none: error.diagnostics.map(({ message }) => message).join('; ') };
    throw error;
  }
}

/** What there is to say of a compiled graph at one shape. */
export function scheduleOf(
  graph: Graph,
  shape: CallShape,
  { target }: ExplainedTarget,
  compiled: ScheduledTarget,
): ScheduleExplanation {
  const { title, program } = compiled;
  const sizes = { ...shape, rows: outputRows(graph, shape) };
  const launches = target === 'cuda' ? launchesOf(program, sizes) : [];
  const kernels = compiled.kernels.map((each): KernelNeeds => {
    const found = launches.find(({ name }) => name === each.name);
    return found ? { ...each, ...found, waves: (found.blocks / MULTIPROCESSORS).toFixed(1) } : each;
  });
  const { kind, reason, tiles, inMemory, refused } = compiled.scheduled;
  return {
    target,
    title,
    kind,
    reason,
    tiles,
    inMemory,
    refused: refused.map(refusalText),
    kernels,
    work: scheduledWork(graph, compiled, sizes),
    ...(compiled.alternatives.length > 1 ? { alternatives: estimatedFor(compiled.alternatives, graph, shape) } : {}),
    program: printProgram(program),
  };
}

const refusalText = ({ kind, tiles, why }: Refused): string =>
  `${kind}${tiles === undefined ? '' : ` at ${tiles.rows}×${tiles.columns}`}: ${why}`;

/** Blocks that are looked at along each axis: all of them for sequences of a few thousand keys. */
const SAMPLES = 64;

/** What a program takes and skips in a call of these sizes. */
export function scheduledWork(
  graph: Graph,
  { program, bytesOf, scheduled: { tiles } }: Pick<ScheduledTarget, 'program' | 'bytesOf' | 'scheduled'>,
  sizes: LaunchSizes,
): ScheduledWork {
  const { keys, rows } = sizes;
  const mask = visibleMask(graph);
  const skipped = mask === 'tables' ? undefined : mask === undefined ? 0 : meanHiddenTiles(mask, graph, sizes, tiles);
  const total = Math.ceil(rows / tiles.rows) * Math.ceil(keys / tiles.columns);
  const { operations, bytes, launches } = workOf(program, sizes, { samples: SAMPLES, bytesOf });
  return { tiles: total, skipped, operations, bytes, launches, scratch: scratchOf(program, bytesOf, sizes) };
}

/** Where fewer queries than keys are given, those of the history are, and no output is wanted of them. */
const outputRows = (graph: Graph, { queries, keys }: CallShape): number =>
  Math.max(1, rowsUnlessTold(queries, keys, history(graph)));

/** The alternatives as a launcher on a device with many units orders them at these sizes. */
function estimatedFor(alternatives: Alternatives, graph: Graph, shape: CallShape): ExplainedAlternative[] {
  const sizes = { ...shape, rows: outputRows(graph, shape) };
  const estimated = alternatives.map(
    (each): ExplainedAlternative => ({
      name: each.name,
      estimate: estimateAt(each, sizes),
      ...(each.variant ? { features: each.variant.features } : {}),
    }),
  );
  const least = Math.min(...estimated.map(({ estimate }) => estimate));
  return estimated
    .map((each) => ({ ...each, estimate: each.estimate / least }))
    .sort((one, other) => one.estimate - other.estimate);
}

function scratchOf(program: TileProgram, bytesOf: ScheduledTarget['bytesOf'], sizes: LaunchSizes): number {
  const lengths = { batch: sizes.batch, query: sizes.queries, key: sizes.keys };
  const decided = new Map<string, number>();
  // A band lies anywhere: its rows count alone.
  const variable = (name: string): number => decided.get(name) ?? 0;
  const numberOf = (scalar: Expression): number => evaluate(scalar, { variable, length: (of) => lengths[of] })!;
  for (const step of decisionsOf(program)) decided.set(step.variable, numberOf(step.value));
  const bytes = program.buffers
    .filter(({ role }) => role === 'workspace')
    .map((buffer) =>
      buffer.axes.reduce((product, axis) => {
        const rows = axis.kind === 'band' ? Math.min(numberOf(axis.size), sizes.keys) : undefined;
        return product * (rows ?? bufferAxis(axis, sizes).size);
      }, bytesOf(buffer)),
    );
  return bytes.reduce((sum, each) => sum + each, 0);
}

/** The mask outside of which all weights are 0; undefined where every key counts. */
function visibleMask(graph: Graph): Expression | 'tables' | undefined {
  const masks = topological(graph).flatMap((node) => (node.op === 'contract' ? [supportOf(node.weights, 0)] : []));
  const [mask, ...others] = masks;
  if (mask === undefined || others.some((other) => other === undefined || !sameExpression(other, mask)))
    return undefined;
  return readsOf(mask).length > 0 ? 'tables' : mask;
}

/** Heads whose masks are looked at, where they differ. */
const MOST_HEADS = 16;

/** As `hiddenTiles`, over all heads. */
function meanHiddenTiles(
  mask: Expression,
  graph: Graph,
  sizes: LaunchSizes,
  tiles: { readonly rows: number; readonly columns: number },
): number {
  const heads = knowsHead(mask) ? Math.max(...topological(graph).map(({ domain }) => headCount(domain))) : 1;
  const asked = Math.min(heads, MOST_HEADS);
  const hidden = Array.from({ length: asked }, (_, n) =>
    hiddenTiles(maskAt(mask, integer(Math.floor((n * heads) / asked))), sizes, tiles),
  );
  return Math.round(hidden.reduce((sum, each) => sum + each, 0) / asked);
}
