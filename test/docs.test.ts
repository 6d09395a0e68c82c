// What pages of docs say of the sources: files that they name are there, and what docs/how-it-works.md shows is what the compiler prints.
// UPDATE_GOLDEN=1 writes the frames of that page anew; look at the difference before you commit it.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { printProgram } from '../codegen/tile/print.js';
import { openSpec } from '../dsl/frontend/index.js';
import { print } from '../src/ir/index.js';
import { optimise } from '../src/passes/index.js';
import { compileWgsl } from '../targets/wgsl/compile.js';
import { expectCommitted } from './support/committed.js';
import { floorsOfHouse } from './support/sources.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);
const folders = [...floorsOfHouse, 'examples', 'test', 'scripts', 'bench', 'docs'];
const named = new RegExp(`(?<![\\w/.@-])(?:${folders.join('|')})/[\\w./-]*[*{]?`, 'g');

/** The files and folders that a page names. What stands before a `*` or a brace is the beginning of some. */
function pathsIn(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/\bNAME\.ts/g, '*');
  return Array.from(new Set(text.match(named) ?? []), (path) => path.replace(/[.-]+$/, ''));
}

function isThere(path: string): boolean {
  if (existsSync(join(root, path))) return true;
  // Vitest takes the beginning of a path.
  if (!/[*{]$/.test(path) && !path.startsWith('test/')) return false;
  const start = path.replace(/[*{]$/, '');
  const folder = start.slice(0, start.lastIndexOf('/') + 1);
  return (
    existsSync(join(root, folder)) &&
    readdirSync(join(root, folder)).some((name) => `${folder}${name}`.startsWith(start))
  );
}

test.each(pages)('files that %s names are there', (page) => {
  expect(pathsIn(page).filter((path) => !isThere(path))).toEqual([]);
});

test('a file that is not there is seen', () => {
  expect(isThere('src/ir/node.ts')).toBe(true);
  expect(isThere('src/ir/nod')).toBe(false);
  expect(isThere('src/ir/nod*')).toBe(true);
  expect(isThere('src/ir/absent*')).toBe(false);
});

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (text: string): readonly string[] =>
  Array.from(text.replace(/^```.*?^```$/gms, '').matchAll(/^#+ (.*)$/gm), ([, heading]) =>
    heading!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Links of a page to other files, or to headings, that lead nowhere. */
function brokenLinks(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/^```.*?^```$/gms, '');
  const targets = Array.from(text.matchAll(/\]\(([^()\s]+)\)/g), ([, target]) => target!);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? join(root, page) : join(root, dirname(page), path);
    if (!existsSync(file)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
  });
}

test.each(pages)('links of %s lead somewhere', (page) => {
  expect(brokenLinks(page)).toEqual([]);
});

/**
 * Lines of a kernel that show where its operations went: the first that fits each of these, in the order of the text. Names are shown
 * without the numbers that tell them apart, as those say nothing and change with every other line.
 */
const shown = [
  /^ *for \(var J /,
  /^ *let is_full /,
  /^ *\*product \+= /,
  /^ *update_product\(/,
  /^ *workgroupBarrier\(\);$/,
  /^ *near_arena\[line.*chosen/,
  /weights\w*\.x \* /,
  /exponential_difference_wide\(chosen/,
];

function linesShown(wgsl: string): string {
  const lines = wgsl.split('\n');
  const places = shown.map((pattern) => lines.findIndex((line) => pattern.test(line)));
  expect(
    shown.filter((_, n) => places[n]! < 0),
    'lines that the page shows are not in the kernel',
  ).toEqual([]);
  return [...new Set(places)]
    .sort((one, other) => one - other)
    .map((place) => lines[place]!.slice(2).replace(/([a-z]{2})\d+\b/gi, '$1'))
    .join('\n');
}

test('frames of docs/how-it-works.md hold what the compiler prints', async () => {
  const page = new URL('../docs/how-it-works.md', import.meta.url);
  const text = readFileSync(page, 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'heddle-docs-'));
  try {
    writeFileSync(join(folder, 'near.ts'), /```ts\n(.*?)```/s.exec(text)![1]!);
    const graph = optimise((await openSpec(join(folder, 'near.ts'))).compile('near'));
    const { scheduled, emitted } = compileWgsl(graph, { version: 'docs' });
    const frames = {
      graph: print(graph).replace(/^graph .*\n(setting .*\n)*\n?/, ''),
      program: printProgram(scheduled.program),
      wgsl: linesShown(emitted.wgsl),
    };
    let now = text;
    for (const [frame, printed] of Object.entries(frames)) {
      const fence = new RegExp(`(\`\`\`${frame}\\n).*?(\`\`\`\\n)`, 's');
      expect(now).toMatch(fence);
      now = now.replace(fence, (_, open: string, close: string) => `${open}${printed.trim()}\n${close}`);
    }
    expectCommitted(page, now);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
