// What is wrong with a spec, as bundlers show errors: where it is, the code frame, and Heddle's own words.
// Those that show a frame of their own get it apart from the message, others within.
import { HeddleError, renderDiagnostic, renderError } from '../src/diagnostics/index.js';

/** What Rollup, Rolldown and Vite, its overlay included, show of an error. */
export interface BundlerError extends Error {
  id?: string;
  loc?: { file: string; line: number; column: number };
  frame?: string;
}

/**
 * @param spec the file that is imported: where an error is that has no place of its own
 * @param showsFrames whether the bundler shows a code frame beside the message
 */
export function bundlerError(
  error: unknown,
  spec: string,
  showsFrames: boolean,
  fileOf: (shown: string) => string,
): Error {
  if (!(error instanceof HeddleError)) return error instanceof Error ? error : new Error(String(error));
  const [first, ...others] = error.diagnostics;
  if (!showsFrames || first?.span === undefined || first.frame === undefined) {
    return withoutStack(Object.assign(new Error(renderError(error)), { id: spec }));
  }
  const { span, frame, ...words } = first;
  const message = [words, ...others].map((each) => renderDiagnostic(each)).join('\n\n');
  const file = fileOf(span.file);
  const loc = { file, line: span.line, column: span.column };
  return withoutStack(Object.assign(new Error(message), { id: file, loc, frame }));
}

/** Where in the compiler it was thrown helps nobody. */
function withoutStack(error: BundlerError): BundlerError {
  error.stack = '';
  return error;
}
