// The table of the operations of tile programs, and the folds over it: what every walk, rule and printer asks of an operation
// whichever it is. There are no barriers, lanes, swizzles or stages here; those are each target's own.

import type { Expression } from '../../src/ir/index.js';
import { demand } from './inference.js';
import { bin } from './operations/bin.js';
import { cast } from './operations/cast.js';
import { constant } from './operations/constant.js';
import type { ElementRule, Known, OperationDefinition, OperationRules, Reading } from './operations/definition.js';
import { gram } from './operations/gram.js';
import { load } from './operations/load.js';
import { map } from './operations/map.js';
import { matmul } from './operations/matmul.js';
import { mix } from './operations/mix.js';
import { powerOfTwo } from './operations/power-of-two.js';
import { push } from './operations/push.js';
import { reduce } from './operations/reduce.js';
import { relabel } from './operations/relabel.js';
import { ring } from './operations/ring.js';
import { stencil } from './operations/stencil.js';
import { window } from './operations/window.js';
import type { Buffer, Tile, TileAxisKind, Value, View } from './types.js';

export { neighbourAt, neighbourIndex, operand, operandIndex, readsNeighbours } from './elements.js';

export const operations = {
  constant,
  load,
  matmul,
  map,
  cast,
  relabel,
  reduce,
  ring,
  push,
  stencil,
  window,
  mix,
  powerOfTwo,
  gram,
  bin,
};

type Operations = typeof operations;
export type TileOperationName = keyof Operations;

type DefinedBy<Op extends TileOperationName> =
  Operations[Op] extends OperationDefinition<infer Operation, infer Arguments, infer Result>
    ? { readonly operation: Operation; readonly given: Arguments; readonly value: Result }
    : never;

export type TileOperationOf<Op extends TileOperationName> = DefinedBy<Op>['operation'];
/** A tile or a ring, as the operation gives. */
export type ValueOf<Op extends TileOperationName> = DefinedBy<Op>['value'];
/** What the builder's method takes. */
export type ArgumentsOf<Op extends TileOperationName> = DefinedBy<Op>['given'];
export type TileOperation = { [Op in TileOperationName]: TileOperationOf<Op> }[TileOperationName];

/** A definition to which any operation may be shown: it is shown its own only. */
interface AnyDefinition extends OperationRules<TileOperation, readonly unknown[], Value> {
  readonly gives: Value['kind'];
  readonly operands: Readonly<Record<string, Reading>>;
  readonly expressions: Readonly<Record<string, 'scalar' | ElementRule<TileOperation, Value>>>;
}

const definitions = operations as unknown as Readonly<Record<TileOperationName, AnyDefinition>>;

/** What the operation's own file says of it. */
export const definitionOf = ({ op }: TileOperation): AnyDefinition => definitions[op];

/** The operation that a method of the builder adds, and its result with its validity inferred. */
export function made<Op extends TileOperationName>(op: Op, given: ArgumentsOf<Op>) {
  return definitions[op].make(...given);
}

/** Checks an operation against its declared result. @throws TileTypeError where they do not fit. */
export function infer(operation: TileOperation, declared: Value): Value {
  const definition = definitionOf(operation);
  demand(declared.kind === definition.gives, `the operation gives a ${definition.gives}`);
  return definition.infer(operation, declared);
}

// ── Operands ────────────────────────────────────────────────────────────────────────────────────────

type Operand = Value | View | Buffer;

export interface ReadOperand {
  readonly operand: Value | View;
  readonly reading: Reading;
}

const read = new WeakMap<TileOperation, readonly ReadOperand[]>();

const fieldOf = (operation: TileOperation, field: string): Operand | readonly Operand[] | undefined =>
  (operation as unknown as Readonly<Record<string, Operand | readonly Operand[] | undefined>>)[field];

const isMany = (given: Operand | readonly Operand[]): given is readonly Operand[] => Array.isArray(given);

/** The values and views that an operation reads, and how it reads each. */
export function readOperands(operation: TileOperation): readonly ReadOperand[] {
  let found = read.get(operation);
  if (found) return found;
  found = Object.entries(definitionOf(operation).operands).flatMap(([field, reading]) => {
    const given = fieldOf(operation, field);
    if (given === undefined || reading === 'memory') return [];
    return (isMany(given) ? given : [given]).map((operand) => ({ operand: operand as Value | View, reading }));
  });
  read.set(operation, found);
  return found;
}

export const operandsOf = (operation: TileOperation): readonly (Value | View)[] =>
  readOperands(operation).map(({ operand }) => operand);

