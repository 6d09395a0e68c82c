// Prepares the folder that a CUDA machine without Node runs: packages and sanitizer programs of all variants in each form, cases
// with their truth, microbenchmarks, and the Python that builds, checks and measures.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openSpec } from '../../dsl/frontend/index.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import type { Graph } from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';
import { bindTorch } from '../../targets/binding/index.js';
import { compileCuda } from '../../targets/cuda/compile.js';
import type { Architecture } from '../../targets/cuda/index.js';
import { contentHash } from '../../targets/shared/content-hash.js';
import { emitTorch } from '../../targets/torch/index.js';
import { goldenCases } from './cases.js';
import { sanitizerDriverText } from './driver-text.js';
import { microText } from './micro-text.js';
import { forms, namedVariants, smallVariants, type Variant } from './variants.js';

export interface PrepareOptions {
  /** The checkout: examples/ and bench/gpu/suite/ are read from it. */
  readonly root: string;
  readonly out: string;
  readonly version: string;
  /** What stands in the description beside the version: a commit. */
  readonly revision?: string | undefined;
  /** The variants to prepare; all unless told. */
  readonly only?: ((variant: Variant) => boolean) | undefined;
  /** Cases with their truth for each small variant. */
  readonly cases?: number | undefined;
  readonly onVariant?: (name: string) => void;
}

/** A form of a variant in the folder's description; paths are relative to the folder. */
interface Form {
  readonly form: Architecture;
  readonly folder: string;
  readonly package: string;
  readonly source: string;
  readonly driver: string;
  readonly schedule: string;
  readonly kernels: readonly { readonly name: string; readonly threads: number; readonly sharedBytes: number }[];
}

export interface PreparedVariant extends Omit<Variant, 'schedule'> {
  readonly history: number;
  /** What Python calls each input, by its name in the spec. */
  readonly arguments: Readonly<Record<string, string>>;
  /** The module whose nodes are rounded one by one, and its function: the yardstick of the error rule. */
  readonly low: { readonly path: string; readonly function: string };
  readonly forms: readonly Form[];
  /** Forms that were not emitted, with the reason. */
  readonly missing: readonly { readonly form: string; readonly why: string }[];
  readonly cases: readonly string[];
}

/** The description of what was prepared, which is also written as suite.json. */
export async function prepare(options: PrepareOptions): Promise<readonly PreparedVariant[]> {
  const { root, out, version, revision, only = () => true, cases = 3, onVariant } = options;
  // A folder of something else is not emptied.
  if (existsSync(out) && readdirSync(out).length > 0 && !existsSync(join(out, 'suite.json'))) {
    throw new Error(`${out} holds other files: name a folder that is new, empty, or was prepared before`);
  }
  for (const part of ['suite', 'variants', 'cases', 'micro', 'suite.json', 'run.py', 'README.md']) {
    rmSync(join(out, part), { recursive: true, force: true });
  }
  const source = join(root, 'bench', 'gpu', 'suite');
  cpSync(source, join(out, 'suite'), { recursive: true, filter: (path) => !basename(path).startsWith('__') });
  for (const name of ['run.py', 'README.md']) {
    cpSync(join(out, 'suite', name), join(out, name));
    rmSync(join(out, 'suite', name));
  }
  write(out, 'micro/micro.cu', microText);

  const files = specFiles(root);
  const prepared: PreparedVariant[] = [];
  for (const variant of [...namedVariants, ...smallVariants].filter(only)) {
    onVariant?.(variant.name);
    const spec = await openSpec(files.get(variant.example)!);
    const graph = spec.compile(undefined, variant.settings);
    prepared.push(prepareVariant(variant, graph, { out, version, cases }));
  }
  const description = { heddle: version, revision: revision ?? null, forms, variants: prepared };
  write(out, 'suite.json', `${JSON.stringify(description, null, 1)}\n`);
  return prepared;
}

function write(out: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), content);
}

/** The files of examples/ by the names of their exports. */
function specFiles(root: string): ReadonlyMap<string, string> {
  const folder = join(root, 'examples');
  const camelCase = (kebab: string): string => kebab.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return new Map(readdirSync(folder).map((file) => [camelCase(basename(file, '.ts')), join(folder, file)]));
}

function prepareVariant(
  variant: Variant,
  graph: Graph,
  { out, version, cases }: { readonly out: string; readonly version: string; readonly cases: number },
): PreparedVariant {
  const { schedule, ...described } = variant;
  const optimised = optimise(graph);
  const low = emitTorch(graph, { version, roundsNodes: true });
  const lowPath = `variants/${variant.name}/low.py`;
  write(out, lowPath, low.files.get(low.module)!);
  const emittedForms: Form[] = [];
  const missing: { form: string; why: string }[] = [];
  const texts = new Map<string, string>();
  let history = 0;
  for (const form of forms) {
    try {
      const options = { dtype: variant.dtype, architecture: form, version };
      const { emitted, scheduled } = compileCuda(optimised, { ...options, schedule });
      history = emitted.manifest.history;
      // Kernels that are the same in both forms are built and measured once.
      const text = contentHash(emitted.cuda.replace(/^\/\/.*\n/gm, ''));
      const same = texts.get(text);
      if (same !== undefined) {
        missing.push({ form, why: `its kernels are those of ${same}` });
        continue;
      }
      texts.set(text, form);
      const folder = `variants/${variant.name}/${form}`;
      const bound = bindTorch(optimised, emitted, options);
      for (const [path, content] of bound.files) write(out, `${folder}/${path}`, content);
      write(out, `${folder}/driver.cu`, sanitizerDriverText(emitted));
      emittedForms.push({
        form,
        folder,
        package: bound.package,
        source: `${folder}/${emitted.name}.cu`,
        driver: `${folder}/driver.cu`,
        schedule: scheduled.kind,
        kernels: emitted.module.kernels.map(({ kernel: { name }, threads, sharedBytes }) => ({
          name,
          threads,
          sharedBytes,
        })),
      });
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      missing.push({ form, why: error.diagnostics.map(({ message }) => message).join('; ') });
    }
  }
  const golden = variant.workload === undefined ? goldenCases(graph, variant.dtype, cases) : [];
  const paths = golden.map(({ bytes, ...each }, n) => {
    const path = `cases/${variant.name}-${n + 1}`;
    write(out, `${path}.bin`, bytes);
    write(out, `${path}.json`, `${JSON.stringify(each)}\n`);
    return path;
  });
  return {
    ...described,
    history,
    arguments: Object.fromEntries(low.manifest.inputs.map(({ name, argument }) => [name, argument])),
    low: { path: lowPath, function: low.manifest.entry },
    forms: emittedForms,
    missing,
    cases: paths,
  };
}
