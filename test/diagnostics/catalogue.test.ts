// The rules of the catalogue: codes in their section's range, sentences in one style, and nothing that is never raised.
// Sections of one range cannot share a code, since a code outside its range does not compile; here is the rest.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { CatalogueEntry } from '../../src/diagnostics/catalogue/entry.js';
import { catalogue, sections } from '../../src/diagnostics/index.js';

const all = Object.entries<Pick<CatalogueEntry<never>, 'title' | 'explanation'>>(catalogue);

test('every code is in exactly one section, and starts with its prefix', () => {
  const inSections = Object.entries(sections).flatMap(([prefix, { entries }]) =>
    Object.keys(entries).map((code) => {
      expect(code).toMatch(new RegExp(`^${prefix}\\d{3}$`));
      return code;
    }),
  );
  expect(new Set(inSections).size).toBe(inSections.length);
  expect(inSections.sort()).toEqual(all.map(([code]) => code).sort());
});

describe.each(all)('%s', (_, { title, explanation }) => {
  test('has a title that is a phrase and an explanation in sentences', () => {
    expect(title).toMatch(/^\S.*[^.\s]$/);
    expect(explanation).toMatch(/^[^a-z].*\.$/s);
  });
});

test('titles tell diagnostics apart', () => {
  const titles = all.map(([, { title }]) => title);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
});

test('every code is raised somewhere', () => {
  const raised = new Set(
    ['src', 'codegen', 'targets', 'dsl', 'driver', 'studies', 'report', 'cli', 'plugin']
      .flatMap(sourcesUnder)
      .flatMap(codesIn),
  );
  const never = all.map(([code]) => code).filter((code) => !raised.has(code));
  expect(never).toEqual([]);
});

function sourcesUnder(folder: string): string[] {
  const path = fileURLToPath(new URL(`../../${folder}`, import.meta.url));
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !join(folder, name).startsWith('src/diagnostics/catalogue/'))
    .map((name) => join(path, name));
}

/** The codes in a file's string literals; those in its comments raise nothing. */
function codesIn(path: string): string[] {
  return Array.from(readFileSync(path, 'utf8').matchAll(/(['"`])(HD\d{4})\1/g), ([, , code]) => code!);
}
