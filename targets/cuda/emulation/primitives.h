// The device functions of emitted kernels on the host, under the names that they have on a CUDA device, with the fragment
// layouts of the PTX instructions. Each knows the line that it is called from.
#pragma once
#include "cuda_runtime_api.h"
#include "memory.h"
#include <cmath>
#include <tuple>

#define DEVICE static inline
#define EVERYWHERE static inline
#define KERNEL(threads) static void
#define SHARED_BY_BLOCKS
#define HERE int line = __builtin_LINE()
#define AND_HERE , HERE

// ── Threads ──────────────────────────────────────────────────────────────────────────────────────────

DEVICE int thread_index() { return emulation::machine.current; }
DEVICE int thread_index_again() { return thread_index(); }
DEVICE int block_index() { return emulation::machine.block; }
DEVICE int recomputed(int x) { return x; }
DEVICE void synchronize(HERE) { emulation::synchronize(line); }
DEVICE void synchronize_warp(HERE) { emulation::synchronize_warp(line); }

/** The value of the lane whose number differs in the bits of `mask`. */
DEVICE float shuffle_xor(float value, int mask AND_HERE) {
  emulation::Warp &warp = emulation::machine.own_warp();
  const int lane = emulation::machine.lane();
  memcpy(&warp.words[lane][0], &value, 4);
  emulation::meet(warp.collective, emulation::meetings::shuffle, line, [&warp] {
    for (int n = 0; n < emulation::warp_size; n += 1) warp.words[n][1] = warp.words[n][0];
  });
  float other;
  memcpy(&other, &warp.words[lane ^ mask][1], 4);
  return other;
}

namespace emulation {

/** The least or the largest of the numbers of a warp. */
inline int reduce(int value, Meeting meeting, int line) {
  Warp &warp = machine.own_warp();
  uint32_t (&own)[10] = warp.words[machine.lane()];
  memcpy(&own[0], &value, 4);
  meet(warp.collective, meeting, line, [&warp, meeting] {
    const auto is_better = [meeting](int one, int other) { return meeting == meetings::least ? one < other : one > other; };
    int32_t found;
    memcpy(&found, &warp.words[0][0], 4);
    for (int n = 1; n < warp_size; n += 1) {
      int32_t other;
      memcpy(&other, &warp.words[n][0], 4);
      if (is_better(other, found)) found = other;
    }
    for (int n = 0; n < warp_size; n += 1) memcpy(&warp.words[n][1], &found, 4);
  });
  memcpy(&value, &own[1], 4);
  return value;
}

} // namespace emulation

DEVICE int least_of_warp(int value AND_HERE) { return emulation::reduce(value, emulation::meetings::least, line); }
DEVICE int most_of_warp(int value AND_HERE) { return emulation::reduce(value, emulation::meetings::most, line); }
DEVICE bool any_of_warp(bool value AND_HERE) { return emulation::reduce(value, emulation::meetings::any, line) != 0; }

// ── Numbers of 16 bits ───────────────────────────────────────────────────────────────────────────────

struct float16 {
  uint16_t bits;
};
struct bfloat16 {
  uint16_t bits;
};

DEVICE uint32_t float_as_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return bits;
}
DEVICE float bits_as_float(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

DEVICE float to_float(float x) { return x; }
DEVICE float to_float(bfloat16 x) { return bits_as_float(static_cast<uint32_t>(x.bits) << 16); }
DEVICE float to_float(float16 x) {
  const uint32_t magnitude = x.bits & 0x7fff;
  // The exponent is biased by 15 there and by 127 here: the product puts that right, for subnormal numbers too.
  const float size = magnitude > 0x7c00 ? NAN : magnitude == 0x7c00 ? INFINITY : bits_as_float(magnitude << 13) * 0x1p112f;
  return x.bits & 0x8000 ? -size : size;
}

template <typename T> DEVICE T from_float(float x);
template <> inline float from_float<float>(float x) { return x; }
/** Rounded to nearest, ties to even. */
template <> inline bfloat16 from_float<bfloat16>(float x) {
  const uint32_t bits = float_as_bits(x);
  if (std::isnan(x)) return {0x7fff};
  return {static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16)};
}
template <> inline float16 from_float<float16>(float x) {
  if (std::isnan(x)) return {0x7fff};
  const uint16_t sign = float_as_bits(x) >> 16 & 0x8000;
  const float size = std::fabs(x);
  if (size >= 65520.0f) return {static_cast<uint16_t>(sign | 0x7c00)};
  if (size < 6.103515625e-05f) return {static_cast<uint16_t>(sign | static_cast<int>(nearbyintf(ldexpf(size, 24))))};
  const uint32_t bits = float_as_bits(size);
  return {static_cast<uint16_t>(sign | ((bits + 0xfff + (bits >> 13 & 1) - 0x38000000) >> 13))};
}

