// Chooses the schedule of a graph: of the kinds that serve it, the one that is estimated to take least time at tiles that
// fit the target, with the reason in words. What no fused schedule serves is a diagnostic, never a whole matrix of scores.

import { fail } from '../../../src/diagnostics/index.js';
import { type Graph, headGroups } from '../../../src/ir/index.js';
import { runTilePasses } from '../../tile/passes/index.js';
import type { TileProgram } from '../../tile/program.js';
import { verifyProgram } from '../../tile/verify.js';
import type { TileShape, TileSizes } from '../plan/space.js';
import { Unschedulable } from '../reads/reason.js';
import { remembered } from '../reads/remembered.js';
import { fusedKinds, kindsFor, recipes } from '../recipes/index.js';
import type { ScheduleKind } from '../recipes/kinds.js';
import { type RowsInMemory, type Staged, stagedProgram } from '../recipes/staged.js';
import { estimateOf } from './estimate.js';
import type { Rates } from './rates.js';
import { firstTilesByOwner, misfitByOwner, type OwnerTilesOptions, tilesByOwner } from './tiles-by-owner.js';

/** What a target says of a program: it is the only authority on its limits. */
export type Fitting =
  | {
      readonly fits: true;
      /** Set where blocks have more threads than their tiles are work for, as fewer would not hold them in registers. */
      readonly isSpread?: boolean;
    }
  | { readonly fits: false; readonly why: string };

export interface ScheduleOptions {
  /** Whether the target can run a program; without it everything fits. */
  readonly fit?: ((program: TileProgram) => Fitting) | undefined;
  /** The schedule to take; by default the fused one that is estimated to take least time. */
  readonly kind?: ScheduleKind | undefined;
  /** Tile sizes to try, largest first, and the one that fits if any does last. */
  readonly candidates?: readonly TileSizes[] | undefined;
  /** The same for recipes whose blocks have few rows; the others with fewer rows unless told. */
  readonly fewRows?: readonly TileSizes[] | undefined;
  /** The most bytes that a matrix of scores of a band takes, over all batch entries; what WebGPU binds by default unless told. */
  readonly matrixBytes?: number | undefined;
  /** The blocks that the target's devices need at once, where bands are made for them. */
  readonly busyBlocks?: number | undefined;
  /** How fast the target does what the programs are made of; without them nothing is faster than plain arithmetic. */
  readonly rates?: Rates | undefined;
}

/** A schedule that was tried and not taken: at some tile sizes, or at any. */
export interface Refused {
  readonly kind: ScheduleKind;
  readonly tiles?: TileShape;
  /** Both in words: `online at 32×32`. */
  readonly what: string;
  readonly why: string;
  /** How many times as long it is estimated to take as what was taken, where it was not tried for that. */
  readonly ratio?: number;
}

export interface Scheduled {
  readonly program: TileProgram;
  /** The program as the schedule made it, before the passes over tile programs. */
  readonly written: TileProgram;
  readonly kind: ScheduleKind;
  /** Why this schedule: a sentence for people. */
  readonly reason: string;
  readonly tiles: TileSizes;
  /** Values of rows that go through memory between kernels, as they are read where no block holds them. */
  readonly inMemory: readonly RowsInMemory[];
  /** In the order in which they were tried. */
  readonly refused: readonly Refused[];
}

const defaultCandidates: readonly TileSizes[] = [32, 16, 8].map((size) => ({ rows: size, columns: size }));

/** The tile sizes of a kind, largest first. */
function tilesFor(
  kind: ScheduleKind,
  { candidates = defaultCandidates, fewRows }: ScheduleOptions,
): readonly TileSizes[] {
  const { mostRows } = recipes[kind];
  if (mostRows === undefined) return candidates;
  const few = fewRows ?? candidates.map((tiles) => ({ ...tiles, rows: Math.min(tiles.rows, mostRows) }));
  return few.filter(
    ({ rows, columns, headsAsRows }, n) =>
      few.findIndex((each) => each.rows === rows && each.columns === columns && each.headsAsRows === headsAsRows) === n,
  );
}

const areaOf = ({ rows, columns }: TileShape): number => rows * columns;

/** Heads that are so many that blocks seldom hold what they need of all of them. */
const MANY_HEADS = 4;
const sharesManyHeads = (graph: Graph): boolean => headGroups(graph).size > MANY_HEADS;

const everythingFits = (): Fitting => ({ fits: true });

/** Another schedule than one pass is taken where it is estimated to take this much less time, as estimates are coarse. */
const CLEARLY = 1.25;

/** A program that may be taken, with what it is estimated to take. */
interface Candidate extends Staged {
  readonly tiles: TileSizes;
  readonly estimate: number;
}

/** A kind of schedule, the program of it that is to be tried, and those behind that one. */
interface Search {
  readonly kind: ScheduleKind;
  readonly programs: Iterator<Candidate, undefined>;
  next: Candidate | undefined;
}

