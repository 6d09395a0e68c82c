// nvcc as tests use it: whether it is there, and what its assembler says of a file's kernels.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { resourcesIn } from '../../../targets/cuda/device/nvcc.js';
import type { EmittedCuda } from '../../../targets/cuda/index.js';
import type { KernelResources } from '../../../targets/cuda/sass/counts.js';

/** The release of nvcc, `13.0`; undefined where it is not installed. */
export function nvccRelease(): string | undefined {
  try {
    return /release ([\d.]+)/.exec(execFileSync('nvcc', ['--version'], { encoding: 'utf8' }))?.[1];
  } catch {
    return undefined;
  }
}

const strict = ['-std=c++17', '-O3', '-Xcompiler', '-Wall,-Wextra', '--Werror', 'all-warnings'];
const report = ['-Xptxas', '-v'];

/** What the assembler says, as information only, where it does not let products of warpgroups run on. */
const serialised = /C75\d\d|serialized|performance loss/i;

/**
 * Compiles emitted files, all in one program, to PTX once, and assembles it for each architecture. `virtual` is the least that
 * they need.
 * @throws Error with what nvcc says, warnings included.
 */
export async function compileWithNvcc(
  emitted: readonly EmittedCuda[],
  architectures: readonly string[],
  virtual = 'compute_80',
): Promise<ReadonlyMap<string, readonly KernelResources[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-nvcc-'));
  const nvcc = async (...options: string[]): Promise<string> => {
    const { stdout, stderr } = await promisify(execFile)('nvcc', options, { cwd: folder, maxBuffer: 2 ** 26 });
    const said = stdout + stderr;
    if (/warning/i.test(said) || serialised.test(said)) throw new Error(said);
    return said;
  };
  try {
    for (const { name, cuda } of emitted) writeFileSync(join(folder, `${name}.cu`), cuda);
    writeFileSync(join(folder, 'all.cu'), emitted.map(({ name }) => `#include "${name}.cu"\n`).join(''));
    await nvcc(...strict, '-ptx', `-arch=${virtual}`, 'all.cu', '-o', 'all.ptx');
    const usages = new Map<string, readonly KernelResources[]>();
    for (const architecture of architectures) {
      const said = await nvcc(...report, '-cubin', `-arch=${architecture}`, 'all.ptx', '-o', 'all.cubin');
      usages.set(architecture, resourcesIn(said));
    }
    return usages;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