/** Two floats rounded, the first in the lower half. */
template <typename T> DEVICE uint32_t round_pair(float low, float high) {
  return from_float<T>(low).bits | static_cast<uint32_t>(from_float<T>(high).bits) << 16;
}

// ── Memory ───────────────────────────────────────────────────────────────────────────────────────────

struct alignas(8) float2 {
  float x, y;
};
struct alignas(16) float4 {
  float x, y, z, w;
};

template <typename T> DEVICE T load_global(const T *place AND_HERE) {
  emulation::check_global(place, sizeof(T), false, line);
  return *place;
}
template <typename T> DEVICE void store_global(T *place, T value AND_HERE) {
  emulation::check_global(place, sizeof(T), true, line);
  *place = value;
}
/** Two neighbours at once, the first at a place that both together are aligned to. */
template <typename T> DEVICE void store_pair(T *place, float low, float high AND_HERE) {
  store_global(reinterpret_cast<uint32_t *>(place), round_pair<T>(low, high), line);
}
DEVICE void store_pair(float *place, float low, float high AND_HERE) {
  store_global(reinterpret_cast<float2 *>(place), float2{low, high}, line);
}
template <typename T> DEVICE T load_shared(int address AND_HERE) {
  emulation::check_shared(address, sizeof(T), false, line);
  T value;
  memcpy(&value, emulation::shared.bytes + address, sizeof(T));
  return value;
}
template <typename T> DEVICE void store_shared(int address, T value AND_HERE) {
  emulation::check_shared(address, sizeof(T), true, line);
  memcpy(emulation::shared.bytes + address, &value, sizeof(T));
}

/** Starts a copy of 16 bytes to shared memory; 16 zeros are written instead where `is_inside` is false. */
DEVICE void copy_async(int address, const void *from, bool is_inside AND_HERE) {
  emulation::start_copy(address, from, is_inside, line);
}
DEVICE void commit_copies() { emulation::commit_copies(); }
template <int Pending> DEVICE void await_copies() { emulation::await_copies(Pending); }

// ── Matrix fragments ─────────────────────────────────────────────────────────────────────────────────

namespace emulation {

/** Lane l gives the address of row l % 8 of matrix l / 8, and gets elements 2 (l % 4) and the next of row l / 4 of each. */
inline void load_matrices(uint32_t (&fragment)[4], int address, bool is_transposed, int line) {
  check_shared(address, 16, false, line);
  Warp &warp = machine.own_warp();
  const int lane = machine.lane();
  warp.words[lane][0] = static_cast<uint32_t>(address);
  meet(warp.collective, is_transposed ? meetings::load_matrices_transposed : meetings::load_matrices, line, [&warp, is_transposed, line] {
    uint32_t rows[warp_size];
    for (int each = 0; each < warp_size; each += 1) rows[each] = warp.words[each][0];
    check_banks(rows, line);
    for (int each = 0; each < warp_size; each += 1) {
      for (int matrix = 0; matrix < 4; matrix += 1) {
        uint32_t pair = 0;
        for (int half = 0; half < 2; half += 1) {
          const int row = is_transposed ? each % 4 * 2 + half : each / 4;
          const int column = is_transposed ? each / 4 : each % 4 * 2 + half;
          uint16_t element;
          memcpy(&element, shared.bytes + warp.words[matrix * 8 + row][0] + column * 2, 2);
          pair |= static_cast<uint32_t>(element) << (16 * half);
        }
        warp.words[each][2 + matrix] = pair;
      }
    }
  });
  for (int matrix = 0; matrix < 4; matrix += 1) fragment[matrix] = warp.words[lane][2 + matrix];
}

/** Element `n` of a pair. */
template <typename T> inline float element(uint32_t pair, int n) {
  return to_float(T{static_cast<uint16_t>(pair >> (16 * n))});
}

} // namespace emulation

