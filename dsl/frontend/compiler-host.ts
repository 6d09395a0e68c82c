// Where TypeScript finds files: specs on the disk, its own library in the package. What every spec stands on is read and
// parsed once in a process; specs are read again each time, as they may have changed.
import type { ts } from 'ts-morph';
import { normalised } from './places.js';
import { libraryTexts, typescript } from './typescript.js';

/** The folder in which TypeScript's own library is taken to lie: its files are texts in a package. */
const LIBRARY_FOLDER = '/node_modules/typescript/lib';

/**
 * A host that reads from the disk.
 * @param isShared whether a file, by its name with forward slashes, is the same for all specs of this process
 */
export function compilerHost(isShared: (file: string) => boolean): ts.CompilerHost {
  const { sys } = typescript;
  const libraryText = (name: string): string | undefined =>
    name.startsWith(`${LIBRARY_FOLDER}/`) ? libraryTexts.get(name.slice(LIBRARY_FOLDER.length + 1)) : undefined;
  const readFile = (name: string): string | undefined => libraryText(normalised(name)) ?? sys.readFile(name);
  const shared = new Map<string, ts.SourceFile>();
  const parsed = (name: string, options: ts.CreateSourceFileOptions, withParents: boolean) => {
    const text = readFile(name);
    return text === undefined ? undefined : typescript.createSourceFile(name, text, options, withParents);
  };
  return {
    readFile,
    fileExists: (name) => libraryText(normalised(name)) !== undefined || sys.fileExists(name),
    directoryExists: (name) => sys.directoryExists(name),
    getDirectories: (name) => sys.getDirectories(name),
    realpath: (name) => sys.realpath?.(name) ?? name,
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
    getCurrentDirectory: () => normalised(process.cwd()),
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => {},
  };
}
