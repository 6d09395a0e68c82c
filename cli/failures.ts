// Every way in which a command can fail, as text, as JSON and as an exit code.
// What the parser of the command line rejects becomes a diagnostic like any other; what nobody foresaw is a bug and says so.
import type { Command } from 'commander';
import { version } from '../driver/version.js';
import { type Diagnostic, diagnostic, HeddleError, nearest, renderError, toJson } from '../src/diagnostics/index.js';
import { exitCodes } from './outcome.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

export interface Failure {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly exitCode: number;
}

export function describeFailure(error: unknown, { colorErr, debug }: Terminal): Failure {
  const known = error instanceof UsageError ? new HeddleError([usageDiagnostic(error)]) : error;
  if (known instanceof HeddleError) {
    return {
      text: `${renderError(known, { color: colorErr })}\n`,
      data: { diagnostics: known.diagnostics.map(toJson) },
      exitCode: exitCodes.badInput,
    };
  }
  return describeBug(known, debug);
}

function describeBug(error: unknown, debug: boolean): Failure {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = error instanceof Error && debug ? error.stack : undefined;
  return {
    text: [
      `internal error: ${message}`,
      'This is a bug in heddle, not in your input. Please report it with the spec and the command line.',
      stack ?? 'Set HEDDLE_DEBUG=1 to see where it happened.',
      `heddle ${version()}, Node ${process.versions.node}, ${process.platform} ${process.arch}\n`,
    ].join('\n'),
    data: { internalError: { message, ...(stack === undefined ? {} : { stack }) } },
    exitCode: exitCodes.bug,
  };
}

/** What the parser found, by its code. `named` is the name that it quotes in its message. */
const usageDiagnostics: Readonly<Record<string, (command: Command, named: string) => Diagnostic>> = {
  'commander.help': (command) => diagnostic('HD4008', { known: commandNames(command) }),
  'commander.unknownCommand': (command, named) => diagnostic('HD4001', unknownName(named, commandNames(command))),
  'commander.unknownOption': (command, named) =>
    diagnostic('HD4002', {
      command: pathOf(command),
      ...unknownName(named.replace(/=.*$/s, ''), optionNames(command)),
    }),
  'commander.missingArgument': (command, named) =>
    diagnostic('HD4003', { command: pathOf(command), argument: named.toUpperCase() }),
  'commander.optionMissingArgument': (command, named) =>
    diagnostic('HD4004', { command: pathOf(command), option: named }),
  'commander.missingMandatoryOptionValue': (command, named) =>
    diagnostic('HD4005', { command: pathOf(command), option: named }),
  'commander.excessArguments': (command) =>
    diagnostic('HD4006', {
      command: pathOf(command),
      extra: command.args.slice(command.registeredArguments.length),
    }),
};

function usageDiagnostic({ command, reason }: UsageError): Diagnostic {
  const named = /'([\s\S]*)'/.exec(reason.message)?.[1] ?? '';
  const describe = usageDiagnostics[reason.code];
  return describe?.(command, named) ?? diagnostic('HD4007', { problem: reason.message.replace(/^error: /, '') });
}

const unknownName = (name: string, known: readonly string[]) => ({ name, known, suggestion: nearest(name, known) });

/** As it is typed: `heddle run`. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

const commandNames = (command: Command): string[] => command.commands.map((each) => each.name());

function optionNames(command: Command): string[] {
  const visible = command.createHelp().visibleOptions(command);
  return visible.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));
}
