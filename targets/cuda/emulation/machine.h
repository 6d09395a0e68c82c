// A block of CUDA threads on the host: one fiber for each thread, which runs until it waits for others at a barrier or a
// collective of its warp. Threads that do not meet where they should end the program with the place.
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#if !defined(__x86_64__)
#include <ucontext.h>
#endif

namespace emulation {

constexpr int warp_size = 32;
constexpr size_t stack_bytes = 1 << 20;

// ── Fibers ───────────────────────────────────────────────────────────────────────────────────────────

#if defined(__x86_64__)
/** Saves the registers that a call preserves on this stack, and takes those of another one. */
extern "C" void heddle_switch_stack(void **from, void *to);
asm(R"(
.text
.globl heddle_switch_stack
heddle_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
)");

struct Context {
  void *stack_pointer = nullptr;
  void start(char *stack, void (*entry)()) {
    void **top = reinterpret_cast<void **>(stack + stack_bytes);
    *--top = nullptr; // so that the entry point finds its stack aligned
    *--top = reinterpret_cast<void *>(entry);
    for (int n = 0; n < 6; n += 1) *--top = nullptr;
    stack_pointer = top;
  }
  void switch_to(Context &other) { heddle_switch_stack(&stack_pointer, other.stack_pointer); }
};
#else
struct Context {
  ucontext_t saved;
  void start(char *stack, void (*entry)()) {
    getcontext(&saved);
    saved.uc_stack.ss_sp = stack;
    saved.uc_stack.ss_size = stack_bytes;
    saved.uc_link = nullptr;
    makecontext(&saved, entry, 0);
  }
  void switch_to(Context &other) { swapcontext(&saved, &other.saved); }
};
#endif

/** What threads may wait for together, by the name of the device function. */
using Meeting = const char *;
namespace meetings {
constexpr Meeting barrier = "synchronize", warp_barrier = "synchronize_warp", shuffle = "shuffle_xor",
                  load_matrices = "load_matrices", load_matrices_transposed = "load_matrices_transposed",
                  multiply = "multiply_accumulate", least = "least_of_warp", most = "most_of_warp", any = "any_of_warp", named_barrier = "synchronize_group";
}

struct Thread {
  Context context;
  char *stack = nullptr;
  bool has_ended = false;
  /** Where it waits; line 0 where it does not. */
  int line = 0;
  Meeting meeting = meetings::barrier;
  /** The barrier in shared memory that it waits at, and the parity of the phase; address -1 where it waits for others. */
  int barrier = -1;
  uint32_t parity = 0;
  /** Fences between the generic and the asynchronous proxy that it has passed. */
  unsigned proxy_fences = 0;
};

/** Threads that meet: the first one says for what, the others must agree. */
struct Group {
  int size = 0;
  int arrived = 0;
  /** How often all of them have met. */
  unsigned generation = 0;
  Meeting meeting = meetings::barrier;
  int line = 0;
  /** The warps of those who have arrived, a bit for each. */
  uint32_t warps = 0;
};

constexpr int most_warps = 16;
constexpr int most_barriers = 48;
/** Whoever writes shared memory: warps, and behind them the copies that land at each barrier in shared memory. */
constexpr int actors = most_warps + most_barriers;

/**
 * What is known of each actor: everything that it did up to the time that its own clock showed then. A warp's own entry is its
 * clock, which goes on whenever all of its lanes have met.
 */
struct Knowledge {
  uint32_t of[actors] = {};
  void join(const Knowledge &other) {
    for (int n = 0; n < actors; n += 1) {
      if (other.of[n] > of[n]) of[n] = other.of[n];
    }
  }
};

struct Warp {
  Group collective;
  Knowledge knowledge;
  uint32_t words[warp_size][10];
};

struct Machine {
  const char *kernel = "";
  int block = 0;
  int threads = 0;
  int current = 0;
  Group all;
  /** Barriers of a part of the block, by number. */
  Group named[16];
  Context main_context;
  Thread thread[most_warps * warp_size];
  Warp warp[most_warps];
  void (*run)(const void *) = nullptr;
  const void *launch = nullptr;
  /** Switches since somebody got on: when nobody does any more, threads wait for each other in vain. */
  int idle = 0;

