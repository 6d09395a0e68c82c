// What a tile program does at given sizes: operations, bytes that its blocks move from and to memory, and launches. Loops
// and masks are followed block by block, a sample of the blocks where there are many, so halos and repeats are all in it.

import {
  affine,
  type Expression,
  freeVariables,
  operations,
  readsOf,
  staticSize,
  visitParts,
} from '../../src/ir/index.js';
import { costOf } from '../../src/ir/operation-cost.js';
import { bufferAxis, type LaunchSizes } from '../tile/interpreter/memory.js';
import type { TileOperation, TileOperationName, TileOperationOf } from '../tile/operations.js';
import type { Block, ForStatement, GridAxis, Kernel, SwitchStatement, TileProgram } from '../tile/program.js';
import type { Ring, Scalar, Tile, TileAxis, Value, View } from '../tile/types.js';

export interface Work {
  /** Floating-point operations: a multiply-add is two. */
  readonly operations: number;
  /** Bytes that blocks read and write, those of caches too: a box that two blocks read counts twice. */
  readonly bytes: number;
  readonly launches: number;
}

export interface WorkOptions {
  /** At most so many blocks along each axis of the grid, and turns of a repetition, are looked at. */
  readonly samples?: number | undefined;
}

/** The work of a program, as exact as its samples. Tables of numbers are taken to stay in caches. */
export function workOf(program: TileProgram, sizes: LaunchSizes, { samples = 16 }: WorkOptions = {}): Work {
  const count = new Count(sizes, samples);
  for (const launch of program.launches) {
    if (launch.launch === 'kernel') count.kernel(launch.kernel, new Map(), 1);
    else {
      for (const { at, stands } of count.places(launch.axis, new Map()))
        for (const kernel of launch.kernels) count.kernel(kernel, new Map([[launch.axis.variable, at]]), stands);
    }
  }
  return { operations: count.operations, bytes: count.bytes, launches: count.launches };
}

type Scope = ReadonlyMap<string, number>;

/** One place of an axis, and how many places it stands for. */
interface Sample {
  readonly at: number;
  readonly stands: number;
}

const BYTES = 4;
const sizeOf = (axes: readonly TileAxis[]): number => axes.reduce((product, { size }) => product * size, 1);

class Count {
  operations = 0;
  bytes = 0;
  launches = 0;
  private readonly sizes: LaunchSizes;
  private readonly samples: number;

  constructor(sizes: LaunchSizes, samples: number) {
    this.sizes = sizes;
    this.samples = samples;
  }

  /** Places along an axis of a grid, evenly spread. */
  places({ from, to, step }: GridAxis, scope: Scope): readonly Sample[] {
    const first = this.scalar(from, scope);
    const count = Math.max(0, Math.ceil((this.scalar(to, scope) - first) / step));
    const looked = Math.min(count, this.samples);
    return Array.from({ length: looked }, (_, n) => ({
      at: first + step * Math.floor(((n + 0.5) * count) / looked),
      stands: count / looked,
    }));
  }

  kernel(kernel: Kernel, outer: Scope, times: number): void {
    this.launches += times;
    const run = (axis: number, scope: Scope, stands: number): void => {
      const next = kernel.grid[axis];
      if (!next) this.block(kernel.body, scope, stands, undefined);
      else if (isAlike(next)) {
        const { length } = this.places(next, scope);
        const count = length && this.places(next, scope).reduce((sum, each) => sum + each.stands, 0);
        if (count > 0) run(axis + 1, new Map(scope).set(next.variable, this.scalar(next.from, scope)), stands * count);
      } else {
        for (const each of this.places(next, scope))
          run(axis + 1, new Map(scope).set(next.variable, each.at), stands * each.stands);
      }
    };
    run(0, outer, times);
  }

  /** @param loop the variable of the loop around: what does not depend on it is read once. */
  private block(block: Block, scope: Scope, times: number, loop: string | undefined): void {
    const straight = straightOf(block, loop);
    this.operations += times * straight.operations;
    this.bytes += times * straight.bytes;
    for (const statement of straight.control) this.control(statement, scope, times, loop);
  }

