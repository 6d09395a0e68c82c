// Which programs of a graph one launcher should hold: the one that is chosen for long calls, and those that some calls would
// clearly rather have, by what each is estimated to take over rows and keys.

import { HeddleError } from '../../../src/diagnostics/index.js';
import { type Graph, history } from '../../../src/ir/index.js';
import { type CostTable, costDevices, costGrid, costOf, costsOf, mapTables, noCosts } from './costs.js';
import type { Rates } from './rates.js';
import type { Scheduled } from './schedule.js';

export interface Costed {
  readonly scheduled: Scheduled;
  readonly costs: CostTable;
}

/** A further program must be so many times as fast at some call: it costs text, and estimates are coarse. */
const CLEARLY = 1.25;

/** A further program that may be kept. */
export interface Try {
  /** The program; none where it throws a diagnostic. */
  readonly make: () => Scheduled;
  /** How many times as fast it must be at some call; clearly faster unless told. */
  readonly least?: number;
  /** One that wants less of the target: where it has no program, this is not tried. */
  readonly after?: Try;
}

/**
 * The first program, and those of the others that take clearly less time at some call than all before them.
 */
export function alternativesOf(graph: Graph, first: Scheduled, tries: readonly Try[], rates: Rates): readonly Costed[] {
  const costed = (scheduled: Scheduled): Costed => ({
    scheduled,
    costs: costsOf(scheduled.program, rates, history(graph)),
  });
  const taken: Costed[] = [];
  const without = new Set<Try>();
  for (const each of tries) {
    const { make, least = CLEARLY, after } = each;
    const scheduled = after && without.has(after) ? undefined : scheduledOrNone(make);
    if (!scheduled) {
      without.add(each);
      continue;
    }
    const other = costed(scheduled);
    if (taken.length === 0) taken.push(costed(first));
    if (isWorthwhile(other.costs, taken, least)) taken.push(other);
  }
  return taken.length > 0 ? taken : [{ scheduled: first, costs: noCosts }];
}

function scheduledOrNone(make: () => Scheduled): Scheduled | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof HeddleError) return undefined;
    throw error;
  }
}

const isWorthwhile = (own: CostTable, others: readonly Costed[], least: number): boolean =>
  costGrid.rows.some((rows, row) =>
    costGrid.keys.some((keys, key) => {
      // There are seldom more rows than keys.
      if (rows > keys) return false;
      // A device with few cores may want another program than one with many units.
      return Object.values(costDevices).some((device) => {
        const at = (costs: CostTable): number =>
          costOf(
            mapTables((of) => costs[of][row]![key]!),
            1,
            device,
          );
        return others.every(({ costs }) => at(own) * least < at(costs));
      });
    }),
  );
