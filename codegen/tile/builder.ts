// Builds tile programs: each call adds a statement to the block at hand and gives the value that it assigns.
// Results are inferred where the operands say enough; a schedule or a person names the box where they do not.
import { type Expression, variable } from '../../src/ir/index.js';
import { commonValidity, infer, remaining, sameValidity } from './infer.js';
import type { TapCounter, TileOperation } from './operations.js';
import type { Block, Carried, GridAxis, Kernel, MaskClass, Statement } from './program.js';
import { type ScalarLike, scalar } from './scalars.js';
import type { Buffer, Placement, Ring, Scalar, Tile, TileAxis, TileAxisKind, TileDtype, Value, View } from './types.js';
import { operandsOf } from './verify/parts.js';

export const axis = (kind: TileAxisKind, origin: ScalarLike, size: number): TileAxis => ({
  kind,
  origin: scalar(origin),
  size,
});
export const along = (kind: TileAxisKind): { readonly along: TileAxisKind } => ({ along: kind });

export function view(buffer: Buffer, place: Placement, axes: readonly TileAxis[]): View {
  return { kind: 'view', buffer, place, axes };
}

export interface LoopRange {
  readonly from: Scalar;
  readonly to: Scalar;
  readonly step: number;
}

interface Stencil {
  readonly counters: readonly TapCounter[];
  readonly queryOffset: Expression;
  readonly keyOffset: Expression;
  readonly weight: Expression;
  readonly guard?: Expression;
}

type Bodies<Results extends readonly Value[]> = Readonly<Record<MaskClass, (block: BlockBuilder) => Results>>;

/** Is told of each operation of a kernel as it is added, so that a kernel without end can be given up while it is built. */
export interface OperationBudget {
  /** @param operands how many values the operation takes and gives */
  spend(operands: number): void;
}

const unlimited: OperationBudget = { spend: () => {} };

/** Adds statements to one block. */
export class BlockBuilder {
  readonly statements: Statement[];
  private readonly budget: OperationBudget;
  private readonly label: string | undefined;

  constructor(budget: OperationBudget = unlimited, statements: Statement[] = [], label?: string) {
    this.budget = budget;
    this.statements = statements;
    this.label = label;
  }

  /** The same block, labelling what it assigns for the text of the program: `block.as('logits').map(…)`. */
  as(label: string): BlockBuilder {
    return new BlockBuilder(this.budget, this.statements, label);
  }

  private assign<V extends Value>(operation: TileOperation, declared: V): V {
    const labelled = this.label === undefined ? declared : { ...declared, label: this.label };
    this.budget.spend(1 + operandsOf(operation).length);
    const value = infer(operation, labelled) as V;
    this.statements.push({ statement: 'let', value, operation });
    return value;
  }

  private tile(axes: readonly TileAxis[], operation: TileOperation, dtype: TileDtype = 'f32'): Tile {
    return this.assign(operation, { kind: 'tile', axes, dtype });
  }

  constant(axes: readonly TileAxis[], value: number): Tile {
    return this.tile(axes, { op: 'constant', value });
  }

  load(buffer: Buffer, place: Placement, axes: readonly TileAxis[]): Tile {
    return this.tile(axes, { op: 'load', buffer, place }, buffer.dtype);
  }

  matmul(accumulator: Tile | undefined, left: Tile | View, right: Tile | View, over: TileAxisKind): Tile {
    const axes = accumulator?.axes ?? remaining([left, right], over);
    return this.tile(axes, { op: 'matmul', ...(accumulator ? { accumulator } : {}), left, right, over });
  }

  /** Over the axes of the operands together, or over `axes`. */
  map(operands: readonly Tile[], value: Expression, axes: readonly TileAxis[] = union(operands)): Tile {
    return this.tile(axes, { op: 'map', operands, value });
  }

  cast(tile: Tile, dtype: TileDtype): Tile {
    return this.tile(tile.axes, { op: 'cast', tile }, dtype);
  }

  relabel(tile: Tile, from: TileAxisKind, to: TileAxisKind): Tile {
    const axes = tile.axes.map(({ valid: _, ...each }) => (each.kind === from ? { ...each, kind: to } : each));
    return this.tile(axes, { op: 'relabel', tile, from, to }, tile.dtype);
  }

  reduce(tile: Tile, over: TileAxisKind, monoid: 'sum' | 'max'): Tile {
    return this.tile(remaining([tile], over), { op: 'reduce', tile, over, monoid });
  }

