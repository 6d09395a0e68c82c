// Listings, their loops and the way that a full tile takes through one: on a kernel of ours, and on what is written by hand.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kindOf, multiplyAdds, sharedBytes } from '../../../../targets/cuda/sass/classes.js';
import { loopCounts, turnCounts } from '../../../../targets/cuda/sass/counts.js';
import { listingsIn } from '../../../../targets/cuda/sass/disassembly.js';
import { basicBlocks, loopsOf } from '../../../../targets/cuda/sass/flow.js';
import { steadyLoop } from '../../../../targets/cuda/sass/steady.js';

const causal = readFileSync(new URL('causal-sm80.sass', import.meta.url), 'utf8');

/** A listing of lines without addresses. */
const listed = (...lines: readonly string[]) =>
  listingsIn(
    [
      '\t.section\t.text.kernel,"ax",@progbits',
      ...lines.map((line) => (line.endsWith(':') ? line : `        /*0000*/   ${line} ;`)),
    ].join('\n'),
  )[0]!;

const instruction = (opcode: string, operands = '') => ({ opcode, operands });

test('a listing has its kernels, with predicates and labels, and without the fill behind them', () => {
  const text = `	.section	.nv.info,"",@"SHT_CUDA_INFO"
	.section	.text._Z1fv,"ax",@progbits
	.sectioninfo	@"SHI_REGISTERS=8"
_Z1fv:
        /*0000*/              @!UP0 ULEA UR10, UR4, UR6, 0x3 ;
.L_x_0:
        /*0010*/              @!P0 BRA P1, \`(.L_x_0) ;
        /*0020*/                   EXIT ;
.L_x_1:
        /*0030*/                   BRA \`(.L_x_1);
        /*0040*/                   NOP;
`;
  expect(listingsIn(text)).toEqual([
    {
      symbol: '_Z1fv',
      instructions: [
        { predicate: '!UP0', opcode: 'ULEA', operands: 'UR10, UR4, UR6, 0x3' },
        { predicate: '!P0', opcode: 'BRA', operands: 'P1, `(.L_x_0)' },
        { opcode: 'EXIT', operands: '' },
      ],
      labels: new Map([
        ['_Z1fv', 0],
        ['.L_x_0', 1],
        ['.L_x_1', 3],
      ]),
    },
  ]);
});

test('loops are found by edges back, those inside of others among them', () => {
  const listing = listed(
    'MOV R0, RZ',
    '.L_x_0:',
    'MOV R1, RZ',
    '.L_x_1:',
    'IADD3 R1, R1, 0x1, RZ',
    '@P0 BRA `(.L_x_1)',
    'IADD3 R0, R0, 0x1, RZ',
    '@!P1 BRA `(.L_x_0)',
    'EXIT',
  );
  const blocks = basicBlocks(listing);
  expect(blocks.map(({ next }) => next)).toEqual([[1], [2], [2, 3], [1, 4], []]);
  expect(loopsOf(blocks)).toEqual([
    { header: 1, blocks: new Set([1, 3, 2]), inner: [{ header: 2, blocks: new Set([2]), inner: [] }] },
  ]);
});

test('a call of a label is a branch, and a call of a function comes back', () => {
  const way = (callee: string) =>
    basicBlocks(listed('.L_x_0:', `@P0 CALL.REL.NOINC \`(${callee})`, 'BRA `(.L_x_0)', '.L_x_2:', 'EXIT'))[0]!.next;
  expect(way('.L_x_2')).toEqual([2, 1]);
  expect(way('$__internal_0_$__cuda_sm20_rcp')).toEqual([1]);
});

test('a full tile takes the shortest of the ways that multiply most', () => {
  const listing = listed(
    'S2R R0, SR_TID.X',
    '.L_x_0:',
    'SYNCS.PHASECHK.TRANS64.TRYWAIT P0, [UR6], R7',
    '@!P0 BRA `(.L_wait)',
    '.L_x_1:',
    '@P1 BRA `(.L_empty)',
    'HGMMA.64x128x16.F32.BF16 R24, gdesc[UR8], RZ, !UPT',
    '@P2 BRA `(.L_full)',
    'FSEL R24, R24, -INF, P3',
    'FSEL R25, R25, -INF, P4',
    '.L_full:',
    'MUFU.EX2 R24, R24',
    '.L_empty:',
    '@P5 BRA `(.L_x_0)',
    'STG.E [R2], R24',
    'EXIT',
    '.L_wait:',
    'SYNCS.PHASECHK.TRANS64.TRYWAIT P0, [UR6], R7',
    '@!P0 BRA `(.L_wait)',
    'BRA `(.L_x_1)',
  );
  const loop = steadyLoop(listing)!;
  expect(loop.instructions.map(({ opcode }) => opcode.split('.')[0])).toEqual(
    'SYNCS BRA BRA HGMMA BRA MUFU BRA'.split(' '),
  );
  expect(loop.outside).toBe(3);
});

