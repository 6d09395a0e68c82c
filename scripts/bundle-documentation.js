// Writes the documentation as HTML into the folder of the playground: every page of docs/, and each file of the repository that a page
// links to. Specs of the pages that teach are followed by the playground in a frame, which shows them on a sentence.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { highlightCode, tagHighlighter, tags } from '@lezer/highlight';
import { parser } from '@lezer/javascript';
import MarkdownIt from 'markdown-it';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The page that a folder of a static host opens. */
const INDEX = 'docs/README.md';
/** Pages whose specs the playground shows. */
const taught = ['docs/tutorial.md', 'docs/recipes.md'];
/** The words of the tutorial's pictures. */
const SENTENCE = 'Alice saw Bob . who did Alice see ?';
const pictures = ['.svg', '.png'];

/**
 * Writes `docs/index.html` and all that it leads to, below the folder that has the playground as `index.html`.
 * @param {string} folder
 * @returns {readonly string[]} the files that were written, relative to the folder
 */
export function writeDocumentation(folder) {
  /** @type {string[]} */
  const waiting = ['docs', 'docs/decisions'].flatMap((place) =>
    readdirSync(join(root, place))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${place}/${name}`),
  );
  const made = new Set(waiting);
  const written = [];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const to = addressOf(path);
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    if (pictures.includes(extname(path))) cpSync(join(root, path), join(folder, to));
    else {
      const { text, linked } = pageOf(path);
      writeFileSync(join(folder, to), text);
      for (const each of linked) {
        if (made.has(each)) continue;
        made.add(each);
        waiting.push(each);
      }
    }
    written.push(to);
  }
  return written;
}

/** Where a file of the repository is found in the folder. @param {string} path */
function addressOf(path) {
  if (path === INDEX) return 'docs/index.html';
  if (pictures.includes(extname(path))) return path;
  if (statSync(join(root, path)).isDirectory()) return `${path}/index.html`;
  return `${path.replace(/\.md$/, '')}.html`;
}

/** A file as a page, and the files that it leads to. @param {string} path */
function pageOf(path) {
  /** @type {string[]} */
  const linked = [];
  /** The address of a link of this page. @param {string} target */
  const lead = (target) => {
    if (/^[a-z]+:|^#/.test(target)) return target;
    const [file = '', anchor] = target.split('#');
    const found = posix.normalize(posix.join(posix.dirname(path), file)).replace(/\/$/, '');
    if (!existsSync(join(root, found))) throw new Error(`${path} leads to ${target}, which is not there`);
    linked.push(found);
    const address = posix.relative(posix.dirname(addressOf(path)), addressOf(found));
    return anchor === undefined ? address : `${address}#${anchor}`;
  };
  const { title, body } = path.endsWith('.md') ? articleOf(path, lead) : sourceOf(path, lead);
  return { text: framed(path, title, body), linked };
}

// ── Markdown ────────────────────────────────────────────────────────────────────────────────────────

/** @param {string} path @param {(target: string) => string} lead */
function articleOf(path, lead) {
  const markdown = new MarkdownIt({ html: true, highlight: highlighted });
  const tokens = markdown.parse(readFileSync(join(root, path), 'utf8'), {});
  const specs = taught.includes(path) ? specsOf(tokens) : new Map();
  for (const [n, token] of tokens.entries()) {
    if (token.type === 'heading_open') token.attrSet('id', anchorOf(tokens[n + 1]?.children ?? []));
    for (const child of token.children ?? []) {
      const attribute = { link_open: 'href', image: 'src' }[child.type];
      if (attribute !== undefined) child.attrSet(attribute, lead(String(child.attrGet(attribute))));
    }
  }
  const fence = markdown.renderer.rules.fence;
  markdown.renderer.rules.fence = (all, n, options, environment, renderer) => {
    const code = fence?.(all, n, options, environment, renderer) ?? '';
    const spec = specs.get(all[n]);
    return code + (spec === undefined ? '' : frameOf(path, spec));
  };
  const heading = tokens.findIndex(({ type }) => type === 'heading_open');
  return {
    title: textOf(tokens[heading + 1]?.children ?? []),
    body: readable(markdown.renderer.render(tokens, markdown.options, {})),
  };
}

/** What a heading says, without its marks. @param {readonly import('markdown-it').Token[]} children */
const textOf = (children) => children.map(({ content }) => content).join('');

