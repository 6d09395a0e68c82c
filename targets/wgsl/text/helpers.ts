// Functions in WGSL for scalar operations that it lacks or leaves imprecise, each for scalars and for four columns at once.
// A module holds those that it uses, each after what it calls.
import { floatText, parts } from './code.js';
import { type FunctionText, type FunctionTypes, functionTable } from './functions.js';
import { laneFunctions } from './lanes.js';

const helperTable = {
  ...functionTable,
  floor_divide: {
    text: ({ I }, name) => `fn ${name}(x: ${I}, y: ${I}) -> ${I} {
  let is_below = select(${I}(0), ${I}(1), x < ${I}(0));
  return (x + is_below) / y - is_below;
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
  ...laneFunctions,
} as const satisfies Record<string, FunctionText>;

export type HelperName = keyof typeof helperTable;

const helpers: Readonly<Record<string, FunctionText>> = helperTable;

const scalars: FunctionTypes = { F: 'f32', I: 'i32', U: 'u32', B: 'bool', suffix: '' };
const vectors: FunctionTypes = { F: 'vec4f', I: 'vec4i', U: 'vec4u', B: 'vec4<bool>', suffix: '_wide' };

/** What the functions are called, for scalars and for four columns. */
export const helperNames: readonly string[] = Object.keys(helperTable).flatMap((name) => [name, name + vectors.suffix]);

/** Remembers which functions a module calls. */
export class Helpers {
  private readonly used = new Set<string>();

  /** The function's name, for scalars or for four columns. */
  use(name: HelperName, wide: boolean): string {
    return this.mark(name, wide);
  }

  private mark(name: string, wide: boolean): string {
    const { uses = [], isEach } = helpers[name]!;
    const own = name + (wide ? vectors : scalars).suffix;
    if (this.used.has(own)) return own;
    this.used.add(own);
    if (wide && isEach) this.mark(name, false);
    else for (const each of uses) this.mark(each, wide);
    return own;
  }

  /** The functions in use, in the order of the table, whatever the order of use. */
  text(): string {
    const texts: string[] = [];
    for (const [name, { text, isEach }] of Object.entries(helpers)) {
      if (this.used.has(name)) texts.push(text(scalars, name));
      const wide = name + vectors.suffix;
      if (this.used.has(wide)) texts.push(isEach ? eachOf(name, text(scalars, name)) : text(vectors, wide));
    }
    return texts.join('\n\n');
  }
}

/** The function of four columns that calls the one of scalars on each: its parameters are those of the text. */
function eachOf(name: string, scalar: string): string {
  const declared = /fn \w+\((.*)\)/
    .exec(scalar)![1]!
    .split(', ')
    .map((each) => each.split(': ') as [string, string]);
  const parameters = declared.map(([parameter, type]) => `${parameter}: ${type === 'i32' ? 'vec4i' : 'vec4f'}`);
  const each = parts.map((part) => `${name}(${declared.map(([parameter]) => `${parameter}.${part}`).join(', ')})`);
  return `fn ${name}${vectors.suffix}(${parameters.join(', ')}) -> vec4f {
  return vec4f(${each.join(', ')});
}`;
}
