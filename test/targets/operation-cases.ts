// Operations of tile programs that the hand-written programs use little: each in a small program of its own, at sizes that
// divide nothing, with what the tile interpreter makes of it. Every target that lowers tile programs runs them.
import { along, axis, type BlockBuilder, kernel, view } from '../../codegen/tile/builder.js';
import { ProgramRun } from '../../codegen/tile/interpreter/interpret.js';
import { neighbourAt, operand } from '../../codegen/tile/operations.js';
import { runTilePasses } from '../../codegen/tile/passes/index.js';
import type { TileProgram } from '../../codegen/tile/program.js';
import { minus, plus } from '../../codegen/tile/scalars.js';
import type { Buffer, BufferAxis, Placement, Ring, Tile, TileAxis } from '../../codegen/tile/types.js';
import {
  accumulate,
  apply,
  type Expression,
  extent,
  feature,
  float,
  integer,
  position,
  read,
  tensorNode,
  variable,
} from '../../src/ir/index.js';
import { type HostTensor, hostTensor, Random } from '../../src/tensors/index.js';

const [i, j, u, w, n] = ['i', 'j', 'u', 'w', 'n'].map(variable) as [
  Expression,
  Expression,
  Expression,
  Expression,
  Expression,
];
const ROWS = 7;
const COLUMNS = 13;
const FEATURES = 6;
export const sizes = { batch: 1, queries: 9, keys: 17, rows: 9 };
const times = (one: Expression, other: Expression): Expression => apply('multiply', one, other);
const add = (one: Expression, other: Expression): Expression => apply('add', one, other);

const of = (
  name: string,
  role: Buffer['role'],
  axes: readonly BufferAxis[],
  dtype: Buffer['dtype'] = 'f32',
): Buffer => ({
  name,
  role,
  axes,
  dtype,
});
const scores = of('scores', 'input', [extent(24), extent(32)]);
const more = of('more', 'input', [extent(24), extent(32)]);
const vectors = of('vectors', 'input', [extent(32), feature(FEATURES)]);
const theta = of('theta', 'input', [extent(16), extent(32)]);
const documents = of('documents', 'input', [{ kind: 'position' }], 'int');
const inputs = [scores, more, vectors, theta, documents];
const table = tensorNode('theta', 'parameter', [extent(16), extent(32)]);
const documentTable = tensorNode('documents', 'integers', [position]);

const rows: TileAxis = axis('query', 2, ROWS);
const columns: TileAxis = axis('key', 3, COLUMNS);
const features: TileAxis = axis('feature', 0, FEATURES);
const grid: Placement = [along('query'), along('key')];

export interface Case {
  readonly outputs: readonly Buffer[];
  readonly body: (block: BlockBuilder) => void;
}

const matrix = (name: string, [rowCount, columnCount] = [24, 32]): Buffer =>
  of(name, 'output', [extent(rowCount!), extent(columnCount!)]);
const line = (name: string, size = 32): Buffer => of(name, 'output', [extent(size)]);

/** A ring over keys or queries that holds a box of scores around the tile. */
function ringOf(
  block: BlockBuilder,
  kind: 'key' | 'query',
  reach: { rows: number; columns: number },
  source = scores,
): Ring {
  const across =
    kind === 'key'
      ? axis('query', 2 - reach.rows, ROWS + 2 * reach.rows)
      : axis('key', 3 - reach.columns, COLUMNS + 2 * reach.columns);
  const [origin, size] =
    kind === 'key' ? [3 - reach.columns, COLUMNS + 2 * reach.columns] : [2 - reach.rows, ROWS + 2 * reach.rows];
  let ring = block.ring(kind, across, size, origin, 0.5);
  // Two pushes of half the box, so that a push keeps something.
  const first = Math.floor(size / 2);
  for (const [from, count] of [
    [origin, first],
    [origin + first, first],
  ] as const) {
    const own = axis(kind, from, count);
    ring = block.push(ring, block.load(source, grid, kind === 'key' ? [across, own] : [own, across]));
  }
  return ring;
}

/** The box of scores around the tile. */
const boxOf = (
  block: BlockBuilder,
  { rows: above, columns: beside }: { rows: number; columns: number },
  from = scores,
): Tile =>
  block.load(from, grid, [axis('query', 2 - above, ROWS + 2 * above), axis('key', 3 - beside, COLUMNS + 2 * beside)]);

