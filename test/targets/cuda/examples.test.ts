// Examples as CUDA on the emulation of a GPU, small: the error rule, the dependency probe and the same bits twice, over shapes
// that fit no tile. `heddle check examples/*.ts --device cuda-emulator` runs all of them at every shape.
import { describe, expect } from 'vitest';
import { awkwardShapes, checkCase } from '../../../src/checking/index.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { exampleCases } from '../../support/examples.js';

const device = cudaEmulator();
const onEmulator = await testsOn(device);

/** One position, a decode step, and a batch of whole sequences. */
const shapeNumbers = [0, 2, 5];

const examples = [
  'blockDiffusion',
  'causal',
  'decode',
  'diffV1',
  'learnedBias',
  'mlaAbsorbed',
  'mta',
  'sinks',
  'treeMask',
];
const cases = exampleCases.filter(({ name }) => examples.includes(name));

describe.each(cases.map((each) => [each.name, each] as const))('%s', (name, { settings }) => {
  onEmulator('is right', async () => {
    const graph = await exampleGraph(name, settings);
    const shapes = awkwardShapes(graph);
    for (const n of shapeNumbers) {
      const { problems } = await checkCase(graph, device, shapes[n]!, 7 + n);
      expect(problems, JSON.stringify(shapes[n])).toEqual([]);
    }
  });
});
