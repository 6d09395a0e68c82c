// The schedule of a kernel for sm_90a, made from its tile program before a line is written: what the producer and the consumers do
// around and in each turn of a loop. Stages are acquired and committed by the one, waited for and released by the others.
import {
  type Block,
  caseBlocks,
  type ForStatement,
  type Kernel,
  type Statement,
  type SwitchStatement,
} from '../../../codegen/tile/program.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { innerBlocks, statementsOf } from '../../../codegen/tile/walk.js';
import type { Product } from '../../shared/layout/products.js';
import { type BlockPlace, behindLastReader, blocksIn, liveAt, madeOf } from './places-in-blocks.js';
import type { SumInPlace } from './sums-in-place.js';
import type { BoxedView } from './warpgroups.js';

type Named<Name extends string, Data> = { readonly [Each in Name]: { readonly step: Each } & Readonly<Data> }[Name];

/** A step of a role. Those of a view are at the stage of the turn, or at that of a neighbouring one. */
export type Step =
  /** The producer: waits until consumers have released the stage; starts the copies, which commit it when they land. */
  | Named<'acquire' | 'commit', { view: BoxedView }>
  /** Consumers: wait until the stage is committed; say that they have read it. */
  | Named<'wait' | 'release', { view: BoxedView }>
  /** A product that runs a turn ahead: its registers, and its start. */
  | Named<'reserve' | 'start', { product: Product }>
  /** Waits until all products are done but the newest `underWay`; registers of these values are then read or changed. */
  | Named<'finish', { values: readonly Tile[]; underWay: 0 | 1 }>
  /** Values that are computed by now, not behind the wait or the product that follows. */
  | Named<'compute', { values: readonly Tile[] }>
  /** The counter of stages begins, and goes on. */
  | Named<'enter', { parity: 0 | 1 }>
  | Named<'advance', { stages: number }>
  | Named<'statement', { statement: Statement }>
  /** Steps that belong to the loop's first turn, to the one behind this, or to the one before it, if there is one. */
  | Named<'first turn' | 'next turn' | 'previous turn', { steps: readonly Step[] }>;

/** What a role does before a loop, in each of its turns and behind them; it has no turns where it has nothing to do in them. */
export interface RoleSchedule {
  readonly before: readonly Step[];
  readonly turn: readonly Step[];
  readonly behind: readonly Step[];
}

export interface LoopSchedule {
  readonly loop: ForStatement;
  readonly producer: RoleSchedule;
  readonly consumer: RoleSchedule;
  /** What consumers do in front of statements of the body, and at the end of blocks within it. */
  readonly within: ReadonlyMap<Statement | Block, readonly Step[]>;
}

export interface PipelineSchedule {
  readonly loops: readonly LoopSchedule[];
  /** Switches whose block is written once for either case from there on: what products have left in registers is read where it lies. */
  readonly divided: ReadonlySet<SwitchStatement>;
}

export interface Scheduled {
  readonly views: readonly BoxedView[];
  /** Products that run a turn ahead: one a loop. */
  readonly ahead: readonly Product[];
  /** Products that run on under the next turn: one a loop. */
  readonly behind: readonly SumInPlace[];
  /** Tiles that products add to. */
  readonly accumulators: ReadonlySet<Tile>;
  /** Whether a tile is held as pairs of 16 bits. */
  readonly isPacked: (tile: Tile) => boolean;
}

export function scheduleOf({ body }: Kernel, scheduled: Scheduled): PipelineSchedule {
  const loops = body.statements.flatMap((loop): LoopSchedule[] => {
    const own = scheduled.views.filter((view) => view.loop === loop);
    if (loop.statement !== 'for' || own.length === 0) return [];
    const product = scheduled.ahead.find(({ statement }) => own.some(({ uses }) => uses.has(statement)));
    const within = new Map<Statement | Block, readonly Step[]>();
    const consumer = product ? runningAhead(loop, own, product, scheduled, within) : inTurn(loop, own);
    for (const each of statementsOf(loop.body)) {
      for (const block of innerBlocks(each)) keepConstants(within, block);
    }
    return [{ loop, producer: producerOf(own), consumer, within }];
  });
  const divided = scheduled.behind.flatMap((sum) => {
    const product = scheduled.ahead.find(({ statement }) =>
      sum.blocks.some((each) => each.statements.includes(statement)),
    );
    return (product && maskOf(product, sum, scheduled.isPacked)) ?? [];
  });
  return { loops, divided: new Set(divided) };
}

/**
 * The switch that leaves what a product ahead has given as it is, or masks it: where both come together again, assemblers
 * copy accumulators that one of them has changed.
 */
