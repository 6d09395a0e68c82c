// What a tile program does at given sizes: operations, bytes that its blocks move from and to memory, and launches. Loops
// and masks are followed block by block, a sample of the blocks where there are many, so halos and repeats are all in it.

import { affine, freeVariables } from '../../../src/ir/index.js';
import type { LoopRange } from '../../tile/builder.js';
import { bufferAxis, type LaunchSizes } from '../../tile/interpreter/memory.js';
import { buffersOf, definitionOf, viewsOf } from '../../tile/operations.js';
import type {
  Block,
  ForStatement,
  GridAxis,
  Kernel,
  Repetition,
  SwitchStatement,
  TileProgram,
} from '../../tile/program.js';
import { sameScalar } from '../../tile/scalars.js';
import type { Scalar, Tile, TileAxis, Value, View } from '../../tile/types.js';
import { SHARE } from '../kernel/shares.js';
import { remembered } from '../reads/remembered.js';
import { fourBytes, type Rates, type WorkUnit } from './rates.js';
import { functionOf, lengthName, readsTensors, type ScalarScope } from './scalar-functions.js';

export interface Work {
  /** Floating-point operations: a multiply-add is two. */
  readonly operations: number;
  /** The same by the units that matrix units of a device may take. */
  readonly byUnit: Readonly<Record<WorkUnit, number>>;
  /** Bytes that blocks read and write, those of caches too: a box that two blocks read counts twice. */
  readonly bytes: number;
  readonly launches: number;
  /** What the longest block of each launch does, one launch after the other: however many blocks run at once, no call takes less. */
  readonly span: Pick<Work, 'byUnit' | 'bytes'>;
}

export interface WorkOptions {
  /** At most so many blocks along each axis of the grid, and turns of a repetition, are looked at. */
  readonly samples?: number | undefined;
  /** At most so many turns of a loop are looked at: all of them up to some ten thousand keys unless told. */
  readonly turns?: number | undefined;
  /** Bytes of an entry of a buffer, as the target stores it: one function for one storage, as counts are kept by it. */
  readonly bytesOf?: Rates['bytesOf'] | undefined;
  /** The longest block takes as much longer as it leaves of what runs it. */
  readonly partOf?: Rates['partOf'];
}

/** The work of a program, as exact as its samples. Tables of numbers are taken to stay in caches. */
export function workOf(program: TileProgram, sizes: LaunchSizes, options: WorkOptions = {}): Work {
  const count = new Count(sizes, options);
  for (const launch of program.launches) {
    if (launch.launch === 'kernel') count.kernel(launch.kernel, 1);
    else {
      count.bands(launch.axis, (stands) => {
        for (const kernel of launch.kernels) count.kernel(kernel, stands);
      });
    }
  }
  const { byUnit, bytes, launches, span } = count;
  return { operations: operationsOf(byUnit), byUnit, bytes, launches, span };
}

/** One place of an axis, and how many places it stands for. */
interface Sample {
  readonly at: number;
  readonly stands: number;
}

const operationsOf = ({ product, stencil, plain }: Work['byUnit']): number => product + stencil + plain;

const workUnits = ['product', 'stencil', 'plain', 'operand'] as const satisfies readonly WorkUnit[];

const unitsOf = (of: (unit: WorkUnit) => number): Record<WorkUnit, number> => ({
  product: of('product'),
  stencil: of('stencil'),
  plain: of('plain'),
  operand: of('operand'),
});

/** Threads that share the entries of a product. */
const PRODUCT_THREADS = 64;

/** A thread with a square of a product's entries reads an operand for each row and column of it, and multiplies and adds for each entry. */
const operandsPerOperation = (value: Value): number =>
  value.kind === 'tile' ? Math.min(1, Math.sqrt(PRODUCT_THREADS / sizeOf(value.axes))) : 0;

/** Turns of one loop that are looked at. */
const MOST_TURNS = 1024;
/** The lengths that scalars may name. */
const lengthNames = ['batch', 'query', 'key'] as const;
const sizeOf = (axes: readonly TileAxis[]): number => axes.reduce((product, { size }) => product * size, 1);

