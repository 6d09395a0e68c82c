// The device functions of kernels for sm_90a: barriers in shared memory, copies of boxes of a tensor, products of warpgroups.
// The emulation defines functions of the same names; a module without such kernels leaves them out.
import type { NarrowType } from '../buffers.js';

/** A shape of products that a kernel uses: 64 rows, so many columns, sixteen entries of the sum. */
export interface ProductShape {
  readonly type: NarrowType;
  readonly columns: number;
  /** Whether the rows of the right operand run along the columns (MN-major): it is read transposed. */
  readonly isAcross: boolean;
  readonly left: 'shared' | 'registers';
  /** Whether the accumulators are new rather than added to. */
  readonly isFirst: boolean;
}

/** Compiled by nvcc alone, before the namespace of the kernels. */
export const warpgroupIncludes = '#include <cuda.h>';

/** Compiled by nvcc alone, before the namespace too: assembly finds it by its name, which a program of several files needs one of for each. */
export const warpgroupGlobals = (prefix: string): string => `#if defined(HEDDLE_WATCHDOG)
extern "C" {
__device__ uint32_t *${prefix}_watchdog_record = nullptr;
/** Where a wait in vain is written down: six words that the device can write and the host can read. */
cudaError_t ${prefix}_watchdog(void *record) { return cudaMemcpyToSymbol(${prefix}_watchdog_record, &record, sizeof(record)); }
}
#endif`;

/**
 * Waits at a barrier in shared memory. In files that are built with HEDDLE_WATCHDOG, a number of turns of 2^32 clocks, a longer wait
 * writes down where it was, in memory of the host that PREFIX_watchdog names, and traps. All of that is one piece of assembly
 * that the kernel never comes back from: written as C++ it takes registers from the products, which then wait for each other.
 */
const waitingText = (prefix: string): string => `#if !defined(HEDDLE_WATCHDOG)
/** Waits until the phase of this parity is complete; before the first one, that of parity 1 counts as complete. */
DEVICE void await_barrier(int barrier, uint32_t parity) {
  asm volatile("{\\n"
               ".reg .pred is_complete;\\n"
               "again:\\n"
               "mbarrier.try_wait.parity.shared::cta.b64 is_complete, [%0], %1;\\n"
               "@is_complete bra done;\\n"
               "bra again;\\n"
               "done:\\n"
               "}" :: "r"(shared_address(barrier)), "r"(parity) : "memory");
}
#else
/** The same wait with an end. Writes that it has, the line, the barrier, the parity, the block and the thread. */
template <int Line> DEVICE void await_barrier_until(int barrier, uint32_t parity) {
  asm volatile("{\\n"
               ".reg .pred is_complete, goes_on;\\n"
               ".reg .u32 began, now;\\n"
               ".reg .u64 record;\\n"
               "mbarrier.try_wait.parity.shared::cta.b64 is_complete, [%0], %1;\\n"
               "@is_complete bra done;\\n"
               "mov.u32 began, %%clock_hi;\\n"
               "again:\\n"
               "mbarrier.try_wait.parity.shared::cta.b64 is_complete, [%0], %1;\\n"
               "@is_complete bra done;\\n"
               "mov.u32 now, %%clock_hi;\\n"
               "sub.u32 now, now, began;\\n"
               "setp.lt.u32 goes_on, now, %2;\\n"
               "@goes_on bra again;\\n"
               "ld.global.u64 record, [${prefix}_watchdog_record];\\n"
               "setp.eq.u64 goes_on, record, 0;\\n"
               "@goes_on bra stop;\\n"
               "mov.u32 now, %3;\\n"
               "st.global.u32 [record + 4], now;\\n"
               "mov.u32 now, %4;\\n"
               "st.global.u32 [record + 8], now;\\n"
               "mov.u32 now, %1;\\n"
               "st.global.u32 [record + 12], now;\\n"
               "mov.u32 now, %%ctaid.x;\\n"
               "st.global.u32 [record + 16], now;\\n"
               "mov.u32 now, %%tid.x;\\n"
               "st.global.u32 [record + 20], now;\\n"
               "membar.sys;\\n"
               "mov.u32 now, 1;\\n"
               "st.global.u32 [record], now;\\n"
               "membar.sys;\\n"
               "stop:\\n"
               "trap;\\n"
               "exit;\\n"
               "done:\\n"
               "}" :: "r"(shared_address(barrier)), "r"(parity), "n"(HEDDLE_WATCHDOG), "n"(Line), "r"(barrier) : "memory");
}
#define await_barrier(barrier, parity) await_barrier_until<__LINE__>(barrier, parity)
#endif`;

