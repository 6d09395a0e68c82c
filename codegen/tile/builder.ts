// Builds tile programs: each call adds a statement to the block at hand and gives the value that it assigns.
// Results are inferred where the operands say enough; a schedule or a person names the box where they do not.
import { type Expression, variable } from '../../src/ir/index.js';
import { commonValidity, sameValidity } from './inference.js';
import {
  type ArgumentsOf,
  infer,
  made,
  operandsOf,
  operations,
  type TileOperation,
  type TileOperationName,
  type ValueOf,
} from './operations.js';
import type { Block, Carried, GridAxis, Kernel, MaskClass, Statement } from './program.js';
import { type ScalarLike, scalar } from './scalars.js';
import type { Buffer, Placement, Scalar, Tile, TileAxis, TileAxisKind, Value, View } from './types.js';

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

type Bodies<Results extends readonly Value[]> = Readonly<Record<MaskClass, (block: BlockBuilder) => Results>>;

/** Is told of each operation of a kernel as it is added, so that a kernel without end can be given up while it is built. */
export interface OperationBudget {
  /** @param operands how many values the operation takes and gives */
  spend(operands: number): void;
}

const unlimited: OperationBudget = { spend: () => {} };

/** A method for each operation: `block.map(operands, value)` adds it and gives what it assigns. */
type OperationMethods = { readonly [Op in TileOperationName]: (...given: ArgumentsOf<Op>) => ValueOf<Op> };

abstract class Operations {
  protected abstract assign(operation: TileOperation, declared: Value): Value;
}

for (const op of Object.keys(operations) as TileOperationName[]) {
  Object.defineProperty(Operations.prototype, op, {
    value(this: { assign: Operations['assign'] }, ...given: ArgumentsOf<typeof op>) {
      const { operation, value } = made(op, given);
      return this.assign(operation, value);
    },
  });
}

const AddsOperations = Operations as unknown as abstract new () => OperationMethods;

/** Adds statements to one block. */
export class BlockBuilder extends AddsOperations {
  readonly statements: Statement[];
  private readonly budget: OperationBudget;
  private readonly label: string | undefined;

  constructor(budget: OperationBudget = unlimited, statements: Statement[] = [], label?: string) {
    super();
    this.budget = budget;
    this.statements = statements;
    this.label = label;
  }

  /** The same block, labelling what it assigns for the text of the program: `block.as('logits').map(…)`. */
  as(label: string): BlockBuilder {
    return new BlockBuilder(this.budget, this.statements, label);
  }

  /** Adds an operation, and gives what it assigns, with its validity inferred. */
  protected assign(operation: TileOperation, declared: Value): Value {
    const labelled = this.label === undefined ? declared : { ...declared, label: this.label };
    this.budget.spend(1 + operandsOf(operation).length);
    const value = infer(operation, labelled);
    this.statements.push({ statement: 'let', value, operation });
    return value;
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
