// The disk as a place of files, read as TypeScript reads it, and where on it the language and its library lie.
// A bundle for pages has disk.page.ts in its place.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SourceFiles } from './source-files.js';
import { typescript } from './typescript.js';

const { sys } = typescript;

export const disk: SourceFiles = {
  read: (path) => sys.readFile(path),
  isFile: (path) => sys.fileExists(path),
  isFolder: (path) => sys.directoryExists(path),
  foldersIn: (path) => sys.getDirectories(path),
  realPath: (path) => sys.realpath?.(path) ?? path,
};

// The package's dsl/ folder, from dsl/frontend as well as from dist/dsl/frontend.
const places = ['../language.ts', '../../../dsl/language.ts'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
/** The file that `heddle` names; its library lies in the folder beside it. */
export const languageFile: string = places.find((path) => existsSync(path)) ?? places[0]!;
