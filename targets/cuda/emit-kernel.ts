// The text of one kernel: where its block stands in the grid, and what its statements say. Emission and fitting both come
// through here, so that what is counted is what is written.

import type { GridAxis, Kernel } from '../../codegen/tile/program.js';
import type { Buffer } from '../../codegen/tile/types.js';
import { freeVariables } from '../../src/ir/index.js';
import { Refusal, refuse } from '../shared/refusal.js';
import { CHUNK, identifierOf } from './buffers.js';
import { KernelWriter } from './kernel-writer.js';
import { FRAGMENT_ROWS, WARP } from './layout/fragments.js';
import { KernelPlan, type PlanOptions } from './layout/plan.js';
import { registersOf } from './layout/pressure.js';
import type { Keeping } from './layout/products.js';
import { lowerBlock } from './lowering/index.js';
import { fillTapTables } from './lowering/taps.js';
import { fillBands } from './lowering/toeplitz.js';
import type { ModuleContext } from './module-context.js';
import { atom, type Code } from './text/code.js';

export interface EmittedKernel {
  readonly kernel: Kernel;
  readonly entryPoint: string;
  readonly text: string;
  readonly threads: number;
  readonly sharedBytes: number;
  /** An estimate of the registers of a thread: what is live at the busiest statement. */
  readonly registers: number;
  readonly buffers: readonly Buffer[];
  /** Whether its products all run on tensor cores, and nothing else does. */
  readonly isPlain: boolean;
}

export interface KernelOptions extends Omit<PlanOptions, 'keeping' | 'warpColumns' | 'rowsPerWarp'> {
  readonly warpColumns?: number | undefined;
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
  let found: EmittedKernel | undefined;
  let refusal: unknown;
  for (const division of divisions) {
    const { rowsPerWarp, warpColumns } = division;
    if (warpColumns > options.mostWarps) break;
    if (options.warpColumns !== undefined && options.warpColumns !== warpColumns) continue;
    try {
      const emitted = withViewsKept(kernel, context, { ...options, ...division }, outerScalars);
      // Two fragments of rows only pay where tensor cores wait for memory, and where there are rows for several warps.
      if (rowsPerWarp > FRAGMENT_ROWS && !(emitted.isPlain && emitted.threads >= 4 * WARP)) continue;
      if (emitted.registers <= registersFor(emitted.threads)) return emitted;
      if (!found || emitted.registers < found.registers) found = emitted;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal ??= error;
    }
  }
  if (!found) throw refusal;
  return found;
}

/** Writes a kernel with as many of its views kept in shared memory as there is room for. */
function withViewsKept(
  kernel: Kernel,
  context: ModuleContext,
  options: Omit<PlanOptions, 'keeping'>,
  outerScalars: readonly string[],
): EmittedKernel {
  for (const keeping of keepings) {
    try {
      return writeKernel(new KernelPlan(kernel, { ...options, keeping }), context, outerScalars);
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
  for (const name of outerScalars) writer.setScalar(name, atom(`launch.${name}`, 'int'));
  writeGrid(writer, kernel.grid, outerScalars);
  fillTapTables(writer, undefined);
  fillBands(writer, undefined);
  lowerBlock(writer, kernel.body);
  const text = [`KERNEL(${plan.threads}) ${entryName(kernel)}(const Launch launch) {`, ...writer.text, '}'].join('\n');
  return {
    kernel,
    entryPoint: entryName(kernel),
    text,
    threads: plan.threads,
    sharedBytes: plan.arena.size * CHUNK,
    registers: registersOf(plan),
    buffers: [...context.usedBuffers],
    isPlain: plan.isPlain,
  };
}

/** The block's place along each axis of the grid, the last one fastest; rows that see most keys go first. */
function writeGrid(writer: KernelWriter, grid: readonly GridAxis[], outerScalars: readonly string[]): void {
  const known = new Set([...outerScalars, 'R']);
  for (const { from, to } of grid) {
    for (const each of [from, to]) {
      for (const name of freeVariables(each)) if (!known.has(name)) refuse(`the grid depends on ${name}`);
    }
  }
  if (grid.length === 0) return;
  writer.line('const int block = block_index();');
  let rest: Code = atom('block', 'int');
  for (const [n, axis] of [...grid.entries()].reverse()) {
    const from = writer.scalar(axis.from);
    let index: Code = rest;
    if (n > 0) {
      const count = writer.named(countOf(writer, axis), 'blocks');
      index = writer.named(atom(`${rest.text} % ${count.text}`, 'int'), 'block');
      rest = writer.named(atom(`${rest.text} / ${count.text}`, 'int'), 'block');
      if (axis.step > 1) index = writer.named(atom(`${count.text} - 1 - ${index.text}`, 'int'), 'block');
    }
    const step = axis.step === 1 ? index.text : `${index.text} * ${axis.step}`;
    const place = from.text === '0' ? step : `${step} + ${from.text}`;
    writer.setScalar(axis.variable, writer.named({ ...atom(place, 'int'), level: 1 }, axis.variable));
  }
}

export const countOf = (writer: Pick<KernelWriter, 'scalar'>, { from, to, step }: GridAxis): Code => {
  const [low, high] = [writer.scalar(from), writer.scalar(to)];
  const length = low.text === '0' ? high.text : `${high.text} - (${low.text})`;
  return step === 1 ? { ...atom(length, 'int'), level: 1 } : atom(`(${length} + ${step - 1}) / ${step}`, 'int');
};

/** What a kernel is called in C++, where its own name may mean something. */
const entryName = ({ name }: Kernel): string => `${identifierOf(name)}_kernel`;
