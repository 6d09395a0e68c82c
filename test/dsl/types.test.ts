// What the editor catches: every misuse in test/dsl/types is an error, and every example and the library are none.
// Runs the TypeScript compiler on copies, so that the expectations themselves can be seen to fail.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const misuses = join(root, 'test', 'dsl', 'types');
const directive = /\/\/ @ts-expect-error (.*)/g;
const scratch = mkdtempSync(join(tmpdir(), 'heddle-types-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** The errors that the compiler reports for these sources, under the project's options and some of one's own. */
function typeErrors(name: string, include: string[], options: object): string[] {
  const project = join(scratch, name);
  mkdirSync(project, { recursive: true });
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { rootDir: '/', types: [], ...options },
    include,
    exclude: [],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const run = spawnSync(process.execPath, [compiler, '-p', project, '--pretty', 'false'], { encoding: 'utf8' });
  const lines = run.stdout.split('\n').filter((line) => line.includes('error TS'));
  if (run.status !== 0 && lines.length === 0) throw new Error(run.stdout + run.stderr);
  return lines;
}

const sources = readdirSync(misuses).map((file) => ({ file, text: readFileSync(join(misuses, file), 'utf8') }));
const kinds = sources.flatMap(({ text }) => [...text.matchAll(directive)].map((match) => match[1]!));

describe('misuse', () => {
  test('each kind is named once, and there are many', () => {
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds.length).toBeGreaterThanOrEqual(45);
  });

  test('every expectation is met by an error', () => {
    expect(typeErrors('expected', [join(misuses, '*.ts')], {})).toEqual([]);
  });

  test('without the expectations each misuse is an error on its own line, and nothing else is one', () => {
    const project = join(scratch, 'bare');
    mkdirSync(project, { recursive: true });
    const places: string[] = [];
    for (const { file, text } of sources) {
      writeFileSync(join(project, file), text.replaceAll(directive, '// $1'));
      text.split('\n').forEach((line, n) => {
        if (line.includes('@ts-expect-error')) places.push(`${file}(${n + 2},`);
      });
    }
    const errors = typeErrors('bare', [join(project, '*.ts')], {});
    const found = new Set(errors.map((line) => /([\w-]+\.ts\(\d+,)/.exec(line)?.[1]));
    expect([...found].toSorted()).toEqual(places.toSorted());
  });
});

describe('use', () => {
  const include = ['examples', 'dsl/language.ts', 'dsl/library'].map((path) => join(root, path));
  const switches = [true, false];
  test.each(
    switches.flatMap((noUncheckedIndexedAccess) =>
      switches.map((exactOptionalPropertyTypes) => ({ noUncheckedIndexedAccess, exactOptionalPropertyTypes })),
    ),
  )('examples and library are correct under %o', (options) => {
    expect(typeErrors(JSON.stringify(Object.values(options)), include, options)).toEqual([]);
  });

  test('the specs in docs/language.md are correct', () => {
    const text = readFileSync(join(root, 'docs', 'language.md'), 'utf8');
    const blocks = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);
    expect(blocks.length).toBeGreaterThan(2);
    const project = join(scratch, 'docs');
    mkdirSync(project, { recursive: true });
    for (const [n, block] of blocks.entries()) {
      const source = block.replaceAll(/'\.\/([\w-]+\.js)'/g, (_, file: string) => `'${join(root, 'examples', file)}'`);
      writeFileSync(join(project, `block-${n}.ts`), source);
    }
    expect(typeErrors('docs', [join(project, '*.ts')], {})).toEqual([]);
  });

  test('the expectations hold under other options too', () => {
    const options = { noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: false };
    expect(typeErrors('loose', [join(misuses, '*.ts')], options)).toEqual([]);
  });
});
