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

/** Who has accessed two bytes, and what the clock of its warp, or of the barrier at which it lands, showed then. */
struct Access {
  int16_t actor = -1;
  int16_t thread = -1;
  uint32_t clock = 0;
};
/** The lanes of a warp that have read two bytes at a time of its clock: one, or several. */
struct Readers {
  uint32_t clock = 0;
  int16_t thread = -1;
};
constexpr int16_t several = -2;

/** What is going on with two bytes. */
enum class State : uint8_t {
  still,
  /** An asynchronous copy is to land here. */
  under_way,
  /** They are part of a barrier, which is no memory. */
  barrier,
};

struct Cell {
  Access write;
  /** Fences of the writing thread when it wrote, as the asynchronous proxy sees no write before the next one. */
  unsigned fences_before = 0;
  bool is_generic = false;
  State state = State::still;
  /** Products under way that read them. */
  uint8_t products = 0;
  Readers readers[most_warps];
};

constexpr uint32_t most_shared_bytes = 232448;
struct Shared {
  alignas(1024) unsigned char bytes[most_shared_bytes];
  Cell cells[most_shared_bytes / 2];
  uint32_t size = 0;
};
inline Shared shared;

inline Access access_now() {
  const int warp = machine.current / warp_size;
  return {static_cast<int16_t>(warp), static_cast<int16_t>(machine.current), machine.clock(warp)};
}

/** Whether an access is ordered before what this thread does now. */
inline bool is_ordered(const Access &before) {
  const int warp = machine.current / warp_size;
  if (before.actor < 0 || before.thread == machine.current) return true;
  const uint32_t known = machine.warp[warp].knowledge.of[before.actor];
  return before.actor == warp ? before.clock < known : before.clock <= known;
}

inline void fail_race(const char *what, const Access &other, uint32_t address, int line) {
  char problem[256];
  if (other.actor >= most_warps) {
    snprintf(problem, sizeof(problem), "race: %s by a copy that was not waited for, at shared byte %u", what, address);
  } else if (other.thread < 0) {
    snprintf(problem, sizeof(problem), "race: %s by threads of warp %d without a barrier between, at shared byte %u", what,
             other.actor, address);
  } else {
    snprintf(problem, sizeof(problem), "race: %s by thread %d without a barrier between, at shared byte %u", what,
             other.thread, address);
  }
  fail(problem, line);
}

inline void check_place(uint32_t address, uint32_t bytes, uint32_t alignment, int line) {
  if (address % alignment != 0) fail("misaligned access to shared memory", line);
  if (address + bytes > shared.size) fail("access outside of shared memory", line);
}

/** Checks that all that happened to two bytes lies before what this thread does now. */
inline void check_cell(const Cell &cell, uint32_t address, bool is_write, int line) {
  if (cell.state == State::barrier) fail("a barrier is accessed as memory", line);
  if (cell.state == State::under_way) {
    fail(is_write ? "a copy that is under way is overwritten" : "a copy is read before it was waited for", line);
  }
  if (!is_ordered(cell.write)) fail_race(is_write ? "written" : "read what was written", cell.write, address, line);
  if (!is_write) return;
  if (cell.products > 0) fail("an operand of a product that is under way is overwritten", line);
  for (int warp = 0; warp < machine.warps(); warp += 1) {
    const Readers &readers = cell.readers[warp];
    const Access last = {static_cast<int16_t>(warp), readers.thread, readers.clock};
    if (readers.clock > 0 && !is_ordered(last)) fail_race("written what was read", last, address, line);
  }
}

inline void note_read(Cell &cell, int warp, int16_t thread, uint32_t clock) {
  Readers &readers = cell.readers[warp];
  readers.thread = readers.clock == clock && readers.thread != thread ? several : thread;
  readers.clock = clock;
}

inline void check_shared(uint32_t address, uint32_t bytes, bool is_write, int line) {
  check_place(address, bytes, bytes, line);
  const Access now = access_now();
  for (uint32_t place = address / 2; place < (address + bytes + 1) / 2; place += 1) {
    Cell &cell = shared.cells[place];
    check_cell(cell, address, is_write, line);
    if (is_write) {
      cell.write = now;
      cell.is_generic = true;
      cell.fences_before = machine.thread[machine.current].proxy_fences;
    } else note_read(cell, now.actor, now.thread, now.clock);
  }
}

/** Whether rows of a matrix that share banks of shared memory end the program: a device takes a turn more for each of them. */
inline const bool checks_banks = getenv("HEDDLE_EMULATION_BANKS") != nullptr;

/** Checks that rows of 16 bytes of each of four matrices lie in different banks, unless they are one and the same; lane l has row l mod 8 of matrix l / 8. */
inline void check_banks(const uint32_t (&rows)[warp_size], int line) {
  if (!checks_banks) return;
  for (int one = 0; one < warp_size; one += 1) {
    for (int other = one / 8 * 8; other < one; other += 1) {
      if (rows[one] != rows[other] && rows[one] / 16 % 8 == rows[other] / 16 % 8) fail("rows of a matrix lie in the same banks", line);
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
inline Copies copies[most_warps * warp_size];

inline void start_copy(uint32_t address, const void *from, bool is_inside, int line) {
  check_shared(address, 16, true, line);
  if (is_inside) check_global(from, 16, false, line);
  for (uint32_t n = 0; n < 8; n += 1) shared.cells[address / 2 + n].state = State::under_way;
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
        cell.state = State::still;
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
