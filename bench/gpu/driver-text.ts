// A program without PyTorch around one emitted launcher, for compute-sanitizer: it fills the inputs, calls the launcher and fetches the
// outputs. Sizes come by its arguments: batch, queries, keys, rows.
import { bytesOf } from '../../targets/cuda/buffers.js';
import type { EmittedCuda } from '../../targets/cuda/index.js';
import { sizeOfAxis } from '../../targets/shared/sizes.js';

export function sanitizerDriverText({ name, prefix, program, module }: EmittedCuda): string {
  const tensors = program.buffers.filter(({ role }) => role !== 'workspace');
  const lines = tensors.map((buffer) => {
    const { name: field, element } = module.buffers.get(buffer)!;
    const count = ['static_cast<size_t>(1)', ...buffer.axes.map(sizeOfAxis)].join(' * ');
    return buffer.role === 'input'
      ? `  tensors.${field} = input(Element::is_${element}, ${count});`
      : `  tensors.${field} = output("${field}", ${count} * ${bytesOf[element]});`;
  });
  return `// Runs ${name} once, without PyTorch. Arguments: batch, queries, keys, rows.
#include "${name}.h"
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cuda_runtime.h>
#include <vector>

static void check(cudaError_t error, const char *what) {
  if (error == cudaSuccess) return;
  fprintf(stderr, "%s: %s\\n", what, cudaGetErrorString(error));
  exit(3);
}

enum class Element { is_float, is_float16, is_bfloat16, is_int };

static uint32_t draw() {
  static uint32_t state = 1;
  state = state * 1664525u + 1013904223u;
  return state >> 8;
}

/** Floats in [-1, 1), integers that rise along the tensor. */
static void *input(Element element, size_t count) {
  const size_t size = element == Element::is_float || element == Element::is_int ? 4 : 2;
  std::vector<unsigned char> bytes(count * size);
  for (size_t n = 0; n < count; n += 1) {
    const float value = static_cast<float>(draw()) / (1 << 23) - 1.0f;
    uint32_t bits;
    memcpy(&bits, &value, 4);
    if (element == Element::is_int) bits = static_cast<uint32_t>(n * 4 / count);
    if (element == Element::is_bfloat16) bits >>= 16;
    // A sign, an exponent from 2^-5 to 2^-2, and any fraction.
    if (element == Element::is_float16) bits = (draw() & 1) << 15 | (10 + draw() % 4) << 10 | (draw() & 1023);
    memcpy(bytes.data() + n * size, &bits, size);
  }
  void *place = nullptr;
  check(cudaMalloc(&place, bytes.size()), "cudaMalloc");
  check(cudaMemcpy(place, bytes.data(), bytes.size(), cudaMemcpyHostToDevice), "cudaMemcpy");
  return place;
}

struct Output { const char *name; void *place; size_t bytes; };
static std::vector<Output> outputs;

static void *output(const char *name, size_t bytes) {
  void *place = nullptr;
  check(cudaMalloc(&place, bytes), "cudaMalloc");
  outputs.push_back({name, place, bytes});
  return place;
}

int main(int count, char **given) {
  if (count != 5) {
    fprintf(stderr, "arguments: batch queries keys rows\\n");
    return 2;
  }
  const int batch = atoi(given[1]), queries = atoi(given[2]), keys = atoi(given[3]), rows = atoi(given[4]);
  ${prefix}_sizes sizes = {};
  sizes.batch = batch, sizes.queries = queries, sizes.keys = keys, sizes.rows = rows;
  ${prefix}_tensors tensors = {};
${lines.join('\n')}
  const size_t needed = ${prefix}_workspace_size(&sizes);
  void *workspace = nullptr;
  if (needed > 0) check(cudaMalloc(&workspace, needed), "cudaMalloc");
  check(${prefix}_launch(&tensors, &sizes, workspace, needed, nullptr), "the launcher");
  check(cudaDeviceSynchronize(), "the kernels");
  for (const Output &each : outputs) {
    std::vector<unsigned char> bytes(each.bytes);
    check(cudaMemcpy(bytes.data(), each.place, each.bytes, cudaMemcpyDeviceToHost), each.name);
  }
  printf("done\\n");
  return 0;
}
`;
}
