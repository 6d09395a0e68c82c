// docs/language-reference.md is up to date with the doc comments. Refresh it with `UPDATE_GOLDEN=1 npx vitest run test/scripts`.
// Nothing that is exported lacks a comment.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { languageReference } from '../../scripts/language-reference.js';
import { expectCommitted } from '../support/committed.js';

test('docs/language-reference.md says what the sources of the language say', () => {
  const page = languageReference(fileURLToPath(new URL('../..', import.meta.url)));
  expectCommitted(new URL('../../docs/language-reference.md', import.meta.url), page);
  expect([...page.matchAll(/^### (\w+)\n\n\n/gm)].map(([, name]) => name)).toEqual([]);
  expect(page).toContain('### attention\n');
});
