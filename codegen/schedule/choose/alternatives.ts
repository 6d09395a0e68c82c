// Which programs of a graph one launcher should hold: the one that is chosen for long calls, and those that some calls would
// clearly rather have, by what each is estimated to take over rows and keys.

import { HeddleError } from '../../../src/diagnostics/index.js';
import { type Graph, history } from '../../../src/ir/index.js';
import { type CostTable, costGrid, costOf, costsOf } from './costs.js';
import type { Rates } from './rates.js';
import type { Scheduled } from './schedule.js';

export interface Costed {
  readonly scheduled: Scheduled;
  readonly costs: CostTable;
}

/** A further program must save this much of some call's time: it costs text, and estimates are coarse. */
const CLEARLY = 1.25;

/** Blocks at once of a device with few cores and of one with many units: either may want another program. */
const parallels = [4, 128] as const;

/**
 * The first program, and those of the others that take clearly less time at some call than all before them.
 * @param tries give further programs; one that throws a diagnostic has none
 */
export function alternativesOf(
  graph: Graph,
  first: Scheduled,
  tries: readonly (() => Scheduled)[],
  rates: Rates,
): readonly Costed[] {
  const costed = (scheduled: Scheduled): Costed => ({
    scheduled,
    costs: costsOf(scheduled.program, rates, history(graph)),
  });
  const taken: Costed[] = [];
  for (const each of tries) {
    const scheduled = scheduledOrNone(each);
    if (!scheduled) continue;
    const other = costed(scheduled);
    if (taken.length === 0) taken.push(costed(first));
    if (isWorthwhile(other.costs, taken)) taken.push(other);
  }
  return taken.length > 0 ? taken : [{ scheduled: first, costs: { work: [], span: [] } }];
}

function scheduledOrNone(make: () => Scheduled): Scheduled | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof HeddleError) return undefined;
    throw error;
  }
}

const isWorthwhile = (own: CostTable, others: readonly Costed[]): boolean =>
  costGrid.rows.some((rows, row) =>
    costGrid.keys.some((keys, key) => {
      // There are seldom more rows than keys.
      if (rows > keys) return false;
      return parallels.some((parallel) => {
        const at = ({ work, span }: CostTable): number => costOf(work[row]![key]!, span[row]![key]!, 1, parallel);
        return others.every(({ costs }) => at(own) * CLEARLY < at(costs));
      });
    }),
  );