const stencilOf = (queries: number, keys: number, weight: Expression) => ({
  counters: [
    { name: 'u', extent: queries },
    { name: 'w', extent: keys },
  ],
  queryOffset: minus(u, queries - 1),
  keyOffset: minus(w, Math.floor((keys - 1) / 2)),
  weight,
});
const taps = read(table, [u, w]);
const evenReach = { rows: 3, columns: 3 };

function stencilCase(
  kind: 'key' | 'query',
  reach: { rows: number; columns: number },
  spec: Parameters<BlockBuilder['stencil']>[2],
): Case {
  const out = matrix('out');
  return {
    outputs: [out],
    body: (block) =>
      block.store(block.stencil(ringOf(block, kind, reach), [evenRows(reach), evenColumns(reach)], spec), out, grid),
  };
}
/** The ring holds an even number of entries along itself: one less of the box where its size is odd. */
const evenRows = (_: { rows: number }): TileAxis => axis('query', 2, ROWS - 1);
const evenColumns = (_: { columns: number }): TileAxis => axis('key', 3, COLUMNS - 1);

const out = matrix('out');
const gated = matrix('gated', [24, FEATURES]);
/** Grams of a box and a tile, of so many lines of taps each: a table of its own for each of them. */
function gramsOfBox(lines: readonly number[]): Case {
  const gradients = lines.map((count, n) => line(`gradient_${n}`, 5 * count));
  return {
    outputs: gradients,
    body: (block) => {
      const factor = block.load(more, grid, [rows, columns]);
      const box = boxOf(block, evenReach);
      for (const [n, count] of lines.entries()) {
        const before = block.constant([axis('extent', 0, 5 * count)], n + 0.25);
        const { weight: _, ...offsets } = stencilOf(count, 5, taps);
        block.store(block.gram(before, box, factor, offsets), gradients[n]!, [along('extent')]);
      }
    },
  };
}

