// Few query rows and many keys: the keys of each pass are split between blocks, and a kernel joins their shares in order.
// Launchers that choose at the call keep it beside that of long calls; elsewhere it is taken on request.

import { apply, evaluate, integer, length, variable } from '../../../src/ir/index.js';
import type { Launch } from '../../tile/program.js';
import { least, most, plus, quotient } from '../../tile/scalars.js';
import { axisOfKind, type Scalar } from '../../tile/types.js';
import { isRing, statementsOf } from '../../tile/walk.js';
import { headsOfRows, MOST_ROWS, withHeadsAsRows } from '../kernel/heads-as-rows.js';
import { type KernelPart, wholePass } from '../partition/passes.js';
import { isOnePass, planOf } from '../plan/plan.js';
import { type Shares, sharesAlways } from '../plan/space.js';
import { launched, plainWords, type Recipe, type StageContext } from './recipe.js';
import { twoPasses } from './two-pass.js';

/** Blocks that keep a large device busy where each has few rows. */
const ENOUGH_BLOCKS = 256;
const MOST_SHARES = 32;
/** Turns of a share at least: rings are filled by a turn before its own, which takes as long as one of them. */
const FEWEST_TURNS = { plain: 1, withRings: 4 } as const;

/**
 * Shares of the keys: as many as fill a device together with the groups of heads, the rows and the batch entries of a call, and
 * none so short that what is done for each of them weighs.
 */
function sharesFor({ graph }: KernelPart, { sizes: { rows, columns, shares, headsAsRows } }: StageContext): Shares {
  if (shares !== undefined) return sharesAlways(shares);
  const plan = planOf(graph);
  const { heads, extents } = plan;
  const groups = headsAsRows ? heads.groups / headsOfRows(plan) : heads.groups;
  const turns = FEWEST_TURNS[extents.longestLag + extents.lead > 0 ? 'withRings' : 'plain'];
  const most = Math.min(MOST_SHARES, Math.ceil(ENOUGH_BLOCKS / groups));
  const R = variable('R');
  const others = [rows === 1 ? R : quotient(plus(R, rows - 1), rows), length('batch')];
  const wanted = others.reduce<Scalar>((left, by) => apply('floorDivide', left, by), integer(most));
  return { count: atLeastOne(least(wanted, quotient(length('key'), turns * columns))), most };
}

const atLeastOne = (x: Scalar): Scalar => most(1, x);

/** How many shares there are where one row meets all the keys that there may be. */
const mostOf = (count: Scalar): number =>
  evaluate(count, { variable: () => 1, length: (of) => (of === 'key' ? 2 ** 24 : 1) })!;

/** What is told where heads that share keys are rows of a block. */
function groupedText(launches: readonly Launch[]): string {
  const statements = launches.flatMap((each) => (each.launch === 'kernel' ? statementsOf(each.kernel.body) : []));
  const values = statements.flatMap((each) => (each.statement === 'let' ? [each.value] : []));
  const heads = Math.max(
    0,
    ...values.map((value) => (isRing(value) ? 0 : (axisOfKind(value.axes, 'head')?.size ?? 0))),
  );
  return heads === 0
    ? ''
    : `; the rows of a block are ${heads} query heads, for which each key and value that they share is read once`;
}

export const decode: Recipe = {
  onRequest: true,
  mostRows: 4,
  launches: (part) => {
    const passes = isOnePass(part.graph) ? [wholePass(part.graph)] : twoPasses(part);
    if (!part.sizes.headsAsRows) return launched(passes, part, (pass) => sharesFor(pass, part));
    return passes.flatMap((pass) => {
      const rows = headsOfRows(planOf(pass.graph));
      return launched([pass], part, () => sharesFor(pass, part)).map((each) =>
        each.launch === 'kernel' ? { ...each, kernel: withHeadsAsRows(each.kernel, rows) } : each,
      );
    });
  },
  variantsOf: (_, sizes) =>
    sizes.headsAsRows === undefined && sizes.rows <= MOST_ROWS
      ? [{ ...sizes, rows: 1, headsAsRows: true }, sizes]
      : [sizes],
  words: plainWords('decode'),
  reason: (_, { buffers, launches }) => {
    const shares = buffers.flatMap(({ axes }) => axes.map((axis) => (axis.kind === 'split' ? mostOf(axis.size) : 1)));
    return (
      'it was asked for: few rows and many keys, which are split into shares for blocks of their own, at most ' +
      `${Math.max(1, ...shares)} and fewer where keys are few or rows are many; a kernel joins the shares in their order${groupedText(launches)}`
    );
  },
};
