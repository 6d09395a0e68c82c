// What may stand at the top level of a module, and which names a spec may not take: checked before anything is evaluated.
// A statement that exists for its effect would be ignored in silence, as specs are never run.
import { ts } from 'ts-morph';
import { type Diagnostic, diagnostic, HeddleError } from '../../src/diagnostics/index.js';
import { globalNames } from './globals.js';
import { constructName, placeOf } from './places.js';
import type { CheckedProgram } from './program.js';

/**
 * Where mistakes are kept, those of a file that is imported are faults of the statements that they are in.
 * @throws HeddleError with HD1003 and HD1035 for each statement and name that what is asked for may not have.
 */
export function checkModules({ written, isNeeded, source, mistakes, faults }: CheckedProgram): void {
  const found = written.flatMap((file) => {
    // A statement that exists for its effect belongs to no export, and so to all.
    const misplaced = file.statements
      .filter((each) => !ts.isVariableStatement(each) || isNeeded(each))
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
  ts.isImportDeclaration(statement) ||
  ts.isExportDeclaration(statement) ||
  ts.isInterfaceDeclaration(statement) ||
  ts.isTypeAliasDeclaration(statement) ||
  ts.isFunctionDeclaration(statement) ||
  ts.isEmptyStatement(statement) ||
  (ts.isExportAssignment(statement) && !statement.isExportEquals);

function misplacedStatement(statement: ts.Statement): readonly Diagnostic[] {
  if (isValueless(statement)) return [];
  if (ts.isVariableStatement(statement)) {
    const { flags } = statement.declarationList;
    if ((flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const) return [];
  }
  const construct = ts.isVariableStatement(statement)
    ? 'a variable that can change'
    : `the ${constructName(statement)}`;
  return [diagnostic('HD1003', { construct }, placeOf(statement))];
}

/** Every declaration, parameter and import that takes the name of a global. */
function shadowedGlobals(statement: ts.Statement): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    const name = declaredName(node);
    if (name && globalNames.has(name.text)) found.push(diagnostic('HD1035', { name: name.text }, placeOf(name)));
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}

function declaredName(node: ts.Node): ts.Identifier | undefined {
  const declares =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isImportSpecifier(node) ||
    ts.isImportClause(node) ||
    ts.isNamespaceImport(node);
  return declares && node.name && ts.isIdentifier(node.name) ? node.name : undefined;
}
