// What an export of a spec file needs: the top-level statements of all files that its declaration leads to, name by name.
// Mistakes elsewhere are those of other exports, and do not stand in the way of this one.
import type { ts } from 'ts-morph';
import { nameOfFile } from './places.js';
import { typescript } from './typescript.js';

/** The name under which a module exports what is asked for as `wanted`: a default export is called as its file, too. */
export function exportedName(wanted: string, source: ts.SourceFile, checker: ts.TypeChecker): string | undefined {
  const names = exportsOf(source, checker).map(({ name }) => name);
  if (names.includes(wanted)) return wanted;
  return wanted === nameOfFile(source) && names.includes('default') ? 'default' : undefined;
}

/** The top-level statements that the export `name` of `source` is made of. */
export function statementsBehind(
  name: string,
  source: ts.SourceFile,
  checker: ts.TypeChecker,
): ReadonlySet<ts.Statement> {
  const reached = new Set<ts.Statement>();
  const seen = new Set<ts.Symbol>();
  const pending = exportsOf(source, checker).filter((each) => each.name === name);
  for (let symbol = pending.pop(); symbol !== undefined; symbol = pending.pop()) {
    if (seen.has(symbol)) continue;
    seen.add(symbol);
    if (symbol.flags & typescript.SymbolFlags.Alias) pending.push(checker.getAliasedSymbol(symbol));
    for (const statement of (symbol.declarations ?? []).flatMap(topLevelStatements)) {
      if (reached.has(statement)) continue;
      reached.add(statement);
      // Of the names that an import or an export lists, the one that led here has been followed.
      if (!typescript.isImportDeclaration(statement) && !typescript.isExportDeclaration(statement)) {
        pending.push(...symbolsIn(statement, checker));
      }
    }
  }
  return reached;
}

/** The top-level statement of its file that holds `place`. */
export const statementAt = (file: ts.SourceFile, place: number): ts.Statement | undefined =>
  file.statements.find((statement) => statement.pos <= place && place < statement.end);

function exportsOf(source: ts.SourceFile, checker: ts.TypeChecker): ts.Symbol[] {
  const module = checker.getSymbolAtLocation(source);
  return module === undefined ? [] : checker.getExportsOfModule(module);
}

/** The statement around a declaration; all of a module that is taken as a whole. */
function topLevelStatements(declaration: ts.Node): readonly ts.Statement[] {
  const file = declaration.getSourceFile();
  if (file.isDeclarationFile) return [];
  if (typescript.isSourceFile(declaration)) return [...declaration.statements];
  return [statementAt(file, declaration.getStart(file)) ?? []].flat();
}

function symbolsIn(statement: ts.Statement, checker: ts.TypeChecker): readonly ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    if (typescript.isIdentifier(node)) {
      const symbol = typescript.isShorthandPropertyAssignment(node.parent)
        ? checker.getShorthandAssignmentValueSymbol(node.parent)
        : checker.getSymbolAtLocation(node);
      if (symbol) found.push(symbol);
    }
    typescript.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}
