// Devices as the pipe model knows them: how many clocks each unit of a multiprocessor's quarter takes for an instruction of a
// warp, and what all four share. From NVIDIA's tables of throughput (CUDA C++ Programming Guide) and white papers.
import type { Unit } from './classes.js';

export interface ModelledDevice {
  readonly name: string;
  readonly multiprocessors: number;
  /** Clocks in a nanosecond, at the boost that the vendor's peaks are stated for. */
  readonly gigahertz: number;
  /** Clocks that an instruction of a warp keeps a unit of its quarter busy. */
  readonly clocks: Readonly<Record<Exclude<Unit, 'none'>, number>>;
  /** Multiply-adds of 16 bits a clock and multiprocessor: by products of warpgroups, where there are any, and of warps. */
  readonly multiplyAdds: { readonly warpgroup?: number; readonly warp: number };
  readonly sharedBytesPerClock: number;
  /** Of a multiprocessor. */
  readonly registers: number;
  readonly sharedBytes: number;
  readonly threads: number;
  /** Bytes of the second cache. */
  readonly secondCache: number;
}

/** A quarter of a multiprocessor has one scheduler, which issues one instruction a clock. */
export const SCHEDULERS = 4;
/** Shared memory that the system keeps of every block. */
export const RESERVED_SHARED_BYTES = 1024;

const common = { sharedBytesPerClock: 128, registers: 65536 } as const;

/** By the names that an option has for them. */
export const modelledDevices: Readonly<Record<'a100' | 'l40s' | 'h200', ModelledDevice>> = {
  a100: {
    ...common,
    name: 'A100',
    multiprocessors: 108,
    gigahertz: 1.41,
    clocks: { FMA: 2, ALU: 2, MUFU: 8 },
    multiplyAdds: { warp: 1024 },
    sharedBytes: 164 * 1024,
    secondCache: 40 * 2 ** 20,
    threads: 2048,
  },
  l40s: {
    ...common,
    name: 'L40S',
    multiprocessors: 142,
    gigahertz: 2.52,
    clocks: { FMA: 1, ALU: 2, MUFU: 8 },
    multiplyAdds: { warp: 512 },
    sharedBytes: 100 * 1024,
    secondCache: 96 * 2 ** 20,
    threads: 1536,
  },
  // Products of warps reach 0.63 of the peak there (Luo et al. 2024, arXiv:2402.13499).
  h200: {
    ...common,
    name: 'H200',
    multiprocessors: 132,
    gigahertz: 1.83,
    clocks: { FMA: 1, ALU: 2, MUFU: 8 },
    multiplyAdds: { warpgroup: 2048, warp: 1290 },
    sharedBytes: 228 * 1024,
    secondCache: 50 * 2 ** 20,
    threads: 2048,
  },
};

/** The device that kernels of an architecture are compared on, others' included: what has been published of both forms is of Hopper. */
export const deviceFor = (architecture: string): ModelledDevice =>
  architecture === 'sm_89' ? modelledDevices.l40s : modelledDevices.h200;
