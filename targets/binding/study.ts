// A Python package of all variants of a study: a module of torch for each, with kernels where there are some.
// Runs in a browser; the same study gives the same bytes.
import type { Graph, SettingValue } from '../../src/ir/index.js';
import type { CudaOptions } from '../cuda/emit.js';
import type { EmittedCuda } from '../cuda/emit-files.js';
import { contentHash } from '../shared/content-hash.js';
import { identifierFrom, Names } from '../shared/text/names.js';
import type { Source } from '../shared/text/source.js';
import { emitTorch } from '../torch/index.js';
import { className, endingOf, moduleNames } from '../torch/python.js';
import { signatureOf } from '../torch/signature.js';
import { boundFiles } from './bound-files.js';
import { onlyArchitecture } from './description-text.js';
import { plainSetupText, pyprojectText, setupText } from './setup-text.js';
import { type PackagedVariant, studyText } from './study-text.js';
import { kernelsOfBinding, notAskedFor, type Training } from './training.js';

export interface StudiedVariant {
  /** As the study has it: any text. */
  readonly name: string;
  /** After the passes. */
  readonly graph: Graph;
  /** The kernels, or why there are none. */
  readonly kernels: EmittedCuda | { readonly why: string };
  /** Those of a training step, where there are kernels. */
  readonly training?: Training | undefined;
}

export interface StudyToBind {
  readonly name: string;
  readonly summary?: string | undefined;
  /** The name of the variant that others are compared with. */
  readonly baseline: string;
  readonly variants: readonly StudiedVariant[];
  /** Variants that do not compile, and why. */
  readonly failures: readonly { readonly name: string; readonly why: string }[];
}

export interface BoundStudy {
  /** The package's name, and its folder. */
  readonly package: string;
  readonly files: ReadonlyMap<string, string>;
  readonly manifest: StudyManifest;
}

/** manifest.json of a study's package; its schema is targets/study-package.schema.json. */
export interface StudyManifest {
  readonly heddle: string;
  readonly study: string;
  readonly package: string;
  readonly baseline: string;
  readonly variants: readonly {
    readonly name: string;
    readonly spec: string;
    readonly settings: Readonly<Record<string, SettingValue>>;
    /** The module inside of the package, and the class in the package. */
    readonly module: string;
    readonly class: string;
    readonly history: number;
    /** What kernels store, or why there are none. */
    readonly kernels?: string;
    readonly why?: string;
  }[];
  readonly failures: readonly { readonly name: string; readonly why: string }[];
  readonly files: readonly { readonly path: string; readonly hash: string }[];
}

/** Names that the package itself has, besides those that no module may have. */
const own = 'variants baseline failures Variant con prn aux nul'.split(' ');

export function bindStudy(
  study: StudyToBind,
  { dtype = 'f32', architecture, version = 'unreleased' }: CudaOptions & { readonly version?: string | undefined } = {},
): BoundStudy {
  const folder = new Names(moduleNames).take(study.name, { ending: endingOf(study.name) });
  const modules = new Names(moduleNames, own);
  const classes = new Names(moduleNames, own);
  const packaged = study.variants.map((variant): PackagedVariant & StudiedVariant => ({
    ...variant,
    signature: signatureOf(variant.graph, { name: variant.graph.name, version }),
    // In small letters: systems that know no capitals have one file for names that differ in them.
    module: modules.take(identifierFrom(variant.name).toLowerCase(), { ending: endingOf(variant.name) }),
    class: classes.take(className(variant.name)),
    storage: 'why' in variant.kernels ? undefined : dtype,
    why: 'why' in variant.kernels ? variant.kernels.why : undefined,
  }));
  const files = new Map([[`${folder}/__init__.py`, studyText({ ...study, folder, version, variants: packaged })]]);
  const inner: Source<'python'>[] = [];
  const built: { readonly path: readonly Source<'python'>[]; readonly files: readonly string[] }[] = [];
  for (const { graph, kernels, module, signature, training = notAskedFor } of packaged) {
    if ('why' in kernels) {
      const eager = emitTorch(graph, signature.origin);
      files.set(`${folder}/${module}.py`, eager.files.get(eager.module)!);
    } else {
      const binding = { graph, emitted: kernels, signature, dtype, architecture, training };
      for (const [path, text] of boundFiles(binding, `${folder}/${module}`)) files.set(path, text);
      inner.push(module);
      built.push({ path: [folder, module], files: kernelsOfBinding(binding).map(({ name }) => `${name}.cu`) });
    }
  }
  files.set('pyproject.toml', pyprojectText);
  const setup = { title: `the study ${study.name}`, package: folder, inner, kernels: built, version };
  files.set(
    'setup.py',
    built.length === 0
      ? plainSetupText(folder, version)
      : setupText({ ...setup, only: onlyArchitecture(architecture) }),
  );
  const manifest: StudyManifest = {
    heddle: version,
    study: study.name,
    package: folder,
    baseline: study.baseline,
    variants: packaged.map(({ name, graph, module, class: of, signature, storage, why }) => ({
      name,
      spec: graph.name,
      settings: graph.settings,
      module,
      class: of,
      history: signature.history,
      ...(storage === undefined ? {} : { kernels: storage }),
      ...(why === undefined ? {} : { why }),
    })),
    failures: study.failures,
    files: Array.from(files, ([path, text]) => ({ path, hash: contentHash(text) })),
  };
  files.set('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return { package: folder, files, manifest };
}
