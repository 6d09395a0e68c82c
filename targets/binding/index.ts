// The face of the binding for PyTorch: a Python package beside the kernels. Runs in a browser; the same graph gives the same bytes.
import type { Graph } from '../../src/ir/index.js';
import type { CudaOptions } from '../cuda/emit.js';
import type { EmittedCuda } from '../cuda/emit-files.js';
import type { CudaManifest } from '../cuda/manifest.js';
import { contentHash } from '../shared/content-hash.js';
import { signatureOf } from '../torch/signature.js';
import { boundFiles } from './bound-files.js';
import { onlyArchitecture } from './description-text.js';
import { pyprojectText, setupText } from './setup-text.js';
import { kernelsOfBinding, notAskedFor, type Training } from './training.js';

export interface BoundCuda {
  /** The package's name, and its folder. */
  readonly package: string;
  /** The files of the kernels, the manifest that names all files, and those of the package. */
  readonly files: ReadonlyMap<string, string>;
  readonly manifest: CudaManifest;
}

export interface BindOptions extends CudaOptions {
  readonly version?: string | undefined;
  /** The kernels of a training step; without them gradients are those of eager PyTorch. */
  readonly training?: Training | undefined;
}

/** Kernels with a Python package: `graph` is what they were compiled from, with what options. */
export function bindTorch(
  graph: Graph,
  emitted: EmittedCuda,
  { dtype = 'f32', architecture, version = 'unreleased', training = notAskedFor }: BindOptions,
): BoundCuda {
  const signature = signatureOf(graph, { name: graph.name, version });
  const folder = signature.function;
  const binding = { graph, emitted, signature, dtype, architecture, training };
  const setup = {
    title: emitted.name,
    package: folder,
    inner: [],
    kernels: [{ path: [folder], files: kernelsOfBinding(binding).map(({ name }) => `${name}.cu`) }],
    version,
    only: onlyArchitecture(architecture),
  };
  const own = new Map([
    ...boundFiles(binding, folder),
    ['pyproject.toml', pyprojectText],
    ['setup.py', setupText(setup)],
  ]);
  const manifest: CudaManifest = {
    ...emitted.manifest,
    package: folder,
    files: [...emitted.manifest.files, ...Array.from(own, ([path, text]) => ({ path, hash: contentHash(text) }))],
  };
  const files = new Map([...emitted.files, ...own]);
  files.set('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return { package: folder, files, manifest };
}

export { type BoundStudy, bindStudy, type StudiedVariant, type StudyToBind } from './study.js';
export { compileTraining, type Training } from './training.js';