/** The on-chip values that an operation reads. */
export const valuesOf = (operation: TileOperation): readonly Value[] =>
  operandsOf(operation).filter((operand): operand is Value => operand.kind !== 'view');

/** The views that an operation reads. */
export const viewsOf = (operation: TileOperation): readonly View[] =>
  operandsOf(operation).filter((operand): operand is View => operand.kind === 'view');

/** The buffers that an operation reads entries of. */
export const buffersOf = (operation: TileOperation): readonly Buffer[] =>
  Object.entries(definitionOf(operation).operands).flatMap(([field, reading]) =>
    reading === 'memory' ? [fieldOf(operation, field) as Buffer] : [],
  );

const valuesRead = (operation: TileOperation, how: readonly Reading[]): readonly Value[] =>
  readOperands(operation).flatMap(({ operand, reading }) =>
    operand.kind !== 'view' && how.includes(reading) ? [operand] : [],
  );

/** Tiles whose entries the result takes one by one: they share the result's place in registers. */
export const elementwiseOperands = (operation: TileOperation): readonly Tile[] =>
  valuesRead(operation, ['entry', 'table']).filter((operand): operand is Tile => operand.kind === 'tile');

/** Rings and tiles whose entries are read beside the one that is computed. */
export const nearbyOperands = (operation: TileOperation): readonly Value[] => valuesRead(operation, ['near']);

/** Tiles that what is added to may go to any entry of. */
export const tableOperands = (operation: TileOperation): readonly Tile[] =>
  valuesRead(operation, ['table']) as readonly Tile[];

export const isTable = (operation: TileOperation): boolean => tableOperands(operation).length > 0;

/** Values whose axes lie where those of the result do, as far as it has them. */
export const alignedOperands = (operation: TileOperation): readonly Value[] =>
  valuesRead(operation, ['entry', 'table', 'kept']);

/** The kind that an axis of an operand has in the result. */
export function kindInResult(operation: TileOperation, kind: TileAxisKind): TileAxisKind {
  const renamed = definitionOf(operation).renamed?.(operation);
  return kind === renamed?.from ? renamed.to : kind;
}

/** What the values and buffers of an operation become; values are told how they are read. */
export interface Replacement {
  readonly value?: (<Kind extends Value>(value: Kind, reading?: Reading) => Kind) | undefined;
  readonly buffer?: ((buffer: Buffer) => Buffer) | undefined;
}

/** The operation with other operands; itself where all of them stay. */
export function replaced(operation: TileOperation, { value = (same) => same, buffer = (same) => same }: Replacement) {
  const changed: Record<string, Operand | readonly Operand[]> = {};
  const next = (operand: Operand, reading: Reading): Operand => {
    if (!('kind' in operand)) return buffer(operand);
    if (operand.kind !== 'view') return value(operand, reading);
    const own = buffer(operand.buffer);
    return own === operand.buffer ? operand : { ...operand, buffer: own };
  };
  for (const [field, reading] of Object.entries(definitionOf(operation).operands)) {
    const given = fieldOf(operation, field);
    if (given === undefined) continue;
    const into = isMany(given) ? given.map((each) => next(each, reading)) : next(given, reading);
    const isSame = isMany(given) ? given.every((each, n) => each === (into as readonly Operand[])[n]) : given === into;
    if (!isSame) changed[field] = into;
  }
  return Object.keys(changed).length === 0 ? operation : ({ ...operation, ...changed } as TileOperation);
}

// ── Expressions ─────────────────────────────────────────────────────────────────────────────────────

/** An expression that an operation evaluates for each entry, with what it may know besides the scalars in scope. */
export interface Element extends Known, Pick<ElementRule<TileOperation, Value>, 'what' | 'type'> {
  readonly expression: Expression;
}

export function elementsOf(operation: TileOperation, value: Value): readonly Element[] {
  return Object.entries(definitionOf(operation).expressions).flatMap(([field, rule]) => {
    const expression = (operation as unknown as Readonly<Record<string, Expression | undefined>>)[field];
    if (expression === undefined || rule === 'scalar') return [];
    return [{ what: rule.what, type: rule.type, expression, ...rule.knows(operation, value) }];
  });
}

/** The scalars that an operation takes, besides those of boxes and places. */
export const scalarsOf = (operation: TileOperation): readonly Expression[] =>
  Object.entries(definitionOf(operation).expressions).flatMap(([field, rule]) =>
    rule === 'scalar' ? [(operation as unknown as Readonly<Record<string, Expression>>)[field]!] : [],
  );
