// The head of every manifest: what was emitted, from which spec, and into which files.
// The schema of manifests is targets/manifest.schema.json.
import type { SettingValue } from '../../src/ir/index.js';

export interface ManifestHead<Target> {
  readonly heddle: string;
  readonly target: Target;
  readonly name: string;
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly formula?: string;
  readonly paper?: string;
  readonly files: readonly { readonly path: string; readonly hash: string }[];
  /** What a program calls. */
  readonly entry: string;
  /** Rows of queries above an output row that it depends on. */
  readonly history: number;
}
