// What instructions are, in one table: the class that a report counts them in, and the unit of a multiprocessor's quarter that
// executes them. Tensor instructions say by their shape how much they multiply, and accesses to shared memory how much they move.
import type { Instruction } from './disassembly.js';

/** The classes of a report, in its order. */
export const instructionClasses = [
  'tensor',
  'FMUL',
  'FADD',
  'FFMA',
  'MUFU',
  'min, max',
  'move',
  'integer, predicate',
  'uniform',
  'conversion, pack',
  'LDSM',
  'LDS',
  'STS',
  'global copy',
  'LDG',
  'STG',
  'local memory',
  'constant',
  'shuffle, vote',
  'barrier',
  'branch',
  'other',
] as const;

export type InstructionClass = (typeof instructionClasses)[number];

/** Units that the model counts clocks of; `none` is busy for no longer than the issue. */
export type Unit = 'FMA' | 'ALU' | 'MUFU' | 'none';

interface Kind {
  readonly class: InstructionClass;
  readonly unit: Unit;
}

const kind = (of: InstructionClass, unit: Unit = 'none'): Kind => ({ class: of, unit });

const move = kind('move', 'ALU');
const integer = kind('integer, predicate', 'ALU');
const conversion = kind('conversion, pack', 'ALU');
const branch = kind('branch');
const barrier = kind('barrier');
const uniform = kind('uniform');
const vote = kind('shuffle, vote');

/** By the opcode without its modifiers. */
const kinds: Readonly<Record<string, Kind>> = {
  ...each('HMMA HGMMA IMMA IGMMA QMMA QGMMA DMMA UTCHMMA', kind('tensor')),
  ...each('FMUL FMUL32I HMUL2 FMUL2', kind('FMUL', 'FMA')),
  ...each('FADD FADD32I HADD2 FADD2', kind('FADD', 'FMA')),
  ...each('FFMA FFMA32I HFMA2 FFMA2', kind('FFMA', 'FMA')),
  MUFU: kind('MUFU', 'MUFU'),
  ...each('FMNMX FMNMX3 HMNMX2 VHMNMX', kind('min, max', 'ALU')),
  ...each('MOV MOV32I', move),
  ...each('R2UR S2R S2UR CS2R R2P P2R R2B B2R UMOV', kind('move')),
  // Rotations of registers by one and the like are multiply-adds on the integer side.
  ...each('IMAD IMAD32I IMUL', kind('integer, predicate', 'ALU')),
  ...each('IADD3 IADD VIADD LEA LOP3 LOP ISETP SEL ISCADD SHF SHL SHR IABS IMNMX VIMNMX VIADDMNMX', integer),
  ...each('PLOP3 POPC FLO BREV BMSK SGXT FSETP FSEL FSET FCHK DSETP HSETP2 HSET2 VABSDIFF PSETP ICMP', integer),
  ...each('F2FP PRMT I2FP', conversion),
  ...each('F2F F2I I2F FRND F2IP I2IP', kind('conversion, pack', 'MUFU')),
  LDSM: kind('LDSM'),
  LDS: kind('LDS'),
  ...each('STS STSM ATOMS', kind('STS')),
  ...each('LDGSTS UTMALDG UTMASTG UBLKCP UTMAREDG UTMAPF', kind('global copy')),
  ...each('LDG LD', kind('LDG')),
  ...each('STG ST RED ATOMG ATOM', kind('STG')),
  ...each('LDL STL', kind('local memory')),
  ...each('LDC ULDC LDCU', kind('constant')),
  ...each('SHFL VOTE VOTEU MATCH REDUX CREDUX', vote),
  ...each(
    'BAR SYNCS DEPBAR LDGDEPBAR WARPGROUP WARPSYNC MEMBAR FENCE ERRBAR CCTL ELECT UTMACMDFLUSH UCGABAR_ARV',
    barrier,
  ),
  ...each('UCGABAR_WAIT USETMAXREG ACQBULK ARRIVES', barrier),
  ...each('BRA BRX JMP EXIT RET CALL BSSY BSYNC BREAK BMOV KILL YIELD RPCMOV WARPSYNC_ALL', branch),
  ...each(
    'UIADD3 ULEA ULOP3 USEL UISETP USHF UIMAD UPLOP3 UPRMT UBMSK UFLO UPOPC USGXT UP2UR UR2UP UVIADD UIMNMX',
    uniform,
  ),
  ...each('NOP NANOSLEEP DEPCTR PMTRIG', kind('other')),
};

function each(opcodes: string, of: Kind): Record<string, Kind> {
  return Object.fromEntries(opcodes.split(' ').map((opcode) => [opcode, of]));
}

const other = kind('other');

/** The class and the unit of an instruction. */
export function kindOf({ opcode, operands }: Instruction): Kind {
  // A register's value, or a constant, by the multiply-add of either side.
  if (opcode.startsWith('IMAD.MOV')) return kind('move', 'FMA');
  if (opcode.startsWith('HFMA2') && /^R\d+, -?RZ, -?RZ,/.test(operands)) return kind('move', 'FMA');
  return kinds[opcode.split('.', 1)[0]!] ?? other;
}

/** Threads that execute one product of a warpgroup, in warps. */
const WARPS_OF_GROUP = 4;

/** The multiply-adds that a tensor instruction does for one warp; 0 for all others. */
export function multiplyAdds({ opcode }: Instruction): number {
  const group = /^[HIQ]GMMA\.(?:SP\.)?(\d+)x(\d+)x(\d+)/.exec(opcode);
  if (group) return (Number(group[1]) * Number(group[2]) * Number(group[3])) / WARPS_OF_GROUP;
  const warp = /^[HIQ]MMA\.(?:SP\.)?(?:(16|8)(8|16))(8|16|32|4)\b/.exec(opcode);
  return warp ? Number(warp[1]) * Number(warp[2]) * Number(warp[3]) : 0;
}

const LANES = 32;

/** Bytes of shared memory that an instruction moves for one warp, the operands of a warpgroup's product by shares. */
export function sharedBytes(instruction: Instruction): number {
  const { opcode, operands } = instruction;
  const group = /^[HIQ]GMMA\.(?:SP\.)?(\d+)x(\d+)x(\d+)/.exec(opcode);
  if (group) {
    const [rows, columns, depth] = group.slice(1).map(Number) as [number, number, number];
    // Descriptors of both operands where the left one is in shared memory too: one register then stands for the pair.
    const isLeftShared = /^R\d+, gdesc\[/.test(operands);
    return (2 * depth * (columns + (isLeftShared ? rows : 0))) / WARPS_OF_GROUP;
  }
  if (opcode.startsWith('LDSM') || opcode.startsWith('STSM')) return 128 * Number(/\.(\d)\b/.exec(opcode)?.[1] ?? 1);
  if (/^(LDS|STS|LDGSTS)\b/.test(opcode)) return (LANES * Number(/\.(128|64)\b/.exec(opcode)?.[1] ?? 32)) / 8;
  return 0;
}
