// Diagnostics HD1xxx of what a spec may say and cannot have: sums and expressions without end, numbers that kernels do not hold, masks of
// other arguments, and indices that name no place. Codes are stable: an entry may be reworded, never renumbered.
import { printable } from '../printable.js';
import { entry } from './entry.js';

export const languageLimits = {
  HD1082: entry<{ terms: number; most: number }>({
    title: 'sum without end',
    message: ({ terms, most }) => `this runs over ${terms} terms for each element, and at most ${most} are computed`,
    hint: () => 'lower the extents, or give what does not change between calls as a parameter or a tensor',
    explanation:
      'A sum or a maximum is computed term by term for each element that reads it. One of more terms than a matrix of ' +
      '4096 × 4096 has entries would keep every device busy for hours, and looks like a program that hangs.',
  }),
  HD1081: entry<{ text: string; low: number; high: number }>({
    title: 'integers beyond 32 bits',
    message: ({ text, low, high }) => `${printable(text)} may be any integer from ${low} to ${high}`,
    hint: () =>
      'bound what it is made of with Math.min, Math.max or %, declare what its entries are below, or use smaller factors',
    explanation:
      'Kernels have integers of 32 bits, entries of tables are any of them, and positions are below 2^22. Sums and products may leave them as far as 2^50: what does is larger, or smaller, than all others, so that a read there is 0. Beyond, and where what has left them is divided or summed over counters, it would be wrong silently.',
  }),
  HD1080: entry<{ value: number }>({
    title: 'constant that float32 cannot hold',
    message: ({ value }) => `float32 cannot hold the constant ${value}`,
    hint: ({ value }) =>
      Math.abs(value) > 1
        ? 'use at most 3.4e38 in size; −Infinity hides a key'
        : 'use at least 1.2e-38 in size, or scale what it is combined with',
    explanation:
      'Kernels compute elements in float32 whatever the dtype of their tensors, where a larger constant is infinite and a smaller one 0. Constants that only meet other constants are JavaScript doubles, and may be anything.',
  }),
  HD1061: entry<{ most: number }>({
    title: 'expression without end',
    message: ({ most }) => `this element function makes an expression of more than ${most} levels`,
    hint: () => 'sum terms by sum(extent, term) in place of a loop, or name parts of it as maps of their own',
    explanation:
      'Loops and calls inside element functions are written out. The bound keeps every walk over an expression within the ' +
      'stack of a JavaScript engine.',
  }),
  HD1060: entry<{ what: string; size: number }>({
    title: 'spread of start values out of range',
    message: ({ what, size }) => `${printable(what)} is ${size}, which is no finite number from 0 on`,
    hint: () => 'give a positive number, or 0 for a start value of 0',
    explanation: 'Start values are drawn from a law with a finite spread.',
  }),
  HD1070: entry<{ taken: string; isOfHeads: boolean }>({
    title: 'mask of other arguments',
    message: ({ taken }) => `a mask takes (i, j) or (h, i, j), and this one takes (${printable(taken)})`,
    hint: ({ isOfHeads }) =>
      isOfHeads
        ? 'annotate it as HeadMask: Mask is the type of masks of (i, j)'
        : 'write (h, i, j): the head first, then the query and the key, which others call q_idx and kv_idx; the batch index is never written',
    explanation:
      'A mask of two parameters is the same for all heads, one of three is one for each head. The indices of a batch entry are left out everywhere.',
    example: { taken: 'b, h, q_idx, kv_idx', isOfHeads: false },
  }),
  HD1071: entry<{ text: string }>({
    title: 'index of an array that nothing bounds',
    message: ({ text }) =>
      `nothing bounds the index in ${printable(text)}, and the array has a known number of elements`,
    hint: () =>
      "read an array at a head, a counter or a number between constants; what each position has of its own is a tensor('name', ['position'])",
    explanation:
      'An array of the configuration becomes a choice between its elements, so the index must be one of a few whole numbers.',
  }),
  HD1072: entry<{ text: string; low: number; high: number; extent: number }>({
    title: 'array read where it has no element',
    message: ({ text, low, high, extent }) =>
      `the index in ${printable(text)} is ${low === high ? low : `${low} … ${high}`}, and the array has ${extent} elements`,
    hint: ({ extent }) => `its elements are 0 … ${extent - 1}: give it one for each head, or change the index`,
    explanation: 'No value of the index names an element.',
    example: { text: 'window[h + 4]', low: 4, high: 7, extent: 4 },
  }),
  HD1073: entry<{ text: string; low: number; high: number; what: string; extent: number; exists: string }>({
    title: 'read of what does not exist',
    severity: 'warning',
    message: ({ text, low, high, what, extent, exists }) =>
      `${printable(text)} is ${low === high ? low : `${low} … ${high}`}, and ${printable(what)} ${extent === 1 ? 'is 0 alone' : `are 0 … ${extent - 1}`}: it exists for ${printable(exists)}, and is 0 elsewhere`,
    hint: () => 'change the index or the extent; where the 0 is meant, say so: condition ? read : 0',
    explanation:
      'A read outside of a value is 0, as a neighbour beyond an edge is. An index that leaves its axis in another way than by an offset, or mostly, is seldom meant.',
    example: {
      text: '3 * h - 1',
      low: -1,
      high: 8,
      what: 'the heads of weights',
      extent: 4,
      exists: 'h = 1 of 0 … 3 alone',
    },
  }),
  HD1074: entry<{ text: string; head: string; position: string }>({
    title: 'head compared with a position',
    severity: 'warning',
    message: ({ text, head, position }) =>
      `${printable(text)} compares ${printable(head)}, a head, with ${printable(position)}, a position`,
    hint: () => 'the order of parameters is h, i, j: the head comes first, then the query and the key',
    explanation:
      'Heads and positions are numbered from 0 alike, and a comparison of the two is nearly always an exchange.',
  }),
  HD1075: entry<{ text: string; what: string }>({
    title: 'position used as a head',
    severity: 'warning',
    message: ({ text, what }) => `${printable(text)} is a position and stands where ${printable(what)} has its head`,
    hint: () => 'the order of indices is h, i, j: the head comes first, then the query and the key',
    explanation: 'Heads and positions are numbered from 0 alike, so that an exchange gives numbers without an error.',
  }),
  HD1076: entry<{ what: string; heads: number; read: string }>({
    title: 'heads that nobody reads',
    severity: 'warning',
    message: ({ what, heads, read }) =>
      `of the ${heads} heads of ${printable(what)} only ${printable(read)} ${read.includes(' ') ? 'are' : 'is'} read`,
    hint: () => 'give both sides the same number of heads, or read the others too',
    explanation: 'Heads that nothing reads have no effect: a count of heads is often the wrong one.',
  }),
} as const;
