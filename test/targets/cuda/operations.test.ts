// Operations of tile programs, each in a small program of its own, on the emulation of a GPU against the tile interpreter.
// Fewer warps than rows ask for make threads hold several fragments; little shared memory makes products go slice by slice.
import { describe, expect } from 'vitest';
import { emulatorAvailability, runCuda } from '../../../targets/cuda/device/index.js';
import { type CudaOptions, emitCuda } from '../../../targets/cuda/index.js';
import { testsOn } from '../../support/devices.js';
import { TAKES_ALL } from '../../support/share.js';
import { cases, data, finished, goldOf, programOf, sizes } from '../operation-cases.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });

const layouts: readonly { readonly name: string; readonly options: CudaOptions; readonly cases: RegExp }[] = [
  { name: 'as many warps as there are rows for', options: {}, cases: /./ },
  {
    name: 'warps that share rows',
    options: { warpColumns: 4 },
    cases: TAKES_ALL ? /./ : /stencil|window|reductions|products|statistics/,
  },
  { name: 'little shared memory', options: { limits: { sharedBytes: 6144 } }, cases: /products/ },
];

describe.each(layouts)('with $name', ({ options, cases: tried }) => {
  for (const [name, each] of Object.entries(cases)) {
    if (!tried.test(name)) continue;
    onEmulator(name, async () => {
      const program = programOf(each);
      const emitted = emitCuda(finished(each), { name: 'small', settings: {}, history: 0 }, options);
      const outputs = await runCuda(emitted, data, sizes);
      for (const [output, expected] of goldOf(program, each)) {
        const actual = outputs.get(output)!.data;
        for (const [at, value] of expected.entries()) {
          if (Number.isNaN(value)) expect(actual[at], `${output} ${at} is written`).toBeNaN();
          else expect(Math.abs(actual[at]! - value), `${output} ${at}: ${actual[at]}, not ${value}`).toBeLessThan(1e-4);
        }
      }
    });
  }
});
