// What a tile program does at given sizes: operations, bytes that its blocks move from and to memory, and launches. Loops
// and masks are followed block by block, a sample of the blocks where there are many, so halos and repeats are all in it.

import { affine, freeVariables } from '../../../src/ir/index.js';
import type { LoopRange } from '../../tile/builder.js';
import { bufferAxis, type LaunchSizes } from '../../tile/interpreter/memory.js';
import { definitionOf, viewsOf } from '../../tile/operations.js';
import type { Block, ForStatement, GridAxis, Kernel, SwitchStatement, TileProgram } from '../../tile/program.js';
import { sameScalar } from '../../tile/scalars.js';
import type { Scalar, Tile, TileAxis, View } from '../../tile/types.js';
import { functionOf, lengthName, readsTensors, type ScalarScope } from './scalar-functions.js';

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
    if (launch.launch === 'kernel') count.kernel(launch.kernel, 1);
    else {
      for (const { at, stands } of count.places(launch.axis)) {
        count.within(launch.axis.variable, at, () => {
          for (const kernel of launch.kernels) count.kernel(kernel, stands);
        });
      }
    }
  }
  return { operations: count.operations, bytes: count.bytes, launches: count.launches };
}

/** One place of an axis, and how many places it stands for. */
interface Sample {
  readonly at: number;
  readonly stands: number;
}

const BYTES = 4;
/** Turns of one loop that are looked at: all of them up to some ten thousand keys. */
const MOST_TURNS = 1024;
/** The lengths that scalars may name. */
const lengthNames = ['batch', 'query', 'key'] as const;
const sizeOf = (axes: readonly TileAxis[]): number => axes.reduce((product, { size }) => product * size, 1);

class Count {
  operations = 0;
  bytes = 0;
  launches = 0;
  private readonly samples: number;
  private readonly sizes: LaunchSizes;
  private readonly scope: ScalarScope;

  constructor(sizes: LaunchSizes, samples: number) {
    this.samples = samples;
    this.sizes = sizes;
    const lengths = lengthNames.map((of) => [lengthName(of), bufferAxis({ kind: of }, sizes, () => 0).size]);
    this.scope = { ...Object.fromEntries(lengths), R: sizes.rows };
  }

  /** Does something with a variable at a value. */
  within(variable: string, at: number, work: () => void): void {
    const { scope } = this;
    const before = scope[variable];
    scope[variable] = at;
    work();
    scope[variable] = before;
  }

  /** Places along an axis of a grid or turns of a loop, all of them or `most`, evenly spread. */
  places({ from, to, step }: LoopRange, most = this.samples): readonly Sample[] {
    const first = this.scalar(from);
    const count = Math.max(0, Math.ceil((this.scalar(to) - first) / step));
    const looked = Math.min(count, most);
    return Array.from({ length: looked }, (_, n) => ({
      at: first + step * Math.floor(((n + 0.5) * count) / looked),
      stands: count / looked,
    }));
  }

  kernel(kernel: Kernel, times: number): void {
    this.launches += times;
    const run = (axis: number, stands: number): void => {
      const next = kernel.grid[axis];
      if (!next) this.straight(straightOf(kernel.body, undefined), stands);
      else if (isAlike(next)) {
        const count = this.places(next).reduce((sum, each) => sum + each.stands, 0);
        if (count > 0) this.within(next.variable, this.scalar(next.from), () => run(axis + 1, stands * count));
      } else {
        for (const each of this.places(next))
          this.within(next.variable, each.at, () => run(axis + 1, stands * each.stands));
      }
    };
    run(0, times);
  }

  private straight({ operations, bytes, choices, loops }: Straight, times: number): void {
    this.operations += times * operations;
    this.bytes += times * bytes;
    for (const { question, empty, full } of choices) this.straight(this.isHidden(question) ? empty : full, times);
    for (const loop of loops) this.loop(loop, times);
  }

  private loop(statement: ForStatement, times: number): void {
    this.bytes += times * stayingBytes(statement);
    const { variable, body } = statement;
    const turn = straightOf(body, variable);
    for (const { at, stands } of this.places(statement, MOST_TURNS)) {
      this.within(variable, at, () => this.straight(turn, times * stands));
    }
  }

  /** Whether a mask hides a box, found at nine of its places; one that reads tensors is taken to hide nothing. */
  private isHidden({ mask, rows, columns }: SwitchStatement): boolean {
    if (readsTensors(mask)) return false;
    const { scope } = this;
    const holds = functionOf(mask);
    const { b, h, i, j } = scope;
    const [firstRow, lastRow] = this.ends(rows);
    const [firstKey, lastKey] = this.ends(columns);
    [scope['b'], scope['h']] = [0, 0];
    let isHidden = true;
    for (let row = 0; row < 3 && isHidden; row += 1) {
      scope['i'] = row === 1 ? Math.floor((firstRow + lastRow) / 2) : row === 0 ? firstRow : lastRow;
      for (let key = 0; key < 3 && isHidden; key += 1) {
        scope['j'] = key === 1 ? Math.floor((firstKey + lastKey) / 2) : key === 0 ? firstKey : lastKey;
        isHidden = holds(scope) === 0;
      }
    }
    Object.assign(scope, { b, h, i, j });
    return isHidden;
  }

