// Writes docs/language-reference.md from the doc comments of dsl/language.ts and dsl/library/: every exported name with its declaration.
// test/scripts/language-reference.test.ts compares the page with it; with `UPDATE_GOLDEN=1 vitest run test/scripts` it is written anew.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ts } from 'ts-morph';

const INTRODUCTION = `# Reference of the language

Every name that \`heddle\` and \`heddle/library\` export, from the comments of their sources; generated. [The language](language.md) says how they
go together. Shapes are written with B batch entries, H query heads, Hkv key/value heads, Tq query rows, Tk keys, D features of q and k, and
Dv of v; a read at a position, head or place that does not exist is 0. What a spec gets wrong is an error of the compiler, with its place and
a hint: [diagnostics](diagnostics.md).
`;

interface Entry {
  readonly name: string;
  readonly section: string;
  readonly comment: string;
  readonly declaration: string;
}

/** The page; `root` is the repository. */
export function languageReference(root: string): string {
  const examples = examplesIn(join(root, 'examples'));
  const library = readdirSync(join(root, 'dsl', 'library')).filter((name) => name !== 'index.ts');
  const entries = [
    ...entriesOf(readFileSync(join(root, 'dsl', 'language.ts'), 'utf8'), ''),
    ...library.flatMap((name) =>
      entriesOf(readFileSync(join(root, 'dsl', 'library', name), 'utf8'), `heddle/library: ${name.replace('.ts', '')}`),
    ),
  ];
  const sections = [...new Set(entries.map(({ section }) => section))].map((section) => {
    const own = entries.filter((entry) => entry.section === section);
    return `## ${section}\n\n${own.map((entry) => entryText(entry, examples)).join('\n')}`;
  });
  return [INTRODUCTION, ...sections].join('\n');
}

function entryText({ name, comment, declaration }: Entry, examples: readonly Example[]): string {
  const users = examples.filter(({ imported }) => imported.includes(name)).slice(0, 3);
  const seen = users.map(({ file }) => `[${file}](../examples/${file})`).join(', ');
  return `### ${name}\n\n${comment}\n\n\`\`\`typescript\n${declaration}\n\`\`\`\n${seen === '' ? '' : `\nExamples: ${seen}\n`}`;
}

/** The exported declarations of a file in their order, under the headings that its comments draw, or under `section`. */
function entriesOf(text: string, section: string): readonly Entry[] {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) => {
    const isExported =
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    const headings = [...text.slice(0, statement.getStart()).matchAll(/^\/\/ ── (.*?) ─+$/gm)];
    return [
      {
        name: nameOf(statement),
        section: section || headings.at(-1)![1]!,
        comment: commentOf(statement),
        declaration: declarationOf(statement, text),
      },
    ];
  });
}

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0]!.name.getText();
  return (statement as ts.FunctionDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration).name!.text;
}

/** The doc comment as a paragraph. */
function commentOf(statement: ts.Statement): string {
  const comments = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(comments.at(-1)?.comment) ?? '';
  return text.replace(/\s*\n\s*/g, ' ').trim();
}

/** What is declared, without what a function does. */
function declarationOf(statement: ts.Statement, text: string): string {
  const whole = statement.getText();
  if (ts.isFunctionDeclaration(statement)) {
    return text.slice(statement.getStart(), statement.body!.getStart()).trim();
  }
  // The frontend knows the primitives by name; at run time each of them throws.
  return whole.replace(/\s*=\s*compiledNotRun\('\w+'\)/, '').trim();
}

interface Example {
  readonly file: string;
  readonly imported: readonly string[];
}

const examplesIn = (folder: string): readonly Example[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => ({ file, imported: importedIn(readFileSync(join(folder, file), 'utf8')) }));

const importedIn = (text: string): readonly string[] =>
  Array.from(text.matchAll(/^import (?:type )?\{([^}]*)\} from 'heddle/gm), ([, names]) => names!)
    .flatMap((names) => names.split(','))
    .map((name) =>
      name
        .trim()
        .replace(/^type /, '')
        .replace(/ as .*/, ''),
    );
