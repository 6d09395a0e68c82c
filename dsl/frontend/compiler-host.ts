// Where TypeScript finds files: specs where they are kept, its own library in the package. What every spec stands on is read and
// parsed once in a process; specs are read again each time, as they may have changed.
import type { ts } from 'ts-morph';
import { disk } from './disk.js';
import { currentFolder } from './paths.js';
import { normalised } from './places.js';
import type { SourceFiles } from './source-files.js';
import { libraryTexts, typescript } from './typescript.js';

/** The folder in which TypeScript's own library is taken to lie: its files are texts in a package. */
const LIBRARY_FOLDER = '/node_modules/typescript/lib';

/** What has been parsed for all specs of this process, by the name with forward slashes. */
const shared = new Map<string, ts.SourceFile>();

/**
 * A host that reads specs from `files`.
 * @param ownFolder the folder of the language and its library, with a slash behind it: read from the package, wherever specs are kept
 * @param isShared whether a file, by its name with forward slashes, is the same for all specs of this process
 */
export function compilerHost(
  files: SourceFiles,
  ownFolder: string,
  isShared: (file: string) => boolean,
): ts.CompilerHost {
  const libraryText = (name: string): string | undefined =>
    name.startsWith(`${LIBRARY_FOLDER}/`) ? libraryTexts.get(name.slice(LIBRARY_FOLDER.length + 1)) : undefined;
  /** The package's own files are looked for before the others, so that no one is told of them. */
  const holder = (name: string): SourceFiles => (`${normalised(name)}/`.startsWith(ownFolder) ? disk : files);
  const readFile = (name: string): string | undefined => libraryText(normalised(name)) ?? holder(name).read(name);
  const parsed = (name: string, options: ts.CreateSourceFileOptions, withParents: boolean) => {
    const text = readFile(name);
    return text === undefined ? undefined : typescript.createSourceFile(name, text, options, withParents);
  };
  return {
    readFile,
    fileExists: (name) => libraryText(normalised(name)) !== undefined || holder(name).isFile(name),
    directoryExists: (name) => holder(name).isFolder(name),
    getDirectories: (name) => [...holder(name).foldersIn(name)],
    realpath: (name) => holder(name).realPath(name),
    getSourceFile: (name, target) => {
      const file = normalised(name);
      const options = typeof target === 'object' ? target : { languageVersion: target };
      const isTypeScripts = file.startsWith(`${LIBRARY_FOLDER}/`);
      if (!isTypeScripts && !isShared(file)) return parsed(name, options, true);
      // TypeScript's own library is checked against, never read: most of its text is comments, and the checker finds parents.
      const found =
        shared.get(file) ??
        (isTypeScripts
          ? parsed(name, { ...options, jsDocParsingMode: typescript.JSDocParsingMode.ParseNone }, false)
          : parsed(name, options, true));
      if (found) shared.set(file, found);
      return found;
    },
    getDefaultLibFileName: (each) => `${LIBRARY_FOLDER}/${typescript.getDefaultLibFileName(each)}`,
    getCurrentDirectory: () => normalised(currentFolder()),
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => {},
  };
}