/** A graph that is compiled for several devices has the same programs for all of them: each is made once. */
const programsOf = remembered((_: Graph) => new Map<string, Staged>());

function stagedOnce(graph: Graph, kind: ScheduleKind, tiles: TileSizes): Staged {
  const known = programsOf(graph);
  const ofOwners = Object.entries(tiles.ofOwners ?? {}).map(([owner, { rows, columns }]) => [owner, rows, columns]);
  const key = [
    kind,
    tiles.rows,
    tiles.columns,
    tiles.band,
    tiles.shares,
    tiles.matrixBytes,
    tiles.busyBlocks,
    tiles.isApart,
    tiles.keepsNeighbours,
    tiles.headsAsRows,
    ...ofOwners,
  ].join();
  const staged = known.get(key) ?? stagedProgram(kind, graph, tiles);
  known.set(key, staged);
  return staged;
}

/** What the passes make of a program. Programs that are not even tried are left as they are. */
const finishedOnce = remembered((written: TileProgram): TileProgram => runTilePasses(written));

/** @throws HeddleError HD6201 where no schedule serves, or the one that was asked for does not; HD6202 where none fits. */
export function schedule(graph: Graph, options: ScheduleOptions = {}): Scheduled {
  const { fit: fitOf = everythingFits, kind: asked, rates, matrixBytes, busyBlocks } = options;
  const refused: Refused[] = [];
  const rounds = kindsFor(graph, asked);
  const tilesOf = (kind: ScheduleKind): readonly TileSizes[] => tilesFor(kind, options);

  const fittingOf = remembered(({ program }: Candidate): Fitting => fitOf(finishedOnce(program)));
  const refuse = (
    kind: ScheduleKind,
    tiles: TileShape & Pick<TileSizes, 'headsAsRows'>,
    why: string,
    ratio?: number,
  ): void => {
    const what = `${kind} at ${tiles.rows}×${tiles.columns}${tiles.headsAsRows ? ' with heads as rows' : ''}`;
    refused.push({ kind, tiles, what, why, ...(ratio === undefined ? {} : { ratio }) });
  };
  /** The program of a kind at some tiles, or nothing with the reason noted. */
  const candidateAt = (kind: ScheduleKind, tiles: TileSizes, note: (why: string) => void): Candidate | undefined => {
    try {
      const staged = stagedOnce(graph, kind, {
        ...tiles,
        matrixBytes,
        busyBlocks: busyBlocks ?? tiles.busyBlocks,
      });
      // What is alone needs no estimate.
      const isAlone = rounds.every((kinds) => kinds.length === 1);
      return { ...staged, tiles, estimate: isAlone ? 0 : estimateOf(staged.program, rates) };
    } catch (error) {
      if (!(error instanceof Unschedulable)) throw error;
      note(error.message);
      return undefined;
    }
  };

  /** The one choice of tiles for a kind whose kernels have owners; as they are where some kernel fits at none of them. */
  const ownerTiles = (kind: ScheduleKind): readonly TileSizes[] => {
    const sizes = tilesOf(kind);
    if (sizes.length === 1) return sizes;
    const smallest = [...sizes].sort((one, other) => areaOf(one) - areaOf(other))[0]!;
    // A part reads what the others leave: only the whole holds all rules.
    const fittingOfPart = remembered((program: TileProgram): Fitting => fitOf(runTilePasses(program)));
    const options: OwnerTilesOptions = {
      programAt: (tiles) => candidateAt(kind, tiles, (why) => refuse(kind, tiles, why))?.program,
      misfit: (program) => {
        const fitting = fittingOfPart(program);
        return fitting.fits ? undefined : fitting.why;
      },
      isSpread: (program) => {
        const fitting = fittingOfPart(program);
        return fitting.fits && fitting.isSpread === true;
      },
      rates,
      refuse: (tiles, why) => refuse(kind, tiles, why),
    };
    if (recipes[kind].takesFirst) return [firstTilesByOwner(sizes, options) ?? smallest];
    // Heads of a block that fit at no size are many, and take long at each.
    const least = sharesManyHeads(graph) ? { ...smallest, isApart: true as const } : undefined;
    const program = least && options.programAt(least);
    const misfit = program && misfitByOwner(program, options.misfit);
    if (misfit) refuse(kind, smallest, `kernels of ${misfit.owner}: ${misfit.why}`);
    if (misfit || (least && !program)) return [];
    const found =
      tilesByOwner(sizes, options) ??
      tilesByOwner(
        sizes.map((each) => ({ ...each, isApart: true })),
        options,
      );
    return [found ?? smallest];
  };

  /** The programs of a kind in the order in which they are tried, each where those before it do not fit. */
  function* triesOf(kind: ScheduleKind): Generator<Candidate, undefined> {
    const { hasOwners, variantsOf } = recipes[kind];
    const sizes = hasOwners ? ownerTiles(kind) : tilesOf(kind);
    const all = variantsOf ? sizes.flatMap((each) => variantsOf(graph, each)) : sizes;
    const rest = all.filter(({ headsAsRows }) => !headsAsRows);
    // What is no way of the graph's at some tiles is none at any.
    const grouped = all.find(({ headsAsRows }) => headsAsRows);
    const isGrouped = grouped && candidateAt(kind, grouped, (why) => refuse(kind, grouped, why)) !== undefined;
    const [first, ...others] = isGrouped ? all : rest;
    const largest = first && candidateAt(kind, first, (why) => refused.push({ kind, what: kind, why }));
    if (!largest) return;
    yield largest;
    const tried = (tiles: TileSizes) => candidateAt(kind, tiles, (why) => refuse(kind, tiles, why));
    // What fits at no size is not tried in between: that takes long.
    const last = others.pop();
    const least = last && tried(last);
    if (!least) return;
    const fitting = fittingOf(least);
    if (!fitting.fits) {
      refuse(kind, least.tiles, fitting.why);
      return;
    }
    for (const tiles of others) {
      const between = tried(tiles);
      if (between) yield between;
    }
    yield least;
  }

  const takenOf = (kinds: readonly ScheduleKind[]): Scheduled | undefined => {
    const searches = kinds.map((kind): Search => {
      const programs = triesOf(kind);
      return { kind, programs, next: programs.next().value };
    });
    for (;;) {
      const open = searches.filter((search) => search.next !== undefined);
      const [best] = [...open].sort((one, other) => rankOf(one, kinds) - rankOf(other, kinds));
      if (!best) return undefined;
      const { program: written, tiles, estimate } = best.next!;
      const fitting = fittingOf(best.next!);
      if (fitting.fits) {
        for (const other of open) {
          if (other === best) continue;
          const ratio = other.next!.estimate / estimate;
          refuse(other.kind, other.next!.tiles, `an estimated ${ratio.toFixed(1)} times as long`, ratio);
        }
        const reason = reasonFor(best.kind, graph, best.next!, refused);
        const program = finishedOnce(written);
        verifyProgram(program);
        return { program, written, kind: best.kind, reason, tiles, inMemory: best.next!.inMemory, refused };
      }
      refuse(best.kind, tiles, fitting.why);
      best.next = best.programs.next().value;
    }
  };
  for (const kinds of rounds) {
    const taken = takenOf(kinds);
    if (taken) return taken;
  }
  const code = refused.some(({ tiles }) => tiles !== undefined) ? 'HD6202' : 'HD6201';
  return fail(code, {
    graph: graph.name,
    asked,
    reasons: lastOfEach(refused).map((each) => describe(each, options.candidates?.length === 1)),
  });
}

