// The dependency probe: change one element of an input; what cannot depend on it, by the structure of the graph, must stay
// the same to the last bit on the device. It finds leaks (of the future, of other documents, batches or heads) that hide
// below every tolerance. What may depend on it must move as the interpreter says, as in any other case.

import { dependence, type InputElement, interpret, MOST_SOURCES } from '../interpreter/index.js';
import { type CallSizes, contentsFault, contentsRange, type Graph, type TensorNode } from '../ir/index.js';
import { type HostTensor, hostTensor, Random, roundTo, ulp } from '../tensors/index.js';
import type { Device } from './device.js';
import { judgeOutput, placeText } from './error-rule.js';

/** The element that is changed, and what it becomes. */
export interface Probe extends InputElement {
  readonly becomes: number;
}

export interface ProbeOutcome {
  readonly probes: number;
  /** What leaked or moved as it should not, for people; undefined where nothing did. */
  readonly problem?: string;
}

type Tensors = ReadonlyMap<string, HostTensor>;

/** One element of each input, and a second one of those along the sequence. */
export function chooseProbes(
  graph: Graph,
  inputs: Tensors,
  device: Device,
  { sizes, seed }: { readonly sizes: CallSizes; readonly seed: number },
): readonly Probe[] {
  const random = new Random(seed).fork('probe');
  return graph.inputs.flatMap((node) => {
    const { data } = inputs.get(node.name)!;
    const elements = [random.integer(0, data.length - 1)];
    // The very end of the last sequence: the first place that a leak of the future shows.
    if (isAlongSequence(node)) elements.push(data.length - 1);
    return elements.flatMap((element) => {
      const becomes = otherNumber(node, element, { inputs, sizes, device });
      return becomes === undefined ? [] : [{ input: node.name, element, becomes }];
    });
  });
}

const isAlongSequence = ({ domain }: TensorNode): boolean =>
  domain.some(({ kind }) => kind === 'query' || kind === 'key' || kind === 'position');

/**
 * Another number that the input may hold: integers stay integers, floats move by far more than an ulp of any precision.
 * Undefined where the declaration leaves no other.
 */
function otherNumber(
  node: TensorNode,
  element: number,
  { inputs, sizes, device }: { readonly inputs: Tensors; readonly sizes: CallSizes; readonly device: Device },
): number | undefined {
  const { data } = inputs.get(node.name)!;
  const before = data[element]!;
  const isInteger = node.dtype === 'int';
  const { low, high } = contentsRange(node, sizes);
  const candidates = isInteger
    ? [before + 1, before - 1]
    : [before < 0.5 ? before + 0.375 : before - 0.375, before * 0.625, (before + low) / 2, (before + high) / 2];
  const others = candidates.map((each) => (isInteger ? each : roundTo(device.precision, each)));
  return others.find((each) => {
    if (!Number.isFinite(each) || each === before) return false;
    const changed = data.slice();
    changed[element] = each;
    return contentsFault(node, changed, sizes) === undefined;
  });
}

/** What the device and the interpreter make of the unchanged inputs. */
export interface Unchanged {
  readonly inputs: Tensors;
  readonly rows: number;
  readonly gold: Tensors;
  readonly low: Tensors;
  readonly out: Tensors;
}

/** Runs the probes one by one and stops at the first problem. */
export async function runProbes(
  graph: Graph,
  device: Device,
  probes: readonly Probe[],
  unchanged: Unchanged,
): Promise<ProbeOutcome> {
  const { inputs, rows } = unchanged;
  for (let first = 0; first < probes.length; first += MOST_SOURCES) {
    const some = probes.slice(first, first + MOST_SOURCES);
    const reached = dependence(graph, inputs, some, rows);
    for (const [bit, probe] of some.entries()) {
      const changed = changedInputs(inputs, probe);
      const actual = await device.run(graph, changed, { rows });
      const problem =
        firstLeak(probe, bit, reached, actual, unchanged) ??
        firstSurprise(graph, device, probe, { changed, actual }, unchanged);
      if (problem !== undefined) return { probes: first + bit + 1, problem };
    }
  }
  return { probes: probes.length };
}

/** The first element that does not depend on the probe and has other bits. */
function firstLeak(
  probe: Probe,
  bit: number,
  reached: ReadonlyMap<string, Int32Array>,
  actual: Tensors,
  { inputs, out }: Unchanged,
): string | undefined {
  for (const [name, masks] of reached) {
    const [before, after] = [out.get(name)!, actual.get(name)!];
    for (let n = 0; n < masks.length; n += 1) {
      if ((masks[n]! & (1 << bit)) !== 0 || isSame(before.data[n]!, after.data[n]!)) continue;
      return `${sourceText(probe, inputs)} reaches ${name}${placeText(n, before.shape)}, which does not depend on it`;
    }
  }
  return undefined;
}

/** 0 times a number takes its sign and nothing else from it: zeros are the same, and so are NaNs. */
const isSame = (x: number, y: number): boolean => x === y || (Number.isNaN(x) && Number.isNaN(y));

/** The first output that does not move as the interpreter does; by the error rule, where rounding might explain it. */
function firstSurprise(
  graph: Graph,
  device: Device,
  probe: Probe,
  { changed, actual }: { readonly changed: Tensors; readonly actual: Tensors },
  unchanged: Unchanged,
): string | undefined {
  const { rows } = unchanged;
  const expected = interpret(graph, changed, { rows });
  for (const [name, after] of expected) {
    if (after.data.some(Number.isNaN) || !movesOtherwise(name, after, actual.get(name)!, device, unchanged)) continue;
    const judgement = judgeOutput(graph, device.precision, { inputs: changed, rows }, name, {
      gold: after,
      out: actual.get(name)!,
    });
    if (judgement.passed) continue;
    return `${name}, when ${sourceText(probe, unchanged.inputs)} becomes ${probe.becomes}: ${judgement.reason ?? 'wrong'}`;
  }
  return undefined;
}

/** Whether the device moves otherwise than the interpreter by more than the rounding of the unchanged case. */
function movesOtherwise(
  name: string,
  after: HostTensor,
  actual: HostTensor,
  device: Device,
  unchanged: Unchanged,
): boolean {
  const [gold, low, out] = [
    unchanged.gold.get(name)!.data,
    unchanged.low.get(name)!.data,
    unchanged.out.get(name)!.data,
  ];
  let [rounding, largest] = [0, 0];
  for (let n = 0; n < gold.length; n += 1) {
    if (!Number.isFinite(gold[n]!)) continue;
    rounding = Math.max(rounding, Math.abs(low[n]! - gold[n]!));
    largest = Math.max(largest, Math.abs(gold[n]!));
  }
  const allowed = 2 * rounding + (device.precision === 'f32' ? 1e-5 * largest : ulp(device.precision, largest));
  return after.data.some((moved, n) => {
    if (moved === actual.data[n]) return false;
    const difference = actual.data[n]! - out[n]! - (moved - gold[n]!);
    return !(Math.abs(difference) <= allowed);
  });
}

const sourceText = ({ input, element }: Probe, inputs: Tensors): string =>
  `${input}${placeText(element, inputs.get(input)!.shape)}`;

function changedInputs(inputs: Tensors, { input, element, becomes }: Probe): Tensors {
  const { shape, dtype, data } = inputs.get(input)!;
  const copy = data.slice();
  copy[element] = becomes;
  return new Map(inputs).set(input, hostTensor(shape, copy, dtype));
}
