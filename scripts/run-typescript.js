// Runs a TypeScript program of this checkout that is not shipped: `node scripts/run-typescript.js bench/main.ts ‹arguments›`.
// Compiles everything into a folder of its own under out/, without type checks, and removes it afterwards.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePage } from './bundle-page.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const [program, ...programArguments] = process.argv.slice(2);
if (!program?.endsWith('.ts')) throw new Error('usage: node scripts/run-typescript.js ‹program.ts› ‹arguments›');

// Within the checkout, so that packages are found.
mkdirSync(join(root, 'out'), { recursive: true });
const compiled = mkdtempSync(join(root, 'out', 'compiled-'));
const remove = () => rmSync(compiled, { recursive: true, force: true });
const options = ['--noEmit', 'false', '--noCheck', '--inlineSourceMap', '--outDir', compiled];
const { status } = spawnSync(process.execPath, [join(typescript, 'bin', 'tsc'), '-p', 'tsconfig.json', ...options], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) {
  remove();
  process.exit(status ?? 1);
}
const javascript = join(compiled, program.replace(/\.ts$/, '.js'));
// The frontend reads the language and its library as they are written.
for (const source of ['language.ts', 'run-time.ts', 'library']) {
  cpSync(join(root, 'dsl', source), join(compiled, 'dsl', source), { recursive: true });
}
// The emulation of a GPU is C++, which a device compiles together with what it runs.
cpSync(join(root, 'targets', 'cuda', 'emulation'), join(compiled, 'targets', 'cuda', 'emulation'), { recursive: true });
// The page of a report runs in browsers, as one script.
writePage(compiled);
const running = spawn(process.execPath, ['--enable-source-maps', javascript, ...programArguments], {
  stdio: 'inherit',
});
// This process outlives the program, to clean up behind it; an interrupt from the keyboard has reached both.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => running.kill());
running.on('exit', (code) => {
  remove();
  process.exitCode = code ?? 1;
});