  Warp &own_warp() { return warp[current / warp_size]; }
  int lane() const { return current % warp_size; }
  int warps() const { return threads / warp_size; }
  uint32_t &clock(int of) { return warp[of].knowledge.of[of]; }
  uint32_t &own_clock() { return clock(current / warp_size); }
};
inline Machine machine;

/** Ends the program with the place: what went wrong, and where in the emitted file. */
[[noreturn]] inline void fail(const char *problem, int line) {
  fflush(stdout);
  fprintf(stderr, "%s: line %d, kernel %s, block %d, thread %d\n", problem, line, machine.kernel, machine.block,
          machine.current);
  _Exit(86);
}

// ── Threads take turns ───────────────────────────────────────────────────────────────────────────────

[[noreturn]] inline void fail_waiting() {
  char problem[256];
  int ended = 0, found = -1;
  for (int n = 0; n < machine.threads; n += 1) {
    const Thread &waiting = machine.thread[n];
    ended += waiting.has_ended;
    // Whoever waits at a barrier in shared memory keeps the others waiting.
    if (!waiting.has_ended && (found < 0 || (machine.thread[found].barrier < 0 && waiting.barrier >= 0))) found = n;
  }
  if (found < 0) fail("nobody waits", 0);
  const Thread &waiting = machine.thread[found];
  char place[64] = "";
  if (waiting.barrier >= 0) snprintf(place, sizeof(place), " at %d for parity %u", waiting.barrier, waiting.parity);
  snprintf(problem, sizeof(problem), "divergent %s%s: %d threads have ended, others wait elsewhere", waiting.meeting, place,
           ended);
  machine.current = found;
  fail(problem, waiting.line);
}

/** Lets the next thread run that has not ended. */
inline void yield() {
  Thread &own = machine.thread[machine.current];
  machine.idle += 1;
  if (machine.idle > 2 * machine.threads + 2) fail_waiting();
  for (int n = 1; n <= machine.threads; n += 1) {
    const int next = (machine.current + n) % machine.threads;
    if (machine.thread[next].has_ended) continue;
    if (next == machine.current) return;
    machine.current = next;
    own.context.switch_to(machine.thread[next].context);
    return;
  }
}

inline void thread_entry() {
  machine.run(machine.launch);
  machine.thread[machine.current].has_ended = true;
  machine.idle = 0;
  for (int n = 1; n < machine.threads; n += 1) {
    const int next = (machine.current + n) % machine.threads;
    if (machine.thread[next].has_ended) continue;
    Thread &own = machine.thread[machine.current];
    machine.current = next;
    own.context.switch_to(machine.thread[next].context);
  }
  machine.thread[machine.current].context.switch_to(machine.main_context);
  abort();
}

/** Waits until all threads of the group are here; `complete` runs once, when the last one comes. */
template <typename Complete> inline void meet(Group &group, Meeting meeting, int line, Complete complete) {
  Thread &own = machine.thread[machine.current];
  if (group.arrived == 0) {
    group.meeting = meeting;
    group.line = line;
    group.warps = 0;
  } else if (group.meeting != meeting || group.line != line) {
    char problem[256];
    snprintf(problem, sizeof(problem), "divergent %s: others are at %s in line %d", meeting,
             group.meeting, group.line);
    fail(problem, line);
  }
  group.arrived += 1;
  group.warps |= 1u << (machine.current / warp_size);
  machine.idle = 0;
  if (group.arrived == group.size) {
    complete();
    group.arrived = 0;
    group.generation += 1;
    return;
  }
  own.line = line;
  own.meeting = meeting;
  for (const unsigned generation = group.generation; group.generation == generation;) yield();
  own.line = 0;
  machine.idle = 0;
}

/** Warps that have met know what each of them has done so far. */
inline void share_knowledge(const Group &group) {
  Knowledge all;
  for (int n = 0; n < machine.warps(); n += 1) {
    if (!(group.warps >> n & 1)) continue;
    if (machine.warp[n].collective.arrived != 0) fail("divergent synchronize: a warp waits elsewhere", group.line);
    all.join(machine.warp[n].knowledge);
  }
  for (int n = 0; n < machine.warps(); n += 1) {
    if (!(group.warps >> n & 1)) continue;
    machine.warp[n].knowledge = all;
    machine.clock(n) += 1;
  }
}

inline void synchronize(int line) {
  meet(machine.all, meetings::barrier, line, [] { share_knowledge(machine.all); });
}

/** A barrier with a number, for so many threads of the block. */
inline void synchronize_group(int number, int threads, int line) {
  Group &group = machine.named[number];
  if (threads % warp_size != 0 || threads > machine.threads) fail("a barrier is for a number of threads that cannot be", line);
  if (group.arrived > 0 && group.size != threads) fail("a barrier is for several numbers of threads", line);
  group.size = threads;
  meet(group, meetings::named_barrier, line, [&group] { share_knowledge(group); });
}

inline void synchronize_warp(int line) {
  meet(machine.own_warp().collective, meetings::warp_barrier, line, [] { machine.own_clock() += 1; });
}

/** Runs one block: every thread from its beginning to its end. */
inline void run_block(const char *kernel, int block, int threads, void (*run)(const void *), const void *launch) {
  machine.kernel = kernel;
  machine.block = block;
  machine.threads = threads;
  if (threads % warp_size != 0 || threads > most_warps * warp_size) fail("a block of so many threads is not emulated", 0);
  machine.run = run;
  machine.launch = launch;
  machine.all = Group{};
  machine.all.size = threads;
  for (Group &group : machine.named) group = Group{};
  for (int n = 0; n < machine.warps(); n += 1) {
    machine.warp[n].collective = Group{};
    machine.warp[n].collective.size = warp_size;
    machine.warp[n].knowledge = Knowledge{};
    machine.clock(n) = 1;
  }
  for (int n = 0; n < threads; n += 1) {
    Thread &thread = machine.thread[n];
    if (!thread.stack) {
      thread.stack = static_cast<char *>(
          mmap(nullptr, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    }
    thread.has_ended = false;
    thread.line = 0;
    thread.barrier = -1;
    thread.proxy_fences = 0;
    thread.context.start(thread.stack, thread_entry);
  }
  machine.current = 0;
  machine.idle = 0;
  machine.main_context.switch_to(machine.thread[0].context);
}

} // namespace emulation
