// A report as one document: a policy under which it can make no request, its style, its content, its data and its script.
// Content is Markup; data is packed, so that no tag can stand in it; script and style are this project's own text.
import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { pageFiles } from './page-files.js';
import { holdable, html, type Markup } from './shared/markup.js';
import type { PageData } from './shared/page-data.js';

export interface DocumentParts {
  readonly title: string;
  readonly content: Markup;
  readonly data: PageData;
}

/** The text of an HTML file that opens from disk, works without a network and changes nothing outside of itself. */
export function documentText({ title, content, data }: DocumentParts): string {
  const { script, style } = pageFiles();
  // Inline script and style are allowed by their hashes alone: nothing that a record says can become either.
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    html`<meta http-equiv="Content-Security-Policy" content="${policy}">`.text,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    html`<title>${title}</title>`.text,
    `<style>${own(style, 'style')}</style>`,
    '</head>',
    '<body>',
    content.text,
    `<script type="application/octet-stream" id="data">${packed(data)}</script>`,
    `<script type="module">${own(script, 'script')}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** JSON, deflated and in base64: a third of its size, and no tag can stand in it. */
const packed = (data: PageData): string =>
  deflateRawSync(Buffer.from(JSON.stringify(data)), { level: 9 }).toString('base64');

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Text of this project; a build that lets it end its own element is wrong. */
function own(text: string, element: 'script' | 'style'): string {
  if (text.toLowerCase().includes(`</${element}`)) throw new Error(`the page's ${element} ends its own element`);
  return text;
}

/** The same data with its texts as a document holds them, so that names in its data are those in its markup. */
export const inDocument = <Data>(data: Data): Data => heldIn(data) as Data;

function heldIn(data: unknown): unknown {
  if (typeof data === 'string') return holdable(data);
  if (Array.isArray(data)) return data.map(heldIn);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [holdable(key), heldIn(value)]));
}
