// From an optimised score graph to WGSL: the schedule that fits, its program, and the files. Runs in a browser.
// The target says which tile sizes to try and what fits; the schedule says why it was taken.
import { reachOf, type Scheduled, type ScheduleKind, schedule, type TileSizes } from '../../codegen/schedule/index.js';
import type { TileProgram } from '../../codegen/tile/program.js';
import { type Graph, isGradientGraph, rowsAbove, topological } from '../../src/ir/index.js';
import { descriptionOf } from '../shared/description.js';
import type { EmittedModule, WgslOptions } from './emit.js';
import { type EmittedWgsl, emitWgsl } from './emit-files.js';
import { type FittedKernel, fit as fitProgram } from './fit.js';
import { threadCounts } from './layout/threads.js';
import { wgslRates } from './rates.js';

export interface CompileWgslOptions extends WgslOptions {
  /** The schedule to take; by default the first that serves. */
  readonly schedule?: ScheduleKind | undefined;
  readonly version?: string | undefined;
}

export interface CompiledWgsl {
  readonly scheduled: Scheduled;
  /** What each kernel takes. */
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

/** Tile sizes for schedules of few rows, best first: threads lie along the keys, each with some of its own. */
const fewRowsTiles = [
  [1, 128],
  [1, 64],
  [1, 32],
] as const;

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

/** @throws HeddleError where no schedule of the graph fits. */
export function compileWgsl(graph: Graph, options: CompileWgslOptions = {}): CompiledWgsl {
  // What fits has been emitted to find that out.
  const fitted = new Map<TileProgram, { readonly module: EmittedModule; readonly kernels: readonly FittedKernel[] }>();
  const scheduled = schedule(graph, {
    kind: options.schedule,
    candidates: isGradientGraph(graph) ? candidatesForGradients(graph) : candidatesFor(rowsAbove(graph)),
    fewRows: [...fewRowsTiles.map(([rows, columns]) => ({ rows, columns })), ...candidatesFor(rowsAbove(graph))],
    rates: wgslRates[options.dtype ?? 'f32'],
    fit: (program) => {
      const found = fitProgram(program, options);
      if (!found.fits) return { fits: false, why: found.reason };
      fitted.set(program, found);
      return { fits: true, isSpread: found.kernels.some(({ threads }) => threads > threadCounts[0]) };
    },
  });
  const { program } = scheduled;
  const { module, kernels } = fitted.get(program)!;
  return { scheduled, kernels, emitted: emitWgsl(program, descriptionOf(graph, options.version), options, module) };
}
