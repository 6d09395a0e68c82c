// The device functions of an emitted file: inline PTX where nvcc compiles it, the emulation's functions of the same names
// where a compiler of the host does. What kernels say beyond them is plain C++.

import { type ProductShape, warpgroupGlobals, warpgroupIncludes, warpgroupText } from './warpgroup-primitives.js';

/** Compiled by nvcc alone: the instructions. */
const instructions = `#define DEVICE __device__ __forceinline__
#define EVERYWHERE __host__ __device__ __forceinline__
#define KERNEL(threads) static __global__ void __launch_bounds__(threads, 1)

DEVICE int thread_index() { return threadIdx.x; }
/** The same, read anew. */
DEVICE int thread_index_again() {
  int index;
  asm volatile("mov.u32 %0, %%tid.x;" : "=r"(index));
  return index;
}
DEVICE int block_index() { return blockIdx.x; }
/** The same number, which compilers do not know to be the same: what is made of it in a loop is not kept in registers from before. */
DEVICE int recomputed(int x) {
  asm volatile("" : "+r"(x));
  return x;
}
DEVICE void synchronize() { __syncthreads(); }
DEVICE void synchronize_warp() { __syncwarp(); }
/** The value of the lane whose number differs in the bits of mask. */
DEVICE float shuffle_xor(float value, int mask) { return __shfl_xor_sync(0xffffffffu, value, mask); }
DEVICE int least_of_warp(int value) { return __reduce_min_sync(0xffffffffu, value); }
DEVICE int most_of_warp(int value) { return __reduce_max_sync(0xffffffffu, value); }
DEVICE bool any_of_warp(bool value) { return __any_sync(0xffffffffu, value); }

struct float16 { uint16_t bits; };
struct bfloat16 { uint16_t bits; };
DEVICE float to_float(float x) { return x; }
DEVICE float to_float(bfloat16 x) { return __uint_as_float(static_cast<uint32_t>(x.bits) << 16); }
DEVICE float to_float(float16 x) {
  float y;
  asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x.bits));
  return y;
}
template <typename T> DEVICE T from_float(float x);
template <> __device__ __forceinline__ float from_float<float>(float x) { return x; }
template <> __device__ __forceinline__ float16 from_float<float16>(float x) {
  float16 y;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y.bits) : "f"(x));
  return y;
}
template <> __device__ __forceinline__ bfloat16 from_float<bfloat16>(float x) {
  bfloat16 y;
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(y.bits) : "f"(x));
  return y;
}
/** Two floats rounded to nearest even, the first in the lower half. */
template <typename T> DEVICE uint32_t round_pair(float low, float high);
template <> __device__ __forceinline__ uint32_t round_pair<float16>(float low, float high) {
  uint32_t pair;
  asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
  return pair;
}
template <> __device__ __forceinline__ uint32_t round_pair<bfloat16>(float low, float high) {
  uint32_t pair;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
  return pair;
}

extern __shared__ __align__(1024) unsigned char shared_memory[];
DEVICE uint32_t shared_address(int address) {
  return static_cast<uint32_t>(__cvta_generic_to_shared(shared_memory)) + static_cast<uint32_t>(address);
}
template <typename T> DEVICE T load_global(const T *place) { return *place; }
template <typename T> DEVICE void store_global(T *place, T value) { *place = value; }
/** Two neighbours at once, the first at a place that both together are aligned to. */
template <typename T> DEVICE void store_pair(T *place, float low, float high) {
  *reinterpret_cast<uint32_t *>(place) = round_pair<T>(low, high);
}
DEVICE void store_pair(float *place, float low, float high) {
  *reinterpret_cast<float2 *>(place) = make_float2(low, high);
}
template <typename T> DEVICE T load_shared(int address) { return *reinterpret_cast<const T *>(shared_memory + address); }
template <typename T> DEVICE void store_shared(int address, T value) { *reinterpret_cast<T *>(shared_memory + address) = value; }

/** Starts a copy of 16 bytes to shared memory; 16 zeros are written instead where is_inside is false. */
DEVICE void copy_async(int address, const void *from, bool is_inside) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
               :: "r"(shared_address(address)), "l"(__cvta_generic_to_global(from)), "r"(is_inside ? 16 : 0) : "memory");
}
DEVICE void commit_copies() { asm volatile("cp.async.commit_group;" ::: "memory"); }
/** Waits until at most Pending groups of this thread are under way. */
template <int Pending> DEVICE void await_copies() { asm volatile("cp.async.wait_group %0;" :: "n"(Pending) : "memory"); }

/** Four 8x8 matrices of 16-bit elements; lane l gives the address of row l % 8 of matrix l / 8. */
DEVICE void load_matrices(uint32_t (&fragment)[4], int address) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(fragment[0]), "=r"(fragment[1]), "=r"(fragment[2]), "=r"(fragment[3])
               : "r"(shared_address(address)) : "memory");
}
/** The same, each matrix transposed. */
DEVICE void load_matrices_transposed(uint32_t (&fragment)[4], int address) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(fragment[0]), "=r"(fragment[1]), "=r"(fragment[2]), "=r"(fragment[3])
               : "r"(shared_address(address)) : "memory");
}
/** accumulator[16x8] += left[16x16] * right[16x8] in float, the operands of 16 bits. */
template <typename T>
DEVICE void multiply_accumulate(float (&accumulator)[4], const uint32_t (&left)[4], uint32_t right_0, uint32_t right_1);
template <>
__device__ __forceinline__ void multiply_accumulate<bfloat16>(float (&accumulator)[4], const uint32_t (&left)[4],
                                                              uint32_t right_0, uint32_t right_1) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
               "{%0, %1, %2, %3};"
               : "+f"(accumulator[0]), "+f"(accumulator[1]), "+f"(accumulator[2]), "+f"(accumulator[3])
               : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right_0), "r"(right_1));
}
template <>
__device__ __forceinline__ void multiply_accumulate<float16>(float (&accumulator)[4], const uint32_t (&left)[4],
                                                             uint32_t right_0, uint32_t right_1) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
               "{%0, %1, %2, %3};"
               : "+f"(accumulator[0]), "+f"(accumulator[1]), "+f"(accumulator[2]), "+f"(accumulator[3])
               : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right_0), "r"(right_1));
}

/** The smaller and the larger, NaN where one of them is, and -0 below 0. */
DEVICE float smaller(float x, float y) {
  float z;
  asm("min.NaN.f32 %0, %1, %2;" : "=f"(z) : "f"(x), "f"(y));
  return z;
}
DEVICE float larger(float x, float y) {
  float z;
  asm("max.NaN.f32 %0, %1, %2;" : "=f"(z) : "f"(x), "f"(y));
  return z;
}
DEVICE float power_of_two(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

/** Starts the blocks of a kernel; more than 48 KiB of shared memory have to be asked for first. */
template <typename Launch>
inline cudaError_t start_kernel(const char *, void (*kernel)(Launch), int blocks, int threads, int shared_bytes,
                                cudaStream_t stream, const Launch &launch) {
  const void *const function = reinterpret_cast<const void *>(kernel);
  if (shared_bytes > 48 * 1024) {
    const cudaError_t error = cudaFuncSetAttribute(function, cudaFuncAttributeMaxDynamicSharedMemorySize, shared_bytes);
    if (error != cudaSuccess) return error;
  }
  void *arguments[] = {const_cast<Launch *>(&launch)};
  return cudaLaunchKernel(function, dim3(blocks), dim3(threads), arguments, shared_bytes, stream);
}`;

