// Every example against the interpreter, over the awkward shapes: the error rule, the dependency probe, and the same bits
// from a second run. On webasm; a few shapes of each on cpu, which shares all but gpu.js's own code.
import { describe, expect, test } from 'vitest';
import { openSpec } from '../../../dsl/frontend/index.js';
import { awkwardShapes, checkGraph, fewShapes } from '../../../src/checking/index.js';
import { optimise } from '../../../src/passes/index.js';
import { gpujsDevice } from '../../../targets/gpujs/device.js';
import { exampleCases, exampleFiles } from '../../support/examples.js';

describe.each(exampleCases)('$name', ({ name, settings }) => {
  test.each([
    ['webasm', awkwardShapes],
    ['cpu', fewShapes],
  ] as const)('%s', async (mode, shapesFor) => {
    const graph = optimise((await openSpec(exampleFiles.get(name)!)).compile(name, settings));
    const device = gpujsDevice(mode);
    const cases = await checkGraph(graph, device, { shapes: shapesFor(graph) });
    expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
    await device.close();
  });
});
