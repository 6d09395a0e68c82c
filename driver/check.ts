// Checks a spec on a device against the interpreter: which cases are run, and what is reported of them.
// A case is a shape and a seed: the n-th case takes the n-th shape, round and round, and the first seed plus n.
import {
  type AskedShape,
  awkwardShapes,
  type CheckCase,
  type CheckShape,
  checkGraph,
  type Device,
  type Draw,
  draws,
  edgeDraws,
  edgeShape,
  fewShapes,
  wholeShape,
} from '../src/checking/index.js';
import type { Graph, SettingValue } from '../src/ir/index.js';
import { wholeGradient } from './gradients.js';
import { failUnknown } from './unknown-name.js';

export interface CheckRequest {
  /** The seed of the first case; 1 unless told. */
  readonly seed?: number | undefined;
  /** The sizes to run; by default the awkward ones: one position, fewer than a kernel's width, no multiple of a tile, … */
  readonly shapes?: readonly AskedShape[] | undefined;
  /** Which numbers to draw; random ones unless told, and each kind of edge once where shapes are not told either. */
  readonly draw?: Draw | undefined;
  /** Check the gradients of all inputs, for incoming gradients of all outputs, in place of the outputs. */
  readonly backward?: boolean | undefined;
  /** How many cases to run; by default one for each shape. */
  readonly cases?: number | undefined;
  /** Called when a case is done. */
  readonly onCase?: ((done: number, total: number) => void) | undefined;
}

/** A graph that awkward settings give, to be checked beside the one that was asked for, at a few shapes. */
export interface Variant {
  readonly graph: Graph;
  readonly settings: Readonly<Record<string, SettingValue>>;
}

export interface CheckedCase extends CheckCase {
  /** The device, with the kernels that it was told to take, where it has a choice. */
  readonly alternative?: string;
  /** The settings that this case has beside those that were asked for. */
  readonly settings: Readonly<Record<string, SettingValue>>;
}

/** What came of checking one spec on one device. */
export interface CheckReport {
  readonly spec: string;
  readonly device: string;
  /** What the device stores numbers as, by which its error is judged. */
  readonly precision: Device['precision'];
  /** Whether gradients were checked. */
  readonly backward: boolean;
  readonly passed: boolean;
  readonly cases: readonly CheckedCase[];
  /** The case that comes closest to its bound, or is furthest beyond it. */
  readonly worst: CheckedCase;
  /** How many elements of inputs were changed to see what depends on them. */
  readonly probes: number;
}

export const DEFAULT_SEED = 1;

/** @throws HeddleError HD4030 for an unknown name. */
export function drawOf(name: string): Draw {
  return draws.find((each) => each === name) ?? failUnknown('HD4030', name, draws);
}

/** Cases that have a graph, its settings and the kernels of a device in common. */
interface Part {
  readonly graph: Graph;
  readonly device: Device;
  readonly settings: CheckedCase['settings'];
  readonly shapes: readonly CheckShape[];
  readonly draw: Draw | undefined;
}

/** Those that the machine has what they need for: some alternatives want more of a device than others. */
async function presentOf(devices: readonly Device[]): Promise<readonly Device[]> {
  const found = await Promise.all(devices.map((each) => each.availability()));
  return devices.filter((_, n) => found[n]!.available);
}

/** Checks a graph, each alternative that the device has for it, and its variants. */
export async function checkOnDevice(
  graph: Graph,
  device: Device,
  { seed = DEFAULT_SEED, shapes, draw, cases: count, backward = false, onCase }: CheckRequest = {},
  variants: readonly Variant[] = [],
): Promise<CheckReport> {
  const ofGraph = roundAndRound(shapes?.map((each) => wholeShape(graph, each)) ?? awkwardShapes(graph), count);
  const edges = shapes === undefined && draw === undefined && count === undefined ? edgeDraws : [];
  const checked = (of: Graph): Graph => (backward ? wholeGradient(of) : of);
  const [first = device, ...others] = await presentOf(device.alternatives?.(checked(graph)) ?? []);
  const few = shapes === undefined && count === undefined ? fewShapes(graph) : ofGraph;
  const parts: readonly Part[] = [
    { graph, device: first, settings: {}, shapes: ofGraph, draw },
    ...others.map((each) => ({ graph, device: each, settings: {}, shapes: few, draw })),
    ...variants.map((variant) => ({ ...variant, device, shapes: fewShapes(variant.graph), draw })),
    ...edges.flatMap((edge) =>
      [first, ...others].map((each) => ({ graph, device: each, settings: {}, shapes: [edgeShape(graph)], draw: edge })),
    ),
  ];
  const total = parts.reduce((sum, part) => sum + part.shapes.length, 0);
  const cases: CheckedCase[] = [];
  for (const part of parts) {
    const before = cases.length;
    const alternative = part.device.name === device.name ? {} : { alternative: part.device.name };
    await checkGraph(checked(part.graph), part.device, {
      seed: seed + before,
      shapes: part.shapes,
      draw: part.draw,
      onCase: (done) => {
        cases.push({ ...done, settings: part.settings, ...alternative });
        onCase?.(cases.length, total);
      },
    });
  }
  return {
    spec: graph.name,
    device: device.name,
    precision: device.precision,
    backward,
    passed: cases.every(({ passed }) => passed),
    cases,
    worst: cases.reduce((worst, each) => (badness(each) > badness(worst) ? each : worst)),
    probes: cases.reduce((sum, { probes }) => sum + probes, 0),
  };
}

const roundAndRound = (shapes: readonly CheckShape[], count = shapes.length): readonly CheckShape[] =>
  Array.from({ length: count }, (_, n) => shapes[n % shapes.length]!);

/** A failed case is worse than any that passed; otherwise the share of the bound that the error takes decides. */
function badness({ passed, error, bound }: CheckCase): number {
  const share = error === 0 ? 0 : error / bound;
  return passed ? Math.min(share, 1) : 1 + share;
}
