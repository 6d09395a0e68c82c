// The documentation in HTML: every link of every page leads to a file and an anchor that are there, and every frame to the spec above it.
// How it looks in a browser is in test/page/playground.long.test.ts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { firstState, readHash } from '../../playground/shared/state.js';
import { writeDocumentation } from '../../scripts/bundle-documentation.js';
import { stepsOf } from '../../scripts/tutorial-pictures.js';
import { inRepository } from '../cli/harness.js';

const folder = mkdtempSync(join(tmpdir(), 'heddle-documentation-'));
afterAll(() => rmSync(folder, { recursive: true }));
const written = writeDocumentation(folder);
const textOf = (path: string): string => readFileSync(join(folder, path), 'utf8');
const pages = written.filter((path) => path.endsWith('.html'));

const attributesOf = (page: string, name: string): readonly string[] =>
  Array.from(textOf(page).matchAll(new RegExp(` ${name}="([^"]*)"`, 'g')), ([, value]) => value!);

/** Links of a page to no file or no anchor of what is written, the playground's own page aside. */
function brokenLinks(page: string): readonly string[] {
  return [...attributesOf(page, 'href'), ...attributesOf(page, 'src')].filter((target) => {
    if (/^(https?|data):/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : posix.join(posix.dirname(page), path);
    if (file === 'index.html') return false;
    return !written.includes(file) || (anchor !== undefined && !attributesOf(file, 'id').includes(anchor));
  });
}

test('has a page for each of docs/, and no link that leads nowhere', () => {
  expect(pages).toEqual(
    expect.arrayContaining(['docs/index.html', 'docs/tutorial.html', 'docs/decisions/README.html', 'README.html']),
  );
  expect(pages.map((page) => [page, brokenLinks(page)]).filter(([, links]) => links!.length > 0)).toEqual([]);
});

test('renders code in its colours, tables, and nothing of Markdown', () => {
  const text = textOf('docs/tutorial.html');
  expect(text).toContain('<title>Ten minutes: from softmax(QKᵀ)V to Multi-Token Attention · Heddle</title>');
  expect(text).toContain('<span class="keyword">import</span>');
  expect(text).toContain('<div class="wide" tabindex="0"><table>');
  expect(text).not.toMatch(/```|\]\(\w/);
});

test.each(['tutorial', 'recipes'])('frames of the page %s show its specs', async (name) => {
  const page = `docs/${name}.html`;
  const specs = stepsOf(readFileSync(inRepository(`docs/${name}.md`), 'utf8'));
  const frames = attributesOf(page, 'src').filter((source) => source.startsWith('../index.html#'));
  const states = await Promise.all(frames.map((source) => readHash(new URL(source, 'file:///').hash, firstState(''))));
  expect(states.map(({ text }) => text)).toEqual(specs.map(({ text }) => text));
  expect(states.every(({ isEmbedded, panel }) => isEmbedded && panel === 'maps')).toBe(true);
});
