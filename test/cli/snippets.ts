// The commands and programs that the documentation shows, read from its fenced blocks and indented lines.
// Whoever adds one adds it to what the test runs, or says there why it cannot be run here.
import { readdirSync, readFileSync } from 'node:fs';
import { inRepository } from './harness.js';

export interface Snippet {
  readonly page: string;
  /** 'ts', 'js', 'sh', 'json', or '' for text. */
  readonly language: string;
  readonly text: string;
}

/** Pages that test/cli/walked-pages.test.ts goes through from top to bottom. */
export const walkedPages = ['docs/tutorial.md', 'docs/recipes.md'] as const;

const isWalked = (page: string): boolean => walkedPages.some((each) => each === page);

export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(inRepository('docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .filter((page) => !isWalked(page)),
];

const textOf = (page: string): string => readFileSync(inRepository(page), 'utf8');

export const snippets: readonly Snippet[] = pages.flatMap((page) =>
  Array.from(textOf(page).matchAll(/^```(\w*)\n(.*?)^```$/gms), ([, language = '', text = '']) => ({
    page,
    language,
    text,
  })),
);

const COMMAND = /^(?: {4})?((?:npx heddle|heddle|npm|nvcc|python|scp) .*?)(?: {2,}#.*)?$/gm;

/** All commands, without their comments: those of shell blocks, and those on indented lines. */
export const commands: readonly string[] = [
  ...snippets.filter(({ language }) => language === 'sh').flatMap(({ text }) => commandsIn(text)),
  ...pages.flatMap((page) =>
    commandsIn(
      textOf(page)
        .replace(/^```.*?^```$/gms, '')
        .replace(/^(?! {4}).*$/gm, ''),
    ),
  ),
];

function commandsIn(text: string): readonly string[] {
  return Array.from(text.matchAll(COMMAND), ([, command]) => command!);
}