export const cases: Readonly<Record<string, Case>> = {
  'a stencil, trailing over queries': stencilCase('query', evenReach, stencilOf(3, 5, taps)),
  'a stencil, trailing over keys': stencilCase('key', evenReach, stencilOf(3, 5, taps)),
  'a stencil guarded by document': stencilCase('key', evenReach, {
    ...stencilOf(3, 5, taps),
    guard: apply('equal', read(documentTable, [i]), read(documentTable, [add(i, minus(u, 2))])),
  }),
  'a stencil guarded by column': stencilCase('key', evenReach, {
    ...stencilOf(3, 5, taps),
    guard: apply('lessOrEqual', add(j, w), add(i, integer(6))),
  }),
  'a stencil whose weights depend on the place': stencilCase(
    'key',
    evenReach,
    stencilOf(2, 3, times(taps, apply('toFloat', apply('remainder', add(i, j), integer(5))))),
  ),
  'a large stencil': stencilCase('key', { rows: 15, columns: 12 }, stencilOf(14, 23, taps)),
  'a large stencil, transposed': stencilCase(
    'query',
    { rows: 15, columns: 12 },
    {
      ...stencilOf(14, 23, taps),
      queryOffset: minus(6, u),
      keyOffset: minus(11, w),
    },
  ),
  'a large stencil with steps of two': stencilCase(
    'key',
    { rows: 15, columns: 15 },
    {
      ...stencilOf(15, 15, taps),
      keyOffset: minus(times(integer(2), w), 14),
    },
  ),
  'a window of several rings': {
    outputs: [out],
    body: (block) => {
      const [one, other] = [ringOf(block, 'key', evenReach), ringOf(block, 'key', evenReach, more)];
      const own = block.load(scores, grid, [rows, evenColumns(evenReach)]);
      const largest = accumulate('max', [{ name: 'c', extent: 3 }], neighbourAt(0, minus(i, 1), add(j, minus('c', 1))));
      const value = add(times(largest, neighbourAt(1, i, minus(j, 2))), operand(0));
      block.store(block.window([one, other], [own], [rows, evenColumns(evenReach)], value), out, grid);
    },
  },
  'a stencil and a window of boxes': {
    outputs: [out],
    body: (block) => {
      const [one, other] = [boxOf(block, evenReach), boxOf(block, evenReach, more)];
      const own = block.stencil(one, [rows, columns], stencilOf(3, 5, taps));
      const value = add(
        times(neighbourAt(0, minus(i, 1), add(j, integer(2))), neighbourAt(1, add(i, integer(1)), j)),
        operand(0),
      );
      block.store(block.window([one, other], [own], [rows, columns], value), out, grid);
    },
  },
  'grams of a box and a tile': gramsOfBox([3]),
  'several grams of a box and a tile': gramsOfBox([1, 2, 3, 3, 2, 3]),
  'grams of a ring and a tile': (() => {
    const gradient = line('gradient', 15);
    return {
      outputs: [gradient],
      body: (block) => {
        const box = [evenRows(evenReach), evenColumns(evenReach)];
        const factor = block.load(more, grid, box);
        const zero = block.constant([axis('extent', 0, 15)], 0.25);
        const { counters, queryOffset, keyOffset } = stencilOf(3, 5, taps);
        const sum = block.gram(zero, ringOf(block, 'key', evenReach), factor, { counters, queryOffset, keyOffset });
        block.store(sum, gradient, [along('extent')]);
      },
    };
  })(),
  'a scatter into a table': (() => {
    const counts = line('counts', 11);
    return {
      outputs: [counts],
      body: (block) => {
        const value = block.load(scores, grid, [rows, columns]);
        const zero = block.constant([axis('extent', 0, 11)], 1);
        const index = apply('subtract', apply('absolute', apply('subtract', j, i)), integer(1));
        block.store(block.bin(zero, value, index), counts, [along('extent')]);
      },
    };
  })(),
  'reductions over rows, columns and both': (() => {
    const [byRow, byColumn, all, most] = [line('by_row'), line('by_column'), line('all', 1), line('most', 1)];
    return {
      outputs: [byRow, byColumn, all, most],
      body: (block) => {
        const tile = block.load(scores, grid, [rows, columns]);
        const [overKeys, overQueries] = [block.reduce(tile, 'key', 'sum'), block.reduce(tile, 'query', 'max')];
        block.store(overKeys, byRow, [along('query')]);
        block.store(overQueries, byColumn, [along('key')]);
        block.store(block.reduce(overKeys, 'query', 'sum'), all, [integer(0)]);
        block.store(block.reduce(overQueries, 'key', 'max'), most, [integer(0)]);
      },
    };
  })(),
  'statistics of columns beside features': (() => {
    const scaled = of('scaled', 'output', [extent(32), feature(FEATURES)]);
    return {
      outputs: [scaled, out],
      body: (block) => {
        const tile = block.load(scores, grid, [rows, columns]);
        const largest = block.reduce(tile, 'query', 'max');
        const values = block.load(vectors, [along('key'), along('feature')], [columns, features]);
        block.store(block.map([values, largest], times(operand(0), operand(1))), scaled, [
          along('key'),
          along('feature'),
        ]);
        block.store(block.map([tile, largest], apply('subtract', operand(0), operand(1))), out, grid);
      },
    };
  })(),
  'products over features, keys and queries': (() => {
    const [byFeature, byKey, byQuery] = [
      matrix('by_feature'),
      of('by_key', 'output', [extent(24), feature(FEATURES)]),
      of('by_query', 'output', [extent(32), feature(FEATURES)]),
    ];
    return {
      outputs: [byFeature, byKey, byQuery],
      body: (block) => {
        const rowVectors = view(vectors, [along('query'), along('feature')], [rows, features]);
        const columnVectors = view(vectors, [along('key'), along('feature')], [columns, features]);
        const product = block.matmul(undefined, rowVectors, columnVectors, 'feature');
        block.store(product, byFeature, grid);
        block.store(block.matmul(undefined, product, columnVectors, 'key'), byKey, [along('query'), along('feature')]);
        const tile = block.load(vectors, [along('query'), along('feature')], [rows, features]);
        block.store(block.matmul(undefined, product, tile, 'query'), byQuery, [along('key'), along('feature')]);
      },
    };
  })(),
  'mixes by fixed weights and by weights of rows': (() => {
    const other = matrix('other');
    return {
      outputs: [out, other],
      body: (block) => {
        const tiles = [scores, more, scores].map((each) => block.load(each, grid, [rows, columns]));
        block.store(block.mix(tiles, read(table, [integer(3), n])), out, grid);
        block.store(block.mix(tiles, times(read(table, [i, n]), apply('toFloat', j))), other, grid);
      },
    };
  })(),
  'roundings to 16 bits': (() => {
    const other = matrix('other');
    return {
      outputs: [out, other],
      body: (block) => {
        const tile = block.load(scores, grid, [rows, columns]);
        block.store(block.cast(tile, 'f16'), out, grid);
        block.store(block.cast(tile, 'bf16'), other, grid);
      },
    };
  })(),
  'products over features for each feature': {
    outputs: [gated],
    body: (block) => {
      // The sum is over an extent of the first product's features; behind the second one features are columns again.
      const left = block.load(vectors, [along('query'), along('feature')], [rows, features]);
      const weights = view(theta, [along('extent'), along('feature')], [axis('extent', 0, FEATURES), features]);
      const product = block.relabel(block.matmul(undefined, left, weights, 'feature'), 'extent', 'feature');
      const gate = block.map([left, product], times(operand(0), operand(1)));
      block.store(gate, gated, [along('query'), along('feature')]);
    },
  },
  'valid ranges and broken edges': {
    outputs: [out],
    body: (block) => {
      const tile = block.load(scores, grid, [rows, columns]);
      const part: Tile['axes'] = [
        { ...rows, valid: { low: 2, high: 5 } },
        { ...columns, valid: { low: 1, high: 10 } },
      ];
      block.store(block.map([tile], apply('negate', operand(0)), part), out, grid);
    },
  },
  'numbers of places and of tables beside their edges': {
    outputs: [out],
    body: (block) => {
      const index = [apply('subtract', i, integer(5)), apply('subtract', times(j, integer(3)), integer(20))];
      const value = add(read(table, index), apply('toFloat', read(documentTable, [minus(j, 8)])));
      block.store(block.map([block.constant([rows, columns], 0)], add(value, operand(0))), out, grid);
    },
  },
  'sums that go round a loop': (() => {
    const [sums, total] = [line('sums'), line('total', 1)];
    return {
      outputs: [sums, total],
      body: (block) => {
        const [sum, weighted] = block.loop(
          'J',
          { from: integer(0), to: integer(24), step: 4 },
          [block.constant([rows], 0), block.constant([rows], 0)] as const,
          (inner, [before, other], origin) => {
            const tile = inner.load(scores, grid, [rows, axis('key', plus(origin, 1), 4)]);
            const next = inner.map([before], times(operand(0), float(0.5)));
            const added = inner.map([next, inner.reduce(tile, 'key', 'sum')], add(operand(0), operand(1)));
            // The second one wants the first whole in every step.
            const squared = inner.map([other, before], add(operand(0), times(operand(1), operand(1))));
            return [added, squared] as const;
          },
        );
        block.store(sum, sums, [along('query')]);
        block.store(block.reduce(weighted, 'query', 'sum'), total, [integer(0)]);
      },
    };
  })(),
};

