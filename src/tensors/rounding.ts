// Rounding of float64 numbers to the precisions that kernels compute in, and the spacing of numbers there.
// Straight from float64 with one rounding: going through float32 first would round some numbers twice.

export type Precision = 'f64' | 'f32' | 'f16' | 'bf16';

/** A binary format of IEEE 754 (bf16 being float32 with the lower half of the significand dropped). */
export interface FloatFormat {
  /** Bits of the significand, the leading one that is not stored included. */
  readonly significandBits: number;
  /** Exponent of the smallest normal number. */
  readonly minExponent: number;
  /** Exponent of the largest finite numbers. */
  readonly maxExponent: number;
}

export const floatFormats = {
  f64: { significandBits: 53, minExponent: -1022, maxExponent: 1023 },
  f32: { significandBits: 24, minExponent: -126, maxExponent: 127 },
  f16: { significandBits: 11, minExponent: -14, maxExponent: 15 },
  bf16: { significandBits: 8, minExponent: -126, maxExponent: 127 },
} as const satisfies Record<Precision, FloatFormat>;

const bits = new DataView(new ArrayBuffer(8));

/** The largest e with 2^e ≤ |x| for normal x; −1023 for zero and subnormal float64, 1024 for infinity and NaN. */
export function exponentOf(x: number): number {
  bits.setFloat64(0, x);
  return ((bits.getUint16(0) >> 4) & 0x7ff) - 1023;
}

const SMALLEST_EXPONENT = -1074;
// Math.pow is not promised to be exact; doubling is.
const powersOfTwo = new Float64Array(1024 - SMALLEST_EXPONENT);
for (let index = 0, power = Number.MIN_VALUE; index < powersOfTwo.length; index += 1, power *= 2) {
  powersOfTwo[index] = power;
}

/** 2^exponent, exactly, for −1074 ≤ exponent ≤ 1023. */
export function powerOfTwo(exponent: number): number {
  return powersOfTwo[exponent - SMALLEST_EXPONENT]!;
}

/** The largest finite number of a precision. */
export function largestFinite(precision: Precision): number {
  const { significandBits, maxExponent } = floatFormats[precision];
  return (2 - powerOfTwo(1 - significandBits)) * powerOfTwo(maxExponent);
}

/** The smallest normal number of a precision. */
export const smallestNormal = (precision: Precision): number => powerOfTwo(floatFormats[precision].minExponent);

const largest = {
  f64: largestFinite('f64'),
  f32: largestFinite('f32'),
  f16: largestFinite('f16'),
  bf16: largestFinite('bf16'),
} as const satisfies Record<Precision, number>;

// Added to and taken from a number in [0, 2^51], this leaves the nearest integer, ties going to the even one.
const INTEGERS_ONLY = 2 ** 52;

/**
 * `x` rounded once to the nearest number of `precision`, ties to even: subnormals included, beyond the largest finite
 * number to infinity. NaN and the sign of zero are kept.
 */
export function roundTo(precision: Precision, x: number): number {
  if (precision === 'f64') return x;
  if (precision === 'f32') return Math.fround(x);
  if (x === 0 || !Number.isFinite(x)) return x;
  const { significandBits, minExponent } = floatFormats[precision];
  const magnitude = Math.abs(x);
  const spacing = powerOfTwo(Math.max(exponentOf(x), minExponent) - significandBits + 1);
  // Division and multiplication by a power of two are exact here, so the only rounding is the one to an integer.
  const rounded = (magnitude / spacing + INTEGERS_ONLY - INTEGERS_ONLY) * spacing;
  const finite = rounded > largest[precision] ? Number.POSITIVE_INFINITY : rounded;
  return x < 0 ? -finite : finite;
}

/**
 * `x` rounded to one of the two numbers of `precision` around it, to the nearer with the greater likelihood: on average
 * `x` itself. `draw` is uniform in [0, 1). Beyond the largest finite number as `roundTo`. Below the smallest normal one of
 * float32 as often to 0, which devices may take such numbers for (WGSL, 15.7.2): a large factor makes that large too.
 */
export function roundRandomly(precision: Precision, x: number, draw: number): number {
  const nearest = roundTo(precision, x);
  if (precision === 'f32' && Math.abs(x) < smallestNormal('f32')) return draw < 0.5 ? 0 * x : nearest;
  if (nearest === x || !Number.isFinite(nearest)) return nearest;
  const spacing = ulp(precision, x);
  const below = Math.floor(x / spacing) * spacing;
  const rounded = draw < (x - below) / spacing ? below + spacing : below;
  return Math.abs(rounded) > largest[precision] ? nearest : rounded;
}

/**
 * The distance from |x| to the next larger number of `precision`, for x one of its numbers; for others, that of the
 * binade that holds x. Zero has that of the smallest subnormal, numbers beyond the largest finite one have its own,
 * infinity has infinity, NaN has NaN.
 */
export function ulp(precision: Precision, x: number): number {
  if (!Number.isFinite(x)) return Math.abs(x);
  const { significandBits, minExponent, maxExponent } = floatFormats[precision];
  const exponent = Math.min(Math.max(exponentOf(x), minExponent), maxExponent);
  return powerOfTwo(exponent - significandBits + 1);
}
