// Query heads that share keys as the rows of one block: a kernel of one row for each head becomes one of one row for a group
// of heads, which reads each key and value once for all of them.

import { headCount } from '../../../src/ir/footprint/heads.js';
import {
  type Expression,
  evaluate,
  freeVariables,
  integer,
  mapParts,
  parts,
  sameExpression,
  topological,
  variable,
  variablesIn,
} from '../../../src/ir/index.js';
import { axis } from '../../tile/builder.js';
import { valuesOf } from '../../tile/operations.js';
import { rewriteKernel } from '../../tile/passes/rewrite.js';
import type { Kernel, LetStatement, Statement } from '../../tile/program.js';
import { quotient, sameScalar, times } from '../../tile/scalars.js';
import {
  axisOfKind,
  type Placement,
  type Scalar,
  type Tile,
  type TileAxis,
  tileVariables,
  type Value,
  type View,
} from '../../tile/types.js';
import { handedOn, isRing, statementsOf } from '../../tile/walk.js';
import { GROUP } from '../plan/heads.js';
import type { Plan } from '../plan/plan.js';
import { axisFacts } from '../plan/space.js';
import { demand } from '../reads/reason.js';

/** The most heads that are rows of a block: more have accumulators that threads have no registers for. */
export const MOST_ROWS = 16;

const { tile: OWN, entry: POSITION } = axisFacts.query;
const [group, own] = [variable(GROUP), variable(OWN)];

/**
 * How many heads a block has as rows: those that read the same keys and values, or as many of them as threads hold.
 * @throws Unschedulable where no two do
 */
export function headsOfRows({ graph, heads: { groups } }: Plan): number {
  const ofKeys = topological(graph).flatMap((node) =>
    node.op === 'dot' ? [node.y] : node.op === 'contract' ? [node.operand] : [],
  );
  const fewest = Math.max(1, ...ofKeys.map(({ domain }) => headCount(domain)));
  demand(groups > fewest && groups % fewest === 0, 'no two query heads read the same keys and values');
  const shared = groups / fewest;
  const rows = Array.from({ length: MOST_ROWS }, (_, n) => n + 1).findLast((n) => shared % n === 0)!;
  demand(rows > 1, `${shared} heads that share keys are no whole number of blocks of at most ${MOST_ROWS}`);
  return rows;
}

/** Whether a kernel reads what heads may share: others have nothing to gain. */
const multiplies = ({ body }: Kernel): boolean =>
  statementsOf(body).some((each) => each.statement === 'let' && each.operation.op === 'matmul');

/**
 * A kernel whose blocks have a row of one head each, as one whose blocks have that row of several heads that share their keys: heads
 * are rows of its tiles, and what depends on a head is asked for each row. What it stores lies where it lay.
 * @throws Unschedulable with the reason why heads are no rows of it
 */
export function withHeadsAsRows(kernel: Kernel, rows: number): Kernel {
  if (!multiplies(kernel)) return kernel;
  const packing = new Packing(rows, kernel);
  const packed = rewriteKernel(kernel, {
    value: (value) => packing.value(value),
    assignment: (statement) => [packing.assigned(statement)],
    stored: ({ place, ...statement }) => ({ ...statement, place: packing.place(place) }),
  });
  const grid = kernel.grid.map((each) =>
    each.variable === GROUP ? { ...each, to: integer(evaluate(each.to, noVariables)! / rows) } : each,
  );
  return { ...packed, grid };
}

const noVariables = variablesIn(new Map());

const knowsHead = (expression: Expression): boolean => freeVariables(expression).has(GROUP);

/** What a head is divided by where it is only asked which of the heads that fewer keys have it reads. */
function divisorOf(part: Expression): number | undefined {
  if (part.kind !== 'apply' || part.operation !== 'floorDivide') return undefined;
  const [head, divisor] = part.operands as [Expression, Expression];
  return divisor.kind === 'constant' && sameExpression(head, group) ? divisor.value : undefined;
}

/** Whether an expression asks which head it is, and not only which ones share keys with it. */
const knowsOwnHead = (part: Expression): boolean =>
  knowsHead(part) && divisorOf(part) === undefined && (sameExpression(part, group) || parts(part).some(knowsOwnHead));

class Packing {
  private readonly rows: number;
  private readonly values = new Map<Value, Value>();
  /** What has no row and yet is each head's own: it becomes a row of numbers, or rows of what it was. */
  private readonly ofHeads = new Set<Value>();

  constructor(rows: number, { body }: Kernel) {
    this.rows = rows;
    const statements = statementsOf(body);
    for (const statement of statements) this.check(statement);
    for (let before = -1; before !== this.ofHeads.size; ) {
      before = this.ofHeads.size;
      for (const statement of statements) this.findOfHeads(statement);
    }
  }

