// Modules: what the files of a spec declare at their top level, import and export, found when it is first asked for.
// A module's values depend on no configuration, so they are evaluated once and serve every compilation.
import type { ts } from 'ts-morph';
import type { HeddleError } from '../../src/diagnostics/index.js';
import { Evaluation } from './evaluation.js';
import { rulesOfLanguage } from './expressions.js';
import { globalScope } from './globals.js';
import type { GraphConstruction } from './graph-construction.js';
import { bindPattern, namesOf } from './patterns.js';
import { primitiveNamed, primitiveNames } from './primitives/index.js';
import type { CheckedProgram } from './program.js';
import { Scope } from './scope.js';
import { typescript } from './typescript.js';
import { closureOf, type NamespaceValue, type Value } from './values.js';

/** A name that a module exports, with the syntax that declares it. */
export interface Export {
  readonly get: () => Value;
  readonly declaration: ts.Node;
}

interface Module {
  readonly scope: Scope;
  readonly exports: Map<string, Export>;
  /** Modules whose exports are exported too: `export * from`. */
  readonly passedOn: ts.SourceFile[];
}

export class Modules {
  readonly program: CheckedProgram;
  private readonly globals = globalScope();
  private readonly modules = new Map<ts.SourceFile, Module>();

  constructor(program: CheckedProgram) {
    this.program = program;
  }

  /** The names that a module exports, in the order in which they are written, with their declarations. */
  exportsOf(source: ts.SourceFile): ReadonlyMap<string, Export> {
    const { exports, passedOn } = this.moduleOf(source);
    const all = new Map(exports);
    for (const other of passedOn) {
      for (const [name, each] of this.exportsOf(other)) if (name !== 'default' && !all.has(name)) all.set(name, each);
    }
    return all;
  }

  private moduleOf(source: ts.SourceFile): Module {
    const known = this.modules.get(source);
    if (known !== undefined) return known;
    const made: Module = { scope: new Scope(this.globals), exports: new Map(), passedOn: [] };
    this.modules.set(source, made);
    if (this.program.isLanguage(source)) this.enterLanguage(made, source);
    else for (const statement of source.statements) this.enter(statement, made);
    return made;
  }

  private enterLanguage({ exports }: Module, source: ts.SourceFile): void {
    for (const name of primitiveNames) exports.set(name, { get: () => primitiveNamed(name), declaration: source });
  }

  /** Makes the names of a top-level statement known; what it declares is evaluated when it is first read. */
  private enter(statement: ts.Statement, module: Module): void {
    const fault = this.program.faults.get(statement);
    if (fault !== undefined) this.enterFaulty(statement, module, fault);
    else if (typescript.isImportDeclaration(statement)) this.enterImport(statement, module);
    else if (typescript.isExportDeclaration(statement)) this.enterExport(statement, module);
    else if (typescript.isVariableStatement(statement)) this.enterVariables(statement, module);
    else if (typescript.isFunctionDeclaration(statement)) this.enterFunction(statement, module);
    else if (typescript.isExportAssignment(statement)) {
      module.scope.declareLazily('default', () => this.evaluation().evaluate(statement.expression, module.scope));
      exportLocal(module, 'default', 'default', statement);
    }
  }

  /** Who reads a name of a statement that is wrong hears of what is wrong with it. */
  private enterFaulty(statement: ts.Statement, module: Module, fault: HeddleError): void {
    const get = (): never => {
      throw fault;
    };
    for (const name of declaredNames(statement)) {
      module.scope.declareLazily(name, get);
      module.exports.set(name, { get, declaration: statement });
    }
  }

  /** An evaluation of what these modules say: of constants, or of the body of a spec into a graph under construction. */
  evaluation(graph?: GraphConstruction): Evaluation {
    return new Evaluation(rulesOfLanguage, this, graph);
  }

  private enterImport({ importClause, moduleSpecifier }: ts.ImportDeclaration, { scope }: Module): void {
    if (importClause === undefined || importClause.phaseModifier === typescript.SyntaxKind.TypeKeyword) return;
    if (importClause.name) {
      scope.declareLazily(importClause.name.text, () => this.exported(moduleSpecifier, 'default', importClause));
    }
    const bindings = importClause.namedBindings;
    if (bindings === undefined) return;
    if (typescript.isNamespaceImport(bindings)) {
      scope.declareLazily(bindings.name.text, () => this.namespace(moduleSpecifier, bindings));
      return;
    }
    for (const element of bindings.elements) {
      const name = (element.propertyName ?? element.name).text;
      scope.declareLazily(element.name.text, () => this.exported(moduleSpecifier, name, element));
    }
  }

