// One worker process, kept for many requests: started on the first, replaced after a crash, gone with its parent.
// While nothing is asked of it, it keeps no event loop alive, so programs that used a device end by themselves.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { whileUnderWay } from './child-process.js';
import { decoder, encode, type Message } from './frames.js';
import type { Problem } from './problems.js';
import { WorkerFailure } from './worker-failure.js';

/** How a worker is started. */
export interface WorkerCommand {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface WorkerProcess {
  /** What the worker tells of itself once it has started; starts it. */
  readonly greeting: () => Promise<Record<string, unknown>>;
  /**
   * Sends a request and awaits its answer, at least for so many milliseconds; requests wait for those before them. Throws
   * WorkerFailure.
   */
  readonly ask: (message: Message, atLeast?: number) => Promise<Message>;
  readonly close: () => Promise<void>;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

interface Running {
  readonly child: Child;
  readonly greeting: Promise<Message>;
  readonly exited: Promise<void>;
  /** Takes the next message of the worker. */
  readonly next: () => Promise<Message>;
  readonly setBusy: (busy: boolean) => void;
  alive: boolean;
}

const running = new Set<Running>();

/** Ends the workers of this process; a device that is asked again starts another. */
export function endWorkers(): void {
  // A worker notices the end of its input between requests only; in the midst of a dispatch it must be ended.
  for (const worker of running) {
    worker.alive = false;
    worker.child.kill('SIGKILL');
  }
}
process.on('exit', endWorkers);

/** Milliseconds until a worker must have told what it is, on however busy a machine. */
export const MOST_START = 120_000;

/** What of a worker's last words a diagnostic shows. */
const MOST_LAST_WORDS = 2000;

export function workerProcess(command: WorkerCommand, { timeout }: { timeout: number }): WorkerProcess {
  let current: Running | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const started = (): Running => {
    if (!current?.alive) current = start(command);
    return current;
  };
  const stop = (worker: Running): void => {
    worker.alive = false;
    worker.child.kill('SIGKILL');
  };
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = queue.then(work, work);
    queue = result.catch(() => undefined);
    return result;
  };
  const attended = async <Result>(worker: Running, work: Promise<Result>, limit: number): Promise<Result> => {
    worker.setBusy(true);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        stop(worker);
        reject(new WorkerFailure({ kind: 'timeout', text: `no answer after ${limit / 1000} seconds` }));
      }, limit);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
      worker.setBusy(false);
    }
  };

  const greeted = (): Promise<Message> => {
    const worker = started();
    return attended(worker, worker.greeting, MOST_START);
  };

  return {
    greeting: () => inTurn(async () => (await greeted()).header),
    ask: (message, atLeast = 0) =>
      inTurn(async () => {
        await greeted();
        const worker = started();
        const reply = await attended(worker, exchange(worker, message), Math.max(timeout, atLeast));
        const problem = reply.header['problem'] as Problem | undefined;
        if (problem === undefined) return reply;
        if (problem.kind === 'lost') stop(worker);
        throw new WorkerFailure(problem);
      }),
    close: () =>
      inTurn(async () => {
        const worker = current;
        current = undefined;
        if (!worker?.alive) return;
        worker.setBusy(true);
        worker.child.stdin.end();
        await worker.exited;
      }),
  };
}

function exchange(worker: Running, message: Message): Promise<Message> {
  const reply = worker.next();
  // Several writes, one flush: bodies are not copied together.
  worker.child.stdin.cork();
  for (const chunk of encode(message)) worker.child.stdin.write(chunk);
  worker.child.stdin.uncork();
  return reply;
}

function start({ file, arguments: given, environment }: WorkerCommand): Running {
  const child = spawn(file, given, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...environment },
  });
  let lastWords = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-MOST_LAST_WORDS);
  });

  const arrived: Message[] = [];
  let waiting: { resolve: (message: Message) => void; reject: (error: Error) => void } | undefined;
  let ended: WorkerFailure | undefined;
  const next = () =>
    new Promise<Message>((resolve, reject) => {
      const message = arrived.shift();
      if (message) resolve(message);
      else if (ended) reject(ended);
      else waiting = { resolve, reject };
    });
  const receive = decoder((message) => {
    const waiter = waiting;
    waiting = undefined;
    if (waiter) waiter.resolve(message);
    else arrived.push(message);
  });
  let underWay: { readonly done: () => void } | undefined;
  const end = (text: string) => {
    worker.alive = false;
    underWay?.done();
    running.delete(worker);
    ended ??= new WorkerFailure({ kind: 'crash', text: [text, lastWords.trim()].filter(Boolean).join(': ') });
    waiting?.reject(ended);
    waiting = undefined;
  };
  child.stdout.on('data', (chunk: Buffer) => {
    try {
      receive(chunk);
    } catch (error) {
      child.kill('SIGKILL');
      end((error as Error).message);
    }
  });
  // Writing to a worker that has just ended fails here as well as there; its end says why.
  child.stdin.on('error', () => {});
  const exited = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      end(error.message);
      resolve();
    });
    child.once('close', (code, signal) => {
      end(signal === null ? `the worker process ended with code ${code}` : `the worker process was ended by ${signal}`);
      resolve();
    });
  });
  const setBusy = (busy: boolean) => {
    underWay?.done();
    underWay = busy && worker.alive ? whileUnderWay(() => child.kill('SIGKILL')) : undefined;
    const method = busy ? 'ref' : 'unref';
    child[method]();
    for (const pipe of child.stdio) (pipe as Socket)[method]();
  };
  const greeting = next();
  // Whoever asks hears of it; nobody need have asked yet.
  greeting.catch(() => undefined);
  const worker: Running = { child, greeting, exited, next, setBusy, alive: true };
  running.add(worker);
  return worker;
}
