// Problems that a worker reports, as diagnostics: which device, which kernel, and the line of WGSL where there is one.
// The sentences are in the catalogue; here problems are sorted into its codes.

import {
  codeFrame,
  type Diagnostic,
  diagnostic,
  HeddleError,
  type SourceSpan,
} from '../../../src/diagnostics/index.js';
import type { CompilerMessage, Problem } from '../../shared/device/problems.js';
import type { WorkerFailure } from '../../shared/device/worker-failure.js';

export interface Subject {
  readonly device: string;
  readonly job: { readonly label?: string | undefined; readonly wgsl: string };
}

/** Throws what `problem` means for `subject`. */
export function refuse(problem: WorkerFailure['problem'], subject: Subject): never {
  throw new HeddleError(diagnosticsOf(problem, subject));
}

/** A problem as diagnostics: one for each message of a compiler, else one. */
export function diagnosticsOf(
  problem: WorkerFailure['problem'] & { readonly entryPoint?: string | undefined },
  { device, job }: Subject,
): Diagnostic[] {
  const kernel = job.label ?? 'kernel.wgsl';
  const { kind, entryPoint } = problem;
  const text = problem.text.trim();
  switch (kind) {
    case 'wgsl':
      return compilerDiagnostics(problem, { device, job });
    case 'pipeline':
    case 'job':
      return [
        diagnostic('HD6803', { device, kernel, problem: entryPoint === undefined ? text : `${entryPoint}: ${text}` }),
      ];
    case 'memory':
      return [diagnostic('HD6804', { device, kernel, problem: text })];
    case 'lost':
    case 'crash':
    case 'fault':
      return [diagnostic('HD6805', { device, kernel, problem: text })];
    case 'timeout':
      return [diagnostic('HD6806', { device, kernel, problem: text })];
    default:
      return kind satisfies never;
  }
}

function compilerDiagnostics(problem: Problem | { text: string }, { device, job }: Subject): Diagnostic[] {
  const file = job.label ?? 'kernel.wgsl';
  const messages = 'messages' in problem && problem.messages?.length ? problem.messages : undefined;
  if (!messages) return [diagnostic('HD6802', { device, kernel: file, problem: problem.text.trim() })];
  return messages.map((message) => {
    const span = spanOf(message, file, job.wgsl);
    const place = span === undefined ? {} : { span, frame: codeFrame(job.wgsl, span) };
    const kernel = span === undefined ? file : `${file}:${span.line}:${span.column}`;
    return diagnostic('HD6802', { device, kernel, problem: message.text.trim() }, place);
  });
}

function spanOf({ line, column, length }: CompilerMessage, file: string, wgsl: string): SourceSpan | undefined {
  if (line < 1) return undefined;
  const start = Math.max(column, 1);
  const rest = (wgsl.split('\n')[line - 1] ?? '').length + 1;
  // A message about a whole function is shown at its first line.
  const endColumn = Math.max(Math.min(start + Math.max(length, 1), rest), start);
  return { file, line, column: start, endLine: line, endColumn };
}
