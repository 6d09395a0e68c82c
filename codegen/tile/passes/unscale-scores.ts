// Unscale scores: a positive factor of all scores of a softmax is left out of them, as the maximum commutes with it, and put in
// where exponentials are taken and behind the loop. A device may then have it in the exponent for nothing.
import { apply, type Expression, float, mapReads, operandsIf, readsOf } from '../../../src/ir/index.js';
import { operand, operandIndex } from '../elements.js';
import { replaced } from '../operations.js';
import type { ForStatement, Kernel, LetStatement, Statement } from '../program.js';
import type { Tile, Value } from '../types.js';
import { definitionsOf, handedOn, placedStatements, statementsOf, usesOf } from '../walk.js';
import { dropCopies } from './drop-copies.js';
import { eachKernel, type TilePass } from './pass.js';
import { rewriteKernel } from './rewrite.js';

export const unscaleScores: TilePass = {
  name: 'unscale scores',
  run(program) {
    const next = eachKernel(program, unscaledKernel);
    // A map that was a scale alone is a copy.
    return next === program ? program : dropCopies.run(next);
  },
};

/** A factor, and the expression without it. */
interface Scaled {
  readonly factor: number;
  readonly rest: Expression;
}

const isNumber = (part: Expression, value: number): boolean => part.kind === 'constant' && part.value === value;
const isHidden = (part: Expression): boolean => isNumber(part, Number.NEGATIVE_INFINITY);

/** What an expression is times a positive constant; what a choice hides is −Infinity times any. */
function scaledBy(part: Expression): Scaled | undefined {
  const [condition, yes, no] = operandsIf(part, 'select') ?? [];
  if (condition && isHidden(no!)) return mapScaled(scaledBy(yes!), (rest) => apply('select', condition, rest, no!));
  if (condition && isHidden(yes!)) return mapScaled(scaledBy(no!), (rest) => apply('select', condition, yes!, rest));
  for (const [x, y] of pairsOf(operandsIf(part, 'multiply'))) {
    if (isPositive(y)) return { factor: y.value, rest: x };
  }
  const [dividend, divisor] = operandsIf(part, 'divide') ?? [];
  return divisor && isPositive(divisor) ? { factor: 1 / divisor.value, rest: dividend! } : undefined;
}

const mapScaled = (scaled: Scaled | undefined, change: (rest: Expression) => Expression): Scaled | undefined =>
  scaled && { ...scaled, rest: change(scaled.rest) };

const pairsOf = (pair: readonly Expression[] | undefined): readonly (readonly [Expression, Expression])[] =>
  pair ? [[pair[0]!, pair[1]!] as const, [pair[1]!, pair[0]!] as const] : [];

const isPositive = (part: Expression): part is Extract<Expression, { kind: 'constant' }> & { readonly value: number } =>
  part.kind === 'constant' &&
  part.type === 'float' &&
  Number(part.value) > 0 &&
  Number.isFinite(1 / Number(part.value));

/** Expressions without their factor, by the tiles that had it. */
type Scales = ReadonlyMap<Value, Expression>;

/** Scores, what is chosen of them, their maxima, and what carries those: all are one factor times what they become. */
interface Family {
  readonly factor: number;
  readonly members: ReadonlySet<Value>;
  readonly scales: Scales;
  /** Tiles of exponentials of members. */
  readonly exponentials: ReadonlySet<Value>;
  /** Rows behind loops that are wanted with the factor. */
  readonly wanted: ReadonlySet<Value>;
}

