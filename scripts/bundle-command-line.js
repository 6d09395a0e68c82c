// Bundles the command line into few modules: Node takes as long to find, read and link some five hundred as a compile does to schedule.
// What the package exports stays as it is, each file a module; the command line keeps to its bundle, and loads parts when asked.

import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build } from 'esbuild';

const FOLDER = 'bundle';

/**
 * Writes dist/bundle/ and a dist/cli/main.js that starts it.
 * @param {string} dist the folder of compiled modules
 */
export async function bundleCommandLine(dist) {
  const main = join(dist, 'cli', 'main.js');
  await build({
    absWorkingDir: join(dist, '..'),
    entryPoints: [main],
    outdir: join(dist, FOLDER),
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    legalComments: 'none',
    charset: 'utf8',
    plugins: [whereFilesAre(dist)],
  });
  writeFileSync(main, `#!/usr/bin/env node\nimport '../${FOLDER}/main.js';\n`);
}

/**
 * Files that a module finds beside itself are found from the bundle too.
 * @param {string} dist
 * @returns {import('esbuild').Plugin}
 */
const whereFilesAre = (dist) => ({
  name: 'where files are',
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, ({ path }) => {
      const own = relative(join(dist, FOLDER), path).split(sep).join('/');
      const url = `new URL(${JSON.stringify(own)}, import.meta.url).href`;
      return { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', url), loader: 'js' };
    });
  },
});
