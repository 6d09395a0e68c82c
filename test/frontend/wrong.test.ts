// Specs that type-check and are wrong: each file names its code in its first line and marks the place of its diagnostic.
// `// <-- here: text` says that the span covers exactly that text of its line, `// <-- here` that it starts there. A mark
// alone in its line, where the formatter puts it after a brace, belongs to the line above.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openSpec } from '../../dsl/frontend/index.js';
import { configuration } from '../../src/diagnostics/catalogue/configuration.js';
import { language } from '../../src/diagnostics/catalogue/language.js';
import { catalogue, type Diagnostic, HeddleError } from '../../src/diagnostics/index.js';

const folder = new URL('./wrong/', import.meta.url);
const files = readdirSync(folder).sort();
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const expectedCode = (text: string): string => /^\/\/ (HD\d{4}): /.exec(text)![1]!;

/** The diagnostics of a spec, which must not become a graph. */
async function refused(path: string): Promise<readonly Diagnostic[]> {
  try {
    const spec = await openSpec(path);
    spec.compile();
  } catch (error) {
    if (error instanceof HeddleError) return error.diagnostics;
    throw error;
  }
  throw new Error(`${path} was compiled`);
}

describe('wrong specs are refused with a code, a place and a hint', () => {
  it.each(files)('%s', async (file) => {
    const text = read(file);
    const lines = text.split('\n');
    const mark = lines.findIndex((each) => each.includes('// <-- here'));
    const covered = /\/\/ <-- here: (.*)$/.exec(lines[mark]!)?.[1];
    const marked = lines[mark]!.trimStart().startsWith('// <-- here') ? mark - 1 : mark;
    const line = lines[marked]!.replace(/ *\/\/ <-- here.*/, '');

    const diagnostics = await refused(fileURLToPath(new URL(file, folder)));
    const [{ code, message, hint, span, frame }] = diagnostics as [Diagnostic];

    expect(diagnostics.map((each) => each.code)).toEqual([expectedCode(text)]);
    expect(span).toMatchObject({ file: `test/frontend/wrong/${file}`, line: marked + 1 });
    expect(message).not.toMatch(/undefined|\[object|\.$/);
    expect(hint).not.toMatch(/undefined|\[object|\.$/);
    expect(frame).toContain(`> ${String(marked + 1).padStart(frame!.indexOf(' |') - 2)} | `);
    expect(code in catalogue).toBe(true);
    if (covered === undefined) {
      expect(span!.column).toBeLessThanOrEqual(line.length);
    } else {
      expect(line.slice(span!.column - 1, span!.endColumn - 1)).toBe(covered);
      expect(span!.endLine).toBe(span!.line);
    }
  });
});

/** Codes that no file here can raise, with the test that does. */
const raisedElsewhere: Readonly<Record<string, string>> = {
  HD1001: 'type-errors.test.ts',
  HD1006: 'limits.test.ts',
  HD1073: 'warnings.test.ts',
  HD1074: 'warnings.test.ts',
  HD1075: 'warnings.test.ts',
  HD1076: 'warnings.test.ts',
  HD2001: 'open.test.ts',
  HD2003: 'settings.test.ts',
  HD2004: 'settings.test.ts',
  HD2005: 'open.test.ts',
  HD2006: 'open.test.ts',
  HD2010: 'settings.test.ts',
  HD2011: 'studies.test.ts',
  HD2019: 'studies.test.ts',
  HD2018: 'studies.test.ts',
  HD2017: 'studies.test.ts',
  HD2016: 'studies.test.ts',
  HD2015: 'studies.test.ts',
  HD2014: 'studies.test.ts',
};

describe('the catalogue of the language', () => {
  const covered = new Set(files.map((file) => expectedCode(read(file))));
  it.each([...Object.keys(language), ...Object.keys(configuration)])('%s has a wrong spec', (code) => {
    if (code in raisedElsewhere) {
      expect(readFileSync(new URL(raisedElsewhere[code]!, import.meta.url), 'utf8')).toContain(code);
    } else {
      expect(covered).toContain(code);
    }
  });
});
