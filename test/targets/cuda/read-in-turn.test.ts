// Keys and values that have one place each in shared memory, on the emulation of a GPU: either comes while a product reads the other.
// Masks with gaps leave out turns in the middle of a loop, where what is to come has to come all the same.
import { describe, expect, test } from 'vitest';
import { type CheckShape, checkGraph } from '../../../src/checking/index.js';
import { compileCuda } from '../../../targets/cuda/compile.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph } from '../../support/example-graphs.js';

const small = { heads: 2, headDim: 16 };
/** Shared memory in which views with two places find no room, or leave it for fewer blocks than registers do. */
const cases = {
  // No mask, and nothing that leaves out a turn.
  bidirectional: { settings: small, sharedBytes: 20_000 },
  // Turns behind the diagonal are left out, of both views alike.
  causal: { settings: small, sharedBytes: 20_000 },
  // Turns between the global keys and the window are left out.
  globalLocal: { settings: { ...small, globals: 2, reach: 20 }, sharedBytes: 20_000 },
  // Which turns are is read from tables.
  packedDocuments: { settings: small, sharedBytes: 17_000 },
  // Scores are convolved: either view has a mask of its own, and values lie before the keys.
  decode: { settings: { ...small, kvHeads: 1 }, sharedBytes: 30_000 },
};

/** Several turns and blocks; rows that end within a tile; more keys than rows; one key. */
const shapes: readonly CheckShape[] = [
  { batch: 1, queries: 300, keys: 300, rows: 295 },
  { batch: 2, queries: 40, keys: 210, rows: 35 },
  { batch: 1, queries: 6, keys: 6, rows: 1 },
];

describe.each(Object.entries(cases))('%s', async (name, { settings, sharedBytes }) => {
  const options = { dtype: 'bf16', limits: { sharedBytes } } as const;
  const onEmulator = await testsOn(cudaEmulator(options));
  const graph = exampleGraph(name, settings);

  test('reads two views in turn', async () => {
    const { emitted } = compileCuda(await graph, { ...options, single: true });
    expect(emitted.cuda).toContain('are read in turn');
  });

  onEmulator('is right, leaks nothing and is the same twice', async () => {
    const results = await checkGraph(await graph, cudaEmulator(options), { shapes });
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  });
});
