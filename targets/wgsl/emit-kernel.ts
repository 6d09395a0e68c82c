// The text of one kernel: its arena, its entry point, where its block stands in the grid, and what its statements say.
// Emission and fitting both come through here, so that what is counted is what is written.

import type { GridAxis, Kernel } from '../../codegen/tile/program.js';
import type { Buffer } from '../../codegen/tile/types.js';
import { freeVariables } from '../../src/ir/index.js';
import { KernelWriter } from './kernel-writer.js';
import { VECTOR_BYTES } from './layout/arena.js';
import { KernelPlan, type PlanOptions } from './layout/plan.js';
import { liveTiles, type ThreadGrid } from './layout/threads.js';
import { lowerBlock } from './lowering/index.js';
import { fillTapTables } from './lowering/taps.js';
import { readsTableRanges, TABLE_RANGE_BYTES } from './mask-tables.js';
import type { ModuleContext } from './module-context.js';
import { Refusal, refuse } from './refusal.js';
import { atom, type Code } from './text/code.js';

export interface EmittedKernel {
  readonly kernel: Kernel;
  readonly entryPoint: string;
  readonly text: string;
  readonly threads: ThreadGrid;
  readonly workgroupBytes: number;
  /** An estimate of the 32-bit registers of a thread: what is live at the busiest statement. */
  readonly registers: number;
  readonly buffers: readonly Buffer[];
}

/** Workgroups along the first dimension of a grid that is folded. */
export const WIDEST_GRID = 65535;

/** Writes a kernel with the views that stay kept in workgroup memory where there is room, without where there is not. */
export function emitKernel(
  kernel: Kernel,
  context: ModuleContext,
  granted: PlanOptions,
  outerScalars: readonly string[],
): EmittedKernel {
  const options = { ...granted, workgroupBytes: granted.workgroupBytes - rangeBytes(kernel) };
  try {
    const plan = new KernelPlan(kernel, { ...options, keepViews: true });
    if (plan.residents.length > 0) return writeKernel(plan, context, outerScalars);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  return writeKernel(new KernelPlan(kernel, options), context, outerScalars);
}

/** What the arena leaves for threads to agree on ranges of tables. */
const rangeBytes = (kernel: Kernel): number => (readsTableRanges(kernel) ? TABLE_RANGE_BYTES : 0);

function writeKernel(plan: KernelPlan, context: ModuleContext, outerScalars: readonly string[]): EmittedKernel {
  const { kernel } = plan;
  context.usedBuffers = new Set();
  const writer = new KernelWriter(plan, context);
  const { rows, columns } = plan.threads;
  writer.line(`let thread_row = thread / ${columns};`);
  writer.line(`let thread_column = thread % ${columns};`);
  for (const name of outerScalars) writer.setScalar(name, atom(`launch.${name}`, 'int'));
  writeGrid(writer, kernel.grid, outerScalars);
  fillTapTables(writer, undefined);
  lowerBlock(writer, kernel.body);
  const size = plan.arena.size;
  const text = [
    ...(size > 0 ? [`var<workgroup> ${writer.arenaName}: array<vec4f, ${size}>;`, ''] : []),
    `@compute @workgroup_size(${rows * columns})`,
    `fn ${kernel.name}(`,
    '  @builtin(workgroup_id) workgroup: vec3u,',
    '  @builtin(num_workgroups) workgroups: vec3u,',
    '  @builtin(local_invocation_index) invocation: u32,',
    ') {',
    '  let thread = i32(invocation);',
    ...writer.lines,
    '}',
  ].join('\n');
  return {
    kernel,
    entryPoint: kernel.name,
    text,
    threads: plan.threads,
    workgroupBytes: size * VECTOR_BYTES + rangeBytes(kernel),
    registers: registersOf(writer),
    buffers: [...context.usedBuffers],
  };
}

/** The block's place along each axis of the grid, the last one fastest; blocks beyond the grid end at once. */
function writeGrid(writer: KernelWriter, grid: readonly GridAxis[], outerScalars: readonly string[]): void {
  const known = new Set([...outerScalars, 'R']);
  for (const { from, to } of grid) {
    for (const each of [from, to]) {
      for (const name of freeVariables(each)) {
        if (!known.has(name)) refuse(`the grid depends on ${name}`);
      }
    }
  }
  writer.line('let block = i32(workgroup.x + workgroup.y * workgroups.x);');
  let rest: Code = atom('block', 'int');
  for (const [n, axis] of [...grid.entries()].reverse()) {
    const from = writer.scalar(axis.from);
    let index: Code;
    if (n === 0) index = rest;
    else {
      const count = writer.named(countOf(writer, axis), 'blocks');
      index = writer.named(atom(`${rest.text} % ${count.text}`, 'int'), 'block');
      rest = writer.named(atom(`${rest.text} / ${count.text}`, 'int'), 'block');
    }
    const step = axis.step === 1 ? index.text : `${index.text} * ${axis.step}`;
    const place = from.text === '0' ? step : `${step} + ${from.text}`;
    writer.setScalar(axis.variable, writer.named({ ...atom(place, 'int'), level: 1 }, axis.variable));
  }
  const [first] = grid;
  // A folded grid is a rectangle, and may have blocks beyond the last.
  if (first) {
    writer.open(`if (${rest.text} >= ${writer.named(countOf(writer, first), 'blocks').text}) {`);
    writer.line('return;');
    writer.close();
  }
}

const countOf = (writer: KernelWriter, { from, to, step }: GridAxis): Code => {
  const [low, high] = [writer.scalar(from), writer.scalar(to)];
  const length = low.text === '0' ? high.text : `${high.text} - (${low.text})`;
  return step === 1 ? { ...atom(length, 'int'), level: 1 } : atom(`(${length} + ${step - 1}) / ${step}`, 'int');
};

/** Registers of all live tiles; those of a loop's body count all at once, which is more than a compiler needs. */
function registersOf(writer: KernelWriter): number {
  let most = 0;
  for (const tile of liveTiles(writer.plan.kernel, writer.plan.analysis)) {
    for (const form of writer.plan.analysis.forms(tile)) {
      const { rows, groups } = writer.shape(tile, form);
      most = Math.max(most, rows * groups * (writer.isWide(form) ? 4 : 1));
    }
  }
  return most;
}
