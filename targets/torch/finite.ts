// Which operations may meet an infinite derivative: what PyTorch would multiply by a zero cotangent, and get NaN.
// A zero cotangent contributes exactly 0 (semantics, rule 6), so these are emitted with derivatives that absorb.
import {
  type Apply,
  boundAxes,
  type Expression,
  isOwnRead,
  type Node,
  type OperationName,
  type Read,
  type Surroundings,
  sameExpression,
} from '../../src/ir/index.js';

/** What is known of the values of an expression of finite inputs, overflow of sums and products left aside. */
export interface Magnitudes {
  /** Never infinite, nor NaN. */
  readonly isBounded: (expression: Expression) => boolean;
  /** Away from 0, above it. */
  readonly isPositive: (expression: Expression) => boolean;
  readonly isNatural: (expression: Expression) => boolean;
}

/** Operations that are finite for finite operands and whose derivatives are too. */
const tame = new Set<OperationName>([
  ...(['add', 'subtract', 'multiply', 'minimum', 'maximum', 'negate', 'absolute', 'sign', 'sine', 'cosine'] as const),
  ...(['arcTangent', 'hyperbolicTangent', 'floor', 'ceiling', 'round', 'truncate', 'toFloat', 'select'] as const),
  ...(['absorbingMultiply', 'exponentialDifference', 'stopGradient'] as const),
]);

/** Bounded for whatever operand, with a derivative that goes to 0. */
const saturating = new Set<OperationName>(['hyperbolicTangent', 'arcTangent', 'sign']);

const constantOf = (expression: Expression | undefined): number | undefined =>
  expression?.kind === 'constant' ? expression.value : undefined;

export function magnitudes(surroundings: Surroundings): Magnitudes {
  const known = { finite: new Map<Expression, boolean>(), positive: new Map<Expression, boolean>() };
  const remembered = (memo: Map<Expression, boolean>, e: Expression, decide: (e: Expression) => boolean): boolean => {
    let found = memo.get(e);
    if (found === undefined) {
      found = decide(e);
      memo.set(e, found);
    }
    return found;
  };

  const isBounded = (expression: Expression): boolean =>
    remembered(known.finite, expression, (part) => {
      if (part.type !== 'float') return true;
      switch (part.kind) {
        case 'constant':
          return Number.isFinite(part.value);
        case 'accumulate':
          return isBounded(part.body);
        case 'apply':
          return saturating.has(part.operation) || (part.operands.every(isBounded) && isRegular(part));
        default:
          return true;
      }
    });

  /** Whether an operation is finite, with a finite derivative, at finite operands such as these. */
  const isRegular = ({ operation, operands }: Apply): boolean => {
    const [x, y] = operands as readonly [Expression, Expression];
    if (tame.has(operation)) return true;
    switch (operation) {
      case 'divide':
        return isPositive(y) || (constantOf(y) ?? 0) !== 0;
      case 'squareRoot':
      case 'cubeRoot':
      case 'logarithm':
      case 'logarithm2':
      case 'logarithm10':
        return isPositive(x);
      case 'logarithmOnePlus':
        return isNatural(x);
      case 'exponential':
      case 'exponentialMinusOne':
        return x.kind === 'apply' && x.operation === 'negate' && isNatural(x.operands[0]!);
      case 'power':
        return (constantOf(y) ?? 0) >= 1;
      default:
        return false;
    }
  };

  const isPositive = (expression: Expression): boolean =>
    remembered(known.positive, expression, (part) => {
      if (part.kind === 'constant') return part.value > 0 && Number.isFinite(part.value);
      if (part.kind === 'read') return valueRead(part, surroundings, (inner, value) => inner.isPositive(value));
      if (part.kind !== 'apply') return false;
      const [x, y] = part.operands as readonly [Expression, Expression];
      switch (part.operation) {
        case 'add':
          return (isPositive(x) && isNatural(y)) || (isNatural(x) && isPositive(y));
        case 'multiply':
        case 'divide':
          return isPositive(x) && isPositive(y);
        case 'squareRoot':
          return isPositive(x);
        case 'maximum':
          return isPositive(x) || isPositive(y);
        default:
          return false;
      }
    });

  const isNatural = (part: Expression): boolean => {
    if (isPositive(part)) return true;
    if (part.kind === 'constant') return part.value === 0;
    if (part.kind === 'accumulate') return part.monoid === 'sum' && isNatural(part.body);
    if (part.kind !== 'apply') return false;
    const [x, y] = part.operands as readonly [Expression, Expression];
    switch (part.operation) {
      case 'absolute':
      case 'exponential':
      case 'squareRoot':
        return true;
      case 'multiply':
        return sameExpression(x, y) || (isNatural(x) && isNatural(y));
      case 'power':
        return constantOf(y) === 2;
      case 'add':
        return isNatural(x) && isNatural(y);
      case 'divide':
        return isNatural(x) && isPositive(y);
      case 'maximum':
        return isNatural(x) || isNatural(y);
      default:
        return false;
    }
  };
  return { isBounded, isPositive, isNatural };
}

/** Asks about the expression of the node that is read, where the element read is certainly one of its. */
function valueRead(
  read: Read,
  surroundings: Surroundings,
  ask: (inner: Magnitudes, value: Expression) => boolean,
): boolean {
  const { source }: { source: Node } = read;
  if ((source.op !== 'map' && source.op !== 'rowmap') || !isOwnRead(read, surroundings)) return false;
  return ask(magnitudes({ axes: new Map(boundAxes(source)), counters: new Map() }), source.value);
}

const linear = new Set<OperationName>(['add', 'subtract', 'negate', 'select', 'toFloat', 'minimum', 'maximum']);

/** Whether the derivative of an operation must absorb: it, or an operand that it is multiplied by, may be infinite. */
export function mustAbsorb(whole: Apply, { isBounded }: Magnitudes): boolean {
  if (whole.type !== 'float' || linear.has(whole.operation) || saturating.has(whole.operation)) return false;
  return !isBounded(whole);
}
