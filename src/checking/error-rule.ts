// The rule by which a kernel's output is judged: against gold, the float64 meaning, with the error that the kernel's
// precision explains, low, as the yardstick. Low knows nothing of schedules, so a kernel cannot excuse itself by them.
import { interpret } from '../interpreter/index.js';
import { type Graph, history } from '../ir/index.js';
import { type HostTensor, type Precision, smallestNormal, ulp } from '../tensors/index.js';
import { withTermsAsNodes } from './round-terms.js';

export interface Judgement {
  readonly passed: boolean;
  /** In float32, ‖out − gold‖ / ‖gold‖; in 16 bits, the worst block's largest error. Infinity where they cannot be compared. */
  readonly error: number;
  /** What the error may be. */
  readonly bound: number;
  /** Why it failed, for people. */
  readonly reason?: string;
}

/** Rows of a block: over a whole tensor, a leak in one row would hide behind the largest row. */
const BLOCK_ROWS = 64;

/** Further evaluations that round at random, where that to the nearest does not explain an error. */
const RANDOM_ROUNDINGS = 8;

/** A call, with the evaluation that rounds to the nearest where it is there already. */
export interface JudgedCall {
  readonly inputs: ReadonlyMap<string, HostTensor>;
  readonly rows: number;
  readonly low?: HostTensor;
}

/**
 * Judges the output `name` of a graph. The error of one evaluation says little of how a case is conditioned where few
 * numbers decide: it may happen to be 0. So what the nearest rounding does not explain, the worst of eight more may, in
 * which each rounding goes to either neighbour at random (Parker, Monte Carlo Arithmetic, 1997), terms of sums included.
 */
export function judgeOutput(
  graph: Graph,
  precision: Precision,
  { inputs, rows, low }: JudgedCall,
  name: string,
  { out, gold }: { readonly out: HostTensor; readonly gold: HostTensor },
): Judgement {
  const nearest = low ?? interpret(graph, inputs, { rows, precision }).get(name)!;
  const first = judge(out, gold, nearest, precision);
  if (first.passed || first.error === Number.POSITIVE_INFINITY || precision === 'f64') return first;
  const further = furtherLows(graph, precision, { inputs, rows });
  return judge(out, gold, [nearest, ...further.map((each) => each.get(name)!)], precision);
}

/** Outputs of the evaluations that round at random, where the one to the nearest does not explain an error; fewer where they take long. */
export function furtherLows(
  graph: Graph,
  precision: Precision,
  { inputs, rows }: Omit<JudgedCall, 'low'>,
  count = RANDOM_ROUNDINGS,
): readonly ReadonlyMap<string, HostTensor>[] {
  const terms = withTermsAsNodes({ ...graph, history: history(graph) });
  return Array.from({ length: count }, (_, n) => interpret(terms, inputs, { rows, precision, randomRounding: n + 1 }));
}

/**
 * Judges `out` against `gold` with `low` as the yardstick, or the worst of several, all of one shape [batch, head, row, feature] or [batch, head, row].
 * - float32: ‖out − gold‖ ≤ max(1e-5 · ‖gold‖, 3 · ‖low − gold‖, √n · 2^−126), Frobenius norms over the whole tensor of n;
 * - 16 bits, for each batch entry, head and 64 rows: max|out − gold| ≤ 2 · max|low − gold| + ulp(max|gold|), and
 *   mean|out − gold| ≤ 1.2 · mean|low − gold| + ulp(max|gold|) / 4.
 * Infinities must be where gold has them; a NaN in gold makes the comparison meaningless and fails.
 */
export function judge(
  out: HostTensor,
  gold: HostTensor,
  low: HostTensor | readonly HostTensor[],
  precision: Precision,
): Judgement {
  const lows = 'data' in low ? [low] : low;
  const failed = (reason: string): Judgement => ({ passed: false, error: Number.POSITIVE_INFINITY, bound: 0, reason });
  if (out.shape.join() !== gold.shape.join()) return failed(`has shape [${out.shape}], not [${gold.shape}]`);
  for (const [n, expected] of gold.data.entries()) {
    const actual = out.data[n]!;
    if (Number.isNaN(expected)) return failed(`the interpreter gives NaN at ${placeText(n, gold.shape)}`);
    if (!Number.isFinite(expected) && actual !== expected) {
      return failed(`${placeText(n, gold.shape)} is ${actual}, not ${expected}`);
    }
    if (Number.isFinite(expected) && !Number.isFinite(actual)) {
      return failed(`${placeText(n, gold.shape)} is ${actual}, not ${expected.toPrecision(6)}`);
    }
  }
  return precision === 'f64' || precision === 'f32'
    ? judgeWhole(out, gold, lows)
    : judgeBlocks(out, gold, lows, precision);
}