function maskOf(
  { value }: Product,
  { blocks }: SumInPlace,
  isPacked: (tile: Tile) => boolean,
): SwitchStatement | undefined {
  const own = blocks.at(-1)!;
  // The body of a loop is no block of its own in the text.
  if (blocks.length === 1) return undefined;
  const made = madeOf(value, own, isPacked);
  const found = own.statements.find(
    (each): each is SwitchStatement => each.statement === 'switch' && each.results.some((result) => made.has(result)),
  );
  return found && found.cases.full !== found.cases.partial ? found : undefined;
}

/** A case that gives nothing but constants sets them there: compilers would set them in every turn, in front of the branch. */
function keepConstants(within: Within, block: Block): void {
  const { statements } = block;
  if (!statements.every((each) => each.statement === 'let' && each.operation.op === 'constant')) return;
  const values = liveAt({ block, index: statements.length });
  if (values.length > 0) add(within, { block, index: statements.length }, { step: 'compute', values });
}

const onView =
  (...steps: readonly ('acquire' | 'commit' | 'wait' | 'release')[]) =>
  (view: BoxedView): readonly Step[] =>
    steps.map((step): Step => ({ step, view }));

function producerOf(views: readonly BoxedView[]): RoleSchedule {
  const before = views.filter(({ isMoving }) => !isMoving).flatMap(onView('commit'));
  const moving = views.filter(({ isMoving }) => isMoving);
  const [first] = moving;
  if (!first) return { before, turn: [], behind: [] };
  const { stages } = first;
  return {
    before: [...before, { step: 'enter', parity: 1 }],
    turn: [...moving.flatMap(onView('acquire', 'commit')), { step: 'advance', stages }],
    behind: [],
  };
}

/** Consumers whose products are all done where they are started. */
function inTurn({ body }: ForStatement, views: readonly BoxedView[]): RoleSchedule {
  const before = views.filter(({ isMoving }) => !isMoving).flatMap(onView('wait'));
  const moving = views.filter(({ isMoving }) => isMoving);
  const turn = body.statements.flatMap((statement) => around(statement, body, moving));
  const [first] = moving;
  if (!first) return { before, turn, behind: [] };
  const advance: Step = { step: 'advance', stages: first.stages };
  return { before: [...before, { step: 'enter', parity: 0 }], turn: [...turn, advance], behind: [] };
}

/** What is added within the body of a loop: in front of statements, and at the ends of blocks. */
type Within = Map<Statement | Block, readonly Step[]>;

function add(within: Within, { block, index }: BlockPlace, ...steps: readonly Step[]): void {
  const at = block.statements[index] ?? block;
  within.set(at, [...(within.get(at) ?? []), ...steps]);
}

/**
 * Consumers of which one product is started for the next turn as soon as its registers are read, and another one, if there is such,
 * runs on until the next turn changes what it adds to: FlashAttention-3's order, in which the softmax is computed while
 * tensor cores multiply with the values of the turn before.
 */
function runningAhead(
  { body }: ForStatement,
  views: readonly BoxedView[],
  ahead: Product,
  { accumulators, isPacked, behind }: Scheduled,
  within: Within,
): RoleSchedule {
  const before = views.filter(({ isMoving }) => !isMoving).flatMap(onView('wait'));
  const moving = views.filter(({ isMoving }) => isMoving);
  const early = moving.find(({ uses }) => uses.has(ahead.statement))!;
  const begin: readonly Step[] = [...onView('wait')(early), { step: 'start', product: ahead }];
  const finish: Step = { step: 'finish', values: [ahead.value], underWay: 0 };
  const starts = behindLastReader(body, madeOf(ahead.value, body, isPacked));
  const sum = behind.find(({ product }) => moving.some(({ uses }) => uses.has(product.statement)));
  // What the sum reads is waited for where it is about to start, and released a turn later.
  const held = moving.filter(({ uses }) => sum && uses.has(sum.product.statement));
  const late = moving.filter((view) => view !== early && !held.includes(view));
  if (sum) runOn(within, sum, { ahead, starts, held, accumulators });
  else settle(within, body, { accumulators, starts, finish });
  for (const place of starts) {
    const values = liveAt(place).filter((each) => !sum?.shared.has(each));
    add(within, place, { step: 'compute', values }, { step: 'next turn', steps: begin });
  }
  if (sum) finishBehind(within, sum, starts, ahead);
  return {
    before: [
      ...before,
      { step: 'enter', parity: 0 },
      { step: 'reserve', product: ahead },
      { step: 'first turn', steps: [...begin, finish] },
    ],
    turn: [
      ...onView('release')(early),
      ...body.statements.flatMap((statement) => around(statement, body, late)),
      ...(within.get(body) ?? []),
      // Whatever way the turn has gone, the product ahead is done where the next one begins.
      ...(sum ? [] : [finish]),
      { step: 'advance', stages: early.stages },
    ],
    behind: sum ? [{ step: 'finish', values: [sum.inside], underWay: 0 }] : [],
  };
}

