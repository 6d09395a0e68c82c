// What a command gives back, and how it ends: main prints it, for people or for programs.
// Commands print nothing themselves, so that with --json there is one JSON value on standard output and nothing else.

import type { Diagnostic } from '../src/diagnostics/index.js';

export interface Outcome {
  /** What the command found, for people; line ends included. */
  readonly text: string;
  /** The same for programs: what --json prints. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What may be a mistake in the specs: printed to standard error, or as `warnings` of the JSON value. */
  readonly warnings?: readonly Diagnostic[];
  /** Whether a check failed: exit code 1. */
  readonly failed?: boolean;
}

/** How `heddle` ends. 70 is EX_SOFTWARE of sysexits.h. */
export const exitCodes = { success: 0, checkFailed: 1, badInput: 2, bug: 70 } as const;
