// The sources of the project as text and as syntax, for the tests that hold the rules of the house.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ts } from 'ts-morph';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The folders of what ships, from the ground up. */
export const floorsOfHouse = ['src', 'dsl', 'codegen', 'targets', 'driver', 'studies', 'report', 'cli', 'plugin'];

/** The files of TypeScript and JavaScript below a folder of the repository, by their paths from its root. */
export function filesUnder(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[jt]s$/.test(name) && !/fixtures|generated|golden/.test(name))
    .map((name) => join(folder, name).replaceAll('\\', '/'));
}

export const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

export const linesOf = (file: string): number => textOf(file).split('\n').length - 1;

/** A file's syntax, from a text where one is given. */
export const syntaxOf = (file: string, text = textOf(file)): ts.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);

/** Where a relative specifier in a file leads, as the path of a source. */
const sourceAt = (file: string, specifier: string): string =>
  normalize(join(dirname(file), specifier))
    .replaceAll('\\', '/')
    .replace(/\.js$/, '.ts');

/** The files that a file imports or exports values from when it is loaded; what it takes types from alone is none of them. */
export function valueImports(source: ts.SourceFile): readonly string[] {
  return source.statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement);
    if (!isImport && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier) || !moduleSpecifier.text.startsWith('.')) return [];
    const takesValues = isImport ? importsValue(statement.importClause) : exportsValue(statement);
    return takesValues ? [sourceAt(source.fileName, moduleSpecifier.text)] : [];
  });
}

function importsValue(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return true;
  if (clause.isTypeOnly) return false;
  const { name, namedBindings } = clause;
  if (name || !namedBindings || ts.isNamespaceImport(namedBindings)) return true;
  return namedBindings.elements.some(({ isTypeOnly }) => !isTypeOnly);
}

function exportsValue({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  if (isTypeOnly) return false;
  return !exportClause || !ts.isNamedExports(exportClause) || exportClause.elements.some((each) => !each.isTypeOnly);
}

/** The functions of a file with more parameters than `most`, as `name (count)`. */
export function widerFunctions(source: ts.SourceFile, most: number): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && node.parameters.length > most)
      found.push(`${nameOf(node)} (${node.parameters.length})`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A function's name, or that of what it is the value of. */
function nameOf(node: ts.SignatureDeclaration): string {
  const named = node.name ?? ('name' in node.parent ? (node.parent.name as ts.Node | undefined) : undefined);
  return named?.getText() ?? 'without a name';
}

/** The groups of nodes that reach each other along edges, each sorted; a node alone is no group (Tarjan's algorithm). */
export function circlesIn(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const enter = (node: string): void => {
    order.set(node, order.size);
    lowest.set(node, order.get(node)!);
    open.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) enter(next);
      if (open.includes(next)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(next)!));
    }
    if (lowest.get(node) !== order.get(node)) return;
    const circle = open.splice(open.indexOf(node));
    if (circle.length > 1 || edges.get(node)?.includes(node)) circles.push(circle.sort());
  };
  for (const node of edges.keys()) if (!order.has(node)) enter(node);
  return circles;
}

/** The lines of a file as they are compared: without comments, imports and names, so that a copy with other names is the same. */
function comparableLines(file: string): readonly { readonly line: number; readonly text: string }[] {
  const keepsLines = (text: string): string => text.replace(/[^\n]/g, '');
  return textOf(file)
    .replace(/\/\*[\s\S]*?\*\//g, keepsLines)
    .replace(/^(?:import\b|export (?:type )?\{)[\s\S]*?;$/gm, keepsLines)
    .split('\n')
    .map((text, n) => ({ line: n + 1, text: text.replace(/(^|\s)\/\/.*$/, '').trim() }))
    .filter(({ text }) => text !== '')
    .map(({ line, text }) => ({
      line,
      text: text.replace(/[A-Za-z_$][\w$]*/g, (word) => (keywords.has(word) ? word : 'x')),
    }));
}

const keywords = new Set(
  `break case catch class const continue default delete else export extends false for from function if implements import in
  instanceof interface let new null of private readonly return static switch this throw true try type undefined var while`.split(
    /\s+/,
  ),
);

/** Passages of more than `most` lines that stand in a file of one folder and in one of the other. */
export function passagesInBoth(folders: readonly [string, string], most: number): readonly string[] {
  const [ones, others] = folders.map((folder) =>
    filesUnder(folder).map((file) => ({ file, lines: comparableLines(file) })),
  ) as [Compared[], Compared[]];
  return ones.flatMap((one) => others.flatMap((other) => commonTo(one, other, most)));
}

interface Compared {
  readonly file: string;
  readonly lines: ReturnType<typeof comparableLines>;
}

function commonTo(one: Compared, other: Compared, most: number): readonly string[] {
  const found: string[] = [];
  let before: number[] = [];
  for (const [i, { text, line }] of one.lines.entries()) {
    // How many lines up to this one and up to each line of the other are the same.
    const lengths = other.lines.map((each, j) => (each.text === text ? (before[j - 1] ?? 0) + 1 : 0));
    for (const [j, length] of lengths.entries()) {
      const goesOn = one.lines[i + 1] !== undefined && one.lines[i + 1]!.text === other.lines[j + 1]?.text;
      if (length > most && !goesOn)
        found.push(`${length} lines end at ${one.file}:${line} and ${other.file}:${other.lines[j]!.line}`);
    }
    before = lengths;
  }
  return found;
}
