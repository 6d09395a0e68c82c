// Functions in WGSL for scalar operations that it lacks or leaves imprecise, each for scalars and for four columns at once.
// A module holds those that it uses, each after what it calls.
import { floatText } from './code.js';

interface Helper {
  readonly uses?: readonly HelperName[];
  /** The function, where F, I and B are the types of floats, integers and truth values and `name` is its name. */
  readonly text: (types: { F: string; I: string; U: string; suffix: string }, name: string) => string;
}

const helperTable = {
  // One step of Newton's method puts right what the power of a rounded third leaves.
  cube_root: {
    text: ({ F }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let size = abs(x);
  let root = pow(size, ${F}(1.0 / 3.0));
  let square = max(root * root, ${F}(1e-30));
  let better = root - (root * root * root - size) / (3.0 * square);
  return select(sign(x) * better, x, size < ${F}(1e-30));
}`,
  },
  // The series near 0, where e^x − 1 would cancel.
  exponential_minus_one: {
    text: ({ F }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let tail = x * (${floatText(1 / 24)} + x * (${floatText(1 / 120)} + x * (${floatText(1 / 720)} + x * ${floatText(1 / 5040)})));
  let series = x + x * x * (0.5 + x * (${floatText(1 / 6)} + tail));
  return select(exp(x) - 1.0, series, abs(x) < ${F}(0.35));
}`,
  },
  // 2 artanh(x / (2 + x)) near 0, where the logarithm of 1 + x would cancel.
  logarithm_one_plus: {
    text: ({ F }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let s = x / (2.0 + x);
  let t = s * s;
  let tail = t * (${floatText(1 / 7)} + t * (${floatText(1 / 9)} + t * ${floatText(1 / 11)}));
  let series = 2.0 * s * (1.0 + t * (${floatText(1 / 3)} + t * (0.2 + tail)));
  return select(log(1.0 + x), series, abs(x) < ${F}(0.5));
}`,
  },
  hyperbolic_sine: {
    uses: ['exponential_minus_one'],
    text: ({ F, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let rise = exponential_minus_one${suffix}(abs(x));
  return sign(x) * select(0.5 * (rise + rise / (rise + 1.0)), 0.5 * exp(abs(x)), abs(x) > ${F}(20.0));
}`,
  },
  // The exponential of 2 · 20 leaves 1 in f32; the bound keeps it finite.
  hyperbolic_tangent: {
    uses: ['exponential_minus_one'],
    text: ({ F, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let rise = exponential_minus_one${suffix}(2.0 * min(abs(x), ${F}(20.0)));
  return sign(x) * (rise / (rise + 2.0));
}`,
  },
  // sin(x + quarters · π/2). Implementations may be off by 2^-11, and by anything beyond ±π: positions go far beyond. π/2 in
  // three parts, the first so short that its multiples are exact; then the polynomials of Cephes on ±π/4.
  sine_of_quarters: {
    text: ({ F, I }, name) => `fn ${name}(x: ${F}, quarters: ${I}) -> ${F} {
  let n = round(x * ${floatText(2 / Math.PI)});
  let r = ((x - n * 1.5703125) - n * 4.837512969970703e-4) - n * 7.54978995489188e-8;
  let z = r * r;
  let sine = r + r * z * (-0.16666654611 + z * (8.3321608736e-3 - z * 1.9515295891e-4));
  let cosine = 1.0 - 0.5 * z + z * z * (4.166664568298827e-2 + z * (z * 2.443315711809948e-5 - 1.388731625493765e-3));
  let quarter = ${I}(n) + quarters;
  let size = select(sine, cosine, (quarter & ${I}(1)) != ${I}(0));
  return select(size, -size, (quarter & ${I}(2)) != ${I}(0));
}`,
  },
  sine: {
    uses: ['sine_of_quarters'],
    text: ({ F, I, suffix }, name) => `fn ${name}(x: ${F}) -> ${F} {
  return sine_of_quarters${suffix}(x, ${I}(0));
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
  return sine_of_quarters${suffix}(x, ${I}(0)) / sine_of_quarters${suffix}(x, ${I}(1));
}`,
  },
  // asin x = atan(x / √(1 − x²)), factored so that nothing cancels near ±1.
  arc_sine: {
    text: ({ F }, name) => `fn ${name}(x: ${F}) -> ${F} {
  return atan2(x, sqrt((1.0 - x) * (1.0 + x)));
}`,
  },
  arc_cosine: {
    text: ({ F }, name) => `fn ${name}(x: ${F}) -> ${F} {
  return atan2(sqrt((1.0 - x) * (1.0 + x)), x);
}`,
  },
  // pow knows no negative base: the sign is that of an odd power.
  power: {
    text: ({ F }, name) => `fn ${name}(x: ${F}, y: ${F}) -> ${F} {
  let size = pow(abs(x), y);
  let is_odd = abs(y - 2.0 * floor(0.5 * y)) == ${F}(1.0);
  let signed = select(size, -size, (x < ${F}(0.0)) & is_odd);
  let whole = select(pow(x, y), signed, (x >= ${F}(0.0)) | (floor(y) == y));
  return select(whole, ${F}(1.0), y == ${F}(0.0));
}`,
  },
  // y in two halves whose products with the quotient are exact, as in Dekker's splitting, taken by bits so that no
  // compiler reassociates it away; then one step towards 0 is undone. Exact for quotients below 2^12.
  float_remainder: {
    text: ({ F, U }, name) => `fn ${name}(x: ${F}, divisor: ${F}) -> ${F} {
  let y = abs(divisor);
  let quotient = trunc(x / y);
  let upper = bitcast<${F}>(bitcast<${U}>(y) & ${U}(0xfffff000u));
  let rest = (x - quotient * upper) - quotient * (y - upper);
  let step = select(y, -y, x < ${F}(0.0));
  let is_beyond = rest * step < ${F}(0.0);
  return select(select(rest, rest - step, abs(rest) >= y), rest + step, is_beyond);
}`,
  },
  floor_divide: {
    text: ({ I }, name) => `fn ${name}(x: ${I}, y: ${I}) -> ${I} {
  return select(x, x - (y - 1), x < ${I}(0)) / y;
}`,
  },
  // Half goes up.
  round_half_up: {
    text: ({ F }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let below = floor(x);
  return below + select(${F}(0.0), ${F}(1.0), x - below >= ${F}(0.5));
}`,
  },
  // What was hidden weighs nothing, even in a row that sees no key. It is told by its bits: a device may take it that no
  // number is infinite, and the lowest finite number is not hidden.
  exponential_difference: {
    text: ({ F, U }, name) => `fn ${name}(x: ${F}, m: ${F}) -> ${F} {
  return select(exp(x - m), ${F}(0.0), bitcast<${U}>(x) == ${U}(0xff800000u));
}`,
  },
  // To float16 and back: round to nearest, ties to even; numbers below the normal ones are multiples of 2^-24.
  round_to_f16: {
    text: ({ F, U }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let size = abs(x);
  let bits = bitcast<${U}>(size);
  let even = (bits >> ${U}(13u)) & ${U}(1u);
  let normal = bitcast<${F}>((bits + ${U}(0xfffu) + even) & ${U}(0xffffe000u));
  let small = round(size * 16777216.0) * ${floatText(2 ** -24)};
  let rounded = select(normal, small, size < ${F}(${floatText(2 ** -14)}));
  return sign(x) * select(rounded, rounded * 3.0e38, size >= ${F}(65520.0));
}`,
  },
  // To bfloat16 and back: round to nearest, ties to even.
  round_to_bf16: {
    text: ({ F, U }, name) => `fn ${name}(x: ${F}) -> ${F} {
  let bits = bitcast<${U}>(x);
  let even = (bits >> ${U}(16u)) & ${U}(1u);
  return bitcast<${F}>((bits + ${U}(0x7fffu) + even) & ${U}(0xffff0000u));
}`,
  },
} as const satisfies Record<string, { uses?: readonly string[]; text: Helper['text'] }>;

export type HelperName = keyof typeof helperTable;
const helpers: Readonly<Record<HelperName, Helper>> = helperTable;

const scalars = { F: 'f32', I: 'i32', U: 'u32', suffix: '' };
const vectors = { F: 'vec4f', I: 'vec4i', U: 'vec4u', suffix: '_wide' };

/** Remembers which functions a module calls. */
export class Helpers {
  private readonly used = new Set<string>();

  /** The function's name, for scalars or for four columns. */
  use(name: HelperName, wide: boolean): string {
    for (const each of helpers[name].uses ?? []) this.use(each, wide);
    const own = name + (wide ? vectors : scalars).suffix;
    this.used.add(own);
    return own;
  }

  /** The functions in use, in the order of the table, whatever the order of use. */
  text(): string {
    const texts: string[] = [];
    for (const [name, { text }] of Object.entries(helpers)) {
      for (const types of [scalars, vectors]) {
        if (this.used.has(name + types.suffix)) texts.push(text(types, name + types.suffix));
      }
    }
    return texts.join('\n\n');
  }
}
