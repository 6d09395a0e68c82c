// A call of a kernel in the pipe model: its blocks in the order in which they start, each with the steps that its loop takes at
// these sizes; and the rate of the whole call, scaled by what is published of a kernel that goes through the same model.
import type { LaunchSizes } from '../../../codegen/tile/interpreter/memory.js';
import type { Kernel } from '../../../codegen/tile/program.js';
import { evaluate, type Known } from '../../../src/ir/index.js';
import { goesByHeads, longestSweep } from '../layout/block-order.js';
import type { KernelCounts } from './counts.js';
import type { ModelledDevice } from './devices.js';
import {
  type BlockNeeds,
  blocksAtOnce,
  type CallBlocks,
  callClocks,
  longestFirst,
  stepTime,
  type UnitCounts,
} from './model.js';
import { type Peer, published } from './peers.js';
import type { StepWork } from './useful.js';

/** More blocks than this are not looked at. */
const MOST_BLOCKS = 200_000;
const MEBIBYTE = 2 ** 20;

/** A figure for each of the model's ends: all that may overlap does, or nothing does. */
export type Range = Readonly<Record<'overlapped' | 'inTurn', number>>;

export interface CallTime {
  /** By the model alone. */
  readonly milliseconds: Range;
  readonly blocks: number;
  /** Blocks by how many the device holds at once. */
  readonly waves: number;
  /** Steps of the longest block, and of all on average. */
  readonly longest: number;
  readonly mean: number;
  /** Scaled by the published rate: useful operations a second, in 10¹². */
  readonly teraflops: Range;
}

/** The steps of each block, in the order of the launch; undefined where they depend on more than the sizes of the call. */
function blockSteps(
  kernel: Kernel,
  work: StepWork,
  sizes: LaunchSizes,
  { secondCache }: ModelledDevice,
): readonly number[] | undefined {
  const { loop } = work;
  const lengths = { batch: sizes.batch, query: sizes.queries, key: sizes.keys };
  const knowing = (places: ReadonlyMap<string, number>): Known => ({
    variable: (name) => places.get(name) ?? (name === 'R' ? sizes.rows : undefined),
    length: (of) => lengths[of],
  });
  let blocks: ReadonlyMap<string, number>[] = [new Map()];
  for (const { variable, from, to, step } of kernel.grid) {
    const [first, end] = [evaluate(from, knowing(new Map())), evaluate(to, knowing(new Map()))];
    if (first === undefined || end === undefined) return undefined;
    const places = Array.from({ length: Math.ceil((end - first) / step) }, (_, n) => first + n * step);
    if (blocks.length * places.length > MOST_BLOCKS) return undefined;
    if (variable === kernel.grid.at(-1)!.variable && longestSweep(kernel) === 'last') places.reverse();
    blocks = blocks.flatMap((each) => places.map((place) => new Map([...each, [variable, place]])));
  }
  const steps: number[] = [];
  for (const places of blocks) {
    const [from, to] = [evaluate(loop.from, knowing(places)), evaluate(loop.to, knowing(places))];
    if (from === undefined || to === undefined) return undefined;
    steps.push(Math.max(0, Math.ceil((to - from) / loop.step)));
  }
  if (!goesByHeads(kernel)) return steps;
  // As the launcher has it: of as many heads together as half of the second cache holds what they sweep of.
  const last = kernel.grid.at(-1)!;
  const [first, end] = [evaluate(last.from, knowing(new Map()))!, evaluate(last.to, knowing(new Map()))!];
  const ofHead = Math.ceil((end - first) / last.step);
  const swept = ([...work.swept.values()].reduce((sum, each) => sum + each, 0) / work.columns) * sizes.keys;
  const heads = steps.length / ofHead;
  return longestFirst(steps.slice(0, ofHead), heads, Math.max(1, Math.min(heads, Math.floor(secondCache / 2 / swept))));
}

/** The time of a call and its rate; undefined where the blocks are not known, or the kernel has no loop of products. */
export function callTime(
  { kernel, loop }: KernelCounts,
  needs: BlockNeeds,
  device: ModelledDevice,
  sizes: LaunchSizes,
): CallTime | undefined {
  const steps = loop && blockSteps(kernel, loop.work, sizes, device);
  if (!loop || !steps || steps.length === 0) return undefined;
  const { work, step, outside } = loop;
  const total = steps.reduce((sum, each) => sum + each, 0);
  const longest = steps.reduce((most, each) => Math.max(most, each), 0);
  // Where some blocks see all keys and others next to none, half of the square counts, as others count it.
  const isTriangle = longest * work.columns >= sizes.keys && total < 0.75 * longest * steps.length;
  const square = work.rows * work.columns * longest * steps.length;
  const scores = isTriangle ? square / 2 : work.rows * work.columns * total;
  const operations = (2 * scores * work.useful) / (work.rows * work.columns);
  const clocks = rangeOf({ steps, outside }, step, needs, device);
  const form = step.multiplyAdds.warpgroup > 0 ? 'wgmma' : 'mma.sync';
  const scale = scaleOf(form, device);
  return {
    blocks: steps.length,
    waves: steps.length / (blocksAtOnce(needs, device) * device.multiprocessors),
    longest,
    mean: total / steps.length,
    milliseconds: mapped(clocks, (each) => each / device.gigahertz / 1e6),
    teraflops: mapped(clocks, (each, end) => ((operations * device.gigahertz) / each / 1e3) * scale[end]),
  };
}

const mapped = ({ overlapped, inTurn }: Range, of: (each: number, end: keyof Range) => number): Range => ({
  overlapped: of(overlapped, 'overlapped'),
  inTurn: of(inTurn, 'inTurn'),
});

/** The clocks of blocks at both ends of the model. */
function rangeOf(blocks: CallBlocks, step: UnitCounts, needs: BlockNeeds, device: ModelledDevice): Range {
  const time = stepTime(step, needs, device);
  return mapped(time, (each) => callClocks(blocks, each, needs, device));
}

/** The published rate of FlashAttention's kernel by the one that the model gives it. */
export function scaleOf(form: keyof typeof published, device: ModelledDevice): Range {
  const { peer, teraflops, keys, heads } = published[form];
  return mapped(peerRate(peer, keys, heads, device), (each) => teraflops / each);
}

/** The rate that the model gives a kernel of FlashAttention for a causal mask, in 10¹² operations a second. */
export function peerRate(peer: Peer, keys: number, heads: number, device: ModelledDevice): Range {
  const { tile, step, needs, outside, headDim } = peer;
  const ofHead = Array.from({ length: Math.ceil(keys / tile.rows) }, (_, n) =>
    Math.ceil(Math.min(keys, (n + 1) * tile.rows) / tile.columns),
  ).reverse();
  // As many heads as 32 MiB of keys and values are of, a power of two: its scheduler's rule. Version 2 goes through rows as they come.
  const together = 2 ** Math.max(0, Math.floor(Math.log2((32 * MEBIBYTE) / (keys * 4 * headDim))));
  const isPersistent = step.multiplyAdds.warpgroup > 0;
  const steps = longestFirst(isPersistent ? ofHead : ofHead.toReversed(), heads, isPersistent ? together : 1);
  const clocks = rangeOf({ steps, outside }, step, needs, device);
  const operations = 2 * heads * keys * keys * headDim;
  return mapped(clocks, (each) => (operations * device.gigahertz) / each / 1e3);
}
