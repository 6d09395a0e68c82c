// The forms of a variant in the folder: emitted and bound, with the names of their barriers, and what is built of them here: by nvcc
// for devices, by g++ for a dry run.

import { join } from 'node:path';
import { workOf } from '../../codegen/schedule/index.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import type { Graph } from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';
import { bindTorch, compileTraining, type Training } from '../../targets/binding/index.js';
import { compileCuda } from '../../targets/cuda/compile.js';
import { buildEmulatedLibrary, buildEmulatedProgram } from '../../targets/cuda/device/emulated-library.js';
import type { EmittedKernel } from '../../targets/cuda/emit-kernel.js';
import type { Architecture, EmittedCuda } from '../../targets/cuda/index.js';
import { BARRIER_BYTES, emptyBarrier, fullBarrier } from '../../targets/cuda/layout/warpgroups.js';
import { contentHash } from '../../targets/shared/content-hash.js';
import { sanitizerDriverText } from './driver-text.js';
import type { FolderWriter } from './folder.js';
import type { Built, Toolkit } from './toolkit.js';
import { countedLengths, forms, isTrained, TIMED_BATCH, type Variant } from './variants.js';

/** A form of a variant in the folder's description; paths are relative to the folder. */
export interface Form {
  readonly form: Architecture;
  readonly folder: string;
  readonly package: string;
  /** What computes outputs alone, and what programs without PyTorch are built of. */
  readonly source: string;
  readonly driver: string;
  readonly schedule: string;
  /** The files of its library: that of outputs first, and where it has gradients the forward that keeps and the backward. */
  readonly modules: readonly ModuleOfForm[];
  readonly sourceBytes: number;
  readonly training: TrainingOfForm;
  /** What was built for devices, and for the emulation. */
  readonly prepared: readonly Built[];
  readonly emulated: { readonly library?: string; readonly program?: string };
}

interface ModuleOfForm {
  /** What its functions begin with. */
  readonly prefix: string;
  readonly source: string;
  readonly kernels: readonly Kernel[];
}

/** Operations of a training step by length, as `explain --backward` counts them, of a batch of two; or why gradients have no kernels. */
type TrainingOfForm =
  | { readonly why: string }
  | { readonly operations: Readonly<Record<number, { readonly forward: number; readonly backward: number }>> };

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

const notTrained: Training = { why: 'a step of decoding is no part of training' };

/**
 * Writes all forms of a variant; kernels that are the same in two of them are in the folder once.
 * @param graph as the spec wrote it
 */
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
    const optimised = optimise(graph);
    const compiled = compiledOr(() => compileCuda(optimised, { ...options, schedule: variant.schedule }));
    if ('why' in compiled) {
      missing.push({ form, why: compiled.why });
      continue;
    }
    const { emitted, scheduled } = compiled;
    history = emitted.manifest.history;
    const training = isTrained(variant) ? compileTraining(graph, options) : notTrained;
    const all = 'why' in training ? [emitted] : [emitted, training.forward, training.backward];
    const text = contentHash(all.map(({ cuda }) => cuda.replace(/^\/\/.*\n/gm, '')).join());
    const same = texts.get(text);
    if (same !== undefined) {
      missing.push({ form, why: `its kernels are those of ${same}` });
      continue;
    }
    texts.set(text, form);
    const folder = `variants/${variant.name}/${form}`;
    const bound = bindTorch(optimised, emitted, { ...options, training });
    for (const [path, content] of bound.files) writer.write(`${folder}/${path}`, content);
    // The package has the files of all kernels.
    const place = `${folder}/${bound.package}`;
    writer.write(`${place}/driver.cu`, sanitizerDriverText(emitted));
    const modules = all.map(
      ({ name, prefix, module }): ModuleOfForm => ({
        prefix,
        source: `${place}/${name}.cu`,
        kernels: module.kernels.map(describeKernel),
      }),
    );
    const described = {
      form,
      folder,
      package: bound.package,
      source: modules[0]!.source,
      driver: `${place}/driver.cu`,
      schedule: scheduled.kind,
      modules,
      sourceBytes: all.reduce((sum, { cuda }) => sum + cuda.length, 0),
      training: describeTraining(training),
    };
    prepared.push({
      ...described,
      prepared: await builtBy(variant, described, builders),
      emulated: builders.isEmulated ? await emulatedOf(writer, all, place, builders.withPrograms.has(variant)) : {},
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

function describeTraining(training: Training): TrainingOfForm {
  if ('why' in training) return training;
  const at = (length: number) => {
    const sizes = { batch: TIMED_BATCH, queries: length, keys: length, rows: length };
    const { forward, backward } = training;
    return {
      forward: workOf(forward.program, sizes).operations,
      backward: workOf(backward.program, sizes).operations,
    };
  };
  return { operations: Object.fromEntries(countedLengths.map((length) => [length, at(length)])) };
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
  { form, source, driver, modules }: Pick<Form, 'form' | 'source' | 'driver' | 'modules'>,
  { toolkit, architectures, withPrograms }: Builders,
): Promise<readonly Built[]> {
  if (!toolkit || variant.workload === undefined) return [];
  const wanted = form.endsWith('a')
    ? architectures.map((each) => `${each}a`).filter((each) => each === form)
    : architectures;
  const sources = modules.map((each) => each.source);
  const built: Built[] = [];
  for (const architecture of wanted) {
    const name = `${variant.name}-${form}`;
    built.push(await toolkit.build('library', name, architecture, sources));
    if (withPrograms.has(variant)) built.push(await toolkit.build('program', name, architecture, [source, driver]));
  }
  return built;
}

async function emulatedOf(
  writer: FolderWriter,
  modules: readonly EmittedCuda[],
  folder: string,
  hasProgram: boolean,
): Promise<Form['emulated']> {
  const place = join(writer.out, folder);
  await buildEmulatedLibrary(place, ...modules);
  const library = `${folder}/emulated.so`;
  if (!hasProgram) return { library };
  await buildEmulatedProgram(place, modules[0]!, 'driver.cu');
  return { library, program: `${folder}/emulated.run` };
}
