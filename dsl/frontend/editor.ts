// What an editor asks of a spec while it is typed: completions and types at a place, by TypeScript's language service.
// It sees the same options and files as the compiler; mistakes are the compiler's to tell.
import type { ts } from 'ts-morph';
import { compilerHost } from './compiler-host.js';
import { compilerOptions, isOfPackage, ownFolder } from './program.js';
import { memoryFiles } from './source-files.js';
import { typescript } from './typescript.js';

export interface EditorCompletion {
  readonly label: string;
  /** TypeScript's kind: 'method', 'property', 'function', 'keyword', … */
  readonly kind: string;
  /** The type or the signature; present where it was asked for by `describe`. */
  readonly detail?: string;
}

export interface EditorCompletions {
  /** Characters of the text before what a completion replaces. */
  readonly from: number;
  readonly options: readonly EditorCompletion[];
}

export interface EditorHover {
  readonly from: number;
  readonly to: number;
  readonly type: string;
  readonly documentation: string;
}

export interface Editor {
  /** @param position characters of the text before the cursor */
  readonly complete: (text: string, position: number) => EditorCompletions | undefined;
  readonly hover: (text: string, position: number) => EditorHover | undefined;
}

const FILE = '/spec.ts';
const MOST_OPTIONS = 300;

/** An editor of one spec file that imports the language and its library alone. The first question takes about a second. */
export function specEditor(): Editor {
  let current = '';
  let version = 0;
  const host = () => compilerHost(memoryFiles({ [FILE]: current }), ownFolder, isOfPackage);
  const { getDefaultLibFileName, getCurrentDirectory } = host();
  const snapshots = new Map<string, ts.IScriptSnapshot>();
  const service = typescript.createLanguageService({
    getCompilationSettings: () => compilerOptions,
    getScriptFileNames: () => [FILE],
    getScriptVersion: (name) => (name === FILE ? String(version) : '1'),
    getScriptSnapshot: (name) => {
      if (name === FILE) return typescript.ScriptSnapshot.fromString(current);
      const known = snapshots.get(name);
      if (known !== undefined) return known;
      const text = host().readFile(name);
      const snapshot = text === undefined ? undefined : typescript.ScriptSnapshot.fromString(text);
      if (snapshot !== undefined) snapshots.set(name, snapshot);
      return snapshot;
    },
    getDefaultLibFileName,
    getCurrentDirectory,
    readFile: (name) => host().readFile(name),
    fileExists: (name) => host().fileExists(name),
    directoryExists: (name) => host().directoryExists!(name),
    getDirectories: (name) => host().getDirectories!(name),
  });
  const take = (text: string): void => {
    if (text === current) return;
    current = text;
    version += 1;
  };
  return {
    complete: (text, position) => {
      take(text);
      const begun = /[\w$]*$/.exec(text.slice(0, position))![0];
      const found = service.getCompletionsAtPosition(FILE, position, { includeCompletionsForModuleExports: false });
      if (found === undefined) return undefined;
      const from = position - begun.length;
      // The globals of JavaScript, most of which a spec may not use, come last and are cut first.
      const options = [...found.entries]
        .sort((one, other) => (one.sortText < other.sortText ? -1 : one.sortText > other.sortText ? 1 : 0))
        .filter(({ name }) => begun === '' || name.toLowerCase().startsWith(begun.toLowerCase()))
        .slice(0, MOST_OPTIONS)
        .map(({ name, kind }, n): EditorCompletion => {
          if (n >= DESCRIBED) return { label: name, kind };
          const details = service.getCompletionEntryDetails(FILE, position, name, {}, undefined, undefined, undefined);
          return { label: name, kind, detail: textOf(details?.displayParts).slice(0, 200) };
        });
      return { from, options };
    },
    hover: (text, position) => {
      take(text);
      const found = service.getQuickInfoAtPosition(FILE, position);
      if (found === undefined) return undefined;
      const { start, length } = found.textSpan;
      return {
        from: start,
        to: start + length,
        type: textOf(found.displayParts),
        documentation: textOf(found.documentation),
      };
    },
  };
}

/** Of how many options the types are shown: each costs a question. */
const DESCRIBED = 20;

const textOf = (parts: readonly ts.SymbolDisplayPart[] | undefined): string =>
  typescript.displayPartsToString([...(parts ?? [])]);