class Count {
  readonly byUnit = unitsOf(() => 0);
  bytes = 0;
  launches = 0;
  readonly span = { byUnit: unitsOf(() => 0), bytes: 0 };
  private readonly samples: number;
  private readonly turns: number;
  private readonly stretches: Stretches;
  private readonly sizes: LaunchSizes;
  private readonly scope: ScalarScope;

  private readonly partOf: NonNullable<WorkOptions['partOf']>;

  constructor(sizes: LaunchSizes, { samples = 16, turns = MOST_TURNS, bytesOf = fourBytes, partOf }: WorkOptions) {
    this.partOf = partOf ?? (() => 1);
    this.samples = samples;
    this.turns = turns;
    this.stretches = stretchesOf(bytesOf);
    this.sizes = sizes;
    const lengths = lengthNames.map((of) => [lengthName(of), bufferAxis({ kind: of }, sizes).size]);
    this.scope = { ...Object.fromEntries(lengths), R: sizes.rows };
  }

  /** Does something at each of the bands that are looked at. */
  bands({ step: { variable, value }, ...axis }: Repetition, work: (stands: number) => void): void {
    const step = this.scalar(value);
    this.within(variable, step, () => {
      for (const { at, stands } of this.places({ ...axis, step })) this.within(axis.variable, at, () => work(stands));
    });
  }

  /** Does something with a variable at a value. */
  private within(variable: string, at: number, work: () => void): void {
    const { scope } = this;
    const before = scope[variable];
    scope[variable] = at;
    work();
    scope[variable] = before;
  }

  /** Places along an axis of a grid or turns of a loop, all of them or `most`, evenly spread. */
  private places(range: LoopRange, most = this.samples): readonly Sample[] {
    const [first, count] = [this.scalar(range.from), this.countOf(range)];
    const { step } = range;
    const looked = Math.min(count, most);
    return Array.from({ length: looked }, (_, n) => ({
      at: first + step * Math.floor(((n + 0.5) * count) / looked),
      stands: count / looked,
    }));
  }

  private countOf({ from, to, step }: LoopRange): number {
    return Math.max(0, Math.ceil((this.scalar(to) - this.scalar(from)) / step));
  }

  kernel(kernel: Kernel, times: number): void {
    this.launches += times;
    let longest: Pick<Work, 'byUnit' | 'bytes'> | undefined;
    const run = (axis: number, stands: number): void => {
      const next = kernel.grid[axis];
      if (!next) {
        const block = this.block(kernel, stands);
        if (!longest || operationsOf(block.byUnit) > operationsOf(longest.byUnit)) longest = block;
      } else if (isAlike(next)) {
        const count = this.countOf(next);
        if (count > 0) this.within(next.variable, this.scalar(next.from), () => run(axis + 1, stands * count));
      } else {
        for (const each of this.places(next))
          this.within(next.variable, each.at, () => run(axis + 1, stands * each.stands));
      }
    };
    run(0, times);
    if (!longest) return;
    const alone = times / this.partOf(kernel);
    for (const unit of workUnits) this.span.byUnit[unit] += alone * longest.byUnit[unit];
    this.span.bytes += alone * longest.bytes;
  }

  /** Counts a block that stands for so many, and gives what it does by itself. */
  private block({ body }: Kernel, stands: number): Pick<Work, 'byUnit' | 'bytes'> {
    const [{ ...before }, bytes] = [this.byUnit, this.bytes];
    this.straight(this.stretches.straight(body, undefined), stands);
    const { byUnit } = this;
    return {
      byUnit: unitsOf((unit) => (byUnit[unit] - before[unit]) / stands),
      bytes: (this.bytes - bytes) / stands,
    };
  }

  private straight({ byUnit, bytes, choices, loops }: Straight, times: number): void {
    for (const unit of workUnits) this.byUnit[unit] += times * byUnit[unit];
    this.bytes += times * bytes;
    for (const { question, empty, full } of choices) this.straight(this.isHidden(question) ? empty : full, times);
    for (const loop of loops) this.loop(loop, times);
  }

