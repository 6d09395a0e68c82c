// What a reader has chosen to look at: a measurement, a base, an order, a filter. All charts and ratios follow it.
// The first choice is made here for the document as it is written; the page makes all others.
import type { Pass, StudyRecord, Timing } from '../../studies/record/study.js';

/** One device, pass and shape of a study: what a column of times or errors is of. */
export interface Measurement {
  readonly device: string;
  readonly pass: Pass;
  /** The index among the study's shapes. */
  readonly shape: number;
}

export interface Selection {
  /** An index into `measurementsOf`. */
  readonly measurement: number;
  readonly base: string;
  /** The column that rows are ordered by; `study` is the order of the study. */
  readonly sort: string;
  readonly descending: boolean;
  /** Rows whose name or settings hold this text; all where it is empty. */
  readonly filter: string;
}

/** What can be chosen: what was timed, or, for a study without timing, what was checked. */
export function measurementsOf({ timings, variants, shapes }: StudyRecord): readonly Measurement[] {
  if (timings.length > 0) return timings.map(({ device, pass, shape }) => ({ device, pass, shape }));
  const checked = new Map(
    variants.flatMap(({ checks }) => checks).map(({ device, pass }) => [`${device} ${pass}`, { device, pass }]),
  );
  return [...checked.values()].flatMap((each) => shapes.map((_, shape) => ({ ...each, shape })));
}

/** The largest shape of a GPU if one was there, of the first device otherwise. */
export function firstSelection(record: StudyRecord): Selection {
  const measurements = measurementsOf(record);
  const kindOf = ({ device }: Measurement) => record.devices.find(({ name }) => name === device)?.kind;
  const keysOf = ({ shape }: Measurement) => record.shapes[shape]?.keys ?? 0;
  const rank = (each: Measurement): number =>
    (kindOf(each) === 'gpu' ? 4 : kindOf(each) === 'software' ? 2 : 0) + (each.pass === 'forward' ? 1 : 0);
  const best = [...measurements].sort((x, y) => rank(y) - rank(x) || keysOf(y) - keysOf(x))[0];
  return {
    measurement: best === undefined ? 0 : measurements.indexOf(best),
    base: record.base,
    sort: 'study',
    descending: false,
    filter: '',
  };
}

export const timingOf = (record: StudyRecord, { device, pass, shape }: Measurement): Timing | undefined =>
  record.timings.find((each) => each.device === device && each.pass === pass && each.shape === shape);

/** 'webgpu (software), forward, B 1, Tq 256, Tk 256'. */
export function describeMeasurement(record: StudyRecord, { device, pass, shape }: Measurement): string {
  const kind = record.devices.find(({ name }) => name === device)?.kind;
  return `${device}${kind === undefined ? '' : ` (${kind})`}, ${pass}, ${describeShape(record, shape)}`;
}

export function describeShape({ shapes }: StudyRecord, index: number): string {
  const shape = shapes[index];
  return shape === undefined ? '' : `B ${shape.batch}, Tq ${shape.queries}, Tk ${shape.keys}`;
}
