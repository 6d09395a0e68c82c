// How a reader goes through a page of documentation: writes its files, runs its commands in order, and holds what is printed
// against what the page shows.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { inRepository } from './harness.js';

interface Block {
  readonly language: string;
  readonly text: string;
}

const blocksOf = (page: string): readonly Block[] =>
  Array.from(
    readFileSync(inRepository(page), 'utf8').matchAll(/^```(\w*)\n(.*?)^```$/gms),
    ([, language = '', text = '']) => ({ language, text }),
  );

/** Errors within the bound and bytes of files say little and change with every device and version. */
const withoutMeasures = (text: string): string =>
  text.replace(/\d\.\d+e-\d+/g, 'small').replace(/ +\d+ bytes/g, ' bytes');

/** Expects the lines that are shown to be printed in this order, with others between them only where an ellipsis stands. */
export function expectShown(printed: string, shown: string): void {
  const lines = withoutMeasures(printed).trim().split('\n');
  let [at, mayskip] = [0, false];
  for (const line of withoutMeasures(shown).trim().split('\n')) {
    if (line === '…') {
      mayskip = true;
      continue;
    }
    const found = lines.indexOf(line, at);
    expect(found, `${line}\nis not in\n${lines.slice(at).join('\n')}`).toBeGreaterThanOrEqual(at);
    if (!mayskip) expect(found, `lines are left out before\n${line}`).toBe(at);
    [at, mayskip] = [found + 1, false];
  }
  if (!mayskip) expect(lines.slice(at)).toEqual([]);
}

/**
 * Goes through a page in `folder`; says how many commands there were.
 * @param run gives what a command prints, or nothing where it is not run
 */
export async function walk(
  page: string,
  folder: string,
  run: (command: string) => string | undefined | Promise<string | undefined>,
): Promise<number> {
  let [printed, commands] = ['', 0];
  for (const { language, text } of blocksOf(page)) {
    if (language === '') {
      expectShown(printed, text);
      printed = '';
      continue;
    }
    expect(printed.includes('error['), printed).toBe(false);
    if (language === 'sh') {
      for (const command of text.trim().split('\n')) {
        const said = await run(command.replace(/ +#.*$/, ''));
        if (said === undefined) continue;
        printed = said;
        commands += 1;
      }
    } else {
      const [, name] = /^\/\/ ([\w-]+\.[jt]s)\n/.exec(text)!;
      writeFileSync(join(folder, name!), text);
    }
  }
  return commands;
}
