// Emits a tile program as WGSL: the module, a launcher without dependencies, its types and the manifest. All kernels are planned
// before one is written, and what a fit looks at is what is emitted. Runs in a browser; the same program gives the same bytes.
import type { Kernel, TileProgram } from '../../codegen/tile/program.js';
import type { Buffer } from '../../codegen/tile/types.js';
import { refuse } from '../shared/refusal.js';
import { kernelsOf, type PlannedProgram, variablesOf, writtenBuffers } from '../shared/tile/program.js';
import { type BufferLayout, dynamicBuffers, layOutBuffers, type Packing } from './buffers.js';
import { type EmittedKernel, emitKernel, type PlannedKernel, planKernel } from './emit-kernel.js';
import type { ThreadGrid } from './layout/threads.js';
import { defaultLimits, type WgslLimits } from './limits.js';
import { ModuleContext } from './module-context.js';
import { StencilForms } from './stencil-forms.js';
import { LANE_BYTES } from './text/lanes.js';

export interface WgslOptions {
  /** What queries, keys, values and outputs are stored as; arithmetic is f32. */
  readonly dtype?: 'f32' | 'f16' | undefined;
  /** Join threads by subgroup operations, which every device must then have; launchers that choose hold such kernels beside others. */
  readonly subgroups?: boolean | undefined;
  readonly limits?: Partial<WgslLimits> | undefined;
  /**
   * Where threads read the operands of products from: workgroup memory, into which all of them copy a part together, or the buffers
   * themselves, where the operands of a kernel all lie in whole vectors.
   */
  readonly operands?: 'staged' | 'direct' | undefined;
  /** How a block of threads is arranged, for tuning; chosen by the size of its tiles unless told. */
  readonly threads?: ThreadGrid | undefined;
}

export interface EmittedModule {
  readonly kernels: readonly EmittedKernel[];
  readonly context: ModuleContext;
  readonly buffers: BufferLayout;
  /** Fields of the launch uniform behind the sizes: variables of repeated launches, then strides and offsets. */
  readonly fields: readonly string[];
  /** The same kernels, whose threads are joined by subgroup operations where they reduce along a row and there is room to find out how. */
  readonly withSubgroups: () => EmittedModule;
}

/** One of several programs that are joined, and the limits that it may take where it takes more than the module's. */
export interface ProgramPart {
  readonly program: TileProgram;
  readonly limits?: Partial<WgslLimits> | undefined;
}

/**
 * @param parts the programs that it consists of, where it is several joined
 * @throws Refusal with the reason, where the program does not fit.
 */
export function emitModule(
  program: TileProgram,
  options: WgslOptions,
  parts: readonly ProgramPart[] = [{ program }],
): EmittedModule {
  const limits = { ...defaultLimits, ...options.limits };
  const { threads, operands } = options;
  const planned = parts.map(({ program: each, limits: own }) => {
    const { workgroupBytes, invocations } = { ...limits, ...own };
    const granted = { workgroupBytes, largestWorkgroup: invocations, threads, readsDirectly: operands !== 'staged' };
    return {
      program: each,
      kernels: kernelsOf(each).map(({ kernel, scalars }) => planKernel(kernel, granted, scalars)),
    };
  });
  const [unpacked, ...packed] = packings.map((packing) => layOutFor(program, options, packing));
  const emittedWith = (layout: BufferLayout): EmittedModule => {
    const module = emitAgreeing(program, planned, layout);
    return options.subgroups ? module.withSubgroups() : module;
  };
  const emitted = emittedWith(unpacked!);
  // Which buffers kernels use does not depend on how they are bound.
  const mostOf = (layout: BufferLayout): number =>
    Math.max(0, ...emitted.kernels.map(({ buffers }) => bindingsOf(layout, buffers)));
  if (mostOf(unpacked!) <= limits.storageBuffers) return emitted;
  const layout = packed.find((each) => mostOf(each) <= limits.storageBuffers);
  if (layout) return emittedWith(layout);
  const fewest = Math.min(...[unpacked!, ...packed].map(mostOf));
  return refuse(`a kernel would bind ${fewest} storage buffers, and ${limits.storageBuffers} are granted`);
}

const layOutFor = (program: TileProgram, { dtype = 'f32' }: WgslOptions, packing: Packing): BufferLayout =>
  layOutBuffers(program.buffers, writtenBuffers(program), { dtype }, packing);

/**
 * From none on, as far as bindings demand: values of rows share a binding first, then inputs, which are copied before each
 * launch. Matrices of scores share one last, as all of them reach what a device binds at a part of the keys.
 */
const packings: readonly Packing[] = [
  {},
  { workspace: 'rows' },
  { workspace: 'rows', parameters: true },
  { workspace: 'rows', parameters: true, rows: true },
  { workspace: 'all', parameters: true, rows: true },
  { workspace: 'all', parameters: true, rows: true, integers: true },
];

/** Storage buffers that a kernel binds; packed inputs are one. */
export function bindingsOf({ bound }: BufferLayout, buffers: readonly Buffer[]): number {
  return new Set(buffers.map((buffer) => bound.get(buffer)!.binding)).size;
}

/** The module, written once more where its kernels have added the terms of one stencil in different orders. */
function emitAgreeing(
  program: TileProgram,
  planned: readonly PlannedProgram<PlannedKernel>[],
  buffers: BufferLayout,
  joinsLanes?: ReadonlySet<Kernel>,
): EmittedModule {
  const emitWith = (forms: readonly StencilForms[]): EmittedModule => {
    // Names of functions are taken anew each time.
    const context = new ModuleContext({ ...buffers, names: buffers.names.copy() }, joinsLanes);
    const kernels = planned.flatMap((each, n) => {
      context.enterProgram(each.program.buffers);
      context.stencilForms = forms[n]!;
      return each.kernels.map((kernel) => emitKernel(kernel, context));
    });
    const fields = [
      ...variablesOf(program),
      ...dynamicBuffers(buffers).flatMap(({ offsetField, strideFields }) => [offsetField!, ...strideFields]),
    ];
    const withSubgroups = (): EmittedModule =>
      emitAgreeing(program, planned, buffers, withRoomForLanes(planned, kernels));
    return { kernels, context, buffers, fields, withSubgroups };
  };
  const forms = planned.map(() => new StencilForms());
  const emitted = emitWith(forms);
  const agreements = forms.map((each) => each.agreement());
  return agreements.every((each) => each === undefined)
    ? emitted
    : emitWith(agreements.map((each) => new StencilForms(each)));
}

/** Kernels that leave room in workgroup memory for what threads find out of their subgroups. */
function withRoomForLanes(
  planned: readonly PlannedProgram<PlannedKernel>[],
  emitted: readonly EmittedKernel[],
): ReadonlySet<Kernel> {
  const granted = new Map(
    planned.flatMap(({ kernels }) => kernels.map(({ kernel, options }) => [kernel, options.workgroupBytes] as const)),
  );
  const hasRoom = ({ kernel, workgroupBytes }: EmittedKernel): boolean =>
    workgroupBytes + LANE_BYTES <= granted.get(kernel)!;
  return new Set(emitted.filter(hasRoom).map(({ kernel }) => kernel));
}
