// Every example against the interpreter, over the awkward shapes: the error rule, the dependency probe, and the same bits
// from a second run. On webasm, of whose shapes `npm test` takes every other one; the long tests take all, and a few on cpu, which shares all
// but gpu.js's own code.
import { describe, expect, test } from 'vitest';
import { awkwardShapes, type CheckShape, checkGraph, fewShapes } from '../../../src/checking/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { gpujsDevice } from '../../../targets/gpujs/device.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { exampleCases } from '../../support/examples.js';
import { inLongTests, TAKES_ALL } from '../../support/share.js';

const everyOther = (graph: Graph): readonly CheckShape[] => awkwardShapes(graph).filter((_, n) => n % 2 === 0);

describe.each(exampleCases)('$name', ({ name, settings }) => {
  test.each([['webasm', TAKES_ALL ? awkwardShapes : everyOther] as const, ...inLongTests(['cpu', fewShapes] as const)])(
    '%s',
    async (mode, shapesFor) => {
      const graph = await exampleGraph(name, settings);
      const device = gpujsDevice(mode);
      const cases = await checkGraph(graph, device, { shapes: shapesFor(graph) });
      expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
      await device.close();
    },
  );
});
