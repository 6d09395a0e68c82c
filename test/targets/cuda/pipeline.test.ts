// The schedules of kernels for sm_90a as data: what a stage goes through in every turn, whatever the kernel, and that products
// which add to registers wait for the one that runs ahead.
import { describe, expect, it } from 'vitest';
import { runTilePasses } from '../../../codegen/tile/passes/index.js';
import { statementsOf } from '../../../codegen/tile/walk.js';
import { optimise } from '../../../src/passes/index.js';
import { compileCuda } from '../../../targets/cuda/compile.js';
import { KernelPlan } from '../../../targets/cuda/layout/plan.js';
import type { LoopSchedule, Step } from '../../../targets/cuda/layout/schedule.js';
import type { BoxedView, Pipeline } from '../../../targets/cuda/layout/warpgroups.js';
import { cudaPasses } from '../../../targets/cuda/narrow.js';
import { kernelsOf } from '../../../targets/shared/tile/program.js';
import { plainKeyBackward } from '../../codegen/tile/programs/plain-key-backward.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

const sizes = { heads: 2, kvHeads: 2, headDim: 64 };
const compiled = (graph: ReturnType<typeof multiTokenAttention>) =>
  compileCuda(optimise(graph), { dtype: 'bf16', architecture: 'sm_90a', single: true }).emitted.program;

const programs = {
  'plain attention': compiled(multiTokenAttention(sizes)),
  'a convolution': compiled(multiTokenAttention({ ...sizes, preQueryKernel: 6, preKeyKernel: 11 })),
  'gradients that keys own': runTilePasses(plainKeyBackward(sizes, 64, 64), cudaPasses('bf16')),
};

const options = { sharedBytes: 232448, mostWarps: 8, warpColumns: 1, rowsPerWarp: 16, keeping: 'ahead' } as const;

const pipelineOf = (program: (typeof programs)[keyof typeof programs]): Pipeline =>
  new KernelPlan(kernelsOf(program).at(-1)!.kernel, { ...options, stages: 2 }).pipeline!;

/** Steps in their order, those of turns within at their place. */
const flat = (steps: readonly Step[]): readonly Step[] =>
  steps.flatMap((each) => ('steps' in each ? flat(each.steps) : [each]));

/** What happens to a view, by the names of steps and of the statements that read it. */
const lifeOf = (view: BoxedView, steps: readonly Step[]): readonly string[] =>
  flat(steps).flatMap((each) => {
    if ('view' in each) return each.view === view ? [each.step] : [];
    if (each.step === 'start') return view.uses.has(each.product.statement) ? ['read'] : [];
    if (each.step !== 'statement') return [];
    const inside = statementsOf({ statements: [each.statement], yields: [] });
    return inside.some((one) => view.uses.has(one)) ? ['read'] : [];
  });

const viewsOf = ({ views }: Pipeline, { loop }: LoopSchedule) => views.filter((view) => view.loop === loop);

describe.each(Object.entries(programs))('the schedule of %s', (_name, program) => {
  const pipeline = pipelineOf(program);
  const { loops, settling } = pipeline.schedule;

  it('acquires and commits a stage of what moves in every turn, and what stays once', () => {
    for (const each of loops) {
      for (const view of viewsOf(pipeline, each)) {
        expect(lifeOf(view, each.producer.turn)).toEqual(view.isMoving ? ['acquire', 'commit'] : []);
        expect(lifeOf(view, each.producer.before)).toEqual(view.isMoving ? [] : ['commit']);
      }
    }
  });

  it('waits for a stage before it is read, and releases it behind, once in every turn', () => {
    for (const each of loops) {
      const ahead = pipeline.ahead.map(({ statement }) => statement);
      for (const view of viewsOf(pipeline, each)) {
        const turn = lifeOf(view, each.consumer.turn);
        if (!view.isMoving) {
          expect(lifeOf(view, each.consumer.before)[0]).toBe('wait');
          expect(turn.every((step) => step === 'read')).toBe(true);
        } else if (ahead.some((statement) => view.uses.has(statement))) {
          // The statement of the product gives what has been taken by then.
          expect(turn.filter((step) => step !== 'read')).toEqual(['release', 'wait']);
          expect(lifeOf(view, each.consumer.before)).toEqual(['wait', 'read']);
        } else {
          expect([turn[0], turn.at(-1)]).toEqual(['wait', 'release']);
          expect(turn.slice(1, -1).every((step) => step === 'read')).toBe(true);
        }
      }
    }
  });

  it('finishes a product that runs ahead at the end of every turn, and settles it before others add', () => {
    // Boxes of queries are read by two products of the gradients: neither runs ahead of the other.
    const runsAhead = program !== programs['gradients that keys own'];
    expect(pipeline.ahead.length).toBe(runsAhead ? 1 : 0);
    for (const { consumer } of loops) {
      const end = consumer.turn.slice(-2).map(({ step }) => step);
      expect(end).toEqual(runsAhead ? ['finish', 'advance'] : [expect.any(String), 'advance']);
    }
    expect(settling.size > 0).toBe(runsAhead);
  });
});
