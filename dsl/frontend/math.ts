// Math and Number as specs may use them: constants fold as JavaScript computes them, the rest become operations.
// What the graph has no operation for is composed from those that it has.
import { apply, asFloat, type Expression, float, integer, type OperationName } from '../../src/ir/index.js';
import { isInteger, numberOf, operate, scalarType, select, shortText, withinIntegers } from './symbolic.js';
import { builtin, type Call, describe, isKind, symbolic, truthiness, type Value } from './values.js';

type MathFunction = Exclude<
  { [Name in keyof Math]: Math[Name] extends (...x: never[]) => number ? Name : never }[keyof Math],
  symbol
>;
type Lowering = (call: Call) => Value;

const one =
  (operation: OperationName): Lowering =>
  (call) =>
    operate(operation, [call.values[0]], call.at(0), call.evaluation);

const two =
  (operation: OperationName): Lowering =>
  (call) =>
    operate(operation, [call.values[0], call.values[1]], call.site, call.evaluation);

/** The larger or smaller of any number of numbers; the infinity that changes nothing is left out. */
const extreme =
  (operation: 'minimum' | 'maximum', neutral: number): Lowering =>
  ({ values, site, evaluation }) =>
    values
      .filter((value) => value !== neutral)
      .reduce((x, y) => {
        if (typeof x !== 'number' || typeof y !== 'number') return operate(operation, [x, y], site, evaluation);
        return operation === 'minimum' ? Math.min(x, y) : Math.max(x, y);
      });

/** An operation that leaves integers as they are. */
const rounding =
  (operation: OperationName): Lowering =>
  (call) => {
    const [x] = call.values;
    return scalarType(x) === 'int' ? x : one(operation)(call);
  };

/** ⌊a / b⌋ of integers, where b is a positive constant, is exact integer division. */
const floor: Lowering = (call) => {
  const [x] = call.values;
  const quotient = isKind(x, 'symbolic') ? x.expression : undefined;
  if (quotient?.kind === 'apply' && quotient.operation === 'divide') {
    const [dividend, divisor] = quotient.operands.map(integerOf);
    if (dividend && divisor?.kind === 'constant' && divisor.value > 0) {
      return symbolic(withinIntegers(apply('floorDivide', dividend, divisor), call.site, call.evaluation));
    }
  }
  return rounding('floor')(call);
};

/** The integer that was promoted to the float `expression`. */
function integerOf(expression: Expression): Expression | undefined {
  if (expression.kind === 'constant') {
    return isInteger(expression.value) ? integer(expression.value) : undefined;
  }
  const promoted = expression.kind === 'apply' && expression.operation === 'toFloat';
  return promoted ? expression.operands[0] : undefined;
}

/** A function that is composed of others: `compose` gets the float operands. */
const composed =
  (compose: (...x: Expression[]) => Expression): Lowering =>
  ({ values, at, evaluation }) =>
    symbolic(compose(...values.map((value, n) => asFloat(numberOf(value, at(n), evaluation)))));

const oneMore = (x: Expression): Expression => apply('add', x, float(1));

/** Squares of what is below are finite in float32; above, √(x² ± 1) is x. */
const LARGE = 2 ** 60;
const isLarge = (size: Expression): Expression => apply('greater', size, float(LARGE));
/** log(2x), which is what inverse hyperbolic functions are of large numbers. */
const logarithmOfTwice = (size: Expression): Expression => apply('add', apply('logarithm', size), float(Math.LN2));

/** sign(x) · log1p(|x| + x² / (1 + √(x² + 1))), which loses no accuracy near 0. */
const inverseHyperbolicSine = composed((x) => {
  const square = apply('multiply', x, x);
  const size = apply('absolute', x);
  const root = apply('squareRoot', oneMore(square));
  const shifted = apply('add', size, apply('divide', square, oneMore(root)));
  const value = apply('select', isLarge(size), logarithmOfTwice(size), apply('logarithmOnePlus', shifted));
  return apply('multiply', apply('sign', x), value);
});

/** log1p(t + √(t · (t + 2))) of t = x − 1, which loses no accuracy near 1. */
const inverseHyperbolicCosine = composed((x) => {
  const t = apply('subtract', x, float(1));
  const root = apply('squareRoot', apply('multiply', t, apply('add', t, float(2))));
  const value = apply('logarithmOnePlus', apply('add', t, root));
  return apply('select', isLarge(x), logarithmOfTwice(x), value);
});

const inverseHyperbolicTangent = composed((x) => {
  const ratio = apply('divide', apply('multiply', float(2), x), apply('subtract', float(1), x));
  return apply('multiply', float(0.5), apply('logarithmOnePlus', ratio));
});