/** Compiled by both. */
const functions = `DEVICE float sign_of(float x) { return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x; }
EVERYWHERE int least(int x, int y) { return x < y ? x : y; }
EVERYWHERE int most(int x, int y) { return x > y ? x : y; }
EVERYWHERE int sign(int x) { return (x > 0) - (x < 0); }
template <typename T> EVERYWHERE T select(T no, T yes, bool condition) { return condition ? yes : no; }
/** Half goes up; what rounds to 0 keeps its sign. */
DEVICE float round_half_up(float x) {
  const float below = floorf(x);
  return copysignf(x - below >= 0.5f ? below + 1.0f : below, x);
}
/** 1 and -1 to an infinite power are no numbers, nor is 1 to the power of none. */
DEVICE float power(float x, float y) { return fabsf(x) == 1.0f && !(fabsf(y) < INFINITY) ? NAN : powf(x, y); }
/** 0 where x is 0, whatever y is. */
DEVICE float absorbing_multiply(float x, float y) { return x == 0.0f ? 0.0f : x * y; }
/**
 * e^(x - m), and 0 where x is -Infinity, even in a row that sees no key. It is 1 where x is m, whatever m is: as one
 * multiply-add it would be nearly 1, and a row's only key would leave a trace in weights of 16 bits.
 */
DEVICE float exponential_difference(float x, float m) {
  return power_of_two((x - (m == -INFINITY ? 0.0f : m)) * 1.4426950408889634f);
}
EVERYWHERE int floor_divide(int x, int y) { return x < 0 ? (x + 1) / y - 1 : x / y; }
EVERYWHERE int shift_left(int x, int y) { return static_cast<int>(static_cast<uint32_t>(x) << (y & 31)); }
EVERYWHERE int shift_right(int x, int y) { return x >> (y & 31); }
/** The nearest integer of 32 bits that has an opposite. */
EVERYWHERE int narrowed(long long x) {
  return x > INT_MAX ? INT_MAX : x < -INT_MAX ? -INT_MAX : static_cast<int>(x);
}
EVERYWHERE int size_of(int x) { return x < -INT_MAX ? INT_MAX : x < 0 ? -x : x; }
EVERYWHERE int to_integer(float x) {
  return x >= 2147483648.0f ? INT_MAX : x < -2147483648.0f ? INT_MIN : static_cast<int>(x);
}
/** Whether 0 <= offset < size. */
DEVICE bool is_inside(int offset, int size) { return static_cast<uint32_t>(offset) < static_cast<uint32_t>(size); }
/**
 * Starts the copies of a thread's part of a box of Rows rows of Chunks chunks, to rows Pitch bytes apart. Together neighbouring threads
 * copy neighbouring chunks of a row. The thread's first one is in the box's row \`row\`, at \`address\` and \`from\`; the box begins at row
 * \`first\` of \`size\`, and rows outside of them are 0. Rows are \`stride\` entries apart.
 */
template <int Rows, int Chunks, int Together, int Pitch, int Threads, typename T>
DEVICE void copy_rows(int address, const T *from, int64_t stride, int row, int first, int size) {
  constexpr int apart = Threads / Together, turns = (Rows + apart - 1) / apart;
  const int64_t step = apart * stride;
  if (first >= 0 && first <= size - Rows) {
#pragma unroll
    for (int turn = 0; turn < turns; ++turn, from += step) {
      if (Rows % apart != 0 && turn == turns - 1 && row + turn * apart >= Rows) break;
#pragma unroll
      for (int n = 0; n < Chunks; n += Together) {
        copy_async(address + turn * apart * Pitch + n * 16, from + n * (16 / static_cast<int>(sizeof(T))), true);
      }
    }
  } else {
#pragma unroll 1
    for (; row < Rows; row += apart, address += apart * Pitch, from += step) {
#pragma unroll
      for (int n = 0; n < Chunks; n += Together) {
        copy_async(address + n * 16, from + n * (16 / static_cast<int>(sizeof(T))), is_inside(first + row, size));
      }
    }
  }
}`;

/**
 * What files include before everything else. `emulation` is the header that a compiler of the host includes instead; files with products of
 * warpgroups give what their functions begin with.
 */
export const includesText = (emulation: string, warpgroups?: string): string =>
  [
    '#include <limits.h>',
    '#include <math.h>',
    '#include <stdint.h>',
    '#if defined(__CUDACC__)',
    ...(warpgroups === undefined ? [] : [warpgroupIncludes]),
    '#include <cuda_runtime.h>',
    ...(warpgroups === undefined ? [] : [warpgroupGlobals(warpgroups)]),
    '#else',
    `#include "${emulation}"`,
    '#endif',
  ].join('\n');

/** The device functions, which stand before the kernels and in their namespace. */
export const primitivesText = (products: readonly ProductShape[], prefix: string): string =>
  [
    '#if defined(__CUDACC__)',
    instructions,
    ...(products.length > 0 ? ['', warpgroupText(products, prefix)] : []),
    '#endif',
    '',
    functions,
  ].join('\n');
