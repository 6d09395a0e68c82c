// What a step of a kernel is good for: the multiply-adds that plain attention asks of its own rows and the keys of a full tile.
// Rows around a block's own, convolutions, statistics and padding are none of it.
import type { Block, ForStatement, Kernel, Statement } from '../../../codegen/tile/program.js';
import { axisOfKind, type Tile, type TileAxis, type View } from '../../../codegen/tile/types.js';
import { innerBlocks, statementsOf } from '../../../codegen/tile/walk.js';
import { freeVariables } from '../../../src/ir/index.js';

/** Multiply-adds of a block in one step of its loop. */
export interface StepWork {
  readonly loop: ForStatement;
  /** Those of products of queries, keys and values, as far as rows and keys are the block's own. */
  readonly useful: number;
  /** Those of the same products as they are computed, with the rows around. */
  readonly computed: number;
  /** Scores of a step, with the positions around. */
  readonly scores: number;
  /** Positions of the swept axis that a step moves on by. */
  readonly columns: number;
  /** Positions of the owned axis that a block has of its own. */
  readonly rows: number;
  /** Bytes of the operands that move with the loop, by the name of their buffer. */
  readonly swept: ReadonlyMap<string, number>;
}

/** The step of the loop that multiplies most; undefined where no loop has a product. */
export function stepWork(kernel: Kernel): StepWork | undefined {
  const loops = statementsOf(kernel.body).flatMap((each) => (each.statement === 'for' ? [each] : []));
  const works = loops.map((loop) => ({ ...workOf(kernel, loop), loop })).filter(({ computed }) => computed > 0);
  return works.sort((one, other) => other.computed - one.computed)[0];
}

type Work = Omit<StepWork, 'loop'>;

const none: Work = { useful: 0, computed: 0, scores: 0, columns: 0, rows: 0, swept: new Map() };

/** The work of a turn, without that of loops inside of it. */
function workOf(kernel: Kernel, loop: ForStatement): Work {
  const steps = new Map([
    ...kernel.grid.map(({ variable, step }) => [variable, step] as const),
    [loop.variable, loop.step],
  ]);
  /** How many positions of an axis belong to the block, or to the step. */
  const own = ({ origin, size }: TileAxis): number =>
    Math.min(size, ...[...freeVariables(origin)].flatMap((name) => steps.get(name) ?? []));
  const ofStatement = (statement: Statement): Work => {
    if (statement.statement === 'for') return none;
    if (statement.statement === 'switch') return largest(innerBlocks(statement).map(ofBlock));
    if (statement.statement !== 'let' || statement.operation.op !== 'matmul' || statement.value.kind !== 'tile')
      return none;
    const { left, right, over } = statement.operation;
    const { axes } = statement.value;
    const all = [...axes, axisOfKind(left.axes, over)!];
    const isScores = over === 'feature';
    const owned = axes.filter(({ kind, origin }) => kind !== 'feature' && !freeVariables(origin).has(loop.variable));
    return {
      useful: product(all.map(own)),
      computed: product(all.map(({ size }) => size)),
      scores: isScores ? product(axes.map(({ size }) => size)) : 0,
      columns: loop.step,
      rows: product(owned.map(own)),
      swept: new Map([left, right].flatMap((each) => sweptBytes(each, loop))),
    };
  };
  const ofBlock = ({ statements }: Block): Work => statements.map(ofStatement).reduce(joined, none);
  return ofBlock(loop.body);
}

const joined = (one: Work, other: Work): Work => ({
  useful: one.useful + other.useful,
  computed: one.computed + other.computed,
  scores: one.scores + other.scores,
  columns: Math.max(one.columns, other.columns),
  rows: Math.max(one.rows, other.rows),
  swept: new Map([...one.swept, ...other.swept]),
});

/** The bytes of an operand that moves with a loop; nothing of one that does not, or is no view of memory. */
const sweptBytes = (operand: Tile | View, loop: ForStatement): [string, number][] => {
  if (operand.kind !== 'view' || !operand.axes.some(({ origin }) => freeVariables(origin).has(loop.variable)))
    return [];
  const bytes = operand.buffer.dtype === 'f32' || operand.buffer.dtype === 'int' ? 4 : 2;
  return [[operand.buffer.name, bytes * product(operand.axes.map(({ size }) => size))]];
};

const largest = (works: readonly Work[]): Work =>
  works.reduce((one, other) => (other.computed > one.computed ? other : one), none);

const product = (sizes: readonly number[]): number => sizes.reduce((result, size) => result * size, 1);
