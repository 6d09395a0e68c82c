// The memories of a device on the host. Global memory is known range by range, shared memory has a shadow of who read and
// wrote each two bytes when: what lies outside, is misaligned, under way or not ordered by a barrier ends the program.
#pragma once
#include "machine.h"
#include <vector>

namespace emulation {

// ── Global memory ────────────────────────────────────────────────────────────────────────────────────

struct Range {
  const char *name;
  const char *begin;
  const char *end;
  /** The kernel that has written each two bytes last, by its number; 0 where none has. */
  std::vector<unsigned> written;
};
inline std::vector<Range> ranges;
/** The number of the launch that is running. */
inline unsigned launches = 0;

inline void declare_memory(const char *name, const void *begin, size_t bytes) {
  const char *const start = static_cast<const char *>(begin);
  ranges.push_back({name, start, start + bytes, std::vector<unsigned>((bytes + 1) / 2)});
}

inline void check_global(const void *place, size_t bytes, bool is_write, int line) {
  char problem[256];
  const char *const start = static_cast<const char *>(place);
  if (reinterpret_cast<uintptr_t>(place) % bytes != 0) fail("misaligned access to global memory", line);
  for (Range &range : ranges) {
    if (start < range.begin || start >= range.end) continue;
    if (start + bytes > range.end) {
      snprintf(problem, sizeof(problem), "%s is accessed beyond its end", range.name);
      fail(problem, line);
    }
    const size_t first = (start - range.begin) / 2;
    for (size_t n = first; n < first + (bytes + 1) / 2; n += 1) {
      if (range.written[n] == launches) {
        snprintf(problem, sizeof(problem), "%s is %s that this kernel has written", range.name,
                 is_write ? "written again at a place" : "read at a place");
        fail(problem, line);
      }
      if (is_write) range.written[n] = launches;
    }
    return;
  }
  fail("access outside of global memory", line);
}

// ── Shared memory ────────────────────────────────────────────────────────────────────────────────────

/** Who has accessed two bytes last. Epochs tell whether a barrier lies between then and now. */
struct Access {
  int16_t thread = -1;
  unsigned epoch = 0;
  unsigned warp_epoch = 0;
};
struct Cell {
  Access write;
  /** The last reader; `several` where threads of more than one warp, or several of one, have read since the barrier. */
  Access read;
  bool several = false;
  /** The thread whose asynchronous copy is to land here, −1 where there is none. */
  int16_t under_way = -1;
};

constexpr uint32_t most_shared_bytes = 232448;
struct Shared {
  alignas(128) unsigned char bytes[most_shared_bytes];
  Cell cells[most_shared_bytes / 2];
  uint32_t size = 0;
};
inline Shared shared;

inline Access access_now() {
  return {static_cast<int16_t>(machine.current), machine.epoch, machine.own_warp().epoch};
}

/** Whether an access is ordered before what this thread does now. */
inline bool is_ordered(const Access &before) {
  if (before.thread < 0 || before.epoch != machine.epoch || before.thread == machine.current) return true;
  return before.thread / warp_size == machine.current / warp_size && before.warp_epoch != machine.own_warp().epoch;
}

inline void fail_race(const char *what, const Access &other, uint32_t address, int line) {
  char problem[256];
  snprintf(problem, sizeof(problem), "race: %s by thread %d without a barrier between, at shared byte %u", what,
           other.thread, address);
  fail(problem, line);
}

inline void check_shared(uint32_t address, uint32_t bytes, bool is_write, int line) {
  if (address % bytes != 0) fail("misaligned access to shared memory", line);
  if (address + bytes > shared.size) fail("access outside of shared memory", line);
  for (uint32_t place = address / 2; place < (address + bytes + 1) / 2; place += 1) {
    Cell &cell = shared.cells[place];
    if (cell.under_way >= 0) {
      fail(is_write ? "a copy that is under way is overwritten" : "a copy is read before it was waited for", line);
    }
    if (!is_ordered(cell.write)) fail_race(is_write ? "written" : "read what was written", cell.write, address, line);
    if (is_write) {
      const bool is_other = cell.several && cell.read.epoch == machine.epoch;
      if (is_other || !is_ordered(cell.read)) fail_race("written what was read", cell.read, address, line);
      cell.write = access_now();
    } else {
      const Access now = access_now();
      const bool is_same = cell.read.epoch == now.epoch && (cell.read.thread != now.thread || cell.several);
      cell.several = is_same && !(is_ordered(cell.read) && !cell.several);
      cell.read = now;
    }
  }
}

/** Shared memory of a new block: nothing is known of what it holds, and a NaN to whoever reads it all the same. */
inline void reset_shared(uint32_t size) {
  if (size > most_shared_bytes) fail("more shared memory than a block may have", 0);
  shared.size = size;
  memset(shared.bytes, 0xff, size);
  for (uint32_t n = 0; n < (size + 1) / 2; n += 1) shared.cells[n] = Cell{};
}

// ── Asynchronous copies ──────────────────────────────────────────────────────────────────────────────

struct Copy {
  uint32_t address;
  const void *from;
  int bytes;
};
/** Copies of a thread: those of closed groups, oldest first, and those that are in no group yet. */
struct Copies {
  std::vector<std::vector<Copy>> groups;
  std::vector<Copy> open;
};
inline Copies copies[1024];

inline void start_copy(uint32_t address, const void *from, bool is_inside, int line) {
  check_shared(address, 16, true, line);
  if (is_inside) check_global(from, 16, false, line);
  for (uint32_t n = 0; n < 8; n += 1) shared.cells[address / 2 + n].under_way = static_cast<int16_t>(machine.current);
  copies[machine.current].open.push_back({address, from, is_inside ? 16 : 0});
}

inline void commit_copies() {
  Copies &own = copies[machine.current];
  own.groups.push_back(own.open);
  own.open.clear();
}

/** Lands all groups but the newest `pending`. What has landed was written by this thread, now. */
inline void await_copies(size_t pending) {
  Copies &own = copies[machine.current];
  while (own.groups.size() > pending) {
    for (const Copy &copy : own.groups.front()) {
      memset(shared.bytes + copy.address, 0, 16);
      if (copy.bytes > 0) memcpy(shared.bytes + copy.address, copy.from, copy.bytes);
      for (uint32_t n = 0; n < 8; n += 1) {
        Cell &cell = shared.cells[copy.address / 2 + n];
        cell.under_way = -1;
        cell.write = access_now();
      }
    }
    own.groups.erase(own.groups.begin());
  }
}

/** What a block leaves under way when it ends would land in another one's memory. */
inline void check_copies_landed(int threads) {
  for (int n = 0; n < threads; n += 1) {
    machine.current = n;
    if (!copies[n].open.empty()) fail("a block ends with copies under way", 0);
    for (const auto &group : copies[n].groups) {
      if (!group.empty()) fail("a block ends with copies under way", 0);
    }
    copies[n].groups.clear();
  }
}

} // namespace emulation
