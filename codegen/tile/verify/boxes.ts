// Rule: boxes are made of axes of different kinds with whole sizes and valid ranges inside of them; a ring runs along one
// of queries and keys, lies across the other, and holds at least one entry.
import { axisLetter } from '../text/boxes.js';
import type { Ring, TileAxis, Value, View } from '../types.js';
import { axesOf, boxesOf } from '../walk.js';
import { nameOf, type ProgramRule, type Site } from './rule.js';

export const boxesAreWellFormed: ProgramRule = (report) => {
  for (const site of report.sites) {
    const { statement } = site;
    for (const boxed of boxesOf(statement)) {
      for (const what of boxFaults(boxed)) {
        report.violation('HD8003', site, { what: `${subject(boxed, site)} ${what}` });
      }
    }
    if (statement.statement !== 'switch') continue;
    const { rows, columns } = statement;
    if (rows.kind !== 'query' || columns.kind !== 'key') {
      report.violation('HD8003', site, { what: 'the box of a switch is of query rows and key columns' });
    }
    for (const what of [...axisFaults(rows), ...axisFaults(columns)]) {
      report.violation('HD8003', site, { what: `the box of the switch ${what}` });
    }
  }
};

const subject = (boxed: Value | View, site: Site): string =>
  boxed.kind === 'view' ? `the view of ${boxed.buffer.name}` : nameOf(boxed, site);

function boxFaults(boxed: Value | View): readonly string[] {
  const axes = axesOf(boxed);
  const kinds = axes.map(({ kind }) => kind);
  const repeated = kinds.filter((kind, n) => kinds.indexOf(kind) < n);
  return [
    ...repeated.map((kind) => `has more than one ${kind} axis`),
    ...axes.flatMap(axisFaults),
    ...(boxed.kind === 'ring' ? ringFaults(boxed) : []),
  ];
}

const isSize = (size: number): boolean => Number.isSafeInteger(size) && size >= 1;

function axisFaults({ kind, size, valid }: TileAxis): readonly string[] {
  const faults = isSize(size) ? [] : [`has ${size} entries along ${axisLetter(kind)}`];
  if (valid === undefined) return faults;
  const { low, high } = valid;
  const isInside = Number.isSafeInteger(low) && Number.isSafeInteger(high) && 0 <= low && low <= high && high <= size;
  if (!isInside) faults.push(`is valid in ${low}..${high} of ${size} entries along ${axisLetter(kind)}`);
  return faults;
}

function ringFaults({ axis, across, capacity }: Ring): readonly string[] {
  const other = axis === 'key' ? 'query' : 'key';
  return [
    ...(across.kind === other ? [] : [`runs along the ${axis} axis and lies across the ${across.kind} axis`]),
    ...(isSize(capacity) ? [] : [`holds ${capacity} entries`]),
  ];
}
