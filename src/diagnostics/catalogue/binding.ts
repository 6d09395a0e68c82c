// Diagnostics HD7xxx, the tensors that a call gives to a graph.
// Codes are stable: an entry may be reworded, never renumbered.
import { quoted } from '../printable.js';
import { entry } from './entry.js';

const gibibytes = (bytes: number): string => `${Number((bytes / 2 ** 30).toPrecision(2))} GiB`;

export const binding = {
  HD7001: entry<{ names: readonly string[]; given: readonly string[] }>({
    title: 'missing input',
    message: ({ names }) => `the inputs lack ${names.map((name) => `\`${name}\``).join(', ')}`,
    hint: ({ given }) =>
      given.length === 0
        ? 'give each tensor under its name'
        : `give each tensor under its name; there are ${given.join(', ')}`,
    explanation:
      'Every tensor that a spec reads is given by name: q, k, v and each param, tensor and integers of the spec.',
  }),
  HD7002: entry<{ name: string; shape: string; expected: string; why: string }>({
    title: 'misshapen input',
    message: ({ name, shape, expected, why }) => `\`${name}\` has shape ${shape}, but ${why}: expected ${expected}`,
    hint: ({ name }) => `reshape \`${name}\`, or change the settings of the spec with --set`,
    explanation:
      'Axes are given in the order of their declaration; sizes come from the settings, or agree between all tensors.',
  }),
  HD7003: entry<{ name: string; value: number; place: string }>({
    title: 'integer input with fractions',
    message: ({ name, value, place }) => `\`${name}\` holds integers, but has ${value} at ${place}`,
    hint: () => 'store whole numbers from −2^31 to 2^31 − 1, best as I32',
    explanation: 'Tensors declared with integers() are compared and used as indices: kernels hold them in 32 bits.',
  }),
  HD7032: entry<{ name: string; value: number; place: string; why: string; contents: string }>({
    title: 'input outside of its declaration',
    message: ({ name, value, place, why, contents }) =>
      `\`${name}\` is declared ${contents}, but its entry ${value} at ${place} ${why}`,
    hint: ({ name }) => `give other numbers, or change the declaration of \`${name}\` in the spec`,
    explanation:
      'Declarations may say what a tensor holds. Kernels rely on it: ranges of indices, and the masks that they decide, follow from it.',
  }),
  HD7005: entry<{ queries: number; keys: number; history: number; rows: number; needed: number }>({
    title: 'too few query rows for the history',
    message: ({ queries, rows, history, needed }) =>
      `${rows} rows of output need the last ${needed} rows of queries (history ${history}), but only ${queries} are given`,
    hint: ({ queries, history }) =>
      queries > history
        ? `pass more rows of queries, or ask for at most ${queries - history} rows of output`
        : 'pass more rows of queries: the spec reads scores of earlier rows',
    explanation:
      'A spec that reads scores or weights of earlier rows needs the queries of those rows: rows max(0, Tk − R − history) … Tk − 1, where there are fewer queries than keys.',
    example: { queries: 8, keys: 64, history: 5, rows: 4, needed: 9 },
  }),
  HD7006: entry<{ rows: string; queries: number }>({
    title: 'bad number of output rows',
    message: ({ rows, queries }) => `cannot give ${rows} rows of output from ${queries} rows of queries`,
    hint: ({ queries }) => `ask for a whole number of rows from 1 to ${queries}`,
    explanation: 'The output holds the last R of the Tq rows of queries.',
  }),
  HD7007: entry<{ axis: string }>({
    title: 'length that no input tells',
    message: ({ axis }) => `no input has ${axis}, so its length is unknown`,
    hint: ({ axis }) => `read a tensor with ${axis} in the spec: q, k, v or a tensor of your own`,
    explanation: 'Lengths are not settings: they are taken from the tensors of the call.',
  }),
  HD7008: entry<{ name: string; axis: number; shape: string }>({
    title: 'empty input',
    message: ({ name, axis, shape }) => `\`${name}\` has shape ${shape}: dimension ${axis} is 0`,
    hint: () => 'pass at least one batch entry, one row of queries and one key',
    explanation:
      'There is nothing to compute for an empty batch or sequence, and an empty tensor is usually a mistake upstream.',
  }),
  HD7009: entry<{ outputs: readonly string[]; suggestion?: { readonly given: string; readonly wanted: string } }>({
    title: 'no incoming gradient',
    message: ({ outputs }) => `the inputs hold no gradient of an output: none of ${outputs.join(', ')}`,
    hint: ({ outputs, suggestion }) =>
      `give ${outputs[0]}, in the shape of the output${suggestion ? `; is \`${suggestion.given}\` meant for ${suggestion.wanted}?` : ''}`,
    explanation:
      'The backward pass computes the gradients of Σ out · grad_out for each output whose gradient is given.',
  }),
  HD7012: entry<{ graph: string; shape: string; needed: number; free: number; isMatrix: boolean }>({
    title: 'call that takes more memory than there is',
    message: ({ graph, shape, needed, free }) =>
      `the interpreter would take ${gibibytes(needed)} for ${quoted(graph)} at ${shape}, and ${gibibytes(free)} are free`,
    hint: ({ isMatrix }) =>
      `lower the ${isMatrix ? 'lengths, the heads or the batch' : 'keys, the batch, the heads or their features'}`,
    example: { graph: 'causal', shape: '1×100000×100000', needed: 2 ** 40, free: 2 ** 34, isMatrix: true },
    explanation:
      'The interpreter keeps every value whole, in float64: scores take 8 bytes for each head, query and key. Nothing is ' +
      'computed before it is known to fit.',
  }),
  HD7011: entry<{ name: string; dtype: string; expected: 'floats' | 'integers' }>({
    title: 'input of the wrong type',
    message: ({ name, dtype, expected }) => `\`${name}\` holds ${expected}, but the file has it as ${dtype}`,
    hint: ({ expected }) =>
      `store it as ${expected === 'floats' ? 'F64, F32, F16 or BF16' : 'I32, or another integer'}`,
    explanation:
      'A tensor of the other type under the right name is most likely another tensor; its numbers are not converted.',
  }),
  HD7013: entry<{ graph: string }>({
    title: 'spec without gradients',
    message: ({ graph }) =>
      `${quoted(graph)} reads no tensor of floats, so that there is nothing to take a gradient of`,
    hint: () => 'read q, k, v, a param or a tensor in what the spec gives back, or leave the gradients out',
    explanation:
      'The backward pass gives a gradient for each input of floats that the outputs read; integers and indices have none.',
  }),
  HD7014: entry<{ name: string; outputs: readonly string[]; suggestion?: string | undefined }>({
    severity: 'warning',
    title: 'gradient of nothing',
    message: ({ name, outputs }) =>
      `\`${name}\` is the gradient of no output and is left out; the spec gives ${outputs.join(', ')}`,
    hint: ({ suggestion }) =>
      suggestion ? `rename it to ${suggestion}` : 'gradients are named grad_ and the name of an output',
    explanation:
      'An output whose gradient is not given counts as one that no loss depends on: under a wrong name a gradient would be lost.',
  }),
  HD7010: entry<{ name: string }>({
    title: 'input with the name of a gradient',
    message: ({ name }) => `the spec has an input called \`${name}\`, the name of an incoming gradient`,
    hint: () => 'rename the tensor in the spec',
    explanation: 'The backward pass takes grad_<output> for each output, beside the inputs of the spec.',
  }),
} as const;
