// Kernels that are wrong, one for each number, run on the emulation: each must end with the place of its mistake.
#include "primitives.h"

struct Launch {
  const float *numbers;
  int which;
};

KERNEL(64) wrong(const Launch launch) {
  const int thread = thread_index();
  switch (launch.which) {
  case 0: // half of the threads do not come to the barrier
    if (thread < 32) synchronize();
    break;
  case 1: // threads of a warp meet at different places
    if (thread % 2 == 0) shuffle_xor(1.0f, 1);
    else shuffle_xor(2.0f, 1);
    break;
  case 2: // a neighbour's entry is read without a barrier
    store_shared<float>(thread * 4, 1.0f);
    load_shared<float>(thread == 0 ? 0 : (thread - 1) * 4);
    break;
  case 3: // an entry that others have read is written without a barrier
    load_shared<float>(0);
    if (thread == 63) store_shared<float>(0, 1.0f);
    break;
  case 4: // a copy is read before it was waited for
    if (thread == 0) {
      copy_async(0, launch.numbers, true);
      commit_copies();
      load_shared<float>(0);
    }
    break;
  case 5: // a copy that one thread waited for is read by another without a barrier
    if (thread == 0) copy_async(0, launch.numbers, true);
    commit_copies();
    await_copies<0>();
    if (thread == 1) load_shared<float>(0);
    break;
  case 6: // a copy is left under way
    copy_async(thread * 16, launch.numbers, true);
    break;
  case 7:
    load_shared<float>(4096);
    break;
  case 8:
    load_shared<float>(2);
    break;
  case 9:
    load_global(launch.numbers + 16);
    break;
  case 10:
    copy_async(0, launch.numbers + 1, true);
    break;
  case 11: // two threads write one place of an output
    store_global(const_cast<float *>(launch.numbers), 1.0f);
    break;
  case 12: { // rows of a matrix lie 128 bytes apart
    uint32_t fragment[4];
    load_matrices(fragment, thread % 8 * 128);
    break;
  }
  default: // nothing is wrong
    store_shared<float>(thread * 4, 1.0f);
    synchronize();
    load_shared<float>((thread ^ 1) * 4);
  }
}

int main(int, char **arguments) {
  alignas(16) static float numbers[16] = {};
  emulation::declare_memory("numbers", numbers, sizeof(numbers));
  return start_kernel("wrong", wrong, 1, 64, 1024, nullptr, Launch{numbers, atoi(arguments[1])});
}
