// Pages of documentation as a reader goes through them: their files written and its commands run in order, in a folder that was empty, and what is
// printed held against what the page shows. What installs packages is not run; they are there.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inRepository, runHeddle } from './harness.js';
import { walkedPages } from './snippets.js';

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
function expectShown(printed: string, shown: string): void {
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

async function run(command: string): Promise<string> {
  if (command.startsWith('node ')) {
    const { stdout, stderr } = spawnSync(process.execPath, command.split(' ').slice(1), { encoding: 'utf8' });
    return stdout + stderr;
  }
  const [npx, heddle, ...args] = command.split(' ');
  expect([npx, heddle]).toEqual(['npx', 'heddle']);
  const { out, err } = await runHeddle(args);
  return out + err;
}

test.each(walkedPages)('%s, from an empty folder to its end', async (page) => {
  // Within the checkout, so that packages are found.
  mkdirSync(inRepository('out'), { recursive: true });
  const folder = mkdtempSync(inRepository('out/walked-'));
  const before = process.cwd();
  process.chdir(folder);
  try {
    writeFileSync('package.json', '{ "type": "module" }');
    let [printed, commands] = ['', 0];
    for (const { language, text } of blocksOf(page)) {
      if (language === '') {
        expectShown(printed, text);
        printed = '';
        continue;
      }
      expect(printed.includes('error['), printed).toBe(false);
      if (language === 'sh') {
        const [command, ...more] = text.trim().split('\n');
        if (command!.startsWith('npm ')) continue;
        expect(more).toEqual([]);
        printed = await run(command!);
        commands += 1;
      } else {
        const [, name] = /^\/\/ ([\w-]+\.[jt]s)\n/.exec(text)!;
        writeFileSync(name!, text);
      }
    }
    expect(commands).toBeGreaterThanOrEqual(8);
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
});

test('lines that are not printed, or left out without a word, are seen', () => {
  expect(() => expectShown('one\ntwo\nthree', 'one\n…\nthree')).not.toThrow();
  expect(() => expectShown('one\ntwo\nthree', 'one\nthree')).toThrow();
  expect(() => expectShown('one\ntwo', 'one')).toThrow();
  expect(() => expectShown('one\ntwo', 'two\n…\none')).toThrow();
});
