// The table of docs/flex-attention.md shows the files of examples/flex-attention/ as they are, whole.
// Refresh it with `UPDATE_GOLDEN=1 npx vitest run test/scripts`.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  exportsIn,
  flexAttentionPage,
  flexFiles,
  functionsIn,
  type Snippet,
} from '../../scripts/flex-attention-page.js';
import { expectCommitted } from '../support/committed.js';

const folder = new URL('../../examples/flex-attention/', import.meta.url);
const page = new URL('../../docs/flex-attention.md', import.meta.url);

test('docs/flex-attention.md is up to date with the functions and the specs', () => {
  expectCommitted(page, flexAttentionPage(readFileSync(page, 'utf8'), fileURLToPath(folder)));
});

test('nothing but imports and what specs share is left out', () => {
  for (const file of flexFiles) {
    const [specs, functions] = ['ts', 'py'].map((ending) => readFileSync(new URL(`${file}.${ending}`, folder), 'utf8'));
    expect(leftOf(specs!, exportsIn(specs!))).toMatch(/^(\/\/ .*\n|import [^;]*;\n|const (sizes|causal)\b.*\n|\n)*$/);
    expect(leftOf(functions!, functionsIn(functions!))).toMatch(/^(# .*\n|(import|from) .*\n|\n)*$/);
  }
});

const leftOf = (text: string, snippets: readonly Snippet[]): string =>
  snippets.reduce(
    (left, snippet) => {
      expect(left).toContain(snippet.text);
      return left.replace(snippet.text, '');
    },
    text.replace(/^\/\*\* .* \*\/\n/gm, ''),
  );
