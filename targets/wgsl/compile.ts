// From an optimised score graph to WGSL: the schedule that fits, its program, and the files. Runs in a browser.
// The target says which tile sizes to try and what fits; the schedule says why it was taken.
import {
  alternativesOf,
  reachOf,
  type Scheduled,
  type ScheduleKind,
  schedule,
  type TileSizes,
} from '../../codegen/schedule/index.js';
import type { TileProgram } from '../../codegen/tile/program.js';
import { type Graph, isGradientGraph, rowsAbove, topological } from '../../src/ir/index.js';
import { descriptionOf } from '../shared/description.js';
import { Refusal } from '../shared/refusal.js';
import { type Alternatives, joined, named } from '../shared/tile/alternatives.js';
import { type EmittedModule, emitModule, type WgslOptions } from './emit.js';
import { type EmittedWgsl, emitWgsl } from './emit-files.js';
import { type FittedKernel, fit as fitProgram } from './fit.js';
import { threadCounts } from './layout/threads.js';
import { wgslRates } from './rates.js';

export interface CompileWgslOptions extends WgslOptions {
  /** The schedule to take; by default the first that serves. */
  readonly schedule?: ScheduleKind | undefined;
  /** The tiles to take; by default the first that fit. */
  readonly tiles?: Pick<TileSizes, 'rows' | 'columns'> | undefined;
  /** Leave out what other calls would rather have: `scheduled` is all that there is. */
  readonly single?: true | undefined;
  readonly version?: string | undefined;
}

export interface CompiledWgsl {
  /** What is taken for long calls. */
  readonly scheduled: Scheduled;
  /** That first, and what other calls may want; the launcher chooses at the call. */
  readonly alternatives: Alternatives;
  /** What each kernel of the first takes. */
  readonly kernels: readonly FittedKernel[];
  readonly emitted: EmittedWgsl;
}

/** Rows of scores and keys of a step, best first: large tiles read keys less often, small ones fit more heads. */
const tileSizes = [
  [32, 32],
  [32, 16],
  [16, 32],
  [16, 16],
  [8, 32],
  [8, 16],
  [8, 8],
  [4, 8],
  [2, 8],
  [1, 8],
] as const;

/**
 * Further ones for gradients, whose blocks hold more around their own positions. With fewer columns half of the threads have nothing of a
 * tile of scores: 64 × 8 took twice as long as 27 × 16, which an estimate does not see.
 */
const longTiles = [
  [64, 16],
  [48, 16],
] as const;

/**
 * Tile sizes for rows that `above` further rows are computed with: threads take scores in whole eighths, so rows of output
 * are what is left of them. 27 rows with 5 above took 0.7 of the time of 32 with 5, measured on the software device.
 */
function candidatesFor(above: number): TileSizes[] {
  const whole = tileSizes.map(([rows, columns]) => ({ rows, columns }));
  const grown = whole
    .filter(({ rows }) => rows >= 2 * above)
    .map(({ rows, columns }) => ({ rows: rows - above, columns }));
  return above === 0 ? whole : [...grown, ...whole.filter(({ rows }) => rows < 2 * above)];
}

/**
 * Keys of a step where rows are few, best first: threads lie along them, each with four or eight of its own. Steps are shorter where a share of
 * the keys fills rings by one of them.
 */
const fewRowsColumns = (graph: Graph): readonly number[] =>
  reachOf(topological(graph)).key > 0 ? [128, 64, 32] : [256, 128, 64, 32];

/** Rows of a block of such a schedule: of a step, and of a few steps at once, which read the keys once. */
const fewRows = { step: 1, steps: 4 } as const;

/** Tile sizes for blocks that own rows or keys: whole, and less than whole by the positions around a block along either axis. */
function candidatesForGradients(graph: Graph): TileSizes[] {
  const { query, key } = reachOf(topological(graph));
  const sizes = [...new Set([0, query, key])].flatMap((around) =>
    [...longTiles, ...tileSizes].flatMap(([rows, columns]) =>
      rows >= 2 * around ? [{ rows: rows - around, columns }] : [],
    ),
  );
  return sizes;
}

/** A launcher is no longer than this for the sake of further alternatives. */
const MOST_TEXT = 120_000;

/** @throws HeddleError where no schedule of the graph fits. */
export function compileWgsl(graph: Graph, options: CompileWgslOptions = {}): CompiledWgsl {
  const { schedule: asked, tiles, single } = options;
  const rates = wgslRates[options.dtype ?? 'f32'];
  // What fits has been emitted to find that out.
  const fitted = new Map<TileProgram, { readonly module: EmittedModule; readonly kernels: readonly FittedKernel[] }>();
  const whole = candidatesFor(rowsAbove(graph));
  const scheduledAs = (kind: ScheduleKind | undefined, rows: number = fewRows.step): Scheduled =>
    schedule(graph, {
      kind,
      candidates: tiles ? [tiles] : isGradientGraph(graph) ? candidatesForGradients(graph) : whole,
      fewRows: tiles ? [tiles] : [...fewRowsColumns(graph).map((columns) => ({ rows, columns })), ...whole],
      rates,
      fit: (program) => {
        const found = fitProgram(program, options);
        if (!found.fits) return { fits: false, why: found.reason };
        fitted.set(program, found);
        return { fits: true, isSpread: found.kernels.some(({ threads }) => threads > threadCounts[0]) };
      },
    });
  const scheduled = scheduledAs(asked);
  const isAlone = asked !== undefined || tiles !== undefined || single || isGradientGraph(graph);
  const found = alternativesOf(
    graph,
    scheduled,
    isAlone ? [] : Object.values(fewRows).map((rows) => () => scheduledAs('decode', rows)),
    rates,
  );
  const description = descriptionOf(graph, options.version);
  const { kernels } = fitted.get(scheduled.program)!;
  for (let count = found.length; ; count -= 1) {
    const alternatives = named(found.slice(0, count));
    const [first, ...others] = alternatives.map(({ program }) => program);
    const program = joined([first!, ...others]);
    try {
      const module =
        count === 1 ? fitted.get(scheduled.program)!.module : emitModule(program, options, [first!, ...others]);
      const emitted = emitWgsl(program, description, options, { module, alternatives });
      const isShort = emitted.files.get(emitted.launcher)!.length <= MOST_TEXT;
      if (count === 1 || isShort) return { scheduled, alternatives, kernels, emitted };
    } catch (error) {
      // Together they may bind more buffers than each by itself.
      if (count === 1 || !(error instanceof Refusal)) throw error;
    }
  }
}
