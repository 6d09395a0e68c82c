// Files that are compared with what is committed, byte for byte, so that every change to them is seen in its review.
// UPDATE_GOLDEN=1 writes them anew; look at the difference before you commit it.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const REFRESH = process.env['UPDATE_GOLDEN'] !== undefined && process.env['UPDATE_GOLDEN'] !== '';

/** What to do where a file has changed and should have. */
function changed(path: string): string {
  const { testPath } = expect.getState();
  return `${relative(root, path)} has changed. If that is meant, UPDATE_GOLDEN=1 npx vitest run ${relative(root, testPath!)}, and read the difference.`;
}

function expectText(path: string, text: string): void {
  if (REFRESH) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text, changed(path)).toBe(readFileSync(path, 'utf8'));
}

/** Expects a text to be that of a file. */
export const expectCommitted = (file: URL, text: string): void => expectText(fileURLToPath(file), text);

/** Expects a folder to hold these files or folders and no others, so that what nothing compares any longer is not left behind. */
export function expectOnly(folder: URL, names: readonly string[]): void {
  if (REFRESH) {
    const left = readdirSync(folder).filter((name) => !names.includes(name));
    for (const name of left) rmSync(new URL(name, folder), { recursive: true });
  }
  expect(readdirSync(folder).sort()).toEqual([...names].sort());
}

/** Expects files, by their paths in a folder, to be the ones of that folder: these and no others. */
export function expectCommittedFolder(folder: URL, files: ReadonlyMap<string, string>): void {
  const path = fileURLToPath(folder);
  if (REFRESH) rmSync(path, { recursive: true, force: true });
  for (const [name, text] of files) expectText(join(path, name), text);
  const committed = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('__pycache__'))
    .map((entry) => relative(path, join(entry.parentPath, entry.name)));
  expect(committed.sort()).toEqual([...files.keys()].sort());
}
