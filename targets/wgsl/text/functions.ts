// Functions in WGSL for scalar operations that it lacks, leaves imprecise, or promises nothing of at the edges: zeros,
// infinities, NaN, large arguments. Odd numbers are told by their bits, since implementations may assume that there are none.
import { LEAST_NORMAL } from '../../../src/ir/index.js';
import { floatText } from './code.js';

/** The types of floats, integers, bits and truth values, and the ending of the names of functions on them. */
export interface FunctionTypes {
  readonly F: string;
  readonly I: string;
  readonly U: string;
  readonly B: string;
  readonly suffix: string;
}

export interface FunctionText {
  /** The functions that it calls. */
  readonly uses?: readonly string[];
  /** Whether the function of four columns is that of scalars on each of them: it branches. */
  readonly isEach?: boolean;
  readonly text: (types: FunctionTypes, name: string) => string;
}

const SIGN = '0x80000000u';
const MAGNITUDE = '0x7fffffffu';
const INFINITE = '0x7f800000u';
/** 2^24, by which numbers below the normal ones are scaled. */
const RISE = '16777216.0';
const LEAST = floatText(LEAST_NORMAL);

/**
 * Logarithms: of 0 −Infinity, of negative numbers NaN; what lies below the normal numbers is scaled first. Near 1, where
 * implementations may be off by 2^-21, the series.
 */