function unscaledKernel(kernel: Kernel): Kernel {
  const factors = new Map<number, Map<Value, Expression>>();
  for (const statement of statementsOf(kernel.body)) {
    if (statement.statement !== 'let' || statement.operation.op !== 'map') continue;
    if (statement.value.kind !== 'tile' || statement.value.axes.length < 2) continue;
    const scaled = scaledBy(statement.operation.value);
    if (!scaled || scaled.factor === 1) continue;
    factors.set(scaled.factor, (factors.get(scaled.factor) ?? new Map()).set(statement.value, scaled.rest));
  }
  return [...factors].reduce((current, [factor, scales]) => {
    const members = membersOf(current, scales);
    const uses = members && usesOfMembers(current, scales, members, isPowerOfTwo(factor));
    return uses && uses.exponentials.size > 0 ? withoutFactor(current, { factor, scales, members, ...uses }) : current;
  }, kernel);
}

const isHiddenTile = (statement: Statement): boolean =>
  statement.statement === 'let' &&
  statement.operation.op === 'constant' &&
  statement.operation.value === Number.NEGATIVE_INFINITY;

/** What is made of scaled tiles alone; undefined where it meets something else on its way. */
function membersOf(kernel: Kernel, scales: Scales): ReadonlySet<Value> | undefined {
  const placed = placedStatements(kernel.body);
  const members = new Set<Value>(scales.keys());
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const { statement, loops } of placed) {
      if (statement.statement === 'let') {
        if (loops.length > 0 && keepsFactor(statement, members)) members.add(statement.value);
      } else if (statement.statement === 'for') {
        for (const [n, { initial, inside, after }] of statement.carried.entries()) {
          if (![initial, statement.body.yields[n]!].some((each) => members.has(each))) continue;
          members.add(inside).add(after);
        }
      } else for (const [result, given] of handedOn(statement)) if (members.has(given)) members.add(result);
    }
  }
  const hidden = placed.flatMap(({ statement }) => (isHiddenTile(statement) ? definitionsOf(statement) : []));
  const all = new Set<Value>([...members, ...hidden]);
  const isMade = placed.every(({ statement }) =>
    statement.statement === 'let'
      ? !members.has(statement.value) || scales.has(statement.value) || usesOf(statement).every((each) => all.has(each))
      : handedOn(statement).every(([one, other]) => !members.has(one) || all.has(other)),
  );
  return isMade ? members : undefined;
}

/** Whether a product with a factor is rounded by nothing. */
const isPowerOfTwo = (factor: number): boolean => Number.isInteger(Math.log2(factor));

/**
 * What is done with members; undefined where some are wanted with the factor in a loop. Maxima that are stored must be those of the
 * scores that other kernels compute, to the last bit: sums of exponentials are relative to them.
 */
function usesOfMembers(
  kernel: Kernel,
  scales: Scales,
  members: ReadonlySet<Value>,
  isExact: boolean,
): Pick<Family, 'exponentials' | 'wanted'> | undefined {
  const placed = placedStatements(kernel.body);
  const behindLoops = placed.flatMap(({ statement }) =>
    statement.statement === 'for' ? definitionsOf(statement) : [],
  );
  const rows = new Set<Value>(behindLoops.filter((each) => each.kind === 'tile' && each.axes.length === 1));
  const exponentials = new Set<Value>();
  const wanted = new Set<Value>();
  for (const { statement, loops } of placed) {
    if (statement.statement !== 'let' && statement.statement !== 'store') continue;
    const used = usesOf(statement).filter((each) => members.has(each));
    if (used.length === 0) continue;
    if (statement.statement === 'let') {
      if (members.has(statement.value) && !scales.has(statement.value)) continue;
      if (loops.length > 0 && takesExponentials(statement, members)) {
        exponentials.add(statement.value);
        continue;
      }
    }
    if (!used.every((each) => rows.has(each))) return undefined;
    if (statement.statement === 'store' && !isExact) return undefined;
    for (const each of used) wanted.add(each);
  }
  return { exponentials, wanted };
}

/** Whether an operation gives members of what it is given: a choice between them, a maximum. */
function keepsFactor({ operation }: LetStatement, members: ReadonlySet<Value>): boolean {
  if (operation.op === 'reduce') return operation.monoid === 'max' && members.has(operation.tile);
  return (
    operation.op === 'map' &&
    operation.operands.some((each) => members.has(each)) &&
    isTransparent(operation.value, (n) => members.has(operation.operands[n]!))
  );
}

