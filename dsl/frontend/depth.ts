// How deeply the syntax of a file nests, known before anything follows it: the type checker takes quadratic time over a chain of
// thousands of operands, and whoever visits syntax by recursion ends with the stack.
import type { ts } from 'ts-morph';
import { codeFrame, diagnostic, HeddleError } from '../../src/diagnostics/index.js';
import { DEEPEST_SYNTAX } from './limits.js';
import { displayPath, type Place, placeBetween } from './places.js';
import { typescript } from './typescript.js';

/** Refuses a file that nests more deeply than the frontend follows, at the innermost part that does. @throws HeddleError HD1006. */
export function refuseDeepSyntax(source: ts.SourceFile): void {
  const deep = innermostDeep(source);
  if (deep !== undefined) throw fault(placeBetween(source, deep.getStart(source), deep.end));
}

/** The same for the text of a file that ended the parser's stack: at the bracket that is one too many, where brackets are what nests. */
export function tooDeep(path: string, text: string): HeddleError {
  const at = deepBracket(text);
  if (at === undefined) return fault();
  const lines = text.slice(0, at).split('\n');
  const [line, column] = [lines.length, lines.at(-1)!.length + 1];
  const span = { file: displayPath(path), line, column, endLine: line, endColumn: column + 1 };
  return fault({ span, frame: codeFrame(text, span) });
}

const fault = (place?: Place): HeddleError => new HeddleError([diagnostic('HD1006', { limit: DEEPEST_SYNTAX }, place)]);

/** Where a text opens more brackets and conditions than the limit, strings and comments left out; undefined where it does not. */
function deepBracket(text: string): number | undefined {
  const { SyntaxKind: kinds } = typescript;
  const opening = new Set([kinds.OpenParenToken, kinds.OpenBracketToken, kinds.OpenBraceToken]);
  const closing = new Set([kinds.CloseParenToken, kinds.CloseBracketToken, kinds.CloseBraceToken]);
  const scanner = typescript.createScanner(typescript.ScriptTarget.ES2023, true, undefined, text);
  let depth = 0;
  // Each condition of a chain is inside the one before it.
  let conditions = 0;
  for (let token = scanner.scan(); token !== kinds.EndOfFileToken; token = scanner.scan()) {
    if (opening.has(token)) depth += 1;
    if (closing.has(token)) depth -= 1;
    conditions = token === kinds.SemicolonToken ? 0 : conditions + Number(token === kinds.QuestionToken);
    if (depth + conditions > DEEPEST_SYNTAX) return scanner.getTokenStart();
  }
  return undefined;
}

/** The first node found with more levels below it than the limit, whose children all have fewer. */
function innermostDeep(source: ts.SourceFile): ts.Node | undefined {
  const levels = new Map<ts.Node, number>();
  const open: ts.Node[] = [source];
  while (open.length > 0) {
    const node = open.at(-1)!;
    const children: ts.Node[] = [];
    typescript.forEachChild(node, (child) => {
      children.push(child);
    });
    const unknown = children.filter((child) => !levels.has(child));
    if (unknown.length > 0) {
      open.push(...unknown);
      continue;
    }
    open.pop();
    const own = 1 + children.reduce((most, child) => Math.max(most, levels.get(child)!), 0);
    if (own > DEEPEST_SYNTAX) return node;
    levels.set(node, own);
  }
  return undefined;
}
