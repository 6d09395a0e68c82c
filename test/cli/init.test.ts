// `heddle init`: projects as the package has them, into a new folder and over nothing; what the projects do is under test with the package.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { templateFiles, templateNames } from '../../driver/templates.js';
import { version } from '../../driver/version.js';
import { expectBadInput, inRepository, runHeddle, temporaryFolder } from './harness.js';

describe('init', () => {
  test.each(templateNames())('writes the project %s, whose spec compiles', async (template) => {
    const folder = join(temporaryFolder(), 'a new project');
    const { exitCode, out, err } = await runHeddle(['init', folder, '--template', template, '--json']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    const written = templateFiles(template).map(([path]) => path);
    expect((JSON.parse(out) as { files: { path: string }[] }).files.map(({ path }) => path)).toEqual(
      written.map((path) => join(folder, path)),
    );
    expect(written).toEqual(expect.arrayContaining(['.gitignore', 'README.md', 'attention.ts', 'package.json']));
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    expect(manifest.devDependencies['heddle']).toBe(`^${version()}`);
    const source = join(inRepository('examples/integrations'), template);
    expect(readFileSync(join(folder, 'README.md'))).toEqual(readFileSync(join(source, 'README.md')));
    const compiled = await runHeddle(['compile', join(folder, 'attention.ts'), '--target', 'graph', '--out', '-']);
    expect(compiled.exitCode).toBe(0);
  });

  test('writes over nothing', async () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'attention.ts'), 'mine');
    await expectBadInput(['init', folder, '--template', 'node'], 'HD4118', 'attention.ts');
    expect(readFileSync(join(folder, 'attention.ts'), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'package.json'))).toBe(false);
  });

  test('knows its templates, and asks nobody who is not there', async () => {
    await expectBadInput(['init', 'x', '--template', 'nod'], 'HD4036', 'did you mean', 'node');
    await expectBadInput(['init', 'x', '--template', '../node'], 'HD4036');
    await expectBadInput(['init', '', '--template', 'node'], 'HD4011', 'FOLDER cannot be ""');
    await expectBadInput(['init', 'x'], 'HD4037', ...templateNames());
  });
});
