// Rule: what a stencil, window or gram reads along a ring lies in [end − capacity, end), wherever the reader's box is a
// fixed distance from the ring's end; what it reads across lies in the ring's box, which inference sees to but for a gram.
import { type Counter, type Expression, integer } from '../../../src/ir/index.js';
import { TileTypeError } from '../inference.js';
import type { Neighbourhood } from '../operations/definition.js';
import { rangeOver } from '../operations/taps.js';
import { definitionOf } from '../operations.js';
import { difference, minus, plus } from '../scalars.js';
import { axisLetter, printScalar } from '../text/boxes.js';
import { axisOfKind, type Scalar, validRange } from '../types.js';
import { axesOf } from '../walk.js';
import { ringEnds } from './ends.js';
import type { ProgramReport, ProgramRule, Site } from './rule.js';

export const ringReadsAreHeld: ProgramRule = (report) => {
  for (const { kernel } of report.kernels) {
    const { ends } = ringEnds(kernel);
    for (const site of report.sites) {
      const { statement } = site;
      if (site.kernel !== kernel || statement.statement !== 'let') continue;
      const { operation, value } = statement;
      for (const reading of definitionOf(operation).neighbourhoods(operation, value)) {
        const { source } = reading;
        if (source.kind === 'ring') {
          const end = ends.get(source);
          const held = { low: 0, high: source.capacity };
          if (end) check(reading, source.axis, { origin: minus(end, source.capacity), held }, site, report);
        }
        if (reading.isInferred) continue;
        for (const axis of axesOf(source)) {
          if (axis.kind !== 'query' && axis.kind !== 'key') continue;
          check(reading, axis.kind, { origin: axis.origin, held: validRange(axis) }, site, report);
        }
      }
    }
  }
};

/** The entries of one axis from `origin` on whose offsets lie in `held`. */
interface Held {
  readonly origin: Scalar;
  readonly held: { readonly low: number; readonly high: number };
}

/** Checks that what is read along one axis is held. */
function check(
  { axes, counters, offsets }: Neighbourhood,
  kind: 'query' | 'key',
  { origin, held }: Held,
  site: Site,
  report: ProgramReport,
): void {
  const axis = axisOfKind(axes, kind);
  if (!axis) {
    report.violation('HD8004', site, { why: `the tile that reads a ring has no ${kind} axis` });
    return;
  }
  const reach = reachOf(offsets[kind], counters);
  if (typeof reach === 'string') {
    report.violation('HD8004', site, { why: reach });
    return;
  }
  const apart = difference(axis.origin, origin);
  if (apart === undefined) return;
  const own = validRange(axis);
  const [low, high] = [apart + own.low + reach.low, apart + own.high + reach.high];
  if (held.low <= low && high <= held.high) return;
  const range = (first: number, last: number): string => {
    const [from, to] = [plus(origin, integer(first)), plus(origin, integer(last))].map(printScalar);
    return `${axisLetter(kind)} from ${from} to ${to}`;
  };
  report.violation('HD8031', site, { reads: range(low, high), holds: range(held.low, held.high) });
}

/** The smallest and largest offset, or why there is none. */
function reachOf(offset: Expression, counters: readonly Counter[]): { low: number; high: number } | string {
  try {
    return rangeOver(offset, counters);
  } catch (error) {
    if (error instanceof TileTypeError) return error.message;
    throw error;
  }
}
