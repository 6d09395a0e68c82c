// Prepares the folder that a CUDA machine without Node runs: packages and sanitizer programs of all variants in each form, cases
// with their truth, microbenchmarks, and the Python that builds, checks and measures.
import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openSpec } from '../../dsl/frontend/index.js';
import { gradientGraph } from '../../src/autodiff/index.js';
import type { Graph } from '../../src/ir/index.js';
import { emitTorch } from '../../targets/torch/index.js';
import { goldenCases } from './cases.js';
import { FolderWriter } from './folder.js';
import { type Builders, type Forms, prepareForms } from './forms.js';
import { microText } from './micro-text.js';
import { type Built, Toolkit, WATCHDOG } from './toolkit.js';
import { forms, HEADS, isTrained, mainVariants, namedVariantsOf, smallVariants, type Variant } from './variants.js';

const MICRO = 'micro/micro.cu';
/** Files of the suite that stand at the top of the folder. */
const atTop = ['run.py', 'report.py', 'README.md'] as const;
/** What an earlier preparation has left; libraries stay, as they are known by their texts. */
const parts = ['suite', 'variants', 'cases', 'micro', 'suite.json', ...atTop] as const;

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
  /** Heads of named variants; 16 unless told. */
  readonly heads?: number | undefined;
  /** What nvcc builds libraries for, `sm_90`; nothing unless told, or where there is no nvcc. */
  readonly architectures?: readonly string[] | undefined;
  /** Whether g++ builds libraries and programs for a dry run, with kernels on the emulation. */
  readonly isEmulated?: boolean | undefined;
  readonly onVariant?: (name: string) => void;
}

export interface PreparedVariant extends Omit<Variant, 'schedule'>, Forms {
  /** What Python calls each input, by its name in the spec. */
  readonly arguments: Readonly<Record<string, string>>;
  /** The module whose nodes are rounded one by one, and its function: the yardstick of the error rule. */
  readonly low: { readonly path: string; readonly function: string };
  /** The same of gradients: its inputs by their names in Python, its results by the input that each is the gradient of. */
  readonly lowGradients?: {
    readonly path: string;
    readonly function: string;
    readonly arguments: Readonly<Record<string, string>>;
    readonly results: readonly string[];
    /** Its inputs that are the incoming gradients of outputs, in the order of those. */
    readonly incoming: readonly string[];
  };
  readonly cases: readonly string[];
}

/** The description of what was prepared, which is also written as suite.json. @throws Error where nvcc or g++ refuses a file */
export async function prepare(options: PrepareOptions): Promise<readonly PreparedVariant[]> {
  const { root, out, version, revision, only = () => true, heads = HEADS, onVariant } = options;
  // A folder of something else is not emptied.
  if (existsSync(out) && readdirSync(out).length > 0 && !existsSync(join(out, 'suite.json'))) {
    throw new Error(`${out} holds other files: name a folder that is new, empty, or was prepared before`);
  }
  for (const part of parts) rmSync(join(out, part), { recursive: true, force: true });
  const source = join(root, 'bench', 'gpu', 'suite');
  cpSync(source, join(out, 'suite'), { recursive: true, filter: (path) => !basename(path).startsWith('__pycache__') });
  for (const name of atTop) renameSync(join(out, 'suite', name), join(out, name));
  const writer = new FolderWriter(out);
  // Results of a preparation that was cut off are none.
  writer.write('suite.json', '{}\n');
  writer.write(MICRO, microText);

  const { architectures = [], isEmulated = false } = options;
  const toolkit = architectures.length > 0 ? Toolkit.find(out) : undefined;
  const variants = [...namedVariantsOf(heads), ...smallVariants].filter(only);
  const builders: Builders = { toolkit, architectures, isEmulated, withPrograms: mainVariants(variants) };
  const micro: Built[] = [];
  // A part of the suite is mostly for trying something: what compiles for so long is built there, if it is asked for.
  for (const each of toolkit && options.only === undefined ? architectures : []) {
    micro.push(await toolkit!.build('micro', 'micro', each === 'sm_90' ? 'sm_90a' : each, [MICRO]));
  }
  const files = specFiles(root);
  const prepared: PreparedVariant[] = [];
  for (const variant of variants) {
    onVariant?.(variant.name);
    const spec = await openSpec(files.get(variant.example)!);
    const graph = spec.compile(undefined, variant.settings);
    prepared.push(await prepareVariant(writer, variant, graph, options, builders));
  }
  await toolkit?.finish();
  const described = { heddle: version, revision: revision ?? null, forms, watchdog: WATCHDOG };
  const description = { ...described, nvcc: toolkit?.release ?? null, micro, variants: prepared };
  writer.write('suite.json', `${JSON.stringify(description, null, 1)}\n`);
  return prepared;
}

/** The files of examples/ by the names of their exports. */
function specFiles(root: string): ReadonlyMap<string, string> {
  const folder = join(root, 'examples');
  const camelCase = (kebab: string): string => kebab.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return new Map(readdirSync(folder).map((file) => [camelCase(basename(file, '.ts')), join(folder, file)]));
}

async function prepareVariant(
  writer: FolderWriter,
  variant: Variant,
  graph: Graph,
  { version, cases = 3 }: Pick<PrepareOptions, 'version' | 'cases'>,
  builders: Builders,
): Promise<PreparedVariant> {
  const { schedule, ...described } = variant;
  const low = emitTorch(graph, { version, roundsNodes: true });
  const lowPath = `variants/${variant.name}/low.py`;
  writer.write(lowPath, low.files.get(low.module)!);
  const prepared = await prepareForms(writer, variant, graph, version, builders);
  const golden = variant.workload === undefined ? goldenCases(graph, variant.dtype, cases) : [];
  const paths = golden.map(({ bytes, ...each }, n) => {
    const path = `cases/${variant.name}-${n + 1}`;
    writer.write(`${path}.bin`, bytes);
    writer.write(`${path}.json`, `${JSON.stringify(each)}\n`);
    return path;
  });
  return {
    ...described,
    ...prepared,
    arguments: Object.fromEntries(low.manifest.inputs.map(({ name, argument }) => [name, argument])),
    low: { path: lowPath, function: low.manifest.entry },
    // Small variants have cases.
    ...(isTrained(variant) && variant.workload !== undefined
      ? { lowGradients: lowGradientsOf(writer, variant, graph, version) }
      : {}),
    cases: paths,
  };
}

/** Writes the module of gradients whose nodes are rounded one by one. */
function lowGradientsOf(writer: FolderWriter, { name }: Variant, graph: Graph, version: string) {
  const gradient = gradientGraph(graph);
  const { files, module, manifest } = emitTorch(gradient, { version, roundsNodes: true });
  const path = `variants/${name}/low_gradients.py`;
  writer.write(path, files.get(module)!);
  return {
    path,
    function: manifest.entry,
    arguments: Object.fromEntries(manifest.inputs.map((each) => [each.name, each.argument])),
    results: gradient.outputs.map((each) => each.name.replace(/^grad_/, '')),
    incoming: graph.outputs.map((each) => `grad_${each.name}`),
  };
}
