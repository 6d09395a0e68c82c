// Barriers in shared memory on the host, and the copies of boxes of a tensor that land at them: phases, arrivals and bytes as
// the PTX ISA counts them for mbarrier, boxes and their swizzles as it lays them out for cp.async.bulk.tensor.
#pragma once
#include "memory.h"

namespace emulation {

// ── Barriers in shared memory ────────────────────────────────────────────────────────────────────────

/** What cuTensorMapEncodeTiled makes; entries of 16 bits, sizes innermost first, strides in bytes from the second axis on. */
struct TensorMap {
  const char *begin;
  uint32_t rank;
  uint64_t sizes[5];
  uint64_t strides[4];
  uint32_t box[5];
  uint32_t swizzle;
};

/** A copy under way: a box of a tensor from coordinates on, the innermost first. The thread that started it may have ended. */
struct Box {
  TensorMap map;
  uint32_t address;
  int32_t at[5];
};

struct Barrier {
  uint32_t address = 0;
  int arrivals = 0;
  /** Arrivals and bytes that the current phase still waits for. */
  int missing = 0;
  int64_t bytes = 0;
  /** Phases that are complete; the current one has this number. */
  uint32_t phase = 0;
  Access made;
  bool is_fenced = false;
  /** What those who arrived in the current phase know, and what a complete phase hands to those who wait for it. */
  Knowledge gathered;
  Knowledge handed_on;
  std::vector<Box> boxes;
};

inline Barrier barriers[most_barriers];
inline int barrier_count = 0;

inline void make_barrier(uint32_t address, int arrivals, int line) {
  check_place(address, 8, 8, line);
  if (arrivals < 1) fail("a barrier that nobody arrives at", line);
  if (barrier_count == most_barriers) fail("more barriers than are emulated", line);
  for (uint32_t n = 0; n < 4; n += 1) {
    Cell &cell = shared.cells[address / 2 + n];
    check_cell(cell, address, true, line);
    cell.state = State::barrier;
  }
  Barrier &barrier = barriers[barrier_count];
  barrier_count += 1;
  barrier = Barrier{};
  barrier.address = address;
  barrier.arrivals = barrier.missing = arrivals;
  barrier.made = access_now();
}

/** fence.mbarrier_init: barriers that this thread has made may be seen by others, behind a barrier of the block. */
inline void fence_barriers() {
  for (int n = 0; n < barrier_count; n += 1) {
    if (barriers[n].made.thread == machine.current) barriers[n].is_fenced = true;
  }
}

inline int barrier_at(uint32_t address, int line) {
  for (int n = 0; n < barrier_count; n += 1) {
    if (barriers[n].address != address) continue;
    if (!barriers[n].is_fenced) fail("a barrier is used before it was fenced", line);
    if (!is_ordered(barriers[n].made)) fail("race: a barrier is used that another thread has just made", line);
    return n;
  }
  fail("there is no barrier at this place", line);
}

inline void complete_phase(Barrier &barrier, int line) {
  if (barrier.missing < 0) fail("more arrive at a barrier than it counts", line);
  if (barrier.missing > 0 || barrier.bytes != 0) return;
  barrier.phase += 1;
  barrier.missing = barrier.arrivals;
  barrier.handed_on.join(barrier.gathered);
  machine.idle = 0;
}

/** One arrival for a whole warp, which has done all that it did before; it may say that bytes are to come in this phase. */
inline void arrive(uint32_t address, int64_t bytes, Meeting meeting, int line) {
  const int found = barrier_at(address, line);
  Warp &warp = machine.own_warp();
  meet(warp.collective, meeting, line, [&warp, found, bytes, line] {
    Barrier &barrier = barriers[found];
    barrier.gathered.join(warp.knowledge);
    machine.own_clock() += 1;
    barrier.bytes += bytes;
    barrier.missing -= 1;
    complete_phase(barrier, line);
  });
}

// ── Boxes of tensors ─────────────────────────────────────────────────────────────────────────────────

/** Whether copies land when they start, for a program that must not tell; they land when somebody waits otherwise. */
inline const bool lands_early = getenv("HEDDLE_EMULATION_EARLY") != nullptr;

/**
 * Chunks of 16 bytes change places by the number of the 128 bytes that they are in: bits 4 and up of the address are xored
 * with bits 7 and up, one, two or three of them. CUTLASS, cute/swizzle.hpp: Swizzle<B, 4, 3>, which the tiles of TMA and the
 * operands of wgmma share (cute/atom/mma_traits_sm90_gmma.hpp, copy_traits_sm90_tma_swizzle.hpp).
 */
inline uint32_t swizzled(uint32_t address, uint32_t swizzle) {
  const uint32_t bits = swizzle == 128 ? 7 : swizzle == 64 ? 3 : swizzle == 32 ? 1 : 0;
  return address ^ ((address >> 7 & bits) << 4);
}

inline uint32_t box_bytes(const TensorMap &map) {
  uint32_t bytes = 2;
  for (uint32_t axis = 0; axis < map.rank; axis += 1) bytes *= map.box[axis];
  return bytes;
}

inline void write_box(const Box &copy, int line) {
  const TensorMap &map = copy.map;
  const uint32_t entries = box_bytes(map) / 2;
  for (uint32_t n = 0; n < entries; n += 1) {
    uint32_t rest = n;
    bool is_inside = true;
    int64_t offset = 0;
    for (uint32_t axis = 0; axis < map.rank; axis += 1) {
      const int64_t index = static_cast<int64_t>(copy.at[axis]) + rest % map.box[axis];
      rest /= map.box[axis];
      is_inside = is_inside && index >= 0 && index < static_cast<int64_t>(map.sizes[axis]);
      offset += index * static_cast<int64_t>(axis == 0 ? 2 : map.strides[axis - 1]);
    }
    const uint32_t place = swizzled(copy.address + 2 * n, map.swizzle);
    if (is_inside) {
      check_global(map.begin + offset, 2, false, line);
      memcpy(shared.bytes + place, map.begin + offset, 2);
    } else memset(shared.bytes + place, 0, 2);
  }
}

inline void start_box(const Box &copy, uint32_t address, int line) {
  const int found = barrier_at(address, line);
  const TensorMap &map = copy.map;
  const uint32_t bytes = box_bytes(map);
  // Boxes begin at multiples of 128 bytes; their swizzles go by the address, so whoever reads them wants whole patterns.
  check_place(copy.address, bytes, map.swizzle == 0 ? 128 : 8 * map.swizzle, line);
  for (uint32_t n = 0; n < bytes / 2; n += 1) {
    Cell &cell = shared.cells[copy.address / 2 + n];
    check_cell(cell, copy.address + 2 * n, true, line);
    const bool is_seen = cell.write.thread < 0 || machine.thread[cell.write.thread].proxy_fences > cell.fences_before;
    if (cell.is_generic && !is_seen) fail("a copy writes what the generic proxy has written without a fence", line);
    cell.state = State::under_way;
  }
  if (lands_early) write_box(copy, line);
  barriers[found].boxes.push_back(copy);
}

inline void land_boxes(int found, int line) {
  Barrier &barrier = barriers[found];
  const int16_t actor = static_cast<int16_t>(most_warps + found);
  for (const Box &copy : barrier.boxes) {
    if (!lands_early) write_box(copy, line);
    const uint32_t bytes = box_bytes(copy.map);
    for (uint32_t n = 0; n < bytes / 2; n += 1) {
      Cell &cell = shared.cells[copy.address / 2 + n];
      cell.state = State::still;
      cell.is_generic = false;
      cell.write = {actor, -1, barrier.phase + 1};
    }
    barrier.bytes -= bytes;
  }
  if (barrier.boxes.empty()) return;
  barrier.boxes.clear();
  if (barrier.bytes < 0) fail("more bytes land at a barrier than it expects", line);
  barrier.gathered.of[actor] = barrier.phase + 1;
  complete_phase(barrier, line);
}

/** A warp waits until the phase of a parity is complete; before the first one, that of parity 1 counts as complete. */
inline void await_barrier(uint32_t address, uint32_t parity, int line) {
  const int found = barrier_at(address, line);
  Barrier &barrier = barriers[found];
  Warp &warp = machine.own_warp();
  meet(warp.collective, "await_barrier", line, [] {});
  Thread &own = machine.thread[machine.current];
  own.line = line;
  own.meeting = "await_barrier";
  own.barrier = static_cast<int>(address);
  own.parity = parity;
  while ((barrier.phase & 1) == parity) {
    if (barrier.missing == 0 && !barrier.boxes.empty()) land_boxes(found, line);
    else yield();
  }
  own.line = 0;
  own.barrier = -1;
  machine.idle = 0;
  warp.knowledge.join(barrier.handed_on);
}

inline void check_barriers_passed() {
  for (int n = 0; n < barrier_count; n += 1) {
    if (!barriers[n].boxes.empty()) fail("a block ends with copies under way", 0);
  }
  barrier_count = 0;
}

} // namespace emulation
