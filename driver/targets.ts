// The targets that specs compile to, by name, in one table: what each makes of a graph.
// Modules are loaded when a target is used, so that naming one costs nothing.

import { type ScheduleKind, scheduleKinds } from '../codegen/schedule/recipes/kinds.js';
import { fail, HeddleError } from '../src/diagnostics/index.js';
import { joinInside } from '../src/file-names.js';
import type { Graph } from '../src/ir/index.js';
import type { LoadedStudy } from './studies.js';
import { failUnknown } from './unknown-name.js';
import { version } from './version.js';

/** A file that a target makes: its name and its text. */
export type EmittedFile = readonly [name: string, content: string];

/** What a compile may ask of a target; what a target does not know is refused before it is asked. */
export interface TargetOptions {
  readonly dtype?: 'f32' | 'f16' | 'bf16' | undefined;
  readonly arch?: 'sm_80' | 'sm_89' | 'sm_90' | 'sm_90a' | 'sm_120' | undefined;
  readonly schedule?: ScheduleKind | undefined;
  /** Rows of scores and keys of a step. */
  readonly tiles?: { readonly rows: number; readonly columns: number } | undefined;
  readonly bind?: 'torch' | undefined;
  /** Forward kernels that keep what gradients need, and the kernels of the gradients. */
  readonly backward?: true | undefined;
}

export interface Target {
  readonly name: TargetName;
  /** The options that it knows. */
  readonly options: OptionValues;
  /** The files of a graph, the main one first. The same graph gives the same bytes. */
  readonly emit: (graph: Graph, options: TargetOptions) => Promise<readonly EmittedFile[]>;
  /** Whether it makes a package of a study, under these options. */
  readonly packagesStudies: (options: TargetOptions) => boolean;
  /** The package of a study's variants, its main file first. */
  readonly emitStudy: (study: LoadedStudy, options: TargetOptions) => Promise<readonly EmittedFile[]>;
}

const emitters = {
  async wgsl(graph, options) {
    const [{ compileWgsl }, { optimise }] = await Promise.all([
      import('../targets/wgsl/compile.js'),
      import('../src/passes/index.js'),
    ]);
    const { schedule, tiles } = options;
    const dtype = options.dtype === 'f16' ? 'f16' : 'f32';
    const chosen = { dtype, schedule, tiles, version: version() } as const;
    if (options.backward) {
      const { compileTrainingWgsl } = await import('../targets/wgsl/training.js');
      return [...compileTrainingWgsl(graph, await pairOf(graph), chosen)];
    }
    return [...compileWgsl(optimise(graph), chosen).emitted.files];
  },

  async cuda(graph, { dtype, schedule, tiles, arch, bind, backward }) {
    const [{ compileCuda }, { optimise }] = await Promise.all([
      import('../targets/cuda/compile.js'),
      import('../src/passes/index.js'),
    ]);
    const options = { dtype, schedule, tiles, architecture: arch, version: version() };
    // The package for PyTorch has gradients of its own.
    if (backward && bind === undefined) {
      const { compileTrainingCuda } = await import('../targets/cuda/training.js');
      return [...compileTrainingCuda(graph, await pairOf(graph), options)];
    }
    const optimised = optimise(graph);
    const { emitted } = compileCuda(optimised, options);
    if (bind === undefined) return [...emitted.files];
    const { bindTorch, compileTraining } = await import('../targets/binding/index.js');
    return [...bindTorch(optimised, emitted, { ...options, training: compileTraining(graph, options) }).files];
  },

  async gpujs(graph) {
    const [{ emitGpujs }, { optimise }] = await Promise.all([
      import('../targets/gpujs/index.js'),
      import('../src/passes/index.js'),
    ]);
    return [...emitGpujs(optimise(graph), { version: version() }).files];
  },

  async torch(graph) {
    const [{ emitTorch }, { optimise }] = await Promise.all([
      import('../targets/torch/index.js'),
      import('../src/passes/index.js'),
    ]);
    return [...emitTorch(optimise(graph), { version: version() }).files];
  },

  /** The score graph itself, as it is written and after the passes. */
  async graph(graph, { backward }) {
    const [{ print }, { toJson }, { optimise }] = await Promise.all([
      import('../src/ir/text/index.js'),
      import('../src/ir/json/index.js'),
      import('../src/passes/index.js'),
    ]);
    const pair = backward ? await pairOf(graph) : undefined;
    return [
      [`${graph.name}.graph`, print(graph)],
      [`${graph.name}.graph.json`, `${JSON.stringify(toJson(graph), undefined, 2)}\n`],
      [`${graph.name}.optimised.graph`, print(optimise(graph))],
      ...(pair ? [pair.forward, pair.backward] : []).map((each): EmittedFile => [`${each.name}.graph`, print(each)]),
    ];
  },
} satisfies Record<string, Target['emit']>;

