// The manifest of a training package: how its forward and its backward part belong together, and the manifest of each.
// The schema of manifests is targets/manifest.schema.json.
import type { TrainingPair } from '../../src/autodiff/index.js';
import type { Graph } from '../../src/ir/index.js';
import { contentHash } from './content-hash.js';
import type { ManifestHead } from './manifest-head.js';

/** Files of a package by name, each of a part under the part's own name. */
export type TrainingFiles = ReadonlyMap<string, string>;

/** A part of the package as its own compile left it. */
export interface TrainingPart {
  readonly files: ReadonlyMap<string, string>;
  readonly manifest: { readonly target: string };
}

/** The parts of a package. */
export interface TrainingParts {
  readonly forward: TrainingPart;
  readonly backward: TrainingPart;
}

/** Values that a forward call leaves and the backward call takes under the same name, at all Tq rows. */
interface ManifestKept {
  readonly name: string;
  /** Whether the spec has it as an output. */
  readonly output: boolean;
}

interface TrainingManifest extends ManifestHead<string> {
  readonly kept: readonly ManifestKept[];
  readonly forward: object;
  readonly backward: object;
}

const MANIFEST = 'manifest.json';

/**
 * The files of both parts with those that join them, first among them, and one manifest for all.
 * @param joining files that make one launcher of two, by name
 * @param entry what a program calls
 */
export function trainingFiles(
  { graph, pair, version }: { readonly graph: Graph; readonly pair: TrainingPair; readonly version: string },
  { forward, backward }: TrainingParts,
  joining: ReadonlyMap<string, string>,
  entry: string,
): TrainingFiles {
  const ofParts = [forward, backward].flatMap(({ files }) => [...files].filter(([name]) => name !== MANIFEST));
  const files = new Map([...joining, ...ofParts]);
  const { name, settings, formula, paper } = graph;
  const manifest: TrainingManifest = {
    heddle: version,
    target: forward.manifest.target,
    name,
    settings,
    ...(formula === undefined ? {} : { formula }),
    ...(paper === undefined ? {} : { paper }),
    files: [...files].map(([path, text]) => ({ path, hash: contentHash(text) })),
    entry,
    history: 0,
    kept: pair.kept.map(({ name: kept, isOutput }) => ({ name: kept, output: isOutput })),
    forward: forward.manifest,
    backward: backward.manifest,
  };
  return files.set(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
}
