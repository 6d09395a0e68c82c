// Warpgroups on the host: four warps that multiply matrices in shared memory asynchronously, as wgmma does, with descriptors
// decoded as the PTX ISA defines them, and that take registers from each other, as setmaxnreg does.
#pragma once
#include "barriers.h"
#include <memory>

namespace emulation {

constexpr int warpgroup_size = 128;
constexpr int most_warpgroups = most_warps * warp_size / warpgroup_size;
/** What an accumulator holds while a product is under way: nobody may look. */
constexpr uint32_t taken = 0x7fc0dead;

/** The accumulators of a warpgroup that products under way add to, and what they will hold. */
struct Accumulators {
  float *place[warpgroup_size];
  int count = 0;
  int products = 0;
  std::vector<float> values;
};

struct Product {
  std::shared_ptr<Accumulators> into;
  bool is_first;
  std::vector<float> left, right;
  /** Pairs of bytes of shared memory that it reads. */
  std::vector<uint32_t> reads;
};

struct Warpgroup {
  Group collective;
  bool is_fenced = false;
  std::vector<Product> open;
  std::vector<std::vector<Product>> groups;
  int registers = 0;
  // What each thread brings to a product.
  float *accumulators[warpgroup_size];
  uint32_t left[warpgroup_size][4];
};
inline Warpgroup warpgroups[most_warpgroups];
/** Registers of a multiprocessor that no thread of the block has. */
inline int free_registers = 0;

inline Warpgroup &own_warpgroup() { return warpgroups[machine.current / warpgroup_size]; }

inline void reset_warpgroups() {
  const int groups = machine.threads / warpgroup_size;
  // A launch gives all threads the same, in steps of eight.
  const int each = groups > 0 ? 65536 / machine.threads / 8 * 8 : 0;
  free_registers = 0;
  for (int n = 0; n < groups; n += 1) {
    warpgroups[n] = Warpgroup{};
    warpgroups[n].collective.size = warpgroup_size;
    warpgroups[n].registers = each > 256 ? 256 : each;
  }
}

inline void change_registers(int count, bool is_more, int line) {
  const char *const name = is_more ? "take_registers" : "release_registers";
  if (count % 8 != 0 || count < 24 || count > 256) fail("registers of a thread are a multiple of 8 from 24 to 256", line);
  Warpgroup &own = own_warpgroup();
  meet(own.collective, name, line, [] {});
  if (machine.current % warpgroup_size == 0) {
    if (is_more ? count < own.registers : count > own.registers) fail("registers are changed the wrong way", line);
    Thread &thread = machine.thread[machine.current];
    thread.line = line;
    thread.meeting = name;
    while ((count - own.registers) * warpgroup_size > free_registers) yield();
    thread.line = 0;
    free_registers -= (count - own.registers) * warpgroup_size;
    own.registers = count;
    machine.idle = 0;
  }
  meet(own.collective, name, line, [] {});
}

// ── Descriptors ──────────────────────────────────────────────────────────────────────────────────────

/**
 * An operand in shared memory. Bits 0 to 13 of a descriptor are its address, 16 to 29 the leading and 32 to 45 the stride
 * offset, all without their last four bits, 49 to 51 the base offset, 62 and 63 the swizzle (PTX ISA, "Matrix Descriptor
 * Format" of wgmma; CUTLASS, cute/arch/mma_sm90_desc.hpp).
 */
struct Descriptor {
  uint32_t address, leading, stride, swizzle;
};

inline Descriptor decoded(uint64_t bits, int line) {
  static const uint32_t swizzles[] = {0, 128, 64, 32};
  const auto field = [bits](int from) { return static_cast<uint32_t>(bits >> from & 0x3fff) << 4; };
  if ((bits >> 49 & 7) != 0) fail("a descriptor with a base offset is not emulated", line);
  const Descriptor found = {field(0), field(16), field(32), swizzles[bits >> 62]};
  // Patterns repeat at multiples of 1024, 512 and 256 bytes; without a base offset they begin there.
  if (found.swizzle == 0) fail("an operand without a swizzle is not emulated", line);
  if (found.stride % (8 * found.swizzle) != 0) fail("rows of an operand begin within a pattern of its swizzle", line);
  return found;
}

/**
 * The byte of an entry. Of a matrix whose rows run along the sum (K-major) eight rows of `swizzle` bytes are a pattern, the
 * next eight rows `stride` bytes further. Of a matrix whose rows run across it (MN-major) a pattern is eight entries of the
 * sum, the next eight `stride` bytes further, and the next `swizzle` bytes of a row `leading` bytes further. (CUTLASS,
 * cute/atom/mma_traits_sm90_gmma.hpp, the comment before make_gmma_desc.)
 */
inline uint32_t place_of(const Descriptor &of, bool is_across, uint32_t row, uint32_t summed) {
  const uint32_t offset = is_across ? row * 2 % of.swizzle + row * 2 / of.swizzle * of.leading + summed % 8 * of.swizzle +
                                          summed / 8 * of.stride
                                    : row % 8 * of.swizzle + row / 8 * of.stride + summed * 2;
  return swizzled(of.address + offset, of.swizzle);
}

/** Reads the entries that a product takes, [row][summed]; from now on nobody may write them. */
template <typename T>
inline std::vector<float> read_operand(uint64_t bits, bool is_across, uint32_t rows, Product &product, int line) {
  const Descriptor of = decoded(bits, line);
  if (is_across && rows * 2 % of.swizzle != 0) fail("columns of an operand are no whole patterns of its swizzle", line);
  // Sixteen entries of the sum start at a multiple of 32 bytes of a row, or of a pattern.
  if (is_across && of.address % (8 * of.swizzle) != 0) fail("an operand begins within a pattern of its swizzle", line);
  if (!is_across && of.address % (8 * of.swizzle) + 32 > of.swizzle) fail("an operand begins within a pattern of its swizzle", line);
  std::vector<float> values(rows * 16);
  for (uint32_t row = 0; row < rows; row += 1) {
    for (uint32_t k = 0; k < 16; k += 1) {
      const uint32_t place = place_of(of, is_across, row, k);
      check_place(place, 2, 2, line);
      Cell &cell = shared.cells[place / 2];
      check_cell(cell, place, false, line);
      const bool is_seen = cell.write.thread < 0 || machine.thread[cell.write.thread].proxy_fences > cell.fences_before;
      if (cell.is_generic && !is_seen) fail("a product reads what the generic proxy has written without a fence", line);
      cell.products += 1;
      product.reads.push_back(place / 2);
      uint16_t entry;
      memcpy(&entry, shared.bytes + place, 2);
      values[row * 16 + k] = to_float(T{entry});
    }
  }
  return values;
}

// ── Products ─────────────────────────────────────────────────────────────────────────────────────────

inline void fence_products(int line) {
  Warpgroup &own = own_warpgroup();
  meet(own.collective, "fence_products", line, [&own] { own.is_fenced = true; });
}

inline bool is_taken(const float *place, int count) {
  for (int n = 0; n < count; n += 1) {
    uint32_t bits;
    memcpy(&bits, place + n, 4);
    if (bits != taken) return false;
  }
  return true;
}

/** The accumulators as they are known from products under way, or taken from the threads now. */
inline std::shared_ptr<Accumulators> take_accumulators(Warpgroup &own, int count, bool is_first, int line) {
  const auto known = [&own, count, line](const std::vector<Product> &products) -> std::shared_ptr<Accumulators> {
    for (const Product &each : products) {
      if (each.into->place[0] != own.accumulators[0]) continue;
      if (each.into->count != count) fail("accumulators of a product under way are used in another shape", line);
      return each.into;
    }
    return nullptr;
  };
  std::shared_ptr<Accumulators> found = known(own.open);
  for (size_t n = 0; n < own.groups.size() && !found; n += 1) found = known(own.groups[n]);
  if (found) return found;
  found = std::make_shared<Accumulators>();
  found->count = count;
  found->values.resize(warpgroup_size * count);
  for (int n = 0; n < warpgroup_size; n += 1) {
    found->place[n] = own.accumulators[n];
    if (!is_first) memcpy(&found->values[n * count], own.accumulators[n], 4 * count);
    for (int entry = 0; entry < count; entry += 1) memcpy(own.accumulators[n] + entry, &taken, 4);
  }
  return found;
}

/**
 * Starts accumulator[64×columns] += left[64×16] · right[16×columns] for a warpgroup; `left_registers` are those of a left
 * operand that does not lie in shared memory: its fragments lie as those of mma.m16n8k16 do, warp by warp.
 */
template <typename T>
inline void start_product(float *accumulator, int count, const uint32_t *left_registers, uint64_t left, uint64_t right,
                          bool is_across, bool is_first, int line) {
  Warpgroup &own = own_warpgroup();
  const int thread = machine.current % warpgroup_size;
  own.accumulators[thread] = accumulator;
  if (left_registers) memcpy(own.left[thread], left_registers, 16);
  const bool in_registers = left_registers != nullptr;
  meet(own.collective, "multiply_async", line, [=, &own] {
    if (!own.is_fenced) fail("a product of a warpgroup begins without a fence", line);
    Product product;
    product.is_first = is_first;
    product.into = take_accumulators(own, count, is_first, line);
    product.into->products += 1;
    if (in_registers) {
      product.left.resize(64 * 16);
      for (int each = 0; each < warpgroup_size; each += 1) {
        const int row = each / warp_size * 16 + each % warp_size / 4, column = each % 4 * 2;
        for (int word = 0; word < 4; word += 1) {
          for (int half = 0; half < 2; half += 1) {
            const T entry = {static_cast<uint16_t>(own.left[each][word] >> (16 * half))};
            product.left[(row + word % 2 * 8) * 16 + column + word / 2 * 8 + half] = to_float(entry);
          }
        }
      }
    } else product.left = read_operand<T>(left, false, 64, product, line);
    product.right = read_operand<T>(right, is_across, count * 2, product, line);
    own.open.push_back(std::move(product));
  });
}

inline void commit_products(int line) {
  Warpgroup &own = own_warpgroup();
  meet(own.collective, "commit_products", line, [&own] {
    own.groups.push_back(std::move(own.open));
    own.open.clear();
    own.is_fenced = false;
  });
}

inline void finish_product(Product &product, int line) {
  Accumulators &into = *product.into;
  for (int thread = 0; thread < warpgroup_size; thread += 1) {
    if (!is_taken(into.place[thread], into.count)) {
      fail("an accumulator is written while a product is under way", line);
    }
    const int first = thread / warp_size * 16 + thread % warp_size / 4;
    for (int n = 0; n < into.count; n += 1) {
      const int row = first + n / 2 % 2 * 8, column = n / 4 * 8 + thread % 4 * 2 + n % 2;
      float total = product.is_first ? 0.0f : into.values[thread * into.count + n];
      for (int k = 0; k < 16; k += 1) total += product.left[row * 16 + k] * product.right[column * 16 + k];
      into.values[thread * into.count + n] = total;
    }
  }
  into.products -= 1;
  if (into.products == 0) {
    for (int thread = 0; thread < warpgroup_size; thread += 1) {
      memcpy(into.place[thread], &into.values[thread * into.count], 4 * into.count);
    }
  }
  // It has read its operands by now, for all four warps.
  const int warp = machine.current / warpgroup_size * (warpgroup_size / warp_size);
  for (const uint32_t place : product.reads) {
    Cell &cell = shared.cells[place];
    cell.products -= 1;
    for (int n = warp; n < warp + warpgroup_size / warp_size; n += 1) note_read(cell, n, several, machine.clock(n));
  }
}

/** Waits until at most `pending` groups are under way. */
inline void await_products(size_t pending, int line) {
  Warpgroup &own = own_warpgroup();
  meet(own.collective, "await_products", line, [&own, pending, line] {
    while (own.groups.size() > pending) {
      for (Product &each : own.groups.front()) finish_product(each, line);
      own.groups.erase(own.groups.begin());
    }
    own.is_fenced = false;
  });
}

inline void check_products_done() {
  for (int n = 0; n < machine.threads / warpgroup_size; n += 1) {
    if (!warpgroups[n].open.empty() || !warpgroups[n].groups.empty()) fail("a block ends with products under way", 0);
  }
}

} // namespace emulation
