// Diagnostics HD1xxx, what a spec may say.
// Codes are stable: an entry may be reworded, never renumbered.
import { NAME_RULE } from '../../names.js';
import { printable, quoted } from '../printable.js';
import { entry } from './entry.js';
import { OVER_KEYS, type PositionDetails, positionHint } from './positions.js';
import { typeErrorHint } from './type-errors.js';

const indexRule = 'what a kernel reads around an element must be the same for every element, so that it fits on chip';
const roundedIndexHints = {
  scores:
    'which entry is read cannot depend on scores, as the gates of CoPE do, yet: compute it from indices and the configuration, or outside, and pass it in as integers()',
  tensors: 'compute it outside and pass it in as integers()',
  length: 'compute it from indices and the configuration, or outside, and pass it in as integers()',
} as const;
const phases = 'a spec has two phases: the graph is built outside of element functions, elements are read inside';

export const language = {
  HD1001: entry<{ number: number; text: string; again: { count: number; places: readonly string[] } }>({
    title: 'type error',
    message: ({ number, text, again: { count, places } }) =>
      `${printable(text)} (TypeScript ${number})${count === 0 ? '' : `, and at ${count} more place${count === 1 ? '' : 's'}: ${places.join(', ')}${count > places.length ? ', …' : ''}`}`,
    hint: ({ number, text }) => typeErrorHint(number, text),
    explanation:
      'A spec must type-check, in strict mode, before it is read. The types of `heddle` tell heads, queries and keys apart, and scores from weights.',
    example: { number: 2349, text: "Type 'Queries' has no call signatures", again: { count: 1, places: ['5:63'] } },
  }),
  HD1002: entry<{ construct: string }>({
    title: 'construct outside the language',
    message: ({ construct }) => `${printable(construct)} is not part of the language of specs`,
    hint: () => 'write it with const, functions, conditions, bounded loops and the functions of heddle',
    explanation:
      'A spec is read and never run. It uses the part of TypeScript whose meaning is a value: no classes, exceptions, promises or generators.',
  }),
  HD1003: entry<{ construct: string }>({
    title: 'statement at the top level of a module',
    message: ({ construct }) => `${printable(construct)} stands at the top level of a module`,
    hint: () => 'a module of a spec holds imports, exports, types, const declarations and functions',
    explanation:
      'Compiling a spec executes nothing of it, so a statement that exists for its effect would be ignored in silence.',
  }),
  HD1004: entry<{ name: string }>({
    title: 'recursion',
    message: ({ name }) => `${printable(name)} calls itself`,
    hint: () => 'write it as a loop with constant bounds, or as sum() or max()',
    explanation: 'Functions are inlined where they are called. A function that calls itself has no end to that.',
  }),
  HD1005: entry<{ limit: number; what: 'iterations' | 'elements' | 'characters' }>({
    title: 'loop, array or string too long',
    message: ({ limit, what }) => `this takes more than ${limit} ${what}`,
    hint: () => 'use sum() or max(), which are not unrolled, or a smaller bound',
    explanation:
      'Loops are unrolled when the graph is made. The limit keeps a mistaken bound from taking minutes and gigabytes.',
  }),
  HD1006: entry<{ limit: number }>({
    title: 'calls nested too deeply',
    message: ({ limit }) => `calls or expressions are nested more deeply than ${limit} levels`,
    hint: () => 'name a part of it and call fewer functions inside functions',
    explanation: 'Functions are inlined where they are called; the limit stops definitions that never come to an end.',
  }),
  HD1007: entry<{ limit: number }>({
    title: 'too much work',
    message: ({ limit }) => `this configuration takes more than ${limit} steps to lower`,
    hint: () => 'use sum() or max(), which are not unrolled, in place of nested loops',
    explanation: 'The limit stops a spec whose loops multiply before it exhausts the memory of the machine.',
  }),
  HD1008: entry<{ name: string }>({
    title: 'assignment in an element function',
    message: ({ name }) => `${printable(name)} is assigned to inside an element function`,
    hint: () => 'use const, a ternary, or sum() in place of a running total',
    explanation:
      'An element function says what one element is; it has no order of events. `let` is for the order of the operations that build the graph.',
  }),
  HD1009: entry<{ text: string }>({
    title: 'condition that is not constant',
    message: ({ text }) => `only a kernel knows ${printable(text)}, and this if decides how the graph is built`,
    hint: () => 'use a condition on the configuration, or a ternary where both values are wanted',
    explanation: `An if outside of element functions chooses what the graph is: ${phases}.`,
  }),
  HD1010: entry<{ what: string; found: string; isOverPositions?: boolean }>({
    title: 'constant expected',
    message: ({ what, found }) => `${printable(what)} must be a constant, not ${printable(found)}`,
    hint: ({ isOverPositions = false }) => (isOverPositions ? OVER_KEYS : 'derive it from the configuration'),
    explanation:
      'Names, extents, dimensions and bounds of loops shape the graph and its kernels, so they are known when it is made.',
    example: { what: 'the extent of sum()', found: 'an integer that only the kernel knows' },
  }),
  HD1011: entry<{ name: string }>({
    title: 'graph function in an element function',
    message: ({ name }) => `${name}() is called inside an element function`,
    hint: ({ name }) => `call ${name}() before, and read its result here by its indices`,
    explanation: `Graph functions make whole values, element functions single elements: ${phases}.`,
  }),
  HD1012: entry<{ what: string }>({
    title: 'element read outside of an element function',
    message: ({ what }) => `an element of ${printable(what)} is read outside of an element function`,
    hint: () => 'read it in a function given to map, scores, weights or rows; only tensors of extents are read outside',
    explanation: `Outside there are no positions to read at: ${phases}.`,
  }),
  HD1013: entry<PositionDetails>({
    title: 'query index',
    message: ({ what, text }) =>
      `the query index of ${printable(what)} is ${printable(text)}, which is not i plus a constant`,
    hint: (details) => positionHint('query', details),
    explanation: `A query slot takes i plus a bounded constant: ${indexRule}.`,
    example: { what: 'scores', text: '2 * i', fault: 'moved', index: 'i', isTensor: false },
  }),
  HD1014: entry<PositionDetails>({
    title: 'key index',
    message: ({ what, text }) =>
      `the key index of ${printable(what)} is ${printable(text)}, which is not j plus a constant`,
    hint: (details) => positionHint('key', details),
    explanation: `A key slot takes j plus a bounded constant: ${indexRule}.`,
    example: { what: 'scores', text: 'p(i)', fault: 'data', index: 'j', isTensor: false },
  }),
  HD1015: entry<{ slot: 'head' | 'feature'; what: string; text: string }>({
    title: 'head or feature index',
    message: ({ slot, what, text }) =>
      `the ${slot} index of ${printable(what)} is ${printable(text)}, which has no bounds that are known in advance`,
    hint: () => 'use h, d, counters of sum() and constants; i and j only within a remainder, minimum or maximum',
    explanation: `Slots of heads and features take bounded integer expressions that read no input: ${indexRule}.`,
  }),
  HD1016: entry<{ text: string; found: string }>({
    title: 'index that is not an integer',
    message: ({ text, found }) => `${printable(text)} is an index, and is ${printable(found)}`,
    hint: () => 'make it whole with Math.floor, Math.round or Math.trunc',
    explanation:
      'An index is an integer. `/` never truncates, so a quotient is one only through Math.floor and its kind.',
  }),
  HD1017: entry<{ text: string; decidedBy: 'scores' | 'tensors' | 'length' }>({
    title: 'index computed from inputs',
    message: ({ text }) => `the rounded index ${printable(text)} depends on inputs or on the length of the call`,
    hint: ({ decidedBy }) => roundedIndexHints[decidedBy],
    explanation:
      'An index that is rounded from a float is tabulated in float64 when the graph is made, so that every target reads the same element. That needs all of its ingredients.',
    example: { text: 'Math.floor(gate(i) * 8)', decidedBy: 'tensors' },
  }),
  HD1018: entry<{ name: string; stands: string; means: string }>({
    title: 'misleading parameter name',
    message: ({ name, stands, means }) => `the parameter ${name} stands for ${stands}, and ${name} means ${means}`,
    hint: () =>
      'parameters come in the order h, i, j or h, i, d, in a mask i, j or h, i, j; write _ for one that is not used',
    explanation:
      'Indices are numbers, so an exchanged pair of parameters type-checks. The names h, i, j and d are kept for head, query, key and feature, and the batch index b is never written.',
  }),
  HD1019: entry<{ what: string }>({
    title: 'scores that read weights',
    message: ({ what }) => `scores read ${printable(what)}, which come after a normaliser`,
    hint: () => 'combine weights with weights(), or with map() on weights',
    explanation:
      'Scores come before the normaliser and weights after it. Scores that depend on weights would be a second attention inside the first.',
  }),
  HD1020: entry<{ what: string }>({
    title: 'mask that reads values of the graph',
    message: ({ what }) => `a mask reads ${printable(what)}`,
    hint: () =>
      'a mask is a predicate of h, i, j and tensors; use map(s, (x) => condition ? x : -Infinity) for the rest',
    explanation: 'Masks decide which tiles are visited at all, before any score has been computed.',
  }),
  HD1021: entry<{ own: 'head' | 'row'; name: 'h' | 'i'; text: string }>({
    title: 'output read at another place',
    message: ({ own, text }) => `an output is read at ${printable(text)}, which is not its own ${own}`,
    hint: ({ name }) => `write ${name} there; any feature of the own row and head may be read`,
    explanation: 'Output rows of other heads and positions belong to other blocks of the kernel.',
  }),
  HD1022: entry<{ what: string; reason: string }>({
    title: '−Infinity in arithmetic',
    message: ({ what, reason }) => `−Infinity in ${printable(what)} ${reason}`,
    hint: () =>
      'fill with −Infinity last, right before the normaliser or a function that is finite there, and with 0 before a convolution',
    explanation:
      '−Infinity hides a key. It may reach a normaliser through fills, selects, minima, maxima and additions of finite numbers, and end in a function that is finite there (exp, tanh, max(x, 0), a sigmoid); products, sums and comparisons would give NaN, or might.',
  }),
  HD1023: entry<{ value: number }>({
    title: 'constant that is not finite',
    message: ({ value }) => `this constant is ${value}`,
    hint: () => 'use finite numbers; −Infinity alone may hide a key',
    explanation:
      'Kernels compute with finite numbers. NaN and Infinity in a spec come from a division by 0 or a wrong sign.',
  }),
  HD1024: entry<{ name: string; first: string; second: string }>({
    title: 'input declared twice',
    message: ({ name, first, second }) =>
      first === second
        ? `${quoted(name)} is declared twice with different start values`
        : `${quoted(name)} is declared as ${printable(second)} and was ${printable(first)}`,
    hint: () => 'give them different names, or declare the input once and pass it on',
    explanation: 'A name stands for one input of the kernel. The same declaration twice is one input.',
  }),
  HD1025: entry<{ heads: number; sharedHeads: number; sharedName: string }>({
    title: 'heads that cannot be shared',
    message: ({ heads, sharedHeads, sharedName }) =>
      `${heads} heads cannot share the ${sharedHeads} heads of ${sharedName}`,
    hint: () => 'the heads of keys and values must divide those of the queries',
    explanation: 'Query head h reads key and value head floor(h / (heads / kvHeads)): groups are of equal size.',
  }),
  HD1026: entry<{ queries: string; keys: string; first: number; second: number }>({
    title: 'dimensions that differ',
    message: ({ queries, keys, first, second }) => `${queries} has ${first} features and ${keys} has ${second}`,
    hint: () => 'give both the same dim',
    explanation: 'A dot product is over vectors of one dimension.',
  }),
  HD1027: entry<{ what: string; size: number; least: number; most: number }>({
    title: 'size out of range',
    message: ({ what, size, least, most }) =>
      `${printable(what)} is ${size}, which is not a whole number from ${least} to ${most}`,
    hint: () => 'check the settings that it is computed from',
    explanation:
      'Extents, dimensions and numbers of heads are whole numbers: at most 1024 heads, 65,536 features, and 2^31 − 1 ' +
      'entries along any other axis.',
  }),
  HD1028: entry<{ name: string }>({
    title: 'dimension unknown',
    message: ({ name }) => `${quoted(name)} has no dimension`,
    hint: () => 'give headDim in the configuration, or dim in the declaration',
    explanation:
      'Inputs take their shape from the settings heads, kvHeads, headDim and valueDim unless they give their own.',
  }),
  HD1029: entry<{ input: string; heads: number }>({
    title: 'number of heads unclear',
    message: ({ input, heads }) => `this has one head, as there is no setting heads, and ${input} has ${heads}`,
    hint: () => 'give heads in the configuration',
    explanation: 'A head axis has as many entries as the setting heads says; without it a spec has one head.',
  }),
  HD1031: entry<{ text: string }>({
    title: 'number as a truth value',
    message: ({ text }) => `${printable(text)} is a number where a truth value is needed`,
    hint: () => 'compare it: x !== 0, x > 0',
    explanation: 'JavaScript takes 0 and NaN for false. A kernel asks for the comparison that is meant.',
  }),
  HD1032: entry<Record<never, never>>({
    title: 'if without returns',
    message: () => 'an arm of this if does not return a value',
    hint: () => 'return from its arms, or use a ternary',
    explanation:
      'Inside element functions an if chooses between values. Only the kernel knows its condition, so an arm cannot do anything but return.',
  }),
  HD1033: entry<{ expected: string; found: string }>({
    title: 'value of another kind expected',
    message: ({ expected, found }) => `${printable(expected)} is expected here, not ${printable(found)}`,
    hint: () => 'check where the value comes from: a cast or a generic may have hidden its type',
    explanation: 'Type assertions can tell the type checker something that is not so.',
  }),
  HD1035: entry<{ name: string }>({
    title: 'name of a global',
    message: ({ name }) => `${name} is declared here, and is a global`,
    hint: () => 'choose another name',
    explanation: 'Math.max and Infinity mean the same wherever they stand in a spec.',
  }),
  HD1036: entry<{ text: string }>({
    title: 'assignment to a value',
    message: ({ text }) => `${printable(text)} cannot be assigned to`,
    hint: () => 'make a new array or object: [...list, x], { ...options, name: x }',
    explanation: 'Arrays, objects and parameters are values. Only variables declared by let change.',
  }),
  HD1037: entry<{ name: string }>({
    title: 'name without a meaning',
    message: ({ name }) => `${printable(name)} has no meaning in a spec`,
    hint: () =>
      'import it from a TypeScript source; of the globals there are Math, Number, Array, Object, String and Boolean',
    explanation:
      'Functions are read from their TypeScript source. A declaration file has none; a package offers it through the exports condition heddle-source.',
  }),
  HD1038: entry<{ what: string }>({
    title: 'start value that reads inputs',
    message: ({ what }) => `a start value reads ${printable(what)}`,
    hint: () => 'compute start values from indices and the configuration',
    explanation: 'Parameters are initialised before any kernel runs.',
  }),
  HD1039: entry<{ text: string; found: string }>({
    title: 'bit operator on a float',
    message: ({ text, found }) => `${printable(text)} works on bits of integers, not on ${printable(found)}`,
    hint: () => 'use Math.trunc, Math.floor or arithmetic',
    explanation: 'Bit operators take integers that are known to be integers, and no unsigned shifts.',
  }),
  HD1040: entry<{ name: string }>({
    title: 'name of an input or output',
    message: ({ name }) => `${quoted(name)} cannot name an input or an output`,
    hint: () => `use ${NAME_RULE}`,
    explanation: 'Names of inputs and outputs appear in kernels, launchers and state dicts, and as keys of objects.',
  }),
  HD1041: entry<{ name: string; axis: string }>({
    title: 'parameter without a fixed shape',
    message: ({ name, axis }) => `the parameter ${quoted(name)} has the axis ${axis}, whose extent only a call knows`,
    hint: () => 'give the extent as a number, or declare a tensor()',
    explanation: 'A parameter has a place in the state dict, and so a shape that does not change from call to call.',
  }),
  HD1042: entry<{ name: string }>({
    title: 'graph function outside of a spec',
    message: ({ name }) => `${name}() is called outside of the body of a spec`,
    hint: ({ name }) => `call ${name}() in the function given to attention(), or in a function that it calls`,
    explanation: 'Values of the graph belong to one spec and one configuration.',
  }),
  HD1043: entry<{ name: string }>({
    title: 'output named like an input',
    message: ({ name }) => `${quoted(name)} names an output and an input`,
    hint: () => 'rename one of them',
    explanation: 'Inputs and outputs are bound by name in one call.',
  }),
  HD1044: entry<{ name: string }>({
    title: 'function that kernels lack',
    message: ({ name }) => `${printable(name)} cannot be computed in a kernel`,
    hint: () => 'use other functions of Math; random numbers come in as a tensor()',
    explanation: 'A kernel gives the same result for the same inputs, on every target.',
  }),
  HD1045: entry<{ found: string }>({
    title: 'choice between values that are not numbers',
    message: ({ found }) => `only the kernel knows this condition, and it chooses ${printable(found)}`,
    hint: () => 'choose between numbers or truth values, or make the condition constant',
    explanation:
      'Functions, objects and graph values exist while the graph is built; a kernel chooses between numbers.',
  }),
  HD1046: entry<{ name: string; axis: string }>({
    title: 'axis given twice',
    message: ({ name, axis }) => `${quoted(name)} has the axis ${axis} more than once`,
    hint: () => 'each axis of the call comes once; give further ones as numbers',
    explanation: 'The batch, query and key axes of a tensor are those of the call: there is one of each.',
  }),
  HD1047: entry<PositionDetails>({
    title: 'position index',
    message: ({ what, text }) =>
      `the position index of ${printable(what)} is ${printable(text)}, which is neither i nor j plus a constant`,
    hint: (details) => positionHint('position', details),
    explanation: `A position slot takes a query or a key position plus a bounded constant: ${indexRule}.`,
    example: { what: 'the tensor bias', text: 'i - j', fault: 'moved', index: 'i or j', isTensor: true },
  }),
  HD1048: entry<{ name: string }>({
    title: 'spec inside a spec',
    message: ({ name }) => `${name}() is called inside the body of a spec`,
    hint: () => 'share functions between specs, and export each spec at the top level',
    explanation: 'A spec is one kernel with its own settings. It does not contain another.',
  }),
  HD1049: entry<{ name: string }>({
    title: 'value used before it is known',
    message: ({ name }) => `${printable(name)} is used before it has a value`,
    hint: () => 'move its declaration up, or break the circle of declarations',
    explanation: 'JavaScript would throw here; the types cannot always see it.',
  }),
  HD1052: entry<{ name: string; why: string }>({
    title: 'contents of a tensor',
    message: ({ name, why }) => `what ${quoted(name)} may hold cannot be said so: ${printable(why)}`,
    hint: () =>
      "write { between: [least, greatest] } for floats; { from, below } or { from, upTo } for integers, each a whole number or 'batch', 'head', 'query', 'key', 'position'; and increasing: true",
    explanation:
      'Declarations say what calls may give. Ends are known when the graph is made, or are lengths of the call; both stand in the graph.',
  }),
  HD1050: entry<{ name: string; found: string }>({
    title: 'member that does not exist',
    message: ({ name, found }) => `${printable(found)} has no ${printable(name)} in the language of specs`,
    hint: () =>
      'methods that change arrays or depend on the machine are left out; map, filter and reduce make new ones',
    explanation: 'Values of a spec are immutable, and everything about them is known when the graph is made.',
  }),
} as const;
