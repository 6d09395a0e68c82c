// Builds the package from a copy of the checkout, packs it, and unpacks it into the node_modules of a user's project.
// A copy, because dist/ may be older than the sources, and because other tests must not see it change; once for all files of a run.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, inject } from 'vitest';

export const root = fileURLToPath(new URL('../../', import.meta.url));

interface InstalledPackage {
  /** The user's project; its node_modules hold the package and what the package depends on, nothing else. */
  readonly project: string;
  /** The unpacked package. */
  readonly folder: string;
  /** The paths in the tarball. */
  readonly files: readonly string[];
  /** What npm would publish. */
  readonly tarball: string;
  /** The bytes of the tarball, and of what is in it. */
  readonly bytes: { readonly packed: number; readonly unpacked: number };
  /** Everything that was made, to be removed. */
  readonly temporary: string;
}

const copied = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];
const copiedFolders = [
  'src',
  'codegen',
  'targets',
  'dsl',
  'driver',
  'studies',
  'report',
  'cli',
  'plugin',
  'docs',
  'examples',
  'scripts',
  'test',
];

/** Milliseconds that building may take on a busy machine, and removing so many files. */
const LONGEST = 240_000;

/** The package, installed before the first test of a file and removed behind the last one. */
export function installedForTests(): () => InstalledPackage {
  let installed: InstalledPackage | undefined;
  beforeAll(() => {
    installed = installPackage();
  }, LONGEST);
  // A busy machine takes long to remove so many files.
  afterAll(() => {
    if (installed !== undefined) rmSync(installed.temporary, { recursive: true, force: true });
  }, LONGEST);
  return () => installed!;
}

/** What a run of tests has packed. */
interface Packing {
  readonly tarball: string;
  readonly packed: Packed;
}

/** The tarball of this run: the first file that asks has it made, the others wait. */
function packedOnce(): Packing {
  const folder = join(realpathSync(inject('sharedFolder')), 'package');
  const record = join(folder, 'packing.json');
  try {
    mkdirSync(folder);
  } catch {
    for (const began = Date.now(); !existsSync(record); ) {
      if (Date.now() - began > LONGEST) throw new Error('another file of tests did not get the package packed');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
    return JSON.parse(readFileSync(record, 'utf8')) as Packing;
  }
  const packing = pack(folder);
  // Whoever waits sees all of it or nothing.
  writeFileSync(`${record}.new`, JSON.stringify(packing));
  renameSync(`${record}.new`, record);
  return packing;
}

function pack(folder: string): Packing {
  const copy = join(folder, 'checkout');
  for (const name of [...copied, ...copiedFolders]) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const build = spawnSync(process.execPath, [join(copy, 'scripts', 'build.js')], { cwd: copy, encoding: 'utf8' });
  if (build.status !== 0) throw new Error(`the package does not build:\n${build.stdout}${build.stderr}`);
  const said = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: copy,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [packed] = JSON.parse(said) as [Packed];
  return { tarball: join(folder, packed.filename), packed };
}

function installPackage(): InstalledPackage {
  const { tarball, packed } = packedOnce();
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'heddle-package-')));
  const project = join(temporary, 'project');
  const modules = join(project, 'node_modules');
  mkdirSync(modules, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', modules]);
  const folder = join(modules, 'heddle');
  // npm names the folder in a tarball `package`.
  cpSync(join(modules, 'package'), folder, { recursive: true });
  linkDependencies(folder, modules);
  linkBin(folder, modules);
  return {
    project,
    folder,
    files: packed.files.map(({ path }) => path),
    tarball,
    bytes: { packed: packed.size, unpacked: packed.unpackedSize },
    temporary,
  };
}

/** What npm says of a tarball. */
interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
  readonly size: number;
  readonly unpackedSize: number;
}

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly bin: Record<string, string>;
}
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** What npm would fetch is linked from the checkout's node_modules: the dependencies alone, no development tools. */
function linkDependencies(folder: string, modules: string): void {
  for (const name of Object.keys(manifestOf(folder).dependencies)) {
    const link = join(modules, name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
}

/** As npm does on install. */
function linkBin(folder: string, modules: string): void {
  mkdirSync(join(modules, '.bin'));
  for (const [name, path] of Object.entries(manifestOf(folder).bin)) {
    symlinkSync(join('..', 'heddle', path), join(modules, '.bin', name));
  }
}

/** A spec as a user would write it. */
export const SPEC = `import { attention, fill, map, param, softmax, type Key, type Query } from 'heddle';
import { causal, scaledDot } from 'heddle/library';

/** Causal attention with a learned slope, as a user would write it. */
export const sloped = attention({ heads: 4, headDim: 8, window: 16 }, ({ q, k, v, window }) => {
  const slope = param('slope', ['head'], (h) => 2 ** -h);
  const near = (i: Query, j: Key) => causal(i, j) && i - j < window;
  const biased = map(scaledDot(q, k), (x, h, i, j) => x - slope(h) * (i - j));
  return softmax(fill(biased, near, -Infinity)).times(v);
});
`;
