// Reading and writing of files for the commands: every failure is a diagnostic that names the path.
// Writing is all or nothing: content goes to temporary files first, which take their places only when all are complete.
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  type Dirent,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fail, nearest } from '../src/diagnostics/index.js';
import { joinInside } from '../src/file-names.js';

export type Content = Uint8Array | string;

/** @throws HeddleError HD4101 to HD4104. Devices have no end, such as /dev/zero, or nothing to say: they are refused. */
export function readFileOrFail(path: string): Uint8Array {
  try {
    const found = statSync(path);
    if (found.isCharacterDevice() || found.isBlockDevice()) fail('HD4104', { path, reason: 'it is a device' });
    return readFileSync(path);
  } catch (error) {
    failToRead(path, error);
  }
}

/** What a folder holds, in the order of the names. @throws HeddleError HD4101 to HD4104. */
export function readFolderOrFail(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    failToRead(path, error);
  }
}

/**
 * Writes a file, creating the folders above it. If that fails, everything is as it was before.
 * @throws HeddleError HD4111 to HD4115.
 */
export function writeFileAtomically(path: string, content: Content): void {
  writeAllOrNothing([[path, content]]);
}

/**
 * Writes several files into a folder, creating it if need be; other files in it stay. Names may have folders in them.
 * If any file cannot be written, everything is as it was before.
 * @throws HeddleError HD4111 to HD4116.
 */
export function writeFolderAtomically(
  folder: string,
  files: Iterable<readonly [name: string, content: Content]>,
): void {
  const placed = Array.from(files, ([name, content]) => [joinInside(folder, name), content] as const);
  writeAllOrNothing(placed, folder);
}

/**
 * Refuses to write into `folder` where one of these files is there already.
 * @throws HeddleError HD4118 with the first that is
 */
export function refuseExisting(folder: string, names: readonly string[]): void {
  const found = names.map((name) => joinInside(folder, name)).find((path) => existsSync(path));
  if (found !== undefined) fail('HD4118', { path: found });
}

/** One write in progress. */
interface Replacement {
  readonly path: string;
  /** Where the bytes go in the end: `path` with links followed. */
  readonly target: string;
  readonly existing: Stats | undefined;
  readonly temporary: string;
  readonly content: Content;
}

function writeAllOrNothing(files: readonly (readonly [path: string, content: Content])[], folder?: string): void {
  const undo: (() => void)[] = [];
  const backups: string[] = [];
  let path = folder ?? '';
  try {
    if (folder !== undefined) makeFolder(folder, folder, undo);
    const replacements = files.map(([filePath, content]) => {
      path = filePath;
      return writeTemporary(path, content, undo);
    });
    replacements.forEach((replacement, index) => {
      path = replacement.path;
      // Renaming the last file ends the work, so its old content is never needed again.
      const isLast = index === replacements.length - 1;
      moveIntoPlace(replacement, isLast ? undefined : backups, undo);
    });
  } catch (error) {
    for (const step of undo.reverse()) ignoringFailure(step);
    failToWrite(path, error);
  } finally {
    for (const backup of backups) ignoringFailure(() => rmSync(backup, { force: true }));
  }
}

function writeTemporary(path: string, content: Content, undo: (() => void)[]): Replacement {
  makeFolder(dirname(path), path, undo);
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing?.isDirectory()) fail('HD4112', { path });
  const target = existing === undefined ? path : realpathSync(path);
  const replacement = { path, target, existing, temporary: temporaryBeside(target), content };
  // Devices and pipes, such as /dev/stdout, cannot be replaced by a file: they are written to when their turn comes.
  if (isSpecial(existing)) return replacement;

  const { temporary } = replacement;
  const descriptor = openSync(temporary, 'wx');
  undo.push(() => rmSync(temporary, { force: true }));
  try {
    if (existing !== undefined) fchmodSync(descriptor, existing.mode & 0o7777);
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return replacement;
}

/** Replaces the target; its old content, if it is to be kept for an undo, is added to `backups`. */
function moveIntoPlace(replacement: Replacement, backups: string[] | undefined, undo: (() => void)[]): void {
  const { target, existing, temporary, content } = replacement;
  if (isSpecial(existing)) {
    writeFileSync(target, content);
    return;
  }
  const backup = existing === undefined || backups === undefined ? undefined : temporaryBeside(target);
  if (backup !== undefined) {
    backups?.push(backup);
    copyFileSync(target, backup);
  }
  renameSync(temporary, target);
  undo.push(() => (backup === undefined ? rmSync(target, { force: true }) : renameSync(backup, target)));
}

/** Creates `folder` and the folders above it as far as they are missing, for the sake of writing `path`. */
function makeFolder(folder: string, path: string, undo: (() => void)[]): void {
  const missing: string[] = [];
  let present = folder;
  while (!existsSync(present) && dirname(present) !== present) {
    missing.unshift(present);
    present = dirname(present);
  }
  if (existsSync(present) && !statSync(present).isDirectory()) fail('HD4111', { path, parent: present });
  for (const each of missing) {
    try {
      mkdirSync(each);
    } catch (error) {
      // Another process may have made it in the meantime.
      if (errorCode(error) === 'EEXIST' && statSync(each).isDirectory()) continue;
      throw error;
    }
    // Not recursive: what others have put there since stays.
    undo.push(() => rmdirSync(each));
  }
}

function isSpecial(existing: Stats | undefined): boolean {
  return existing !== undefined && !existing.isFile();
}

function temporaryBeside(target: string): string {
  return join(dirname(target), `.heddle-${randomUUID()}.tmp`);
}

function ignoringFailure(step: () => void): void {
  try {
    step();
  } catch {
    // The failure that led here is the one to report.
  }
}

const readProblems = {
  EISDIR: 'HD4102',
  EACCES: 'HD4103',
  EPERM: 'HD4103',
} as const satisfies Record<string, 'HD4102' | 'HD4103'>;

const writeProblems = {
  EISDIR: 'HD4112',
  EACCES: 'HD4113',
  EPERM: 'HD4113',
  EROFS: 'HD4113',
  ENOSPC: 'HD4114',
  EDQUOT: 'HD4114',
} as const satisfies Record<string, 'HD4112' | 'HD4113' | 'HD4114'>;

function failToRead(path: string, error: unknown): never {
  const code = errorCode(error);
  if (code === undefined) throw error;
  if (code === 'ENOENT' || code === 'ENOTDIR') fail('HD4101', { path, suggestion: similarFile(path) });
  if (isKeyOf(readProblems, code)) fail(readProblems[code], { path });
  fail('HD4104', { path, reason: reasonOf(error) });
}

function failToWrite(path: string, error: unknown): never {
  const code = errorCode(error);
  if (code === undefined) throw error;
  if (isKeyOf(writeProblems, code)) fail(writeProblems[code], { path });
  fail('HD4115', { path, reason: reasonOf(error) });
}

/** The code that Node gives errors of the operating system; a HeddleError has none. */
function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The system's words without the call and the path that Node adds after a comma. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/, \w+( '.*)?$/s, '');
}

function isKeyOf<Table extends object>(table: Table, key: PropertyKey): key is keyof Table {
  return Object.hasOwn(table, key);
}

function similarFile(path: string): string | undefined {
  try {
    const found = nearest(basename(path), readdirSync(dirname(path)));
    return found === undefined ? undefined : join(dirname(path), found);
  } catch {
    return undefined;
  }
}