  private findOfHeads(statement: Statement): void {
    const add = (value: Value): void => {
      if (!isRing(value) && !axisOfKind(value.axes, 'query')) this.ofHeads.add(value);
    };
    for (const pair of handedOn(statement)) if (pair.some((each) => this.ofHeads.has(each))) pair.forEach(add);
    if (statement.statement !== 'let') return;
    const { operation, value } = statement;
    const isOfHead =
      (operation.op === 'map' && knowsOwnHead(operation.value)) ||
      (operation.op === 'load' && operation.place.some((entry) => !('along' in entry) && knowsOwnHead(entry)));
    if (isOfHead || valuesOf(operation).some((each) => this.ofHeads.has(each))) add(value);
  }

  /** @throws Unschedulable where a statement cannot have heads as rows. */
  private check(statement: Statement): void {
    if (statement.statement === 'for') {
      demand(![statement.from, statement.to].some(knowsHead), 'heads that share keys see other stretches of them');
    } else if (statement.statement === 'switch') {
      demand(!knowsHead(statement.mask), 'heads that share keys have masks of their own');
    } else if (statement.statement === 'let') {
      demand(
        !isRing(statement.value),
        'scores are read beside their place, so that a block computes rows above its own, which share what is read as it is',
      );
    }
  }

  value<Kind extends Value>(value: Kind): Kind {
    if (isRing(value)) return value;
    const known = this.values.get(value) as Kind | undefined;
    if (known) return known;
    const axes = this.ofHeads.has(value) ? [this.heads, ...value.axes] : this.axes(value.axes);
    const packed = axes === value.axes ? value : { ...value, axes };
    this.values.set(value, packed);
    return packed;
  }

  assigned(statement: LetStatement): LetStatement {
    const { operation, value } = statement;
    switch (operation.op) {
      case 'map':
        return { ...statement, operation: { ...operation, value: this.row(operation.value) } };
      case 'load':
        return {
          ...statement,
          operation: { ...operation, place: this.placeOf(operation.place, (value as Tile).axes) },
        };
      case 'matmul':
        return {
          ...statement,
          operation: { ...operation, left: this.side(operation.left), right: this.side(operation.right) },
        };
      default:
        demand(
          ['constant', 'cast', 'reduce', 'relabel'].includes(operation.op),
          'heads that share keys are tied by more than the keys that they read',
        );
        return statement;
    }
  }

  /** The heads of a block stand where its one row stood. */
  private axes(axes: readonly TileAxis[]): readonly TileAxis[] {
    const row = axisOfKind(axes, 'query');
    if (!row) return axes;
    demand(row.size === 1 && sameScalar(row.origin, own), 'a block has more rows than one');
    return axes.map((each) => (each === row ? this.heads : each));
  }

  private get heads(): TileAxis {
    return axis('head', times(group, this.rows), this.rows);
  }

  private side(side: Tile | View): Tile | View {
    if (side.kind !== 'view') return side;
    const axes = this.axes(side.axes);
    return { ...side, axes, place: this.placeOf(side.place, axes) };
  }

  private placeOf(place: Placement, axes: readonly TileAxis[]): Placement {
    const packed = this.place(place);
    const isOfHeads = packed.some((entry) => 'along' in entry && entry.along === 'head');
    demand(
      !isOfHeads || axisOfKind(axes, 'head') !== undefined,
      'each of the heads that share keys has a table of its own',
    );
    return packed;
  }

  place(place: Placement): Placement {
    return place.map((entry) => {
      if ('along' in entry) return entry.along === 'query' ? own : entry;
      if (sameExpression(entry, group)) return { along: 'head' } as const;
      demand(!knowsOwnHead(entry), 'heads that share keys read others of another value');
      return this.shared(entry);
    });
  }

  /** An expression in which a head is divided by how many share: what is left of it is which group they are. */
  private shared(expression: Expression): Scalar {
    const divisor = divisorOf(expression);
    if (divisor === undefined) return mapParts(expression, (part) => this.shared(part));
    demand(divisor % this.rows === 0, 'heads that share keys are other ones for another value');
    return divisor === this.rows ? group : quotient(group, divisor / this.rows);
  }

  /** What is computed of an entry, whose head is that of its row. */
  private row(part: Expression): Expression {
    if (divisorOf(part) !== undefined) return this.shared(part);
    if (sameExpression(part, group)) return variable(tileVariables.head);
    if (sameExpression(part, POSITION)) return own;
    return mapParts(part, (each) => this.row(each));
  }
}
