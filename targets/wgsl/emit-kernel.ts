// One kernel: first how its threads are arranged, by what its tiles take of their registers, then its text: its arena, its entry
// point, where its block stands in the grid, and what its statements say.

import type { Kernel } from '../../codegen/tile/program.js';
import type { Buffer } from '../../codegen/tile/types.js';
import { VECTOR_BYTES } from '../shared/layout/arena.js';
import { type Product, productsOf } from '../shared/layout/products.js';
import { readsTableRanges } from '../shared/mask-tables.js';
import { Refusal, refuse } from '../shared/refusal.js';
import type { Entry } from '../shared/text/lines.js';
import { blocksOf, writeGrid } from '../shared/tile/grid.js';
import { mostRegisters } from '../shared/tile/pressure.js';
import { KernelWriter } from './kernel-writer.js';
import { KernelPlan, type PlanOptions } from './layout/plan.js';
import { type ThreadGrid, threadCounts } from './layout/threads.js';
import { isDirectable } from './lowering/direct.js';
import { lowerer } from './lowering/index.js';
import { fillTapTables } from './lowering/taps.js';
import { TABLE_RANGE_BYTES } from './mask-tables.js';
import type { ModuleContext } from './module-context.js';
import { atom } from './text/code.js';
import { LANE_BYTES } from './text/lanes.js';

export interface EmittedKernel {
  readonly kernel: Kernel;
  readonly entryPoint: string;
  /** Its text: what stands before its lines, and those, with nothing made a function yet. */
  readonly head: readonly string[];
  readonly entries: readonly Entry[];
  readonly arenaName: string;
  readonly threads: ThreadGrid;
  readonly workgroupBytes: number;
  /** The 32-bit registers that tiles take in a thread at the busiest statement. */
  readonly registers: number;
  readonly buffers: readonly Buffer[];
  /** Whether its threads are joined by subgroup operations. */
  readonly usesLanes: boolean;
}

/** Workgroups along the first dimension of a grid that is folded. */
export const WIDEST_GRID = 65535;

/**
 * Registers that tiles may take in a thread. Devices have 128 to 256 of them for each thread before they spill to memory,
 * and operands of products, addresses and what a case computes on the way take the rest.
 */
const MOST_REGISTERS = 188;

/** A kernel that fits the registers of its threads, before a line of it is written. */
export interface PlannedKernel {
  readonly kernel: Kernel;
  /** Scalars that launches count for it. */
  readonly scalars: readonly string[];
  readonly options: PlanOptions;
}

/** Arranges as few threads as hold a kernel's tiles in their registers. @throws Refusal where no number of them does. */
export function planKernel(kernel: Kernel, granted: PlanOptions, scalars: readonly string[]): PlannedKernel {
  const options = { ...granted, workgroupBytes: granted.workgroupBytes - rangeBytes(kernel) };
  const counts = options.threads ? [undefined] : threadCounts.filter((count) => count <= options.largestWorkgroup);
  let fewest = Number.POSITIVE_INFINITY;
  for (const leastThreads of counts) {
    const plan = new KernelPlan(kernel, { ...options, leastThreads });
    const registers = mostRegisters(plan);
    if (registers <= MOST_REGISTERS) return { kernel, scalars, options: { ...options, leastThreads } };
    fewest = Math.min(fewest, registers);
  }
  return refuse(
    `the tiles of ${kernel.name} would need ${fewest} registers of a thread, and ${MOST_REGISTERS} are taken at most`,
  );
}

/**
 * Writes a kernel with the views that stay kept in workgroup memory where there is room, without where there is not.
 * @throws Refusal where it takes too much workgroup memory
 */
export function emitKernel({ kernel, scalars, options }: PlannedKernel, context: ModuleContext): EmittedKernel {
  if (options.readsDirectly) {
    const plan = new KernelPlan(kernel, options);
    // Where rows are few, all threads want the same ones, which are better kept.
    if (plan.threads.rows > 1 && canReadDirectly(plan, context)) return writeKernel(plan, context, scalars);
  }
  const staged = { ...options, readsDirectly: false };
  try {
    const plan = new KernelPlan(kernel, { ...staged, keepViews: true });
    if (plan.residents.length > 0) return writeKernel(plan, context, scalars);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  return writeKernel(new KernelPlan(kernel, staged), context, scalars);
}

/** Whether all views of a kernel's products can be read from their buffers as they lie. */
function canReadDirectly({ kernel, analysis }: KernelPlan, context: ModuleContext): boolean {
  const products = productsOf(kernel);
  const isRead = ({ operation: { left, right, over }, value }: Product): boolean =>
    value.axes.length === 2 &&
    [left, right].every((side) => {
      if (side.kind !== 'view') return true;
      const kept = side.axes.find(({ kind }) => kind !== over)?.kind;
      if (kept === undefined) return false;
      const isColumns = analysis.gridAxes(value)[1] === kept;
      return isDirectable(
        side,
        over,
        { kept, range: analysis.range(value, kept), isColumns },
        context.bound(side.buffer),
      );
    });
  return products.length > 0 && products.every(isRead);
}

/** What the arena leaves for threads to agree on ranges of tables. */
const rangeBytes = (kernel: Kernel): number => (readsTableRanges(kernel) ? TABLE_RANGE_BYTES : 0);

function writeKernel(plan: KernelPlan, context: ModuleContext, outerScalars: readonly string[]): EmittedKernel {
  const { kernel } = plan;
  context.usedBuffers = new Set();
  const writer = new KernelWriter(plan, context);
  const { rows, columns } = plan.threads;
  writer.constant(atom('block', 'int'), 'i32(workgroup.x + workgroup.y * workgroups.x)');
  const rest = writeGrid(writer, kernel.grid, atom('block', 'int'), outerScalars);
  const [first] = kernel.grid;
  // A folded grid is a rectangle, and may have blocks beyond the last.
  if (first) {
    writer.open(`if (${rest.text} >= ${writer.named(blocksOf(writer, first), 'blocks').text}) {`);
    writer.line('return;');
    writer.close();
  }
  fillTapTables(writer, undefined);
  lowerer.block(writer, kernel.body);
  const size = plan.arena.size;
  const registers = mostRegisters(plan);
  const head = [
    ...(size > 0 ? [`var<workgroup> ${writer.arenaName}: array<vec4f, ${size}>;`, ''] : []),
    `@compute @workgroup_size(${rows * columns})`,
    `fn ${context.entryPoint(kernel)}(`,
    '  @builtin(workgroup_id) workgroup: vec3u,',
    '  @builtin(num_workgroups) workgroups: vec3u,',
    '  @builtin(local_invocation_index) invocation: u32,',
    ...(writer.usesLanes ? ['  @builtin(subgroup_size) lanes_of_subgroup: u32,'] : []),
    ') {',
    '  let thread = i32(invocation);',
  ];
  return {
    kernel,
    entryPoint: context.entryPoint(kernel),
    head,
    entries: writer.entries,
    arenaName: writer.arenaName,
    threads: plan.threads,
    workgroupBytes: size * VECTOR_BYTES + rangeBytes(kernel) + (writer.usesLanes ? LANE_BYTES : 0),
    registers,
    buffers: [...context.usedBuffers],
    usesLanes: writer.usesLanes,
  };
}
