// A tile program with tensors of 16 bits: sequences of vectors are stored in them, and what meets such a tensor in a product
// is rounded to its precision by a cast, so that the product runs on tensor cores. The program says where it rounds.
import type { MatmulOperation, TileOperation } from '../../codegen/tile/operations.js';
import type { Block, Kernel, Launch, Statement, TileProgram } from '../../codegen/tile/program.js';
import type { Buffer, Tile, TileDtype, View } from '../../codegen/tile/types.js';
import { type StorageDtype, storageDtype } from './buffers.js';

export function narrow(program: TileProgram, dtype: StorageDtype): TileProgram {
  if (dtype === 'f32') return program;
  const buffers = new Map(
    program.buffers.map((buffer) => {
      const stored = storageDtype(buffer, dtype);
      return [buffer, stored === buffer.dtype ? buffer : { ...buffer, dtype: stored }] as const;
    }),
  );
  const narrowing = new Narrowing(buffers);
  return {
    ...program,
    buffers: [...buffers.values()],
    launches: program.launches.map((launch) => narrowing.launch(launch)),
  };
}

const isNarrowDtype = (dtype: TileDtype): boolean => dtype === 'f16' || dtype === 'bf16';
const dtypeOf = (side: Tile | View): TileDtype => (side.kind === 'view' ? side.buffer.dtype : side.dtype);

class Narrowing {
  private readonly buffers: ReadonlyMap<Buffer, Buffer>;
  private readonly blocks = new Map<Block, Block>();

  constructor(buffers: ReadonlyMap<Buffer, Buffer>) {
    this.buffers = buffers;
  }

  launch(launch: Launch): Launch {
    return launch.launch === 'kernel'
      ? { ...launch, kernel: this.kernel(launch.kernel) }
      : { ...launch, kernels: launch.kernels.map((kernel) => this.kernel(kernel)) };
  }

  private kernel(kernel: Kernel): Kernel {
    return { ...kernel, body: this.block(kernel.body) };
  }

  /** Cases of a switch may be one and the same block, and stay so. */
  private block(block: Block): Block {
    const known = this.blocks.get(block);
    if (known) return known;
    const narrowed = { ...block, statements: block.statements.flatMap((statement) => this.statement(statement)) };
    this.blocks.set(block, narrowed);
    return narrowed;
  }

  private statement(statement: Statement): readonly Statement[] {
    switch (statement.statement) {
      case 'store':
        return [{ ...statement, buffer: this.buffers.get(statement.buffer)! }];
      case 'for':
        return [{ ...statement, body: this.block(statement.body) }];
      case 'switch': {
        const { empty, full, partial } = statement.cases;
        const cases = { empty: this.block(empty), full: this.block(full), partial: this.block(partial) };
        return [{ ...statement, cases }];
      }
      case 'let': {
        const operation = this.operation(statement.operation);
        if (operation.op !== 'matmul') return [{ ...statement, operation }];
        const { casts, product } = roundOperands(operation);
        return [...casts, { ...statement, operation: product }];
      }
    }
  }

  private operation(operation: TileOperation): TileOperation {
    switch (operation.op) {
      case 'load':
        return { ...operation, buffer: this.buffers.get(operation.buffer)! };
      case 'matmul':
        return { ...operation, left: this.operand(operation.left), right: this.operand(operation.right) };
      default:
        return operation;
    }
  }

  private operand(side: Tile | View): Tile | View {
    return side.kind === 'view' ? { ...side, buffer: this.buffers.get(side.buffer)! } : side;
  }
}

/** A tile that meets a view of 16 bits is rounded to what the view is stored in. */
function roundOperands(product: MatmulOperation): {
  readonly casts: readonly Statement[];
  readonly product: MatmulOperation;
} {
  const casts: Statement[] = [];
  const rounded = (side: Tile | View, other: Tile | View): Tile | View => {
    const dtype = dtypeOf(other);
    if (side.kind !== 'tile' || other.kind !== 'view' || !isNarrowDtype(dtype) || side.dtype === dtype) return side;
    const value: Tile = { ...side, dtype };
    casts.push({ statement: 'let', value, operation: { op: 'cast', tile: side } });
    return value;
  };
  const [left, right] = [rounded(product.left, product.right), rounded(product.right, product.left)];
  return { casts, product: { ...product, left, right } };
}
