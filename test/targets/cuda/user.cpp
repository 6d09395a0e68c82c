// A user's program around an emitted launcher, on the emulation: tensors with strides give what dense ones give, and what is
// wrong with a call is said by the error. Ends with the number of the first check that fails.
#include "flash.cu"

constexpr int batch = 2, heads = 3, queries = 21, keys = 21, features = 8;
constexpr size_t count = batch * heads * keys * features;

static float *numbers(const char *name, size_t size, bool is_drawn) {
  float *const place = static_cast<float *>(aligned_alloc(256, (size * sizeof(float) + 511) / 256 * 256));
  static unsigned state = 1;
  for (size_t n = 0; n < size; n += 1) {
    state = state * 1664525u + 1013904223u;
    place[n] = is_drawn ? static_cast<float>(state >> 8) / (1 << 23) - 1.0f : NAN;
  }
  emulation::declare_memory(name, place, size * sizeof(float));
  return place;
}

/** [batch, head, position, feature] as [batch, position, head, feature]. */
static float *transposed(const char *name, const float *dense) {
  float *const place = numbers(name, count, false);
  for (int b = 0; b < batch; b += 1)
    for (int h = 0; h < heads; h += 1)
      for (int i = 0; i < keys; i += 1)
        for (int d = 0; d < features; d += 1)
          place[((b * keys + i) * heads + h) * features + d] = dense[((b * heads + h) * keys + i) * features + d];
  return place;
}

int main() {
  const flash_sizes sizes = {batch, queries, keys, queries};
  float *const q = numbers("q", count, true), *const k = numbers("k", count, true), *const v = numbers("v", count, true);
  float *const out = numbers("out", count, false), *const lse = numbers("lse", batch * heads * queries, false);
  flash_tensors dense = {};
  dense.q = q, dense.k = k, dense.v = v, dense.out = out, dense.lse = lse;
  if (flash_workspace_size(&sizes) != 0) return 1;
  if (flash_launch(&dense, &sizes, nullptr, 0, nullptr) != cudaSuccess) return 2;

  const int64_t strides[] = {keys * heads * features, features, heads * features, 1};
  float *const other = numbers("other", count, false), *const other_lse = numbers("other_lse", batch * heads * queries, false);
  flash_tensors strided = dense;
  strided.q = transposed("qt", q), strided.k = transposed("kt", k), strided.v = transposed("vt", v);
  strided.q_strides = strided.k_strides = strided.v_strides = strides;
  strided.out = other, strided.lse = other_lse;
  if (flash_launch(&strided, &sizes, nullptr, 0, nullptr) != cudaSuccess) return 3;
  if (memcmp(out, other, count * sizeof(float)) != 0) return 4;

  const flash_sizes none = {batch, 0, keys, 0}, more = {batch, queries, keys, queries + 1};
  if (flash_launch(&dense, &none, nullptr, 0, nullptr) != cudaErrorInvalidValue) return 5;
  if (flash_launch(&dense, &more, nullptr, 0, nullptr) != cudaErrorInvalidValue) return 6;
  if (flash_launch(nullptr, &sizes, nullptr, 0, nullptr) != cudaErrorInvalidValue) return 7;
  flash_tensors missing = dense;
  missing.k = nullptr;
  if (flash_launch(&missing, &sizes, nullptr, 0, nullptr) != cudaErrorInvalidValue) return 8;
  flash_tensors misaligned = dense;
  misaligned.q = q + 1;
  if (flash_launch(&misaligned, &sizes, nullptr, 0, nullptr) != cudaErrorMisalignedAddress) return 9;
  const int64_t gaps[] = {keys * heads * features, features, heads * features, 2};
  flash_tensors apart = strided;
  apart.v_strides = gaps;
  if (flash_launch(&apart, &sizes, nullptr, 0, nullptr) != cudaErrorInvalidValue) return 10;

  // Blocks go in another order on a device with another cache, and are all there.
  constexpr int keys_of_a_head = 2 * keys * features * sizeof(float);
  for (int held = 0; held <= batch * heads; held += 1) {
    emulation::second_cache = 2 * held * keys_of_a_head + 1;
    const int together = flash_kernels::heads_to_go_together(batch * heads, batch * heads * keys_of_a_head);
    if (together != (held == 0 ? 1 : held)) return 11;
    for (size_t n = 0; n < count; n += 1) other[n] = NAN;
    if (flash_launch(&strided, &sizes, nullptr, 0, nullptr) != cudaSuccess) return 12;
    if (memcmp(out, other, count * sizeof(float)) != 0) return 13;
  }
  return 0;
}
