// The schedules of kernels for sm_90a as data: what a stage goes through in every turn, whatever the kernel, and that products
// which add to registers wait for the one that runs ahead.
import { describe, expect, it } from 'vitest';
import { runTilePasses } from '../../../codegen/tile/passes/index.js';
import { type Block, caseBlocks, type Statement } from '../../../codegen/tile/program.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { definitionsOf } from '../../../codegen/tile/walk.js';
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

/** Steps in their order, those of other turns at their place. */
const flat = (steps: readonly Step[]): readonly Step[] =>
  steps.flatMap((each) => ('steps' in each ? flat(each.steps) : [each]));

/** Every way through a turn: its statements one by one, with the steps that stand in front of them and at the ends of cases. */
function waysThrough({ consumer, within }: LoopSchedule): readonly (readonly Step[])[] {
  const inBlock = (block: Block): readonly (readonly Step[])[] =>
    joined([...block.statements.map(ofStatement), [flat(within.get(block) ?? [])]]);
  const ofStatement = (statement: Statement): readonly (readonly Step[])[] => {
    const before = flat(within.get(statement) ?? []);
    const inner = statement.statement === 'switch' ? [...caseBlocks(statement).keys()].flatMap(inBlock) : [];
    const ways: readonly (readonly Step[])[] = inner.length > 0 ? inner : [[{ step: 'statement', statement }]];
    return ways.map((way) => [...before, ...way]);
  };
  return joined(
    consumer.turn.map((each) => (each.step === 'statement' ? ofStatement(each.statement) : [flat([each])])),
  );
}

const joined = (parts: readonly (readonly (readonly Step[])[])[]): readonly (readonly Step[])[] =>
  parts.reduce((ways, part) => ways.flatMap((way) => part.map((each) => [...way, ...each])), [[]]);

/** What happens to a view, by the names of steps and of the statements that read it. */
const lifeOf = (view: BoxedView, steps: readonly Step[]): readonly string[] =>
  flat(steps).flatMap((each) => {
    if ('view' in each) return each.view === view ? [each.step] : [];
    if (each.step === 'start') return view.uses.has(each.product.statement) ? ['read'] : [];
    return each.step === 'statement' && view.uses.has(each.statement) ? ['read'] : [];
  });

const viewsOf = ({ views }: Pipeline, { loop }: LoopSchedule) => views.filter((view) => view.loop === loop);

describe.each(Object.entries(programs))('the schedule of %s', (_name, program) => {
  const pipeline = pipelineOf(program);
  const { loops } = pipeline.schedule;

  it('acquires and commits a stage of what moves in every turn, and what stays once', () => {
    for (const each of loops) {
      for (const view of viewsOf(pipeline, each)) {
        expect(lifeOf(view, each.producer.turn)).toEqual(view.isMoving ? ['acquire', 'commit'] : []);
        expect(lifeOf(view, each.producer.before)).toEqual(view.isMoving ? [] : ['commit']);
      }
    }
  });

  it('waits for a stage before it is read, and releases it once, on every way through a turn', () => {
    const ahead = pipeline.ahead.map(({ statement }) => statement);
    for (const each of loops) {
      const ways = waysThrough(each);
      for (const view of viewsOf(pipeline, each)) {
        if (!view.isMoving) {
          expect(lifeOf(view, each.consumer.before)[0]).toBe('wait');
          expect(ways.flatMap((way) => lifeOf(view, way)).every((step) => step === 'read')).toBe(true);
          continue;
        }
        for (const way of ways) {
          const life = lifeOf(view, way);
          const isAhead = ahead.some((statement) => view.uses.has(statement));
          const isBehind = each.consumer.behind.length > 0 && !isAhead;
          // What runs on is released in the next turn, behind the wait for it; the statement of a product ahead reads nothing.
          if (isAhead) expect(life.filter((step) => step !== 'read')).toEqual(['release', 'wait']);
          else if (isBehind) expect(life.slice(0, 2)).toEqual(['wait', 'release']);
          else expect([life[0], life.at(-1)]).toEqual(['wait', 'release']);
          const read = isBehind ? life.slice(2) : life.slice(1, -1);
          if (!isAhead) expect(read.every((step) => step === 'read')).toBe(true);
        }
        if (ahead.some((statement) => view.uses.has(statement))) {
          expect(lifeOf(view, each.consumer.before)).toEqual(['wait', 'read']);
        }
      }
    }
  });

  it('finishes a product that runs ahead in every turn, and a sum that runs on before it is changed', () => {
    // Boxes of queries are read by two products of the gradients: neither runs ahead of the other.
    const runsAhead = program !== programs['gradients that keys own'];
    expect(pipeline.ahead.length).toBe(runsAhead ? 1 : 0);
    expect(pipeline.places.size > 0).toBe(runsAhead);
    for (const each of loops.filter(() => runsAhead)) {
      const [ahead] = pipeline.ahead;
      const [inside] = pipeline.places.values();
      expect(each.consumer.behind).toEqual([{ step: 'finish', values: [inside], underWay: 0 }]);
      for (const way of waysThrough(each)) {
        const started = way.findIndex(({ step }) => step === 'start');
        const finished = way.flatMap((step) => (step.step === 'finish' ? [step] : []));
        const last = way.findLastIndex((step) => step.step === 'finish' && step.values.includes(ahead!.value));
        expect(last).toBeGreaterThan(started);
        expect(finished[0]!.values).toContain(inside);
        // All that is started before a wait is done behind it, but for the sum of this turn.
        const sum = way.findIndex(
          (step) => step.step === 'statement' && pipeline.places.has(definitionsOf(step.statement)[0] as Tile),
        );
        const firstWait = way.findIndex(({ step }) => step === 'finish');
        if (sum >= 0) expect(sum).toBeGreaterThan(firstWait);
        for (const step of finished) if (step.underWay === 1) expect(way.indexOf(step)).toBeGreaterThan(sum);
      }
    }
  });
});
