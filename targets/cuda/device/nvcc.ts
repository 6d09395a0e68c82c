// nvcc, where it is installed: what its assembler says that the kernels of an emitted file take.
// Nothing is kept of what it makes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinInside } from '../../../src/file-names.js';
import { runProgram, whileUnderWay } from '../../shared/device/child-process.js';
import type { EmittedCuda } from '../emit-files.js';
import type { KernelResources } from '../sass/counts.js';

/** How long it may take over one file, in milliseconds. */
const PATIENCE = 600_000;
const NVCC = 'nvcc';

let known: Promise<string | undefined> | undefined;

/** The release of nvcc, such as `13.0`; undefined where it is not installed. */
export function nvccRelease(): Promise<string | undefined> {
  known ??= runProgram(NVCC, ['--version'], { patience: PATIENCE }).then(
    ({ output }) => /release ([\d.]+)/.exec(String(output))?.[1],
    () => undefined,
  );
  return known;
}

/** The resources of each kernel on `architecture`; undefined where nvcc is missing or does not take the file. */
export async function kernelResources(
  { name, cuda, header }: EmittedCuda,
  architecture: string,
): Promise<readonly KernelResources[] | undefined> {
  if ((await nvccRelease()) === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'heddle-nvcc-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const underWay = whileUnderWay(remove);
  try {
    const source = joinInside(folder, `${name}.cu`);
    writeFileSync(source, cuda);
    writeFileSync(joinInside(folder, `${name}.h`), header);
    const given = ['-std=c++17', '-O3', '-Xptxas', '-v', '-cubin', `-arch=${architecture}`, source];
    const { code, output, errors } = await runProgram(NVCC, [...given, '-o', join(folder, 'kernels.cubin')], {
      patience: PATIENCE,
    });
    return code === 0 ? resourcesIn(`${String(output)}${errors}`) : undefined;
  } finally {
    underWay.done();
    remove();
  }
}

/** The resources in what ptxas reports with -v. */
export function resourcesIn(said: string): readonly KernelResources[] {
  const pattern =
    /Compiling entry function '_ZN\d+(\w+?)_kernels\d+(\w+?)_kernelE\w*'[\s\S]*?(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads[\s\S]*?Used (\d+) registers/g;
  return Array.from(said.matchAll(pattern), ([, spec, kernel, stack, stores, loads, registers]) => ({
    spec: spec!,
    kernel: kernel!,
    registers: Number(registers),
    stack: Number(stack),
    spills: Number(stores) + Number(loads),
  }));
}
