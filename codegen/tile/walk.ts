// Walks over the statements of a kernel: every block in order, and the values, boxes and buffers that a statement takes and
// gives. One table knows what each statement is made of, so that rules, liveness, layouts and the arena agree on it.
import { type TileOperation, valuesOf, viewsOf } from './operations.js';
import { type Block, caseBlocks, type ForStatement, type Statement } from './program.js';
import type { Buffer, Placement, Ring, TileAxis, Value, View } from './types.js';

type Pairs = readonly (readonly [Value, Value])[];

interface StatementParts<Kind extends Statement> {
  readonly blocks: (statement: Kind) => readonly Block[];
  readonly uses: (statement: Kind) => readonly Value[];
  /** Values that are there inside of its blocks only. */
  readonly inside: (statement: Kind) => readonly Value[];
  readonly defines: (statement: Kind) => readonly Value[];
  readonly handsOn: (statement: Kind) => Pairs;
}

const none = (): readonly never[] => [];

const statementParts: {
  readonly [Name in Statement['statement']]: StatementParts<Extract<Statement, { statement: Name }>>;
} = {
  let: {
    blocks: none,
    uses: ({ operation }) => valuesOf(operation),
    inside: none,
    defines: ({ value }) => [value],
    handsOn: none,
  },
  store: { blocks: none, uses: ({ tile }) => [tile], inside: none, defines: none, handsOn: none },
  for: {
    blocks: ({ body }) => [body],
    uses: ({ carried }) => carried.map(({ initial }) => initial),
    inside: ({ carried }) => carried.map(({ inside }) => inside),
    defines: ({ carried }) => carried.map(({ after }) => after),
    handsOn: ({ carried, body }) =>
      carried.flatMap(
        ({ initial, inside, after }, n): Pairs => [initial, body.yields[n]!, after].map((each) => [inside, each]),
      ),
  },
  switch: {
    blocks: (statement) => [...caseBlocks(statement).keys()],
    uses: none,
    inside: none,
    defines: ({ results }) => results,
    handsOn: ({ results, cases }) =>
      results.flatMap((result, n): Pairs => Object.values(cases).map(({ yields }) => [result, yields[n]!])),
  },
};

const partsOf = ({ statement }: Statement): StatementParts<Statement> =>
  statementParts[statement] as StatementParts<Statement>;

/** The blocks inside of a statement, each once. */
export const innerBlocks = (statement: Statement): readonly Block[] => partsOf(statement).blocks(statement);

/** The values that a statement takes from its own block; what blocks inside of it take is theirs. */
export const usesOf = (statement: Statement): readonly Value[] => partsOf(statement).uses(statement);

/** The values that a statement gives to the blocks inside of it. */
export const valuesInside = (statement: Statement): readonly Value[] => partsOf(statement).inside(statement);

/** The values that a statement gives to its own block. */
export const definitionsOf = (statement: Statement): readonly Value[] => partsOf(statement).defines(statement);

const handed = new WeakMap<Statement, Pairs>();

/** Pairs of values that a loop or switch hands on: one place for both. */
export function handedOn(statement: Statement): Pairs {
  const found = handed.get(statement) ?? partsOf(statement).handsOn(statement);
  handed.set(statement, found);
  return found;
}

const statements = new WeakMap<Block, readonly Statement[]>();

/** Every statement of a block and of the blocks inside of it, outer before inner. */
export function statementsOf(block: Block): readonly Statement[] {
  const visit = (statement: Statement): readonly Statement[] => [
    statement,
    ...innerBlocks(statement).flatMap((inner) => inner.statements.flatMap(visit)),
  ];
  const found = statements.get(block) ?? block.statements.flatMap(visit);
  statements.set(block, found);
  return found;
}

/** A statement with the loops around it, outer before inner. */
export interface PlacedStatement {
  readonly statement: Statement;
  readonly loops: readonly ForStatement[];
}

/** Every statement of a block and of the blocks inside of it, outer before inner, with the loops around each. */
export const placedStatements = (block: Block, loops: readonly ForStatement[] = []): readonly PlacedStatement[] =>
  block.statements.flatMap((statement) => {
    const inside = statement.statement === 'for' ? [...loops, statement] : loops;
    return [{ statement, loops }, ...innerBlocks(statement).flatMap((each) => placedStatements(each, inside))];
  });

/** The operations of a block and of the blocks inside of it. */
export const operationsIn = (block: Block): readonly TileOperation[] =>
  statementsOf(block).flatMap((each) => (each.statement === 'let' ? [each.operation] : []));

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
  const loaded = 'buffer' in operation ? [{ ...operation, axes: axesOf(value) }] : [];
  return [...viewsOf(operation), ...loaded].map(({ buffer, place, axes }) => ({ buffer, place, axes, is: 'read' }));
}

/** The axes of a value or view, those across a ring included. */
export const axesOf = (value: Value | View): readonly TileAxis[] =>
  value.kind === 'ring' ? [value.across] : value.axes;

/** Everything with a box that a statement names for the first time. */
export const boxesOf = (statement: Statement): readonly (Value | View)[] => [
  ...valuesInside(statement),
  ...definitionsOf(statement),
  ...(statement.statement === 'let' ? viewsOf(statement.operation) : []),
];

export const isRing = (value: Value): value is Ring => value.kind === 'ring';