function judgeWhole(out: HostTensor, gold: HostTensor, lows: readonly HostTensor[]): Judgement {
  const norm = frobenius(gold.data);
  const error = distance(out.data, gold.data);
  const explained = largestError(lows.map(({ data }) => distance(data, gold.data)));
  // Devices may take numbers below the smallest normal one for 0: WGSL says so.
  const flushed = smallestNormal('f32') * Math.sqrt(gold.data.length);
  const bound = Math.max(1e-5 * norm, 3 * explained, flushed);
  const relative = (x: number): number => (norm === 0 ? x : x / norm);
  const passed = error <= bound;
  return {
    passed,
    error: relative(error),
    bound: relative(bound),
    ...(passed
      ? {}
      : { reason: `relative error ${relative(error).toExponential(2)} is above ${relative(bound).toExponential(2)}` }),
  };
}

function judgeBlocks(out: HostTensor, gold: HostTensor, lows: readonly HostTensor[], precision: Precision): Judgement {
  const rows = gold.shape[2] ?? 1;
  const rowSize = gold.shape.slice(3).reduce((product, size) => product * size, 1);
  const outer = (gold.shape[0] ?? 1) * (gold.shape[1] ?? 1);
  let worst: Judgement = { passed: true, error: 0, bound: Number.POSITIVE_INFINITY };
  for (let entry = 0; entry < outer; entry += 1) {
    for (let row = 0; row < rows; row += BLOCK_ROWS) {
      const start = (entry * rows + row) * rowSize;
      const end = (entry * rows + Math.min(rows, row + BLOCK_ROWS)) * rowSize;
      const errors = statistics(out.data, gold.data, start, end);
      const explained = lows.map(({ data }) => statistics(data, gold.data, start, end));
      const unit = ulp(precision, errors.largest);
      const bound = 2 * largestError(explained.map(({ maximum }) => maximum)) + unit;
      const meanBound = 1.2 * largestError(explained.map(({ mean }) => mean)) + unit / 4;
      const passed = errors.maximum <= bound && errors.mean <= meanBound;
      if (passed && (!worst.passed || errors.maximum / bound <= worst.error / worst.bound)) continue;
      if (!passed && !worst.passed) continue;
      const block = `rows ${row}–${Math.min(rows, row + BLOCK_ROWS) - 1} of head ${entry % (gold.shape[1] ?? 1)}`;
      const reason = `${block}: error max ${errors.maximum.toExponential(2)} (allowed ${bound.toExponential(2)}), mean ${errors.mean.toExponential(2)} (allowed ${meanBound.toExponential(2)})`;
      worst = { passed, error: errors.maximum, bound, ...(passed ? {} : { reason }) };
    }
  }
  return worst.bound === Number.POSITIVE_INFINITY ? { ...worst, bound: 0 } : worst;
}

/** An evaluation that overflows on its way, and so ends as an infinity or as NaN, explains any error: the precision has no answer. */
const largestError = (errors: readonly number[]): number =>
  errors.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...errors);

function statistics(values: Float64Array, gold: Float64Array, start: number, end: number) {
  let [maximum, sum, largest] = [0, 0, 0];
  for (let n = start; n < end; n += 1) {
    if (!Number.isFinite(gold[n]!)) continue;
    const difference = Math.abs(values[n]! - gold[n]!);
    maximum = Math.max(maximum, difference);
    sum += difference;
    largest = Math.max(largest, Math.abs(gold[n]!));
  }
  return { maximum, mean: sum / Math.max(1, end - start), largest };
}

/** √Σ x² over finite elements. */
export function frobenius(data: Float64Array): number {
  let sum = 0;
  for (const x of data) if (Number.isFinite(x)) sum += x * x;
  return Math.sqrt(sum);
}

/** √Σ (x − y)² over the elements where y is finite. */
export function distance(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < y.length; n += 1) if (Number.isFinite(y[n]!)) sum += (x[n]! - y[n]!) ** 2;
  return Math.sqrt(sum);
}

/** The index tuple of a flat index: `[0, 2, 14, 3]`. */
export function placeText(flat: number, shape: readonly number[]): string {
  const place: number[] = [];
  let rest = flat;
  for (const size of [...shape].reverse()) {
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${place.join(', ')}]`;
}
