// Which schedule is taken, in which words, at which tiles; and what is said where none serves or none fits.
import { describe, expect, it } from 'vitest';
import { type ScheduleOptions, schedule } from '../../../codegen/schedule/index.js';
import { printProgram } from '../../../codegen/tile/print.js';
import type { Kernel, TileProgram } from '../../../codegen/tile/program.js';
import { HeddleError } from '../../../src/diagnostics/index.js';
import { evaluate, integer, topological } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

const sizes = { heads: 4, kvHeads: 2, headDim: 4 };
const before = optimise(multiTokenAttention({ ...sizes, preQueryKernel: 3, preKeyKernel: 5 }));
const behind = optimise(multiTokenAttention({ ...sizes, postQueryKernel: 3, postKeyKernel: 5 }));
const candidates = [32, 16, 8].map((size) => ({ rows: size, columns: size }));

const kernelsOf = ({ launches }: TileProgram): readonly Kernel[] =>
  launches.flatMap((launch) => (launch.launch === 'kernel' ? [launch.kernel] : launch.kernels));
const kernels = (program: TileProgram): number => kernelsOf(program).length;
const rowsOf = (program: TileProgram): number =>
  kernelsOf(program)
    .at(-1)!
    .grid.find(({ variable }) => variable === 'I')!.step;
/** Takes no more rows and kernels than so many; stands for the limits of a target. */
const atMost =
  (rows: number, most: number): ScheduleOptions['fit'] =>
  (program) => {
    if (kernels(program) > most) return { fits: false, why: 'has too many kernels' };
    return rowsOf(program) <= rows ? { fits: true } : { fits: false, why: `has ${rowsOf(program)} rows` };
  };

function refusal(run: () => unknown): { code: string; message: string; hint: string } {
  try {
    run();
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    const { code, message, hint } = error.diagnostics[0]!;
    return { code, message, hint: hint ?? '' };
  }
  throw new Error('nothing was refused');
}

describe('the choice', () => {
  it('is one pass where one pass is enough', () => {
    const { kind, reason, tiles, refused, program } = schedule(before, { candidates });
    expect(kind).toBe('online');
    expect(reason).toMatch(/^One pass over the keys is enough: .*linear in the weights.*\.$/);
    expect(tiles).toEqual({ rows: 32, columns: 32 });
    // The others compute the scores twice, or move them through memory.
    expect(refused.map(({ kind }) => kind)).toEqual(['two-pass', 'slab']);
    for (const { why, ratio } of refused) {
      expect(ratio).toBeGreaterThan(1.25);
      expect(why).toBe(`an estimated ${ratio!.toFixed(1)} times as long`);
    }
    expect(kernels(program)).toBe(1);
    expect(program.buffers.filter(({ role }) => role === 'workspace')).toEqual([]);
  });

  it('is two passes where weights are read at other rows', () => {
    const { kind, reason, refused, program } = schedule(behind, { candidates });
    expect(kind).toBe('two-pass');
    expect(reason).toMatch(/^One pass is not enough, as weights of neighbouring rows or keys .*: a first pass gives/);
    expect(refused).toMatchObject([
      { kind: 'online', what: 'online' },
      { kind: 'slab', what: 'slab at 32×32' },
    ]);
    expect(kernels(program)).toBe(2);
  });

  it('gives the log-sum-exp in the first of two passes, so that the second has a buffer less to bind', () => {
    const { program } = schedule(behind, { candidates });
    const stored = kernelsOf(program).map(({ body }) =>
      body.statements.flatMap((each) => (each.statement === 'store' ? [each.buffer.name] : [])),
    );
    expect(stored).toEqual([['maxima', 'scales', 'lse'], ['out']]);
  });

  it('is materialised only on request', () => {
    const { kind, reason, program } = schedule(before, { candidates, kind: 'materialised' });
    expect([kind, program.keepsMatrices]).toEqual(['materialised', true]);
    expect(reason).toMatch(/^It was asked for/);
    // Scores, convolved logits, statistics, and the sum with v.
    expect(kernels(program)).toBe(4);
  });

  it('is the largest tiles that fit, and remembers those that do not', () => {
    const { tiles, refused } = schedule(before, { candidates, fit: atMost(16, 2) });
    expect(tiles).toEqual({ rows: 16, columns: 16 });
    const unfit = refused.filter(({ ratio }) => ratio === undefined);
    expect(unfit.map(({ what, why }) => `${what}: ${why}`)).toEqual(['online at 32×32: has 32 rows']);
  });

  it('is two passes where one pass does not fit', () => {
    const fit: ScheduleOptions['fit'] = (program) =>
      kernels(program) === 1 ? { fits: false, why: 'needs more accumulators than there are' } : { fits: true };
    const { kind, reason, refused } = schedule(before, { candidates, fit });
    expect(kind).toBe('two-pass');
    expect(reason).toContain('does not fit the target (needs more accumulators than there are)');
    // What does not fit at the smallest tiles is not tried in between.
    const unfit = refused.filter(({ ratio }) => ratio === undefined);
    expect(unfit.map(({ what }) => what)).toEqual(['online at 32×32', 'online at 8×8']);
  });

  it('is bands of rows where neither fits', () => {
    const fit: ScheduleOptions['fit'] = (program) =>
      program.launches[0]!.launch === 'kernel' ? { fits: false, why: 'holds too many heads' } : { fits: true };
    const { kind, reason, program } = schedule(behind, { candidates, fit });
    expect(kind).toBe('slab');
    expect(reason).toMatch(
      /^One pass is not enough, as weights .*; two passes do not fit .*: bands of at most \d+ query rows, .*, \d+ bytes for each key; .*\.$/,
    );
    expect(program.launches).toHaveLength(1);
    expect(program.keepsMatrices).toBeUndefined();
    // Logits are stored by the kernel that takes their statistics: nobody computes or reads them for these alone.
    const [statistics] = /kernel \w+_logits[\s\S]*?(?=\n\n)/.exec(printProgram(program))!;
    expect(new Set(statistics.match(/to (logits|maxima|scales)/g))).toEqual(
      new Set(['to logits', 'to maxima', 'to scales']),
    );
    expect(statistics).not.toMatch(/load logits/);
  });

  it.each([
    [2, 'online'],
    [4, 'two-pass'],
  ] as const)('of %i heads that are mixed behind the softmax is %s, by the estimate', (group, expected) => {
    // One pass has an accumulator for each pair of heads, two passes compute all scores twice.
    const graph = optimise(multiTokenAttention({ heads: 4, kvHeads: 4, headDim: 32, postMix: group }));
    const { kind, reason, refused } = schedule(graph, { candidates });
    expect(kind).toBe(expected);
    const online = refused.find((each) => each.kind === 'online');
    if (kind === 'online') expect(online).toBeUndefined();
    else {
      expect(online!.ratio).toBeGreaterThan(1.25);
      expect(reason).toMatch(/^One pass at 32×32 would take an estimated \d\.\d times as long: a first pass gives/);
    }
  });
});