/** The training pair of a graph as written. */
const pairOf = async (graph: Graph) => (await import('../src/autodiff/index.js')).trainingPair(graph);

/** One Python package: with kernels for `--target cuda --bind torch`, where a variant has some, else of eager PyTorch. */
async function emitStudy(
  name: TargetName,
  study: LoadedStudy,
  options: TargetOptions,
): Promise<readonly EmittedFile[]> {
  const hasKernels = name === 'cuda';
  const [{ bindStudy, compileTraining }, { compileCuda }, { optimise }] = await Promise.all([
    import('../targets/binding/index.js'),
    import('../targets/cuda/compile.js'),
    import('../src/passes/index.js'),
  ]);
  const { dtype, schedule, arch: architecture } = options;
  const chosen = { dtype, schedule, architecture, version: version() };
  const variants = study.variants.map(({ name: variant, graph: written }) => {
    const graph = optimise(written);
    if (!hasKernels) return { name: variant, graph, kernels: { why: 'the package was compiled without kernels' } };
    try {
      const kernels = compileCuda(graph, chosen).emitted;
      return { name: variant, graph, kernels, training: compileTraining(written, chosen) };
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      return { name: variant, graph, kernels: { why: error.diagnostics[0]!.message } };
    }
  });
  return [...bindStudy({ ...study, variants }, chosen).files];
}

/** What each option may be, by target; `sizes` are read by whoever has them as text. */
type OptionValues = {
  readonly [Option in keyof TargetOptions]?: Option extends 'tiles'
    ? 'sizes'
    : readonly NonNullable<TargetOptions[Option]>[];
};

const known: Readonly<Record<keyof typeof emitters, OptionValues>> = {
  wgsl: { dtype: ['f32', 'f16'], schedule: scheduleKinds, tiles: 'sizes', backward: [true] },
  cuda: {
    dtype: ['f32', 'f16', 'bf16'],
    schedule: scheduleKinds,
    tiles: 'sizes',
    arch: ['sm_80', 'sm_89', 'sm_90', 'sm_90a', 'sm_120'],
    bind: ['torch'],
    backward: [true],
  },
  gpujs: {},
  torch: {},
  graph: { backward: [true] },
};

export type TargetName = keyof typeof emitters;

export const targetNames = Object.keys(emitters) as readonly TargetName[];

/** @throws HeddleError HD4021 for an unknown name. */
export function targetNamed(name: string): Target {
  if (!Object.hasOwn(emitters, name)) failUnknown('HD4021', name, targetNames);
  const emitter: Target['emit'] = emitters[name as TargetName];
  return {
    name: name as TargetName,
    options: known[name as TargetName],
    emit: async (graph, options) => inside(await emitter(graph, options)),
    packagesStudies: ({ bind }) => name === 'torch' || (name === 'cuda' && bind === 'torch'),
    emitStudy: async (study, options) => inside(await emitStudy(name as TargetName, study, options)),
  };
}

/** Whoever writes the files may join their names to a folder in ways of their own. */
const inside = (files: readonly EmittedFile[]): readonly EmittedFile[] =>
  files.map(([path, content]) => [joinInside('', path), content]);

/** Options as they are typed, but sizes, which are numbers already. */
type GivenOptions = {
  readonly [Option in keyof TargetOptions]: Option extends 'tiles' ? TargetOptions[Option] : string | true | undefined;
};

/** The options as a target takes them. @throws HeddleError HD4028 for one that it does not know, HD4029 for a bad value. */
export function targetOptions(target: Target, given: GivenOptions): TargetOptions {
  for (const [option, value] of Object.entries(given) as [keyof TargetOptions, GivenOptions[keyof TargetOptions]][]) {
    if (value === undefined) continue;
    const values: 'sizes' | readonly (string | true)[] | undefined = target.options[option];
    if (values === undefined) {
      const takers = targetNames.filter((name) => known[name][option] !== undefined);
      fail('HD4028', { option: `--${option}`, target: target.name, takers });
    }
    if (values === 'sizes' || typeof value === 'object' || values.includes(value)) continue;
    fail('HD4029', { option: `--${option}`, value: String(value), values: values.map(String) });
  }
  return given as TargetOptions;
}
