// The microbenchmarks of what docs call doubtful: the rate of mma.sync, that of wgmma by its width, and what both reach together.
// A program of its own, without PyTorch; it prints one JSON object a line. wgmma is left out for other architectures than sm_90a.

const wgmmaWidths = [8, 16, 32, 64, 128, 256] as const;

/** One wgmma of 64 rows, N columns and 16 terms, both operands from shared memory. */
function wgmmaText(width: number): string {
  const registers = width / 2;
  const names = Array.from({ length: registers }, (_, n) => `%${n}`).join(', ');
  const operands = Array.from({ length: registers }, (_, n) => `"+f"(accumulator[${n}])`).join(', ');
  return `template <> struct Wgmma<${width}> {
  static __device__ __forceinline__ void multiply(float (&accumulator)[${registers}], uint64_t left, uint64_t right) {
    asm volatile("{ .reg .pred adds; setp.ne.b32 adds, 1, 0; wgmma.mma_async.sync.aligned.m64n${width}k16.f32.bf16.bf16 {${names}}, %${registers}, %${registers + 1}, adds, 1, 1, 0, 0; }"
                 : ${operands} : "l"(left), "l"(right));
  }
};`;
}

export const microText = `// Rates of matrix instructions, in dense bf16 operations: 2 * rows * columns * terms each. Compile with nvcc -arch=sm_80 and
// later; with sm_90a for wgmma.
#include <cuda_runtime.h>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

static void check(cudaError_t error, const char *what) {
  if (error == cudaSuccess) return;
  fprintf(stderr, "%s: %s\\n", what, cudaGetErrorString(error));
  exit(1);
}

constexpr int warp_size = 32;

/**
 * Two random bf16 numbers of sizes from 1/4 to 1/2, of either sign: what multiplies zeros takes less power, and clocks stay higher
 * than they do for anybody.
 */
__device__ __forceinline__ uint32_t random_pair(uint32_t n) {
  uint32_t x = n * 2654435761u + 0x9e3779b9u;
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  x ^= x >> 16;
  return (x & 0x807f807fu) | 0x3e803e80u;
}

// ── mma.sync ────────────────────────────────────────────────────────────────────────────────────────

__device__ __forceinline__ void multiply(float (&accumulator)[4], const uint32_t (&left)[4], const uint32_t (&right)[2]) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
               "{%0, %1, %2, %3};"
               : "+f"(accumulator[0]), "+f"(accumulator[1]), "+f"(accumulator[2]), "+f"(accumulator[3])
               : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right[0]), "r"(right[1]));
}

/** Steps of Chains independent products a warp, each with columns of its own. */
template <int Chains> __device__ float chains(int steps) {
  float accumulator[Chains][4] = {};
  uint32_t left[4], right[Chains][2];
  const uint32_t seed = (blockIdx.x * blockDim.x + threadIdx.x) * 64;
  for (int n = 0; n < 4; n += 1) left[n] = random_pair(seed + n);
#pragma unroll
  for (int chain = 0; chain < Chains; chain += 1) {
    for (int n = 0; n < 2; n += 1) right[chain][n] = random_pair(seed + 4 + 2 * chain + n);
  }
  for (int step = 0; step < steps; step += 1) {
#pragma unroll
    for (int chain = 0; chain < Chains; chain += 1) multiply(accumulator[chain], left, right[chain]);
  }
  float total = 0.0f;
#pragma unroll
  for (int chain = 0; chain < Chains; chain += 1) {
    for (int n = 0; n < 4; n += 1) total += accumulator[chain][n];
  }
  return total;
}

template <int Chains> __global__ void __launch_bounds__(1024) mma_rate(int steps, float *out) {
  out[blockIdx.x * blockDim.x + threadIdx.x] = chains<Chains>(steps);
}

constexpr double operations_of_mma = 2.0 * 16 * 8 * 16;

// ── wgmma ───────────────────────────────────────────────────────────────────────────────────────────

#if defined(HAS_WGMMA)

template <int Width> struct Wgmma;
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
${wgmmaWidths.map(wgmmaText).join('\n')}

__device__ __forceinline__ void fence() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
__device__ __forceinline__ void commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
template <int Pending> __device__ __forceinline__ void await_products() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" :: "n"(Pending) : "memory");
}

/** A matrix without swizzle: its 8x16-byte cores are neighbours along both axes. */
__device__ __forceinline__ uint64_t descriptor(const void *place) {
  const uint32_t address = static_cast<uint32_t>(__cvta_generic_to_shared(place));
  return static_cast<uint64_t>((address & 0x3ffff) >> 4) | static_cast<uint64_t>(128 >> 4) << 16 | static_cast<uint64_t>(256 >> 4) << 32;
}
#endif

/** Rows of the left operand, 64 by 16, and of the right one, up to 256 by 16, of random numbers. */
struct __align__(128) Operands { unsigned char left[64 * 32], right[256 * 32]; };

constexpr int products_of_step = 4;

/** Warpgroup 0 multiplies by wgmma; warps behind it, where there are any, by mma.sync; or its own warps do, in between. */
template <int Width, int OwnMma, int OtherMma>
__global__ void __launch_bounds__(256) wgmma_rate(int steps, int mma_steps, float *out) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
  __shared__ Operands operands;
  for (int n = threadIdx.x; n < static_cast<int>(sizeof(Operands) / 4); n += blockDim.x) reinterpret_cast<uint32_t *>(&operands)[n] = random_pair(n);
  __syncthreads();
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
  __syncthreads();
  float total = 0.0f;
  if (threadIdx.x < 128) {
    float accumulator[Width / 2] = {};
    float own[(OwnMma > 0 ? OwnMma : 1)][4] = {};
    uint32_t rows[4], columns[2];
    for (int n = 0; n < 4; n += 1) rows[n] = random_pair(threadIdx.x * 8 + n);
    for (int n = 0; n < 2; n += 1) columns[n] = random_pair(threadIdx.x * 8 + 4 + n);
    const uint64_t left = descriptor(operands.left), right = descriptor(operands.right);
    for (int step = 0; step < steps; step += 1) {
      fence();
#pragma unroll
      for (int n = 0; n < products_of_step; n += 1) Wgmma<Width>::multiply(accumulator, left, right);
      commit();
#pragma unroll
      for (int n = 0; n < OwnMma; n += 1) multiply(own[n], rows, columns);
      await_products<0>();
    }
    for (int n = 0; n < Width / 2; n += 1) total += accumulator[n];
    for (int n = 0; n < OwnMma; n += 1) total += own[n][0];
  } else if (OtherMma > 0) {
    total = chains<(OtherMma > 0 ? OtherMma : 1)>(mma_steps);
  }
  out[blockIdx.x * blockDim.x + threadIdx.x] = total;
#else
  (void)steps, (void)mma_steps, (void)out;
#endif
}

#endif

// ── Measuring ───────────────────────────────────────────────────────────────────────────────────────

static float *results = nullptr;
static int processors = 0;

/** Milliseconds of the launches, sorted; the first two are not counted. */
template <typename Start> std::vector<float> measured(int repeats, Start start) {
  cudaEvent_t before, after;
  check(cudaEventCreate(&before), "cudaEventCreate");
  check(cudaEventCreate(&after), "cudaEventCreate");
  std::vector<float> times;
  for (int n = 0; n < repeats + 2; n += 1) {
    check(cudaEventRecord(before), "cudaEventRecord");
    start();
    check(cudaGetLastError(), "a kernel");
    check(cudaEventRecord(after), "cudaEventRecord");
    check(cudaEventSynchronize(after), "a kernel");
    float time = 0.0f;
    check(cudaEventElapsedTime(&time, before, after), "cudaEventElapsedTime");
    if (n >= 2) times.push_back(time);
  }
  std::sort(times.begin(), times.end());
  return times;
}

static void say(const char *name, const char *detail, double operations, const std::vector<float> &times) {
  const double median = times[times.size() / 2];
  printf("{\\"name\\": \\"%s\\", \\"detail\\": \\"%s\\", \\"median_ms\\": %.6f, \\"least_ms\\": %.6f, \\"tflops\\": %.3f}\\n", name, detail,
         median, times.front(), operations / (median * 1e-3) * 1e-12);
  fflush(stdout);
}

template <int Chains> void measure_mma(int warps, int steps, int repeats) {
  const std::vector<float> times =
      measured(repeats, [&] { mma_rate<Chains><<<processors, warps * warp_size>>>(steps, results); });
  char detail[96];
  snprintf(detail, sizeof(detail), "%d warps a multiprocessor, %d independent products a warp", warps, Chains);
  say("mma.sync m16n8k16", detail, operations_of_mma * Chains * steps * warps * processors, times);
}

#if defined(HAS_WGMMA)
template <int Width> void measure_wgmma(int warpgroups, int steps, int repeats) {
  const int blocks = processors * warpgroups;
  const std::vector<float> times = measured(repeats, [&] { wgmma_rate<Width, 0, 0><<<blocks, 128>>>(steps, 0, results); });
  char detail[96];
  snprintf(detail, sizeof(detail), "64x%dx16 from shared memory, %d warpgroups a multiprocessor", Width, warpgroups);
  say("wgmma", detail, 2.0 * 64 * Width * 16 * products_of_step * steps * blocks, times);
}

/** wgmma beside mma.sync of other warps: each alone, then both, with steps that take either about as long. */
template <int Width> void measure_both(int steps, int repeats) {
  constexpr int chains_of_warp = 8;
  const double one = 2.0 * 64 * Width * 16 * products_of_step * steps * processors;
  const std::vector<float> alone = measured(repeats, [&] { wgmma_rate<Width, 0, 0><<<processors, 128>>>(steps, 0, results); });
  const std::vector<float> other =
      measured(repeats, [&] { mma_rate<chains_of_warp><<<processors, 128>>>(steps, results); });
  const double ratio = alone[alone.size() / 2] / std::max(1e-6f, other[other.size() / 2]);
  const int mma_steps = std::max(1, static_cast<int>(steps * ratio));
  const double two = operations_of_mma * chains_of_warp * mma_steps * 4.0 * processors;
  const std::vector<float> mma_alone =
      measured(repeats, [&] { mma_rate<chains_of_warp><<<processors, 128>>>(mma_steps, results); });
  const std::vector<float> both =
      measured(repeats, [&] { wgmma_rate<Width, 0, chains_of_warp><<<processors, 256>>>(steps, mma_steps, results); });
  char detail[96];
  snprintf(detail, sizeof(detail), "64x%dx16, one warpgroup a multiprocessor, alone", Width);
  say("overlap: wgmma", detail, one, alone);
  snprintf(detail, sizeof(detail), "four warps a multiprocessor, alone");
  say("overlap: mma.sync", detail, two, mma_alone);
  snprintf(detail, sizeof(detail), "64x%dx16 beside mma.sync of four other warps", Width);
  say("overlap: both", detail, one + two, both);
}

/** mma.sync of the warps whose wgmma is under way. */
template <int Width, int Own> void measure_own(int steps, int repeats) {
  const std::vector<float> times = measured(repeats, [&] { wgmma_rate<Width, Own, 0><<<processors, 128>>>(steps, 0, results); });
  char detail[96];
  snprintf(detail, sizeof(detail), "64x%dx16, %d mma.sync of the same warps while four wgmma are under way", Width, Own);
  const double operations = 2.0 * 64 * Width * 16 * products_of_step + operations_of_mma * Own * 4.0;
  say("overlap: same warps", detail, operations * steps * processors, times);
}

#endif

int main(int count, char **given) {
  const int steps = count > 1 ? atoi(given[1]) : 20000;
  const int repeats = count > 2 ? atoi(given[2]) : 9;
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, 0), "cudaGetDeviceProperties");
  processors = properties.multiProcessorCount;
  check(cudaMalloc(&results, static_cast<size_t>(processors) * 8 * 1024 * sizeof(float)), "cudaMalloc");
  for (const int warps : {4, 8, 16}) measure_mma<8>(warps, steps, repeats);
  measure_mma<1>(4, steps, repeats);
  measure_mma<2>(8, steps, repeats);
  measure_mma<4>(8, steps, repeats);
#if defined(HAS_WGMMA)
  if (properties.major == 9 && properties.minor == 0) {
${wgmmaWidths.map((width) => `    measure_wgmma<${width}>(2, steps, repeats);`).join('\n')}
    measure_wgmma<64>(1, steps, repeats);
    measure_wgmma<128>(1, steps, repeats);
    measure_both<64>(steps, repeats);
    measure_both<128>(steps, repeats);
    measure_own<64, 0>(steps, repeats);
    measure_own<64, 8>(steps, repeats);
    measure_own<64, 16>(steps, repeats);
    measure_own<64, 32>(steps, repeats);
  }
#endif
  return 0;
}
`;
