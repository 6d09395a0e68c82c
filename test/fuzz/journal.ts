// Keeps what became of each spec of a run in a file, one line of JSON for each event, as it goes: a run that was cut off
// goes on with the specs that the file does not have.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FuzzEvent } from './run.js';

const FORMAT = 'heddle-fuzz/1';

export class Journal {
  /** What the file held when it was opened, in its order. */
  readonly before: readonly FuzzEvent[];
  private readonly path: string;
  private readonly done: ReadonlySet<number>;

  /**
   * Opens the file of a run, or begins one: `isFresh` forgets what was there.
   * @throws Error where the file is something else, or of another seed.
   */
  constructor(path: string, seed: number, isFresh = false) {
    this.path = path;
    const lines = !isFresh && existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
    // The last line is empty, or was cut off.
    lines.pop();
    const [first, ...events] = lines.map((line) => JSON.parse(line) as unknown);
    if (first !== undefined && JSON.stringify(first) !== JSON.stringify({ format: FORMAT, seed })) {
      throw new Error(
        `${path} is not the tally of a fuzz with seed ${seed}: name another with --tally, or take --fresh`,
      );
    }
    this.before = events as readonly FuzzEvent[];
    this.done = new Set(this.before.filter(isLast).map(({ number }) => number));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, [{ format: FORMAT, seed }, ...events].map((each) => `${JSON.stringify(each)}\n`).join(''));
  }

  add(event: FuzzEvent): void {
    if (event.event !== 'starts') appendFileSync(this.path, `${JSON.stringify(event)}\n`);
  }

  /** The stretches of numbers from `first` to before `end` that are still to be run, each of at most `most`. */
  remaining(first: number, end: number, most: number): readonly { readonly from: number; readonly to: number }[] {
    const stretches: { from: number; to: number }[] = [];
    for (let number = first; number < end; number += 1) {
      if (this.done.has(number)) continue;
      const last = stretches.at(-1);
      if (last?.to === number && number - last.from < most) last.to += 1;
      else stretches.push({ from: number, to: number + 1 });
    }
    return stretches;
  }
}

const isLast = ({ event }: FuzzEvent): boolean => event === 'ends' || event === 'fails';