  private enterExport({ exportClause, moduleSpecifier, isTypeOnly }: ts.ExportDeclaration, module: Module): void {
    if (isTypeOnly) return;
    if (exportClause === undefined) {
      const other = moduleSpecifier && this.program.moduleOf(moduleSpecifier);
      if (other) module.passedOn.push(other);
    } else if (typescript.isNamespaceExport(exportClause)) {
      const get = () => this.namespace(moduleSpecifier as ts.Expression, exportClause);
      module.exports.set(exportClause.name.text, { get, declaration: exportClause });
    } else {
      for (const element of exportClause.elements) {
        if (element.isTypeOnly) continue;
        const local = (element.propertyName ?? element.name).text;
        if (moduleSpecifier === undefined) exportLocal(module, element.name.text, local, element);
        else {
          const get = () => this.exported(moduleSpecifier, local, element);
          module.exports.set(element.name.text, { get, declaration: element });
        }
      }
    }
  }

  private enterVariables(statement: ts.VariableStatement, module: Module): void {
    for (const declaration of statement.declarationList.declarations) {
      const { name, initializer } = declaration;
      for (const { text } of namesOf(name)) {
        module.scope.declareLazily(text, () => {
          const evaluation = this.evaluation();
          const value = initializer && evaluation.evaluate(initializer, module.scope);
          const bound = new Map<string, Value>();
          bindPattern(name, value, module.scope, evaluation, (each, part) => bound.set(each, part));
          return bound.get(text);
        });
        if (isExported(statement)) exportLocal(module, text, text, declaration);
      }
    }
  }

  private enterFunction(statement: ts.FunctionDeclaration, module: Module): void {
    const { scope } = module;
    const name = statement.name?.text ?? 'default';
    scope.initialise(name, closureOf(statement, scope));
    if (isExported(statement)) exportLocal(module, isDefault(statement) ? 'default' : name, name, statement);
  }

  /** What the module of `specifier` exports as `name`. */
  private exported(specifier: ts.Expression, name: string, node: ts.Node): Value {
    const source = this.program.moduleOf(specifier);
    const found = source && this.exportsOf(source).get(name);
    return found ? found.get() : this.evaluation().fail(node, 'HD1037', { name });
  }

  private namespace(specifier: ts.Expression, node: ts.Node): NamespaceValue {
    const source = this.program.moduleOf(specifier);
    if (source === undefined) return this.evaluation().fail(node, 'HD1037', { name: specifier.getText() });
    const exports = this.exportsOf(source);
    return {
      kind: 'namespace',
      name: specifier.getText(),
      member: (name) => exports.get(name)?.get(),
      has: (name) => exports.has(name),
    };
  }
}

/** Exports a name of the module's own scope under `name`. */
function exportLocal({ exports, scope }: Module, name: string, local: string, declaration: ts.Node): void {
  exports.set(name, { get: () => scope.read(local)?.value, declaration });
}

/** The names that a top-level statement declares, imports or exports. */
function declaredNames(statement: ts.Statement): readonly string[] {
  if (typescript.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => namesOf(name).map(({ text }) => text));
  }
  if (typescript.isFunctionDeclaration(statement)) return [statement.name?.text ?? 'default'];
  if (typescript.isExportAssignment(statement)) return ['default'];
  if (typescript.isExportDeclaration(statement)) {
    const { exportClause } = statement;
    if (exportClause === undefined) return [];
    return typescript.isNamedExports(exportClause)
      ? exportClause.elements.map(({ name }) => name.text)
      : [exportClause.name.text];
  }
  const clause = typescript.isImportDeclaration(statement) ? statement.importClause : undefined;
  const bindings = clause?.namedBindings;
  const listed =
    bindings === undefined ? [] : typescript.isNamespaceImport(bindings) ? [bindings] : [...bindings.elements];
  return [...(clause?.name ? [clause.name.text] : []), ...listed.map(({ name }) => name.text)];
}

const hasModifier = (node: ts.VariableStatement | ts.FunctionDeclaration, kind: ts.SyntaxKind): boolean =>
  node.modifiers?.some((modifier) => modifier.kind === kind) ?? false;
const isExported = (node: ts.VariableStatement | ts.FunctionDeclaration) =>
  hasModifier(node, typescript.SyntaxKind.ExportKeyword);
const isDefault = (node: ts.FunctionDeclaration) => hasModifier(node, typescript.SyntaxKind.DefaultKeyword);
