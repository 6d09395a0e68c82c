// Text of a line in pieces: places for what may differ between lines that are alike, and what stands between them.
// Places are the kernel's own names, whole numbers, whole sums and products of both, and parts of vectors.

/** A place: a name or a number, a sum or product of those, or a part of a vector. */
export interface Place {
  readonly text: string;
  /** The WGSL type of what stands there. */
  readonly type: string;
  /** The kernel's own names in it. */
  readonly names: readonly string[];
  readonly role: 'read' | 'write' | 'declare';
  /** Whether its address is taken: the sign for that is no part of its text. */
  readonly isAddress?: boolean;
  /** The pieces of a sum, a product or a part. */
  readonly terms?: Pieces;
}

/** One literal more than places: they alternate. */
export interface Pieces {
  readonly literals: readonly string[];
  readonly places: readonly Place[];
}

/** Pieces of a whole text. */
export interface TextPieces extends Pieces {
  /** Characters, where each word that is not the kernel's own has as many: what is done is the same whatever a spec calls things. */
  readonly size: number;
}

const WORD = 8;

/** The types of names, by name. */
export type Types = ReadonlyMap<string, string>;

const TOKENS = /[A-Za-z_]\w*|\d[\w.]*(?:(?<=e)[+-]\d+)?|[<>=!+\-*/]=|&&|\|\||<<|>>|[^\w\s]/g;

interface Token {
  readonly text: string;
  readonly from: number;
  /** The type of a name of the kernel, or of a whole number. */
  readonly type: string | undefined;
  readonly isName: boolean;
}

/** What an operand may follow, and what may follow it, where it is a whole one. */
const comparisons = ['<', '<=', '>', '>=', '==', '!=', '&&', '||'];
const before = new Set([...comparisons, '(', ',', '[', '=', ';', undefined]);
const behind = new Set([...comparisons, ')', ',', ']', ';', undefined]);
const parts = new Set(['x', 'y', 'z', 'w']);
const operators = new Set(['+', '-', '*']);

export function piecesOf(text: string, types: Types): TextPieces {
  const tokens = tokensOf(text, types);
  let size = text.length;
  const literals: string[] = [];
  const places: Place[] = [];
  let end = 0;
  const add = (place: Place, from: number): void => {
    literals.push(text.slice(end, place.isAddress ? from - 1 : from));
    places.push(place);
    end = from + place.text.length;
  };
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]!;
    if (token.type === undefined) {
      if (/^[A-Za-z_]/.test(token.text)) size += WORD - token.text.length;
      continue;
    }
    const last = lastOfSum(tokens, at);
    if (last > at) {
      add(placeOfTerms(text, tokens.slice(at, last + 1), 'i32'), token.from);
      at = last;
    } else if (token.type === 'vec4f' && isPart(tokens, at)) {
      add(placeOfTerms(text, tokens.slice(at, at + 3), 'f32'), token.from);
      at += 2;
    } else if (isAddress(tokens, at)) add({ ...atomPlace(token, 'write'), isAddress: true }, token.from);
    else add(atomPlace(token, roleOf(tokens, at)), token.from);
  }
  literals.push(text.slice(end));
  return { literals, places, size };
}

/** Literals with texts between them. */
export const assembled = (literals: readonly string[], texts: readonly string[]): string =>
  literals.map((literal, n) => (n < texts.length ? literal + texts[n]! : literal)).join('');

function tokensOf(text: string, types: Types): readonly Token[] {
  const tokens: Token[] = [];
  for (const { 0: word, index: from } of text.matchAll(TOKENS)) {
    const isMember = tokens.at(-1)?.text === '.';
    const named = isMember ? undefined : types.get(word);
    const type = named ?? (isNumber(word) ? 'i32' : undefined);
    tokens.push({ text: word, from, type, isName: named !== undefined });
  }
  return tokens;
}

/** The last token of a sum or product that begins at a token and is a whole operand; the token itself where there is none. */
function lastOfSum(tokens: readonly Token[], at: number): number {
  if (!before.has(tokens[at - 1]?.text)) return at;
  let last = at;
  while (operators.has(tokens[last + 1]?.text ?? '') && tokens[last + 2]?.type === 'i32') last += 2;
  return tokens[at]!.type === 'i32' && behind.has(tokens[last + 1]?.text) ? last : at;
}

/** Whether a vector's name is followed by one of its parts, which is read. */
const isPart = (tokens: readonly Token[], at: number): boolean =>
  tokens[at + 1]?.text === '.' && parts.has(tokens[at + 2]!.text) && tokens[at + 3]?.text !== '=';

function isAddress(tokens: readonly Token[], at: number): boolean {
  const [last, secondLast] = [tokens[at - 1]?.text, tokens[at - 2]?.text];
  return last === '&' && (secondLast === '(' || secondLast === ',');
}

function roleOf(tokens: readonly Token[], at: number): Place['role'] {
  return tokens[at - 1]?.text === 'var' ? 'declare' : 'read';
}

const atomPlace = ({ text, type, isName }: Token, role: Place['role']): Place => ({
  text,
  type: type!,
  names: isName ? [text] : [],
  role: isName ? role : 'read',
});

function placeOfTerms(text: string, tokens: readonly Token[], type: string): Place {
  const [start, end] = [tokens[0]!.from, tokens.at(-1)!.from + tokens.at(-1)!.text.length];
  const atoms = tokens.filter((token) => token.type !== undefined);
  const literals: string[] = [];
  let behindLast = start;
  for (const atom of atoms) {
    literals.push(text.slice(behindLast, atom.from));
    behindLast = atom.from + atom.text.length;
  }
  return {
    text: text.slice(start, end),
    type,
    names: atoms.flatMap(({ text: name, isName }) => (isName ? [name] : [])),
    role: 'read',
    terms: {
      literals: [...literals, text.slice(behindLast, end)],
      places: atoms.map((atom) => atomPlace(atom, 'read')),
    },
  };
}

/** A whole number in two parts: what is added up without numbers, and those. */
export function sumOf({ text, terms }: Place): { readonly base: string; readonly constant: number } {
  if (!terms) return isNumber(text) ? { base: '', constant: Number(text) } : { base: text, constant: 0 };
  let [base, constant] = ['', 0];
  for (const [n, { text: term }] of terms.places.entries()) {
    const operator = terms.literals[n]!;
    const isFactor = operator === ' * ' || terms.literals[n + 1] === ' * ';
    if (isNumber(term) && !isFactor) constant += operator === ' - ' ? -Number(term) : Number(term);
    else base += operator + term;
  }
  return { base, constant };
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);
