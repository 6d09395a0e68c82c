// A product of a warpgroup: wgmma on boxes of tensors as copies have left them in shared memory, the left operand there too or
// in registers as an earlier product has left it. Accumulators lie as those of mma.m16n8k16 do, warp by warp.

import type { MatmulOperation } from '../../../codegen/tile/operations/matmul.js';
import type { Statement } from '../../../codegen/tile/program.js';
import { axisOfKind, type Tile, type View } from '../../../codegen/tile/types.js';
import type { Product } from '../../shared/layout/products.js';
import { sameView } from '../../shared/layout/views.js';
import { refuse } from '../../shared/refusal.js';
import type { KernelWriter, Registers } from '../kernel-writer.js';
import { ceilDivide, FRAGMENT_DEPTH } from '../layout/fragments.js';
import { sidesOf } from '../layout/products.js';
import { type BoxedView, boxBytes, narrowTypeOf, WARPGROUP_ROWS } from '../layout/warpgroups.js';

/** The box that a product reads of a view. */
function boxOf(writer: KernelWriter, view: View, statement: Statement): BoxedView {
  const found = writer.plan.pipeline!.views.find((each) => each.uses.has(statement) && sameView(each.view, view));
  return found ?? refuse('a product reads a box that nothing brings');
}

/** The offset of a step of sixteen entries of the sum from the first one, in units of a descriptor's address. */
function stepOffset(box: BoxedView, isAcross: boolean, step: string): string {
  const { swizzle } = box;
  if (isAcross) return `${step} * ${(FRAGMENT_DEPTH * swizzle) / 16}`;
  const steps = swizzle / (2 * FRAGMENT_DEPTH);
  const within = `${step} % ${steps} * 2`;
  if (box.boxes === 1) return within;
  return `(${step} / ${steps} * ${boxBytes(box) / 16}${steps === 1 ? '' : ` + ${within}`})`;
}

/** Names the descriptor of an operand; a pattern of its swizzle is eight rows. */
function describe(writer: KernelWriter, box: BoxedView, stage: string | undefined, row: string): string {
  const { swizzle, bytes, base, isMoving } = box;
  if (isMoving && stage === undefined) refuse('a box is wanted outside of its loop');
  const place = [String(base), ...(isMoving ? [`${stage} * ${bytes}`] : []), ...(row === '' ? [] : [row])];
  const name = writer.fresh('operand');
  writer.line(`const uint64_t ${name} = describe<${swizzle}>(${place.join(' + ')}, ${boxBytes(box)}, ${8 * swizzle});`);
  return name;
}

/** Starts a product and adds it to registers, or sets them where it adds to nothing; they are its own until it is waited for. */
export function startProduct(
  writer: KernelWriter,
  { statement, operation, value }: Product,
  result: Registers,
  stage: string | undefined,
): void {
  const { accumulator, over } = operation;
  const { byRow, byColumn } = sidesOf(operation, value, writer.plan.analysis);
  const right = boxOf(writer, byColumn as View, statement);
  const type = narrowTypeOf(right.view);
  const isAcross = right.minor !== over;
  const depth = ceilDivide(axisOfKind(operation.left.axes, over)!.size, FRAGMENT_DEPTH);
  if (result.rows !== 1) refuse('a thread holds several rows of sixteen');
  const rightText = describe(writer, right, stage, '');
  let leftText: (step: string) => string;
  if (byRow.kind === 'view') {
    const left = boxOf(writer, byRow, statement);
    const row = writer.plan.pipeline!.consumers > 1 ? `warpgroup * ${WARPGROUP_ROWS * left.swizzle}` : '';
    const name = describe(writer, left, stage, row);
    leftText = (step) => `${name} + ${stepOffset(left, false, step)}`;
  } else {
    const { name } = writer.registersOf(byRow, 'grid');
    writer.line(`hold(${name}[0]);`);
    leftText = (step) => `${name}[0][2 * ${step}], ${name}[0][2 * ${step} + 1]`;
  }
  const left = byRow.kind === 'view' ? 'shared' : 'registers';
  const multiply = (isFirst: boolean, step: string): void => {
    writer.context.products.push({ type, columns: result.columns, isAcross, left, isFirst });
    const operands = `${leftText(step)}, ${rightText} + ${stepOffset(right, isAcross, step)}`;
    writer.line(`${isFirst ? 'start' : 'add'}_product<${type}, ${isAcross}>(${result.name}[0], ${operands});`);
  };
  writer.line('fence_products();');
  if (!accumulator) multiply(true, '0');
  const first = accumulator ? 0 : 1;
  if (depth > first) {
    const step = writer.fresh('step');
    writer.line('#pragma unroll');
    writer.open(`for (int ${step} = ${first}; ${step} < ${depth}; ++${step}) {`);
    multiply(false, step);
    writer.close();
  }
  writer.line('commit_products();');
}

export function multiplyOnWarpgroups(
  writer: KernelWriter,
  operation: MatmulOperation,
  value: Tile,
  position: number,
): void {
  const statement = writer.plan.statementAt(position);
  // It has been started a step ahead, and is done.
  if (writer.plan.pipeline!.ahead.some((each) => each.statement === statement)) return;
  const { accumulator } = operation;
  const result = writer.declare(value, 'grid');
  // Sums that run on from turn to turn stay where they are.
  const runsOn = writer.plan.pipeline!.places.has(value);
  if (accumulator && !runsOn) writer.fill(result, () => writer.operandAt(accumulator, value, 'grid'));
  if (accumulator) writer.line(`hold(${result.name}[0]);`);
  const loop = boxOf(writer, sidesOf(operation, value, writer.plan.analysis).byColumn as View, statement).loop;
  startProduct(writer, { statement, operation, value }, result, writer.stages.get(loop)?.text);
  writer.assign(value, result);
  if (runsOn) return;
  writer.line('await_products<0>();');
  writer.line(`hold(${result.name}[0]);`);
}
