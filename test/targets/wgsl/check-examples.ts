// Examples as WGSL on a device, over all awkward shapes: the error rule of the device's precision, the dependency probe,
// and the same bits twice. A file of tests for each device, so that devices take turns with the cores.
import { afterAll, describe, expect } from 'vitest';
import { checkGraph, shapeLabel } from '../../../src/checking/index.js';
import type { KernelDevice } from '../../../targets/wgsl/device/index.js';
import { wgslDevice } from '../../../targets/wgsl/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { type ExampleCase, exampleCases } from '../../support/examples.js';
import { TAKES_ALL } from '../../support/share.js';

/** Milliseconds for the largest kernels: a software device compiles them for most of a minute on a busy machine. */
const MOST = 240_000;

/** One of each kind of kernel; the long tests take all examples. */
const some = ['alibi', 'causal', 'decode', 'diffV1', 'mtaPacked', 'packedDocuments', 'sinks'];
export const examplesOfEachKind = TAKES_ALL ? exampleCases : exampleCases.filter(({ name }) => some.includes(name));

interface ExamplesToCheck {
  /** What the device must have granted. */
  readonly features?: readonly string[];
  readonly cases: readonly ExampleCase[];
}

export async function checkExamples(
  kernelDevice: KernelDevice,
  dtype: 'f32' | 'f16',
  { features = [], cases: examples }: ExamplesToCheck,
): Promise<void> {
  const onDevice = await testsOn(kernelDevice, features);
  const device = wgslDevice(kernelDevice, { dtype });
  afterAll(() => kernelDevice.close());

  describe.each(examples)('$name', ({ name, settings }) => {
    const check = async () => {
      const graph = await exampleGraph(name, settings);
      const cases = await checkGraph(graph, device);
      const failed = cases.filter(({ passed }) => !passed);
      expect(failed.map(({ shape, problems }) => [shapeLabel(shape), ...problems])).toEqual([]);
      expect(cases.every(({ probes }) => probes > 0)).toBe(true);
    };
    onDevice(`is right in ${dtype}`, check, MOST);
  });
}
