// Both sides of the ring of stages of a kernel for sm_90a: the producer, which brings boxes of tensors as places become empty,
// and what consumers say around the statements of a loop: that they wait for a box, and that they are done with it.

import type { Block, Statement } from '../../../codegen/tile/program.js';
import { axisOfKind, type TileAxisKind } from '../../../codegen/tile/types.js';
import { bytesOf, codes } from '../buffers.js';
import type { KernelWriter, Turns } from '../kernel-writer.js';
import { WARP } from '../layout/fragments.js';
import type { LoopSchedule, Step } from '../layout/schedule.js';
import {
  BARRIER_BYTES,
  type BoxedView,
  boxBytes,
  bringsMany,
  emptyBarrier,
  fullBarrier,
  type Pipeline,
  registerShares,
  WARPGROUP,
} from '../layout/warpgroups.js';
import { atom, type Code, plusConstant } from '../text/code.js';
import { startProduct } from './multiply-warpgroups.js';

/** The stage that a step is at: a view that stays has one. */
interface Stage {
  readonly stage: string | undefined;
  readonly parity: string;
}

const atStage = (barrier: number, stage: string | undefined): string =>
  stage === undefined ? String(barrier) : `${barrier} + ${stage} * ${BARRIER_BYTES}`;

/** Makes the barriers, sends the last warpgroup off to produce, and gives its registers to the others. */
export function writeRoles(writer: KernelWriter, pipeline: Pipeline): void {
  const { views, consumers } = pipeline;
  const thread = bringsMany(pipeline) ? 'thread_index()' : 'thread';
  writer.open(`if (${thread} == 0) {`);
  for (const view of views) {
    for (let stage = 0; stage < view.stages; stage += 1) {
      writer.line(`make_barrier(${fullBarrier(view) + stage * BARRIER_BYTES}, 1);`);
    }
    if (!view.isMoving) continue;
    for (let stage = 0; stage < view.stages; stage += 1) {
      writer.line(`make_barrier(${emptyBarrier(view) + stage * BARRIER_BYTES}, ${(consumers * WARPGROUP) / WARP});`);
    }
  }
  writer.line('fence_barriers();');
  writer.close();
  writer.line('synchronize();');
  const { producer, consumer } = registerShares(pipeline);
  const first = consumers * WARPGROUP;
  writer.open(`if (${thread} >= ${first}) { // the producer`);
  writer.line(`release_registers<${producer}>();`);
  writer.line(`if (${thread} >= ${first + WARP}) return;`);
  for (const each of pipeline.schedule.loops) produce(writer, each);
  writer.line('return;');
  writer.close();
  writer.line(`take_registers<${consumer}>();`);
  // In front of the branch they would be spilled where the producer has few registers; so would the index of the thread.
  writer.beginThreads();
}

type Writers = {
  readonly [Name in Step['step']]: (
    writer: KernelWriter,
    step: Extract<Step, { step: Name }>,
    turns: Turns,
    at: Stage,
  ) => void;
};

const stageOf = ({ isMoving }: BoxedView, { stage, parity }: Stage): Stage =>
  isMoving ? { stage, parity } : { stage: undefined, parity: '0u' };

const writers: Writers = {
  acquire: (writer, { view }, _turns, { stage, parity }) =>
    writer.line(`await_barrier(${atStage(emptyBarrier(view), stage)}, ${parity});`),
  commit: (writer, { view }, _turns, at) => bring(writer, view, stageOf(view, at).stage),
  wait(writer, { view }, _turns, at) {
    const { stage, parity } = stageOf(view, at);
    writer.line(`await_barrier(${atStage(fullBarrier(view), stage)}, ${parity});`);
  },
  release: (writer, { view }, _turns, { stage }) => writer.line(`arrive(${atStage(emptyBarrier(view), stage)});`),
  enter(writer, { parity }, turns) {
    turns.stage = writer.fresh('stage');
    turns.parity = writer.fresh('parity');
    writer.line(`int ${turns.stage} = 0;`);
    writer.line(`uint32_t ${turns.parity} = ${parity}u;`);
  },
  advance(writer, { stages }, { stage, parity }) {
    writer.open(`if (++${stage} == ${stages}) {`);
    writer.line(`${stage} = 0;`);
    writer.line(`${parity} ^= 1u;`);
    writer.close();
  },
  reserve: (writer, { product }) => writer.assign(product.value, writer.declare(product.value, 'grid')),
  start: (writer, { product }, _turns, { stage }) =>
    startProduct(writer, product, writer.registersOf(product.value, 'grid'), stage),
  finish(writer, { values, underWay }) {
    writer.line(`await_products<${underWay}>();`);
    for (const each of values) writer.hold(each);
  },
  compute(writer, { values }) {
    for (const each of values) writer.hold(each);
  },
  statement: (_writer, { statement }, { lower }) => lower!(statement),
  'first turn'(writer, { steps }, turns) {
    writer.open(`if (${turns.from.text} < ${turns.to.text}) {`);
    writeSteps(writer, steps, turns);
    writer.close();
  },
  'next turn'(writer, { steps }, turns) {
    const { index, to, step, stage, parity } = turns;
    writer.open(`if (${index!.text} + ${step} < ${to.text}) {`);
    const next = writer.fresh('stage');
    writer.line(`const int ${next} = ${stage} == ${stagesOf(steps) - 1} ? 0 : ${stage} + 1;`);
    writeSteps(writer, steps, turns, { stage: next, parity: `${next} == 0 ? ${parity} ^ 1u : ${parity}` });
    writer.close();
  },
  'previous turn'(writer, { steps }, turns) {
    const { index, from, stage } = turns;
    writer.open(`if (${index!.text} > ${from.text}) {`);
    const previous = writer.fresh('stage');
    writer.line(`const int ${previous} = ${stage} == 0 ? ${stagesOf(steps) - 1} : ${stage} - 1;`);
    writeSteps(writer, steps, turns, { stage: previous, parity: '' });
    writer.close();
  },
};

