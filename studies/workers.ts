// Who does the pieces of work of a study: processes of their own, as many as asked for, or this process.
// A process that ends in the midst of its work fails that piece alone; the next one gets a fresh process.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { whileUnderWay } from '../targets/shared/device/child-process.js';
import { perform } from './work/perform.js';
import type { Kind, Outcome, RequestOf } from './work/requests.js';

export interface Worker {
  readonly perform: <K extends Kind>(request: RequestOf<K>) => Promise<Outcome<K>>;
  readonly close: () => void;
}

/** This process: nothing is done at the same time, and a crash is the program's. */
const here = (): Worker => ({ perform, close: () => {} });

const script = fileURLToPath(new URL('./work/process.js', import.meta.url));

function inProcess(): Worker {
  let child: ChildProcess | undefined;
  let underWay: { readonly done: () => void } | undefined;
  const started = (): ChildProcess => {
    if (child !== undefined) return child;
    const fresh = fork(script, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child = fresh;
    underWay = whileUnderWay(() => fresh.kill('SIGKILL'));
    return fresh;
  };
  const ended = (): void => {
    underWay?.done();
    child = undefined;
  };
  return {
    perform: <K extends Kind>(request: RequestOf<K>) =>
      new Promise<Outcome<K>>((resolve) => {
        const worker = started();
        const settle = (outcome: Outcome<K>): void => {
          worker.off('message', settle);
          worker.off('exit', onExit);
          worker.off('error', onError);
          resolve(outcome);
        };
        const crashed = (how: string): void => {
          ended();
          settle({ failure: { message: `the process that did it ${how}` }, lasting: false });
        };
        const onExit = (code: number | null, signal: string | null): void =>
          crashed(signal === null ? `ended with code ${code}` : `was ended by ${signal}`);
        const onError = (error: Error): void => crashed(`does not start: ${error.message}`);
        worker.on('message', settle);
        worker.on('exit', onExit);
        worker.on('error', onError);
        worker.send(request);
      }),
    close: () => {
      const worker = child;
      ended();
      if (worker?.connected) worker.disconnect();
    },
  };
}

/** A worker of its own, which keeps what it has made ready. */
export const startWorker = (jobs: number): Worker => (jobs === 0 ? here() : inProcess());

export interface Piece {
  readonly run: (worker: Worker) => Promise<void>;
}

/** Has all pieces done by `jobs` processes, 0 meaning this one, in their order as far as one is free. */
export async function performAll(pieces: readonly Piece[], jobs: number): Promise<void> {
  const waiting = [...pieces];
  const workers = Array.from({ length: Math.max(1, Math.min(jobs, pieces.length)) }, () => startWorker(jobs));
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) await piece.run(worker);
      }),
    );
  } finally {
    for (const worker of workers) worker.close();
  }
}
