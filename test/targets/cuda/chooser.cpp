// A user's program around a launcher of two alternatives, on the emulation: which is taken, what a caller may ask for, and how much
// workspace it takes, also where the device changes in between. Ends with the number of the first check that fails; says what is
// chosen for the calls that it reads.
#include "few.h"

constexpr int batch = 2, heads = 4, kv_heads = 2, features = 8, history = 2;

static float *numbers(const char *name, size_t count, bool is_drawn) {
  float *const place = static_cast<float *>(aligned_alloc(256, (count * sizeof(float) + 511) / 256 * 256));
  static unsigned state = 1;
  for (size_t n = 0; n < count; n += 1) {
    state = state * 1664525u + 1013904223u;
    place[n] = is_drawn ? static_cast<float>(state >> 8) / (1 << 23) - 1.0f : NAN;
  }
  emulation::declare_memory(name, place, count * sizeof(float));
  return place;
}

int main() {
  const few_sizes prefill = {8, 4096, 4096, 4096, 0}, step = {batch, 1 + history, 700, 1, 0};
  if (few_chosen(&prefill) != FIRST) return 1;
  if (few_chosen(&step) != FEW) return 2;

  few_tensors tensors = {};
  tensors.q = numbers("q", batch * heads * (1 + history) * features, true);
  tensors.k = numbers("k", batch * kv_heads * 700 * features, true);
  tensors.v = numbers("v", batch * kv_heads * 700 * features, true);
  tensors.theta = numbers("theta", heads * 3 * 5, true);
  float *const lse = numbers("lse", batch * heads, false);
  tensors.lse = lse;
  float *outputs[4];
  const auto launch = [&](int call, const few_sizes &sizes, size_t bytes) {
    tensors.out = outputs[call] = numbers("out", batch * heads * features, false);
    void *const workspace = bytes == 0 ? nullptr : numbers("the workspace", (bytes + 3) / 4, false);
    return few_launch(&tensors, &sizes, workspace, bytes, nullptr);
  };

  // What is asked for is taken, with its own workspace and no less.
  few_sizes first = step, few = step, none = step, other = step;
  first.alternative = FIRST, few.alternative = FEW, none.alternative = -1, other.alternative = 3;
  const size_t needed = few_workspace_size(&few);
  // Many batch entries leave each one share of its keys, and memory for one.
  few_sizes many = few;
  many.batch = 128 * batch;
  if (few_workspace_size(&many) > 64 * needed) return 12;
  if (few_workspace_size(&first) != 0 || needed == 0 || few_workspace_size(&step) != needed) return 3;
  if (few_chosen(&first) != FIRST || few_chosen(&few) != FEW || few_chosen(&none) != 0 || few_chosen(&other) != 0) return 4;
  if (launch(0, first, 0) != cudaSuccess || launch(1, few, needed) != cudaSuccess || launch(2, step, needed) != cudaSuccess) return 5;
  if (launch(3, few, needed - 1) != cudaErrorInvalidValue || launch(3, other, needed) != cudaErrorInvalidValue) return 6;
  bool differ = false;
  for (int n = 0; n < batch * heads * features; n += 1) {
    if (!(fabsf(outputs[0][n] - outputs[1][n]) < 1e-5f)) return 7;
    if (outputs[1][n] != outputs[2][n]) return 8;
    differ = differ || outputs[0][n] != outputs[1][n];
  }
  // Sums in another order: what is asked for is what runs.
  if (!differ) return 9;
  // With less workspace another one is taken.
  if (launch(3, step, needed - 1) != cudaSuccess) return 10;
  if (memcmp(outputs[0], outputs[3], batch * heads * features * sizeof(float)) != 0) return 11;

  // Each call as batch, rows, keys and multiprocessors. What one device asks for serves a launch on the other.
  int call[4];
  while (fread(call, sizeof(int), 4, stdin) == 4) {
    const few_sizes sizes = {call[0], call[1] + history, call[2], call[1], 0};
    emulation::multiprocessors = call[3];
    const int chosen = few_chosen(&sizes);
    printf("%d\n", chosen);
    const size_t bytes = few_workspace_size(&sizes);
    for (emulation::multiprocessors = 1; emulation::multiprocessors < 1000; emulation::multiprocessors *= 2) {
      if (few_kernels::taken_for(&sizes, bytes) == 0) return 12;
    }
    emulation::multiprocessors = call[3];
    if (few_kernels::taken_for(&sizes, bytes) != chosen) return 13;
  }
  return 0;
}
