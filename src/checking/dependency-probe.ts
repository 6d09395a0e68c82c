// The dependency probe: change one element of an input; what cannot depend on it, by the structure of the graph, must stay
// the same to the last bit on the device. It finds leaks (of the future, of other documents, batches or heads) that hide
// below every tolerance. What may depend on it must move as the interpreter says, as in any other case.

import type { Graph } from '../ir/index.js';
import { type HostTensor, ulp } from '../tensors/index.js';
import type { Device } from './device.js';
import { judgeOutput, placeText } from './error-rule.js';
import type { Probe } from './probes.js';
import type { ProbeTruth, Tensors, Truth } from './truth.js';

export interface ProbeOutcome {
  readonly probes: number;
  /** What leaked or moved as it should not, for people; undefined where nothing did. */
  readonly problem?: string;
}

/** Runs the probes one by one and stops at the first problem. @param out what the device made of the unchanged inputs */
export async function runProbes(graph: Graph, device: Device, truth: Truth, out: Tensors): Promise<ProbeOutcome> {
  const { rows } = truth;
  for (let n = 0; n < truth.probes(); n += 1) {
    const probed = truth.probe(n);
    const actual = await device.run(graph, probed.inputs, { rows });
    const problem =
      firstLeak(probed, actual, truth, out) ?? firstSurprise(graph, device, probed, { actual, out }, truth);
    if (problem !== undefined) return { probes: n + 1, problem };
  }
  return { probes: truth.probes() };
}

/** The first element that does not depend on the probe and has other bits. */
function firstLeak(
  { probe, mayDepend }: ProbeTruth,
  actual: Tensors,
  { inputs, gold }: Truth,
  out: Tensors,
): string | undefined {
  for (const name of gold.keys()) {
    const [before, after] = [out.get(name)!, actual.get(name)!];
    for (let n = 0; n < before.data.length; n += 1) {
      if (mayDepend(name, n) || isSame(before.data[n]!, after.data[n]!)) continue;
      return `${sourceText(probe, inputs)} reaches ${name}${placeText(n, before.shape)}, which does not depend on it`;
    }
  }
  return undefined;
}

/** 0 times a number takes its sign and nothing else from it: zeros are the same, and so are NaNs. */
const isSame = (x: number, y: number): boolean => x === y || (Number.isNaN(x) && Number.isNaN(y));

interface Ran {
  /** With the changed element. */
  readonly actual: Tensors;
  /** Without. */
  readonly out: Tensors;
}

/** The first output that does not move as the interpreter does; by the error rule, where rounding might explain it. */
function firstSurprise(
  graph: Graph,
  { precision }: Device,
  { probe, inputs: changed, gold }: ProbeTruth,
  { actual, out }: Ran,
  truth: Truth,
): string | undefined {
  for (const [name, after] of gold) {
    const own = actual.get(name)!;
    if (after.data.some(Number.isNaN)) continue;
    if (!movesOtherwise(after, { actual: own, out: out.get(name)! }, precision, of(truth, name))) continue;
    const judged = { gold: after, out: own };
    const judgement = judgeOutput(graph, precision, { inputs: changed, rows: truth.rows }, name, judged);
    if (judgement.passed) continue;
    return `${name}, when ${sourceText(probe, truth.inputs)} becomes ${probe.becomes}: ${judgement.reason ?? 'wrong'}`;
  }
  return undefined;
}

interface Yardsticks {
  readonly gold: HostTensor;
  readonly low: HostTensor;
}

const of = ({ gold, low }: Truth, name: string): Yardsticks => ({ gold: gold.get(name)!, low: low.get(name)! });

/** Whether the device moves otherwise than the interpreter by more than the rounding of the unchanged case. */
function movesOtherwise(
  after: HostTensor,
  { actual, out }: { readonly actual: HostTensor; readonly out: HostTensor },
  precision: Device['precision'],
  { gold, low }: Yardsticks,
): boolean {
  let [rounding, largest] = [0, 0];
  for (const [n, value] of gold.data.entries()) {
    if (!Number.isFinite(value)) continue;
    rounding = Math.max(rounding, Math.abs(low.data[n]! - value));
    largest = Math.max(largest, Math.abs(value));
  }
  const allowed = 2 * rounding + (precision === 'f32' ? 1e-5 * largest : ulp(precision, largest));
  return after.data.some((moved, n) => {
    if (moved === actual.data[n]) return false;
    const difference = actual.data[n]! - out.data[n]! - (moved - gold.data[n]!);
    return !(Math.abs(difference) <= allowed);
  });
}

const sourceText = ({ input, element }: Probe, inputs: Tensors): string =>
  `${input}${placeText(element, inputs.get(input)!.shape)}`;
