// From an optimised score graph to WGSL: the schedule that fits, its program, and the files. Runs in a browser.
// The target says which tile sizes to try and what fits; the schedule says why it was taken.
import {
  alternativesOf,
  type Costed,
  noCosts,
  reachOf,
  type Scheduled,
  type ScheduleKind,
  type ScheduleOptions,
  schedule,
  type TileSizes,
  type Try,
} from '../../codegen/schedule/index.js';
import type { TileProgram } from '../../codegen/tile/program.js';
import { type Graph, isGradientGraph, rowsAbove, topological } from '../../src/ir/index.js';
import { descriptionOf } from '../shared/description.js';
import { Refusal } from '../shared/refusal.js';
import { type Alternatives, joined, named } from '../shared/tile/alternatives.js';
import { type EmittedModule, emitModule, type WgslOptions } from './emit.js';
import { type EmittedWgsl, emitWgsl } from './emit-files.js';
import { type FittedKernel, fit as fitProgram } from './fit.js';
import type { LaunchedProgram } from './launch-text.js';
import { threadCounts } from './layout/threads.js';
import { defaultLimits, limitNames, type WgslLimits } from './limits.js';
import { choiceRates, wgslRates } from './rates.js';
import { withSubgroupVariants } from './subgroups.js';

export interface CompileWgslOptions extends WgslOptions {
  /** The one schedule to take; by default the first that serves, and alternatives for other calls beside it. */
  readonly schedule?: ScheduleKind | undefined;
  /** The tiles to take, without alternatives; by default the first that fit. */
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

const fewRowsTiles = (graph: Graph, rows: number): TileSizes[] =>
  fewRowsColumns(graph).map((columns) => ({ rows, columns }));

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

/** And so much longer for kernels whose threads subgroups join: lines that are others in the kernels that it has. */
const MOST_FOR_SUBGROUPS = 8_000;

/** What a launcher is longer by where it chooses and tunes, whatever the kernels: with less room there is nothing to look for. */
const CHOOSING = 16_000;

/** Large tiles serve most long calls: 64 × 64 took 0.79 of the time of 32 × 32 on lavapipe, 0.96 on SwiftShader. */
const LARGE_GAIN = 1.1;

/** Workgroup memory that most devices grant when they are asked, and rows and keys of tiles that want more than the least of all. */
const LARGE_BYTES = 32768;
const largeTiles = [
  [64, 64],
  [128, 32],
] as const;

/** What fits has been emitted to find that out. */
type FittedPrograms = Map<TileProgram, { readonly module: EmittedModule; readonly kernels: readonly FittedKernel[] }>;

/** @throws HeddleError where no schedule of the graph fits. */
export function compileWgsl(graph: Graph, options: CompileWgslOptions = {}): CompiledWgsl {
  const { schedule: asked, tiles, single } = options;
  const rates = wgslRates[options.dtype ?? 'f32'];
  const fitted: FittedPrograms = new Map();
  const whole = candidatesFor(rowsAbove(graph));
  const scheduledAs = (
    kind: ScheduleKind | undefined,
    { limits, ...sizes }: Pick<ScheduleOptions, 'candidates' | 'fewRows'> & Pick<WgslOptions, 'limits'> = {},
  ): Scheduled =>
    schedule(graph, {
      kind,
      candidates: tiles ? [tiles] : isGradientGraph(graph) ? candidatesForGradients(graph) : whole,
      fewRows: tiles ? [tiles] : [...fewRowsTiles(graph, fewRows.step), ...whole],
      ...sizes,
      rates,
      fit: (program) => {
        const found = fitProgram(program, limits ? { ...options, limits } : options);
        if (!found.fits) return { fits: false, why: found.reason };
        fitted.set(program, found);
        return { fits: true, isSpread: found.kernels.some(({ threads }) => threads > threadCounts[0]) };
      },
    });
  const scheduled = scheduledAs(asked);
  // Who asks for the schedule gets it at whatever tiles fit; here others serve where those for few rows do not.
  const decodeAt = (rows: number, headsAsRows: boolean): Try['make'] => {
    const sizes = fewRowsTiles(graph, rows).map((each) => ({ ...each, headsAsRows }));
    return () => scheduledAs('decode', { fewRows: sizes });
  };
  const grouped: Try = { make: decodeAt(fewRows.step, true) };
  const step: Try = { make: decodeAt(fewRows.step, false) };
  const few: readonly Try[] = [grouped, step, { make: decodeAt(fewRows.steps, false), after: step }];
  const limits = { workgroupBytes: LARGE_BYTES };
  const large: Try = {
    make: () => scheduledAs(scheduled.kind, { candidates: largeFor(rowsAbove(graph)), limits }),
    least: LARGE_GAIN,
  };
  const { kernels } = fitted.get(scheduled.program)!;
  const compiledAs = (joint: LaunchedProgram): CompiledWgsl => {
    const emitted = emitWgsl(joint.program, descriptionOf(graph, options.version), options, joint);
    return { scheduled, alternatives: joint.alternatives, kernels, emitted };
  };
  const byItself = compiledAs(joinedModule([{ scheduled, costs: noCosts }], fitted, options)!);
  const isAlone = asked !== undefined || tiles !== undefined || single || isGradientGraph(graph);
  if (isAlone || lengthOf(byItself) + CHOOSING > MOST_TEXT) return byItself;
  const tries = [...few, ...(options.limits || !growsWithTiles(scheduled) ? [] : [large])];
  const found = alternativesOf(graph, scheduled, tries, choiceRates(options.dtype ?? 'f32'));
  for (let count = found.length; count > 1; count -= 1) {
    // Together they may bind more buffers than each by itself.
    const joint = joinedModule(found.slice(0, count), fitted, options);
    const compiled = joint && compiledAs(joint);
    if (!compiled || lengthOf(compiled) > MOST_TEXT) continue;
    const larger = compiledAs(withVariants(joint, options));
    return lengthOf(larger) <= MOST_TEXT + MOST_FOR_SUBGROUPS ? larger : compiled;
  }
  return byItself;
}

/** With those of the alternatives besides that subgroups join the threads of: for whoever tunes. */
const withVariants = (joint: LaunchedProgram, { subgroups }: WgslOptions): LaunchedProgram =>
  subgroups ? joint : { ...joint, alternatives: withSubgroupVariants(joint.alternatives, joint.module) };

const lengthOf = ({ emitted }: CompiledWgsl): number => emitted.files.get(emitted.launcher)!.length;

/** Schedules of one kernel a pass, whose blocks read keys less often where their tiles are larger. */
const growsWithTiles = ({ kind }: Scheduled): boolean => kind === 'online' || kind === 'two-pass';

const largeFor = (above: number): TileSizes[] =>
  largeTiles.flatMap(([rows, columns]) => (rows > 2 * above ? [{ rows: rows - above, columns }] : []));

/** The module of some alternatives; undefined where several do not fit into one. */
function joinedModule(
  found: readonly Costed[],
  fitted: FittedPrograms,
  options: WgslOptions,
): LaunchedProgram | undefined {
  const alternatives = described(found, fitted, { ...defaultLimits, ...options.limits });
  const [first, ...others] = alternatives.map(({ program }) => program);
  if (others.length === 0) return { program: first!, module: fitted.get(first!)!.module, alternatives };
  const program = joined([first!, ...others]);
  const parts = alternatives.map((each) => {
    const isLarge = each.limits !== undefined;
    return { program: each.program, limits: isLarge ? { workgroupBytes: LARGE_BYTES } : undefined };
  });
  try {
    return { program, module: emitModule(program, options, parts), alternatives };
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** The alternatives, with what a device must grant for each beyond what was granted. */
const described = (found: readonly Costed[], fitted: FittedPrograms, granted: WgslLimits): Alternatives =>
  named(found).map((each, n) => {
    const { kernels } = fitted.get(found[n]!.scheduled.program)!;
    const bytes = Math.max(...kernels.map(({ workgroupBytes }) => workgroupBytes));
    return bytes > granted.workgroupBytes ? { ...each, limits: { [limitNames.workgroupBytes]: bytes } } : each;
  });
