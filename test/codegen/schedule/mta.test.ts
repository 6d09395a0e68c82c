// Multi-token attention under every schedule that serves it: the golden tensors of its authors, its gates, and decode steps
// with the last queries, which equal the rows of a prefill whatever the schedule of either.
import { describe, expect, it } from 'vitest';
import { type ScheduleKind, tilesDevice } from '../../../codegen/schedule/index.js';
import { randomInputs } from '../../../src/checking/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import { history } from '../../../src/ir/index.js';
import { type HostTensor, hostTensor } from '../../../src/tensors/index.js';
import {
  authorsCases,
  authorsGraph,
  authorsTensors,
  type Settings,
  settingsOf,
} from '../../support/authors-tensors.js';

/** The largest difference of two outputs, in units of the largest entry of the second. */
function difference(actual: HostTensor, expected: HostTensor): number {
  expect(actual.shape).toEqual(expected.shape);
  let [largest, size] = [0, 0];
  for (const [n, value] of expected.data.entries()) {
    // Rows that see no key have no log-sum-exp.
    if (actual.data[n] === value) continue;
    largest = Math.max(largest, Math.abs(actual.data[n]! - value));
    size = Math.max(size, Math.abs(value));
  }
  return size === 0 ? largest : largest / size;
}

describe.each(authorsCases)('the golden case %s', (name, settings) => {
  const tensors = authorsTensors(name);
  // Eight heads in each of many splits take the interpreter long; the forms below are mixed and split, too.
  const kinds: readonly ScheduleKind[] = settings['heads'] === 8 ? ['slab'] : ['slab', 'decode'];
  it.each(kinds)('%s', async (kind) => {
    const device = tilesDevice({ kind, tiles: { rows: 8, columns: 16, band: 16, shares: 3 } });
    const outputs = await device.run(await authorsGraph(settings), tensors);
    expect(difference(outputs.get('out')!, tensors.get('out')!)).toBeLessThan(1e-5);
  });
});

const sizes = { heads: 4, kvHeads: 2, headDim: 6 };
const before = { ...sizes, preQueryKernel: 3, preKeyKernel: 5 };
const forms: Readonly<Record<string, { readonly settings: Settings; readonly kinds: readonly ScheduleKind[] }>> = {
  'before the softmax': { settings: before, kinds: ['online', 'two-pass', 'slab', 'decode'] },
  'before the softmax, mixed': {
    settings: { ...before, preMix: 4, norm: 'rms', gate: 'scalar' },
    kinds: ['online', 'two-pass', 'slab', 'decode'],
  },
  'before and behind it, mixed in other groups, with a full gate': {
    settings: { ...before, preMix: 2, postQueryKernel: 2, postKeyKernel: 3, postMix: 4, norm: 'rms', gate: 'full' },
    kinds: ['two-pass', 'slab', 'decode'],
  },
  'six heads, mixed by all and by three': {
    settings: { ...before, heads: 6, kvHeads: 3, preMix: 6, postMix: 3 },
    kinds: ['online', 'two-pass', 'slab'],
  },
  'five heads, mixed by all': {
    settings: { heads: 5, kvHeads: 1, headDim: 3, preMix: 5, postMix: 5 },
    kinds: ['slab'],
  },
  'a full gate of what is not normed': {
    settings: { ...before, gate: 'full' },
    kinds: ['online', 'two-pass', 'slab', 'decode'],
  },
};

const largeDevices: Readonly<Record<string, Settings>> = {
  'mixed by eight before and behind, convolved both times': {
    ...sizes,
    heads: 8,
    preQueryKernel: 3,
    preKeyKernel: 5,
    preMix: 8,
    postQueryKernel: 2,
    postKeyKernel: 3,
    postMix: 8,
    norm: 'rms',
  },
  'mixed by six behind alone': { ...before, heads: 6, kvHeads: 3, postQueryKernel: 2, postKeyKernel: 3, postMix: 6 },
  'mixed by five without a convolution behind': { ...before, heads: 5, kvHeads: 1, preMix: 5, postMix: 5 },
  'twelve heads, mixed by six': {
    heads: 12,
    kvHeads: 3,
    headDim: 3,
    postQueryKernel: 2,
    postKeyKernel: 3,
    preMix: 6,
    postMix: 6,
  },
};

describe.each(Object.entries(largeDevices))('bands of large devices: %s', (_, settings) => {
  it('give what the graph means, and a decode step of its last rows', async () => {
    const graph = await authorsGraph({ ...settingsOf(), ...settings });
    const inputs = randomInputs(graph, { batch: 2, queries: 37, keys: 37 }, 9);
    const prefill = interpret(graph, inputs);
    const device = tilesDevice({ kind: 'slab', tiles: { rows: 8, columns: 6, band: 16, busyBlocks: 132 } });
    const outputs = await device.run(graph, inputs);
    for (const [name, expected] of prefill) expect(difference(outputs.get(name)!, expected), name).toBeLessThan(1e-5);
    const [step, few] = [interpret(graph, inputs, { rows: 3 }), await device.run(graph, inputs, { rows: 3 })];
    for (const [name, expected] of step) expect(difference(few.get(name)!, expected), name).toBeLessThan(1e-5);
  });
});

describe.each(Object.entries(forms))('%s', async (_, { settings, kinds }) => {
  const graph = await authorsGraph({ ...settingsOf(), ...settings });
  const length = 37;
  const inputs = randomInputs(graph, { batch: 2, queries: length, keys: length }, 9);
  const prefill = interpret(graph, inputs);

  it.each(kinds)('%s gives the prefill', async (kind) => {
    const outputs = await tilesDevice({ kind, tiles: { rows: 8, columns: 6, band: 8, shares: 4 } }).run(graph, inputs);
    for (const [name, expected] of prefill) expect(difference(outputs.get(name)!, expected), name).toBeLessThan(1e-5);
  });

  it.each(kinds.flatMap((kind) => [1, 3].map((rows) => [kind, rows] as const)))(
    '%s gives a decode step of %i rows from the last queries',
    async (kind, rows) => {
      const device = tilesDevice({ kind, tiles: { rows: 2, columns: 4, band: 2 } });
      const step = new Map(inputs).set('q', lastRows(inputs.get('q')!, rows + history(graph)));
      const outputs = await device.run(graph, step, { rows });
      for (const [name, expected] of prefill) {
        expect(difference(outputs.get(name)!, lastRows(expected, rows)), name).toBeLessThan(1e-5);
      }
    },
  );
});

/** The last rows of a tensor over batch, heads and rows. */
function lastRows({ shape, data }: HostTensor, rows: number): HostTensor {
  const [batch, heads, given, ...rest] = shape as [number, number, number, ...number[]];
  const entries = rest.reduce((product, size) => product * size, 1);
  const kept: number[] = [];
  for (let head = 0; head < batch * heads; head += 1) {
    for (let n = (head * given + given - rows) * entries; n < (head + 1) * given * entries; n += 1) kept.push(data[n]!);
  }
  return hostTensor([batch, heads, rows, ...rest], Float64Array.from(kept), 'F64');
}
