// Bundles the script and the style of reports: report/page/ as one module and one style sheet, without any import left.
// Used by builds, by runs from sources and by the tests, so that all have the same page.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @returns {{ script: string, style: string }} */
export function bundlePage() {
  /** @param {string} name */
  const bundled = (name) =>
    buildSync({
      entryPoints: [join(root, 'report', 'page', name)],
      bundle: true,
      write: false,
      minify: true,
      format: 'esm',
      // What inflates data in the page.
      target: ['chrome103', 'firefox113', 'safari16.4'],
      charset: 'ascii',
      legalComments: 'none',
    }).outputFiles[0]?.text.trim() ?? '';
  return { script: bundled('main.ts'), style: bundled('style.css') };
}

/**
 * Writes them to where the compiled report looks for them.
 * @param {string} compiled the folder that the sources were compiled to
 */
export function writePage(compiled) {
  const { script, style } = bundlePage();
  const folder = join(compiled, 'report', 'page');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'page.js'), script);
  writeFileSync(join(folder, 'page.css'), style);
}
