// The device of the gpu.js target: imports the text of an emitted module as a user would, and runs it.
// What is tested is what is emitted. Needs Node; only the modes webasm and cpu run there.

import type { Availability, Device } from '../../src/checking/index.js';
import { fail } from '../../src/diagnostics/index.js';
import { bindInputs } from '../../src/interpreter/index.js';
import { type Graph, isGradientGraph } from '../../src/ir/index.js';
import { type HostTensor, hostTensor } from '../../src/tensors/index.js';
import { type EmittedGpujs, emitGpujs } from './emit.js';

export type GpujsMode = 'webasm' | 'cpu' | 'webgpu' | 'webgl2' | 'webgl' | 'headlessgl';

export interface GpujsRunOptions {
  readonly rows?: number | undefined;
}

export interface GpujsDevice extends Device {
  readonly mode: GpujsMode;
  /** Runs a module that was emitted before, on tensors by name; R, the rows of output, is optional. */
  readonly runEmitted: (
    emitted: EmittedGpujs,
    inputs: ReadonlyMap<string, HostTensor>,
    options?: GpujsRunOptions,
  ) => Promise<Map<string, HostTensor>>;
  /** Lets go of all kernels. The device can be used again. */
  readonly close: () => Promise<void>;
}

interface Instance {
  readonly run: (
    tensors: Record<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }>,
    options?: { readonly rows?: number },
  ) => Promise<Record<string, { readonly shape: number[]; readonly data: Float32Array }>>;
  readonly destroy: () => Promise<void>;
}

/** A device for one mode of gpu.js. */
export function gpujsDevice(mode: GpujsMode = 'webasm'): GpujsDevice {
  const instances = new Map<string, Promise<Instance>>();
  const emittedGraphs = new WeakMap<Graph, EmittedGpujs>();
  const instanceOf = (emitted: EmittedGpujs): Promise<Instance> => {
    const text = emitted.files.get(emitted.module)!;
    const known = instances.get(text);
    if (known) return known;
    const made = load(emitted, mode);
    instances.set(text, made);
    // Checks run one module on many shapes before they come to the next.
    if (instances.size > mostInstances) {
      const [oldest, unused] = [...instances][0]!;
      instances.delete(oldest);
      void unused.then(({ destroy }) => destroy());
    }
    return made;
  };
  const runEmitted: GpujsDevice['runEmitted'] = async (emitted, inputs, { rows } = {}) => {
    const found = await availabilityOf(mode);
    if (!found.available) fail('HD6101', { mode, why: found.why, remedy: found.remedy });
    const instance = await instanceOf(emitted);
    try {
      const out = await instance.run(Object.fromEntries(inputs), rows === undefined ? {} : { rows });
      return new Map(Object.entries(out).map(([name, { shape, data }]) => [name, hostTensor(shape, data, 'F32')]));
    } catch (error) {
      if (error instanceof RangeError) fail('HD6104', { problem: error.message });
      throw error;
    }
  };
  return {
    name: mode === 'webasm' ? 'gpujs' : `gpujs-${mode}`,
    mode,
    precision: 'f32',
    availability: () => availabilityOf(mode),
    runEmitted,
    run: async (graph, inputs, { rows } = {}) => {
      const call = bindInputs(graph, inputs, rows);
      let emitted = emittedGraphs.get(graph);
      if (!emitted) {
        // Incoming gradients are padded to all rows that are given, whose history has been looked at.
        emitted = emitGpujs(isGradientGraph(graph) ? { ...graph, history: 0 } : graph);
        emittedGraphs.set(graph, emitted);
      }
      return runEmitted(emitted, call.tensors, { rows: call.rows });
    },
    close: async () => {
      const open = [...instances.values()];
      instances.clear();
      for (const instance of open) await (await instance).destroy();
    },
  };
}

const mostInstances = 2;

async function load({ files, module, factory }: EmittedGpujs, mode: GpujsMode): Promise<Instance> {
  // A data: module can import nothing by name: its one import gets the place of the package instead.
  const text = files.get(module)!.replace("from 'gpu.js'", `from '${import.meta.resolve('gpu.js')}'`);
  const exports = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as Record<
    string,
    (options: { mode: GpujsMode }) => Instance
  >;
  return exports[factory]!({ mode });
}

// ── Modes ───────────────────────────────────────────────────────────────────────────────────────────

interface ModeNeeds {
  readonly detail: string;
  readonly isHere: (gpu: GpujsFeatures) => boolean | Promise<boolean>;
  readonly why: string;
  readonly remedy: string;
}

/** What gpu.js says of its host. */
interface GpujsFeatures {
  readonly isWebAssemblySupported: boolean;
  readonly isWebGLSupported: boolean;
  readonly isWebGL2Supported: boolean;
  readonly isHeadlessGLSupported: boolean;
  readonly isWebGPUAvailable: () => Promise<boolean>;
}

const inBrowser = 'import the emitted module in a page, or use mode webasm';

const modes: Readonly<Record<GpujsMode, ModeNeeds>> = {
  webasm: {
    detail: 'WebAssembly with SIMD, float32',
    isHere: (gpu) => gpu.isWebAssemblySupported,
    why: 'this JavaScript engine has no WebAssembly',
    remedy: 'use mode cpu',
  },
  cpu: { detail: 'plain JavaScript, float64 within a kernel', isHere: () => true, why: '', remedy: '' },
  webgpu: {
    detail: 'WebGPU, float32',
    isHere: (gpu) => gpu.isWebGPUAvailable(),
    why: 'there is no WebGPU adapter: Node has no navigator.gpu',
    remedy: inBrowser,
  },
  webgl2: {
    detail: 'WebGL 2, float32',
    isHere: (gpu) => gpu.isWebGL2Supported,
    why: 'there is no WebGL 2 context: Node has no canvas',
    remedy: inBrowser,
  },
  webgl: {
    detail: 'WebGL, float32',
    isHere: (gpu) => gpu.isWebGLSupported,
    why: 'there is no WebGL context: Node has no canvas',
    remedy: inBrowser,
  },
  headlessgl: {
    detail: 'WebGL by the package gl, float32',
    isHere: (gpu) => gpu.isHeadlessGLSupported,
    why: 'the optional package gl is not installed or has no display to draw on',
    remedy: 'install gl, or use mode webasm',
  },
};

export const gpujsModes = Object.keys(modes) as readonly GpujsMode[];

/** Who only compiles does without the package. */
function isInstalled(): boolean {
  try {
    return import.meta.resolve('gpu.js') !== '';
  } catch {
    return false;
  }
}

async function availabilityOf(mode: GpujsMode): Promise<Availability> {
  const { detail, isHere, why, remedy } = modes[mode];
  if (!isInstalled()) {
    return { available: false, why: 'the package gpu.js is not installed', remedy: 'npm install gpu.js' };
  }
  const { GPU } = (await import('gpu.js')) as unknown as { GPU: GpujsFeatures };
  return (await isHere(GPU)) ? { available: true, detail } : { available: false, why, remedy };
}

/** All modes, with what can run here and why the others cannot. */
export async function describe(): Promise<ReadonlyMap<GpujsMode, Availability>> {
  return new Map(await Promise.all(gpujsModes.map(async (mode) => [mode, await availabilityOf(mode)] as const)));
}
