// What a compile leaves behind: the same bytes every time, a manifest that fits the schema, a header that is C, a launcher that
// checks what it is given, and reasons where limits do not allow a program.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { printProgram } from '../../../codegen/tile/print.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import { emulatorAvailability } from '../../../targets/cuda/device/index.js';
import { emitCuda, fit as fitProgram, narrow } from '../../../targets/cuda/index.js';
import { flash } from '../../codegen/tile/programs/flash.js';
import { keyBackward } from '../../codegen/tile/programs/key-backward.js';
import { testsOn } from '../../support/devices.js';
import { problemsOf, type Schema } from '../json-schema.js';
import { handWritten } from '../shared/hand-written.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });
const root = fileURLToPath(new URL('../../..', import.meta.url));
const schema = JSON.parse(readFileSync(join(root, 'targets/manifest.schema.json'), 'utf8')) as Schema;
const description = (name: string) => ({ name, settings: { heads: 4, mask: 'causal' }, history: 3, version: 'test' });
const programs: readonly TileProgram[] = [
  ...handWritten(8, 8, 8).map(({ program }) => program),
  keyBackward({ heads: 4, kvHeads: 2, headDim: 8 }, { queries: 4, keys: 5 }, 8, 8),
];

const folder = mkdtempSync(join(tmpdir(), 'heddle-cuda-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(programs)('$name', (program) => {
  const emitted = emitCuda(program, description(program.name));

  it('is the same every time', () => {
    expect([...emitCuda(program, description(program.name)).files]).toEqual([...emitted.files]);
  });

  it('has a manifest that fits the schema', () => {
    expect(problemsOf(JSON.parse(emitted.files.get('manifest.json')!), schema)).toEqual([]);
  });

  onEmulator('has a header that C compilers take', () => {
    const path = join(folder, `${program.name}.c`);
    writeFileSync(join(folder, `${program.name}.h`), emitted.header);
    writeFileSync(path, `#include "${program.name}.h"\n`);
    const include = ['-I', join(root, 'targets/cuda/emulation'), '-I', folder];
    const strict = ['-std=c99', '-Wall', '-Wextra', '-Werror', '-pedantic', '-fsyntax-only'];
    execFileSync('g++', ['-x', 'c', ...strict, ...include, path], { stdio: 'pipe' });
  });
});

describe('the .cu file', () => {
  onEmulator('compiles alone, and beside its header', () => {
    const { cuda, header } = emitCuda(programs[0]!, description('alone'));
    const empty = mkdtempSync(join(folder, 'alone-'));
    writeFileSync(join(empty, 'printed.cu'), cuda);
    const strict = ['-std=c++17', '-w', '-fsyntax-only', '-I', join(root, 'targets/cuda/emulation')];
    execFileSync('g++', ['-x', 'c++', ...strict, join(empty, 'printed.cu')], { stdio: 'pipe' });
    writeFileSync(join(empty, 'alone.h'), header);
    const both = '#include "alone.h"\n#include "printed.cu"\n#include "alone.h"\n';
    execFileSync('g++', ['-x', 'c++', ...strict, '-'], { input: both, cwd: empty, stdio: 'pipe' });
  });
});

describe('the launcher', () => {
  onEmulator('takes strides, and says what is wrong with a call', () => {
    const program = flash({ heads: 3, kvHeads: 3, headDim: 8 }, 16, 16);
    const { cuda, header } = emitCuda(program, { name: 'flash', settings: {}, history: 0 });
    writeFileSync(join(folder, 'flash.cu'), cuda);
    writeFileSync(join(folder, 'flash.h'), header);
    const include = ['-I', join(root, 'targets/cuda/emulation'), '-I', folder];
    const source = fileURLToPath(new URL('user.cpp', import.meta.url));
    const built = join(folder, 'user');
    execFileSync('g++', ['-std=c++17', '-Og', '-w', ...include, source, '-o', built], { stdio: 'pipe' });
    expect(spawnSync(built, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('a program with tensors of 16 bits', () => {
  it('says where it rounds', () => {
    const text = printProgram(narrow(flash({ heads: 3, kvHeads: 3, headDim: 8 }, 16, 16), 'bf16'));
    expect(text).toMatch(/cast p\d* to bf16/);
    expect(text).toMatch(/input q\[.*\] bf16|bf16.*q\[/);
  });

  it('is as it was in 32 bits', () => {
    const program = flash({ heads: 3, kvHeads: 3, headDim: 8 }, 16, 16);
    expect(narrow(program, 'f32')).toBe(program);
  });
});

describe('what does not fit', () => {
  it('is refused with a reason that names what is too large', () => {
    const program = flash({ heads: 3, kvHeads: 3, headDim: 64 }, 64, 64);
    expect(fitProgram(program, { limits: { sharedBytes: 1024 } })).toMatchObject({
      fits: false,
      reason: expect.stringMatching(/shared memory|1024/),
    });
    const wide = flash({ heads: 3, kvHeads: 3, headDim: 1024 }, 128, 64);
    expect(fitProgram(wide)).toMatchObject({ fits: false, reason: expect.stringMatching(/registers/) });
    expect(fitProgram(program)).toMatchObject({ fits: true });
  });
});