/** The root of the sum of squares of numbers that are scaled by a power of two where squares would be infinite, or 0. */
const hypotenuse = composed((...x) => {
  const largest = x.map((each) => apply('absolute', each)).reduce((one, other) => apply('maximum', one, other));
  const scaleOf = (below: number, above: number): Expression => {
    const small = apply('select', apply('less', largest, float(1 / LARGE)), float(below), float(1));
    return apply('select', isLarge(largest), float(above), small);
  };
  const squares = x.map((each) => {
    const scaled = apply('multiply', each, scaleOf(2 ** 80, 2 ** -80));
    return apply('multiply', scaled, scaled);
  });
  const root = apply(
    'squareRoot',
    squares.reduce((sum, square) => apply('add', sum, square)),
  );
  return apply('multiply', root, scaleOf(2 ** -80, 2 ** 80));
});

const unavailable: Lowering = ({ site, evaluation }) => evaluation.fail(site, 'HD1044', { name: shortText(site) });

/** Every function of Math: a missing one does not compile. */
const lowerings: Readonly<Record<MathFunction, Lowering>> = {
  abs: one('absolute'),
  acos: one('arcCosine'),
  acosh: inverseHyperbolicCosine,
  asin: one('arcSine'),
  asinh: inverseHyperbolicSine,
  atan: one('arcTangent'),
  atan2: two('arcTangent2'),
  atanh: inverseHyperbolicTangent,
  cbrt: one('cubeRoot'),
  ceil: rounding('ceiling'),
  clz32: unavailable,
  cos: one('cosine'),
  cosh: one('hyperbolicCosine'),
  exp: one('exponential'),
  expm1: one('exponentialMinusOne'),
  floor,
  fround: unavailable,
  hypot: hypotenuse,
  imul: unavailable,
  log: one('logarithm'),
  log10: one('logarithm10'),
  log1p: one('logarithmOnePlus'),
  log2: one('logarithm2'),
  max: extreme('maximum', Number.NEGATIVE_INFINITY),
  min: extreme('minimum', Number.POSITIVE_INFINITY),
  pow: two('power'),
  random: unavailable,
  round: rounding('round'),
  sign: one('sign'),
  sin: one('sine'),
  sinh: one('hyperbolicSine'),
  sqrt: one('squareRoot'),
  tan: one('tangent'),
  tanh: one('hyperbolicTangent'),
  trunc: rounding('truncate'),
};

const isMathFunction = (name: string): name is MathFunction => Object.hasOwn(lowerings, name);

function mathFunction(name: MathFunction): Value {
  return builtin(`Math.${name}`, (call) => {
    const numbers = call.values.filter((value) => typeof value === 'number');
    if (numbers.length < call.values.length || name === 'random') return lowerings[name](call);
    return (Math[name] as (...x: number[]) => number)(...numbers);
  });
}

/** A member of Math, undefined where specs have none of that name. */
export function mathMember(name: string): Value {
  if (isMathFunction(name)) return mathFunction(name);
  const constant: unknown = Reflect.get(Math, name);
  return typeof constant === 'number' ? constant : undefined;
}

const tests = { isInteger: Number.isInteger, isFinite: Number.isFinite, isNaN: Number.isNaN } as const;
const isTest = (name: string): name is keyof typeof tests => Object.hasOwn(tests, name);

/** A member of Number: its constants, and its tests of numbers that are known. */
export function numberMember(name: string): Value {
  if (isTest(name)) {
    return builtin(`Number.${name}`, ({ values: [x], site, evaluation }) => {
      if (!isKind(x, 'symbolic')) return tests[name](x);
      return evaluation.fail(site, 'HD1010', { what: `the argument of Number.${name}`, found: describe(x) });
    });
  }
  const constant: unknown = Reflect.get(Number, name);
  return typeof constant === 'number' ? constant : undefined;
}

/** Number(x): the number of a constant, and 1 or 0 for a truth value that only the kernel knows. */
export const convertToNumber = builtin('Number', ({ values: [x], site, evaluation }) => {
  if (!isKind(x, 'symbolic')) return typeof x === 'object' ? Number.NaN : Number(x);
  return x.expression.type === 'bool' ? select(x.expression, 1, 0, site, evaluation) : x;
});

/** Boolean(x) of what is known, and of truth values. */
export const convertToBoolean = builtin('Boolean', ({ values: [x], site, evaluation }) => {
  if (isKind(x, 'symbolic') && x.expression.type === 'bool') return x;
  return truthiness(x) ?? evaluation.fail(site, 'HD1031', { text: shortText(site) });
});
