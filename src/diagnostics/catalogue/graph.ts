// Diagnostics HD5xxx, score graphs built or read without the frontend.
// Codes are stable: an entry may be reworded, never renumbered.
import { NAME_RULE } from '../../names.js';
import { quoted } from '../printable.js';
import { entry } from './entry.js';

/** What every rule of the verifier says of its violation: the node, by kind, name and label. */
export interface AtNode {
  readonly node: string;
}

export const graph = {
  // ── Rules of the verifier ─────────────────────────────────────────────────────────────────────────

  HD5001: entry<AtNode & { variable: string; bound: readonly string[] }>({
    title: 'unbound index variable',
    message: ({ node, variable }) => `${node} uses \`${variable}\`, which nothing binds`,
    hint: ({ bound }) =>
      bound.length === 0 ? 'this node has no index variables' : `the variables here are ${bound.join(', ')}`,
    explanation:
      'An expression may use the index variables of its node, those it iterates over, and the counters of the sums around it.',
  }),
  HD5002: entry<AtNode & { part: string; expected: string; actual: string }>({
    title: 'wrong type',
    message: ({ node, part, expected, actual }) => `${node}: ${part} is ${actual}, not ${expected}`,
    hint: () => 'convert integers with toFloat; nothing is converted silently',
    explanation:
      'Expressions are integers, floats or truth values. Operands agree with the operation, and a node computes floats.',
  }),
  HD5003: entry<AtNode & { source: string; expected: number; actual: number }>({
    title: 'wrong number of indices',
    message: ({ node, source, expected, actual }) =>
      `${node} reads ${source} at ${actual} indices, but it has ${expected} axes`,
    hint: () => 'give one index for each axis of the domain, the batch included',
    explanation: 'Nothing is broadcast: a read names an element by one index for each axis.',
  }),
  HD5004: entry<AtNode & { source: string; slot: string; index: string }>({
    title: 'read of another batch entry',
    message: ({ node, source, index }) => `${node} reads ${source} at batch index ${index}`,
    hint: () => 'use the batch variable itself',
    explanation: 'Batch entries never see each other: kernels compute each on its own.',
  }),
  HD5005: entry<AtNode & { source: string; slot: string; index: string }>({
    title: 'index that does not follow its own axis',
    message: ({ node, source, slot, index }) => `${node} reads ${source} at ${slot} index ${index}`,
    hint: ({ slot }) => `write the ${slot} variable plus constants and counters`,
    explanation:
      'Rows and keys are read at bounded offsets from the own one: no diagonals, no strides, no offsets that depend on data.',
  }),
  HD5006: entry<AtNode & { source: string; slot: string; index: string }>({
    title: 'unbounded index',
    message: ({ node, source, slot, index }) => `${node} reads ${source} at ${slot} index ${index}, which has no bound`,
    hint: ({ slot }) =>
      `make the ${slot} index of constants, counters and variables of known extent, or take it modulo a constant`,
    explanation: 'Heads and features are read at places whose range is known when a kernel is made.',
  }),
  HD5007: entry<AtNode & { what: string }>({
    title: 'mask that is no predicate of positions',
    message: ({ node, what }) => `the mask of ${node} reads ${what}`,
    hint: () => 'let the mask depend on b, h, i and j, and on tensors at them; what depends on scores is a map',
    explanation: 'Masks decide which tiles are visited before any score is known.',
  }),
  HD5008: entry<AtNode & { operand: string; expected: string; actual: string }>({
    title: 'operand of the wrong domain',
    message: ({ node, operand, expected, actual }) => `${node}: ${operand} is over ${actual}, not over ${expected}`,
    hint: () => 'axes come in the order batch, head, then query or key, then feature',
    explanation:
      'A product takes rows of features, and scores where it contracts; a fill keeps the domain of its value.',
  }),
  HD5009: entry<AtNode & { fewer: number; heads: number }>({
    title: 'heads that do not divide',
    message: ({ node, fewer, heads }) => `${node} shares ${fewer} heads among ${heads}`,
    hint: () => 'give a number of key and value heads that divides the number of heads',
    explanation: 'Head h reads key/value head floor(h / (H / Hkv)), so that the groups must be equal.',
  }),
  HD5010: entry<AtNode & { variable: string; why: string }>({
    title: 'bad iteration variable',
    message: ({ node, variable, why }) => `${node} iterates over \`${variable}\`, which ${why}`,
    hint: () => 'give each axis that is iterated over a variable of its own',
    explanation: 'What a node runs over is not part of its domain, and every variable means one thing.',
  }),
  HD5011: entry<{ name: string; why: string }>({
    title: 'bad name of a graph, setting, tensor or output',
    message: ({ name, why }) => `the name ${quoted(name)} ${why}`,
    hint: () => `give each input and each output a name of its own: ${NAME_RULE}`,
    explanation:
      'Callers find inputs and outputs by their names, which stand in emitted programs and in names of files.',
  }),
  HD5012: entry<AtNode>({
    title: 'tensor that is no input',
    message: ({ node }) => `${node} is read, but it is not among the inputs of the graph`,
    hint: () => 'list every tensor in the inputs, in the order in which a caller gives them',
    explanation: 'The inputs are the signature of every kernel that is made from the graph.',
  }),
  HD5013: entry<AtNode>({
    title: 'counters without their canonical names',
    message: ({ node }) => `${node} has counters that are not named by their height`,
    hint: () => 'make nodes with the constructors, which name counters c0, c1, … from the innermost sum outwards',
    explanation: 'With canonical names equal expressions are equal wherever they stand, and the text form is stable.',
  }),
  HD5020: entry<AtNode & { text: string; low: number; high: number }>({
    title: 'graph with integers beyond 32 bits',
    message: ({ node, text, low, high }) => `${node} computes ${text}, which may be any integer from ${low} to ${high}`,
    hint: () => 'bound what it is made of by minimum, maximum or remainder, or use smaller factors',
    explanation: 'Kernels have integers of 32 bits; the rule is that of HD1081.',
  }),
  HD5014: entry<AtNode & { type: string; value: string }>({
    title: 'constant that is no value of its type',
    message: ({ node, type, value }) => `${node} has the ${type} constant ${value}`,
    hint: () => 'integers are whole and exact, truth values are 0 and 1, floats fit float32, and no constant is NaN',
    explanation: 'A constant that no kernel can hold would change its value on the way to one.',
  }),
  HD5015: entry<AtNode & { domain: string; why: string }>({
    title: 'bad domain',
    message: ({ node, domain, why }) => `${node} is over ${domain}: ${why}`,
    hint: () => 'sizes are whole numbers from 1; at most one batch, query and key axis each',
    explanation: 'Positions are absolute and heads and features are known when a kernel is made.',
  }),
  HD5016: entry<AtNode & { why: string }>({
    title: 'bad tensor',
    message: ({ node, why }) => `${node} ${why}`,
    hint: () => 'tensors in the role of integers hold integers, all others floats',
    explanation: 'The role of a tensor says what it is to the caller, and decides how kernels hold it.',
  }),
  HD5017: entry<AtNode & { operation: string; divisor: string }>({
    title: 'bad integer divisor',
    message: ({ node, operation, divisor }) => `${node}: ${operation} by ${divisor}`,
    hint: () => 'divide integers by positive constants, and take remainders by what cannot be 0',
    explanation: 'Exact integer division is defined for positive constants; targets do not agree on anything else.',
  }),
  HD5018: entry<AtNode & { what: string }>({
    title: 'bad accumulation',
    message: ({ node, what }) => `${node} ${what}`,
    hint: () => 'extents are whole numbers from 0, and counters have names of their own',
    explanation: 'Sums and maxima run over a box of counters that is known when a kernel is made.',
  }),
  HD5019: entry<{ what: string }>({
    title: 'bad graph',
    message: ({ what }) => what,
    hint: () => 'name at least one output; a history is a whole number of rows',
    explanation:
      'A graph is what its outputs are, and its history is the number of rows that callers must give besides.',
  }),

  // ── The text form ─────────────────────────────────────────────────────────────────────────────────

  HD5030: entry<{ line: number; column: number; expected: string; found: string }>({
    title: 'score graph text that does not parse',
    message: ({ line, column, expected, found }) =>
      `line ${line}, column ${column}: expected ${expected}, found ${found}`,
    hint: () => 'the grammar is in docs/score-graph.md',
    explanation: 'The text form of a score graph is read exactly as it is printed.',
  }),
  HD5031: entry<{ line: number; column: number; what: string; name: string }>({
    title: 'unknown name in a score graph',
    message: ({ line, column, what, name }) => `line ${line}, column ${column}: there is no ${what} \`${name}\``,
    hint: () => 'nodes and shared parts are named before they are used',
    explanation: 'Each statement reads only what stands above it, so that a graph has no cycles.',
  }),
  HD5032: entry<{ line: number; column: number; what: string }>({
    title: 'meaningless score graph text',
    message: ({ line, column, what }) => `line ${line}, column ${column}: ${what}`,
    hint: () => 'compare with what `heddle explain` prints for a similar spec',
    explanation: 'Types, sizes and limits are checked where they stand, so that the message can point at the place.',
  }),

  // ── The JSON form ─────────────────────────────────────────────────────────────────────────────────

  HD5040: entry<{ path: string; expected: string; found: string }>({
    title: 'score graph JSON of the wrong shape',
    message: ({ path, expected, found }) => `${path}: expected ${expected}, found ${found}`,
    hint: () => 'the format is described in docs/score-graph.md and src/ir/graph.schema.json',
    explanation: 'A graph that another program made is checked in full before anything is compiled from it.',
  }),
  HD5041: entry<{ format: string }>({
    title: 'unknown score graph format',
    message: ({ format }) => `the document has format ${format}`,
    hint: () => 'this version reads "heddle-graph/1"',
    explanation: 'The format is versioned so that an old compiler does not misread a new graph.',
  }),
} as const;
