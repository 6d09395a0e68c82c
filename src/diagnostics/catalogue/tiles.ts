// Diagnostics HD8xxx, tile programs that a schedule or a person made: the rules of their verifier.
// Codes are stable: an entry may be reworded, never renumbered.
import { entry } from './entry.js';

/** What every rule says of its violation: the program, or the kernel and the statement as they print. */
export interface AtStatement {
  readonly at: string;
}

export const tiles = {
  // ── Values ────────────────────────────────────────────────────────────────────────────────────────

  HD8001: entry<AtStatement & { value: string }>({
    title: 'tile value out of scope',
    message: ({ at, value }) => `${at} uses ${value}, which has no value there`,
    hint: () => 'use a value behind its statement, in the same block or a block inside of it; loops and switches yield',
    explanation:
      'Values are assigned once and seen where their statement dominates; nothing leaves a block but its yields.',
  }),
  HD8002: entry<AtStatement & { value: string }>({
    title: 'tile value assigned twice',
    message: ({ at, value }) => `${at} assigns ${value}, which has a value already`,
    hint: () => 'make a new value for each statement, loop and switch',
    explanation: 'A value stands for one box of numbers: targets keep it in registers for as long as it is used.',
  }),
  HD8003: entry<AtStatement & { what: string }>({
    title: 'bad box',
    message: ({ at, what }) => `${at}: ${what}`,
    hint: () => 'give each kind of axis once, with a whole size from 1, and a valid range inside of it',
    explanation:
      'Boxes are known but for their origins when a program is made; only validity within them may be partial.',
  }),
  HD8004: entry<AtStatement & { why: string }>({
    title: 'operands that do not fit a tile operation',
    message: ({ at, why }) => `${at}: ${why}`,
    hint: () => 'the operations and what they take are in docs/tile-programs.md',
    explanation: 'Tiles meet box for box: nothing is shifted, padded or broadcast but where an operation says so.',
  }),
  HD8005: entry<AtStatement & { declared: string; given: string }>({
    title: 'tile value declared as what its operation does not give',
    message: ({ at, declared, given }) => `${at} is declared ${declared}, but the operation gives ${given}`,
    hint: () => 'declare a value valid where its operands are, f32 unless it is loaded or cast',
    explanation: 'Entries outside of the valid range are poison, and rounding happens in casts alone.',
  }),
  HD8006: entry<AtStatement & { value: string; what: string }>({
    title: 'carried value that changes its type',
    message: ({ at, value, what }) => `${at} carries ${value}: ${what}`,
    hint: () => 'yield one value for each carried one, of the same box and dtype, valid wherever the loop relies on it',
    explanation: 'A carried value stays in place while the loop runs, whether it runs many times or not at all.',
  }),
  HD8007: entry<AtStatement & { what: string }>({
    title: 'cases of a switch that disagree',
    message: ({ at, what }) => `${at}: ${what}`,
    hint: () => 'let every case yield values of the types of the results, in their order',
    explanation: 'What follows a switch does not know which case was taken; a target may always take the partial one.',
  }),

  // ── Scalars and expressions ───────────────────────────────────────────────────────────────────────

  HD8010: entry<AtStatement & { variable: string; why: string }>({
    title: 'bad range of a grid or loop',
    message: ({ at, variable, why }) => `${at}: \`${variable}\` ${why}`,
    hint: () => 'step by a whole number from 1, with a variable of its own',
    explanation: 'Grids and loops count upwards, and every variable means one thing in a kernel.',
  }),
  HD8011: entry<AtStatement & { scalar: string; why: string }>({
    title: 'scalar that a block does not know',
    message: ({ at, scalar, why }) => `${at}: the scalar ${scalar} ${why}`,
    hint: ({ why }) =>
      why.includes('integer') ? 'use whole numbers' : 'use grid and loop variables around it, R, lengths and constants',
    explanation: 'Boxes, places and ranges are the same for the whole block, and known before any tile is.',
  }),
  HD8012: entry<AtStatement & { variable: string; bound: readonly string[] }>({
    title: 'element expression with an unknown variable',
    message: ({ at, variable }) => `${at} uses \`${variable}\`, which nothing binds`,
    hint: ({ bound }) => `the variables here are ${bound.join(', ')}`,
    explanation: 'An element knows the indices of its own box, the counters of its operation and the scalars in scope.',
  }),
  HD8013: entry<AtStatement & { what: string }>({
    title: 'element expression that reads what it may not',
    message: ({ at, what }) => `${at} reads ${what}`,
    hint: () => 'read operands that the operation has, and buffers of the program by one index for each axis',
    explanation: 'Neighbours come from rings and views; an expression sees its own entry of each operand, and tables.',
  }),
  HD8014: entry<AtStatement & { what: string; expected: string; actual: string }>({
    title: 'element expression of the wrong type',
    message: ({ at, what, expected, actual }) => `${at}: ${what} is ${actual}, not ${expected}`,
    hint: () => 'masks and guards are truth values, offsets and indices integers, and tiles hold numbers',
    explanation: 'Nothing is converted silently, here as in score graphs.',
  }),
  HD8015: entry<AtStatement & { mask: string }>({
    title: 'switch on more than positions',
    message: ({ at, mask }) => `${at} decides by ${mask}`,
    hint: () => 'let the mask depend on i, j, the scalars in scope, and on tensors at them',
    explanation: 'The case is chosen for a whole box, by interval arithmetic, before anything is computed.',
  }),

  // ── Memory ────────────────────────────────────────────────────────────────────────────────────────

  HD8020: entry<AtStatement & { what: string; why: string }>({
    title: 'bad buffer or kernel',
    message: ({ at, what, why }) => `${at}: the ${what} ${why}`,
    hint: () => 'list each buffer once, and give each buffer and kernel a name of its own',
    explanation: 'The buffers of a program are the bindings of its kernels, and both are found by name.',
  }),
  HD8021: entry<AtStatement & { buffer: string; why: string }>({
    title: 'place that does not fit its buffer',
    message: ({ at, buffer, why }) => `${at}: the place in ${buffer} ${why}`,
    hint: () => 'give one entry for each axis: a scalar, or the axis of the tile that runs along it',
    explanation: 'A place says for each axis of a buffer where a box lies in it.',
  }),
  HD8022: entry<AtStatement & { buffer: string }>({
    title: 'store to an input',
    message: ({ at, buffer }) => `${at} writes the input ${buffer}`,
    hint: () => 'store to an output or to workspace',
    explanation: 'Inputs belong to the caller.',
  }),
  HD8023: entry<AtStatement & { buffer: string }>({
    title: 'output that is never stored',
    message: ({ at, buffer }) => `${at}: no kernel stores to the output ${buffer}`,
    hint: () => 'store it, or leave it out of the buffers',
    explanation: 'A caller reads every output, and must not find what was there before.',
  }),
  HD8024: entry<AtStatement & { buffer: string }>({
    title: 'buffer that is read before it is written',
    message: ({ at, buffer }) => `${at} reads ${buffer}, which no earlier kernel writes`,
    hint: () => 'launch the kernel that writes it first; kernels of a repetition run in their order each time',
    explanation: 'Workspace holds nothing until a kernel of the same call has stored it.',
  }),
  HD8025: entry<AtStatement & { buffer: string }>({
    title: 'buffer that one kernel both reads and writes',
    message: ({ at, buffer }) => `${at} writes ${buffer}, which the same kernel reads`,
    hint: () => 'split the kernel in two, or keep the value on chip',
    explanation: 'Blocks of a grid run in any order and see nothing of each other; kernels run one after the other.',
  }),
  HD8026: entry<AtStatement & { buffer: string }>({
    title: 'workspace that grows with the square of the length',
    message: ({ at, buffer }) => `${at}: the workspace ${buffer} grows with the square of the sequence length`,
    hint: () => 'keep scores on chip, or in a band of query rows; only the materialised schedule may keep them whole',
    explanation: 'Not to build the matrix of scores is what a fused kernel is for.',
  }),

  // ── Rings ─────────────────────────────────────────────────────────────────────────────────────────

  HD8030: entry<AtStatement & { why: string }>({
    title: 'push that does not continue its ring',
    message: ({ at, why }) => `${at}: ${why}`,
    hint: () => 'start each pushed tile where the ring ends, in every case of a switch and every turn of a loop',
    explanation: 'A ring is addressed by position: a tile that is skipped still pushes its constant.',
  }),
  HD8031: entry<AtStatement & { reads: string; holds: string }>({
    title: 'read of what a ring does not hold',
    message: ({ at, reads, holds }) => `${at} reads ${reads}, but the ring holds ${holds}`,
    hint: () => 'give the ring capacity for the farthest tap behind the newest tile, or trail further behind its end',
    explanation: 'A ring keeps the last entries before its end; older ones are gone and newer ones not yet there.',
  }),
} as const;
