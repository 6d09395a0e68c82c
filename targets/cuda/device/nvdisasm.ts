// nvdisasm, where it is installed: the machine code of an emitted file as text, beside what the assembler says of its kernels.
// It is found by HEDDLE_NVDISASM, on the PATH, or beside nvcc.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { joinInside } from '../../../src/file-names.js';
import { runProgram, whileUnderWay } from '../../shared/device/child-process.js';
import type { EmittedCuda } from '../emit-files.js';
import { type AssembledKernel, kernelCounts } from '../sass/counts.js';
import { listingsIn } from '../sass/disassembly.js';
import { nvccRelease, resourcesIn } from './nvcc.js';

const PATIENCE = 600_000;

/** The file of a program on the PATH. */
const onPath = (program: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));

/** Where nvdisasm is; undefined where there is none. */
export function nvdisasm(): string | undefined {
  const named = process.env['HEDDLE_NVDISASM'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  const nvcc = onPath('nvcc');
  const beside = nvcc === undefined ? undefined : join(dirname(nvcc), 'nvdisasm');
  return onPath('nvdisasm') ?? (beside !== undefined && existsSync(beside) ? beside : undefined);
}

/** What is missing to count instructions, in a sentence that says what to install; undefined where nothing is. */
export async function missingForCounts(): Promise<string | undefined> {
  if ((await nvccRelease()) === undefined) return 'nvcc is not on the PATH: install the CUDA toolkit';
  if (nvdisasm() !== undefined) return undefined;
  const named = process.env['HEDDLE_NVDISASM'];
  if (named) return `HEDDLE_NVDISASM names ${named}, which is not there`;
  return (
    'there is no nvdisasm on the PATH or beside nvcc: install it (cuda-nvdisasm of the CUDA toolkit, or nvidia-cuda-toolkit ' +
    'of Debian), or name it by HEDDLE_NVDISASM'
  );
}

/**
 * Assembles an emitted file for one architecture and counts each of its kernels.
 * @throws Error with what nvcc or nvdisasm says, or what is missing
 */
export async function assembledKernels(
  emitted: EmittedCuda,
  architecture: string,
): Promise<readonly AssembledKernel[]> {
  const missing = await missingForCounts();
  if (missing !== undefined) throw new Error(missing);
  const folder = mkdtempSync(join(tmpdir(), 'heddle-sass-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const underWay = whileUnderWay(remove);
  try {
    const [source, cubin] = [joinInside(folder, `${emitted.name}.cu`), join(folder, 'kernels.cubin')];
    writeFileSync(source, emitted.cuda);
    writeFileSync(joinInside(folder, `${emitted.name}.h`), emitted.header);
    const given = ['-std=c++17', '-O3', '-Xptxas', '-v', '-cubin', `-arch=${architecture}`, source, '-o', cubin];
    const said = await outputOf('nvcc', given);
    return assembledFrom(emitted, said, await outputOf(nvdisasm()!, ['-c', cubin]));
  } finally {
    underWay.done();
    remove();
  }
}

/** The kernels of an emitted file, by what ptxas said of them and the text of their code. */
function assembledFrom({ module }: EmittedCuda, said: string, text: string): readonly AssembledKernel[] {
  const listings = listingsIn(text);
  const resources = resourcesIn(said);
  return module.kernels.map((each) => {
    const listing = listings.find(({ symbol }) => symbol.includes(`${each.entryPoint.length}${each.entryPoint}E`));
    const own = resources.find(({ kernel }) => kernel === each.kernel.name);
    if (!listing || !own) throw new Error(`nothing is known of the code of ${each.kernel.name}`);
    return { counts: kernelCounts(each, listing), resources: own, sharedBytes: each.sharedBytes };
  });
}

/** What a program prints, on both streams. @throws Error with that, where it fails */
async function outputOf(file: string, given: readonly string[]): Promise<string> {
  const { code, output, errors } = await runProgram(file, given, { patience: PATIENCE });
  const said = `${String(output)}${errors}`;
  if (code !== 0) throw new Error(`${file} failed: ${said}`);
  return said;
}
