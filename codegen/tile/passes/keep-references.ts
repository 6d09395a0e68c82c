// Keep references: what a running softmax is relative to stays where it is as long as no score lies far above it. Sums, and weights
// beside them, are then up to 2^7 times what they would be, which is left of neither in their quotient, nor in m + log l; and sums
// need to be scaled in the first steps of a row alone.
import { apply, type Expression, float, operandsIf, parts, readsOf } from '../../../src/ir/index.js';
import { operand, operandIndex } from '../elements.js';
import type { ForStatement, Kernel, LetStatement, Statement } from '../program.js';
import type { Tile, Value } from '../types.js';
import { definitionsOf, handedOn, statementsOf, usesOf } from '../walk.js';
import { eachKernel, type TilePass } from './pass.js';
import { rewriteKernel } from './rewrite.js';

export const keepReferences: TilePass = { name: 'keep references', run: (program) => eachKernel(program, keeping) };

/**
 * How far above its reference a score may lie, as a power of two. Rounded references are off by 4 where they are below 2^27: float16 holds
 * 2^11 and more. From there on neighbouring floats are 8 apart, so that whatever is above a reference moves it.
 */
const MOST_ABOVE = 7;

/** Features that sums of a row may have in all: beside more of them the numbers that a choice is made of take the last registers. */
const MOST_FEATURES = 96;

const featuresOf = ({ carried }: ForStatement): number =>
  carried
    .flatMap(({ inside }) => (inside.kind === 'tile' ? inside.axes : []))
    .reduce((total, { kind, size }) => total + (kind === 'feature' ? size : 0), 0);

/** A maximum that goes round a loop, before a turn's scores and with them, and the factor of both in exponents. */
interface RunningMaximum {
  readonly statement: LetStatement;
  readonly before: number;
  readonly scale: number;
}

function keeping(kernel: Kernel): Kernel {
  const statements = statementsOf(kernel.body);
  const loops = statements.filter((each): each is ForStatement => each.statement === 'for');
  const found = new Map(
    statements.flatMap((each) => {
      const running = each.statement === 'let' ? runningMaximum(each, loops, statements) : undefined;
      return running ? [[running.statement.value, running] as const] : [];
    }),
  );
  if (found.size === 0) return kernel;
  return rewriteKernel(kernel, {
    assignment(statement) {
      const running = found.get(statement.value);
      const { operation } = statement;
      return running && operation.op === 'map'
        ? [{ ...statement, operation: { ...operation, value: keptValue(running) } }]
        : [statement];
    },
  });
}

/** The maximum before, unless the one of a turn's scores lies far above it; −Infinity is below all. */
function keptValue({ before, scale }: RunningMaximum): Expression {
  const [kept, largest] = [operand(before), operand(1 - before)];
  const above = apply('multiply', apply('subtract', largest, kept), float(scale * Math.LOG2E));
  return apply('select', apply('less', float(MOST_ABOVE), above), largest, kept);
}

function runningMaximum(
  statement: LetStatement,
  loops: readonly ForStatement[],
  statements: readonly Statement[],
): RunningMaximum | undefined {
  const { operation, value } = statement;
  if (operation.op !== 'map' || value.kind !== 'tile' || value.axes.length !== 1) return undefined;
  const sides = operandsIf(operation.value, 'maximum')?.map((each) => operandOf(each));
  if (operation.operands.length !== 2 || sides?.toSorted().join() !== '0,1') return undefined;
  const goingRound = roundOf(value, statements);
  const own = loops.flatMap(({ carried }) => carried.filter(({ inside }) => goingRound.has(inside)));
  const before = operation.operands.indexOf(own[0]?.inside as Tile);
  if (own.length !== 1 || before < 0) return undefined;
  const { inside, after } = own[0]!;
  if (loops.some((loop) => loop.carried.includes(own[0]!) && featuresOf(loop) > MOST_FEATURES)) return undefined;
  const isHandedOn = statements.some((each) => handedOn(each).some(([to, from]) => from === after && to !== inside));
  if (isHandedOn || !isForgetful(after, statements)) return undefined;
  const uses = statements.filter(
    (each) => !makesMaximum(each, goingRound) && usesOf(each).some((used) => goingRound.has(used)),
  );
  const scales = uses.flatMap((each) => scalesIn(each, goingRound));
  const isReference = scales.length > 0 && scales.every((scale) => scale !== undefined && scale === scales[0]);
  return isReference ? { statement, before, scale: scales[0]! } : undefined;
}