  private control(statement: Control, scope: Scope, times: number, loop: string | undefined): void {
    switch (statement.statement) {
      case 'for': {
        this.bytes += times * stayingBytes(statement);
        const end = this.scalar(statement.to, scope);
        for (let at = this.scalar(statement.from, scope); at < end; at += statement.step) {
          this.block(statement.body, new Map(scope).set(statement.variable, at), times, statement.variable);
        }
        return;
      }
      case 'switch':
        this.block(statement.cases[this.isHidden(statement, scope) ? 'empty' : 'full'], scope, times, loop);
        return;
    }
  }

  /** Whether a mask hides a box, found at nine of its places; one that reads tensors is taken to hide nothing. */
  private isHidden({ mask, rows, columns }: SwitchStatement, scope: Scope): boolean {
    if (readsOf(mask).length > 0) return false;
    const within = (axis: TileAxis): readonly number[] => {
      const first = Math.max(0, this.scalar(axis.origin, scope));
      const last = Math.min(this.sizes.keys, this.scalar(axis.origin, scope) + axis.size) - 1;
      return [first, Math.floor((first + last) / 2), last];
    };
    const [is, js] = [within(rows), within(columns)];
    return !is.some((i) =>
      js.some((j) => this.scalar(mask, new Map([...scope, ['i', i], ['j', j], ['b', 0], ['h', 0]])) !== 0),
    );
  }

  private scalar(expression: Scalar, scope: Scope): number {
    switch (expression.kind) {
      case 'constant':
        return expression.value;
      case 'variable':
        return expression.name === 'R' ? this.sizes.rows : (scope.get(expression.name) ?? 0);
      case 'length':
        return bufferAxis({ kind: expression.of }, this.sizes, () => 0).size;
      case 'apply':
        return Number(
          operations[expression.operation].evaluate(
            ...(expression.operands.map((each) => this.scalar(each, scope)) as [number, number, number]),
          ),
        );
      case 'read':
      case 'accumulate':
        return 0;
    }
  }
}

/** Bytes of rows of features that an expression reads as a table: whole rows, once for each turn of a sum over heads. */
function rowBytes(root: Expression, axes: readonly TileAxis[]): number {
  const rows = axes.find(({ kind }) => kind === 'query')?.size ?? 1;
  let bytes = 0;
  visitParts(root, { axes: new Map(), counters: new Map() }, (part, { counters }) => {
    if (part.kind !== 'read') return;
    const at = part.source.domain.findIndex(({ kind }) => kind === 'feature');
    if (at < 0) return;
    const others = freeVariables({ ...part, index: part.index.filter((_, n) => n !== at) });
    const places = [...counters].reduce((product, [name, extent]) => product * (others.has(name) ? extent : 1), rows);
    bytes += places * (staticSize(part.source.domain[at]!) ?? 1) * BYTES;
  });
  return bytes;
}

type Control = ForStatement | SwitchStatement;

interface Straight extends Omit<Work, 'launches'> {
  readonly control: readonly Control[];
}

const straights = new WeakMap<Block, Map<string | undefined, Straight>>();

/** What a block does itself, whatever the scalars are, and the loops and switches in it. */
function straightOf(block: Block, loop: string | undefined): Straight {
  const known = straights.get(block) ?? new Map<string | undefined, Straight>();
  straights.set(block, known);
  let found = known.get(loop);
  if (!found) {
    let [done, bytes] = [0, 0];
    const control: Control[] = [];
    for (const statement of block.statements) {
      if (statement.statement === 'store') bytes += validEntries(statement.tile) * BYTES;
      else if (statement.statement === 'let') {
        const { operation, value } = statement;
        done += operationsOf(operation, value);
        const moved = viewsOf(operation).filter((view) => loop === undefined || dependsOn(view, loop));
        bytes += moved.reduce((sum, { axes }) => sum + sizeOf(axes) * BYTES, 0);
        if (operation.op === 'map') bytes += rowBytes(operation.value, (value as Tile).axes);
        if (operation.op === 'load') bytes += sizeOf((value as Tile).axes) * BYTES;
      } else control.push(statement);
    }
    found = { operations: done, bytes, control };
    known.set(loop, found);
  }
  return found;
}