const logarithm = (builtin: 'log' | 'log2', fall: number, factor: string): FunctionText => ({
  uses: ['infinity', 'not_a_number', 'logarithm_near_one'],
  text: ({ F, U, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let is_tiny = abs(x) < ${F}(${LEAST});
  let scaled = select(x, x * ${RISE}, is_tiny);
  let bits = bitcast<${U}>(scaled);
  let far = ${builtin}(scaled) - select(${F}(0.0), ${F}(${floatText(fall)}), is_tiny);
  let near = logarithm_near_one${suffix}(x - 1.0)${builtin === 'log2' ? ` * ${floatText(Math.LOG2E)}` : ''};
  let value = select(far, near, abs(x - 1.0) < ${F}(0.25))${factor};
  let positive = select(value, x, bits >= ${U}(${INFINITE}));
  let real = select(positive, not_a_number${suffix}(), bits > ${U}(${INFINITE}));
  return select(real, -infinity${suffix}(), (bits & ${U}(${MAGNITUDE})) == ${U}(0u));
}`,
});

const extreme = (operator: '<' | '>', joined: '&' | '|'): FunctionText => ({
  uses: ['is_nan'],
  // Of zeros the sign tells; equal numbers have equal bits otherwise.
  text: ({ F, U, suffix }, name) => `fn ${name}(x: ${F}, y: ${F}) -> ${F} {
  let equal = bitcast<${F}>(bitcast<${U}>(x) ${joined} bitcast<${U}>(y));
  return select(select(select(x, y, x ${operator} y), equal, x == y), y, is_nan${suffix}(y));
}`,
});

export const functionTable = {
  // A sum or product of integers modulo 2^32 as it is where it is one of 32 bits; beyond, the largest or the least. Its size
  // as a float, good to some units in 2^20, tells: what has wrapped once has the other sign.
  saturated: {
    text: ({ F, I }, name) => `fn ${name}(x: ${I}, size: ${F}) -> ${I} {
  let is_above = (size > ${F}(2.5e9)) | ((size > ${F}(1e9)) & (x < ${I}(0)));
  let is_below = (size < ${F}(-2.5e9)) | ((size < ${F}(-1e9)) & (x > ${I}(0)));
  return select(select(x, ${I}(2147483647), is_above), ${I}(-2147483647), is_below);
}`,
  },
  saturated_float: {
    uses: ['saturated'],
    text: ({ F, I, suffix }, name) => `fn ${name}(x: ${I}, size: ${F}) -> ${F} {
  let exact = saturated${suffix}(x, size);
  return select(${F}(exact), size, abs(exact) == ${I}(2147483647));
}`,
  },
  infinity: {
    text: ({ F }, name) => `fn ${name}() -> ${F} {
  return ${F}(-bitcast<f32>(launch.minus_infinity));
}`,
  },
  not_a_number: {
    text: ({ F }, name) => `fn ${name}() -> ${F} {
  return ${F}(bitcast<f32>(launch.minus_infinity | 0x7fc00000u));
}`,
  },
  is_nan: {
    text: ({ F, U, B }, name) => `fn ${name}(x: ${F}) -> ${B} {
  return (bitcast<${U}>(x) & ${U}(${MAGNITUDE})) > ${U}(${INFINITE});
}`,
  },
  /** The size with the sign of x, of −0 as well. */
  with_sign: {
    text: ({ F, U }, name) => `fn ${name}(size: ${F}, x: ${F}) -> ${F} {
  return bitcast<${F}>((bitcast<${U}>(size) & ${U}(${MAGNITUDE})) | (bitcast<${U}>(x) & ${U}(${SIGN})));
}`,
  },
  minimum: extreme('>', '|'),
  maximum: extreme('<', '&'),
  sign_of: {
    uses: ['with_sign'],
    // Zeros and NaN, the sizes of which lie at both ends once 1 is taken away, are themselves.
    text: ({ F, U, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let size = bitcast<${U}>(x) & ${U}(${MAGNITUDE});
  return select(with_sign${suffix}(${F}(1.0), x), x, size - ${U}(1u) >= ${U}(${INFINITE}));
}`,
  },
  exponential: {
    uses: ['is_nan'],
    text: ({ F, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  return select(exp(x), x, is_nan${suffix}(x));
}`,
  },
  // log(1 + x) is 2 artanh(x / (2 + x)): near 0, where the logarithm of 1 + x would cancel.
  logarithm_near_one: {
    text: ({ F }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let s = x / (2.0 + x);
  let t = s * s;
  let tail = t * (${floatText(1 / 7)} + t * (${floatText(1 / 9)} + t * ${floatText(1 / 11)}));
  let series = 2.0 * s * (1.0 + t * (${floatText(1 / 3)} + t * (0.2 + tail)));
  return select(series, x, abs(x) < ${F}(1e-8));
}`,
  },
  logarithm: logarithm('log', 24 * Math.LN2, ''),
  logarithm_2: logarithm('log2', 24, ''),
  logarithm_10: logarithm('log2', 24, ` * ${floatText(Math.LN2 / Math.LN10)}`),
  // Newton's method from a third of the exponent.
  cube_root: {
    uses: ['with_sign'],
    text: ({ F, U, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let is_tiny = abs(x) < ${F}(${LEAST});
  let size = abs(select(x, x * ${RISE}, is_tiny));
  let guess = bitcast<${F}>(bitcast<${U}>(size) / ${U}(3u) + ${U}(709921077u));
  let first = guess - (guess - size / (guess * guess)) * ${floatText(1 / 3)};
  let second = first - (first - size / (first * first)) * ${floatText(1 / 3)};
  let root = second - (second - size / (second * second)) * ${floatText(1 / 3)};
  let value = with_sign${suffix}(select(root, root * 0.00390625, is_tiny), x);
  return select(value, x, (bitcast<${U}>(size) - ${U}(1u)) >= ${U}(0x7f7fffffu));
}`,
  },
  // The series near 0, where e^x − 1 would cancel.
  exponential_minus_one: {
    uses: ['exponential'],
    text: ({ F, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let tail = x * (${floatText(1 / 24)} + x * (${floatText(1 / 120)} + x * (${floatText(1 / 720)} + x * ${floatText(1 / 5040)})));
  let series = x + x * (x * (0.5 + x * (${floatText(1 / 6)} + tail)));
  let near = select(series, x, abs(x) < ${F}(1e-8));
  return select(exponential${suffix}(x) - 1.0, near, abs(x) < ${F}(0.35));
}`,
  },
  logarithm_one_plus: {
    uses: ['logarithm', 'logarithm_near_one'],
    text: ({ F, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  return select(logarithm${suffix}(1.0 + x), logarithm_near_one${suffix}(x), abs(x) < ${F}(0.5));
}`,
  },
  // The exponential of the half, twice: the whole one ends before the sine does.
  hyperbolic_sine: {
    uses: ['exponential_minus_one', 'exponential', 'with_sign'],
    text: ({ F, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let size = abs(x);
  let rise = exponential_minus_one${suffix}(size);
  let half = exponential${suffix}(0.5 * size);
  let value = select(0.5 * (rise + rise / (rise + 1.0)), 0.5 * half * half, size > ${F}(20.0));
  return with_sign${suffix}(value, x);
}`,
  },
  hyperbolic_cosine: {
    uses: ['exponential'],
    text: ({ F, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let half = exponential${suffix}(0.5 * abs(x));
  let rest = 1.0 / half;
  return 0.5 * half * half + 0.5 * rest * rest;
}`,
  },
  // From 9.02 on it is 1 in f32, exactly: a division may be off by a few ulps, and scores are made of 1 − tanh too.
  hyperbolic_tangent: {
    uses: ['exponential_minus_one', 'with_sign', 'is_nan'],
    text: ({ F, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let size = abs(x);
  let rise = exponential_minus_one${suffix}(2.0 * min(size, ${F}(20.0)));
  let value = select(rise / (rise + 2.0), ${F}(1.0), size > ${F}(9.02));
  return select(with_sign${suffix}(value, x), x, is_nan${suffix}(x));
}`,
  },
  // The upper 32 bits of a product of 64.
  high_product: {
    text: ({ U }, name) => `fn ${name}(x: ${U}, y: ${U}) -> ${U} {
  let low = (x & 0xffffu) * (y & 0xffffu);
  let one = (x >> 16u) * (y & 0xffffu);
  let other = (x & 0xffffu) * (y >> 16u);
  let carried = (low >> 16u) + (one & 0xffffu) + (other & 0xffffu);
  return (x >> 16u) * (y >> 16u) + (one >> 16u) + (other >> 16u) + (carried >> 16u);
}`,
  },
  // sin(x + quarters · π/2). Implementations may be off by 2^-11, and by anything beyond ±π: positions go far beyond. Up to
  // 2^13 π/2 is taken away in three parts, the first so short that its multiples are exact. Beyond, a product with the 96
  // bits of 2/π that matter leaves the fraction of a quarter (Payne and Hanek, 1983). Then the polynomials of Cephes on ±π/4.
  sine_of_quarters: {
    uses: ['high_product', 'not_a_number'],
    isEach: true,
    text: (_, name) => `fn ${name}(x: f32, quarters: i32) -> f32 {
  let size = bitcast<u32>(x) & ${MAGNITUDE};
  if (size >= ${INFINITE}) {
    return not_a_number();
  }
  var n: i32;
  var r: f32;
  if (size < 0x46000000u) {
    let nearest = round(x * ${floatText(2 / Math.PI)});
    n = i32(nearest);
    r = ((x - nearest * 1.5703125) - nearest * 4.837512969970703e-4) - nearest * 7.54978995489188e-8;
  } else {
    // 2/π, after 32 zeros.
    var words = array<u32, 8>(
      0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu);
    let first = (size >> 23u) - 120u;
    let at = first >> 5u;
    let by = first & 31u;
    let mantissa = (size & 0x7fffffu) | 0x800000u;
    let high = (words[at] << by) | ((words[at + 1u] >> 1u) >> (31u - by));
    let middle = (words[at + 1u] << by) | ((words[at + 2u] >> 1u) >> (31u - by));
    let low = (words[at + 2u] << by) | ((words[at + 3u] >> 1u) >> (31u - by));
    let carried = high_product(mantissa, low);
    let rest = mantissa * middle + carried;
    let upper = mantissa * high + high_product(mantissa, middle) + select(0u, 1u, rest < carried);
    let turned = (upper + 0x20000000u) >> 30u;
    let fraction = bitcast<i32>((upper << 2u) | (rest >> 30u));
    let part = (f32(fraction) + f32(rest << 2u) * ${floatText(2 ** -32)}) * ${floatText((Math.PI / 2) * 2 ** -32)};
    let is_negative = x < 0.0;
    n = select(i32(turned), -i32(turned), is_negative);
    r = select(part, -part, is_negative);
  }
  let z = r * r;
  let sine = r + r * z * (-0.16666654611 + z * (8.3321608736e-3 - z * 1.9515295891e-4));
  let cosine = 1.0 - 0.5 * z + z * z * (4.166664568298827e-2 + z * (z * 2.443315711809948e-5 - 1.388731625493765e-3));
  let quarter = n + quarters;
  let value = select(sine, cosine, (quarter & 1) != 0);
  return select(value, -value, (quarter & 2) != 0);
}`,
  },
  // Small angles are their sines and tangents, −0 too.
  sine: {
    uses: ['sine_of_quarters'],
    text: ({ F, I, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  return select(sine_of_quarters${suffix}(x, ${I}(0)), x, abs(x) < ${F}(1e-4));
}`,
  },
  cosine: {
    uses: ['sine_of_quarters'],
    text: ({ F, I, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  return sine_of_quarters${suffix}(x, ${I}(1));
}`,
  },
  tangent: {
    uses: ['sine_of_quarters'],
    text: ({ F, I, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let ratio = sine_of_quarters${suffix}(x, ${I}(0)) / sine_of_quarters${suffix}(x, ${I}(1));
  return select(ratio, x, abs(x) < ${F}(1e-4));
}`,
  },
  // The angle of the smaller coordinate over the larger one, which is turned to its eighth; the polynomial is that of Cephes.
  arc_tangent_2: {
    uses: ['with_sign', 'not_a_number', 'is_nan'],
    text: ({ F, U, suffix }, name) => `fn ${name}(y: ${F}, x: ${F}) -> ${F} {
  let larger = max(abs(x), abs(y));
  let smaller = min(abs(x), abs(y));
  let scale = select(select(${F}(1.0), ${F}(${RISE}), larger < ${F}(1e-20)), ${F}(${floatText(2 ** -24)}), larger > ${F}(1e20));
  let quotient = (smaller * scale) / (larger * scale);
  let ratio = select(select(quotient, ${F}(1.0), bitcast<${U}>(larger) == bitcast<${U}>(smaller)), ${F}(0.0), larger == ${F}(0.0));
  let is_steep = ratio > ${F}(0.41421356);
  let t = select(ratio, (ratio - 1.0) / (ratio + 1.0), is_steep);
  let z = t * t;
  let tail = z * (0.199777106478 + z * (z * 8.05374449538e-2 - 0.138776856032));
  let angle = t + t * z * (tail - 0.333329491539) + select(${F}(0.0), ${F}(${floatText(Math.PI / 4)}), is_steep);
  let turned = select(angle, ${floatText(Math.PI / 2)} - angle, abs(y) > abs(x));
  let facing = select(turned, ${floatText(Math.PI)} - turned, bitcast<${U}>(x) >= ${U}(${SIGN}));
  return select(with_sign${suffix}(facing, y), not_a_number${suffix}(), is_nan${suffix}(x) | is_nan${suffix}(y));
}`,
  },
  arc_tangent: {
    uses: ['arc_tangent_2'],
    text: ({ F, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  return arc_tangent_2${suffix}(x, ${F}(1.0));
}`,
  },
  // asin x = atan(x / √(1 − x²)), factored so that nothing cancels near ±1.
  arc_sine: {
    uses: ['arc_tangent_2', 'not_a_number'],
    text: ({ F, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let other = sqrt((1.0 - x) * (1.0 + x));
  return select(arc_tangent_2${suffix}(x, other), not_a_number${suffix}(), abs(x) > ${F}(1.0));
}`,
  },
  arc_cosine: {
    uses: ['arc_tangent_2', 'not_a_number'],
    text: ({ F, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let other = sqrt((1.0 - x) * (1.0 + x));
  return select(arc_tangent_2${suffix}(other, x), not_a_number${suffix}(), abs(x) > ${F}(1.0));
}`,
  },
  // The sign is that of an odd power; a negative base has whole powers alone. As in JavaScript, ±1 to ±Infinity is NaN.
  power: {
    uses: ['logarithm_2', 'with_sign', 'not_a_number', 'is_nan'],
    text: ({ F, suffix }, name) => `fn ${name}(x: ${F}, y: ${F}) -> ${F} {
  let exponent = y * logarithm_2${suffix}(abs(x));
  let size = select(exp2(exponent), exponent, is_nan${suffix}(exponent));
  let is_odd = abs(y - 2.0 * floor(0.5 * y)) == ${F}(1.0);
  let signed = select(size, with_sign${suffix}(size, x), is_odd);
  let is_negative = (x < ${F}(0.0)) & (x >= ${F}(-3.4028234e+38));
  let real = select(signed, not_a_number${suffix}(), is_negative & (floor(y) != y));
  return select(real, ${F}(1.0), y == ${F}(0.0));
}`,
  },
  // Long division of mantissas, 8 bits at a time: exact whatever the quotient.
  float_remainder: {
    uses: ['not_a_number', 'with_sign'],
    isEach: true,
    text: (_, name) => `fn ${name}(x: f32, y: f32) -> f32 {
  let size = bitcast<u32>(x) & ${MAGNITUDE};
  let divisor = bitcast<u32>(y) & ${MAGNITUDE};
  if (size >= ${INFINITE} || divisor > ${INFINITE} || divisor == 0u) {
    return not_a_number();
  }
  if (size < divisor) {
    return x;
  }
  let mantissa = select((divisor & 0x7fffffu) | 0x800000u, divisor, divisor < 0x800000u);
  let exponent = max(divisor >> 23u, 1u);
  var left = max(size >> 23u, 1u) - exponent;
  var rest = select((size & 0x7fffffu) | 0x800000u, size, size < 0x800000u) % mantissa;
  while (left > 0u) {
    let step = min(left, 8u);
    rest = (rest << step) % mantissa;
    left -= step;
  }
  let is_low = exponent < 24u;
  let unit = bitcast<f32>((exponent + select(0u, 64u, is_low) - 23u) << 23u);
  return with_sign(f32(rest) * unit * select(1.0, ${floatText(2 ** -64)}, is_low), x);
}`,
  },
  // Half goes up, towards +Infinity; what rounds to 0 keeps its sign.
  round_half_up: {
    uses: ['with_sign'],
    text: ({ F, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let below = floor(x);
  return with_sign${suffix}(below + select(${F}(0.0), ${F}(1.0), x - below >= ${F}(0.5)), x);
}`,
  },
} as const satisfies Record<string, FunctionText>;
