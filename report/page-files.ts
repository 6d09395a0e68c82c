// The script and the style of a page as text. A build bundles report/page/ into two files beside this module
// (scripts/bundle-page.js); tests get them from vitest.config.ts.
import { readFileSync } from 'node:fs';

export interface PageFiles {
  /** One module without imports, to stand inline in a document. */
  readonly script: string;
  readonly style: string;
}

export function pageFiles(): PageFiles {
  const read = (name: string): string => readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');
  return { script: read('page.js'), style: read('page.css') };
}
