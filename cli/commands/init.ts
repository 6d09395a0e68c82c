// `heddle init`: begins a project from one of the worked examples, with a spec, a check of it as its test, and a README.
// Nothing that exists is written over.
import type { Command } from 'commander';
import { addJsonOption } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Act } from '../program.js';
import type { Terminal } from '../terminal.js';

interface InitOptions {
  readonly template?: string;
}

const EXAMPLES = `
Without --template the command asks, where somebody is there to answer.

Examples:
  npx heddle init my-attention --template node
  npx heddle init . --template cmake
`;

export function defineInit(program: Command, act: Act, terminal: Terminal): void {
  const command = program
    .command('init')
    .summary('begin a project')
    .description('Write a project that works at once: a spec, a check of its kernels, a program that runs them.')
    .argument('[folder]', 'where it goes', '.')
    .option('--template <name>', 'what it is for; left out, the command asks');
  addJsonOption(command)
    .addHelpText('after', EXAMPLES)
    .action(act((folder: string, options: InitOptions) => init(folder, options, terminal)));
}

async function init(folder: string, { template }: InitOptions, terminal: Terminal): Promise<Outcome> {
  const [
    { templateFiles, templateNames },
    { refuseExisting, writeFolderAtomically },
    { filesTable, writtenFiles },
    parse,
  ] = await Promise.all([
    import('../../driver/templates.js'),
    import('../../driver/files.js'),
    import('../written-files.js'),
    import('../arguments.js'),
  ]);
  parse.refuseNoFolder(folder, 'FOLDER');
  const name = template ?? (await askedFor(templateNames(), terminal));
  const files = templateFiles(name);
  refuseExisting(
    folder,
    files.map(([path]) => path),
  );
  writeFolderAtomically(folder, files);
  const written = writtenFiles(folder, files);
  const next = `${folder === '.' ? '' : 'go to the folder, then '}npm install; README.md says the rest`;
  return {
    text: `a project of the template ${name}\n${filesTable(written)}\nnext: ${next}\n`,
    data: { template: name, files: written },
  };
}

/** The template that a person names; the same as an option that is missing where nobody is there to ask. */
async function askedFor(names: readonly string[], { err }: Terminal): Promise<string> {
  const { fail } = await import('../../src/diagnostics/index.js');
  if (!process.stdin.isTTY) return fail('HD4037', { known: names });
  const { createInterface } = await import('node:readline/promises');
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  try {
    err(`templates: ${names.join(', ')}\n`);
    return (await questions.question('which one? ')).trim();
  } finally {
    questions.close();
  }
}