/** Bytes of views that a loop reads in each turn alike: they are read once. */
const stayingBytes = ({ body, variable }: ForStatement): number =>
  viewsIn(body)
    .filter((view) => !dependsOn(view, variable))
    .reduce((sum, { axes }) => sum + sizeOf(axes) * BYTES, 0);

const validEntries = ({ axes }: Tile): number =>
  axes.reduce((product, { size, valid }) => product * (valid ? valid.high - valid.low : size), 1);

/** Axes of a grid whose blocks all do the same: batches, heads and splits. */
const isAlike = ({ variable, from, to }: GridAxis): boolean =>
  variable !== 'split' && affine(from)?.terms.length === 0 && (affine(to)?.terms.length === 0 || variable === 'b');

const dependsOn = ({ place, axes }: View, variable: string): boolean =>
  [...place.flatMap((entry) => ('along' in entry ? [] : [entry])), ...axes.map(({ origin }) => origin)].some((each) =>
    freeVariables(each).has(variable),
  );

const viewsOf = (operation: TileOperation): readonly View[] =>
  operation.op === 'matmul'
    ? [operation.left, operation.right].filter((side): side is View => side.kind === 'view')
    : [];

/** The views of a loop's body, those of loops inside of it left out. */
function viewsIn({ statements }: Block): readonly View[] {
  return statements.flatMap((statement) => {
    if (statement.statement === 'let') return viewsOf(statement.operation);
    return statement.statement === 'switch' ? viewsIn(statement.cases.full) : [];
  });
}

type Operations = {
  readonly [Op in TileOperationName]: (
    operation: TileOperationOf<Op>,
    value: Op extends 'ring' | 'push' ? Ring : Tile,
  ) => number;
};

const nothing = (): number => 0;

const rules: Operations = {
  constant: nothing,
  load: nothing,
  matmul: ({ left, over }, { axes }) => 2 * sizeOf(axes) * left.axes.find(({ kind }) => kind === over)!.size,
  map: ({ value }, { axes }) => sizeOf(axes) * countOf(value),
  cast: nothing,
  relabel: nothing,
  reduce: ({ tile }) => sizeOf(tile.axes),
  ring: nothing,
  push: nothing,
  stencil: ({ counters }, { axes }) => 2 * sizeOf(axes) * counters.reduce((product, { extent }) => product * extent, 1),
  window: ({ value }, { axes }) => sizeOf(axes) * countOf(value),
  mix: ({ tiles }, { axes }) => 2 * sizeOf(axes) * tiles.length,
  gram: ({ tile }, { axes }) => 2 * sizeOf(axes) * sizeOf(tile.axes),
  bin: ({ tile }) => sizeOf(tile.axes),
};

const operationsOf = (operation: TileOperation, value: Value): number =>
  (rules[operation.op] as (operation: TileOperation, value: Value) => number)(operation, value);

const counts = new WeakMap<Expression, number>();

/** The arithmetic of an element expression: each part once, sums term by term. */
function countOf(root: Expression): number {
  const known = counts.get(root);
  if (known !== undefined) return known;
  const seen = new Set<Expression>();
  const visit = (part: Expression): number => {
    if (seen.has(part)) return 0;
    seen.add(part);
    switch (part.kind) {
      case 'apply':
        return part.operands.reduce((sum, each) => sum + visit(each), costOf(part) === 'free' ? 0 : 1);
      case 'read':
        return part.index.reduce((sum, each) => sum + visit(each), 0);
      case 'accumulate':
        return part.counters.reduce((product, { extent }) => product * extent, countOf(part.body) + 1);
      default:
        return 0;
    }
  };
  const count = visit(root);
  counts.set(root, count);
  return count;
}
