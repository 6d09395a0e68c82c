// Pieces of Python text that know how tightly they bind, so that they are put together with few parentheses,
// and the names that emitted Python uses.

/** Binding strength of an expression's outermost operator; larger binds tighter. */
export const level = {
  conditional: 1,
  or: 2,
  and: 3,
  not: 4,
  compare: 5,
  bitOr: 6,
  bitExclusiveOr: 7,
  bitAnd: 8,
  shift: 9,
  add: 10,
  multiply: 11,
  unary: 12,
  power: 13,
  atom: 20,
} as const;

export interface Code {
  readonly text: string;
  readonly level: number;
}

export const atom = (text: string): Code => ({ text, level: level.atom });

/** `code` as an operand that must bind at least as tightly as `least`. */
export const within = (code: Code, least: number): string => (code.level >= least ? code.text : `(${code.text})`);

/** A left-associative binary operation. Comparisons do not associate in Python: both sides must bind tighter. */
export function infix(left: Code, operator: string, right: Code, at: number): Code {
  const least = at === level.compare ? at + 1 : at;
  return { text: `${within(left, least)} ${operator} ${within(right, at + 1)}`, level: at };
}

export const prefix = (operator: string, operand: Code): Code => ({
  text: `${operator}${within(operand, level.unary)}`,
  level: level.unary,
});

export const call = (name: string, ...operands: readonly (Code | string)[]): Code =>
  atom(`${name}(${operands.map((operand) => (typeof operand === 'string' ? operand : operand.text)).join(', ')})`);

/** A method or attribute of `code`: `.transpose(1, 2)`. */
export const member = (code: Code, text: string): Code => atom(`${within(code, level.atom)}.${text}`);

export const indexed = (code: Code, slots: readonly string[]): Code =>
  atom(`${within(code, level.atom)}[${slots.join(', ')}]`);

/** An integer as a Python literal. */
export const integerLiteral = (value: number): Code =>
  value < 0 ? { text: `-${-value}`, level: level.unary } : atom(String(value + 0));

/** A float as a Python literal: its shortest form that reads back as the same double, and recognisably a float. */
export function floatLiteral(value: number): Code {
  if (Number.isNaN(value)) return atom('nan');
  if (value === Number.POSITIVE_INFINITY) return atom('inf');
  if (value < 0 || Object.is(value, -0)) return { text: `-${floatLiteral(-value).text}`, level: level.unary };
  const text = String(value);
  return atom(/[.e]/.test(text) ? text : `${text}.0`);
}

/** A string literal. JSON's escapes are Python's too. */
export const quoted = (text: string): string => {
  const json = JSON.stringify(text);
  return json.includes("'") || json.includes('\\') ? json : `'${json.slice(1, -1)}'`;
};

/** `(a, b)` or `(a,)`. */
export const tuple = (parts: readonly string[]): string => `(${parts.join(', ')}${parts.length === 1 ? ',' : ''})`;

/** `text` as a Python identifier, its own spelling where that is one. Never empty, never starting with a digit. */
export function identifier(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[A-Za-z]/.test(words) ? words : `value${words === '' ? '' : `_${words}`}`;
}

/** `groupedQuery` and `grouped-query` as `GroupedQuery`. */
export function className(text: string): string {
  const name = identifier(text).replace(/_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return name[0]!.toUpperCase() + name.slice(1);
}

/** Gives out names that are used once: the wanted one, or the wanted one with a number behind it. */
export class Names {
  private readonly taken: Set<string>;

  constructor(reserved: Iterable<string> = []) {
    this.taken = new Set(reserved);
  }

  take(wanted: string): string {
    const free = this.taken.has(wanted) && /^[a-z]+$/.test(wanted) && keywords.has(wanted) ? `${wanted}_` : wanted;
    let name = free;
    for (let n = 2; this.taken.has(name); n += 1) name = /\d$/.test(free) ? `${free}_${n}` : `${free}${n}`;
    this.taken.add(name);
    return name;
  }
}

const keywords = new Set(
  [
    'and as assert async await break class continue def del elif else except finally for from global if import in is',
    'lambda nonlocal not or pass raise return try while with yield None True False self',
  ].flatMap((line) => line.split(' ')),
);

/** Words that Python keeps for itself, and names that emitted modules use: none may name an input or a value. */
export const reservedWords: readonly string[] = [
  ...keywords,
  ...'abs dict enumerate float int len list max min range tuple zip str bool type sum print'.split(' '),
  ...'torch F Tensor NamedTuple Optional inf nan math rows dtype device B Tq Tk R names'.split(' '),
];
