// Programs that this process starts and waits for. They end with it, however it ends: at Ctrl-C the whole group of a child is
// ended, what a compiler has started included, and half-made files go before the signal takes effect.
import { type ChildProcess, spawn } from 'node:child_process';

/** What is undone when this process ends in the midst of something. */
const undoing = new Set<() => void>();

function undoAll(): void {
  for (const undo of undoing) undo();
  undoing.clear();
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function endBy(signal: NodeJS.Signals): void {
  undoAll();
  stopListening();
  // The program's own answer to the signal, where it has one; else what the system does.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

function stopListening(): void {
  for (const signal of signals) process.off(signal, endBy);
}

process.on('exit', undoAll);

/** Calls `undo` should this process end before `done` is called. */
export function whileUnderWay(undo: () => void): { readonly done: () => void } {
  if (undoing.size === 0) for (const signal of signals) process.on(signal, endBy);
  undoing.add(undo);
  return {
    done: () => {
      undoing.delete(undo);
      if (undoing.size === 0) stopListening();
    },
  };
}

const hasGroups = process.platform !== 'win32';

/** Ends a child that was started as the first of a group, with all that it has started. */
function endGroup(child: ChildProcess): void {
  try {
    if (hasGroups && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

export interface Ended {
  /** The exit status; null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly isLate: boolean;
  readonly output: Buffer;
  readonly errors: string;
}

export interface ProgramCall {
  readonly input?: Uint8Array;
  /** Milliseconds after which it is ended. */
  readonly patience: number;
}

/** Runs a program until it ends. @throws what the system says where it cannot be started. */
export function runProgram(file: string, given: readonly string[], { input, patience }: ProgramCall): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, given, { stdio: 'pipe', detached: hasGroups });
    const underWay = whileUnderWay(() => endGroup(child));
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      endGroup(child);
    }, patience);
    const settle = (): void => {
      clearTimeout(timer);
      underWay.done();
    };
    child.stdout.on('data', (part: Buffer) => output.push(part));
    child.stderr.on('data', (part: Buffer) => errors.push(part));
    // It may end without having read everything; its end says why.
    child.stdin.on('error', () => {});
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (code, signal) => {
      settle();
      resolve({ code, signal, isLate, output: Buffer.concat(output), errors: Buffer.concat(errors).toString() });
    });
    child.stdin.end(input);
  });
}
