// A random spec of the fuzz, made from decisions on tapes: its graph, a small awkward shape, tiles and a schedule.
// A number of a seed always gives the same one, whatever came before it.

import type { ScheduleKind, TileSizes } from '../../codegen/schedule/index.js';
import { wholeGradient } from '../../driver/gradients.js';
import { awkwardShapes, type CheckShape, type EdgeDraw, edgeDraws } from '../../src/checking/index.js';
import {
  type CallSizes,
  type Graph,
  history,
  logSumExpNode,
  normaliserOf,
  print,
  topological,
} from '../../src/ir/index.js';
import { Random } from '../../src/tensors/index.js';
import { Choices } from '../support/choices.js';
import { drawGraph, drawQueries } from '../support/random-graph.js';

/** The decisions that a spec is made from. Shorter tapes and smaller numbers make simpler specs. */
export interface Tapes {
  readonly graph: readonly number[];
  readonly call: readonly number[];
}

export interface RandomSpec {
  readonly graph: Graph;
  /** What is computed and compared: the graph, or its gradient by incoming gradients of all its outputs. */
  readonly compared: Graph;
  readonly shape: CheckShape;
  /** Seeds the inputs. */
  readonly inputs: number;
  /** Numbers at the edges of what inputs may hold; undefined for moderate ones. */
  readonly edge: EdgeDraw | undefined;
  /** The schedule to take; undefined leaves the choice to the compiler. */
  readonly kind: ScheduleKind | undefined;
  /** Tiles of the tile interpreter. */
  readonly tiles: TileSizes;
  /** Whether the tile interpreter takes the partial case of every mask. */
  readonly alwaysPartial: boolean;
  /** Tiles of the WGSL kernel; undefined leaves the choice to the target. */
  readonly wgslTiles: TileSizes | undefined;
}

const GRAPH_DECISIONS = 80;
const CALL_DECISIONS = 14;
const LARGEST_DECISION = 2 ** 20;

export function tapesOf(seed: number, number: number): Tapes {
  const random = new Random(seed).fork(`spec ${number}`);
  const tape = (length: number) => Array.from({ length }, () => random.integer(0, LARGEST_DECISION));
  // Specs of all sizes: a tape that runs out decides for the simplest.
  return { graph: tape(random.integer(0, GRAPH_DECISIONS)), call: tape(CALL_DECISIONS) };
}

/** What of a spec is not on its tapes. */
export interface HowDrawn {
  /** Whether the gradient of the spec is what is compared. */
  readonly backward?: boolean | undefined;
  /** Whether calls are as long as kernels of launchers, whose tiles are large, need to have several of them. */
  readonly isLong?: boolean | undefined;
}

export function specOf(tapes: Tapes, { backward, isLong }: HowDrawn = {}): RandomSpec {
  const graph = forward(drawGraph(new Choices(tapes.graph)));
  const choices = new Choices(tapes.call);
  return {
    graph,
    compared: backward ? wholeGradient(graph) : graph,
    shape: isLong ? drawLongShape(choices, graph) : drawShape(choices, graph),
    tiles: choices.pick(smallTiles),
    alwaysPartial: choices.chance(4),
    wgslTiles: choices.pick([undefined, ...smallTiles]),
    kind: choices.pick<ScheduleKind | undefined>([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      'two-pass',
      'slab',
      'slab',
      'decode',
      'materialised',
    ]),
    inputs: choices.below(LARGEST_DECISION),
    edge: choices.chance(3) ? choices.pick(edgeDraws) : undefined,
  };
}

/**
 * So small, and at times so uneven, that short sequences take several of them; a third of them with bands as small, half of them with
 * more shares of the keys than short sequences have by themselves.
 */
const smallTiles: readonly TileSizes[] = [
  [8, 8],
  [4, 4],
  [8, 4],
  [4, 8],
  [2, 8],
  [8, 6],
  [3, 5],
  [1, 4],
  [16, 8],
].map(([rows, columns], n) => ({
  rows: rows!,
  columns: columns!,
  ...(n % 3 === 0 ? { band: rows! } : {}),
  ...(n % 2 === 0 ? { shares: 3 } : {}),
}));

/** What a spec can give: its output, and the log-sum-exp of a lone softmax. All others are sums that gradients need. */
function forward(graph: Graph): Graph {
  const [out] = graph.outputs;
  const own = { ...graph, outputs: [out!] };
  const found = topological(own).flatMap((node) => normaliserOf(node) ?? []);
  const [only] = found;
  if (new Set(found.map(({ sum }) => sum)).size !== 1) return own;
  return { ...own, outputs: [out!, { name: 'lse', node: logSumExpNode(only!) }] };
}

/** Half of them a few positions long, most others a few tiles. */
function drawShape(choices: Choices, graph: Graph): CheckShape {
  if (choices.chance(4)) return choices.pick(awkwardShapes(graph));
  const reach = history(graph);
  const keys = choices.chance() ? choices.between(8, 30) : choices.pick([3, 1, 5, 7, 2]);
  const fewest = Math.min(keys, 1 + reach);
  const sizes: CallSizes = {
    batch: choices.pick([1, 2]),
    keys,
    queries: drawQueries(choices, fewest, keys),
  };
  const most = sizes.queries >= keys ? sizes.queries : sizes.queries - reach;
  return { ...sizes, rows: choices.chance(3) ? choices.between(1, most) : most };
}

/** A few rows of hundreds of keys, which several blocks share, or some tiles each way. */
function drawLongShape(choices: Choices, graph: Graph): CheckShape {
  const reach = history(graph);
  const isStep = choices.chance();
  const keys = isStep ? choices.between(200, 700) : choices.between(40, 150);
  const fewest = Math.min(keys, 1 + reach);
  const queries = isStep ? Math.min(keys, fewest + choices.below(8)) : drawQueries(choices, fewest, keys);
  const most = queries >= keys ? queries : queries - reach;
  return { batch: choices.pick([1, 2]), keys, queries, rows: choices.chance(3) ? choices.between(1, most) : most };
}

/** The spec as text, enough to see what it is; `--seed` and `--only` run it again. */
export function specText({ graph, shape, inputs, edge, kind, tiles, alwaysPartial, wgslTiles }: RandomSpec): string {
  const size = (each: TileSizes | undefined) => (each ? `${each.rows}×${each.columns}` : 'chosen by the target');
  return [
    print(graph).trimEnd(),
    `shape      ${Object.entries(shape)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    `schedule   ${kind ?? 'chosen by the compiler'}`,
    `tiles      ${size(tiles)}${alwaysPartial ? ', every mask partial' : ''} interpreted, ${size(wgslTiles)} on webgpu`,
    `inputs     ${edge ?? 'moderate'}, of seed ${inputs}`,
  ].join('\n');
}