test('of a copy loop that is unrolled in part, a step takes the turns that it needs', () => {
  const copies = (count: number) => Array<string>(count).fill('LDGSTS.E.BYPASS.128 [R0], [R2.64]');
  const listing = listed(
    '.L_x_0:',
    '@P0 BRA `(.L_x_1)',
    ...copies(3),
    '.L_x_1:',
    ...copies(4),
    '@P1 BRA `(.L_x_1)',
    'HMMA.16816.F32.BF16 R8, R24, R20, RZ',
    '@P2 BRA `(.L_x_0)',
    'EXIT',
  );
  const copied = (...given: [number?]) =>
    turnCounts(steadyLoop(listing, ...given)!.instructions).classes['global copy'];
  expect(copied(4)).toBe(4);
  expect(copied(7)).toBe(7);
  expect(copied()).toBe(7);
});

test('a kernel without products has no such loop', () => {
  expect(steadyLoop(listed('.L_x_0:', 'FADD R0, R0, R1', '@P0 BRA `(.L_x_0)', 'EXIT'))).toBeUndefined();
});

test('the loop of a kernel of ours is counted by class', () => {
  const [listing] = listingsIn(causal);
  const { step, innerLoops } = loopCounts(listing!, () => 1, 1)!;
  // 16 × 16 scores are two fragments by a product over 16 features, and 16 features of values two by one over 16 keys.
  expect(step.multiplyAdds).toEqual({ warpgroup: 0, warp: 2 * 16 * 16 * 16 });
  // Exponentials of eight scores of a thread, and of the change of two rows' maxima.
  const products = { tensor: 4, FMUL: 16, FADD: 10, FFMA: 10, MUFU: 10, 'min, max': 18, 'conversion, pack': 4 };
  const copies = { LDSM: 3, LDS: 3, STS: 0, 'global copy': 1, 'shuffle, vote': 4, barrier: 3, constant: 1 };
  // Those of the mask, 26 and more, are on another way.
  expect(step.classes).toMatchObject({
    ...products,
    ...copies,
    'integer, predicate': 30,
    move: 7,
    uniform: 2,
    branch: 10,
  });
  expect(step.instructions).toBe(136);
  expect(innerLoops).toBe(0);
});

test('instructions are classed by their opcodes, copies of registers by either side among them', () => {
  const classes = (opcode: string, operands = '') => kindOf(instruction(opcode, operands)).class;
  expect(classes('IMAD.MOV.U32', 'R24, RZ, RZ, R152')).toBe('move');
  expect(classes('HFMA2.MMA', 'R5, -RZ, RZ, 0, 0')).toBe('move');
  expect(classes('HFMA2.BF16_V2', 'R5, R4, R3, R2')).toBe('FFMA');
  expect(classes('IMAD.SHL.U32', 'R10, R3, 0x2, RZ')).toBe('integer, predicate');
  expect(classes('F2FP.BF16.F32.PACK_AB')).toBe('conversion, pack');
  expect(classes('LDGSTS.E.BYPASS.128')).toBe('global copy');
  expect(classes('WHATEVER.NEW')).toBe('other');
});

test('tensor instructions multiply by their shapes, of which a warp has a share where a warpgroup does', () => {
  expect(multiplyAdds(instruction('HGMMA.64x128x16.F32.BF16'))).toBe((64 * 128 * 16) / 4);
  expect(multiplyAdds(instruction('HMMA.16816.F32.BF16'))).toBe(16 * 8 * 16);
  expect(multiplyAdds(instruction('HMMA.1688.F32.TF32'))).toBe(16 * 8 * 8);
  expect(multiplyAdds(instruction('FFMA'))).toBe(0);
});

test('shared memory is moved by the bytes of an access', () => {
  expect(sharedBytes(instruction('LDSM.16.MT88.4', 'R4, [R2]'))).toBe(512);
  expect(sharedBytes(instruction('LDS.128', 'R4, [R2]'))).toBe(512);
  expect(sharedBytes(instruction('STS', '[R2], R4'))).toBe(128);
  // The right operand alone, and both: a warp has a quarter.
  expect(sharedBytes(instruction('HGMMA.64x128x16.F32.BF16', 'R88, R152, gdesc[UR12].tnspB, R88'))).toBe(1024);
  expect(sharedBytes(instruction('HGMMA.64x128x16.F32.BF16', 'R24, gdesc[UR8], R24'))).toBe(1536);
});
