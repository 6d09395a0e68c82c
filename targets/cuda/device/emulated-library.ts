// Emitted files as shared libraries and programs for the host: g++ compiles them against the emulation, and what loads a library
// for a device finds the same functions. The launcher is told what memory a call may use, so that other accesses are found.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sizeOfAxis } from '../../shared/sizes.js';
import { bytesOf } from '../buffers.js';
import type { EmittedCuda } from '../emit-files.js';
import { compiler, compilerFlags, emulation } from './host-compiler.js';

async function compile(folder: string, ...options: readonly string[]): Promise<void> {
  await promisify(execFile)(compiler(), [...compilerFlags, '-I', emulation, '-I', folder, ...options]);
}

/** Builds the launchers of the files in a folder, with kernels that run on the host. The path of the library. */
export async function buildEmulatedLibrary(folder: string, ...emitted: readonly EmittedCuda[]): Promise<string> {
  const [source, library] = [join(folder, 'emulated.cpp'), join(folder, 'emulated.so')];
  writeFileSync(source, [declareText, ...emitted.map(emulatedText)].join('\n'));
  await compile(folder, '-shared', '-fPIC', '-Wl,-Bsymbolic', source, '-o', library);
  return library;
}

/** Builds a program, in CUDA C++, around the launcher of the files in a folder; it is one of them. The path of what is built. */
export async function buildEmulatedProgram(folder: string, { name }: EmittedCuda, program: string): Promise<string> {
  const [source, built] = [join(folder, 'emulated-program.cpp'), join(folder, 'emulated.run')];
  writeFileSync(
    source,
    `// ${name} and a program around it, on the host.\n#include "${name}.cu"\n#include "${program}"\n`,
  );
  await compile(folder, source, '-o', built);
  return built;
}

const declareText = `#include "primitives.h"
#include <vector>

static void declare(const char *name, const void *place, std::vector<int64_t> shape, const int64_t *strides, int bytes, bool is_output) {
  if (!place) return;
  int64_t last = 0, dense = 1;
  for (int axis = static_cast<int>(shape.size()) - 1; axis >= 0; axis -= 1) {
    last += (shape[axis] - 1) * (strides ? strides[axis] : dense);
    dense *= shape[axis];
  }
  emulation::declare_memory(name, place, (last + 1) * bytes);
  if (is_output) memset(const_cast<void *>(place), 0xff, (last + 1) * bytes);
}
`;

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