interface RunningOn {
  readonly ahead: Product;
  readonly starts: readonly BlockPlace[];
  /** Views that the sum reads. */
  readonly held: readonly BoxedView[];
  readonly accumulators: ReadonlySet<Tile>;
}

/** Waits for the sum of the turn before where something that products add to is changed first, and in cases that do not. */
function runOn(within: Within, sum: SumInPlace, { ahead, starts, held, accumulators }: RunningOn): void {
  const own = sum.blocks.at(-1)!;
  const first = firstChange(own, sum, accumulators);
  const isUnderWay = (block: Block, from: number): boolean =>
    !starts.some(
      (place) => blocksIn(block, from).includes(place.block) || (place.block === block && place.index >= from),
    );
  const steps = (block: Block, from: number): readonly Step[] => [
    // A wait that turns keeps assemblers from waiting for the products before what stands above has been computed.
    ...held.flatMap(onView('wait')),
    { step: 'finish', values: [sum.inside, ...(isUnderWay(block, from) ? [ahead.value] : [])], underWay: 0 },
    ...(held.length > 0 ? [{ step: 'previous turn', steps: held.flatMap(onView('release')) } as const] : []),
  ];
  const values = liveAt({ block: own, index: first }).filter((each) => !sum.shared.has(each));
  add(within, { block: own, index: first }, { step: 'compute', values }, ...steps(own, first));
  for (const block of sum.otherCases) add(within, { block, index: 0 }, ...steps(block, 0));
}

/** Waits for the product ahead where it has been started behind the wait for the sum of the turn before. */
function finishBehind(within: Within, sum: SumInPlace, starts: readonly BlockPlace[], ahead: Product): void {
  const own = sum.blocks.at(-1)!;
  const isStartedIn = (block: Block): boolean =>
    starts.some((place) => place.block === block || blocksIn(block, 0).includes(place.block));
  const finish = (underWay: 0 | 1): Step => ({ step: 'finish', values: [ahead.value], underWay });
  const index = own.statements.indexOf(sum.product.statement) + 1;
  if (isStartedIn(own)) add(within, { block: own, index }, finish(1));
  for (const block of sum.otherCases) {
    if (isStartedIn(block)) add(within, { block, index: block.statements.length }, finish(0));
  }
}

/** The number of the first statement of a block that changes what products add to. */
function firstChange({ statements }: Block, sum: SumInPlace, accumulators: ReadonlySet<Tile>): number {
  return statements.findIndex((each) => each === sum.first || changes(each, accumulators));
}

const changes = (statement: Statement, accumulators: ReadonlySet<Tile>): boolean =>
  statement.statement === 'let' &&
  ((statement.value.kind === 'tile' && accumulators.has(statement.value)) ||
    (statement.operation.op === 'matmul' && statement.operation.accumulator !== undefined));

/** A statement behind the waits for the boxes that it is the first to read, and before the releases of those it reads last. */
function around(statement: Statement, { statements }: Block, views: readonly BoxedView[]): readonly Step[] {
  const readersOf = ({ uses }: BoxedView): readonly Statement[] =>
    statements.filter((each) => statementsOf({ statements: [each], yields: [] }).some((inner) => uses.has(inner)));
  return [
    ...views.filter((view) => readersOf(view)[0] === statement).flatMap(onView('wait')),
    { step: 'statement', statement },
    ...views.filter((view) => readersOf(view).at(-1) === statement).flatMap(onView('release')),
  ];
}

interface Settling {
  readonly accumulators: ReadonlySet<Tile>;
  /** Where the product is started. */
  readonly starts: readonly BlockPlace[];
  readonly finish: Step;
}

/**
 * Waits for a product that is under way before the first statement that changes what products add to: the assembler lets
 * products run on only where nothing but products defines their accumulators from the first one's start to the wait. A case that
 * is not taken waits for nothing. Gives whether the product may be under way behind the block.
 */
function settle(within: Within, block: Block, settling: Settling, begins = false): boolean {
  const { accumulators, starts, finish } = settling;
  const isStart = (index: number): boolean => starts.some((place) => place.block === block && place.index === index);
  let isUnderWay = begins;
  for (const [index, statement] of block.statements.entries()) {
    if (isStart(index)) isUnderWay = true;
    if (statement.statement === 'switch') {
      const cases = [...caseBlocks(statement).keys()];
      isUnderWay = cases.map((each) => settle(within, each, settling, isUnderWay)).includes(true);
    } else if (isUnderWay && changes(statement, accumulators)) {
      add(within, { block, index }, finish);
      isUnderWay = false;
    }
  }
  return isUnderWay || isStart(block.statements.length);
}
