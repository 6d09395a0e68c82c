// Where devices keep what they can make again: unpacked drivers, what Deno has compiled, kernels compiled for the host.
// Under the system's folder for temporary files, which others can write to: what is not the user's own is not used.
import { lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** By number: a user may have no entry in the list of users, and so no name. */
const user = process.getuid?.() ?? 0;

const WRITABLE_BY_OTHERS = 0o022;

/** Whether a file or a folder is the user's, and nobody else can have put something else in its place. Links are not followed. */
export function isOwn(path: string, kind: 'file' | 'folder'): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  const isKind = kind === 'file' ? found.isFile() : found.isDirectory();
  return isKind && found.uid === user && (found.mode & WRITABLE_BY_OTHERS) === 0;
}

let known: string | undefined;

/** A folder of this user alone: what somebody else could exchange must not be loaded or run. */
export function cacheFolder(): string {
  known ??= folderOf(join(tmpdir(), `heddle-devices-${user}`));
  return known;
}

/** The folder, made where it is not there; one for this process alone where it is somebody else's. */
export function folderOf(folder: string): string {
  mkdirSync(join(folder, '..'), { recursive: true });
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (isOwn(folder, 'folder')) return folder;
  const own = mkdtempSync(`${folder}-`);
  process.on('exit', () => rmSync(own, { recursive: true, force: true }));
  return own;
}
