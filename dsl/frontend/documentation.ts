// What the comments of a spec say: a summary sentence, its formula and its paper, and one line for each setting.
// JSDoc of the exported declaration, with the tags @formula and @paper.
import type { ts } from 'ts-morph';
import { typescript } from './typescript.js';

export interface Documentation {
  /** The first sentence of the comment. */
  readonly summary?: string;
  readonly formula?: string;
  readonly paper?: string;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function commentText(comment: ts.JSDoc['comment']): string {
  return oneLine(typescript.getTextOfJSDocComment(comment) ?? '');
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
}

/** The documentation of a declaration, or of a call inside one. */
export function documentationOf(node: ts.Node): Documentation {
  const declaration = typescript.findAncestor(
    node,
    (each) =>
      typescript.isVariableDeclaration(each) ||
      typescript.isExportAssignment(each) ||
      typescript.isExportSpecifier(each),
  );
  if (declaration === undefined) return {};
  const tag = (name: string) => {
    const found = typescript.getJSDocTags(declaration).find(({ tagName }) => tagName.text === name);
    return found && commentText(found.comment);
  };
  const formula = tag('formula');
  const paper = tag('paper');
  const summary = summaryOf(declaration);
  return { ...(summary ? { summary } : {}), ...(formula ? { formula } : {}), ...(paper ? { paper } : {}) };
}

/** The first sentence of the comment before `node`. */
export function summaryOf(node: ts.Node): string | undefined {
  const comment = typescript.getJSDocCommentsAndTags(node).find(typescript.isJSDoc);
  const text = comment && commentText(comment.comment);
  return text ? firstSentence(text) : undefined;
}
