// The work of tile programs: against closed forms, against all blocks where a sample is taken, and what masks leave out.
import { describe, expect, it } from 'vitest';
import { type ScheduleKind, stagedProgram, type TileSizes, workOf } from '../../../codegen/schedule/index.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import type { Graph } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';
import { sizes as caseSizes, cases, programOf } from '../../targets/operation-cases.js';

const programBy =
  (kind: ScheduleKind) =>
  (graph: Graph, tiles: TileSizes): TileProgram =>
    stagedProgram(kind, graph, tiles).program;
const scheduleMaterialised = programBy('materialised');
const scheduleOnline = programBy('online');
const scheduleSlab = programBy('slab');
const scheduleTwoPass = programBy('two-pass');

const [heads, headDim, length] = [2, 8, 256];
const sizes = { batch: 3, queries: length, keys: length, rows: length };
const tiles = { rows: 8, columns: 16 };
const all = { samples: Number.POSITIVE_INFINITY };
const graphOf = (settings: object): Graph =>
  optimise(multiTokenAttention({ heads, kvHeads: heads, headDim, ...settings }));
const plain = graphOf({});
const convolved = graphOf({ preQueryKernel: 3, preKeyKernel: 5 });

describe('one pass of causal attention', () => {
  const { operations, bytes, launches } = workOf(scheduleOnline(plain, tiles), sizes, all);
  /** Tiles that the loop visits: as far as the last row of each block sees. */
  const visited = Array.from({ length: length / tiles.rows }, (_, n) => Math.ceil((8 * (n + 1)) / 16)).reduce(
    (sum, each) => sum + each,
  );
  const blocks = sizes.batch * heads;

  it('is the products of the tiles that are visited, and some arithmetic', () => {
    const products = blocks * visited * 2 * 2 * tiles.rows * tiles.columns * headDim;
    expect(operations).toBeGreaterThan(products);
    // Scale, mask, maximum, exponential and sum of each score, and the decay of the accumulators.
    expect(operations - products).toBeLessThan(
      blocks * (visited * tiles.rows * (8 * tiles.columns + headDim + 4) + length * 32),
    );
  });

  it('moves keys and values for each tile, queries and outputs once', () => {
    const outputs = length * (headDim + 1);
    expect(bytes).toBe(4 * blocks * (length * headDim + outputs + visited * 2 * tiles.columns * headDim));
    expect(launches).toBe(1);
  });
});

describe('schedules of a convolution', () => {
  it.each([
    ['one pass', scheduleOnline, convolved],
    ['two passes', scheduleTwoPass, convolved],
    ['bands', scheduleSlab, convolved],
    ['whole matrices', scheduleMaterialised, convolved],
  ] as const)('%s: a sample is near all of it', (_, scheduler, graph) => {
    const program = scheduler(graph, tiles);
    const [exact, sampled] = [workOf(program, sizes, all), workOf(program, sizes, { samples: 10 })];
    expect(sampled.launches).toBeCloseTo(exact.launches, 9);
    expect(Math.abs(sampled.operations / exact.operations - 1)).toBeLessThan(0.06);
    expect(Math.abs(sampled.bytes / exact.bytes - 1)).toBeLessThan(0.06);
  });

  it('computes scores twice in two passes, and once in bands', () => {
    const [once, twice] = [scheduleOnline, scheduleTwoPass].map((each) => workOf(each(convolved, tiles), sizes, all));
    // All but the sum with v is computed again.
    expect(twice!.operations / once!.operations).toBeGreaterThan(1.5);
    const bands = workOf(scheduleSlab(convolved, { ...tiles, band: 128 }), sizes, all);
    expect(bands.operations).toBeLessThan(once!.operations);
    expect(bands.bytes).toBeGreaterThan(once!.bytes);
    // A kernel for the scores and one for the rest, for each band.
    expect(bands.launches).toBe((2 * length) / 128);
  });
});

it('a mask leaves out the tiles that it hides, where the grid runs over all', () => {
  const whole = workOf(scheduleMaterialised(plain, tiles), sizes, all).operations;
  const diagonal = workOf(scheduleMaterialised(plain, tiles), { ...sizes, queries: 8, rows: 8 }, all).operations;
  // The last eight rows see nearly all keys; all rows see half of them.
  expect(whole / (diagonal * (length / 8))).toBeGreaterThan(0.5);
  expect(whole / (diagonal * (length / 8))).toBeLessThan(0.56);
});

it.each([
  // A multiply-add of each entry of the tile for each tap.
  ['grams of a ring and a tile', 2 * (3 * 5) * (6 * 12)],
  // One addition for each entry.
  ['a scatter into a table', 7 * 13],
] as const)('%s', (name, expected) => {
  expect(workOf(programOf(cases[name]!), caseSizes, all).operations).toBe(expected);
});
