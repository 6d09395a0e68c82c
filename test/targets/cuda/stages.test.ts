// Programs of several stages on the emulation of a GPU: rows go through workspace from one kernel to the next, and are read
// at other rows, heads and features. In fp32, and with tensors of bf16 beside a workspace of floats.
import { describe, expect } from 'vitest';
import { checkGraph } from '../../../src/checking/index.js';
import { history } from '../../../src/ir/index.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { stagedCases } from '../../support/staged-graphs.js';

const onEmulator = await testsOn(cudaEmulator());

describe.each([
  ['a chain of cuts, and a norm behind the last', 'f32'],
  ['more heads than a block takes', 'f32'],
  ['scores that read outputs of the row above', 'f32'],
  ['a chain of cuts, and a norm behind the last', 'bf16'],
] as const)('%s in %s', (name, dtype) => {
  onEmulator('is right, leaks nothing and is the same twice', async () => {
    const { graph } = stagedCases[name]!;
    const shapes = [{ batch: 1, queries: 2 + history(graph), keys: 19, rows: 2 }];
    const results = await checkGraph(graph, cudaEmulator({ dtype }), { shapes });
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  });
});
