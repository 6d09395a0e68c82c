// From an optimised score graph to CUDA: the schedule that fits, its program, and the files. Runs in a browser.
// The target says which tile sizes to try and what fits; the schedule says why it was taken.
import {
  alternativesOf,
  costDevices,
  type Rates,
  reachOf,
  type Scheduled,
  type ScheduleKind,
  schedule,
  type TileSizes,
} from '../../codegen/schedule/index.js';
import type { Kernel, TileProgram } from '../../codegen/tile/program.js';
import { verifyProgram } from '../../codegen/tile/verify.js';
import { statementsOf } from '../../codegen/tile/walk.js';
import { type Graph, isGradientGraph, rowsAbove, topological } from '../../src/ir/index.js';
import { descriptionOf } from '../shared/description.js';
import { spaceOf } from '../shared/layout/space.js';
import { type Alternatives, joined, named } from '../shared/tile/alternatives.js';
import { kernelsOf } from '../shared/tile/program.js';
import { type CudaOptions, type EmittedModule, emitModule, planModule } from './emit.js';
import { type EmittedCuda, emitCuda } from './emit-files.js';
import { fit as fitProgram } from './fit.js';
import { FRAGMENT_ROWS, WARP } from './layout/fragments.js';
import { narrow } from './narrow.js';
import { cudaRates } from './rates.js';
import { roundsTerms } from './rounding.js';

export interface CompileCudaOptions extends CudaOptions {
  /** The schedule to take; by default the first that serves. */
  readonly schedule?: ScheduleKind | undefined;
  /** The tiles to take; by default the first that fit. */
  readonly tiles?: Pick<TileSizes, 'rows' | 'columns' | 'band'> | undefined;
  /** Leave out what other calls would rather have: `scheduled` is all that there is. */
  readonly single?: true | undefined;
  readonly version?: string | undefined;
}

export interface CompiledCuda {
  /** What is taken for long calls. */
  readonly scheduled: Scheduled;
  /** That first, and what other calls may want; the launcher chooses at the call. */
  readonly alternatives: Alternatives;
  readonly emitted: EmittedCuda;
}

/** Rows of scores and keys of a step, best first: a warp owns sixteen rows, and registers hold its keys. */
const tileSizes = [
  [128, 64],
  [64, 64],
  [64, 32],
  [32, 32],
  [16, 32],
  [16, 16],
  [16, 8],
] as const;

/**
 * Products of warpgroups read each key once for 64 rows, so that the operands of narrow ones take as long to come from shared
 * memory as the products take; nothing but plain attention has the registers for more keys.
 */
const wideTiles = [[128, 128]] as const;
const WIDE_COLUMNS = 128;

/** Rows of output are what is left of whole fragments of scores, `above` of which belong to rows above the block's own. */
const candidatesAround = (above: number, { architecture, dtype = 'f32' }: CompileCudaOptions): TileSizes[] =>
  [...(architecture === 'sm_90a' && dtype !== 'f32' ? wideTiles : []), ...tileSizes].map(([rows, columns]) => ({
    rows: rows > 2 * above ? rows - above : rows,
    columns,
  }));

/** As `candidatesAround`; of gradients whole, and less than whole by the positions around a block along either axis. */
function candidatesFor(graph: Graph, options: CompileCudaOptions): TileSizes[] {
  if (options.tiles) return [options.tiles];
  if (!isGradientGraph(graph)) return candidatesAround(rowsAbove(graph), options);
  const { query, key } = reachOf(topological(graph));
  return [...new Set([0, query, key])].flatMap((around) => candidatesAround(around, options));
}

/**
 * Tile sizes for schedules of few rows: a fragment's rows of scores, which cost what one of them does, as a product computes all; few
 * where more than half of them would belong to rows above.
 */
function fewRowsFor(graph: Graph, { tiles }: CompileCudaOptions): TileSizes[] {
  if (tiles) return [tiles];
  const above = rowsAbove(graph);
  const rows = FRAGMENT_ROWS > 2 * above ? FRAGMENT_ROWS - above : FEW_ROWS;
  return fewRowsColumns.map((columns) => ({ rows, columns }));
}

const fewRowsColumns = [64, 32, 16, 8] as const;
const FEW_ROWS = 4;

/** No binding limits a matrix of scores: bands stay as long as they are wanted up to some hundred thousand keys. */
const MATRIX_BYTES = 2 ** 30;

/** The multiprocessors of an H100 or H200, each of which wants a block; an A100 has 108. */
export const MULTIPROCESSORS = 132;

/** The most positions that tiles of a kernel have along its rows, or along its columns. */
const mostAlong = (kernel: Kernel, along: 'rows' | 'columns'): number =>
  Math.max(
    0,
    ...[...statementsOf(kernel.body)].flatMap((each) =>
      each.statement === 'let' && each.value.kind === 'tile'
        ? each.value.axes.filter(({ kind }) => kind === spaceOf(kernel)[along]).map(({ size }) => size)
        : [],
    ),
  );

/** Whether products of a program have as many columns as only products of warpgroups take at once. */
const isWide = (program: TileProgram): boolean =>
  kernelsOf(program).some(({ kernel }) => mostAlong(kernel, 'columns') >= WIDE_COLUMNS);

/** Rows of a block whose warps have sixteen each. */
const ROWS_OF_WARPS = 128;

/**
 * Whether tiles with the positions around a block's own have more rows than its warps: sharing rows, each warp reads the operands of
 * all of them. Few own rows among many others are as they are.
 */
