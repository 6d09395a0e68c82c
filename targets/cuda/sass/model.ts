// The time that a pipe model gives a kernel: clocks of a multiprocessor for one step of all its blocks, by what keeps it busy, and of
// a whole call by its blocks one after the other. No latency of memory or of barriers is in it: it bounds, and compares.
import type { StepCounts } from './counts.js';
import { type ModelledDevice, RESERVED_SHARED_BYTES, SCHEDULERS } from './devices.js';

/** What a block takes of a multiprocessor. */
export interface BlockNeeds {
  /** Warps that compute, and of all. */
  readonly computing: number;
  readonly warps: number;
  readonly registers: number;
  readonly sharedBytes: number;
}

/** What the model asks of the counts of a step. */
export type UnitCounts = Pick<StepCounts, 'instructions' | 'units' | 'multiplyAdds' | 'sharedBytes'>;

/** Clocks in which a multiprocessor does a step of each block that it holds. */
export interface StepTime {
  /** By what is busy: issue slots and units of a quarter, tensor cores and shared memory of the whole. */
  readonly busy: Readonly<Record<Busy, number>>;
  /** What is busy longest, where all overlaps. */
  readonly bound: Busy;
  /** Where all overlaps: the longest of them. */
  readonly overlapped: number;
  /** Where nothing runs under a product: the tensor cores first, and then the longest of the others. */
  readonly inTurn: number;
}

export const busyParts = ['issue', 'FMA', 'ALU', 'MUFU', 'tensor', 'shared'] as const;
export type Busy = (typeof busyParts)[number];

const WARP = 32;
/** Registers are granted to a warp in units of so many. */
const REGISTER_UNIT = 8;
const MOST_BLOCKS = 32;

/** Blocks that a multiprocessor holds at once. */
export function blocksAtOnce({ warps, registers, sharedBytes }: BlockNeeds, device: ModelledDevice): number {
  const granted = Math.ceil(registers / REGISTER_UNIT) * REGISTER_UNIT * warps * WARP;
  return Math.min(
    MOST_BLOCKS,
    Math.floor(device.registers / granted),
    Math.floor(device.sharedBytes / (sharedBytes + RESERVED_SHARED_BYTES)),
    Math.floor(device.threads / (warps * WARP)),
  );
}

/** The time of a step of all blocks that a multiprocessor holds. */
export function stepTime(step: UnitCounts, needs: BlockNeeds, device: ModelledDevice): StepTime {
  const warps = blocksAtOnce(needs, device) * needs.computing;
  const ofQuarter = Math.ceil(warps / SCHEDULERS);
  const { clocks, multiplyAdds: rates } = device;
  const busy = {
    issue: step.instructions * ofQuarter,
    FMA: step.units.FMA * clocks.FMA * ofQuarter,
    ALU: step.units.ALU * clocks.ALU * ofQuarter,
    MUFU: step.units.MUFU * clocks.MUFU * ofQuarter,
    tensor:
      warps * (step.multiplyAdds.warpgroup / (rates.warpgroup ?? rates.warp) + step.multiplyAdds.warp / rates.warp),
    shared: (warps * step.sharedBytes) / device.sharedBytesPerClock,
  };
  const bound = busyParts.reduce((one, other) => (busy[other] > busy[one] ? other : one));
  const others = Math.max(busy.issue, busy.FMA, busy.ALU, busy.MUFU);
  return { busy, bound, overlapped: busy[bound], inTurn: Math.max(busy.tensor, busy.shared) + others };
}

/** The blocks of a call, in the order in which they start. */
export interface CallBlocks {
  /** Steps of each. */
  readonly steps: readonly number[];
  /** Issue slots of a warp beside them. */
  readonly outside: number;
}

/** The clocks of a whole call: each block starts where one before it ends first. @param stepClocks of all blocks of a multiprocessor */
export function callClocks(
  { steps, outside }: CallBlocks,
  stepClocks: number,
  needs: BlockNeeds,
  device: ModelledDevice,
): number {
  const atOnce = blocksAtOnce(needs, device);
  const beside = outside * Math.ceil((atOnce * needs.computing) / SCHEDULERS);
  const ends = new Array<number>(Math.min(steps.length, atOnce * device.multiprocessors)).fill(0);
  // A heap whose root is the place that is free first.
  for (const count of steps) {
    ends[0]! += count * stepClocks + beside;
    sink(ends);
  }
  return Math.max(0, ...ends);
}

/** Puts the root of a heap where it belongs. */
function sink(heap: number[]): void {
  for (let at = 0; ; ) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    let least = at;
    if (left < heap.length && heap[left]! < heap[least]!) least = left;
    if (right < heap.length && heap[right]! < heap[least]!) least = right;
    if (least === at) return;
    [heap[at], heap[least]] = [heap[least]!, heap[at]!];
    at = least;
  }
}

/** Steps of the blocks of several heads, in the order of a launch that takes heads `together` and each place of all of them in turn. */
export function longestFirst(ofHead: readonly number[], heads: number, together: number): readonly number[] {
  const steps: number[] = [];
  for (let first = 0; first < heads; first += together) {
    const among = Math.min(together, heads - first);
    for (const each of ofHead) for (let n = 0; n < among; n += 1) steps.push(each);
  }
  return steps;
}