/** Compiled by nvcc alone. Instructions by the PTX ISA; CUTLASS is the second witness, file by file below. */
const instructionsText = (prefix: string): string => `#define SHARED_BY_BLOCKS __grid_constant__

/** A barrier of the first Threads threads of the block; number 0 is that of __syncthreads. */
template <int Threads> DEVICE void synchronize_group() { asm volatile("bar.sync 1, %0;" :: "n"(Threads) : "memory"); }

// Barriers in shared memory: cutlass/arch/barrier.h. Whole warps arrive and wait; one lane speaks for them.
DEVICE void make_barrier(int address, int arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" :: "r"(shared_address(address)), "r"(arrivals) : "memory");
}
DEVICE void fence_barriers() {
  asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}
DEVICE void fence_proxy() { asm volatile("fence.proxy.async.shared::cta;" ::: "memory"); }
DEVICE void arrive(int barrier) {
  __syncwarp();
  if (threadIdx.x % 32 == 0) {
    asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" :: "r"(shared_address(barrier)) : "memory");
  }
}
DEVICE void expect_bytes(int barrier, int bytes) {
  if (threadIdx.x % 32 == 0) {
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;"
                 :: "r"(shared_address(barrier)), "r"(bytes) : "memory");
  }
}
${waitingText(prefix)}

using TensorMap = CUtensorMap;
template <typename T> struct MapType;
template <> struct MapType<float16> { static constexpr CUtensorMapDataType value = CU_TENSOR_MAP_DATA_TYPE_FLOAT16; };
template <> struct MapType<bfloat16> { static constexpr CUtensorMapDataType value = CU_TENSOR_MAP_DATA_TYPE_BFLOAT16; };

/** Describes a tensor to the copies of its boxes; what lies outside of it reads as 0. The driver is found as it runs. */
template <typename T>
inline cudaError_t make_map(TensorMap *map, const T *begin, uint32_t rank, const uint64_t *sizes, const uint64_t *strides,
                            const uint32_t *box, uint32_t swizzle) {
  void *function = nullptr;
  cudaDriverEntryPointQueryResult found = cudaDriverEntryPointSymbolNotFound;
#if CUDART_VERSION >= 12050
  const cudaError_t error =
      cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &function, 12000, cudaEnableDefault, &found);
#else
  const cudaError_t error = cudaGetDriverEntryPoint("cuTensorMapEncodeTiled", &function, cudaEnableDefault, &found);
#endif
  if (error != cudaSuccess) return error;
  if (found != cudaDriverEntryPointSuccess || !function) return cudaErrorNotSupported;
  const auto encode = reinterpret_cast<CUresult (*)(
      CUtensorMap *, CUtensorMapDataType, cuuint32_t, void *, const cuuint64_t *, const cuuint64_t *, const cuuint32_t *,
      const cuuint32_t *, CUtensorMapInterleave, CUtensorMapSwizzle, CUtensorMapL2promotion, CUtensorMapFloatOOBfill)>(function);
  cuuint64_t extents[5], steps[5];
  const cuuint32_t each[] = {1, 1, 1, 1, 1};
  for (uint32_t axis = 0; axis < rank; axis += 1) {
    extents[axis] = sizes[axis];
    steps[axis] = axis + 1 < rank ? strides[axis] : 0;
  }
  const CUtensorMapSwizzle mode = swizzle == 128  ? CU_TENSOR_MAP_SWIZZLE_128B
                                  : swizzle == 64 ? CU_TENSOR_MAP_SWIZZLE_64B
                                                  : CU_TENSOR_MAP_SWIZZLE_32B;
  const CUresult result = encode(map, MapType<T>::value, rank, const_cast<T *>(begin), extents, steps, box, each,
                                 CU_TENSOR_MAP_INTERLEAVE_NONE, mode, CU_TENSOR_MAP_L2_PROMOTION_L2_256B,
                                 CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  return result == CUDA_SUCCESS ? cudaSuccess : cudaErrorInvalidValue;
}

// Copies of boxes: cute/arch/copy_sm90_tma.hpp, SM90_TMA_LOAD_2D and further. The innermost coordinate comes first.
${[2, 3, 4, 5].map(copyText).join('\n')}

// Warpgroups: cute/arch/mma_sm90_gmma.hpp, cutlass/arch/reg_reconfig.h.
/** The same for all lanes, and known to be: descriptors live in uniform registers. */
DEVICE int warpgroup_index() { return __shfl_sync(0xffffffffu, static_cast<int>(threadIdx.x) / 128, 0); }
template <int Count> DEVICE void release_registers() { asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" :: "n"(Count)); }
template <int Count> DEVICE void take_registers() { asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" :: "n"(Count)); }

/** An operand in shared memory (cute/arch/mma_sm90_desc.hpp): address and offsets without their last four bits, the swizzle. */
template <int Swizzle> DEVICE uint64_t describe(int address, int leading, int stride) {
  const uint64_t mode = Swizzle == 128 ? 1 : Swizzle == 64 ? 2 : 3;
  return static_cast<uint64_t>(shared_address(address) >> 4 & 0x3fff) | static_cast<uint64_t>(leading >> 4) << 16 |
         static_cast<uint64_t>(stride >> 4) << 32 | mode << 62;
}
DEVICE void fence_products() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
DEVICE void commit_products() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
template <int Pending> DEVICE void await_products() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" :: "n"(Pending) : "memory");
}
/** Four matrices of 8 x 8, as accumulators hold them in pairs of 16 bits: lane l says where row l % 8 of matrix l / 8 goes. */
DEVICE void store_matrices(int address, uint32_t first, uint32_t second, uint32_t third, uint32_t fourth) {
  asm volatile("stmatrix.sync.aligned.m8n8.x4.shared.b16 [%0], {%1, %2, %3, %4};"
               :: "r"(shared_address(address)), "r"(first), "r"(second), "r"(third), "r"(fourth) : "memory");
}
/** Registers that products read or write asynchronously: nothing that is done with them moves over this place. */
template <int Columns, int Words> DEVICE void hold(float (&registers)[Columns][Words]) {
#pragma unroll
  for (int n = 0; n < Columns * Words; ++n) asm volatile("" : "+f"(registers[n / Words][n % Words])::"memory");
}
template <int Columns, int Words> DEVICE void hold(uint32_t (&registers)[Columns][Words]) {
#pragma unroll
  for (int n = 0; n < Columns * Words; ++n) asm volatile("" : "+r"(registers[n / Words][n % Words])::"memory");
}
/** accumulator[64 x 8 Columns] = or += left[64 x 16] * right[16 x 8 Columns]: under way until it is waited for. */
template <typename T, bool IsAcross, int Columns>
DEVICE void start_product(float (&accumulator)[Columns][4], uint64_t left, uint64_t right);
template <typename T, bool IsAcross, int Columns>
DEVICE void add_product(float (&accumulator)[Columns][4], uint64_t left, uint64_t right);
template <typename T, bool IsAcross, int Columns>
DEVICE void start_product(float (&accumulator)[Columns][4], const uint32_t (&low)[2], const uint32_t (&high)[2], uint64_t right);
template <typename T, bool IsAcross, int Columns>
DEVICE void add_product(float (&accumulator)[Columns][4], const uint32_t (&low)[2], const uint32_t (&high)[2], uint64_t right);`;

