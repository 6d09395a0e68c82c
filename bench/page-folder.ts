// The folder of the page for browsers: writes what the page needs into it.
// It is built in a run of its own, so that a static host has all of it.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { compileWorkload } from './compile.js';
import { type BenchDtype, type PackedWorkload, type WorkloadName, workloadNames } from './workloads.js';

export interface PageWish {
  readonly workloads?: readonly WorkloadName[];
  readonly dtypes?: readonly BenchDtype[];
  /** Hears what is being done. */
  readonly tell?: (text: string) => void;
}

/** The libraries beside the page: which of their files, into which folder. The names are those of the page's import map. */
const libraries = [
  { name: '@jax-js/jax', folder: 'jax', isNeeded: (file: string) => file.endsWith('.js') },
  {
    name: 'onnxruntime-web/webgpu',
    folder: 'onnxruntime',
    isNeeded: (file: string) =>
      ['ort.webgpu.bundle.min.mjs', 'ort-wasm-simd-threaded.asyncify.wasm'].some((each) => file.endsWith(each)),
  },
] as const;

/** Writes the page and all that it needs into `folder`; what was there is gone. Run in the root of the repository. */
export async function buildPage(folder: string, wish: PageWish = {}): Promise<void> {
  const { workloads = workloadNames, dtypes = ['f32', 'f16'], tell = () => {} } = wish;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'launchers'), { recursive: true });
  const place = (name: string, text: string): string => {
    writeFileSync(join(folder, 'launchers', name), text);
    return `./launchers/${name}`;
  };
  const packed: PackedWorkload[] = [];
  for (const name of workloads) {
    for (const dtype of dtypes.filter((each) => each === 'f32' || !name.isGradient)) {
      packed.push(await compileWorkload(name, { dtype, place }));
      tell(`compiled ${name.name}, ${dtype}`);
    }
  }
  const built = { heddle: versionIn('package.json'), ...Object.fromEntries(libraries.map(copyLibrary(folder))) };
  writeFileSync(join(folder, 'workloads.json'), `${JSON.stringify({ built, workloads: packed })}\n`);
  for (const name of ['browser.html', 'index.html']) cpSync(join('bench', 'browser.html'), join(folder, name));
  await build({
    entryPoints: [join('bench', 'page', 'main.ts')],
    outfile: join(folder, 'page.js'),
    bundle: true,
    format: 'esm',
    target: ['chrome113', 'firefox141', 'safari26'],
    external: libraries.map(({ name }) => name),
    legalComments: 'inline',
    logLevel: 'error',
  });
}

/** Copies what a library is made of in browsers, and gives its version. */
const copyLibrary =
  (folder: string) =>
  ({ name, folder: own, isNeeded }: (typeof libraries)[number]): readonly [string, string] => {
    const dist = dirname(createRequire(import.meta.url).resolve(name));
    cpSync(dist, join(folder, own), { recursive: true, filter: (file) => resolve(file) === dist || isNeeded(file) });
    const licence = join(dist, '..', 'LICENSE');
    if (existsSync(licence)) cpSync(licence, join(folder, own, 'LICENSE'));
    return [name.replace(/\/webgpu$/, ''), versionIn(join(dist, '..', 'package.json'))];
  };

const versionIn = (file: string): string => (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
