// The text of one kernel: where its block stands in the grid, and what its statements say. Emission and fitting both come
// through here, so that what is counted is what is written.

import type { Kernel } from '../../codegen/tile/program.js';
import type { Buffer } from '../../codegen/tile/types.js';
import { statementsOf } from '../../codegen/tile/walk.js';
import { Refusal, refuse } from '../shared/refusal.js';
import { writeGrid } from '../shared/tile/grid.js';
import { CHUNK } from './buffers.js';
import { KernelWriter, mapName } from './kernel-writer.js';
import { FRAGMENT_ROWS, WARP } from './layout/fragments.js';
import { KernelPlan, type PlanOptions } from './layout/plan.js';
import { registersOf } from './layout/pressure.js';
import { isTensorProduct, type Keeping } from './layout/products.js';
import { type BoxedView, WARPGROUP } from './layout/warpgroups.js';
import { lowerer } from './lowering/index.js';
import { writeRoles } from './lowering/pipeline.js';
import { fillTapTables } from './lowering/taps.js';
import { fillBands } from './lowering/toeplitz.js';
import { type ModuleContext, mapsName } from './module-context.js';
import { atom } from './text/code.js';

export interface EmittedKernel {
  readonly kernel: Kernel;
  readonly entryPoint: string;
  readonly text: string;
  readonly threads: number;
  readonly sharedBytes: number;
  /** An estimate of the registers of a thread: what is live at the busiest statement. */
  readonly registers: number;
  /** How many there are for that. */
  readonly registersGranted: number;
  readonly buffers: readonly Buffer[];
  /** Whether its products all run on tensor cores, and nothing else does. */
  readonly isPlain: boolean;
  readonly products: ProductForm;
  /** What the launcher has to describe to it: the boxes that it copies, each with the name of its map. */
  readonly maps: readonly { readonly name: string; readonly view: BoxedView }[];
}

/** The instructions that the products of a kernel are done by, and why they are no better ones. */
export interface ProductForm {
  readonly form: 'wgmma' | 'mma.sync' | 'multiply-add' | 'none';
  readonly reason?: string | undefined;
}

export interface KernelOptions extends Omit<PlanOptions, 'keeping' | 'warpColumns' | 'rowsPerWarp' | 'stages'> {
  readonly warpColumns?: number | undefined;
  /** Whether the device has products of warpgroups, and copies of boxes to feed them (sm_90a). */
  readonly hasWarpgroups: boolean;
}

const keepings: readonly Keeping[] = ['ahead', 'staying', 'none'];
/**
 * How warps divide a tile, best first. Two fragments of rows to a warp halve what products read of shared memory, which is what
 * limits them; several warps to a row hold accumulators that are too wide for one.
 */
const divisions = [
  { rowsPerWarp: 2 * FRAGMENT_ROWS, warpColumns: 1 },
  { rowsPerWarp: FRAGMENT_ROWS, warpColumns: 1 },
  { rowsPerWarp: FRAGMENT_ROWS, warpColumns: 2 },
  { rowsPerWarp: FRAGMENT_ROWS, warpColumns: 4 },
  { rowsPerWarp: FRAGMENT_ROWS, warpColumns: 8 },
] as const;

/** Steps of a loop whose operands may be on their way at once, best first. */
const stageCounts = [4, 3, 2] as const;

/** Registers that a thread may have for tiles, of those that it can have at all: indices and fragments take the rest. */
export const registersFor = (threads: number): number => Math.min(255, Math.floor(65536 / threads)) - 55;

/**
 * Writes a kernel with the first division among warps that its registers allow.
 * @throws Refusal where it fits in no way
 */
export function emitKernel(
  kernel: Kernel,
  context: ModuleContext,
  options: KernelOptions,
  outerScalars: readonly string[],
): EmittedKernel {
  const onWarpgroups = options.hasWarpgroups ? withStages(kernel, context, options, outerScalars) : undefined;
  if (onWarpgroups && 'text' in onWarpgroups) return onWarpgroups;
  const emitted = emitOnWarps(kernel, context, options, outerScalars);
  if (!onWarpgroups || emitted.products.form !== 'mma.sync') return emitted;
  return { ...emitted, products: { ...emitted.products, reason: onWarpgroups.reason } };
}

/** Writes a kernel whose products are those of warpgroups, with as many stages as there is room for; or says why not. */
function withStages(
  kernel: Kernel,
  context: ModuleContext,
  options: KernelOptions,
  outerScalars: readonly string[],
): EmittedKernel | { readonly reason: string } {
  let reason = '';
  if (options.warpColumns !== undefined && options.warpColumns !== 1) return { reason: 'its warps share rows' };
  for (const stages of stageCounts) {
    const shapes = context.products.length;
    try {
      const layout = { rowsPerWarp: FRAGMENT_ROWS, warpColumns: 1, keeping: 'ahead', stages, runsAhead: true } as const;
      const plan = new KernelPlan(kernel, { ...options, ...layout });
      const registers = registersOf(plan);
      if (registers <= registersFor(2 * WARPGROUP)) return writeKernel(plan, context, outerScalars);
      reason = `its tiles would take ${registers} registers a thread`;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reason = error.message;
    }
    context.products.length = shapes;
  }
  return { reason };
}

