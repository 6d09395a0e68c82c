// What a command writes to: data to standard output, messages to standard error, colour and a progress bar for people only.
// Tests put their own in its place.
import { exitCodes } from './outcome.js';

export interface Terminal {
  /** Writes data, as it stands. */
  readonly out: (text: string) => void;
  /** Writes messages, as they stand. */
  readonly err: (text: string) => void;
  readonly colorOut: boolean;
  readonly colorErr: boolean;
  /** Columns of standard error if somebody watches it, so that progress can be shown; undefined otherwise. */
  readonly columns: number | undefined;
  /** Whether an internal error shows where in the program it happened. */
  readonly debug: boolean;
}

const DEFAULT_COLUMNS = 80;

/** What of a process a terminal is made of. `once` tells of the process's end, where its exit code is last set. */
export interface Streams {
  readonly once: (event: 'exit', listener: () => void) => unknown;
  exitCode?: typeof process.exitCode;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

/** The streams of a process. A reader that goes away early, as in `| head`, ends the output, not the work. */
export function processTerminal(streams: Streams): Terminal {
  const { stdout, stderr, env } = streams;
  // Colour is off where NO_COLOR has any value but the empty one: https://no-color.org
  const noColor = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return {
    out: writer(stdout, (error) => void reportLostOutput(error, streams)),
    err: writer(stderr, () => {}),
    colorOut: stdout.isTTY === true && !noColor,
    colorErr: stderr.isTTY === true && !noColor,
    columns: stderr.isTTY === true && env['TERM'] !== 'dumb' ? (stderr.columns ?? DEFAULT_COLUMNS) : undefined,
    debug: (env['HEDDLE_DEBUG'] ?? '') !== '',
  };
}

function writer(stream: NodeJS.WriteStream, onFailure: (error: Error) => void): (text: string) => void {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (open && error.code !== 'EPIPE') onFailure(error);
    open = false;
  });
  return (text) => {
    if (open) stream.write(text);
  };
}

/** A full disk behind standard output: what was written is cut short, so that the program must not end well. */
async function reportLostOutput(error: Error, streams: Streams): Promise<void> {
  streams.once('exit', () => {
    streams.exitCode = exitCodes.badInput;
  });
  // Loaded where it is needed: --help and the like get by without any diagnostic.
  const { diagnostic, HeddleError, renderError } = await import('../src/diagnostics/index.js');
  const lost = new HeddleError([diagnostic('HD4117', { reason: error.message })]);
  streams.stderr.write(`${renderError(lost, { color: false })}\n`);
}