  ring(along: 'query' | 'key', across: TileAxis, capacity: number, end: ScalarLike, initial = 0): Ring {
    const ring: Ring = { kind: 'ring', axis: along, across, capacity, dtype: 'f32' };
    return this.assign({ op: 'ring', end: scalar(end), initial }, ring);
  }

  push(ring: Ring, tile: Tile): Ring {
    return this.assign({ op: 'push', ring, tile }, { ...ring });
  }

  stencil(ring: Ring, axes: readonly TileAxis[], taps: Stencil): Tile {
    return this.tile(axes, { op: 'stencil', ring, ...taps });
  }

  window(rings: readonly Ring[], operands: readonly Tile[], axes: readonly TileAxis[], value: Expression): Tile {
    return this.tile(axes, { op: 'window', rings, operands, value });
  }

  mix(tiles: readonly Tile[], weight: Expression): Tile {
    return this.tile(union(tiles), { op: 'mix', tiles, weight });
  }

  gram(accumulator: Tile, ring: Ring, tile: Tile, taps: Omit<Stencil, 'weight' | 'guard'>): Tile {
    return this.tile(accumulator.axes, { op: 'gram', accumulator, ring, tile, ...taps });
  }

  bin(accumulator: Tile, tile: Tile, index: Expression): Tile {
    return this.tile(accumulator.axes, { op: 'bin', accumulator, tile, index });
  }

  store(tile: Tile, buffer: Buffer, place: Placement): void {
    this.statements.push({ statement: 'store', tile, buffer, place });
  }

  /** A loop whose body turns the carried values into the next ones; gives the last ones. */
  loop<Values extends readonly Value[]>(
    name: string,
    { from, to, step }: LoopRange,
    initial: Values,
    body: (block: BlockBuilder, carried: Values, index: Scalar) => Values,
  ): Values {
    // A carried value is valid inside the loop where both its start and its next value are. The body says where its next
    // values are valid, and is asked again until nothing changes.
    let inside = initial.map((value) => ({ ...value }));
    for (;;) {
      const inner = new BlockBuilder(this.budget);
      const yields = body(inner, inside as unknown as Values, variable(name));
      const narrowed = inside.map((value, n) => commonValidity(value, yields[n]!));
      if (narrowed.every((value, n) => sameValidity(value, inside[n]!))) {
        const carried: Carried[] = initial.map((value, n) => ({
          initial: value,
          inside: inside[n]!,
          after: { ...inside[n]! },
        }));
        const block: Block = { statements: inner.statements, yields };
        this.statements.push({ statement: 'for', variable: name, from, to, step, carried, body: block });
        return carried.map(({ after }) => after) as unknown as Values;
      }
      inside = narrowed;
    }
  }

  /**
   * One of three ways to the same values, by how much of rows × columns the mask lets through. Cases that are given the
   * same body share its block.
   */
  switch<Results extends readonly Value[]>(
    mask: Expression,
    rows: TileAxis,
    columns: TileAxis,
    bodies: Bodies<Results>,
  ): Results {
    const blocks = new Map<(block: BlockBuilder) => Results, Block>();
    const run = (body: (block: BlockBuilder) => Results): Block => {
      const known = blocks.get(body);
      if (known) return known;
      const inner = new BlockBuilder(this.budget);
      const yields = body(inner);
      const block: Block = { statements: inner.statements, yields };
      blocks.set(body, block);
      return block;
    };
    const cases = { empty: run(bodies.empty), full: run(bodies.full), partial: run(bodies.partial) };
    const results = cases.partial.yields.map((value) => ({ ...value }));
    this.statements.push({ statement: 'switch', mask, rows, columns, cases, results });
    return results as unknown as Results;
  }
}

export function kernel(
  name: string,
  grid: readonly GridAxis[],
  body: (block: BlockBuilder) => void,
  budget?: OperationBudget,
): Kernel {
  const block = new BlockBuilder(budget);
  body(block);
  return { name, grid, body: { statements: block.statements, yields: [] } };
}

/** The axes of several tiles together, in order of first occurrence. */
function union(tiles: readonly Tile[]): readonly TileAxis[] {
  const axes: TileAxis[] = [];
  for (const tile of tiles) {
    for (const { valid: _, ...each } of tile.axes) if (!axes.some(({ kind }) => kind === each.kind)) axes.push(each);
  }
  return axes;
}
