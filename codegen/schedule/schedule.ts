// Chooses the schedule of a graph: the first kind that serves it, at the largest tiles that fit the target, with the reason
// in words. Nothing falls back silently to whole matrices of scores: what no fused schedule serves is a diagnostic.

import { fail } from '../../src/diagnostics/index.js';
import type { Graph } from '../../src/ir/index.js';
import type { TileProgram } from '../tile/program.js';
import { verifyProgram } from '../tile/verify.js';
import { fusedKinds, type ScheduleKind } from './kinds.js';
import { scheduleMaterialised } from './materialised.js';
import { scheduleOnline } from './online.js';
import { Unschedulable } from './reason.js';
import { assignRoles } from './roles.js';
import { scheduleSlab } from './slab.js';
import type { TileSizes } from './tiles.js';
import { scheduleTwoPass } from './two-pass.js';

/** What a target says of a program: it is the only authority on its limits. */
export type Fitting = { readonly fits: true } | { readonly fits: false; readonly why: string };

export interface ScheduleOptions {
  /** Whether the target can run a program; without it everything fits. */
  readonly fit?: ((program: TileProgram) => Fitting) | undefined;
  /** The schedule to take; by default the first that serves, materialised ones left out. */
  readonly kind?: ScheduleKind | undefined;
  /** Tile sizes to try, best first, and the one that fits if any does last. */
  readonly candidates?: readonly TileSizes[] | undefined;
}

/** A schedule that was tried and not taken: at some tile sizes, or at any. */
export interface Refused {
  readonly kind: ScheduleKind;
  readonly tiles?: TileSizes;
  /** Both in words: `online at 32×32`. */
  readonly what: string;
  readonly why: string;
}

export interface Scheduled {
  readonly program: TileProgram;
  readonly kind: ScheduleKind;
  /** Why this schedule: a sentence for people. */
  readonly reason: string;
  readonly tiles: TileSizes;
  /** In the order in which they were tried. */
  readonly refused: readonly Refused[];
}

const schedulers: Readonly<Record<ScheduleKind, (graph: Graph, tiles: TileSizes) => TileProgram>> = {
  online: scheduleOnline,
  'two-pass': scheduleTwoPass,
  slab: scheduleSlab,
  materialised: scheduleMaterialised,
};

const defaultCandidates: readonly TileSizes[] = [32, 16, 8].map((size) => ({ rows: size, columns: size }));
const everythingFits = (): Fitting => ({ fits: true });

/** @throws HeddleError HD6201 where no schedule serves, or the one that was asked for does not; HD6202 where none fits. */
export function schedule(graph: Graph, options: ScheduleOptions = {}): Scheduled {
  const { fit: fitOf = everythingFits, kind: asked, candidates = defaultCandidates } = options;
  const refused: Refused[] = [];

  /** The program at these tiles, if it fits. */
  const attempt = (kind: ScheduleKind, tiles: TileSizes): Scheduled | undefined => {
    const program = schedulers[kind](graph, tiles);
    verifyProgram(program);
    const fitting = fitOf(program);
    if (fitting.fits) return { program, kind, reason: reasons[kind](graph, refused), tiles, refused };
    refused.push({ kind, tiles, what: `${kind} at ${tiles.rows}×${tiles.columns}`, why: fitting.why });
    return undefined;
  };

  /** The largest tiles that fit. What does not fit at the smallest is not tried in between: programs take long to make. */
  const largest = (kind: ScheduleKind): Scheduled | undefined => {
    const [best, ...others] = candidates;
    const found = best && attempt(kind, best);
    const least = others.pop();
    if (found || !least) return found;
    const last = attempt(kind, least);
    if (!last) return undefined;
    for (const tiles of others) {
      const between = attempt(kind, tiles);
      if (between) return between;
    }
    return last;
  };

  for (const kind of asked === undefined ? fusedKinds : [asked]) {
    try {
      const found = largest(kind);
      if (found) return found;
    } catch (error) {
      if (!(error instanceof Unschedulable)) throw error;
      refused.push({ kind, what: kind, why: error.message });
    }
  }
  const code = refused.some(({ tiles }) => tiles !== undefined) ? 'HD6202' : 'HD6201';
  return fail(code, { graph: graph.name, asked, reasons: lastOfEach(refused).map(describe) });
}

/** The last refusal of each kind: that of its smallest tiles. */
const lastOfEach = (refused: readonly Refused[]): readonly Refused[] =>
  refused.filter(({ kind }, n) => refused.findLastIndex((each) => each.kind === kind) === n);

const describe = ({ what, tiles, why }: Refused): string =>
  tiles === undefined ? `${what}: ${why}` : `${what}, the smallest tiles: ${why}`;

type Reason = (graph: Graph, refused: readonly Refused[]) => string;

const reasons: Readonly<Record<ScheduleKind, Reason>> = {
  online: (graph) =>
    assignRoles(graph).normalisers.size === 0
      ? 'One pass over the keys is enough: no weight needs a sum over its row.'
      : 'One pass over the keys is enough: what stands between the softmax and the sum with v is linear in the weights ' +
        'and stays at its own row and key.',
  'two-pass': (_, refused) => {
    const [online] = lastOfEach(refused);
    const first =
      'a first pass gives the log-sum-exp of each row, a second one computes the scores again and applies them.';
    if (!online) return `In two passes: ${first}`;
    if (online.tiles === undefined) return `One pass is not enough, as ${online.why}: ${first}`;
    return `One pass does not fit the target (${online.why}): ${first}`;
  },
  slab: () =>
    'Bands of query rows, one after the other: the scores of a band go through memory between kernels, so that each ' +
    'block computes few heads and loads those that they are mixed from.',
  materialised: () => 'It was asked for: matrices of scores go through memory between kernels, as the baseline.',
};
