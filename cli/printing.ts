// Prints what came of a command, for people or, with --json, for programs: results to standard output, messages to standard error.
// What only a failure or a warning needs is loaded then.
import type { Diagnostic } from '../src/diagnostics/index.js';
import type { Outcome } from './outcome.js';
import type { Terminal } from './terminal.js';

/** Prints an outcome, as JSON where that is asked for. */
export async function printOutcome(outcome: Outcome, isJson: boolean, terminal: Terminal): Promise<void> {
  const warnings = outcome.warnings ?? [];
  if (isJson) {
    const noted =
      warnings.length > 0 ? { warnings: warnings.map((await import('../src/diagnostics/index.js')).toJson) } : {};
    terminal.out(jsonText({ ok: outcome.failed !== true, ...outcome.data, ...noted }));
    return;
  }
  if (warnings.length > 0) await showWarnings(warnings, terminal);
  terminal.out(outcome.text);
}

/** Prints whatever was thrown. @returns the exit code that it stands for */
export async function printFailure(error: unknown, isJson: boolean, terminal: Terminal): Promise<number> {
  const { describeFailure } = await import('./failures.js');
  const failure = describeFailure(error, terminal);
  if (isJson) terminal.out(jsonText({ ok: false, ...failure.data }));
  else terminal.err(failure.text);
  return failure.exitCode;
}

async function showWarnings(warnings: readonly Diagnostic[], { err, colorErr }: Terminal): Promise<void> {
  const { renderDiagnostic } = await import('../src/diagnostics/index.js');
  for (const each of warnings) err(`${renderDiagnostic(each, { color: colorErr })}\n\n`);
}

const jsonText = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;
