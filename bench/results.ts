// The numbers of the benchmark: what crosses between its processes, what is written as JSON, and the table for people.
// Ratios are the claim: times on a machine that does other things too are only as good as what they are compared with.

export interface Request {
  readonly workloads: readonly string[];
  readonly lengths: readonly number[];
  readonly repeats: number;
}

export interface Measured {
  readonly workload: string;
  readonly length: number;
  readonly contender: string;
  readonly what: string;
  /** Schedule and tiles. */
  readonly detail?: string;
  /** The largest ‖out − expected‖ / ‖expected‖ of its outputs that are right; absent where it computes something else. */
  readonly error?: number;
  /** The outputs that should be the same, and are not. */
  readonly wrong?: readonly string[];
  /** Bytes of all buffers that a call binds. */
  readonly bytes: number;
  readonly dispatches: number;
  /** From the call until the queue is done, each repetition. */
  readonly milliseconds: number[];
  /**
   * Time of all processors within that: on a software device what it computes, whatever else the machine does. A device
   * that waits for nothing to do is not charged for it.
   */
  readonly processorMilliseconds: number[];
}

export interface MeasuredDevice {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly software: boolean;
}

export type Result =
  | { readonly kind: 'device'; readonly device: MeasuredDevice }
  | { readonly kind: 'measured'; readonly measured: Measured };

interface Times {
  readonly median: number;
  readonly least: number;
  readonly all: readonly number[];
}

/** Its times over those of the first contender: the median over rounds, the two within seconds, with the extremes. */
interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface Summary extends Omit<Measured, 'milliseconds' | 'processorMilliseconds'> {
  readonly milliseconds: Times;
  readonly ratio: Ratio;
  readonly processorMilliseconds: Times;
  readonly processorRatio: Ratio;
}

export function summarise(measured: readonly Measured[]): readonly Summary[] {
  return measured.map((each) => {
    const first = measured.find(({ workload, length }) => workload === each.workload && length === each.length)!;
    return {
      ...each,
      milliseconds: timesOf(each.milliseconds),
      ratio: ratioOf(each.milliseconds, first.milliseconds),
      processorMilliseconds: timesOf(each.processorMilliseconds),
      processorRatio: ratioOf(each.processorMilliseconds, first.processorMilliseconds),
    };
  });
}

const timesOf = (all: readonly number[]): Times => ({
  median: rounded(median(all), 1),
  least: rounded(Math.min(...all), 1),
  all: all.map((time) => rounded(time, 1)),
});

function ratioOf(times: readonly number[], of: readonly number[]): Ratio {
  const ratios = times.map((time, round) => time / of[round]!);
  return {
    median: rounded(median(ratios), 2),
    least: rounded(Math.min(...ratios), 2),
    most: rounded(Math.max(...ratios), 2),
  };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const rounded = (number: number, digits: number): number => Number(number.toFixed(digits));

/** One line for each contender at each length. */
export function tableOf(summaries: readonly Summary[]): string {
  const header = [
    'T',
    'contender',
    'ratio',
    'range',
    'median',
    'by processor',
    'median',
    'dispatches',
    'buffers',
    'error',
  ];
  const rows = summaries.map(
    ({ length, contender, detail, ratio, milliseconds, dispatches, bytes, error, wrong, ...processor }) => [
      String(length),
      detail === undefined ? contender : `${contender} (${detail})`,
      `${ratio.median.toFixed(2)}×`,
      `${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)}`,
      `${milliseconds.median.toFixed(0)} ms`,
      `${processor.processorRatio.median.toFixed(2)}×`,
      `${processor.processorMilliseconds.median.toFixed(0)} ms`,
      String(dispatches),
      `${(bytes / 2 ** 20).toFixed(1)} MiB${growth(summaries, contender, length, bytes)}`,
      errorText(error, wrong),
    ],
  );
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const isText = (column: number): boolean => column === 1;
  return lines
    .map((line) =>
      line
        .map((cell, column) => (isText(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The error of what is right, and what is wrong; neither where something else is computed. */
function errorText(error: number | undefined, wrong: readonly string[] = []): string {
  const right = error === undefined ? [] : [error.toExponential(1)];
  const not = wrong.length === 0 ? [] : [`${wrong.join(', ')} wrong`];
  return [...right, ...not].join(', ') || 'other';
}

/** How bytes grow from the length before: about 1 is linear, about 2 a matrix of scores. */
function growth(summaries: readonly Summary[], contender: string, length: number, bytes: number): string {
  const before = summaries.filter((each) => each.contender === contender && each.length < length).at(-1);
  if (!before) return '';
  const power = Math.log(bytes / before.bytes) / Math.log(length / before.length);
  return ` ~T^${power.toFixed(1)}`;
}
