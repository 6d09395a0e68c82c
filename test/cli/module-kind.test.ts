// Emitted modules in projects of every kind: whatever the project's package.json says, they are imported as they are written.
// Its own package.json is never touched.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { runHeddle } from './harness.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const causal = join(root, 'examples', 'causal.ts');
const folder = mkdtempSync(join(tmpdir(), 'heddle-module-kind-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function project(name: string, description: string | undefined): string {
  const path = join(folder, name);
  mkdirSync(join(path, 'node_modules'), { recursive: true });
  symlinkSync(join(root, 'node_modules', 'gpu.js'), join(path, 'node_modules', 'gpu.js'));
  if (description !== undefined) writeFileSync(join(path, 'package.json'), description);
  return path;
}

const compile = (out: string, ...options: string[]) =>
  runHeddle(['compile', causal, '--set', 'heads=1', '--set', 'headDim=4', '--out', out, ...options]);

/** What a file of CommonJS finds in an emitted module. */
function imported(path: string, target: string): string {
  writeFileSync(
    join(path, 'main.cjs'),
    `import('./out/${target}/causal.js').then((module) => console.log(typeof module.createCausal));`,
  );
  return execFileSync(process.execPath, ['main.cjs'], { cwd: path, encoding: 'utf8', stdio: 'pipe' }).trim();
}

test.each([
  ['commonjs', '{ "type": "commonjs" }', true],
  ['module', '{ "type": "module" }', false],
  ['silent', '{}', false],
])('a project that says %s', async (name, description, isMarked) => {
  const path = project(name, description);
  for (const target of ['gpujs', 'wgsl']) {
    const out = join(path, 'out', target);
    for (const time of ['first', 'second']) {
      const { exitCode, out: said } = await compile(out, '--target', target);
      expect({ exitCode, isMarked: said.includes('package.json') }, time).toEqual({ exitCode: 0, isMarked });
    }
    expect(imported(path, target)).toBe('function');
  }
  expect(readFileSync(join(path, 'package.json'), 'utf8')).toBe(description);
});

test('a folder whose own package.json says commonjs keeps it, and the fix is named', async () => {
  const path = project('own', '{ "type": "commonjs" }');
  const { exitCode, out } = await compile(path);
  expect(exitCode).toBe(0);
  expect(out).toContain('says "commonjs", and what is emitted are ES modules: --out a folder of their own');
  expect(readFileSync(join(path, 'package.json'), 'utf8')).toBe('{ "type": "commonjs" }');
});

test('files that are no modules need nothing beside them', async () => {
  const path = project('kernels', '{ "type": "commonjs" }');
  const { out } = await compile(join(path, 'out'), '--target', 'cuda');
  expect(out).not.toContain('package.json');
});
