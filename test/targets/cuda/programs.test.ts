// The hand-written tile programs as CUDA on the emulation of a GPU, at shapes that fit no tile, against the meaning of the
// graphs that they implement: slabs, splits over keys, and a gradient that keys own among them.
import { describe, expect, it } from 'vitest';
import { runTilePasses } from '../../../codegen/tile/passes/index.js';
import { emulatorAvailability, runCuda } from '../../../targets/cuda/device/index.js';
import { emitCuda } from '../../../targets/cuda/index.js';
import { cudaPasses } from '../../../targets/cuda/narrow.js';
import { testsOn } from '../../support/devices.js';
import { inLongTests } from '../../support/share.js';
import {
  backwardCases,
  expectClose,
  expectCloseInHalf,
  forwardCases,
  type ProgramCase,
  shapes,
} from '../shared/hand-written.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });

const tiles = [{ headDim: 40, rows: 40, columns: 24 }, ...inLongTests({ headDim: 5, rows: 8, columns: 6 })];

function holds({ name, program, history, callOf }: ProgramCase): void {
  const emitted = emitCuda(program, { name: program.name, settings: {}, history });
  for (const shape of shapes) {
    onEmulator(`${name} is right for ${JSON.stringify(shape)}`, async () => {
      const { inputs, gold } = callOf(shape);
      expectClose(await runCuda(emitted, inputs, shape), gold);
    });
  }
}

describe.each(tiles)('D = $headDim, tiles of $rows × $columns', ({ headDim, rows, columns }) => {
  forwardCases(headDim, rows, columns).forEach(holds);
});

describe('gradients that keys own', () => backwardCases(5, 6, 8).forEach(holds));

// Sᵀ is the left operand of the products that follow, out of registers, as weights are in a kernel that owns queries.
describe.each([
  { architecture: 'sm_80', forms: ['mma.sync', 'mma.sync'] },
  { architecture: 'sm_90a', forms: ['wgmma', 'mma.sync'] },
] as const)('gradients that keys own, on tensor cores of $architecture', ({ architecture, forms }) => {
  for (const [n, { name, program, history, callOf }] of backwardCases(16, 64, 64).entries()) {
    const half = runTilePasses(program, cudaPasses('f16'), { verify: true });
    const emitted = emitCuda(half, { name: program.name, settings: {}, history }, { dtype: 'f16', architecture });
    it(`${name} takes ${forms[n]}`, () => {
      expect(emitted.module.kernels.at(-1)!.products.form).toBe(forms[n]);
    });
    for (const shape of [...shapes, { batch: 1, queries: 150, keys: 170, rows: 140 }]) {
      onEmulator(`${name} is right for ${JSON.stringify(shape)}`, async () => {
        const { inputs, gold } = callOf(shape);
        expectCloseInHalf(await runCuda(emitted, inputs, shape), gold);
      });
    }
  }
});
