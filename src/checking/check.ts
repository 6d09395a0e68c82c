// Checks a device on a graph: random inputs over the awkward shapes, judged against the interpreter; the dependency
// probe; and the same bits from a second run.
import { type Diagnostic, HeddleError } from '../diagnostics/index.js';
import { requireMemory } from '../interpreter/index.js';
import type { Graph } from '../ir/index.js';
import { runProbes } from './dependency-probe.js';
import type { Device } from './device.js';
import { judgeOutput } from './error-rule.js';
import type { Draw } from './random-inputs.js';
import { awkwardShapes, type CheckShape } from './shapes.js';
import { type Tensors, truthOf } from './truth.js';

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
  const truth = truthOf(graph, { shape, seed, precision: device.precision, draw });
  const { inputs, gold, low } = truth;
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
      const outcome = await runProbes(graph, device, truth, out);
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

function sameBits(one: Tensors, other: Tensors): boolean {
  for (const [name, { data }] of one) {
    const again = other.get(name)?.data;
    if (!again || again.length !== data.length) return false;
    for (let n = 0; n < data.length; n += 1) if (!Object.is(data[n], again[n])) return false;
  }
  return true;
}
