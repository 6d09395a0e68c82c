// The forms of a variant in the folder: emitted and bound, with the names of their barriers, and what is built of them here: by nvcc
// for devices, by g++ for a dry run.

import { join } from 'node:path';
import { HeddleError } from '../../src/diagnostics/index.js';
import type { Graph } from '../../src/ir/index.js';
import { bindTorch } from '../../targets/binding/index.js';
import { compileCuda } from '../../targets/cuda/compile.js';
import { buildEmulatedLibrary, buildEmulatedProgram } from '../../targets/cuda/device/emulated-library.js';
import type { EmittedKernel } from '../../targets/cuda/emit-kernel.js';
import type { Architecture, EmittedCuda } from '../../targets/cuda/index.js';
import { BARRIER_BYTES, emptyBarrier, fullBarrier } from '../../targets/cuda/layout/warpgroups.js';
import { contentHash } from '../../targets/shared/content-hash.js';
import { sanitizerDriverText } from './driver-text.js';
import type { FolderWriter } from './folder.js';
import type { Built, Toolkit } from './toolkit.js';
import { forms, type Variant } from './variants.js';

/** A form of a variant in the folder's description; paths are relative to the folder. */
export interface Form {
  readonly form: Architecture;
  readonly folder: string;
  readonly package: string;
  readonly source: string;
  readonly sourceBytes: number;
  readonly driver: string;
  readonly schedule: string;
  readonly kernels: readonly Kernel[];
  /** What was built for devices, and for the emulation. */
  readonly prepared: readonly Built[];
  readonly emulated: { readonly library?: string; readonly program?: string };
}

interface Kernel {
  readonly name: string;
  readonly entryPoint: string;
  readonly threads: number;
  readonly sharedBytes: number;
  /** Barriers in shared memory by their addresses: which view, whether it waits for its bytes or for its place, which stage. */
  readonly barriers: Readonly<Record<number, string>>;
}

export interface Forms {
  readonly history: number;
  readonly forms: readonly Form[];
  /** Forms that were not emitted, with the reason. */
  readonly missing: readonly { readonly form: string; readonly why: string }[];
}

/** What builds beside the compiler; each is left out where it is not asked for or not there. */
export interface Builders {
  readonly toolkit: Toolkit | undefined;
  /** Architectures that nvcc builds for, `sm_90`: the form for it alone is built with it. */
  readonly architectures: readonly string[];
  readonly isEmulated: boolean;
  /** Variants that programs without PyTorch are built of. */
  readonly withPrograms: ReadonlySet<Variant>;
}

/** Writes all forms of a variant; kernels that are the same in two of them are in the folder once. */
export async function prepareForms(
  writer: FolderWriter,
  variant: Variant,
  graph: Graph,
  version: string,
  builders: Builders,
): Promise<Forms> {
  const prepared: Form[] = [];
  const missing: { form: string; why: string }[] = [];
  const texts = new Map<string, string>();
  let history = 0;
  for (const form of forms) {
    const options = { dtype: variant.dtype, architecture: form, version };
    const compiled = compiledOr(() => compileCuda(graph, { ...options, schedule: variant.schedule }));
    if ('why' in compiled) {
      missing.push({ form, why: compiled.why });
      continue;
    }
    const { emitted, scheduled } = compiled;
    history = emitted.manifest.history;
    const text = contentHash(emitted.cuda.replace(/^\/\/.*\n/gm, ''));
    const same = texts.get(text);
    if (same !== undefined) {
      missing.push({ form, why: `its kernels are those of ${same}` });
      continue;
    }
    texts.set(text, form);
    const folder = `variants/${variant.name}/${form}`;
    const bound = bindTorch(graph, emitted, options);
    for (const [path, content] of bound.files) writer.write(`${folder}/${path}`, content);
    writer.write(`${folder}/driver.cu`, sanitizerDriverText(emitted));
    const described = {
      form,
      folder,
      package: bound.package,
      source: `${folder}/${emitted.name}.cu`,
      sourceBytes: emitted.cuda.length,
      driver: `${folder}/driver.cu`,
      schedule: scheduled.kind,
      kernels: emitted.module.kernels.map(describeKernel),
    };
    prepared.push({
      ...described,
      prepared: await builtBy(variant, described, builders),
      emulated: builders.isEmulated
        ? await emulatedOf(writer, emitted, folder, builders.withPrograms.has(variant))
        : {},
    });
  }
  return { history, forms: prepared, missing };
}

function compiledOr<T extends object>(compile: () => T): T | { readonly why: string } {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    return { why: error.diagnostics.map(({ message }) => message).join('; ') };
  }
}

function describeKernel({ kernel: { name }, entryPoint, threads, sharedBytes, maps }: EmittedKernel): Kernel {
  const barriers: Record<number, string> = {};
  for (const { view } of maps) {
    for (let stage = 0; stage < view.stages; stage += 1) {
      const where = view.isMoving ? `, stage ${stage}` : '';
      barriers[fullBarrier(view) + stage * BARRIER_BYTES] = `${view.view.buffer.name} is full${where}`;
      if (view.isMoving)
        barriers[emptyBarrier(view) + stage * BARRIER_BYTES] = `${view.view.buffer.name} is empty${where}`;
    }
  }
  return { name, entryPoint, threads, sharedBytes, barriers };
}

/** What nvcc builds of a named variant: its library, and the program of those that are profiled. */
async function builtBy(
  variant: Variant,
  { form, source, driver }: Pick<Form, 'form' | 'source' | 'driver'>,
  { toolkit, architectures, withPrograms }: Builders,
): Promise<readonly Built[]> {
  if (!toolkit || variant.workload === undefined) return [];
  const wanted = form.endsWith('a')
    ? architectures.map((each) => `${each}a`).filter((each) => each === form)
    : architectures;
  const built: Built[] = [];
  for (const architecture of wanted) {
    const name = `${variant.name}-${form}`;
    built.push(await toolkit.build('library', name, architecture, [source]));
    if (withPrograms.has(variant)) built.push(await toolkit.build('program', name, architecture, [source, driver]));
  }
  return built;
}

async function emulatedOf(
  writer: FolderWriter,
  emitted: EmittedCuda,
  folder: string,
  hasProgram: boolean,
): Promise<Form['emulated']> {
  const place = join(writer.out, folder);
  await buildEmulatedLibrary(place, emitted);
  const library = `${folder}/emulated.so`;
  if (!hasProgram) return { library };
  await buildEmulatedProgram(place, emitted, 'driver.cu');
  return { library, program: `${folder}/emulated.run` };
}