  /** The first and the last position of an axis that exist. */
  private ends({ kind, origin, size }: TileAxis): readonly [number, number] {
    const { keys, queries } = this.sizes;
    const start = this.scalar(origin);
    return [Math.max(kind === 'query' ? keys - queries : 0, start), Math.min(keys, start + size) - 1];
  }

  private scalar(expression: Scalar): number {
    return functionOf(expression)(this.scope);
  }
}

/** What a stretch of statements does: what it does whatever the scalars are, and what depends on them. */
interface Straight extends Omit<Work, 'launches'> {
  readonly choices: readonly Choice[];
  readonly loops: readonly ForStatement[];
}

/** All switches of a stretch that ask the same of the same box, as the heads of a block do: what they do together. */
interface Choice {
  readonly question: SwitchStatement;
  readonly empty: Straight;
  readonly full: Straight;
}

const straights = new WeakMap<Block, Map<string | undefined, Straight>>();

/** @param loop the variable of the loop around: what does not depend on it is read once. */
function straightOf(block: Block, loop: string | undefined): Straight {
  const known = straights.get(block) ?? new Map<string | undefined, Straight>();
  straights.set(block, known);
  const found = known.get(loop) ?? measured(block, loop);
  known.set(loop, found);
  return found;
}

function measured(block: Block, loop: string | undefined): Straight {
  let [done, bytes] = [0, 0];
  const choices: Choice[] = [];
  const loops: ForStatement[] = [];
  for (const statement of block.statements) {
    switch (statement.statement) {
      case 'store':
        bytes += validEntries(statement.tile) * BYTES;
        break;
      case 'let': {
        const { operation, value } = statement;
        const own = definitionOf(operation).work(operation, value);
        done += own.operations;
        const moved = viewsOf(operation).filter((view) => loop === undefined || dependsOn(view, loop));
        bytes += moved.reduce((sum, { axes }) => sum + sizeOf(axes) * BYTES, own.bytes);
        break;
      }
      case 'switch': {
        const { empty, full } = statement.cases;
        choices.push({ question: statement, empty: straightOf(empty, loop), full: straightOf(full, loop) });
        break;
      }
      case 'for':
        loops.push(statement);
        break;
    }
  }
  return { operations: done, bytes, choices: together(choices), loops };
}

function together(choices: readonly Choice[]): readonly Choice[] {
  const groups: [Choice, ...Choice[]][] = [];
  for (const choice of choices) {
    const group = groups.find(([first]) => asksAlike(first.question, choice.question));
    if (group) group.push(choice);
    else groups.push([choice]);
  }
  return groups.map((group) => ({
    question: group[0].question,
    empty: sumOf(group.map(({ empty }) => empty)),
    full: sumOf(group.map(({ full }) => full)),
  }));
}

const sumOf = (parts: readonly Straight[]): Straight => ({
  operations: parts.reduce((sum, { operations }) => sum + operations, 0),
  bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
  choices: together(parts.flatMap(({ choices }) => choices)),
  loops: parts.flatMap(({ loops }) => loops),
});

const sameBox = (one: TileAxis, other: TileAxis): boolean =>
  one.kind === other.kind && one.size === other.size && sameScalar(one.origin, other.origin);

const asksAlike = (one: SwitchStatement, other: SwitchStatement): boolean =>
  one.mask === other.mask && sameBox(one.rows, other.rows) && sameBox(one.columns, other.columns);

const staying = new WeakMap<ForStatement, number>();

/** Bytes of views that a loop reads in each turn alike: they are read once. */
function stayingBytes(loop: ForStatement): number {
  let bytes = staying.get(loop);
  if (bytes === undefined) {
    const views = viewsIn(loop.body).filter((view) => !dependsOn(view, loop.variable));
    bytes = views.reduce((sum, { axes }) => sum + sizeOf(axes) * BYTES, 0);
    staying.set(loop, bytes);
  }
  return bytes;
}

const validEntries = ({ axes }: Tile): number =>
  axes.reduce((product, { size, valid }) => product * (valid ? valid.high - valid.low : size), 1);

/** Axes of a grid whose blocks all do the same: batches, heads and splits. */
const isAlike = ({ variable, from, to }: GridAxis): boolean =>
  variable !== 'split' && affine(from)?.terms.length === 0 && (affine(to)?.terms.length === 0 || variable === 'b');

const dependsOn = ({ place, axes }: View, variable: string): boolean =>
  [...place.flatMap((entry) => ('along' in entry ? [] : [entry])), ...axes.map(({ origin }) => origin)].some((each) =>
    freeVariables(each).has(variable),
  );

/** The views of a loop's body, those of loops inside of it left out. */
function viewsIn({ statements }: Block): readonly View[] {
  return statements.flatMap((statement) => {
    if (statement.statement === 'let') return viewsOf(statement.operation);
    return statement.statement === 'switch' ? viewsIn(statement.cases.full) : [];
  });
}
