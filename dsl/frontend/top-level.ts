// What may stand at the top level of a module, and which names a spec may not take: checked before anything is evaluated.
// A statement that exists for its effect would be ignored in silence, as specs are never run.
import type { ts } from 'ts-morph';
import { type Diagnostic, diagnostic, HeddleError } from '../../src/diagnostics/index.js';
import { globalNames } from './globals.js';
import { constructName, placeOf } from './places.js';
import type { CheckedProgram } from './program.js';
import { typescript } from './typescript.js';

/**
 * Where mistakes are kept, those of a file that is imported are faults of the statements that they are in.
 * @throws HeddleError with HD1003 and HD1035 for each statement and name that what is asked for may not have.
 */
export function checkModules({ written, isNeeded, source, mistakes, faults }: CheckedProgram): void {
  const found = written.flatMap((file) => {
    // A statement that exists for its effect belongs to no export, and so to all.
    const misplaced = file.statements
      .filter((each) => !typescript.isVariableStatement(each) || isNeeded(each))
      .flatMap(misplacedStatement);
    const shadowing = file.statements.filter(isNeeded).flatMap(shadowedGlobals);
    const all = [...misplaced, ...shadowing];
    if (mistakes === 'end' || file === source || all.length === 0) return all;
    const fault = new HeddleError(all);
    for (const statement of file.statements) if (!faults.has(statement)) faults.set(statement, fault);
    return [];
  });
  if (found.length > 0) throw new HeddleError(found);
}

const isValueless = (statement: ts.Statement): boolean =>
  typescript.isImportDeclaration(statement) ||
  typescript.isExportDeclaration(statement) ||
  typescript.isInterfaceDeclaration(statement) ||
  typescript.isTypeAliasDeclaration(statement) ||
  typescript.isFunctionDeclaration(statement) ||
  typescript.isEmptyStatement(statement) ||
  (typescript.isExportAssignment(statement) && !statement.isExportEquals);

function misplacedStatement(statement: ts.Statement): readonly Diagnostic[] {
  if (isValueless(statement)) return [];
  if (typescript.isVariableStatement(statement)) {
    const { flags } = statement.declarationList;
    if ((flags & typescript.NodeFlags.BlockScoped) === typescript.NodeFlags.Const) return [];
  }
  const construct = typescript.isVariableStatement(statement)
    ? 'a variable that can change'
    : `the ${constructName(statement)}`;
  return [diagnostic('HD1003', { construct }, placeOf(statement))];
}

/** Every declaration, parameter and import that takes the name of a global. */
function shadowedGlobals(statement: ts.Statement): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const visit = (node: ts.Node): void => {
    if (
      typescript.isTypeNode(node) ||
      typescript.isInterfaceDeclaration(node) ||
      typescript.isTypeAliasDeclaration(node)
    )
      return;
    const name = declaredName(node);
    if (name && globalNames.has(name.text)) found.push(diagnostic('HD1035', { name: name.text }, placeOf(name)));
    typescript.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}

function declaredName(node: ts.Node): ts.Identifier | undefined {
  const declares =
    typescript.isVariableDeclaration(node) ||
    typescript.isParameter(node) ||
    typescript.isBindingElement(node) ||
    typescript.isFunctionDeclaration(node) ||
    typescript.isFunctionExpression(node) ||
    typescript.isImportSpecifier(node) ||
    typescript.isImportClause(node) ||
    typescript.isNamespaceImport(node);
  return declares && node.name && typescript.isIdentifier(node.name) ? node.name : undefined;
}