/** Stages of the ring that steps of another turn are at. */
const stagesOf = (steps: readonly Step[]): number =>
  steps.flatMap((each) => ('view' in each ? [each.view] : []))[0]!.stages;

/** Writes the steps of a role, at the stage of the turn unless another one is told. */
export function writeSteps(writer: KernelWriter, steps: readonly Step[], turns: Turns, at?: Stage): void {
  for (const each of steps) {
    const stage = at ?? { stage: turns.stage, parity: turns.parity ?? '' };
    (writers[each.step] as (writer: KernelWriter, step: Step, turns: Turns, at: Stage) => void)(
      writer,
      each,
      turns,
      stage,
    );
  }
}

/** Writes what consumers do in front of a statement, or at the end of a block within a loop's body. */
export function writeWithin(writer: KernelWriter, at: Statement | Block): void {
  for (const { loop, within } of writer.plan.pipeline?.schedule.loops ?? []) {
    const steps = within.get(at);
    if (steps) writeSteps(writer, steps, writer.turns.get(loop)!);
  }
}

// ── The producer ────────────────────────────────────────────────────────────────────────────────────

function produce(writer: KernelWriter, { loop, producer }: LoopSchedule): void {
  writer.open('{');
  const [from, to] = [writer.named(writer.scalar(loop.from), 'start'), writer.named(writer.scalar(loop.to), 'end')];
  const turns: Turns = { from, to, step: loop.step };
  writeSteps(writer, producer.before, turns);
  if (producer.turn.length > 0) {
    const index = atom(writer.fresh(loop.variable), 'int');
    writer.line('#pragma unroll 1');
    writer.open(`for (int ${index.text} = ${from.text}; ${index.text} < ${to.text}; ${index.text} += ${loop.step}) {`);
    writer.withScalars(new Map([[loop.variable, index]]), () => writeSteps(writer, producer.turn, turns));
    writer.close();
  }
  writer.close();
}

/** Starts the copies of a view's boxes, and says how many bytes they are. */
function bring(writer: KernelWriter, view: BoxedView, stage: string | undefined): void {
  const { boxes, swizzle, element, bytes, base } = view;
  const barrier = writer.named(atom(atStage(fullBarrier(view), stage), 'int'), 'barrier').text;
  const map = writer.mapOf(view);
  writer.line(`// ${view.view.buffer.name}: ${boxes} × ${view.rows} rows of ${swizzle} bytes`);
  writer.line(`expect_bytes(${barrier}, ${bytes});`);
  const place = writer.named(
    atom(stage === undefined ? String(base) : `${base} + ${stage} * ${bytes}`, 'int'),
    'place',
  );
  const perBox = swizzle / bytesOf[element];
  const at = coordinates(writer, view);
  for (let box = 0; box < boxes; box += 1) {
    const [minor, ...others] = at;
    const all = [plusConstant(minor!, box * perBox), ...others].map(({ text }) => text);
    writer.line(
      `copy_box(${plusConstant(place, box * boxBytes(view)).text}, &maps.${map}, ${barrier}, {${all.join(', ')}});`,
    );
  }
}

/** Where a view's first box begins in its buffer, the innermost axis first. */
function coordinates(writer: KernelWriter, { view, lowMajor, major }: BoxedView): readonly Code[] {
  const at = view.place.map((entry, n): Code => {
    const { start } = writer.extentOf(view.buffer.axes[n]!);
    const absolute =
      'along' in entry
        ? plusConstant(originOf(writer, view, entry.along), entry.along === major ? lowMajor : 0)
        : writer.scalar(entry);
    return writer.named(codes.minus(absolute, start), 'at');
  });
  return at.reverse();
}

const originOf = (writer: KernelWriter, { axes }: BoxedView['view'], kind: TileAxisKind): Code =>
  writer.scalar(axisOfKind(axes, kind)!.origin);
