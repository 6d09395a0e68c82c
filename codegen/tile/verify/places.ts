// Rule: a place has an entry for each axis of its buffer, and the axis of a tile that runs along one is of its kind. A
// store says where each of its tile's axes goes, as two entries would be written to one element otherwise.
import type { BufferAxis, TileAxisKind } from '../types.js';
import { axisOfKind } from '../types.js';
import { type Access, accessesOf } from '../walk.js';
import type { ProgramRule } from './rule.js';

/** The tile axes that may run along an axis of a buffer; batches and splits are named by scalars only. */
const runsAlong: Readonly<Record<BufferAxis['kind'], readonly TileAxisKind[]>> = {
  batch: [],
  split: [],
  head: ['head', 'extent'],
  query: ['query'],
  row: ['query'],
  band: ['query', 'key'],
  key: ['key'],
  position: ['query', 'key'],
  feature: ['feature', 'extent'],
  extent: ['head', 'feature', 'extent'],
};

export const placesFitBuffers: ProgramRule = (report) => {
  for (const site of report.sites) {
    for (const access of accessesOf(site.statement)) {
      for (const why of placeFaults(access)) report.violation('HD8021', site, { buffer: access.buffer.name, why });
    }
  }
};

function placeFaults({ buffer, place, axes, is }: Access): readonly string[] {
  if (place.length !== buffer.axes.length) return [`has ${place.length} entries for ${buffer.axes.length} axes`];
  const placed = place.flatMap((entry) => ('along' in entry ? [entry.along] : []));
  const faults = place.flatMap((entry, n) => {
    if (!('along' in entry)) return [];
    const { kind } = buffer.axes[n]!;
    if (!runsAlong[kind].includes(entry.along)) return [`runs along its ${kind} axis by ${entry.along}`];
    return axisOfKind(axes, entry.along) ? [] : [`runs along the ${entry.along} axis, which the tile lacks`];
  });
  const repeated = placed.filter((kind, n) => placed.indexOf(kind) < n);
  const missing = is === 'write' ? axes.filter(({ kind }) => !placed.includes(kind)) : [];
  return [
    ...faults,
    ...repeated.map((kind) => `names the ${kind} axis twice`),
    ...missing.map(({ kind }) => `leaves out the ${kind} axis of the tile that is stored`),
  ];
}