function emitOnWarps(
  kernel: Kernel,
  context: ModuleContext,
  options: KernelOptions,
  outerScalars: readonly string[],
): EmittedKernel {
  /** The division that takes fewest registers, where all take too many. */
  let least: { readonly registers: number; readonly division: (typeof divisions)[number] } | undefined;
  let refusal: unknown;
  for (const division of divisions) {
    const { rowsPerWarp, warpColumns } = division;
    if (warpColumns > options.mostWarps) break;
    if (options.warpColumns !== undefined && options.warpColumns !== warpColumns) continue;
    const isTaken = (plan: KernelPlan): boolean => {
      // Two fragments of rows only pay where tensor cores wait for memory, and where there are rows for several warps.
      if (rowsPerWarp > FRAGMENT_ROWS && !(plan.isPlain && plan.threads >= 4 * WARP)) return false;
      const registers = registersOf(plan);
      if (registers <= registersFor(plan.threads)) return true;
      if (!least || registers < least.registers) least = { registers, division };
      return false;
    };
    try {
      const emitted = withViewsKept(kernel, context, { ...options, ...division }, outerScalars, isTaken);
      if (emitted) return emitted;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal ??= error;
    }
  }
  if (!least) throw refusal;
  return withViewsKept(kernel, context, { ...options, ...least.division }, outerScalars, () => true)!;
}

/** Writes a kernel with as many of its views kept in shared memory as there is room for, if its plan is taken. */
function withViewsKept(
  kernel: Kernel,
  context: ModuleContext,
  options: Omit<PlanOptions, 'keeping'>,
  outerScalars: readonly string[],
  isTaken: (plan: KernelPlan) => boolean,
): EmittedKernel | undefined {
  for (const keeping of keepings) {
    try {
      const plan = new KernelPlan(kernel, { ...options, keeping });
      return isTaken(plan) ? writeKernel(plan, context, outerScalars) : undefined;
    } catch (error) {
      if (!(error instanceof Refusal) || keeping === 'none') throw error;
    }
  }
  return refuse('a kernel fits in no way');
}

function writeKernel(plan: KernelPlan, context: ModuleContext, outerScalars: readonly string[]): EmittedKernel {
  const { kernel } = plan;
  context.usedBuffers = new Set();
  const writer = new KernelWriter(plan, context);
  if (kernel.grid.length > 0) writer.line('const int block = block_index();');
  // Rows that see most keys go first.
  writeGrid(writer, kernel.grid, atom('block', 'int'), outerScalars, (index, count, { step }) =>
    step > 1 ? writer.named(atom(`${count.text} - 1 - ${index.text}`, 'int'), 'block') : index,
  );
  if (plan.pipeline) writeRoles(writer, plan.pipeline);
  fillTapTables(writer, undefined);
  fillBands(writer, undefined);
  lowerer.block(writer, kernel.body);
  const maps = (plan.pipeline?.views ?? []).map((view, n) => {
    return { name: mapName(n, context.buffers.get(view.view.buffer)!), view };
  });
  const threads = plan.threads + (plan.pipeline ? WARPGROUP : 0);
  const entry = context.entryPoint(kernel);
  const mapTexts = maps.map(({ name }) => `  TensorMap ${name};`);
  const text = [
    ...(plan.pipeline ? [`struct ${mapsName(entry)} {`, ...mapTexts, '};', ''] : []),
    `KERNEL(${threads}) ${entry}(const Launch launch${plan.pipeline ? `, const SHARED_BY_BLOCKS ${mapsName(entry)} maps` : ''}) {`,
    ...writer.text,
    '}',
  ].join('\n');
  return {
    kernel,
    entryPoint: entry,
    text,
    threads,
    sharedBytes: plan.arena.size * CHUNK,
    registers: registersOf(plan),
    buffers: [...context.usedBuffers],
    registersGranted: registersFor(plan.threads),
    isPlain: plan.isPlain,
    products: { form: plan.pipeline ? 'wgmma' : formOf(kernel) },
    maps,
  };
}

function formOf(kernel: Kernel): 'mma.sync' | 'multiply-add' | 'none' {
  const products = [...statementsOf(kernel.body)].flatMap((each) =>
    each.statement === 'let' && each.operation.op === 'matmul' ? [each.operation] : [],
  );
  if (products.length === 0) return 'none';
  return products.some(isTensorProduct) ? 'mma.sync' : 'multiply-add';
}
