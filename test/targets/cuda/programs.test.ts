// The hand-written tile programs as CUDA on the emulation of a GPU, at shapes that fit no tile, against the meaning of the
// graphs that they implement: slabs, splits over keys, and a gradient that keys own among them.
import { describe } from 'vitest';
import { emulatorAvailability, runCuda } from '../../../targets/cuda/device/index.js';
import { emitCuda } from '../../../targets/cuda/index.js';
import { testsOn } from '../../support/devices.js';
import { backwardCase, expectClose, forwardCases, type ProgramCase, shapes } from '../shared/hand-written.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });

const tiles = [
  { headDim: 5, rows: 8, columns: 6 },
  { headDim: 40, rows: 40, columns: 24 },
];

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

describe('a gradient', () => holds(backwardCase));
