// The command line as a whole: its commands, how their results are printed, and how every failure ends.
// Only descriptions are loaded here; a command loads what it needs when it is called, which keeps --help quick.
import { Command } from 'commander';
import { version } from '../driver/version.js';
import { defineAblate } from './commands/ablate.js';
import { defineCheck } from './commands/check.js';
import { defineCompile } from './commands/compile.js';
import { defineDevices } from './commands/devices.js';
import { defineExplain } from './commands/explain.js';
import { defineInit } from './commands/init.js';
import { defineRun } from './commands/run.js';
import { defineTune } from './commands/tune.js';
import { exitCodes, type Outcome } from './outcome.js';
import { printFailure, printOutcome } from './printing.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** Wraps the work of a command: its outcome is printed when it is done. */
export type Act = <Arguments extends readonly unknown[]>(
  work: (...given: Arguments) => Promise<Outcome>,
) => (...given: Arguments) => Promise<void>;

const commands = [
  defineCompile,
  defineRun,
  defineCheck,
  defineExplain,
  defineTune,
  defineAblate,
  defineInit,
  defineDevices,
];

const EXIT_CODES = `
Exit codes:
  0   done
  1   a check failed
  2   bad input: the command line, a spec, a setting, a tensor or a file
  70  a bug in heddle

Results go to standard output, messages to standard error. NO_COLOR turns colour off.
Documentation: docs/command-line.md
`;

/** Runs the command line `args` and gives the exit code; never throws. */
export async function heddle(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = exitCodes.success;
  const act: Act =
    (work) =>
    async (...given) => {
      const outcome = await work(...given);
      await printOutcome(outcome, isJson(args), terminal);
      if (outcome.failed) exitCode = exitCodes.checkFailed;
    };
  const program = createProgram(terminal, act);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help and the version end in an exception too.
    if (error instanceof UsageError && error.reason.exitCode === 0) return exitCodes.success;
    return printFailure(error, isJson(args), terminal);
  }
}

function createProgram(terminal: Terminal, act: Act): Command {
  const program = new Command('heddle')
    .description('A compiler for attention: typed TypeScript specs in, kernels out.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', EXIT_CODES)
    .configureHelp({ showGlobalOptions: false })
    // Errors are shown as diagnostics, not in the words of the parser.
    .configureOutput({ writeOut: terminal.out, writeErr: () => {}, outputError: () => {} });
  // A subcommand takes over its parent's settings when it is created.
  for (const define of commands) define(program, act, terminal);
  for (const command of [program, ...program.commands]) {
    command.exitOverride((reason) => {
      throw new UsageError(command, reason);
    });
  }
  return program;
}

/** Whether --json is among the options; it must be known even when the rest of them cannot be read. */
function isJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}
