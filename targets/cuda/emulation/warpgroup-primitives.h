// The device functions of kernels for sm_90a on the host: barriers in shared memory, copies of boxes, products of warpgroups.
// What is one instruction of a warp or warpgroup there is a collective of its threads here.
#pragma once
#include "warpgroups.h"

// ── Barriers ─────────────────────────────────────────────────────────────────────────────────────────

/** Threads 0 … Threads − 1 of the block meet; the others have no part in it. */
template <int Threads> DEVICE void synchronize_group(HERE) { emulation::synchronize_group(1, Threads, line); }
DEVICE void make_barrier(int address, int arrivals AND_HERE) { emulation::make_barrier(address, arrivals, line); }
DEVICE void fence_barriers() { emulation::fence_barriers(); }
/** What this thread has written to shared memory may be read by copies and products that others start behind a barrier. */
DEVICE void fence_proxy() { emulation::machine.thread[emulation::machine.current].proxy_fences += 1; }
DEVICE void arrive(int barrier AND_HERE) { emulation::arrive(barrier, 0, "arrive", line); }
DEVICE void expect_bytes(int barrier, int bytes AND_HERE) { emulation::arrive(barrier, bytes, "expect_bytes", line); }
DEVICE void await_barrier(int barrier, uint32_t parity AND_HERE) { emulation::await_barrier(barrier, parity, line); }

// ── Matrices ─────────────────────────────────────────────────────────────────────────────────────────

/** Four matrices of 8×8, in pairs of 16 bits as accumulators hold them: lane l says where row l mod 8 of matrix l / 8 goes. */
DEVICE void store_matrices(int address, uint32_t first, uint32_t second, uint32_t third, uint32_t fourth AND_HERE) {
  emulation::check_shared(address, 16, true, line);
  emulation::Warp &warp = emulation::machine.own_warp();
  uint32_t (&own)[10] = warp.words[emulation::machine.lane()];
  own[0] = static_cast<uint32_t>(address);
  own[1] = first, own[2] = second, own[3] = third, own[4] = fourth;
  emulation::meet(warp.collective, "store_matrices", line, [&warp, line] {
    uint32_t rows[emulation::warp_size];
    for (int lane = 0; lane < emulation::warp_size; lane += 1) rows[lane] = warp.words[lane][0];
    emulation::check_banks(rows, line);
    for (int lane = 0; lane < emulation::warp_size; lane += 1) {
      for (int matrix = 0; matrix < 4; matrix += 1) {
        const uint32_t row = warp.words[matrix * 8 + lane / 4][0];
        memcpy(emulation::shared.bytes + row + lane % 4 * 4, &warp.words[lane][1 + matrix], 4);
      }
    }
  });
}

// ── Boxes of tensors ─────────────────────────────────────────────────────────────────────────────────

using TensorMap = emulation::TensorMap;

/** What the driver checks when it makes a map of a tensor of 16 bits (CUDA driver API, cuTensorMapEncodeTiled). */
template <typename T>
static cudaError_t make_map(TensorMap *map, const T *begin, uint32_t rank, const uint64_t *sizes, const uint64_t *strides,
                            const uint32_t *box, uint32_t swizzle) {
  if (rank < 1 || rank > 5 || reinterpret_cast<uintptr_t>(begin) % 16 != 0) return cudaErrorInvalidValue;
  *map = {reinterpret_cast<const char *>(begin), rank, {}, {}, {}, swizzle};
  for (uint32_t axis = 0; axis < rank; axis += 1) {
    if (sizes[axis] == 0 || sizes[axis] > (1ull << 32) || box[axis] == 0 || box[axis] > 256) return cudaErrorInvalidValue;
    map->sizes[axis] = sizes[axis];
    map->box[axis] = box[axis];
    if (axis + 1 == rank) continue;
    if (strides[axis] % 16 != 0 || strides[axis] >= (1ull << 40)) return cudaErrorInvalidValue;
    map->strides[axis] = strides[axis];
  }
  const uint32_t row = 2 * box[0];
  if (row % 16 != 0 || (swizzle > 0 && row > swizzle)) return cudaErrorInvalidValue;
  return cudaSuccess;
}

/** Starts the copy of a box; the innermost coordinate first. */
template <int Rank> DEVICE void copy_box(int address, const TensorMap *map, int barrier, const int (&at)[Rank] AND_HERE) {
  if (Rank != map->rank) emulation::fail("a copy has not as many coordinates as its tensor", line);
  emulation::Box copy = {*map, static_cast<uint32_t>(address), {}};
  for (int axis = 0; axis < Rank; axis += 1) copy.at[axis] = at[axis];
  emulation::meet(emulation::machine.own_warp().collective, "copy_box", line,
                  [&copy, barrier, line] { emulation::start_box(copy, barrier, line); });
}

// ── Warpgroups ───────────────────────────────────────────────────────────────────────────────────────

DEVICE int warpgroup_index() { return emulation::machine.current / emulation::warpgroup_size; }
template <int Count> DEVICE void release_registers(HERE) { emulation::change_registers(Count, false, line); }
template <int Count> DEVICE void take_registers(HERE) { emulation::change_registers(Count, true, line); }

template <int Swizzle> DEVICE uint64_t describe(int address, int leading, int stride) {
  const uint64_t mode = Swizzle == 128 ? 1 : Swizzle == 64 ? 2 : 3;
  const auto field = [](int bytes) { return static_cast<uint64_t>(bytes >> 4 & 0x3fff); };
  return field(address) | field(leading) << 16 | field(stride) << 32 | mode << 62;
}

DEVICE void fence_products(HERE) { emulation::fence_products(line); }
DEVICE void commit_products(HERE) { emulation::commit_products(line); }
template <int Pending> DEVICE void await_products(HERE) { emulation::await_products(Pending, line); }
template <typename T, int Columns, int Words> DEVICE void hold(T (&)[Columns][Words]) {}

template <typename T, bool IsAcross, int Columns>
DEVICE void start_product(float (&accumulator)[Columns][4], uint64_t left, uint64_t right AND_HERE) {
  emulation::start_product<T>(&accumulator[0][0], 4 * Columns, nullptr, left, right, IsAcross, true, line);
}
template <typename T, bool IsAcross, int Columns>
DEVICE void add_product(float (&accumulator)[Columns][4], uint64_t left, uint64_t right AND_HERE) {
  emulation::start_product<T>(&accumulator[0][0], 4 * Columns, nullptr, left, right, IsAcross, false, line);
}
/** The left operand in registers: two neighbouring fragments of eight columns, rounded. */
template <typename T, bool IsAcross, int Columns>
DEVICE void start_product(float (&accumulator)[Columns][4], const uint32_t (&low)[2], const uint32_t (&high)[2],
                          uint64_t right AND_HERE) {
  const uint32_t left[] = {low[0], low[1], high[0], high[1]};
  emulation::start_product<T>(&accumulator[0][0], 4 * Columns, left, 0, right, IsAcross, true, line);
}
template <typename T, bool IsAcross, int Columns>
DEVICE void add_product(float (&accumulator)[Columns][4], const uint32_t (&low)[2], const uint32_t (&high)[2],
                        uint64_t right AND_HERE) {
  const uint32_t left[] = {low[0], low[1], high[0], high[1]};
  emulation::start_product<T>(&accumulator[0][0], 4 * Columns, left, 0, right, IsAcross, false, line);
}
