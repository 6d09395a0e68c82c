// Walks over the statements of a kernel: every block in order, and the values, boxes and buffers that a statement takes and
// gives. One place knows what each statement is made of, so that rules, liveness, layouts and the arena agree on it.
import { operandsOf, type TileOperation, valuesOf, viewsOf } from './operations.js';
import {
  type Block,
  caseBlocks,
  type ForStatement,
  type Kernel,
  type Statement,
  type SwitchStatement,
  type TileProgram,
} from './program.js';
import type { Buffer, Placement, Ring, TileAxis, Value, View } from './types.js';

/** The kernels of a program, in the order in which they are launched. */
export const kernelsIn = ({ launches }: TileProgram): readonly Kernel[] =>
  launches.flatMap((launch) => (launch.launch === 'kernel' ? [launch.kernel] : launch.kernels));

/** The blocks inside of a statement. */
export function innerBlocks(statement: Statement): readonly Block[] {
  switch (statement.statement) {
    case 'let':
    case 'store':
      return [];
    case 'for':
      return [statement.body];
    case 'switch':
      return [...caseBlocks(statement).keys()];
  }
}

const statements = new WeakMap<Block, readonly Statement[]>();

/** Every statement of a block and of the blocks inside of it, outer before inner. */
export function statementsOf(block: Block): readonly Statement[] {
  let found = statements.get(block);
  if (!found) {
    const all: Statement[] = [];
    const visit = (each: Block): void => {
      for (const statement of each.statements) {
        all.push(statement);
        for (const inner of innerBlocks(statement)) visit(inner);
      }
    };
    visit(block);
    found = all;
    statements.set(block, found);
  }
  return found;
}

/** The operations of a block and of the blocks inside of it. */
export const operationsIn = (block: Block): readonly TileOperation[] =>
  statementsOf(block).flatMap((each) => (each.statement === 'let' ? [each.operation] : []));

/** The values that a statement takes from its own block; what blocks inside of it take is theirs. */
export function usesOf(statement: Statement): readonly Value[] {
  switch (statement.statement) {
    case 'let':
      return valuesOf(statement.operation);
    case 'store':
      return [statement.tile];
    case 'for':
      return statement.carried.map(({ initial }) => initial);
    case 'switch':
      return [];
  }
}

/** The values that a statement gives to its own block. */
export function definitionsOf(statement: Statement): readonly Value[] {
  switch (statement.statement) {
    case 'let':
      return [statement.value];
    case 'store':
      return [];
    case 'for':
      return statement.carried.map(({ after }) => after);
    case 'switch':
      return statement.results;
  }
}

/** A box of a buffer that a statement reads or writes. */
export interface Access {
  readonly buffer: Buffer;
  readonly place: Placement;
  readonly axes: readonly TileAxis[];
  readonly is: 'read' | 'write';
}

export function accessesOf(statement: Statement): readonly Access[] {
  if (statement.statement === 'store') {
    const { tile, buffer, place } = statement;
    return [{ buffer, place, axes: tile.axes, is: 'write' }];
  }
  if (statement.statement !== 'let') return [];
  const { operation, value } = statement;
  const views = viewsOf(operation).map(({ buffer, place, axes }) => ({ buffer, place, axes, is: 'read' as const }));
  if (!('buffer' in operation)) return views;
  const { buffer, place } = operation;
  return [...views, { buffer, place, axes: axesOf(value), is: 'read' }];
}

/** The axes of a value or view, those across a ring included. */
export const axesOf = (value: Value | View): readonly TileAxis[] =>
  value.kind === 'ring' ? [value.across] : value.axes;

/** Everything with a box that a statement names for the first time. */
export function boxesOf(statement: Statement): readonly (Value | View)[] {
  switch (statement.statement) {
    case 'let':
      return [statement.value, ...operandsOf(statement.operation).filter(({ kind }) => kind === 'view')];
    case 'store':
      return [];
    case 'for':
      return statement.carried.flatMap(({ inside, after }) => [inside, after]);
    case 'switch':
      return statement.results;
  }
}

export const isRing = (value: Value): value is Ring => value.kind === 'ring';

type Pairs = readonly (readonly [Value, Value])[];

const handed = new WeakMap<Statement, Pairs>();

/** Pairs of values that a loop or switch hands on: one place for both. */
export function handedOn(statement: Statement): Pairs {
  if (statement.statement === 'let' || statement.statement === 'store') return [];
  const found = handed.get(statement) ?? pairsOf(statement);
  handed.set(statement, found);
  return found;
}

function pairsOf(statement: ForStatement | SwitchStatement): Pairs {
  switch (statement.statement) {
    case 'for':
      return statement.carried.flatMap(({ initial, inside, after }, n): [Value, Value][] => [
        [inside, initial],
        [inside, statement.body.yields[n]!],
        [inside, after],
      ]);
    case 'switch':
      return statement.results.flatMap((result, n) =>
        Object.values(statement.cases).map(({ yields }): [Value, Value] => [result, yields[n]!]),
      );
  }
}
