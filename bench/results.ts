// The numbers of the benchmark: what crosses between its processes, and what is written as JSON.
// Ratios are the claim: times on a machine that does other things too are only as good as what they are compared with.
import type { Lengths, PackedWorkload } from './workloads.js';

export interface Request {
  readonly workloads: readonly PackedWorkload[];
  readonly lengths: Lengths;
  readonly repeats: number;
}

/** Milliseconds of a call in each round, by the clocks that a host has; empty where it has not. */
export interface Times {
  /** From the call until the queue is done. */
  readonly milliseconds: readonly number[];
  /**
   * Time of all processors within that: on a software device what it computes, whatever else the machine does. A device
   * that waits for nothing to do is not charged for it.
   */
  readonly processorMilliseconds: readonly number[];
  /** Time within passes, by the device's own clock. */
  readonly deviceMilliseconds: readonly number[];
}

interface Row {
  readonly workload: string;
  readonly length: number;
  readonly contender: string;
}

export interface Measured extends Row, Times {
  readonly what: string;
  /** Schedule and tiles. */
  readonly detail?: string;
  /** The largest ‖out − expected‖ / ‖expected‖ of its outputs that are right; absent where it computes something else. */
  readonly error?: number;
  /** The outputs that should be the same and are not, and by how much. */
  readonly wrong?: readonly string[];
  /** Bytes of all buffers that a call binds. */
  readonly bytes: number;
  readonly dispatches: number;
}

/** A contender that a workload is too much for, and what it said. */
export interface Failure extends Row {
  readonly why: string;
}

export interface MeasuredDevice {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly software: boolean;
  /** The optional features that all contenders have. */
  readonly features: readonly string[];
  /** Whether jax-js takes the device; it takes part in nothing otherwise. */
  readonly jaxIsHere: boolean;
}

export type Result =
  | { readonly kind: 'device'; readonly device: MeasuredDevice }
  | { readonly kind: 'measured'; readonly measured: Measured }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Begins a line of a measuring process that holds a result; drivers print lines of their own. */
export const RESULT_MARK = '\u001eresult ';

/** The median of the rounds, and all of them. */
export interface Statistics {
  readonly median: number;
  readonly least: number;
  readonly all: readonly number[];
}

/** Its times over those of the first contender: the median over rounds, the two within seconds, with the extremes. */
export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface Summary extends Omit<Measured, keyof Times> {
  readonly milliseconds: Statistics;
  readonly ratio: Ratio;
  readonly processorMilliseconds?: Statistics;
  readonly processorRatio?: Ratio;
  readonly deviceMilliseconds?: Statistics;
  readonly deviceRatio?: Ratio;
}

/** All that is found on a device in a precision. */
export interface Rows {
  readonly results: readonly Summary[];
  readonly failures: readonly Failure[];
}

/** What is found, and of what was found before the workloads and lengths that it has not. */
export function withFormer(now: Rows, former: Rows | undefined): Rows {
  if (former === undefined) return now;
  const placeOf = ({ workload, length }: Pick<Row, 'workload' | 'length'>): string => `${workload} ${length}`;
  const measured = new Set([...now.results, ...now.failures].map(placeOf));
  const isLeft = (row: Row): boolean => !measured.has(placeOf(row));
  const results = [...former.results.filter(isLeft), ...now.results].sort((one, other) => one.length - other.length);
  return { results, failures: [...former.failures.filter(isLeft), ...now.failures] };
}

export function summarise(measured: readonly Measured[]): readonly Summary[] {
  return measured.map((each) => {
    const first = measured.find(({ workload, length }) => workload === each.workload && length === each.length)!;
    const { processorMilliseconds: processor, deviceMilliseconds: device, milliseconds, ...row } = each;
    const hasDevice = device.length > 0 && device.length === first.deviceMilliseconds.length;
    return {
      ...row,
      milliseconds: statisticsOf(milliseconds),
      ratio: ratioOf(milliseconds, first.milliseconds),
      ...(processor.length > 0
        ? {
            processorMilliseconds: statisticsOf(processor),
            processorRatio: ratioOf(processor, first.processorMilliseconds),
          }
        : {}),
      ...(hasDevice
        ? { deviceMilliseconds: statisticsOf(device), deviceRatio: ratioOf(device, first.deviceMilliseconds) }
        : {}),
    };
  });
}

const statisticsOf = (all: readonly number[]): Statistics => ({
  median: significant(median(all)),
  least: significant(Math.min(...all)),
  all: all.map(significant),
});

function ratioOf(times: readonly number[], of: readonly number[]): Ratio {
  const ratios = times.map((time, round) => time / of[round]!);
  return {
    median: significant(median(ratios)),
    least: significant(Math.min(...ratios)),
    most: significant(Math.max(...ratios)),
  };
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Four digits: calls take from microseconds to seconds, and no clock here is better. */
const significant = (number: number): number => Number(number.toPrecision(4));