const isStatic = (axis: BufferAxis): axis is BufferAxis & { readonly size: number } =>
  axis.kind !== 'band' && 'size' in axis;

const random = new Random(21);
export const data = new Map<string, HostTensor>(
  inputs.map((buffer) => {
    const shape = buffer.axes.map((each) => (isStatic(each) ? each.size : sizes.keys));
    const drawn = random.fork(buffer.name).normalTensor(shape);
    if (buffer.dtype === 'int')
      return [
        buffer.name,
        hostTensor(
          shape,
          drawn.data.map((_, at) => Math.floor(at / 4)),
        ),
      ];
    return [buffer.name, { ...drawn, data: drawn.data.map(Math.fround) }];
  }),
);

export function programOf({ outputs, body }: Case): TileProgram {
  return {
    name: 'small',
    buffers: [...inputs, ...outputs],
    launches: [{ launch: 'kernel', kernel: kernel('small', [], body) }],
  };
}

/** The program as targets are given it. */
export const finished = (each: Case): TileProgram => runTilePasses(programOf(each));

/** What the interpreter stores; NaN where nothing is. */
export function goldOf(program: TileProgram, { outputs }: Case): ReadonlyMap<string, Float64Array> {
  const run = new ProgramRun(program, data, sizes, {});
  for (const launch of program.launches) if (launch.launch === 'kernel') run.kernel(launch.kernel, new Map());
  return new Map(outputs.map((buffer) => [buffer.name, run.bufferOf(buffer).data]));
}
