// The hand-written tile programs, emitted as WGSL: valid with default limits on Dawn's null backend, and right on a device
// at shapes that fit no tile, against the meaning of the graphs that they implement.
import { afterAll, describe, expect, it } from 'vitest';
import { closeValidation, validate, webgpu } from '../../../targets/wgsl/device/index.js';
import { emitWgsl } from '../../../targets/wgsl/index.js';
import { runWgsl } from '../../../targets/wgsl/run.js';
import { inLongTests } from '../../support/share.js';
import { backwardCases, expectClose, forwardCases, type ProgramCase, shapes } from '../shared/hand-written.js';

const tiles = [
  { headDim: 5, rows: 8, columns: 6 },
  { headDim: 40, rows: 16, columns: 16 },
  ...inLongTests({ headDim: 96, rows: 32, columns: 16 }),
];

afterAll(async () => {
  await closeValidation();
  await webgpu.close();
});

function holds({ name, program, history, callOf }: ProgramCase): void {
  const emitted = emitWgsl(program, { name: program.name, settings: {}, history });

  it(`${name} is valid with default limits`, async () => {
    expect(await validate(emitted.wgsl)).toEqual([]);
  });

  it.each(shapes)(`${name} is right for $batch×$queries×$keys, $rows rows`, async (shape) => {
    const { inputs, gold } = callOf(shape);
    expectClose(await runWgsl(webgpu, emitted, inputs, shape), gold);
  });
}

describe.each(tiles)('D = $headDim, tiles of $rows × $columns', ({ headDim, rows, columns }) => {
  forwardCases(headDim, rows, columns).forEach(holds);
});

describe('gradients that keys own', () => backwardCases(5, 6, 8).forEach(holds));
