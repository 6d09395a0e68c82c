// Builds dist/ from the TypeScript sources, from nothing each time, so that no stale file is ever shipped.
// Runs on `npm ci` (as `prepare`), which is what makes `npx heddle` work from a checkout.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCommandLine } from './bundle-command-line.js';
import { bundledCompiler } from './bundle-compiler.js';
import { writePage } from './bundle-page.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
rmSync(join(root, 'dist'), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [join(typescript, 'bin', 'tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
// The emulation of a GPU is C++, which a device compiles together with what it runs.
const emulation = join('targets', 'cuda', 'emulation');
cpSync(join(root, emulation), join(root, 'dist', emulation), { recursive: true });
// The page of a report runs in browsers, as one script.
writePage(join(root, 'dist'));
// The library, TypeScript with it, as one module for pages and their workers.
mkdirSync(join(root, 'dist', 'page'));
writeFileSync(join(root, 'dist', 'page', 'compiler.js'), await bundledCompiler(join(root, 'dist', 'cli', 'api.js')));
// The command line in few modules, which start in a fraction of the time.
await bundleCommandLine(join(root, 'dist'));
chmodSync(join(root, 'dist', 'cli', 'main.js'), 0o755);
// What V8 makes of TypeScript, so that the command line need not have it made each time. It is of this Node: no package has it.
const cached = spawnSync(process.execPath, [join(root, 'scripts', 'compile-typescript.js')], {
  cwd: root,
  stdio: 'inherit',
});
if (cached.status !== 0) process.exit(cached.status ?? 1);
