// How far a study is: steps of two kinds, pieces of work and samples, and how long those take that are left.
// Each kind is judged by its own: a check takes seconds, a sample milliseconds.
import type { StudyProgress } from './ablate.js';

type Kind = 'piece' | 'sample';

interface Count {
  expected: number;
  done: number;
  /** When the first of this kind began, in milliseconds. */
  started: number | undefined;
}

export class Steps {
  private readonly onProgress: ((progress: StudyProgress) => void) | undefined;
  private readonly counts: Readonly<Record<Kind, Count>> = {
    piece: { expected: 0, done: 0, started: undefined },
    sample: { expected: 0, done: 0, started: undefined },
  };
  private what = '';
  private kind: Kind = 'piece';

  constructor(onProgress: ((progress: StudyProgress) => void) | undefined) {
    this.onProgress = onProgress;
  }

  expect(count: number, kind: Kind): void {
    this.counts[kind].expected += count;
  }

  start(what: string): void {
    this.what = what;
    if (what.startsWith('timing')) this.kind = 'sample';
    this.counts[this.kind].started ??= performance.now();
    this.show();
  }

  done(kind: Kind): void {
    this.counts[kind].done += 1;
    this.show();
  }

  private show(): void {
    const all = Object.values(this.counts);
    const sum = (of: (count: Count) => number): number => all.reduce((total, count) => total + of(count), 0);
    const left = all.map((count) => secondsLeft(count));
    const known = left.every((seconds) => seconds !== undefined);
    this.onProgress?.({
      done: sum(({ done }) => done),
      total: sum(({ expected }) => expected),
      what: this.what,
      secondsLeft: known ? left.reduce((total, seconds) => total + seconds!, 0) : undefined,
    });
  }
}

function secondsLeft({ expected, done, started }: Count): number | undefined {
  if (done >= expected) return 0;
  if (done === 0 || started === undefined) return undefined;
  return ((performance.now() - started) / 1000 / done) * (expected - done);
}
