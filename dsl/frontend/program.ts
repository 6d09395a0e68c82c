// Loads and type-checks a spec with everything that it imports, in a program of its own that no tsconfig touches.
// `heddle` and `heddle/library` are this package's own sources wherever the spec lies; nothing of the spec is run.
import type { ts } from 'ts-morph';
import { fail, HeddleError } from '../../src/diagnostics/index.js';
import { compilerHost } from './compiler-host.js';
import { refuseDeepSyntax } from './depth.js';
import { disk, languageFile } from './disk.js';
import { dirname, extname, resolve } from './paths.js';
import { displayPath, normalised } from './places.js';
import { exportedName, statementAt, statementsBehind } from './reachable.js';
import type { SourceFiles } from './source-files.js';
import { typeErrors } from './type-errors.js';
import { typescript } from './typescript.js';

/** A spec file that type-checks, with the files that it reaches. */
export interface CheckedProgram {
  readonly source: ts.SourceFile;
  /** The files that were written for this spec or by third parties: everything but the language and its library. */
  readonly written: readonly ts.SourceFile[];
  /** The module of a specifier, undefined where it has no source. */
  readonly moduleOf: (specifier: ts.Expression) => ts.SourceFile | undefined;
  readonly isLanguage: (source: ts.SourceFile) => boolean;
  readonly isLibrary: (source: ts.SourceFile) => boolean;
  /** The export that is asked for, as the file exports it; undefined where all are. */
  readonly wanted: string | undefined;
  /** Whether a top-level statement is part of what is asked for. */
  readonly isNeeded: (statement: ts.Statement) => boolean;
  readonly mistakes: Mistakes;
  /** What is wrong with top-level statements, where mistakes are those of who uses them: of the variants of a study. */
  readonly faults: Map<ts.Statement, HeddleError>;
}

/** Whether mistakes end the loading, or are kept as faults of the statements that they are in. */
export type Mistakes = 'end' | 'keep';

const libraryFile = resolve(dirname(languageFile), 'library', 'index.ts');
const language = normalised(languageFile);
const library = `${dirname(normalised(libraryFile))}/`;
const runTime = `${dirname(language)}/run-time.ts`;
/** The folder of the language and its library, with a slash behind it. */
export const ownFolder = `${dirname(language)}/`;
/** Whether a file is the language, what it is made of, or part of its library. */
export const isOfPackage = (file: string): boolean => file === language || file === runTime || file.startsWith(library);

/** The options under which every spec is checked. */
export const compilerOptions: ts.CompilerOptions = {
  target: typescript.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: typescript.ModuleKind.Preserve,
  moduleResolution: typescript.ModuleResolutionKind.Bundler,
  moduleDetection: typescript.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  customConditions: ['heddle-source'],
  paths: { heddle: [languageFile], 'heddle/library': [libraryFile] },
  types: [],
  strict: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  skipLibCheck: true,
  noEmit: true,
};

/**
 * Type-checks the spec at `path`.
 * @param files Where the spec and what it imports are read from.
 * @param asked The one export that is wanted: type errors of what it does not need are left to who asks for that.
 * @throws HeddleError HD2001 where there is no such file, HD1001 for the errors that TypeScript finds,
 * HD1006 for syntax that nests too deeply.
 */
export function loadProgram(
  path: string,
  files: SourceFiles = disk,
  asked?: string,
  mistakes: Mistakes = 'end',
): CheckedProgram {
  const file = resolve(path);
  if (!['.ts', '.mts'].includes(extname(file)) || !files.isFile(normalised(file))) {
    fail('HD2001', { path });
  }
  const host = compilerHost(files, ownFolder, isOfPackage);
  const program = typescript.createProgram([normalised(file)], compilerOptions, host);
  const source = program.getSourceFile(normalised(file));
  if (source === undefined) return fail('HD2001', { path });

  const isLanguage = (each: ts.SourceFile) => normalised(each.fileName) === language;
  const isLibrary = (each: ts.SourceFile) => isOfPackage(normalised(each.fileName));
  const written = program.getSourceFiles().filter((each) => !each.isDeclarationFile && !isLibrary(each));
  written.forEach(refuseDeepSyntax);
  const checker = program.getTypeChecker();
  const wanted = asked === undefined ? undefined : exportedName(asked, source, checker);
  const needed = wanted === undefined ? undefined : statementsBehind(wanted, source, checker);
  const isNeeded = (statement: ts.Statement): boolean => needed?.has(statement) ?? true;
  const faults = new Map<ts.Statement, HeddleError>();
  const unparsed = mistakes === 'keep' ? keepUnparsed(program, written, source, faults) : new Set();
  const found = errorsOf(
    program,
    written.filter((each) => !unparsed.has(each)),
  ).filter((error) => {
    const statement = statementOf(error);
    return statement === undefined || isNeeded(statement);
  });
  const kept = new Map<ts.Statement, ts.Diagnostic[]>();
  const others = found.filter((error) => {
    const statement = mistakes === 'keep' ? statementOf(error) : undefined;
    if (statement !== undefined) kept.set(statement, [...(kept.get(statement) ?? []), error]);
    return statement === undefined;
  });
  for (const [statement, errors] of kept) {
    faults.set(statement, new HeddleError(typeErrors(errors, checker, isLibrary)));
  }
  if (others.length > 0) throw new HeddleError(typeErrors(others, checker, isLibrary));

  const moduleOf = (specifier: ts.Expression): ts.SourceFile | undefined => {
    const declaration = checker.getSymbolAtLocation(specifier)?.valueDeclaration;
    return declaration && typescript.isSourceFile(declaration) && !declaration.isDeclarationFile
      ? declaration
      : undefined;
  };
  return { source, written, moduleOf, isLanguage, isLibrary, wanted, isNeeded, mistakes, faults };
}

const statementOf = ({ file, start }: ts.Diagnostic): ts.Statement | undefined =>
  file !== undefined && start !== undefined ? statementAt(file, start) : undefined;

/** Makes what is wrong with a file that does not parse a fault of all that it has; the main file must parse. */
function keepUnparsed(
  program: ts.Program,
  written: readonly ts.SourceFile[],
  source: ts.SourceFile,
  faults: Map<ts.Statement, HeddleError>,
): ReadonlySet<ts.SourceFile> {
  const broken = written.filter((each) => each !== source && program.getSyntacticDiagnostics(each).length > 0);
  for (const each of broken) {
    const errors = program.getSyntacticDiagnostics(each);
    const fault = new HeddleError(typeErrors(errors, program.getTypeChecker(), () => false));
    for (const statement of each.statements) faults.set(statement, fault);
  }
  return new Set(broken);
}

/** What TypeScript finds. A file that does not parse is wrong as a whole, and its types say nothing. */
function errorsOf(program: ts.Program, written: readonly ts.SourceFile[]): readonly ts.Diagnostic[] {
  const syntax = written.flatMap((each) => program.getSyntacticDiagnostics(each));
  if (syntax.length > 0) throw new HeddleError(typeErrors(syntax, program.getTypeChecker(), () => false));
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...written.flatMap((each) => program.getSemanticDiagnostics(each)),
  ];
}

/** The text of the file that a span names, for code frames of places found later. */
export function sourceTextOf(program: CheckedProgram, file: string): string | undefined {
  return program.written.find((each) => displayPath(each.fileName) === file)?.text;
}
