// Places in source files as diagnostics show them: spans counted from 1, code frames, paths short enough to read.
// A span's file is relative to the working directory where it lies below it, and absolute elsewhere.
import type { ts } from 'ts-morph';
import { codeFrame, type SourceSpan } from '../../src/diagnostics/index.js';
import { nameFrom } from '../../src/names.js';
import { basename, currentFolder, isAbsolute, relative } from './paths.js';
import { typescript } from './typescript.js';

/** What a diagnostic needs of a place. */
export interface Place {
  readonly span: SourceSpan;
  readonly frame: string;
}

/** `file` as a reader of the terminal would write it. */
export function displayPath(file: string): string {
  const short = relative(currentFolder(), file);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? file : short.replaceAll('\\', '/');
}

/** `file` with forward slashes, as TypeScript names files. */
export const normalised = (file: string): string => file.replaceAll('\\', '/');

/** The name of a file without its endings, as a name: `row-bias.spec.ts` is `rowBiasSpec`. */
export const nameOfFile = ({ fileName }: ts.SourceFile): string | undefined =>
  nameFrom(basename(fileName).replace(/\.[cm]?tsx?$/i, ''));

function spanBetween(source: ts.SourceFile, start: number, end: number): SourceSpan {
  const from = source.getLineAndCharacterOfPosition(start);
  const to = source.getLineAndCharacterOfPosition(end);
  return {
    file: displayPath(source.fileName),
    line: from.line + 1,
    column: from.character + 1,
    endLine: to.line + 1,
    endColumn: to.character + 1,
  };
}

/** The part of its file that `node` covers, comments before it left out. */
export function spanOf(node: ts.Node): SourceSpan {
  const source = node.getSourceFile();
  return spanBetween(source, node.getStart(source), node.end);
}

/** The span and code frame of a stretch of `source`. */
export function placeBetween(source: ts.SourceFile, start: number, end: number): Place {
  const span = spanBetween(source, start, end);
  return { span, frame: codeFrame(source.text, span) };
}

/** The span and code frame of `node`. */
export function placeOf(node: ts.Node): Place {
  const source = node.getSourceFile();
  return placeBetween(source, node.getStart(source), node.end);
}

/** The name of a construct for a sentence: 'class declaration', 'await expression'. */
export function constructName(node: ts.Node): string {
  const name = typescript.SyntaxKind[node.kind] ?? 'construct';
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
