// Which programs of a graph one launcher should hold: the one that is chosen for long calls, and those that some calls would
// clearly rather have, by what each is estimated to take over rows and keys.

import { HeddleError } from '../../../src/diagnostics/index.js';
import { type Graph, history } from '../../../src/ir/index.js';
import { type CostTable, costDevices, costGrid, costOf, costsOf, noCosts } from './costs.js';
import type { Rates } from './rates.js';
import type { Scheduled } from './schedule.js';

export interface Costed {
  readonly scheduled: Scheduled;
  readonly costs: CostTable;
}

/** A further program must save this much of some call's time: it costs text, and estimates are coarse. */
const CLEARLY = 1.25;

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

const isWorthwhile = (own: CostTable, others: readonly Costed[]): boolean =>
  costGrid.rows.some((rows, row) =>
    costGrid.keys.some((keys, key) => {
      // There are seldom more rows than keys.
      if (rows > keys) return false;
      // A device with few cores may want another program than one with many units.
      return Object.values(costDevices).some((device) => {
        const at = ({ operations, bytes, span }: CostTable): number =>
          costOf({ operations: operations[row]![key]!, bytes: bytes[row]![key]!, span: span[row]![key]! }, 1, device);
        return others.every(({ costs }) => at(own) * CLEARLY < at(costs));
      });
    }),
  );
