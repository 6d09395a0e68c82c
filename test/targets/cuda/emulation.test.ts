// The emulation of a GPU finds what is wrong with a kernel, and says where: each mistake in a kernel of its own, for every
// device and for sm_90a alone.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { emulatorAvailability } from '../../../targets/cuda/device/index.js';
import { testsOn } from '../../support/devices.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });
const emulation = fileURLToPath(new URL('../../../targets/cuda/emulation/', import.meta.url));

/** By file, in the order of their numbers; the next number is that of a kernel that is right. */
const mistakes: Readonly<Record<string, readonly string[]>> = {
  'wrong.cpp': [
    'divergent synchronize',
    'divergent shuffle_xor: others are at shuffle_xor',
    'race: read what was written by thread',
    'race: written what was read by thread',
    'a copy is read before it was waited for',
    'race: read what was written by thread 0',
    'a block ends with copies under way',
    'access outside of shared memory',
    'misaligned access to shared memory',
    'access outside of global memory',
    'misaligned access to global memory',
    'numbers is written again at a place that this kernel has written',
    'rows of a matrix lie in the same banks',
  ],
  'wrong-warpgroups.cpp': [
    'a barrier is used before it was fenced',
    'race: a barrier is used that another thread has just made',
    'divergent await_barrier',
    'a copy is read before it was waited for',
    'divergent await_barrier',
    'misaligned access to shared memory',
    'race: written by a copy that was not waited for',
    'an operand of a product that is under way is overwritten',
    'access outside of shared memory',
    'a block ends with copies under way',
    'registers of a thread are a multiple of 8 from 24 to 256',
    'registers of a thread are a multiple of 8 from 24 to 256',
    'registers are changed the wrong way',
    'a barrier is accessed as memory',
    'race: written what was read by threads of warp 0',
    'race: written what was read by threads of warp 1',
    'a product reads what the generic proxy has written without a fence',
    'a product of a warpgroup begins without a fence',
    'an operand begins within a pattern of its swizzle',
    'rows of an operand begin within a pattern of its swizzle',
    'divergent multiply_async',
    'an accumulator is written while a product is under way',
    'divergent await_barrier',
    'an operand of a product that is under way is overwritten',
    'a block ends with products under way',
    'race: written what was read by threads of warp 0',
    'divergent synchronize_group',
  ],
};

describe.each(Object.entries(mistakes))('a kernel that is wrong, in %s', async (file, expected) => {
  const isThere = (await emulatorAvailability()).available;
  const folder = mkdtempSync(join(tmpdir(), 'heddle-wrong-'));
  const program = join(folder, 'wrong');
  const source = fileURLToPath(new URL(file, import.meta.url));
  beforeAll(() => {
    if (isThere) execFileSync('g++', ['-std=c++17', '-Og', '-Wall', '-Wextra', '-I', emulation, source, '-o', program]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const [n, mistake] of expected.entries()) {
    onEmulator(`ends: ${mistake} (${n})`, () => {
      const env = { ...process.env, HEDDLE_EMULATION_BANKS: '1' };
      const { status, stderr } = spawnSync(program, [String(n)], { encoding: 'utf8', env });
      expect(stderr).toContain(mistake);
      expect(stderr).toMatch(/line \d+, kernel wrong, block 0, thread \d+/);
      expect(status).toBe(86);
    });
  }

  // Copies land when they are waited for, or as they start: a kernel that is right cannot tell.
  for (const environment of [{}, { HEDDLE_EMULATION_EARLY: '1' }]) {
    onEmulator(`is told from one that is right ${JSON.stringify(environment)}`, () => {
      const found = spawnSync(program, [String(expected.length)], {
        encoding: 'utf8',
        env: { ...process.env, ...environment },
      });
      expect(found).toMatchObject({ status: 0, stderr: '' });
    });
  }
});
