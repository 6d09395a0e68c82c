// What to do about the type errors that specs meet: TypeScript says what does not fit, the rules here say what was meant.
// The first rule whose pattern is found in the text applies; `once` marks a mistake that is said once, however often it is made.
export interface TypeErrorRule {
  readonly pattern: RegExp;
  readonly hint: string;
  /** Further errors of this rule are places of the first. */
  readonly once?: true;
}

const VECTORS =
  'q, k and v are read by dot(q, k) and weights.times(v) alone: rotation and norms are applied to q and k before the kernel, and what else a kernel reads comes in as a tensor()';
const ARITHMETIC =
  'operators work on single numbers: map(s, (x) => 2 * x) makes new scores, map(s, (x, h, i, j) => x + t(h, i, j)) adds others, weights.times(v) multiplies by the values; what is to be done to q, k and v is done before the kernel';
const METHODS =
  'operations are functions, softmax(s), map(s, (x) => 2 * x), fill(s, mask, 0); the one method is weights.times(v)';
const RESULT =
  'a body returns an output, weights.times(v), or outputs and rows by name, one of them out: { out, lse: logSumExp(s) }';

const rules: readonly TypeErrorRule[] = [
  {
    pattern: /type 'NeedsHeadDim'/i,
    hint: 'q, k and v exist where the configuration has a headDim: give one, or declare queries(), keys() and values()',
    once: true,
  },

  // Vectors where single numbers or scores belong.
  { pattern: /Type '[^']*\b(Queries|Keys|Values)' has no call signatures/, hint: VECTORS, once: true },
  { pattern: /to index type '(Queries|Keys|Values)'/, hint: VECTORS, once: true },
  {
    pattern: /expression of type '\w+' can't be used to index type|has no matching index signature/,
    hint: 'elements are read by calls: s(h, i, j), theta(h, u, w)',
    once: true,
  },
  {
    pattern: /does not exist on type '(Queries|Keys|Values)'/,
    hint: `${VECTORS}; of them are known heads, dim and length`,
    once: true,
  },
  {
    pattern:
      /type '(Queries|Keys|Values)' is not assignable to (parameter of )?type '(Scores \| Weights|Rows|Output|number')/i,
    hint: VECTORS,
    once: true,
  },
  {
    pattern: /type '(Queries|Keys|Values)' is not assignable to parameter of type 'Scores'/i,
    hint: 'scores come from dot(q, k): softmax(dot(q, k)), or softmax(scaledDot(q, k))',
  },
  {
    pattern: /type '(Queries|Keys|Values)' is not assignable to parameter of type '(Queries|Keys)'/i,
    hint: 'dot, and what calls it, takes queries and then keys: dot(q, k); further ones are declared by queries() and keys(), and keysAndValues() gives what serves as both',
  },
  {
    pattern: /type 'number \| readonly number\[\]'/,
    hint: 'extents are numbers that the configuration knows; over all keys sum softmax, logSumExp and weights.times(v)',
  },
  {
    pattern: /is not assignable to parameter of type '(Queries|Keys)'/,
    hint: 'dot, and what calls it, takes queries and then keys: dot(q, k); scores are combined by map(s, (x, h, i, j) => …)',
  },
  {
    pattern: /is not assignable to parameter of type 'Values'/,
    hint: 'times takes values: weights.times(v); further ones are declared by values() or keysAndValues()',
  },

  // Scores, weights and outputs in each other's place.
  {
    pattern: /'times' does not exist on type 'Scores'/,
    hint: 'weights alone multiply values: softmax(s).times(v), or weights((h, i, j) => s(h, i, j)).times(v) without a normaliser',
  },
  {
    pattern: /'times' does not exist on type '(Output|Rows)'/,
    hint: 'times belongs to weights; outputs are combined by map(out, (x, h, i, d) => x + other(h, i, d))',
  },
  { pattern: /does not exist on type '(Scores|Weights|Rows|Output)'/, hint: METHODS },
  {
    pattern: /type 'Weights' is not assignable to parameter of type 'Scores'/i,
    hint: 'these weights have been through a normaliser, which takes scores: combine weights with map() and weights(), and multiply them by times(v)',
  },
  {
    pattern: /is not assignable to type '(Result|Output \| Rows|Output)'|Property 'out' is missing in type/,
    hint: RESULT,
  },
  {
    pattern: /type '[^']*\b(Scores|Weights|Rows|Output)' is not assignable to (parameter of )?type 'number'/i,
    hint: 'single numbers are read by calls, s(h, i, j), and computed in arrows: map(s, (x) => Math.exp(x))',
  },
  {
    pattern: /^The (left|right)-hand side of an arithmetic operation|^Operator '.*' cannot be applied to types/,
    hint: ARITHMETIC,
    once: true,
  },
  {
    pattern: /type 'number' is not assignable to parameter of type '(Scores|Weights|Rows|Output)/,
    hint: ARITHMETIC,
    once: true,
  },
  {
    pattern: /type 'Output' is not assignable to parameter of type/,
    hint: 'an output is the end of a spec: it is returned, or changed by map(out, (x, h, i, d) => …)',
  },

  // Functions of elements.
  {
    pattern: /parameter of type '\(spec: .*Target signature provides too few arguments/s,
    hint: 'a body takes one argument, taken apart: ({ q, k, v, window }) => …',
  },
  {
    pattern: /Target signature provides too few arguments/,
    hint: 'map gives (x, h, i, j) on scores and weights, (x, h, i) on rows and (x, h, i, d) on outputs, scores() and weights() give (h, i, j), rows() gives (h, i); the batch index is never written',
  },
  {
    pattern:
      /type '(Head|Query|Key|Feature)' is not assignable to parameter of type '(Head|Query|Key|Position|Feature)'/,
    hint: 'an index belongs into the slot of its own axis: the order is h, i, j, the head, then the query, then the key',
  },
  {
    pattern: /to (parameter of )?type 'AnyMask'/,
    hint: 'a mask is an arrow that says what is visible: (i, j) => j <= i, or (h, i, j) => …',
  },
  { pattern: /^Type 'boolean' is not assignable to type 'number'/, hint: 'an element is a number: condition ? 1 : 0' },
  {
    pattern: /^Type 'number' is not assignable to type 'boolean'/,
    hint: 'a condition is asked for: m(i, j) > 0, x !== 0',
  },
  {
    pattern: /'SoftmaxOptions'/,
    hint: 'softmax and logSumExp are over the keys, and have one option: { sink }',
  },

  // Declarations.
  {
    pattern: /'Setting'/,
    hint: "a setting is a number, a truth value, an array of numbers, or one of several values: oneOf('both', 'left')",
  },
  {
    pattern: /to (parameter of )?type '[^']*"head" \| "query" \| "key"/,
    hint: "axes are an array of 'head', 'query', 'key', 'position' and numbers, as in ['head', 3]; 'batch' is for tensor() and integers(), as a parameter is the same for all entries",
  },
  {
    pattern: /^Module '"heddle"' has no exported member/,
    hint: 'masks, scaledDot, convolutions, biases and the like come from heddle/library; heddle itself has the language',
    once: true,
  },
  {
    pattern: /^Module '"heddle\/library"' has no exported member/,
    hint: 'attention, dot, softmax and the rest of the language come from heddle; what the library lacks is written as a function in the spec, and rotation is applied to q and k before the kernel',
    once: true,
  },
  {
    pattern: /does not exist on type '.*\bSettings</,
    hint: 'settings are declared with their defaults in the first argument of attention(): { heads: 8, headDim: 64, window: 128 }',
  },
  {
    pattern: /implicitly has an 'any' type/,
    hint: 'give its type: (s: Scores), (x: number), (h: Head, i: Query, j: Key), imported from heddle; where a function is handed over to map and the like, it follows from there',
    once: true,
  },
];

/** What to do about errors that no pattern tells apart. */
const hints: Readonly<Record<number, string>> = {
  2304: 'declare it, import it from heddle or heddle/library, or take it from the configuration',
  2307: 'specs import relative .ts files, heddle, heddle/library, and packages with the exports condition heddle-source',
  2322: 'give a value of the type that is asked for',
  2339: 'see what the language knows of this value: an editor lists it after the dot',
  2345: 'give a value of the type that is asked for',
  2554: 'scores and weights take (h, i, j), rows (h, i), outputs (h, i, d), tensors one index for each axis but the batch; fill() takes a value, a mask and what stands elsewhere, attention() takes settings and a body',
};

/** The rule for a text of TypeScript's. */
export const typeErrorRule = (text: string): TypeErrorRule | undefined =>
  rules.find(({ pattern }) => pattern.test(text));

export const typeErrorHint = (number: number, text: string): string =>
  typeErrorRule(text)?.hint ?? hints[number] ?? 'a spec is ordinary TypeScript: an editor shows the same error';
