// Diagnostics HD6xxx, what a target cannot do.
// Codes are stable: an entry may be reworded, never renumbered.
import { entry } from './entry.js';

export const targets = {
  HD6101: entry<{ mode: string; why: string; remedy: string }>({
    title: 'gpu.js mode that cannot run here',
    message: ({ mode, why }) => `gpu.js cannot run in mode ${mode} here: ${why}`,
    hint: ({ remedy }) => remedy,
    explanation: 'The modes of gpu.js need different things of their host; webasm and cpu run wherever Node does.',
  }),
  HD6102: entry<{ node: string; limit: number }>({
    title: 'integers that float32 cannot count',
    message: ({ node, limit }) => `gpu.js computes \`${node}\` with integers that may be larger than ${limit}`,
    hint: () => 'use smaller factors and shifts in index and bit expressions, or another target',
    explanation:
      'Kernels of gpu.js keep integers in float32, which counts exactly up to 2^24; larger ones would be wrong silently.',
  }),
  HD6103: entry<{ node: string; variables: readonly string[]; limit: number }>({
    title: 'index expression of too many variables',
    message: ({ node, variables, limit }) =>
      `an index or comparison in \`${node}\` divides or rounds numbers made of ${variables.join(', ')}; ` +
      `gpu.js looks such values up in tables of at most ${limit} indices`,
    hint: () => 'split the expression, so that each rounded part depends on fewer indices',
    explanation:
      'Float32 could land on the wrong side of an integer, so such expressions are tabulated on the host in float64.',
  }),
  HD6104: entry<{ problem: string }>({
    title: 'tensors beyond the limits of a gpu.js module',
    message: ({ problem }) => problem,
    hint: () => 'use a shorter sequence or smaller ids, or another target',
    explanation: 'Kernels of gpu.js keep integers in float32; each module knows how large positions and ids may be.',
  }),

  // ── Schedules ─────────────────────────────────────────────────────────────────────────────────────

  HD6201: entry<{ graph: string; asked: string | undefined; reasons: readonly string[] }>({
    title: 'graph that no schedule serves',
    message: ({ graph, asked, reasons }) =>
      `${asked === undefined ? 'no fused schedule serves' : `the ${asked} schedule does not serve`} \`${graph}\`: ` +
      reasons.join('; '),
    hint: ({ asked }) =>
      asked === undefined || asked === 'materialised'
        ? 'schedules do not reach this far yet; it runs on the interpreter'
        : 'leave the choice of the schedule to the compiler',
    explanation:
      'A schedule computes scores tile by tile, for rows of outputs; gradients, and outputs that read other rows of outputs, ' +
      'need passes that none of them has yet.',
  }),
  HD6202: entry<{ graph: string; asked: string | undefined; reasons: readonly string[] }>({
    title: 'graph whose schedules do not fit the target',
    message: ({ graph, reasons }) => `no schedule of \`${graph}\` fits the target: ${reasons.join('; ')}`,
    hint: () =>
      'make smaller what the reasons name: the heads that are mixed together, their features, or the taps of a kernel',
    explanation:
      'A block holds what it computes at a time: all heads that are mixed together, or few of them where the scores of a ' +
      'band of rows lie in memory. Heddle never falls back silently to whole matrices of scores in memory; the materialised ' +
      'schedule is taken only when it is asked for.',
  }),

  // ── PyTorch ───────────────────────────────────────────────────────────────────────────────────────

  HD6401: entry<{ why: string; remedy: string }>({
    title: 'PyTorch that is not here',
    message: ({ why }) => `the device torch cannot run here: ${why}`,
    hint: ({ remedy }) => remedy,
    explanation: 'Emitted PyTorch runs in a Python process of its own, which must be able to import torch.',
  }),
  HD6402: entry<{ problem: string }>({
    title: 'call that PyTorch refuses',
    message: ({ problem }) => `PyTorch cannot run this: ${problem}`,
    hint: () =>
      'use a shorter sequence if memory is short; anything else is an error of Heddle: please report it with the spec',
    explanation:
      'The sentence is that of the emitted module, of PyTorch, or of the Python process that was to run them.',
  }),
} as const;