/** The estimate that schedules are ordered by: those behind the first kind must be clearly better. */
const rankOf = ({ kind, next }: Search, kinds: readonly ScheduleKind[]): number =>
  next!.estimate * (kind === kinds[0] ? 1 : CLEARLY);

/** The last refusal of each kind: that of its smallest tiles. */
const lastOfEach = (refused: readonly Refused[]): readonly Refused[] =>
  refused.filter(({ kind }, n) => refused.findLastIndex((each) => each.kind === kind) === n);

/** @param isAsked whether the tiles are the one size that was to be tried */
const describe = ({ what, tiles, why }: Refused, isAsked: boolean): string =>
  tiles === undefined || isAsked ? `${what}: ${why}` : `${what}, the smallest tiles: ${why}`;

/** Why a schedule was taken: why none of those before it was, and what it does. */
function reasonFor(kind: ScheduleKind, graph: Graph, taken: Candidate, refused: readonly Refused[]): string {
  const before = fusedKinds.slice(0, Math.max(0, fusedKinds.indexOf(kind)));
  const why = lastOfEach(refused).flatMap((each) => (before.includes(each.kind) ? [whyNot(each)] : []));
  const own = recipes[kind].reason(graph, taken.program);
  const behind = taken.inMemory.length === 0 ? '' : `; ${cutText(taken.inMemory)}`;
  return sentence(`${why.length === 0 ? own : `${why.join('; ')}: ${own}`}${behind}`);
}

/** What goes through memory between stages, and why. */
function cutText(rows: readonly RowsInMemory[]): string {
  const parts = rows.map(({ name, why }) => (why === undefined ? name : `${name}, which is read ${why}`));
  const bytes = rows.reduce((sum, { bytesPerRow }) => sum + bytesPerRow, 0);
  return `cut behind ${parts.join('; and behind ')}: ${bytes} bytes for each row go through memory to a further kernel`;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function whyNot({ kind, tiles, why, ratio }: Refused): string {
  const { name, is, does } = recipes[kind].words;
  if (tiles === undefined) return `${name} ${is}, as ${why}`;
  const at = `${tiles.rows}×${tiles.columns}`;
  if (ratio !== undefined) return `${name} at ${at} would take an estimated ${ratio.toFixed(1)} times as long`;
  return `${name} ${does} not fit the target (${why})`;
}
