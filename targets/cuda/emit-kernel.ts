// One kernel: the ways to compute it, best first, as plans that say what they take; then its text in the first way that there is
// room for: where its block stands in the grid, and what its statements say.

import type { Kernel } from '../../codegen/tile/program.js';
import type { Buffer } from '../../codegen/tile/types.js';
import { statementsOf } from '../../codegen/tile/walk.js';
import { spaceOf } from '../shared/layout/space.js';
import { Refusal } from '../shared/refusal.js';
import { writeGrid } from '../shared/tile/grid.js';
import { mostRegisters } from '../shared/tile/pressure.js';
import { CHUNK } from './buffers.js';
import { KernelWriter, mapName } from './kernel-writer.js';
import { blockOrder } from './layout/block-order.js';
import { FRAGMENT_ROWS, WARP } from './layout/fragments.js';
import { KernelPlan, type PlanOptions } from './layout/plan.js';
import { isTensorProduct, type Keeping } from './layout/products.js';
import { type BoxedView, WARPGROUP } from './layout/warpgroups.js';
import { lowerer } from './lowering/index.js';
import { writeRoles } from './lowering/pipeline.js';
import { fillTapTables } from './lowering/taps.js';
import { fillToeplitz } from './lowering/toeplitz.js';
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

export interface KernelOptions
  extends Omit<PlanOptions, 'keeping' | 'warpColumns' | 'rowsPerWarp' | 'stages' | 'ringsInHalves'> {
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

/** Registers for indices and fragments. */
const RESERVED = 55;
/** Registers for the bands of a second convolution beside the four products of a block that owns keys: of a pair of rows of taps, or of all. */
const RESERVED_FOR_BANDS = { apart: 24, together: 64 } as const;

/** Registers that a thread may have for tiles, of those that it can have at all. */
function registersFor(threads: number, { kernel, loadsBandsApart }: KernelPlan): number {
  const stencils = [...statementsOf(kernel.body)].filter(
    (each) => each.statement === 'let' && each.operation.op === 'stencil',
  );
  const isLong = spaceOf(kernel).rows === 'key' && stencils.length > 1;
  const forBands = isLong ? RESERVED_FOR_BANDS[loadsBandsApart ? 'apart' : 'together'] : 0;
  return Math.min(255, Math.floor(65536 / threads)) - RESERVED - forBands;
}

/** A way to compute a kernel, planned; and why its products are not those of warpgroups, where the device has those. */
interface Way {
  readonly plan: KernelPlan;
  readonly reason?: string | undefined;
}

/** Ways to compute a kernel, best first. Each is planned when it is asked for, with why the one before could not be written. */
type Ways = Generator<Way, never, Refusal>;

/** A kernel whose best way is known, before a line of it is written. */
export interface PlannedKernel {
  readonly kernel: Kernel;
  /** Scalars that launches count for it. */
  readonly scalars: readonly string[];
  readonly best: Way;
  readonly others: Ways;
}

/** Plans a kernel with the first division among warps that its registers allow. @throws Refusal where there is no way */
export function planKernel(kernel: Kernel, options: KernelOptions, scalars: readonly string[]): PlannedKernel {
  const others = waysOf(kernel, options);
  return { kernel, scalars, best: others.next().value, others };
}

/** Registers that a kernel takes beyond those of its threads, whichever of its ways is written; undefined where one fits. */
export function registersBeyond({ kernel, best }: PlannedKernel, options: KernelOptions): number | undefined {
  const isBeyond = ({ plan }: Way): boolean => mostRegisters(plan) > registersFor(plan.threads, plan);
  if (!isBeyond(best)) return undefined;
  // Where all divisions take too many, views that are kept less may leave enough.
  const ways = waysOf(kernel, options);
  try {
    for (let way = ways.next(); isBeyond(way.value); ) way = ways.next(new Refusal('it takes too many registers'));
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return mostRegisters(best.plan);
  }
}

/** Writes a kernel in the best way that there is room for. @throws Refusal where it fits in no way */
export function emitKernel({ scalars, best, others }: PlannedKernel, context: ModuleContext): EmittedKernel {
  for (let way = best; ; ) {
    const shapes = context.products.length;
    try {
      return writeKernel(way, context, scalars);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      context.products.length = shapes;
      way = others.next(error).value;
    }
  }
}

function* waysOf(kernel: Kernel, options: KernelOptions): Ways {
  const reason = options.hasWarpgroups ? yield* withStages(kernel, options) : undefined;
  return yield* onWarps(kernel, options, reason);
}

/** Plans whose products are those of warpgroups, with as many stages as there is room for; gives why there is no other. */
function* withStages(kernel: Kernel, options: KernelOptions): Generator<Way, string, Refusal> {
  if (options.warpColumns !== undefined && options.warpColumns !== 1) return 'its warps share rows';
  let reason = '';
  const hasRings = statementsOf(kernel.body).some((each) => each.statement === 'let' && each.operation.op === 'ring');
  const layouts = (hasRings ? [true, false] : [false]).flatMap((ringsInHalves) =>
    stageCounts.map((stages) => ({ ringsInHalves, stages })),
  );
  for (const { stages, ringsInHalves } of layouts) {
    const layout = { rowsPerWarp: FRAGMENT_ROWS, warpColumns: 1, keeping: 'ahead', stages, ringsInHalves } as const;
    const plan = planOr(() => new KernelPlan(kernel, { ...options, ...layout }));
    if (plan instanceof Refusal) {
      reason = plan.message;
      continue;
    }
    const registers = mostRegisters(plan);
    reason =
      registers <= registersFor(2 * WARPGROUP, plan)
        ? (yield { plan }).message
        : `its tiles would take ${registers} registers a thread`;
  }
  return reason;
}

/** Plans by divisions among warps; the one that takes fewest registers where all take too many. */
function* onWarps(kernel: Kernel, options: KernelOptions, reason: string | undefined): Ways {
  let least: { readonly registers: number; readonly division: (typeof divisions)[number] } | undefined;
  let refusal: Refusal | undefined;
  for (const division of divisions) {
    const { rowsPerWarp, warpColumns } = division;
    if (warpColumns > options.mostWarps) break;
    if (options.warpColumns !== undefined && options.warpColumns !== warpColumns) continue;
    const isTaken = (plan: KernelPlan): boolean => {
      // Two fragments of rows only pay where tensor cores wait for memory, and where there are rows for several warps.
      if (rowsPerWarp > FRAGMENT_ROWS && !(plan.isPlain && plan.threads >= 4 * WARP)) return false;
      const registers = mostRegisters(plan);
      if (registers <= registersFor(plan.threads, plan)) return true;
      if (!least || registers < least.registers) least = { registers, division };
      return false;
    };
    const refused = yield* withViewsKept(kernel, { ...options, ...division }, reason, isTaken);
    refusal ??= refused;
  }
  if (!least) throw refusal ?? new Refusal('a kernel fits in no way');
  throw yield* withViewsKept(kernel, { ...options, ...least.division }, reason, () => true);
}

/** Plans with as many views kept in shared memory as there is room for, as long as they are taken; gives the last refusal. */
function* withViewsKept(
  kernel: Kernel,
  options: Omit<PlanOptions, 'keeping'>,
  reason: string | undefined,
  isTaken: (plan: KernelPlan) => boolean,
): Generator<Way, Refusal | undefined, Refusal> {
  let refusal: Refusal | undefined;
  for (const keeping of keepings) {
    const plan = planOr(() => new KernelPlan(kernel, { ...options, keeping }));
    if (plan instanceof Refusal) refusal = plan;
    else if (!isTaken(plan)) return undefined;
    else refusal = yield { plan, reason };
  }
  return refusal;
}

/** A plan, or why there is none. */
function planOr(plan: () => KernelPlan): KernelPlan | Refusal {
  try {
    return plan();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function writeKernel({ plan, reason }: Way, context: ModuleContext, outerScalars: readonly string[]): EmittedKernel {
  const { kernel } = plan;
  context.usedBuffers = new Set();
  const writer = new KernelWriter(plan, context);
  if (kernel.grid.length > 0) writer.line('const int block = block_index();');
  writeGrid(writer, kernel.grid, atom('block', 'int'), outerScalars, blockOrder(writer, kernel));
  if (plan.pipeline) writeRoles(writer, plan.pipeline);
  fillTapTables(writer, undefined);
  fillToeplitz(writer, undefined);
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
    registers: mostRegisters(plan),
    buffers: [...context.usedBuffers],
    registersGranted: registersFor(plan.threads, plan),
    isPlain: plan.isPlain,
    products: productsOf(plan, reason),
    maps,
  };
}

function productsOf({ kernel, pipeline }: KernelPlan, reason: string | undefined): ProductForm {
  const form = pipeline ? 'wgmma' : formOf(kernel);
  return form === 'mma.sync' && reason !== undefined ? { form, reason } : { form };
}

function formOf(kernel: Kernel): 'mma.sync' | 'multiply-add' | 'none' {
  const products = [...statementsOf(kernel.body)].flatMap((each) =>
    each.statement === 'let' && each.operation.op === 'matmul' ? [each.operation] : [],
  );
  if (products.length === 0) return 'none';
  return products.some(isTensorProduct) ? 'mma.sync' : 'multiply-add';
}
