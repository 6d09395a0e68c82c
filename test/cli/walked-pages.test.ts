// Pages of documentation as a reader goes through them: their files written and its commands run in order, in a folder that was empty, and what is
// printed held against what the page shows. What installs packages is not run; they are there.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inRepository, runHeddle } from './harness.js';
import { walkedPages } from './snippets.js';
import { expectShown, walk } from './walk.js';

async function run(command: string): Promise<string | undefined> {
  if (command.startsWith('npm ')) return undefined;
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
    expect(await walk(page, folder, run)).toBeGreaterThanOrEqual(8);
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