/** Whether an expression times a factor is that of its operands times the factor. */
function isTransparent(part: Expression, isMember: (n: number) => boolean): boolean {
  const [condition, ...sides] = operandsIf(part, 'select') ?? [];
  if (condition) {
    return !readsMember(condition, isMember) && sides.every((each) => isHidden(each) || isTransparent(each, isMember));
  }
  const compared = operandsIf(part, 'maximum');
  if (compared) return compared.every((each) => isTransparent(each, isMember));
  return part.kind === 'read' && operandIndex(part.source) !== undefined;
}

const readsMember = (part: Expression, isMember: (n: number) => boolean): boolean =>
  readsOf(part).some(({ source }) => isMember(operandIndex(source) ?? -1));

/** Whether members occur only as an exponential's two sides. */
function takesExponentials({ operation }: LetStatement, members: ReadonlySet<Value>): boolean {
  if (operation.op !== 'map') return false;
  const isMember = (n: number): boolean => operation.operands[n] !== undefined && members.has(operation.operands[n]!);
  const visit = (part: Expression): boolean => {
    const sides = operandsIf(part, 'exponentialDifference');
    if (sides?.every((each) => each.kind === 'read' && isMember(operandIndex(each.source) ?? -1))) return true;
    if (part.kind === 'read') return !isMember(operandIndex(part.source) ?? -1);
    if (part.kind === 'apply') return part.operands.every(visit);
    return part.kind !== 'accumulate' || !readsMember(part.body, isMember);
  };
  return visit(operation.value);
}

function withoutFactor(kernel: Kernel, { factor, members, scales, exponentials, wanted }: Family): Kernel {
  const scaled = (part: Expression): Expression => apply('multiply', part, float(factor));
  const bare = rewriteKernel(kernel, {
    assignment(statement) {
      const { operation } = statement;
      if (operation.op !== 'map') return [statement];
      const rest = scales.get(statement.value);
      if (rest) return [{ ...statement, operation: { ...operation, value: rest } }];
      if (!exponentials.has(statement.value)) return [statement];
      const value = mapReads(operation.value, (read) =>
        members.has(operation.operands[operandIndex(read.source) ?? -1]!) ? scaled(read) : read,
      );
      return [{ ...statement, operation: { ...operation, value } }];
    },
  });
  if (wanted.size === 0) return bare;
  // Loops give what is bare; who wants it whole takes what is made of it behind them, under the name that it had.
  const bareOf = new Map([...wanted].map((each) => [each, { ...(each as Tile) }]));
  const wholeOf = new Map<Value, Value>([...bareOf].map(([whole, each]) => [each, whole]));
  const renamed = rewriteKernel(bare, {
    value: <Kind extends Value>(value: Kind) => (bareOf.get(value) ?? value) as Kind,
  });
  const whole = <Kind extends Value>(value: Kind): Kind => (wholeOf.get(value) ?? value) as Kind;
  return rewriteKernel(renamed, {
    assignment(statement) {
      const isBare = members.has(statement.value) || exponentials.has(statement.value);
      return isBare ? [statement] : [{ ...statement, operation: replaced(statement.operation, { value: whole }) }];
    },
    stored: (statement) => ({ ...statement, tile: whole(statement.tile) }),
    behind: (statement) => (statement.statement === 'for' ? wholeBehind(statement, wholeOf, scaled) : []),
  });
}

const wholeBehind = (
  { carried }: ForStatement,
  wholeOf: ReadonlyMap<Value, Value>,
  scaled: (part: Expression) => Expression,
): readonly Statement[] =>
  carried.flatMap(({ after }) => {
    const value = wholeOf.get(after);
    if (!value) return [];
    return [
      { statement: 'let', value, operation: { op: 'map', operands: [after as Tile], value: scaled(operand(0)) } },
    ];
  });