const isTall = (program: TileProgram): boolean =>
  kernelsOf(program).some(
    ({ kernel }) =>
      mostAlong(kernel, 'rows') > ROWS_OF_WARPS && kernel.grid.some(({ step }) => 2 * step >= ROWS_OF_WARPS),
  );

const TOO_TALL = `tiles with the rows around a block's own have more than ${ROWS_OF_WARPS} rows`;
const ROUNDS_TERMS = 'the terms of its weights would be rounded one by one before they are added';

/** A scheduled program as it was found to fit. */
interface Fitted {
  /** The program with what it stores in few bits. */
  readonly program: TileProgram;
  readonly module: EmittedModule;
}

/**
 * What rounds terms one by one is taken where nothing else fits, and where it is asked for.
 * @param fitted gets what each program that fits is emitted as
 */
function scheduleFor(graph: Graph, options: CompileCudaOptions, fitted: Map<TileProgram, Fitted>): Scheduled {
  const { dtype = 'f32', schedule: kind } = options;
  let isAnyRefused = false;
  const noted = (): void => {
    isAnyRefused = true;
  };
  try {
    return scheduleAs(kind, graph, options, {
      fitted,
      refused: kind === undefined && dtype !== 'f32' ? noted : undefined,
    });
  } catch (error) {
    if (!isAnyRefused) throw error;
    return scheduleAs(kind, graph, options, { fitted });
  }
}

interface Fitting {
  readonly fitted: Map<TileProgram, Fitted>;
  /** Told of programs that round terms one by one, which are refused then; without it they are taken. */
  readonly refused?: (() => void) | undefined;
  /** Whether rows of blocks for few rows are heads that share keys; tried where that is not told. */
  readonly headsAsRows?: boolean;
}

function scheduleAs(
  kind: ScheduleKind | undefined,
  graph: Graph,
  options: CompileCudaOptions,
  { fitted, refused, headsAsRows }: Fitting,
): Scheduled {
  const { dtype = 'f32' } = options;
  return schedule(graph, {
    kind,
    candidates: candidatesFor(graph, options),
    fewRows: fewRowsFor(graph, options).map((each) => ({
      ...each,
      ...(headsAsRows === undefined ? {} : { headsAsRows, rows: headsAsRows ? 1 : each.rows }),
    })),
    rates: cudaRates[dtype],
    matrixBytes: MATRIX_BYTES,
    busyBlocks: MULTIPROCESSORS,
    fit: (program) => {
      const narrowed = narrow(program, dtype);
      if (refused && roundsTerms(narrowed)) {
        refused();
        return { fits: false, why: ROUNDS_TERMS };
      }
      const found = fitProgram(narrowed, options);
      if (!found.fits) return { fits: false, why: found.reason };
      const takesAll = found.kernels.every(({ isPlain, products }) => isPlain && products.form === 'wgmma');
      if (!takesAll && isWide(program)) {
        return { fits: false, why: `only plain products of warpgroups take ${WIDE_COLUMNS} keys at once` };
      }
      if (dtype !== 'f32' && isTall(program)) return { fits: false, why: TOO_TALL };
      fitted.set(program, { program: narrowed, module: found.module });
      return { fits: true };
    },
  });
}

/** A multiprocessor has four schedulers, each with warps of its own: a block of fewer threads leaves some of them without. */
const BUSY_THREADS = 4 * WARP;

/** The part of a multiprocessor that a block keeps busy. */
const partOf =
  (fitted: ReadonlyMap<TileProgram, Fitted>): NonNullable<Rates['partOf']> =>
  (kernel) => {
    for (const [program, { module }] of fitted) {
      const place = kernelsOf(program).findIndex((each) => each.kernel === kernel);
      if (place >= 0) return Math.min(1, module.kernels[place]!.threads / BUSY_THREADS);
    }
    return 1;
  };

/** @throws HeddleError where no schedule of the graph fits. */
export function compileCuda(graph: Graph, options: CompileCudaOptions = {}): CompiledCuda {
  const fitted = new Map<TileProgram, Fitted>();
  const { dtype = 'f32', schedule: asked, tiles, single } = options;
  const scheduled = scheduleFor(graph, options, fitted);
  const isAlone = asked !== undefined || tiles !== undefined || single || isGradientGraph(graph);
  // What rounds its terms one by one would be wrong by more than the first.
  const fewOf = (headsAsRows: boolean) => (): Scheduled =>
    scheduleAs('decode', graph, options, { fitted, refused: dtype === 'f32' ? undefined : () => {}, headsAsRows });
  const few = [{ make: fewOf(true) }, { make: fewOf(false) }];
  const found = alternativesOf(graph, scheduled, isAlone ? [] : few, {
    ...cudaRates[dtype],
    partOf: partOf(fitted),
  });
  const { perByte, perLaunch } = cudaRates[dtype];
  const { parallel } = costDevices.hardware;
  const device = { parallel, perByte, perLaunch: perLaunch / parallel };
  const alternatives = named(found, (program) => fitted.get(program)!.program, device);
  const [first, ...others] = alternatives.map(({ program }) => program);
  for (const program of [first!, ...others]) verifyProgram(program);
  const program = joined([first!, ...others]);
  const module =
    others.length === 0
      ? fitted.get(scheduled.program)!.module
      : emitModule(planModule(program, options, [first!, ...others]));
  const description = descriptionOf(graph, options.version);
  return { scheduled, alternatives, emitted: emitCuda(program, description, options, { module, alternatives }) };
}
