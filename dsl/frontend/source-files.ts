// Where the frontend finds files: the one interface through which it reads specs and what they import.
// The disk is one such place (disk.ts), texts in memory are another; what notes down which files are asked for stands before either.
import { resolve } from './paths.js';

/** Files by absolute paths with forward slashes, as TypeScript names them. Nothing is written. */
export interface SourceFiles {
  /** The text of a file; undefined where there is none. */
  readonly read: (path: string) => string | undefined;
  readonly isFile: (path: string) => boolean;
  readonly isFolder: (path: string) => boolean;
  /** The names of the folders in a folder. */
  readonly foldersIn: (path: string) => readonly string[];
  /** The path with links followed. */
  readonly realPath: (path: string) => string;
}

/** Texts as files, by their paths; relative ones start at the current folder, in a page at `/`. */
export function memoryFiles(texts: Readonly<Record<string, string>>): SourceFiles {
  const files = new Map(Object.entries(texts).map(([path, text]) => [slashed(resolve(path)), text]));
  const folders = new Map<string, Set<string>>();
  for (const path of files.keys()) {
    const parts = path.split('/').slice(0, -1);
    for (let depth = parts.length; depth > 0; depth -= 1) {
      const folder = parts.slice(0, depth).join('/') || '/';
      const inside = folders.get(folder) ?? new Set();
      folders.set(folder, inside);
      if (depth < parts.length) inside.add(parts[depth]!);
    }
  }
  const folderNamed = (path: string) => folders.get(path.replace(/(?<=.)\/$/, ''));
  return {
    read: (path) => files.get(path),
    isFile: (path) => files.has(path),
    isFolder: (path) => folderNamed(path) !== undefined,
    foldersIn: (path) => [...(folderNamed(path) ?? [])],
    realPath: (path) => path,
  };
}

/** Whether there is such a file; a relative path starts at the current folder. */
export const holdsFile = (files: SourceFiles, path: string): boolean => files.isFile(slashed(resolve(path)));

/** Hears of each file that is read, with its text, and of each that was looked for and is none: `undefined`. */
export type Note = (path: string, text: string | undefined) => void;

/** Where a spec is read from, the disk unless told, and who hears of what is read. */
export interface Reading {
  readonly files?: SourceFiles | undefined;
  readonly note?: Note | undefined;
}

/** The same files, with someone who hears of them. */
export function notingFiles(files: SourceFiles, note: Note): SourceFiles {
  return {
    ...files,
    read: (path) => {
      const text = files.read(path);
      note(path, text);
      return text;
    },
    isFile: (path) => {
      const found = files.isFile(path);
      if (!found) note(path, undefined);
      return found;
    },
  };
}

const slashed = (path: string): string => path.replaceAll('\\', '/');
