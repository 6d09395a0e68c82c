// Kernels for sm_90a that are wrong, one for each number, run on the emulation: each must end with the place of its mistake.
// The first warpgroup multiplies two tiles of ones that the first warp of the second one has copied.
#include "primitives.h"

struct Launch {
  int which;
  float *results;
};
struct Maps {
  TensorMap ones;
};

constexpr int tile = 64 * 128, left = 0, right = tile, full = 2 * tile, other = full + 8, empty = full + 16;

KERNEL(256) wrong(const Launch launch, const SHARED_BY_BLOCKS Maps maps) {
  const int thread = thread_index(), which = launch.which;
  if (thread == 0) {
    make_barrier(full, 1);
    make_barrier(other, 1);
    make_barrier(empty, 4);
    if (which != 0) fence_barriers(); // 0: nobody else may see the barriers
  }
  if (which != 1) synchronize(); // 1: somebody uses a barrier that may not be there yet
  if (thread >= 128) {
    release_registers<24>();
    if (which == 2 && thread < 160) take_registers<256>(); // 2: a warp alone asks for registers
    if (thread >= 160) return;
    if (which == 22) return; // 22: nobody brings what the others wait for
    expect_bytes(full, which == 3 ? tile : which == 4 ? 4 * tile : 2 * tile); // 3, 4: not the bytes that come
    copy_box(which == 5 ? left + 128 : left, &maps.ones, full, {0, 0}); // 5: where no pattern of a swizzle begins
    copy_box(which == 6 ? left : right, &maps.ones, full, {0, 0});     // 6: where another copy is under way
    if (which == 7) { // 7: an operand is replaced while it may be read
      await_barrier(full, 0);
      expect_bytes(other, tile);
      copy_box(left, &maps.ones, other, {0, 0});
    }
    if (which == 8) copy_box(4 * tile, &maps.ones, full, {0, 0}); // 8: beyond the end
    if (which == 9 || which == 25) { // 9: a copy is left under way
      await_barrier(empty, 0);
      expect_bytes(other, tile);
      copy_box(left, &maps.ones, other, {0, 0});
    }
    return;
  }
  if (which == 10) take_registers<250>();
  if (which == 11) take_registers<264>();
  if (which == 12) release_registers<256>(), take_registers<24>(); // 12: the wrong way
  take_registers<256>();
  if (which == 13) load_shared<float>(full); // 13: a barrier is no memory
  if (which == 14) load_shared<float>(left); // 14: before the copy was waited for
  if (which != 15 || thread < 32) await_barrier(full, 0);
  if (which == 15) load_shared<float>(left); // 15: another warp has waited
  if (which == 16) {                         // 16: the generic proxy writes what a product reads
    store_shared<uint16_t>(left + thread * 2, 0x3c00);
    synchronize_group<128>();
  }
  float sums[8][4];
  if (which != 17) fence_products(); // 17: no fence
  const uint64_t a = describe<128>(which == 18 ? left + 64 + 48 : left, 0, 1024); // 18: within a pattern
  const uint64_t b = describe<128>(right, 0, which == 19 ? 1040 : 1024);          // 19: rows within a pattern
  if (which != 20 || thread < 64) start_product<float16, false>(sums, a, b);     // 20: half of the warpgroup
  for (int step = 1; step < 4; step += 1) add_product<float16, false>(sums, a + 2 * step, b + 2 * step);
  commit_products();
  if (which == 21) sums[0][0] = 1.0f; // 21: an accumulator is written
  if (which == 23) store_shared<float>(right + thread * 4, 1.0f); // 23: an operand is written
  if (which == 24) return;           // 24: a product is left under way
  launch.results[thread] = sums[0][0];
  if (which == 25) arrive(empty); // 25: the operand is given back before the product is done
  if (which == 26 && thread < 64) synchronize_group<128>(); // 26: half of them
  await_products<0>();
  hold(sums);
  launch.results[128 + thread] = sums[7][3];
  arrive(empty);
}

int main(int, char **arguments) {
  alignas(16) static uint16_t ones[64 * 64];
  for (uint16_t &one : ones) one = 0x3c00;
  static float results[256];
  emulation::declare_memory("ones", ones, sizeof(ones));
  Maps maps;
  const uint64_t sizes[] = {64, 64}, strides[] = {128};
  const uint32_t box[] = {64, 64};
  if (make_map<float16>(&maps.ones, reinterpret_cast<const float16 *>(ones), 2, sizes, strides, box, 128) != cudaSuccess) return 1;
  // What the driver refuses.
  TensorMap none;
  const uint64_t odd[] = {120};
  const uint32_t wide[] = {128, 64};
  if (make_map<float16>(&none, reinterpret_cast<const float16 *>(ones), 2, sizes, odd, box, 128) == cudaSuccess) return 2;
  if (make_map<float16>(&none, reinterpret_cast<const float16 *>(ones), 2, sizes, strides, wide, 128) == cudaSuccess) return 3;
  if (make_map<float16>(&none, reinterpret_cast<const float16 *>(ones) + 1, 2, sizes, strides, box, 128) == cudaSuccess) return 4;
  start_kernel("wrong", wrong, 1, 256, 4 * tile, nullptr, Launch{atoi(arguments[1]), results}, maps);
  // Before the wait nobody can tell what an accumulator holds; behind it, it holds a sum of 64 ones.
  for (int n = 0; n < 128; n += 1) {
    if (!std::isnan(results[n]) || results[128 + n] != 64.0f) return 5;
  }
  return 0;
}
