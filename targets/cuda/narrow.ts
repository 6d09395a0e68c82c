// A tile program with tensors of 16 bits: sequences of vectors are stored in them, and what meets such a tensor in a product
// is rounded by a cast, as is what enters a ring of a stencil that can be a product. The program says where it rounds.
import type { TileOperation } from '../../codegen/tile/operations.js';
import type { Block, Kernel, Launch, Statement, TileProgram } from '../../codegen/tile/program.js';
import type { Buffer, Ring, Tile, TileDtype, Value, View } from '../../codegen/tile/types.js';
import { analysisOf } from '../shared/layout/analysis.js';
import { isRing, operandsOf, statementsOf } from '../shared/layout/walk.js';
import { type StorageDtype, storageDtype } from './buffers.js';
import { isBanded } from './layout/bands.js';

const narrowed = new WeakMap<TileProgram, Map<NarrowDtype, TileProgram>>();

/** The program with what it stores in `dtype`, made once for all devices. */
export function narrow(program: TileProgram, dtype: StorageDtype): TileProgram {
  if (dtype === 'f32') return program;
  const known = narrowed.get(program) ?? new Map<NarrowDtype, TileProgram>();
  narrowed.set(program, known);
  const found = known.get(dtype) ?? narrowedTo(program, dtype);
  known.set(dtype, found);
  return found;
}

function narrowedTo(program: TileProgram, dtype: NarrowDtype): TileProgram {
  const buffers = new Map(
    program.buffers.map((buffer) => {
      const stored = storageDtype(buffer, dtype);
      return [buffer, stored === buffer.dtype ? buffer : { ...buffer, dtype: stored }] as const;
    }),
  );
  const narrowing = new Narrowing(buffers, dtype);
  return {
    ...program,
    buffers: [...buffers.values()],
    launches: program.launches.map((launch) => narrowing.launch(launch)),
  };
}

type NarrowDtype = Exclude<StorageDtype, 'f32'>;
const isNarrowDtype = (dtype: TileDtype): boolean => dtype === 'f16' || dtype === 'bf16';
const dtypeOf = (side: Tile | View): TileDtype => (side.kind === 'view' ? side.buffer.dtype : side.dtype);

class Narrowing {
  private readonly buffers: ReadonlyMap<Buffer, Buffer>;
  private readonly blocks = new Map<Block, Block>();
  /** Rings that are read by products, and what they become. */
  private rings: ReadonlyMap<Ring, Ring> = new Map();
  private readonly dtype: NarrowDtype;

  constructor(buffers: ReadonlyMap<Buffer, Buffer>, dtype: NarrowDtype) {
    this.buffers = buffers;
    this.dtype = dtype;
  }

  launch(launch: Launch): Launch {
    return launch.launch === 'kernel'
      ? { ...launch, kernel: this.kernel(launch.kernel) }
      : { ...launch, kernels: launch.kernels.map((kernel) => this.kernel(kernel)) };
  }

  private kernel(kernel: Kernel): Kernel {
    this.rings = bandedRings(kernel, this.dtype);
    return { ...kernel, body: this.block(kernel.body) };
  }

  private value<Kind extends Value>(value: Kind): Kind {
    return (value.kind === 'ring' ? (this.rings.get(value) ?? value) : value) as Kind;
  }

  /** Cases of a switch may be one and the same block, and stay so. */
  private block(block: Block): Block {
    const known = this.blocks.get(block);
    if (known) return known;
    const narrowed = {
      statements: block.statements.flatMap((statement) => this.statement(statement)),
      yields: block.yields.map((each) => this.value(each)),
    };
    this.blocks.set(block, narrowed);
    return narrowed;
  }

