// Every example against the interpreter, over the awkward shapes: the error rule, the dependency probe, and the same bits
// from a second run. On webasm; a few shapes of each on cpu, which shares all but gpu.js's own code.
import { describe, expect, test } from 'vitest';
import { awkwardShapes, checkGraph, fewShapes } from '../../../src/checking/index.js';
import { gpujsDevice } from '../../../targets/gpujs/device.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { exampleCases } from '../../support/examples.js';

describe.each(exampleCases)('$name', ({ name, settings }) => {
  test.each([
    ['webasm', awkwardShapes],
    ['cpu', fewShapes],
  ] as const)('%s', async (mode, shapesFor) => {
    const graph = await exampleGraph(name, settings);
    const device = gpujsDevice(mode);
    const cases = await checkGraph(graph, device, { shapes: shapesFor(graph) });
    expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
    await device.close();
  });
});
