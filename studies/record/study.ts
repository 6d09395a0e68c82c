// A study as it was run: what was asked, on which machine, and what came of each variant. This is study.json.
// Plain data, which the page of a report reads in a browser: no function, no class, no `undefined` that JSON would lose.
import type { TrainingRecord } from './training.js';

/** Raised when a field changes its meaning or goes away. */
export const STUDY_FORMAT = 1;

export interface StudyRecord {
  readonly format: typeof STUDY_FORMAT;
  /** The name that the study is exported by. */
  readonly name: string;
  /** What its author calls it, and the first sentence of the comment above it. */
  readonly title?: string;
  readonly summary?: string;
  readonly asked: Asked;
  readonly ran: Ran;
  /** The name of the variant that all are compared with, unless a reader chooses another. */
  readonly base: string;
  readonly shapes: readonly StudyShape[];
  readonly devices: readonly StudiedDevice[];
  /** In the order of the study, the base first. */
  readonly variants: readonly VariantRecord[];
  /** Times by device, pass and shape; rounds of one of them hold all variants, which is what makes ratios honest. */
  readonly timings: readonly Timing[];
  /** What its heat maps are drawn on, where the study says so; tensors are a file's. */
  readonly shown?: { readonly tokens?: readonly string[]; readonly tensors?: string };
  readonly training?: TrainingRecord;
}

export interface Asked {
  /** The command line, as one would type it. */
  readonly command: string;
  /** The file of the study as it was given. */
  readonly file: string;
  readonly targets: readonly string[];
  readonly backward: boolean;
  /** Rounds of timing. */
  readonly rounds: number;
  /** The seed of random inputs, of the order of rounds and of resampling. */
  readonly seed: number;
  /** The ratio that is called the same: 0.03 is from 1/1.03 to 1.03. */
  readonly margin: number;
}

/** Where and when; the only part, with times, that differs from one run to the next. */
export interface Ran {
  /** ISO 8601, in UTC. */
  readonly date: string;
  /** Of heddle, node and whatever else took part: nvcc, torch, a driver. */
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: { readonly system: string; readonly processor: string; readonly cores: number };
}

export interface StudyShape {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
}

/** 'reference' is the interpreter; 'software' computes on the processor what a GPU would. */
export type DeviceKind = 'reference' | 'software' | 'gpu';

export interface StudiedDevice {
  readonly name: string;
  readonly kind: DeviceKind;
  /** What it calls itself. */
  readonly detail: string;
  /** The precision that its results are judged by. */
  readonly precision: string;
  /** Why it could not run here; nothing of it is in the record then. */
  readonly missing?: string;
  /** Why it is checked and not timed. */
  readonly untimed?: string;
}

export type Setting = number | boolean | string | readonly number[];

export interface VariantRecord {
  readonly name: string;
  /** Where its files are, relative to the record. */
  readonly folder?: string;
  readonly spec: {
    readonly name: string;
    readonly file: string;
    readonly line: number;
    readonly formula?: string;
    readonly paper?: string;
    /** The text of the file that declares it. */
    readonly source: string;
  };
  /** All settings, defaults included. */
  readonly settings: Readonly<Record<string, Setting>>;
  /** A size that the compiler chose so that the variant costs what the base does. */
  readonly matched?: Matched;
  /** Variants with equal ones are the same kernel: a hash of the optimised graph without its names. */
  readonly fingerprint?: string;
  /** What went wrong, by stage; later stages go on where they can. */
  readonly failures: readonly Failure[];
  /** Absent where the variant does not compile to a graph. */
  readonly graph?: GraphFacts;
  readonly kernels: readonly TargetKernels[];
  readonly checks: readonly VariantCheck[];
}

export interface Matched {
  readonly by: 'parameters' | 'operations';
  readonly setting: string;
  readonly chosen: number;
  /** What the base has, and what the variant has with the chosen value. */
  readonly wanted: number;
  readonly reached: number;
}

export interface Failure {
  /** Where: 'compile', 'target wgsl', 'check webgpu', 'time webgpu'. */
  readonly stage: string;
  /** The code of a diagnostic, where it is one. */
  readonly code?: string;
  readonly message: string;
}

/** What the optimised graph is and costs, the same on every device. */
export interface GraphFacts {
  readonly history: number;
  /** How many heads at most are tied together by mixing. */
  readonly headsTogether: number;
  /** Parameters that a model gains by the spec, and all of them together. */
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[]; readonly count: number }[];
  readonly parameterCount: number;
  /** One for each shape of the study, in its order; dense, floats in 2 bytes. */
  readonly costs: readonly GraphCostRecord[];
}

export interface GraphCostRecord {
  readonly operations: number;
  readonly products: number;
  readonly compulsoryBytes: number;
  readonly materialisedBytes: number;
}

/** The kernels of one target, or why there are none. */
export interface TargetKernels {
  readonly target: string;
  readonly pass: Pass;
  /** Why nothing was emitted. */
  readonly refused?: string;
  /** 'online, 32 × 32': the schedule and its tiles, where the target has them. */
  readonly schedule?: string;
  readonly reason?: string;
  readonly kernels: readonly KernelRecord[];
  /** Bytes of emitted text. */
  readonly textBytes: number;
  /** One for each shape of the study; absent where the target does not say. */
  readonly work: readonly KernelWork[];
}

export interface KernelRecord {
  readonly name: string;
  readonly threads?: number;
  readonly workgroupBytes?: number;
  /** As the compiler of the target reports them; an estimate where `measured` is false. */
  readonly registers?: number;
  readonly spillBytes?: number;
  readonly measured: boolean;
}

export interface KernelWork {
  readonly operations: number;
  readonly bytesMoved: number;
  readonly launches: number;
  /** Bytes of memory between kernels. */
  readonly workspaceBytes: number;
}

export type Pass = 'forward' | 'backward';

export interface VariantCheck {
  readonly device: string;
  readonly pass: Pass;
  readonly passed: boolean;
  /**
   * Relative to the float64 reference: of the case of ordinary numbers that comes closest to its bound, and where a case failed, of
   * the one furthest beyond it.
   */
  readonly error: number;
  readonly bound: number;
  readonly cases: number;
  /** How many elements of inputs were changed to see what depends on them. */
  readonly probes: number;
  readonly problems: readonly string[];
}

export interface Timing {
  readonly device: string;
  readonly pass: Pass;
  /** The index among the shapes of the study. */
  readonly shape: number;
  /**
   * What a sample is: 'kernels', from the first kernel's start to the last one's end by the device's own clock; 'call', from
   * the call of one's host until its results are there.
   */
  readonly sample?: 'kernels' | 'call';
  /** Every sample, nothing dropped: milliseconds[r] is round r; null where the entrant failed in that round. */
  readonly entrants: readonly TimedEntrant[];
}

export interface TimedEntrant {
  /** The variant; the base stands in twice. */
  readonly variant: string;
  readonly again?: true;
  readonly milliseconds: readonly (number | null)[];
}
