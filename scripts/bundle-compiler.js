// Bundles `heddle/compiler` for pages and their workers: one module without an import, TypeScript and the language's texts in it.
// Where a file needs Node, the one called `‹name›.page` beside it stands in.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const requireOfTsMorph = createRequire(createRequire(import.meta.url).resolve('ts-morph'));
const typescript = requireOfTsMorph.resolve('@ts-morph/common/dist/typescript.js');

/** The files of TypeScript's own library that specs are checked against: ES2023 and all that it refers to. */
function libraryTexts() {
  const { getLibFiles } = requireOfTsMorph('@ts-morph/common');
  const all = new Map(getLibFiles().map(({ fileName, text }) => [fileName, text]));
  const texts = {};
  const take = (name) => {
    const text = all.get(name);
    if (text === undefined || name in texts) return;
    // The checker reads no comment but the references at the top.
    const references = [...text.matchAll(/^\/\/\/ <reference .*$/gm)].map(([line]) => line);
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
    texts[name] = `${[...references, code].join('\n')}`.replace(/\n\s*\n/g, '\n');
    for (const [, referred] of text.matchAll(/<reference lib="([^"]+)"/g)) take(`lib.${referred}.d.ts`);
  };
  take('lib.es2023.d.ts');
  return texts;
}

/** The texts of the language and its library, by their paths in dsl/. */
function languageTexts() {
  const library = readdirSync(join(root, 'dsl', 'library')).map((name) => `library/${name}`);
  const paths = ['language.ts', 'run-time.ts', ...library.filter((name) => name.endsWith('.ts'))];
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, 'dsl', path), 'utf8')]));
}

/**
 * Takes `‹name›.page` in place of `‹name›`, and gives TypeScript no module of Node to look for.
 * @returns {import('esbuild').Plugin}
 */
const forPages = {
  name: 'for pages',
  setup({ onResolve, onLoad, initialOptions }) {
    onResolve({ filter: /^\.{1,2}\/.*\.js$/ }, ({ path, importer, resolveDir }) => {
      if (importer.includes('node_modules')) return undefined;
      const stem = join(resolveDir, path).replace(/\.js$/, '.page');
      const found = [`${stem}.js`, `${stem}.ts`].find(existsSync);
      // The stand-in itself imports the types of what it stands for, and no value.
      return found === undefined ? undefined : { path: found };
    });
    onResolve({ filter: /^[\w-]+$/ }, ({ path, importer }) =>
      importer === typescript ? { path, namespace: 'absent' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: 'module.exports = undefined;', loader: 'js' }));
    onResolve({ filter: /^ts-morph$/ }, () =>
      initialOptions.external?.includes('ts-morph')
        ? { path: 'ts-morph', external: true }
        : { path: 'ts-morph', namespace: 'typescript alone' },
    );
    onLoad({ filter: /./, namespace: 'typescript alone' }, () => ({
      contents: `export { default as ts } from ${JSON.stringify(typescript)};`,
      resolveDir: root,
    }));
  },
};

const options = (entry) => ({
  absWorkingDir: dirname(entry),
  entryPoints: [entry],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'browser',
  target: 'es2023',
  charset: 'utf8',
  legalComments: 'none',
  plugins: [forPages],
});

/**
 * The bundle, as text.
 * @param {string} entry the compiled cli/api.js, or its source
 * @returns {Promise<string>}
 */
export async function bundledCompiler(entry) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { outputFiles } = await build({
    ...options(entry),
    minify: true,
    define: {
      HEDDLE_VERSION: JSON.stringify(version),
      HEDDLE_LANGUAGE: JSON.stringify(languageTexts()),
      HEDDLE_TYPESCRIPT_LIBRARY: JSON.stringify(libraryTexts()),
    },
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * What the bundle is made of but TypeScript: its modules, by their paths from the root, and whatever is imported from outside.
 * @param {string} entry
 * @returns {Promise<{ modules: string[], outside: string[] }>}
 */
export async function modulesForPages(entry) {
  const { metafile } = await build({ ...options(entry), metafile: true, external: ['ts-morph'], absWorkingDir: root });
  const outputs = Object.values(metafile.outputs);
  return {
    modules: Object.keys(metafile.inputs),
    outside: outputs.flatMap(({ imports }) => imports.map(({ path }) => path)).filter((path) => path !== 'ts-morph'),
  };
}
