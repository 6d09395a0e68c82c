// A project of a person who bundles: a folder with a page that imports specs, and the files that come of it.
// Bundlers are called as that person's configuration would have them.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

export const SPEC = `import { attention, fill, softmax } from 'heddle';
import { causal, scaledDot } from 'heddle/library';
import { width } from './sizes.js';

/** Causal attention. */
export const small = attention({ heads: 2, headDim: width }, ({ q, k, v }) =>
  softmax(fill(scaledDot(q, k), causal, -Infinity)).times(v),
);
`;
export const SIZES = 'export const width = 8;\n';
export const PAGE = `import { createSmall, wgsl } from './small.ts?heddle';
globalThis.made = [createSmall, wgsl];
`;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder with the files of a page beside a spec, and more or others. */
export function projectWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'heddle-bundled-')));
  folders.push(folder);
  const all = {
    'src/small.ts': SPEC,
    'src/sizes.ts': SIZES,
    'src/main.js': PAGE,
    'index.html': '<!doctype html><title>small</title><script type="module" src="/src/main.js"></script>',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** All scripts below a folder, as one text. */
export function scriptsIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.m?js$/.test(path))
    .map((path) => readFileSync(join(folder, path), 'utf8'))
    .join('\n');
}
