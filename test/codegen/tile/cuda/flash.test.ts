// Flash attention lowered by hand to tensor cores compiles for Ampere and Hopper without a warning and without a spilled
// register: the operations of tile programs say enough for such a kernel, and nothing that it would have to undo.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { inLongTests } from '../../../support/share.js';

const source = fileURLToPath(new URL('flash.cu', import.meta.url));

function hasCompiler(): boolean {
  try {
    execFileSync('nvcc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What ptxas says of one kernel. */
interface Usage {
  readonly headSize: number;
  readonly registers: number;
  readonly stack: number;
  readonly spills: number;
}

function usagesIn(report: string): readonly Usage[] {
  const pattern =
    /Compiling entry function '\S*flashILi(\d+)E\S*'[\s\S]*?(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads[\s\S]*?Used (\d+) registers/g;
  return Array.from(report.matchAll(pattern), ([, headSize, stack, stores, loads, registers]) => ({
    headSize: Number(headSize),
    registers: Number(registers),
    stack: Number(stack),
    spills: Number(stores) + Number(loads),
  })).sort((one, other) => one.headSize - other.headSize);
}

// A machine without nvcc says so by the name of what it skips; continuous integration installs it.
describe.skipIf(!hasCompiler())('flash.cu, with nvcc (skipped where nvcc is not installed)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flash-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(['80', ...inLongTests('89', '90a')])(
    'compiles for sm_%s without warnings, stack or spills',
    async (architecture) => {
      const { stdout, stderr } = await promisify(execFile)('nvcc', [
        '-std=c++17',
        '-O3',
        '-gencode',
        `arch=compute_${architecture},code=sm_${architecture}`,
        '-Xptxas',
        '-v,-warn-spills,-warn-lmem-usage',
        '-Xcompiler',
        '-Wall,-Wextra',
        '--Werror',
        'all-warnings',
        '-c',
        source,
        '-o',
        join(folder, `flash-${architecture}.o`),
      ]);
      const report = stdout + stderr;
      expect(report).not.toMatch(/warning/i);
      const usages = usagesIn(report);
      expect(usages.map(({ headSize }) => headSize)).toEqual([64, 128]);
      for (const usage of usages) {
        expect(usage).toMatchObject({ stack: 0, spills: 0 });
        expect(usage.registers).toBeLessThanOrEqual(255);
      }
    },
  );
});

test('every value of the tile program is named where it is lowered, and every store', () => {
  const lowered = readFileSync(source, 'utf8')
    .split('\n')
    .filter((line) => line.includes('// tile: '))
    .join('\n');
  const program = readFileSync(new URL('../golden/flash.txt', import.meta.url), 'utf8');
  const values = new Set(Array.from(program.matchAll(/^ +([a-z]+)\d* = (?!for|switch)/gm), ([, label]) => label!));
  const stores = Array.from(program.matchAll(/^ +(store \S+ to \w+)/gm), ([, text]) => text!);
  expect([...values].sort()).toEqual(['decay', 'l', 'largest', 'lse', 'm', 'o', 'p', 'result', 's', 'total']);
  for (const label of values) expect(lowered, label).toMatch(new RegExp(`\\b${label}\\d*(, \\w+)* =`));
  expect(stores).toHaveLength(2);
  for (const text of stores) expect(lowered).toContain(text);
});
