// Calls the launcher that Heddle made of attention.ts: sizes, tensors on the device, a workspace, a stream.
// With values that are all 1 each output is 1, whatever the scores are, as the weights of a row sum to 1.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include "convolved.h"

namespace {

constexpr int batch = 2, heads = 4, length = 100, features = 32, rows = 3, columns = 5;

void demand(cudaError_t status, const char *what) {
  if (status == cudaSuccess) return;
  std::fprintf(stderr, "%s: %s\n", what, cudaGetErrorString(status));
  std::exit(1);
}

__half *on_device(const std::vector<float> &values) {
  std::vector<__half> halves(values.size());
  for (std::size_t n = 0; n < values.size(); n += 1) halves[n] = __float2half(values[n]);
  __half *memory = nullptr;
  demand(cudaMalloc(&memory, halves.size() * sizeof(__half)), "cudaMalloc");
  demand(cudaMemcpy(memory, halves.data(), halves.size() * sizeof(__half), cudaMemcpyHostToDevice), "cudaMemcpy");
  return memory;
}

std::vector<float> random_values(std::size_t count) {
  std::vector<float> values(count);
  for (float &value : values) value = 2.0f * std::rand() / RAND_MAX - 1.0f;
  return values;
}

}  // namespace

int main() {
  int devices = 0;
  if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
    std::puts("there is no GPU here: the program is built, and nothing has run");
    return 77;
  }
  const std::size_t count = std::size_t{batch} * heads * length * features;
  convolved_sizes sizes = {};  // whatever else it holds: the launcher chooses
  sizes.batch = batch;
  sizes.queries = sizes.keys = sizes.rows = length;
  convolved_tensors tensors = {};
  tensors.q = on_device(random_values(count));
  tensors.k = on_device(random_values(count));
  tensors.v = on_device(std::vector<float>(count, 1.0f));
  tensors.theta = on_device(random_values(heads * rows * columns));
  __half *out = on_device(std::vector<float>(count, 0.0f));
  tensors.out = out;
  demand(cudaMalloc(&tensors.lse, batch * heads * length * sizeof(float)), "cudaMalloc");

  const std::size_t bytes = convolved_workspace_size(&sizes);
  void *workspace = nullptr;
  if (bytes > 0) demand(cudaMalloc(&workspace, bytes), "cudaMalloc");
  demand(convolved_launch(&tensors, &sizes, workspace, bytes, nullptr), "convolved_launch");
  demand(cudaDeviceSynchronize(), "the kernels");

  std::vector<__half> found(count);
  demand(cudaMemcpy(found.data(), out, count * sizeof(__half), cudaMemcpyDeviceToHost), "cudaMemcpy");
  float furthest = 0.0f;
  for (const __half &value : found) furthest = std::fmax(furthest, std::fabs(__half2float(value) - 1.0f));
  std::printf("outputs of values that are all 1 are at most %g away from 1\n", furthest);
  return furthest < 1e-2f ? 0 : 1;
}
