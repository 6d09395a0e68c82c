// What tells Node and bundlers that emitted files are ES modules: a package.json beside them, where the project's says CommonJS.
// Elsewhere none is written, as Node looks into files of packages that say nothing.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const NAME = 'package.json';
const MARKER = '{ "type": "module" }\n';

/** What to write beside modules in `folder`, and what to tell where its own package.json stands in the way. */
export interface ModuleKind {
  readonly files: readonly (readonly [name: string, content: string])[];
  readonly note?: string;
}

export function moduleKind(
  folder: string,
  emitted: readonly (readonly [name: string, content: unknown])[],
): ModuleKind {
  if (!emitted.some(([name]) => name.endsWith('.js'))) return { files: [] };
  const nearest = nearestPackage(resolve(folder));
  if (nearest === undefined) return { files: [] };
  const isOwn = nearest.folder === resolve(folder);
  if (isOwn && nearest.text === MARKER) return { files: [[NAME, MARKER]] };
  if (typeOf(nearest.text) !== 'commonjs') return { files: [] };
  if (!isOwn) return { files: [[NAME, MARKER]] };
  const note = `note: ${join(folder, NAME)} says "commonjs", and what is emitted are ES modules: --out a folder of their own`;
  return { files: [], note };
}

function nearestPackage(folder: string): { readonly folder: string; readonly text: string } | undefined {
  try {
    return { folder, text: readFileSync(join(folder, NAME), 'utf8') };
  } catch {
    const above = dirname(folder);
    return above === folder ? undefined : nearestPackage(above);
  }
}

function typeOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { type?: unknown } | null)?.type;
  } catch {
    return undefined;
  }
}
