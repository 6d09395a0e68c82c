// Both sides of the ring of stages of a kernel for sm_90a: the producer, which brings boxes of tensors as places become empty,
// and what consumers say around the statements of a loop: that they wait for a box, and that they are done with it.
import type { ForStatement, Statement } from '../../../codegen/tile/program.js';
import { axisOfKind, type TileAxisKind } from '../../../codegen/tile/types.js';
import type { Product } from '../../shared/layout/products.js';
import { bytesOf, codes } from '../buffers.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { WARP } from '../layout/fragments.js';
import {
  BARRIER_BYTES,
  type BoxedView,
  boxBytes,
  emptyBarrier,
  fullBarrier,
  isUsedIn,
  type Pipeline,
  registerShares,
  WARPGROUP,
} from '../layout/warpgroups.js';
import { atom, type Code, plusConstant } from '../text/code.js';
import { declareAhead, finishProducts, startProduct } from './multiply-warpgroups.js';

/** Where the stages of a loop stand: the number of the current one, and the parity of its phase. */
export interface Standing {
  readonly stage: string;
  readonly parity: string;
  readonly stages: number;
  /** The product that is started a step ahead, where it goes, and the view that moves with it. */
  readonly ahead?: { readonly product: Product; readonly registers: Registers; readonly view: BoxedView } | undefined;
}

/** The variable of a loop, and where it ends. */
export interface Steps {
  readonly index: Code;
  readonly end: Code;
}

const atStage = (barrier: number, stage: string | undefined): string =>
  stage === undefined ? String(barrier) : `${barrier} + ${stage} * ${BARRIER_BYTES}`;

/** Makes the barriers, sends the last warpgroup off to produce, and gives its registers to the others. */
export function writeRoles(writer: KernelWriter, pipeline: Pipeline): void {
  const { views, consumers } = pipeline;
  writer.open('if (thread == 0) {');
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
  const { producer, consumer } = registerShares[consumers]!;
  const first = consumers * WARPGROUP;
  writer.open(`if (thread >= ${first}) { // the producer`);
  writer.line(`release_registers<${producer}>();`);
  writer.line(`if (thread >= ${first + WARP}) return;`);
  const loops = new Set(views.map(({ loop }) => loop));
  for (const statement of writer.plan.kernel.body.statements) {
    if (statement.statement === 'for' && loops.has(statement)) produce(writer, statement, viewsOf(pipeline, statement));
  }
  writer.line('return;');
  writer.close();
  writer.line(`take_registers<${consumer}>();`);
  // In front of the branch they would be spilled where the producer has few registers.
  writer.beginThreads();
}

export const viewsOf = ({ views }: Pipeline, loop: ForStatement): readonly BoxedView[] =>
  views.filter((each) => each.loop === loop);

function declareStanding(writer: KernelWriter, views: readonly BoxedView[], parity: number): Standing | undefined {
  const moving = views.find(({ isMoving }) => isMoving);
  if (!moving) return undefined;
  const standing = { stage: writer.fresh('stage'), parity: writer.fresh('parity'), stages: moving.stages };
  writer.line(`int ${standing.stage} = 0;`);
  writer.line(`uint32_t ${standing.parity} = ${parity}u;`);
  return standing;
}

function advance(writer: KernelWriter, { stage, parity, stages }: Standing): void {
  writer.open(`if (++${stage} == ${stages}) {`);
  writer.line(`${stage} = 0;`);
  writer.line(`${parity} ^= 1u;`);
  writer.close();
}

// ── The producer ────────────────────────────────────────────────────────────────────────────────────