DEVICE void load_matrices(uint32_t (&fragment)[4], int address AND_HERE) {
  emulation::load_matrices(fragment, address, false, line);
}
DEVICE void load_matrices_transposed(uint32_t (&fragment)[4], int address AND_HERE) {
  emulation::load_matrices(fragment, address, true, line);
}

/** accumulator[16×8] += left[16×16] · right[16×8] in float, the operands of 16 bits. */
template <typename T>
DEVICE void multiply_accumulate(float (&accumulator)[4], const uint32_t (&left)[4], uint32_t right_0,
                                uint32_t right_1 AND_HERE) {
  using namespace emulation;
  Warp &warp = machine.own_warp();
  uint32_t (&own)[10] = warp.words[machine.lane()];
  memcpy(own, left, 16);
  own[4] = right_0;
  own[5] = right_1;
  memcpy(own + 6, accumulator, 16);
  meet(warp.collective, meetings::multiply, line, [&warp] {
    float a[16][16], b[16][8];
    for (int lane = 0; lane < warp_size; lane += 1) {
      const int row = lane / 4, column = lane % 4 * 2;
      for (int n = 0; n < 2; n += 1) {
        a[row][column + n] = element<T>(warp.words[lane][0], n);
        a[row + 8][column + n] = element<T>(warp.words[lane][1], n);
        a[row][column + 8 + n] = element<T>(warp.words[lane][2], n);
        a[row + 8][column + 8 + n] = element<T>(warp.words[lane][3], n);
        b[column + n][row] = element<T>(warp.words[lane][4], n);
        b[column + 8 + n][row] = element<T>(warp.words[lane][5], n);
      }
    }
    for (int lane = 0; lane < warp_size; lane += 1) {
      for (int n = 0; n < 4; n += 1) {
        const int row = lane / 4 + n / 2 * 8, column = lane % 4 * 2 + n % 2;
        float total = bits_as_float(warp.words[lane][6 + n]);
        for (int k = 0; k < 16; k += 1) total += a[row][k] * b[k][column];
        warp.words[lane][6 + n] = float_as_bits(total);
      }
    }
  });
  memcpy(accumulator, own + 6, 16);
}

// ── Functions ────────────────────────────────────────────────────────────────────────────────────────

DEVICE float power_of_two(float x) { return exp2f(x); }
/** The smaller and the larger, NaN where one of them is, and -0 below 0. */
DEVICE float smaller(float x, float y) { return x < y || (x == y && std::signbit(x)) || x != x ? x : y; }
DEVICE float larger(float x, float y) { return x > y || (x == y && std::signbit(y)) || x != x ? x : y; }
DEVICE int min(int x, int y) { return x < y ? x : y; }
DEVICE int max(int x, int y) { return x > y ? x : y; }

#include "warpgroup-primitives.h"

// ── Launches ─────────────────────────────────────────────────────────────────────────────────────────

namespace emulation {

/** Runs all blocks, one after the other. */
inline void run_blocks(const char *name, int blocks, int threads, int shared_bytes, void (*run)(const void *),
                       const void *started) {
  launches += 1;
  for (int block = 0; block < blocks; block += 1) {
    machine.threads = threads;
    reset_shared(shared_bytes);
    reset_warpgroups();
    run_block(name, block, threads, run, started);
    check_copies_landed(threads);
    check_barriers_passed();
    check_products_done();
  }
}

template <typename... Arguments> struct Started {
  void (*kernel)(Arguments...);
  std::tuple<Arguments...> arguments;
};
template <typename... Arguments> void run_started(const void *started) {
  const auto &known = *static_cast<const Started<Arguments...> *>(started);
  std::apply(known.kernel, known.arguments);
}

} // namespace emulation

template <typename... Arguments>
static cudaError_t start_kernel(const char *name, void (*kernel)(Arguments...), int blocks, int threads, int shared_bytes,
                                cudaStream_t, const std::remove_const_t<Arguments> &...arguments) {
  const emulation::Started<Arguments...> started{kernel, {arguments...}};
  emulation::run_blocks(name, blocks, threads, shared_bytes, emulation::run_started<Arguments...>, &started);
  return cudaSuccess;
}