function copyText(rank: number): string {
  const places = Array.from({ length: rank }, (_, n) => `"r"(at[${n}])`).join(', ');
  const operands = Array.from({ length: rank }, (_, n) => `%${n + 3}`).join(', ');
  return `DEVICE void copy_box(int address, const TensorMap *map, int barrier, const int (&at)[${rank}]) {
  if (threadIdx.x % 32 == 0) {
    asm volatile("cp.async.bulk.tensor.${rank}d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {${operands}}], [%2];"
                 :: "r"(shared_address(address)), "l"(map), "r"(shared_address(barrier)), ${places}
                 : "memory");
  }
}`;
}

const types: Readonly<Record<NarrowType, string>> = { float16: 'f16', bfloat16: 'bf16' };

/** One product of a warpgroup: wgmma.mma_async.m64nNk16, N = 8 columns. */
function productText({ type, columns, isAcross, left, isFirst }: ProductShape): string {
  const count = 4 * columns;
  const inRegisters = left === 'registers';
  const parameters = inRegisters ? 'const uint32_t (&low)[2], const uint32_t (&high)[2]' : 'uint64_t left';
  const name = isFirst ? 'start_product' : 'add_product';
  const numbers = (from: number, length: number): string => Array.from({ length }, (_, n) => `%${from + n}`).join(', ');
  const rows = (constraint: string): string =>
    Array.from({ length: columns }, (_, n) => {
      const entries = [0, 1, 2, 3].map((e) => `"${constraint}"(accumulator[${n}][${e}])`);
      return `                 ${entries.join(', ')}`;
    }).join(',\n');
  const leftText = inRegisters ? `{${numbers(count, 4)}}` : `%${count}`;
  const rightNumber = count + (inRegisters ? 4 : 1);
  const leftInputs = inRegisters ? '"r"(low[0]), "r"(low[1]), "r"(high[0]), "r"(high[1])' : '"l"(left)';
  // The scale of the accumulator, the signs of the operands, and which of those in shared memory are read transposed.
  const flags = `adds, 1, 1${inRegisters ? '' : ', 0'}, ${isAcross ? 1 : 0}`;
  return `template <> __device__ __forceinline__ void ${name}<${type}, ${isAcross}, ${columns}>(float (&accumulator)[${columns}][4], ${parameters}, uint64_t right) {
  asm volatile("{\\n.reg .pred adds;\\nsetp.ne.b32 adds, ${isFirst ? 0 : 1}, 0;\\n"
               "wgmma.mma_async.sync.aligned.m64n${8 * columns}k16.f32.${types[type]}.${types[type]} "
               "{${numbers(0, count)}}, "
               "${leftText}, %${rightNumber}, ${flags};\\n}"
               :
${rows(isFirst ? '=f' : '+f')}
               : ${leftInputs}, "l"(right));
}`;
}

/** The launch of kernels that take maps beside the structure of the launch. */
const starting = `/** Starts the blocks of a kernel that takes maps of its tensors. */
template <typename Launch, typename Maps>
inline cudaError_t start_kernel(const char *, void (*kernel)(Launch, Maps), int blocks, int threads, int shared_bytes,
                                cudaStream_t stream, const Launch &launch, const Maps &maps) {
  const void *const function = reinterpret_cast<const void *>(kernel);
  const cudaError_t error = cudaFuncSetAttribute(function, cudaFuncAttributeMaxDynamicSharedMemorySize, shared_bytes);
  if (error != cudaSuccess) return error;
  void *arguments[] = {const_cast<std::remove_const_t<Launch> *>(&launch), const_cast<std::remove_const_t<Maps> *>(&maps)};
  return cudaLaunchKernel(function, dim3(blocks), dim3(threads), arguments, shared_bytes, stream);
}`;

/** The functions that the products of a module's kernels need, each shape once. */
export function warpgroupText(shapes: readonly ProductShape[], prefix: string): string {
  const products = new Set(shapes.map(productText));
  return [instructionsText(prefix), ...products, starting].join('\n\n');
}