/** The anchor of a heading, as GitHub makes it. @param {readonly import('markdown-it').Token[]} children */
const anchorOf = (children) =>
  textOf(children)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');

/** Wide parts scroll by themselves, by keys too; a head without words is none. @param {string} body */
const readable = (body) =>
  body
    .replaceAll('<pre>', '<pre tabindex="0">')
    .replaceAll('<th></th>', '<td></td>')
    .replaceAll('<table>', '<div class="wide" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>');

// ── Code ────────────────────────────────────────────────────────────────────────────────────────────

const colours = tagHighlighter([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], class: 'keyword' },
  { tag: [tags.string, tags.regexp], class: 'text' },
  { tag: [tags.number, tags.bool, tags.null], class: 'number' },
  { tag: tags.comment, class: 'comment' },
  { tag: [tags.typeName, tags.className], class: 'type' },
]);
const typescript = parser.configure({ dialect: 'ts' });
const languages = ['ts', 'typescript', 'js'];

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Code as HTML; that of other languages as it is. @param {string} code @param {string} language */
function highlighted(code, language) {
  if (!languages.includes(language)) return escaped(code);
  let markup = '';
  highlightCode(
    code,
    typescript.parse(code),
    colours,
    (text, classes) => {
      markup += classes === '' ? escaped(text) : `<span class="${classes}">${escaped(text)}</span>`;
    },
    () => {
      markup += '\n';
    },
  );
  return markup;
}

/** A file of the repository that is no page, or what is in a folder. @param {string} path @param {(target: string) => string} lead */
function sourceOf(path, lead) {
  const from = join(root, path);
  if (!statSync(from).isDirectory()) {
    const code = highlighted(readFileSync(from, 'utf8'), extname(path).slice(1));
    return { title: path, body: `<h1>${path}</h1>\n<pre tabindex="0"><code>${code}</code></pre>\n` };
  }
  const names = readdirSync(from, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(
      ({ name }) => `<li><a href="${lead(posix.relative(posix.dirname(path), `${path}/${name}`))}">${name}</a></li>`,
    );
  return { title: path, body: `<h1>${path}</h1>\n<ul>\n${names.join('\n')}\n</ul>\n` };
}

// ── The playground ──────────────────────────────────────────────────────────────────────────────────

/** The specs among the blocks of a page; of two with one name the second counts. @param {readonly import('markdown-it').Token[]} tokens */
function specsOf(tokens) {
  const found = tokens.flatMap((token) => {
    const [, file] = /^\/\/ (\w+)\.ts\n/.exec(token.content) ?? [];
    return token.type === 'fence' && file !== undefined && token.content.includes('= attention(')
      ? [/** @type {const} */ ([file, token])]
      : [];
  });
  return new Map(Array.from(new Map(found), ([name, token]) => [token, { name, text: token.content }]));
}

/** The address of a state of the playground, as playground/shared/state.ts writes it. @param {object} state */
export const hashOf = (state) => `#${deflateRawSync(JSON.stringify(state)).toString('base64url')}`;

/** @param {string} path @param {{ name: string, text: string }} spec */
function frameOf(path, { name, text }) {
  const playground = posix.relative(posix.dirname(path), 'index.html');
  const state = { text, sentence: SENTENCE };
  return `<figure class="try">
<iframe loading="lazy" title="Scores and weights of ${name}, in the playground" src="${playground}${hashOf({ ...state, isEmbedded: true })}"></iframe>
<figcaption>Scores and weights of <code>${name}</code>, compiled in this page. <a href="${playground}${hashOf(state)}">Change it in the playground</a></figcaption>
</figure>
`;
}

// ── Pages ───────────────────────────────────────────────────────────────────────────────────────────

const style = readFileSync(join(root, 'playground', 'documentation.css'), 'utf8');

/** @param {string} path @param {string} title @param {string} body */
function framed(path, title, body) {
  /** @param {string} to */
  const from = (to) => posix.relative(posix.dirname(addressOf(path)), to);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} · Heddle</title>
<link rel="icon" href="data:,">
<style>
${style}</style>
</head>
<body>
<header><nav aria-label="Heddle"><a href="${from('docs/index.html')}">Documentation</a> <a href="${from('index.html')}">Playground</a></nav></header>
<main>
${body}</main>
</body>
</html>
`;
}
