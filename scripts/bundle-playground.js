// Writes the playground as a folder that any static host serves: one page, its script, and the compiler as a worker.
// Beside it goes the documentation, whose specs the page shows. Nothing of it asks for anything from elsewhere.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, buildSync } from 'esbuild';
import { bundledCompiler } from './bundle-compiler.js';
import { writeDocumentation } from './bundle-documentation.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What all of its browsers know: the page says so in words where one does not. */
const target = ['chrome113', 'firefox121', 'safari17'];

/**
 * Writes the page into `folder`; what was there is gone.
 * @param {string} folder
 */
export async function buildPlayground(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  /** @param {string} name @param {string} text */
  const place = (name, text) => writeFileSync(join(folder, name), text);
  place('worker.js', await bundledCompiler(join(root, 'playground', 'worker', 'main.ts')));
  const { outputFiles } = await build({
    entryPoints: [join(root, 'playground', 'page', 'main.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target,
    charset: 'utf8',
    legalComments: 'none',
    define: { HEDDLE_EXAMPLES: JSON.stringify(exampleTexts()) },
  });
  place('page.js', outputFiles[0]?.text ?? '');
  const page = readFileSync(join(root, 'playground', 'index.html'), 'utf8');
  // In the page itself: the first thing to be seen needs no further request, and downloaded pictures take their style from it.
  place(
    'index.html',
    page.replace(/(?<=<style>)[^<]*(?=<\/style>)/, () => styleText()),
  );
  writeDocumentation(folder);
}

/** The examples that stand alone, by name: those with the paper's mechanism first, the others in the order of the alphabet. */
function exampleTexts() {
  const names = readdirSync(join(root, 'examples'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => basename(name, '.ts'));
  const ordered = ['mta', 'causal', ...names.filter((name) => name !== 'mta' && name !== 'causal').sort()];
  return Object.fromEntries(ordered.map((name) => [name, readFileSync(join(root, 'examples', `${name}.ts`), 'utf8')]));
}

function styleText() {
  const { outputFiles } = buildSync({
    stdin: {
      contents: "@import './report/page/style.css';\n@import './playground/style.css';\n",
      loader: 'css',
      resolveDir: root,
    },
    bundle: true,
    write: false,
    minify: true,
    target,
    charset: 'utf8',
  });
  return outputFiles[0]?.text ?? '';
}