function produce(writer: KernelWriter, { variable, from, to, step }: ForStatement, views: readonly BoxedView[]): void {
  writer.open('{');
  const start = writer.named(writer.scalar(from), 'start');
  const end = writer.named(writer.scalar(to), 'end');
  for (const view of views.filter(({ isMoving }) => !isMoving)) bring(writer, view, undefined);
  const moving = views.filter(({ isMoving }) => isMoving);
  const standing = declareStanding(writer, moving, 1);
  if (standing) {
    const index = atom(writer.fresh(variable), 'int');
    writer.line('#pragma unroll 1');
    writer.open(`for (int ${index.text} = ${start.text}; ${index.text} < ${end.text}; ${index.text} += ${step}) {`);
    writer.withScalars(new Map([[variable, index]]), () => {
      for (const view of moving) {
        writer.line(`await_barrier(${atStage(emptyBarrier(view), standing.stage)}, ${standing.parity});`);
        bring(writer, view, standing.stage);
      }
    });
    advance(writer, standing);
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

// ── Consumers ───────────────────────────────────────────────────────────────────────────────────────

/** Before a loop: waits for what stays for it, and says where its stages stand. */
export function enterStages(writer: KernelWriter, loop: ForStatement, start: Code, end: Code): Standing | undefined {
  const views = viewsOf(writer.plan.pipeline!, loop);
  for (const view of views) if (!view.isMoving) writer.line(`await_barrier(${fullBarrier(view)}, 0u);`);
  const standing = declareStanding(writer, views, 0);
  const product = productAhead(writer, loop);
  if (!standing || !product) return standing;
  const registers = declareAhead(writer, product);
  writer.open(`if (${start.text} < ${end.text}) {`);
  const view = movingOperand(views, product);
  writer.line(`await_barrier(${atStage(fullBarrier(view), standing.stage)}, ${standing.parity});`);
  startProduct(writer, product, registers, standing.stage);
  finishProducts(writer, registers);
  writer.close();
  return { ...standing, ahead: { product, registers, view } };
}

const productAhead = (writer: KernelWriter, loop: ForStatement): Product | undefined =>
  writer.plan.pipeline!.ahead.find(({ statement }) =>
    viewsOf(writer.plan.pipeline!, loop).some(({ uses }) => uses.has(statement)),
  );

const movingOperand = (views: readonly BoxedView[], { statement }: Product): BoxedView =>
  views.find(({ isMoving, uses }) => isMoving && uses.has(statement))!;

/** Takes what the product gave that was started a step ago, and starts the one of the next step. */
function takeAhead(
  writer: KernelWriter,
  { stage, parity, stages, ahead }: Standing,
  step: number,
  { index, end }: Steps,
): void {
  const { product, registers, view } = ahead!;
  writer.line(`arrive(${atStage(emptyBarrier(view), stage)});`);
  const result = writer.declare(product.value, 'grid');
  writer.fill(result, () => atom(`${registers.name}[m][n][e]`, 'float'));
  writer.assign(product.value, result);
  writer.open(`if (${index.text} + ${step} < ${end.text}) {`);
  const next = writer.fresh('stage');
  writer.line(`const int ${next} = ${stage} == ${stages - 1} ? 0 : ${stage} + 1;`);
  const phase = `${next} == 0 ? ${parity} ^ 1u : ${parity}`;
  writer.line(`await_barrier(${atStage(fullBarrier(view), next)}, ${phase});`);
  startProduct(writer, product, registers, next);
  writer.close();
  writer.underWay = registers;
}

/** Writes the statements of a loop's body: each behind the waits for the boxes that it is the first to read. */
export function overStages(
  writer: KernelWriter,
  loop: ForStatement,
  standing: Standing | undefined,
  steps: Steps,
  lower: (statement: Statement) => void,
): void {
  if (standing?.ahead) takeAhead(writer, standing, loop.step, steps);
  const moving = viewsOf(writer.plan.pipeline!, loop).filter((view) => view.isMoving && view !== standing?.ahead?.view);
  const { statements } = loop.body;
  const users = moving.map((view) => statements.filter((statement) => isUsedIn(view, statement)));
  for (const statement of statements) {
    for (const [n, view] of moving.entries()) {
      if (users[n]![0] !== statement) continue;
      writer.line(`await_barrier(${atStage(fullBarrier(view), standing!.stage)}, ${standing!.parity});`);
    }
    lower(statement);
    for (const [n, view] of moving.entries()) {
      if (users[n]!.at(-1) === statement) writer.line(`arrive(${atStage(emptyBarrier(view), standing!.stage)});`);
    }
  }
  // Whatever way the step has gone, nothing is under way where the next one begins.
  if (standing?.ahead) finishProducts(writer, standing.ahead.registers);
  writer.underWay = undefined;
  if (standing) advance(writer, standing);
}
