// Where TypeScript finds files: specs on the disk, its own library in the package. What every spec stands on is read and
// parsed once in a process; specs are read again each time, as they may have changed.
import type { ts } from 'ts-morph';
import { normalised } from './places.js';
import { Project, typescript } from './typescript.js';

/** ts-morph brings TypeScript's own library as texts, which only a project of its reads. */
const filesOf = (compilerOptions: ts.CompilerOptions): ts.ModuleResolutionHost =>
  new Project({ compilerOptions, skipAddingFilesFromTsConfig: true }).getModuleResolutionHost();

/** The folder in which ts-morph places TypeScript's own library. */
const LIBRARY_FOLDER = '/node_modules/typescript/lib';

/**
 * A host that reads from the disk.
 * @param isShared whether a file, by its name with forward slashes, is the same for all specs of this process
 */
export function compilerHost(options: ts.CompilerOptions, isShared: (file: string) => boolean): ts.CompilerHost {
  const files = filesOf(options);
  const shared = new Map<string, ts.SourceFile>();
  const parsed = (name: string, options: ts.CreateSourceFileOptions, withParents: boolean) => {
    const text = files.readFile(name);
    return text === undefined ? undefined : typescript.createSourceFile(name, text, options, withParents);
  };
  return {
    ...files,
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