describe('heads', () => {
  const programOf = (settings: Parameters<typeof multiTokenAttention>[0]) =>
    schedule(optimise(multiTokenAttention(settings)), { candidates }).program;
  const groups = (program: TileProgram): unknown[] =>
    program.launches.map((launch) => launch.launch === 'kernel' && launch.kernel.grid[1]!.to);

  it('are computed one by one where nothing mixes them', () => {
    expect(groups(programOf({ ...sizes, norm: 'rms' }))).toEqual([integer(4)]);
  });

  it('are computed together where they are mixed', () => {
    expect(groups(programOf({ ...sizes, preMix: 2 }))).toEqual([integer(2)]);
  });

  it('are mixed from what is computed once', () => {
    // Four stencils, however many of the four heads read them, and whatever a mask lets through.
    const { program } = schedule(
      optimise(multiTokenAttention({ ...sizes, postQueryKernel: 2, postKeyKernel: 3, postMix: 4 })),
      {
        candidates,
      },
    );
    expect(printProgram(program).match(/stencil/g)).toHaveLength(4);
  });
});

describe('refusals', () => {
  it('say what the schedule that was asked for lacks', () => {
    const { code, message, hint } = refusal(() => schedule(behind, { kind: 'online' }));
    expect(code).toBe('HD6201');
    expect(message).toMatch(/^the online schedule does not serve `.*`: online: weights of neighbouring rows or keys/);
    expect(hint).toBe('leave the choice of the schedule to the compiler');
  });

  it('say every reason where no schedule serves', () => {
    const scores = topological(before).find(({ op }) => op === 'dot')!;
    const { code, message, hint } = refusal(() => schedule({ ...before, outputs: [{ name: 'out', node: scores }] }));
    expect(code).toBe('HD6201');
    expect(message).toMatch(/^no fused schedule serves `.*`: online: .*; two-pass: /);
    expect(hint).toContain('yet');
  });

  it('say what does not fit, at the smallest tiles of each schedule', () => {
    const { code, message, hint } = refusal(() => schedule(before, { candidates, fit: atMost(4, 4) }));
    expect(code).toBe('HD6202');
    expect(message).toMatch(
      /online at 8×8, the smallest tiles: has 8 rows; two-pass at 8×8, the smallest tiles: has 8/,
    );
    expect(hint).toMatch(/heads that are mixed together/);
  });
});

describe('bands', () => {
  it('are as long as the matrices that a target lets them have', () => {
    const graph = optimise(multiTokenAttention({ heads: 16, kvHeads: 4, headDim: 4, preMix: 16 }));
    const rowsAt = (keys: number, matrixBytes?: number): number => {
      const { launches } = schedule(graph, { kind: 'slab', candidates, matrixBytes }).program;
      const [launch] = launches;
      if (launch!.launch !== 'repeat') throw new Error('there are no bands');
      const lengths = { batch: 2, query: keys, key: keys };
      return evaluate(launch.axis.step.value, { variable: () => undefined, length: (of) => lengths[of] })!;
    };
    expect(rowsAt(1024)).toBe(128);
    expect(rowsAt(16_384)).toBe(64);
    expect(rowsAt(16_384, 2 ** 30)).toBe(128);
    // A block's rows at least, however many keys there are.
    expect(rowsAt(2 ** 20)).toBe(32);
  });
});
