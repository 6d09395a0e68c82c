// The emulation of a GPU finds what is wrong with a kernel, and says where: each mistake in a kernel of its own.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { emulatorAvailability } from '../../../targets/cuda/device/index.js';
import { testsOn } from '../../support/devices.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });
const source = fileURLToPath(new URL('wrong.cpp', import.meta.url));
const emulation = fileURLToPath(new URL('../../../targets/cuda/emulation/', import.meta.url));

const mistakes = [
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
];

describe('a kernel that is wrong', async () => {
  const isThere = (await emulatorAvailability()).available;
  const folder = mkdtempSync(join(tmpdir(), 'heddle-wrong-'));
  const program = join(folder, 'wrong');
  beforeAll(() => {
    if (isThere) execFileSync('g++', ['-std=c++17', '-O1', '-Wall', '-Wextra', '-I', emulation, source, '-o', program]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const [n, mistake] of mistakes.entries()) {
    onEmulator(`ends: ${mistake}`, () => {
      const { status, stderr } = spawnSync(program, [String(n)], { encoding: 'utf8' });
      expect(stderr).toContain(mistake);
      expect(stderr).toMatch(/line \d+, kernel wrong, block 0, thread \d+/);
      expect(status).toBe(86);
    });
  }

  onEmulator('is told from one that is right', () => {
    expect(spawnSync(program, [String(mistakes.length)], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });
});
