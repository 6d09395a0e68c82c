// Checks a device on a graph: random inputs over the awkward shapes, judged against the interpreter; the dependency
// probe; and the same bits from a second run.
import { type Diagnostic, HeddleError } from '../diagnostics/index.js';
import { interpret, requireMemory } from '../interpreter/index.js';
import type { Graph } from '../ir/index.js';
import type { HostTensor, Precision } from '../tensors/index.js';
import { chooseProbes, runProbes } from './dependency-probe.js';
import type { Device } from './device.js';
import { judgeOutput } from './error-rule.js';
import { type Draw, randomInputs } from './random-inputs.js';
import { awkwardShapes, type CheckShape } from './shapes.js';

export interface CheckCase {
  readonly shape: CheckShape;
  readonly seed: number;
  /** Which numbers the inputs hold. */
  readonly draw: Draw;
  readonly passed: boolean;
  /** The worst error over the outputs and the bound of that output, as the error rule defines them. */
  readonly error: number;
  readonly bound: number;
  readonly probes: number;
  /** What went wrong, for people. */
  readonly problems: readonly string[];
}

export interface CheckOptions {
  readonly seed?: number | undefined;
  /** The shapes to run; by default the awkward shapes of the graph. */
  readonly shapes?: readonly CheckShape[] | undefined;
  /** Which numbers to draw at every shape; random ones unless told. */
  readonly draw?: Draw | undefined;
  readonly onCase?: (done: CheckCase) => void;
}

export const DEFAULT_SEED = 1;

type Tensors = ReadonlyMap<string, HostTensor>;

/** Runs every shape; a case that fails does not end the check. */
export async function checkGraph(
  graph: Graph,
  device: Device,
  options: CheckOptions = {},
): Promise<readonly CheckCase[]> {
  const seed = options.seed ?? DEFAULT_SEED;
  const cases: CheckCase[] = [];
  for (const [n, shape] of (options.shapes ?? awkwardShapes(graph)).entries()) {
    const done = await checkCase(graph, device, shape, seed + n, options.draw);
    options.onCase?.(done);
    cases.push(done);
  }
  return cases;
}

/** Runs one shape with the inputs of one seed. Probes and the second run are made with random numbers alone. */
export async function checkCase(
  graph: Graph,
  device: Device,
  shape: CheckShape,
  seed: number,
  draw: Draw = 'random',
): Promise<CheckCase> {
  const { rows } = shape;
  requireMemory(graph, shape);
  const { inputs, gold, low } = comparableInputs(graph, shape, seed, device.precision, draw);
  const problems: string[] = [];
  let worst = { error: 0, bound: 0 };
  let probes = 0;
  try {
    const out = await device.run(graph, inputs, { rows });
    for (const [name, expected] of gold) {
      const actual = out.get(name);
      if (!actual) {
        problems.push(`output ${name} is missing`);
        continue;
      }
      const call = { inputs, rows, low: low.get(name)! };
      const judgement = judgeOutput(graph, device.precision, call, name, { out: actual, gold: expected });
      if (!judgement.passed) problems.push(`${name}: ${judgement.reason ?? 'wrong'}`);
      if (ratio(judgement) >= ratio(worst)) worst = judgement;
    }
    if (problems.length === 0 && draw === 'random') {
      if (!sameBits(out, await device.run(graph, inputs, { rows }))) problems.push('a second run gives other bits');
      const { batch, queries, keys } = shape;
      const chosen = chooseProbes(graph, inputs, device, { sizes: { batch, queries, keys }, seed });
      const outcome = await runProbes(graph, device, chosen, { inputs, rows, gold, low, out });
      probes = outcome.probes;
      if (outcome.problem) problems.push(outcome.problem);
    }
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    problems.push(...error.diagnostics.map(({ code, message }: Diagnostic) => `${code}: ${message}`));
  }
  return { shape, seed, draw, passed: problems.length === 0, error: worst.error, bound: worst.bound, probes, problems };
}

const ratio = ({ error, bound }: { readonly error: number; readonly bound: number }): number =>
  error === 0 ? 0 : error / bound;

interface Comparable {
  readonly inputs: Tensors;
  readonly gold: Tensors;
  readonly low: Tensors;
}

/**
 * Inputs on which the interpreter gives numbers: positive ones where numbers around 0 do not do, and random ones where
 * the edges of what may be held overflow in the device's precision.
 */
function comparableInputs(
  graph: Graph,
  { batch, queries, keys, rows }: CheckShape,
  seed: number,
  precision: Precision,
  draw: Draw,
): Comparable {
  const drawn = (each: Draw): Comparable => {
    const inputs = randomInputs(graph, { batch, queries, keys }, seed, precision, each);
    return { inputs, gold: interpret(graph, inputs, { rows }), low: interpret(graph, inputs, { rows, precision }) };
  };
  for (const each of draw === 'random' ? ([draw] as const) : ([draw, 'random'] as const)) {
    const found = drawn(each);
    if (isComparable(found, each !== 'random')) return found;
  }
  return drawn('positive');
}

/** Whether gold has no NaN and, where it matters, low is finite just where gold is. */
function isComparable({ gold, low }: Comparable, mustBeFinite: boolean): boolean {
  return [...gold].every(([name, { data }]) =>
    data.every((value, n) => {
      const other = low.get(name)!.data[n]!;
      return (
        !Number.isNaN(value) && (!mustBeFinite || (Number.isFinite(value) ? Number.isFinite(other) : other === value))
      );
    }),
  );
}

function sameBits(one: Tensors, other: Tensors): boolean {
  for (const [name, { data }] of one) {
    const again = other.get(name)?.data;
    if (!again || again.length !== data.length) return false;
    for (let n = 0; n < data.length; n += 1) if (!Object.is(data[n], again[n])) return false;
  }
  return true;
}