const operandOf = (part: Expression): number | undefined =>
  part.kind === 'read' ? operandIndex(part.source) : undefined;

/** A value, what loops and switches hand it on as, and the maps that they hand on so too; but for what loops give behind them. */
function roundOf(value: Value, statements: readonly Statement[]): ReadonlySet<Value> {
  const behind = new Set(statements.flatMap((each) => (each.statement === 'for' ? definitionsOf(each) : [])));
  const maps = new Set(statements.flatMap((each) => (isMap(each) ? [each.value] : [])));
  const found = new Set([value]);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [to, from] of statements.flatMap(handedOn)) {
      if (found.has(from) && !behind.has(from)) found.add(to);
      if (found.has(to) && maps.has(from)) found.add(from);
    }
  }
  return found;
}

const isMap = (statement: Statement): statement is LetStatement =>
  statement.statement === 'let' && statement.operation.op === 'map';

/** Whether a statement makes what goes round as the maximum of two tiles. */
const makesMaximum = (statement: Statement, goingRound: ReadonlySet<Value>): boolean =>
  isMap(statement) &&
  goingRound.has(statement.value) &&
  statement.operation.op === 'map' &&
  operandsIf(statement.operation.value, 'maximum')?.every((each) => operandOf(each) !== undefined) === true;

/** The factors of references in the exponentials of a statement; undefined for whatever else is done with them. */
function scalesIn(statement: Statement, references: ReadonlySet<Value>): readonly (number | undefined)[] {
  if (statement.statement !== 'let' || statement.operation.op !== 'map') return [undefined];
  const { operands, value } = statement.operation;
  const isReference = (part: Expression): boolean => references.has(operands[operandOf(part) ?? -1]!);
  const visit = (part: Expression): readonly (number | undefined)[] => {
    const [x, m] = operandsIf(part, 'exponentialDifference') ?? [];
    const [scaled, factor] = m ? (operandsIf(m, 'multiply') ?? [m]) : [];
    if (scaled && isReference(scaled)) {
      const scale = factor ? (factor.kind === 'constant' ? Number(factor.value) : undefined) : 1;
      const [own] = operandsIf(x!, 'multiply') ?? [x!];
      return [scale, ...(isReference(own!) ? [] : visit(x!))];
    }
    return isReference(part) ? [undefined] : parts(part).flatMap(visit);
  };
  return visit(value);
}

/** Whether nothing tells a maximum behind its loop from another reference: it is forgotten, or a log-sum-exp is made of it. */
function isForgetful(after: Value, statements: readonly Statement[]): boolean {
  const uses = statements.filter((each) => usesOf(each).includes(after));
  return uses.every((each) => {
    if (each.statement !== 'let' || each.operation.op !== 'map') return false;
    const { operands, value } = each.operation;
    const isOwn = (part: Expression): boolean => operands[operandOf(part) ?? -1] === after;
    const [factor] = operandsIf(value, 'multiply')?.filter((part) => !isOwn(part)) ?? [];
    if (factor) return factor.kind === 'constant' && isForgetful(each.value, statements);
    return isLogarithmOf(value, isOwn);
  });
}

/** Whether an expression is of an operand and a logarithm, where it is of the operand at all. */
function isLogarithmOf(value: Expression, isOwn: (part: Expression) => boolean): boolean {
  const isFree = (part: Expression): boolean => !readsOf(part).some(isOwn);
  const [condition, ...sides] = operandsIf(value, 'select') ?? [];
  if (condition && isFree(condition)) return sides.every((each) => isLogarithmOf(each, isOwn));
  const [rest, ...others] = operandsIf(value, 'add')?.filter((part) => !isOwn(part)) ?? [];
  const isSum = rest?.kind === 'apply' && rest.operation === 'logarithm' && others.length === 0;
  return isSum ? isFree(rest) : isFree(value);
}
