// Emitted Python packages under test: written to a folder of their own, imported by the worker that runs emitted PyTorch, and
// given a library that g++ builds against the emulation, so that the operator runs the kernels on the host.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Graph } from '../../../src/ir/index.js';
import { type BoundCuda, bindTorch } from '../../../targets/binding/index.js';
import { bytesOf } from '../../../targets/cuda/buffers.js';
import { compileCuda } from '../../../targets/cuda/compile.js';
import type { EmittedCuda } from '../../../targets/cuda/index.js';
import { sizeOfAxis } from '../../../targets/shared/sizes.js';
import { type TorchDevice, torchDevice } from '../../../targets/torch/device/index.js';
import { type EmittedTorch, emitTorch } from '../../../targets/torch/index.js';

const emulation = fileURLToPath(new URL('../../../targets/cuda/emulation/', import.meta.url));

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
}

let written = 0;

/** Compiles and binds an optimised graph, and writes what comes of it. */
export function writePackage(graph: Graph, dtype: Dtype): Written {
  const { emitted } = compileCuda(graph, { dtype });
  const bound = bindTorch(graph, emitted, { dtype });
  written += 1;
  const folder = join(temporary, `package-${written}`);
  writeFiles(folder, bound.files);
  return { folder, bound, emitted };
}

/** Builds the launcher with kernels that run on the host; it is told what memory a call may use. The path of the library. */
export async function buildEmulated({ folder, emitted }: Pick<Written, 'folder' | 'emitted'>): Promise<string> {
  writeFileSync(join(folder, 'emulated.cpp'), emulatedText(emitted));
  const library = join(folder, 'emulated.so');
  const flags = ['-std=c++17', '-O1', '-w', '-fno-strict-aliasing', '-shared', '-fPIC', '-Wl,-Bsymbolic'];
  const include = ['-I', emulation, '-I', folder];
  await promisify(execFile)('g++', [...flags, ...include, join(folder, 'emulated.cpp'), '-o', library]);
  return library;
}

function emulatedText({ name, prefix, program, module }: EmittedCuda): string {
  const tensors = program.buffers.filter(({ role }) => role !== 'workspace');
  const declared = tensors.map((buffer) => {
    const { name: field, staticStrides, element } = module.buffers.get(buffer)!;
    const strides = staticStrides === undefined ? `tensors->${field}_strides` : 'nullptr';
    const shape = `{${buffer.axes.map(sizeOfAxis).join(', ')}}`;
    return `  declare("${field}", tensors->${field}, ${shape}, ${strides}, ${bytesOf[element]}, ${buffer.role === 'output'});`;
  });
  return `// ${name} on the host, behind the launcher that a library for a device has.
#define ${prefix}_launch ${prefix}_launch_on_device
#include "${name}.cu"
#undef ${prefix}_launch
#include <vector>

static void declare(const char *name, const void *place, std::vector<int64_t> shape, const int64_t *strides, int bytes, bool is_output) {
  int64_t last = 0, dense = 1;
  for (int axis = static_cast<int>(shape.size()) - 1; axis >= 0; axis -= 1) {
    last += (shape[axis] - 1) * (strides ? strides[axis] : dense);
    dense *= shape[axis];
  }
  emulation::declare_memory(name, place, (last + 1) * bytes);
  if (is_output) memset(const_cast<void *>(place), 0xff, (last + 1) * bytes);
}

extern "C" cudaError_t ${prefix}_launch(const ${prefix}_tensors *tensors, const ${prefix}_sizes *sizes, void *workspace,
                                        size_t workspace_size, cudaStream_t stream) {
  emulation::ranges.clear();
  const int64_t batch = sizes->batch, queries = sizes->queries, keys = sizes->keys, rows = sizes->rows;
${declared.join('\n')}
  if (workspace_size > 0) {
    emulation::declare_memory("the workspace", workspace, workspace_size);
    memset(workspace, 0xff, workspace_size);
  }
  return ${prefix}_launch_on_device(tensors, sizes, workspace, workspace_size, stream);
}
`;
}

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
