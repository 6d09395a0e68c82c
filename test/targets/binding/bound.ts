// Emitted Python packages under test: written to a folder of their own, imported by the worker that runs emitted PyTorch, and
// given a library that g++ builds against the emulation, so that the operator runs the kernels on the host.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Graph } from '../../../src/ir/index.js';
import { type BoundCuda, bindTorch, type Training } from '../../../targets/binding/index.js';
import { compileCuda } from '../../../targets/cuda/compile.js';
import { buildEmulatedLibrary } from '../../../targets/cuda/device/emulated-library.js';
import type { EmittedCuda } from '../../../targets/cuda/index.js';
import { type TorchDevice, torchDevice } from '../../../targets/torch/device/index.js';
import { type EmittedTorch, emitTorch } from '../../../targets/torch/index.js';

type Dtype = 'f32' | 'f16' | 'bf16';

export const temporary = mkdtempSync(join(tmpdir(), 'heddle-bind-'));
export const cleanUp = (): void => rmSync(temporary, { recursive: true, force: true });

export function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

export interface Written {
  readonly folder: string;
  readonly bound: BoundCuda;
  readonly emitted: EmittedCuda;
  /** All modules of kernels, that of the spec first. */
  readonly modules: readonly EmittedCuda[];
}

let written = 0;

/** Compiles and binds an optimised graph, and writes what comes of it: with the kernels of a training step where one is given. */
export function writePackage(graph: Graph, dtype: Dtype, training?: Training): Written {
  const { emitted } = compileCuda(graph, { dtype });
  const bound = bindTorch(graph, emitted, { dtype, training });
  written += 1;
  const folder = join(temporary, `package-${written}`);
  writeFiles(folder, bound.files);
  const all = training === undefined || 'why' in training ? [] : [training.forward, training.backward];
  return { folder, bound, emitted, modules: [emitted, ...all] };
}

/** Builds the launcher with kernels that run on the host. The path of the library. */
export const buildEmulated = ({ folder, bound, modules }: Written): Promise<string> =>
  buildEmulatedLibrary(join(folder, bound.package), ...modules);

/** The packages as a device: with kernels on the host where they are built, else as eager PyTorch. */
export function boundDevice(
  dtype: Dtype,
  libraries: ReadonlyMap<Graph, Written & { readonly library: string }>,
): TorchDevice {
  const emit = (graph: Graph): EmittedTorch => {
    const known = libraries.get(graph);
    const { folder, bound } = known ?? writePackage(graph, dtype);
    const eager = emitTorch(graph);
    const { entry, module } = eager.manifest;
    const names = [entry, ...(module === undefined ? [] : [module])];
    const unique = `bound_${folder.replace(/\W/g, '_')}`;
    const text = `
import importlib.util, sys, warnings
warnings.simplefilter('ignore')
FOLDER = ${JSON.stringify(join(folder, bound.package))}
spec = importlib.util.spec_from_file_location('${unique}', FOLDER + '/__init__.py', submodule_search_locations=[FOLDER])
package = sys.modules['${unique}'] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(package)
${known === undefined ? '' : `package.use_library(${JSON.stringify(known.library)}, 'cpu')`}
${names.map((name) => `${name} = package.${name}`).join('\n')}
`;
    return { ...eager, files: new Map([...eager.files, [eager.module, text]]) };
  };
  return torchDevice({ dtype, emit });
}