  private loop(statement: ForStatement, times: number): void {
    this.bytes += times * this.stretches.staying(statement);
    const { variable, body } = statement;
    const turn = this.stretches.straight(body, variable);
    // Without a mask or a loop, turns do the same.
    if (turn.choices.length === 0 && turn.loops.length === 0) {
      this.straight(turn, times * this.countOf(statement));
      return;
    }
    for (const { at, stands } of this.places(statement, this.turns)) {
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
interface Straight extends Pick<Work, 'byUnit' | 'bytes'> {
  readonly choices: readonly Choice[];
  readonly loops: readonly ForStatement[];
}

/** All switches of a stretch that ask the same of the same box, as the heads of a block do: what they do together. */
interface Choice {
  readonly question: SwitchStatement;
  readonly empty: Straight;
  readonly full: Straight;
}

const stretchesOf = remembered((bytesOf: Rates['bytesOf']) => new Stretches(bytesOf));

/** What blocks of statements do, each looked at once for one way to store tensors. */
class Stretches {
  private readonly bytesOf: Rates['bytesOf'];
  private readonly straights = remembered((_: Block) => new Map<string | undefined, Straight>());

  constructor(bytesOf: Rates['bytesOf']) {
    this.bytesOf = bytesOf;
  }

  /** @param loop the variable of the loop around: what does not depend on it is read once. */
  straight(block: Block, loop: string | undefined): Straight {
    const known = this.straights(block);
    const found = known.get(loop) ?? this.measured(block, loop);
    known.set(loop, found);
    return found;
  }

  /** Bytes of views that a loop reads in each turn alike: they are read once. */
  readonly staying = remembered(({ body, variable }: ForStatement): number =>
    this.ofViews(viewsIn(body).filter((view) => !dependsOn(view, variable))),
  );

  private measured(block: Block, loop: string | undefined): Straight {
    const byUnit = unitsOf(() => 0);
    let bytes = 0;
    const choices: Choice[] = [];
    const loops: ForStatement[] = [];
    for (const statement of block.statements) {
      switch (statement.statement) {
        case 'store':
          bytes += validEntries(statement.tile) * this.bytesOf(statement.buffer);
          break;
        case 'let': {
          const { operation, value } = statement;
          const own = definitionOf(operation).work(operation, value);
          byUnit[own.unit ?? 'plain'] += own.operations;
          if (own.unit === 'product') byUnit.operand += own.operations * operandsPerOperation(value);
          const loaded = buffersOf(operation).map((buffer) => own.entries * this.bytesOf(buffer));
          const moved = viewsOf(operation).filter((view) => loop === undefined || dependsOn(view, loop));
          bytes += loaded.reduce((sum, each) => sum + each, own.bytes + this.ofViews(moved));
          break;
        }
        case 'switch': {
          const { empty, full } = statement.cases;
          choices.push({ question: statement, empty: this.straight(empty, loop), full: this.straight(full, loop) });
          break;
        }
        case 'for':
          loops.push(statement);
          break;
      }
    }
    return { byUnit, bytes, choices: together(choices), loops };
  }

  private ofViews(views: readonly View[]): number {
    return views.reduce((sum, { axes, buffer }) => sum + sizeOf(axes) * this.bytesOf(buffer), 0);
  }
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

function sumOf(parts: readonly Straight[]): Straight {
  const all = (of: (part: Straight) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
  const ofUnit = (unit: WorkUnit): number => all(({ byUnit }) => byUnit[unit]);
  return {
    byUnit: unitsOf(ofUnit),
    bytes: all(({ bytes }) => bytes),
    choices: together(parts.flatMap(({ choices }) => choices)),
    loops: parts.flatMap(({ loops }) => loops),
  };
}

const sameBox = (one: TileAxis, other: TileAxis): boolean =>
  one.kind === other.kind && one.size === other.size && sameScalar(one.origin, other.origin);

const asksAlike = (one: SwitchStatement, other: SwitchStatement): boolean =>
  one.mask === other.mask && sameBox(one.rows, other.rows) && sameBox(one.columns, other.columns);

const validEntries = ({ axes }: Tile): number =>
  axes.reduce((product, { size, valid }) => product * (valid ? valid.high - valid.low : size), 1);

/** Axes of a grid whose blocks all do the same: batches, heads and splits. */
const isAlike = ({ variable, from, to }: GridAxis): boolean =>
  variable !== SHARE && affine(from)?.terms.length === 0 && (affine(to)?.terms.length === 0 || variable === 'b');

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