  private statement(statement: Statement): readonly Statement[] {
    switch (statement.statement) {
      case 'store':
        return [{ ...statement, buffer: this.buffers.get(statement.buffer)! }];
      case 'for':
        return [
          {
            ...statement,
            carried: statement.carried.map(({ initial, inside, after }) => ({
              initial: this.value(initial),
              inside: this.value(inside),
              after: this.value(after),
            })),
            body: this.block(statement.body),
          },
        ];
      case 'switch': {
        const { empty, full, partial } = statement.cases;
        const cases = { empty: this.block(empty), full: this.block(full), partial: this.block(partial) };
        return [{ ...statement, cases, results: statement.results.map((each) => this.value(each)) }];
      }
      case 'let': {
        const operation = this.operation(statement.operation);
        const { casts, rounded } = roundOperands(operation);
        return [...casts, { ...statement, value: this.value(statement.value), operation: rounded }];
      }
    }
  }

  private operation(operation: TileOperation): TileOperation {
    switch (operation.op) {
      case 'load':
        return { ...operation, buffer: this.buffers.get(operation.buffer)! };
      case 'matmul':
        return { ...operation, left: this.operand(operation.left), right: this.operand(operation.right) };
      case 'push':
      case 'stencil':
      case 'gram':
        return { ...operation, ring: this.value(operation.ring) };
      case 'window':
        return { ...operation, rings: operation.rings.map((each) => this.value(each)) };
      default:
        return operation;
    }
  }

  private operand(side: Tile | View): Tile | View {
    return side.kind === 'view' ? { ...side, buffer: this.buffers.get(side.buffer)! } : side;
  }
}

/** Rings whose readers are all stencils that can be products: what they keep is rounded once, to the spec's own dtype. */
function bandedRings(kernel: Kernel, dtype: NarrowDtype): ReadonlyMap<Ring, Ring> {
  const analysis = analysisOf(kernel);
  const rings = new Set<Ring>();
  const others = new Set<ReadonlySet<Ring>>();
  const banded = new Set<ReadonlySet<Ring>>();
  for (const statement of statementsOf(kernel.body)) {
    if (statement.statement !== 'let') continue;
    const { operation, value } = statement;
    for (const each of [value, ...operandsOf(operation)]) if (isRing(each)) rings.add(each);
    if (operation.op === 'ring' || operation.op === 'push') continue;
    for (const each of operandsOf(operation)) {
      if (!isRing(each)) continue;
      const canBe = operation.op === 'stencil' && isBanded(operation) && each.axis === 'key';
      (canBe ? banded : others).add(analysis.familyOf(each));
    }
  }
  const isKept = (ring: Ring): boolean => {
    const family = analysis.familyOf(ring);
    return banded.has(family) && !others.has(family);
  };
  const families = [...rings].filter(isKept).flatMap((ring) => [...analysis.familyOf(ring)]);
  return new Map(families.map((ring) => [ring, { ...ring, dtype }]));
}

/** A tile that meets a view of 16 bits, or enters a ring of them, is rounded to what these are stored in. */
function roundOperands(operation: TileOperation): {
  readonly casts: readonly Statement[];
  readonly rounded: TileOperation;
} {
  const casts: Statement[] = [];
  const roundTo = (tile: Tile, dtype: TileDtype): Tile => {
    if (!isNarrowDtype(dtype) || tile.dtype === dtype) return tile;
    const value: Tile = { ...tile, dtype };
    casts.push({ statement: 'let', value, operation: { op: 'cast', tile } });
    return value;
  };
  const beside = (side: Tile | View, other: Tile | View): Tile | View =>
    side.kind === 'tile' && other.kind === 'view' ? roundTo(side, dtypeOf(other)) : side;
  switch (operation.op) {
    case 'matmul': {
      const { left, right } = operation;
      const rounded = { ...operation, left: beside(left, right), right: beside(right, left) };
      return { casts, rounded };
    }
    case 'push': {
      const rounded = { ...operation, tile: roundTo(operation.tile, operation.ring.dtype) };
      return { casts, rounded };
    }
    default:
      return { casts, rounded: operation };
  }
}
