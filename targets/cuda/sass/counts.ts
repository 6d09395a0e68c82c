// The counts of a kernel: what a warp executes in one step of the steady-state loop by class, and how much of that is useful.
// A turn of the loop may be several steps, where it is unrolled; the counts are of one.
import type { Kernel } from '../../../codegen/tile/program.js';
import type { EmittedKernel } from '../emit-kernel.js';
import { WARP } from '../layout/fragments.js';
import { WARPGROUP } from '../layout/warpgroups.js';
import { type InstructionClass, instructionClasses, kindOf, multiplyAdds, sharedBytes, type Unit } from './classes.js';
import type { Instruction, Listing } from './disassembly.js';
import { steadyLoop } from './steady.js';
import { type StepWork, stepWork } from './useful.js';

/** Bytes of a copy, the widest that there are. */
const COPIED_BYTES = 16;

/** What one warp does in a step. */
export interface StepCounts {
  readonly instructions: number;
  readonly classes: Readonly<Record<InstructionClass, number>>;
  /** Instructions that keep each unit busy. */
  readonly units: Readonly<Record<Unit, number>>;
  /** Multiply-adds of tensor instructions. */
  readonly multiplyAdds: { readonly warpgroup: number; readonly warp: number };
  readonly sharedBytes: number;
}

export interface LoopCounts {
  readonly step: StepCounts;
  /** How many steps a turn is. */
  readonly steps: number;
  /** Loops inside, each of which counts one turn. */
  readonly innerLoops: number;
  /** Instructions that a block takes beside its loop: from its entry, and on to its end. */
  readonly outside: number;
}

/** What ptxas says of one kernel; sizes in bytes. */
export interface KernelResources {
  readonly spec: string;
  readonly kernel: string;
  readonly registers: number;
  readonly stack: number;
  /** Stores and loads of registers that were spilled. */
  readonly spills: number;
}

/** A kernel of ours, counted. */
export interface KernelCounts {
  readonly name: string;
  /** Warps of a block that compute, and of all. */
  readonly computing: number;
  readonly warps: number;
  readonly products: string;
  /** Instructions of the whole function. */
  readonly whole: number;
  readonly kernel: Kernel;
  /** Undefined where no loop has products on tensor cores. */
  readonly loop?: LoopCounts & {
    readonly work: StepWork;
    /** Issue slots of a warp for a thousand useful floating-point operations, a multiply-add being two. */
    readonly slotsPerUseful: number;
  };
}

/** A kernel as it is assembled: its counts, and what ptxas says of it. */
export interface AssembledKernel {
  readonly counts: KernelCounts;
  readonly resources: KernelResources;
  readonly sharedBytes: number;
}

/** What a warp executes in a turn, by class and by unit. */
export function turnCounts(instructions: readonly Instruction[]): StepCounts {
  const classes = Object.fromEntries(instructionClasses.map((each) => [each, 0])) as Record<InstructionClass, number>;
  const units: Record<Unit, number> = { FMA: 0, ALU: 0, MUFU: 0, none: 0 };
  const adds = { warpgroup: 0, warp: 0 };
  let bytes = 0;
  for (const each of instructions) {
    const { class: of, unit } = kindOf(each);
    classes[of] += 1;
    units[unit] += 1;
    adds[/^[HIQ]GMMA/.test(each.opcode) ? 'warpgroup' : 'warp'] += multiplyAdds(each);
    bytes += sharedBytes(each);
  }
  return { instructions: instructions.length, classes, units, multiplyAdds: adds, sharedBytes: bytes };
}

const scaled = <Counts extends object>(counts: Counts, by: number): Counts =>
  Object.fromEntries(
    Object.entries(counts).map(([name, each]) => [name, typeof each === 'number' ? each * by : scaled(each, by)]),
  ) as Counts;

/**
 * The steady-state loop of a listing; undefined where it has none.
 * @param stepsOf how many steps a turn is
 * @param copies how many copies to shared memory a thread makes in a turn, where that is known
 */
export function loopCounts(
  listing: Listing,
  stepsOf: (turn: StepCounts) => number = () => 1,
  copies?: number,
): LoopCounts | undefined {
  const loop = steadyLoop(listing, copies);
  if (!loop) return undefined;
  const turn = turnCounts(loop.instructions);
  const steps = Math.max(1, Math.round(stepsOf(turn)));
  return { step: scaled(turn, 1 / steps), steps, innerLoops: loop.innerLoops, outside: loop.outside };
}

/** Counts an emitted kernel by the listing of its code. */
export function kernelCounts({ kernel, threads, products }: EmittedKernel, listing: Listing): KernelCounts {
  const warps = threads / WARP;
  const computing = products.form === 'wgmma' ? (threads - WARPGROUP) / WARP : warps;
  const common = {
    name: kernel.name,
    kernel,
    computing,
    warps,
    products: products.form,
    whole: listing.instructions.length,
  };
  const work = stepWork(kernel);
  if (!work) return common;
  const bytes = [...work.swept.values()].reduce((sum, each) => sum + each, 0);
  const copies = products.form === 'wgmma' ? 0 : Math.ceil(bytes / COPIED_BYTES / threads);
  const loop = loopCounts(listing, (turn) => stepsIn(turn, work, computing), copies);
  if (!loop) return common;
  const slotsPerUseful = (1000 * loop.step.instructions * computing) / (2 * work.useful);
  return { ...common, loop: { ...loop, work, slotsPerUseful } };
}

/**
 * The steps of a turn: by what products of warpgroups multiply, or else by how many exponentials are taken, as products of warps
 * may be those of a convolution too.
 */
function stepsIn({ multiplyAdds: done, units }: StepCounts, { computed, scores }: StepWork, computing: number): number {
  if (done.warpgroup > 0) return (done.warpgroup * computing) / computed;
  return Math.min((done.warp * computing) / computed, (units.MUFU * WARP * computing) / scores);
}
