// The elements that the dependency probe changes: one of each input, and what they become.
// They are chosen by a seed and by what inputs may hold, never by the device.
import type { InputElement } from '../interpreter/index.js';
import { type CallSizes, contentsFault, contentsRange, type Graph, type TensorNode } from '../ir/index.js';
import { type HostTensor, type Precision, Random, roundTo } from '../tensors/index.js';

/** The element that is changed, and what it becomes. */
export interface Probe extends InputElement {
  readonly becomes: number;
}

type Tensors = ReadonlyMap<string, HostTensor>;

/** One element of each input, and a second one of those along the sequence. */
export function chooseProbes(
  graph: Graph,
  inputs: Tensors,
  { seed, ...of }: { readonly sizes: CallSizes; readonly seed: number; readonly precision: Precision },
): readonly Probe[] {
  const random = new Random(seed).fork('probe');
  return graph.inputs.flatMap((node) => {
    const { data } = inputs.get(node.name)!;
    const elements = [random.integer(0, data.length - 1)];
    // The very end of the last sequence: the first place that a leak of the future shows.
    if (isAlongSequence(node)) elements.push(data.length - 1);
    return elements.flatMap((element) => {
      const becomes = otherNumber(node, element, { inputs, ...of });
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
  { inputs, sizes, precision }: { readonly inputs: Tensors; readonly sizes: CallSizes; readonly precision: Precision },
): number | undefined {
  const { data } = inputs.get(node.name)!;
  const before = data[element]!;
  const isInteger = node.dtype === 'int';
  const { low, high } = contentsRange(node, sizes);
  const candidates = isInteger
    ? [before + 1, before - 1]
    : [before < 0.5 ? before + 0.375 : before - 0.375, before * 0.625, (before + low) / 2, (before + high) / 2];
  const others = candidates.map((each) => (isInteger ? each : roundTo(precision, each)));
  return others.find((each) => {
    if (!Number.isFinite(each) || each === before) return false;
    const changed = data.slice();
    changed[element] = each;
    return contentsFault(node, changed, sizes) === undefined;
  });
}
