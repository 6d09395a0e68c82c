// What an operation of tile programs says of itself: one record, in a file of its own. Walks, inference, text, rules,
// interpretation and work ask the record, so that a new operation is one file and one line of the table of operations.
import type { Counter, Expression } from '../../../src/ir/index.js';
import type { OperationContext } from '../interpreter/interpret.js';
import type { RuntimeRing, RuntimeTile } from '../interpreter/memory.js';
import type { Buffer, NeighbourSource, Ring, Tile, TileAxis, TileAxisKind, TileDtype, Value, View } from '../types.js';

/**
 * How an operation reads an operand:
 * - entry: at the entry that is computed, so that both lie alike and may share a place;
 * - table: as `entry`; what is added to it may go to any of its entries;
 * - kept: the axes that the result keeps lie where the result's do;
 * - box: anywhere in its box;
 * - near: beside the entry that is computed;
 * - memory: a buffer.
 */
export type Reading = 'entry' | 'table' | 'kept' | 'box' | 'near' | 'memory';

type FieldsOf<Operation, Kind> = {
  [Field in keyof Operation]-?: NonNullable<Operation[Field]> extends Kind ? Field : never;
}[keyof Operation];

/** What an expression may know besides the scalars in scope. */
export interface Known {
  readonly axes: readonly TileAxis[];
  readonly further?: readonly string[];
  readonly operands?: number;
  readonly sources?: number;
}

export type ElementType = 'a number' | 'an integer' | 'a truth value';

/** An expression that is evaluated for each entry, or for each tap. */
export interface ElementRule<Operation, Result> {
  readonly what: string;
  readonly type: ElementType;
  readonly knows: (operation: Operation, value: Result) => Known;
}

/** Entries of a value at offsets from the entries of a box. */
export interface Neighbourhood {
  readonly source: NeighbourSource;
  readonly axes: readonly TileAxis[];
  readonly counters: readonly Counter[];
  readonly offsets: Readonly<Record<'query' | 'key', Expression>>;
  /** Whether inference sees to what is read but for that along a ring. */
  readonly isInferred: boolean;
}

/** What an operation does at each evaluation; views are counted by who reads them. */
export interface OperationWork {
  /** Floating-point operations: a multiply-add is two. */
  readonly operations: number;
  /** What matrix units of a device may take: a product, or a stencil that is made into products. */
  readonly unit?: 'product' | 'stencil';
  /** Entries that it reads of its buffer. */
  readonly entries: number;
  /** Bytes that it reads of tables. */
  readonly bytes: number;
}

/** What the spelling of an operation may ask for. */
export interface Naming {
  readonly nameOf: (value: Value) => string;
  /** A value's name, or the part of a buffer that a view shows. */
  readonly sideOf: (side: Value | View) => string;
  readonly element: (expression: Expression, operands?: readonly Tile[], sources?: readonly Value[]) => string;
}

type RuntimeOf<Result> = Result extends Ring ? RuntimeRing : RuntimeTile;

/** What the folds over operations ask for: the same questions of each. */
export interface OperationRules<Operation, Arguments extends readonly unknown[], Result extends Value> {
  /** What the builder's method of this name adds: the operation, and its result before validity is inferred. */
  make(...given: Arguments): { readonly operation: Operation; readonly value: Result };
  /** The result with its validity inferred. @throws TileTypeError where operands do not fit. */
  infer(operation: Operation, declared: Result): Result;
  /** The dtypes that the operation can give. */
  dtypes(operation: Operation): readonly TileDtype[];
  text(operation: Operation, naming: Naming, value: Result): string;
  /** The result as its operands say it, so that the text need not; undefined where the operation names its box itself. */
  implied(operation: Operation, value: Result): Result | undefined;
  /** What is read beside the entry that is computed. */
  neighbourhoods(operation: Operation, value: Result): readonly Neighbourhood[];
  work(operation: Operation, value: Result): OperationWork;
  /** Runs it on values of the tile interpreter, rounded to the dtype of the result, which is where a device rounds. */
  interpret(operation: Operation, value: Result, context: OperationContext): RuntimeOf<Result>;
  /** The axis that a kept operand has under another name. */
  readonly renamed?: (operation: Operation) => { readonly from: TileAxisKind; readonly to: TileAxisKind };
  /** The axis along which boxes are read whole, though the result has it. */
  readonly wholeAlong?: (operation: Operation) => TileAxisKind;
  /** Operands that are rounded to what they meet, where that is stored in fewer bits. */
  readonly meets?: (operation: Operation) => readonly { readonly tile: Tile; readonly other: Value | View }[];
}

/** The record of one operation. A field that names a value, a buffer or an expression and is not told does not compile. */
export interface OperationDefinition<
  Operation extends { readonly op: string },
  Arguments extends readonly unknown[],
  Result extends Value = Tile,
> extends OperationRules<Operation, Arguments, Result> {
  readonly gives: Result['kind'];
  readonly operands: { readonly [Field in FieldsOf<Operation, Value | View | readonly Value[] | Buffer>]: Reading };
  /** Scalars are whole numbers that the block knows before anything is computed. */
  readonly expressions: {
    readonly [Field in FieldsOf<Operation, Expression>]: 'scalar' | ElementRule<Operation, Result>;
  };
}

/** A box of a dtype, before its validity is inferred. */
export const tileOn = (axes: readonly TileAxis[], dtype: TileDtype = 'f32'): Tile => ({ kind: 'tile', axes, dtype });

export const sizeOfBox = ({ axes }: { readonly axes: readonly TileAxis[] }): number =>
  axes.reduce((product, { size }) => product * size, 1);

// ── Answers that several operations give ────────────────────────────────────────────────────────────

export const none = (): readonly never[] => [];
export const notImplied = (): undefined => undefined;
export const noWork = (): OperationWork => ({ operations: 0, entries: 0, bytes: 0 });
export const arithmetic = (operations: number, unit?: OperationWork['unit']): OperationWork => ({
  operations,
  entries: 0,
  bytes: 0,
  ...(unit === undefined ? {} : { unit }),
});
export const onlyF32 = (): readonly TileDtype[] => ['f32'];
export const everyDtype = (): readonly TileDtype[] => ['f32', 'f16', 'bf16', 'int'];
/** Whole numbers stay whole where they are only added. */
export const dtypeOfSum = ({ tile }: { readonly tile: Tile }): readonly TileDtype[] =>
  tile.dtype === 'int' ? ['int', 'f32'] : ['f32'];
export const dtypeOfValue = ({ value }: { readonly value: Expression }): readonly TileDtype[] =>
  value.type === 'int' ? ['int', 'f32'] : ['f32'];
