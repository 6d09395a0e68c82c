// A worker as functions: asks, and gives what is answered; a question that a later one made needless is answered by nothing.
// A worker that dies is told once; its questions fail.
import type { ExchangeKind, Exchanges, Question, Reply } from '../shared/protocol.js';

interface Waiting {
  readonly done: (answer: unknown) => void;
  readonly failed: (error: Error) => void;
  readonly onProgress: (text: string) => void;
}

export type Asked<Kind extends ExchangeKind> = Exchanges[Kind]['answer'];

export class Client {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  constructor(address: string | URL) {
    this.worker = new Worker(address, { type: 'module' });
    this.worker.onmessage = ({ data }: MessageEvent<Reply>) => this.take(data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      const error = new Error(`the compiler stopped: ${event.message || 'its script could not be loaded'}`);
      for (const { failed } of this.waiting.values()) failed(error);
      this.waiting.clear();
    };
  }

  /**
   * The answer to a request; undefined where a later request of its kind came before it was begun.
   * @throws Error with what the worker says in words
   */
  ask<Kind extends ExchangeKind>(
    request: Exchanges[Kind]['request'] & { readonly kind: Kind },
    onProgress: (text: string) => void = () => {},
  ): Promise<Asked<Kind> | undefined> {
    this.asked += 1;
    const id = this.asked;
    const question: Question = { id, request };
    return new Promise((done, failed) => {
      this.waiting.set(id, { done: done as (answer: unknown) => void, failed, onProgress });
      this.worker.postMessage(question);
    });
  }

  private take(reply: Reply): void {
    const waiting = this.waiting.get(reply.id);
    if (waiting === undefined) return;
    if ('progress' in reply) {
      waiting.onProgress(reply.progress);
      return;
    }
    this.waiting.delete(reply.id);
    if ('failure' in reply) waiting.failed(new Error(reply.failure));
    else waiting.done('answer' in reply ? reply.answer : undefined);
  }
}
