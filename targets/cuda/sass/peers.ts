// FlashAttention's kernels as data: the counts of their steady-state loops, in the same classes and by the same rules as those of
// emitted kernels, and the rates that are published of them. A report sets them beside a kernel of the same shape.
import type { InstructionClass } from './classes.js';
import type { StepCounts } from './counts.js';
import type { BlockNeeds } from './model.js';

/**
 * How the counts were taken: its templates for bfloat16 and a causal mask, instantiated without PyTorch's headers for even lengths, all
 * else off (no dropout, window, cap, paging or variable lengths), built by nvcc with the options of its setup, and counted by
 * `npm run sass -- --listing FILE` on what `nvdisasm -c` prints. Shared memory is its operands' and a KiB for barriers.
 */
export const peerSource = {
  repository: 'Dao-AILab/flash-attention',
  commit: '0251105a2fb19d2957484b7f023cd8c115286ced',
  cutlass: '7107b05535f8977f5ecb9d01ee203205b1fd9bc4',
  nvcc: '13.0',
  nvdisasm: '12.4',
} as const;

/** A turn of its loop, which is a step: what is not in the classes is 0. */
export interface PeerStep extends Omit<StepCounts, 'classes'> {
  readonly classes: Readonly<Partial<Record<InstructionClass, number>>>;
}

export interface Peer {
  readonly name: string;
  readonly architecture: 'sm_80' | 'sm_90a';
  readonly headDim: number;
  readonly tile: { readonly rows: number; readonly columns: number };
  readonly needs: BlockNeeds;
  readonly spills: number;
  /** Instructions of the whole function, and of a block beside its loop. */
  readonly whole: number;
  readonly outside: number;
  readonly step: PeerStep;
}

/** Multiply-adds of one score of plain attention: queries with keys, and weights with values. */
export const usefulOf = ({ headDim }: Peer): number => 2 * headDim;

export const peers: readonly Peer[] = [
  {
    name: 'FlashAttention 3',
    architecture: 'sm_90a',
    headDim: 128,
    tile: { rows: 128, columns: 128 },
    needs: { computing: 8, warps: 12, registers: 168, sharedBytes: 164864 },
    spills: 0,
    whole: 3206,
    outside: 1089,
    step: {
      instructions: 455,
      classes: {
        tensor: 16,
        FMUL: 68,
        FADD: 64,
        FFMA: 66,
        MUFU: 66,
        'min, max': 68,
        move: 21,
        'integer, predicate': 10,
        uniform: 26,
        'conversion, pack': 34,
        constant: 1,
        'shuffle, vote': 4,
        barrier: 8,
        branch: 3,
      },
      units: { FMA: 200, ALU: 112, MUFU: 66, none: 77 },
      multiplyAdds: { warpgroup: 524288, warp: 0 },
      sharedBytes: 20480,
    },
  },
  {
    name: 'FlashAttention 3',
    architecture: 'sm_90a',
    headDim: 64,
    tile: { rows: 192, columns: 128 },
    needs: { computing: 12, warps: 16, registers: 128, sharedBytes: 91136 },
    spills: 0,
    whole: 2865,
    outside: 968,
    step: {
      instructions: 417,
      classes: {
        tensor: 12,
        FMUL: 36,
        FADD: 64,
        FFMA: 66,
        MUFU: 66,
        'min, max': 68,
        move: 22,
        'integer, predicate': 13,
        uniform: 20,
        'conversion, pack': 34,
        constant: 1,
        'shuffle, vote': 4,
        barrier: 8,
        branch: 3,
      },
      units: { FMA: 168, ALU: 115, MUFU: 66, none: 68 },
      multiplyAdds: { warpgroup: 262144, warp: 0 },
      sharedBytes: 10240,
    },
  },
  {
    name: 'FlashAttention 2',
    architecture: 'sm_80',
    headDim: 128,
    tile: { rows: 128, columns: 64 },
    needs: { computing: 4, warps: 4, registers: 255, sharedBytes: 65536 },
    spills: 468,
    whole: 4358,
    outside: 1874,
    step: {
      instructions: 914,
      classes: {
        tensor: 256,
        FMUL: 136,
        FADD: 64,
        FFMA: 68,
        MUFU: 68,
        'min, max': 72,
        move: 49,
        'integer, predicate': 39,
        'conversion, pack': 32,
        LDSM: 80,
        LDS: 6,
        'global copy': 16,
        'local memory': 11,
        'shuffle, vote': 8,
        barrier: 6,
        branch: 3,
      },
      units: { FMA: 268, ALU: 192, MUFU: 68, none: 386 },
      multiplyAdds: { warpgroup: 0, warp: 524288 },
      sharedBytes: 49920,
    },
  },
  {
    name: 'FlashAttention 2',
    architecture: 'sm_80',
    headDim: 64,
    tile: { rows: 128, columns: 128 },
    needs: { computing: 4, warps: 4, registers: 255, sharedBytes: 49152 },
    spills: 576,
    whole: 3536,
    outside: 2179,
    step: {
      instructions: 1167,
      classes: {
        tensor: 256,
        FMUL: 72,
        FADD: 128,
        FFMA: 132,
        MUFU: 132,
        'min, max': 136,
        move: 25,
        'integer, predicate': 57,
        'conversion, pack': 64,
        LDSM: 72,
        LDS: 6,
        'global copy': 16,
        'local memory': 54,
        'shuffle, vote': 8,
        barrier: 6,
        branch: 3,
      },
      units: { FMA: 332, ALU: 282, MUFU: 132, none: 421 },
      multiplyAdds: { warpgroup: 0, warp: 524288 },
      sharedBytes: 45824,
    },
  },
];

/** A published rate, which the model's are scaled by: causal attention, a multiply-add being two operations, half of the square. */
export interface Published {
  readonly peer: Peer;
  readonly teraflops: number;
  readonly keys: number;
  readonly heads: number;
  readonly source: string;
}

const peerOf = (architecture: Peer['architecture'], headDim: number): Peer =>
  peers.find((each) => each.architecture === architecture && each.headDim === headDim)!;

/** By the form of the products: those of warpgroups, and of warps on the same device. */
export const published: Readonly<Record<'wgmma' | 'mma.sync', Published>> = {
  wgmma: {
    peer: peerOf('sm_90a', 128),
    teraflops: 616,
    keys: 16384,
    heads: 16,
    source: 'FlashAttention 3 (arXiv:2407.08608), H100, D = 128, causal, 16k',
  },
  'mma.sync': {
    peer: peerOf('sm_80', 128),
    teraflops: 333,
    keys: 8192,
    heads: 32,
    source: 'FlashAttention 2 on H200, D = 128, causal, 8k',
  },
};

/** The kernel of FlashAttention for an architecture and head size; undefined where none has been counted. */
export const peerFor = (architecture: string, headDim: number): Peer | undefined =>
  peers.find(
    (each) => each.headDim === headDim && each.architecture === (architecture === 'sm_90a' ? 'sm_90a' : 'sm_80'),
  );
