// The schedule of a kernel for sm_90a, made from its tile program before a line is written: what the producer and the consumers do
// around and in each turn of a loop. Stages are acquired and committed by the one, waited for and released by the others.
import type { Block, ForStatement, Kernel, Statement } from '../../../codegen/tile/program.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { statementsOf } from '../../../codegen/tile/walk.js';
import type { Product } from '../../shared/layout/products.js';
import type { BoxedView } from './warpgroups.js';

type Named<Name extends string, Data> = { readonly [Each in Name]: { readonly step: Each } & Readonly<Data> }[Name];

/** A step of a role. Those of a view are at the stage of the turn, or at that of the next one. */
export type Step =
  /** The producer: waits until consumers have released the stage; starts the copies, which commit it when they land. */
  | Named<'acquire' | 'commit', { view: BoxedView }>
  /** Consumers: wait until the stage is committed; say that they have read it. */
  | Named<'wait' | 'release', { view: BoxedView }>
  /** A product that runs a turn ahead: its registers, its start, taking what it gave, and the wait until it is done. */
  | Named<'reserve' | 'start' | 'take' | 'finish', { product: Product }>
  /** The counter of stages begins, and goes on. */
  | Named<'enter', { parity: 0 | 1 }>
  | Named<'advance', { stages: number }>
  | Named<'statement', { statement: Statement }>
  /** Steps that belong to the loop's first turn, or to the one behind this, if there is one. */
  | Named<'first turn' | 'next turn', { steps: readonly Step[] }>;

/** What a role does before a loop, and in each of its turns; it has no turns where it has nothing to do in them. */
export interface RoleSchedule {
  readonly before: readonly Step[];
  readonly turn: readonly Step[];
}

export interface LoopSchedule {
  readonly loop: ForStatement;
  readonly producer: RoleSchedule;
  readonly consumer: RoleSchedule;
}

export interface PipelineSchedule {
  readonly loops: readonly LoopSchedule[];
  /** Statements before which the product that runs ahead is waited for. */
  readonly settling: ReadonlySet<Statement>;
}

export interface Scheduled {
  readonly views: readonly BoxedView[];
  /** Products that run a turn ahead: one a loop. */
  readonly ahead: readonly Product[];
  /** Tiles that products add to. */
  readonly accumulators: ReadonlySet<Tile>;
}

export function scheduleOf({ body }: Kernel, { views, ahead, accumulators }: Scheduled): PipelineSchedule {
  const settling = new Set<Statement>();
  const loops = body.statements.flatMap((loop): LoopSchedule[] => {
    const own = views.filter((view) => view.loop === loop);
    if (loop.statement !== 'for' || own.length === 0) return [];
    const product = ahead.find(({ statement }) => own.some(({ uses }) => uses.has(statement)));
    if (product) findSettling(loop.body, accumulators, settling);
    return [{ loop, producer: producerOf(own), consumer: consumerOf(loop, own, product) }];
  });
  return { loops, settling };
}

const onView =
  (...steps: readonly ('acquire' | 'commit' | 'wait' | 'release')[]) =>
  (view: BoxedView): readonly Step[] =>
    steps.map((step): Step => ({ step, view }));

function producerOf(views: readonly BoxedView[]): RoleSchedule {
  const before = views.filter(({ isMoving }) => !isMoving).flatMap(onView('commit'));
  const moving = views.filter(({ isMoving }) => isMoving);
  const [first] = moving;
  if (!first) return { before, turn: [] };
  const { stages } = first;
  return {
    before: [...before, { step: 'enter', parity: 1 }],
    turn: [...moving.flatMap(onView('acquire', 'commit')), { step: 'advance', stages }],
  };
}

function consumerOf({ body }: ForStatement, views: readonly BoxedView[], ahead: Product | undefined): RoleSchedule {
  const before = views.filter(({ isMoving }) => !isMoving).flatMap(onView('wait'));
  const moving = views.filter(({ isMoving }) => isMoving);
  const [first] = moving;
  const early = ahead && moving.find(({ uses }) => uses.has(ahead.statement));
  const late = moving.filter((view) => view !== early);
  const turn = body.statements.flatMap((statement) => around(statement, body, late));
  if (!first) return { before, turn };
  const { stages } = first;
  const entered: readonly Step[] = [...before, { step: 'enter', parity: 0 }];
  const advance: Step = { step: 'advance', stages };
  if (!ahead || !early) return { before: entered, turn: [...turn, advance] };
  const begin: readonly Step[] = [...onView('wait')(early), { step: 'start', product: ahead }];
  const finish: Step = { step: 'finish', product: ahead };
  return {
    before: [...entered, { step: 'reserve', product: ahead }, { step: 'first turn', steps: [...begin, finish] }],
    turn: [
      ...onView('release')(early),
      { step: 'take', product: ahead },
      { step: 'next turn', steps: begin },
      ...turn,
      // Whatever way the turn has gone, nothing is under way where the next one begins.
      finish,
      advance,
    ],
  };
}

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

/**
 * Finds the statements before which a product that is under way is waited for: the assembler lets products run on only where
 * nothing but products defines their accumulators from the first one's start to the wait. A case that is not taken waits for
 * nothing.
 */
function findSettling({ statements }: Block, accumulators: ReadonlySet<Tile>, found: Set<Statement>): void {
  let isUnderWay = true;
  for (const statement of statements) {
    if (statement.statement === 'switch') {
      if (isUnderWay) for (const each of Object.values(statement.cases)) findSettling(each, accumulators, found);
    } else if (statement.statement === 'let' && isUnderWay) {
      const { operation, value } = statement;
      const isSet = value.kind === 'tile' && accumulators.has(value);
      if (!isSet && !(operation.op === 'matmul' && operation.accumulator)) continue;
      found.add(statement);
      isUnderWay = false;
    }
  }
}
