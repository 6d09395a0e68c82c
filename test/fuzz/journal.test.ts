// The tally of a fuzz survives being cut off: what the file has is counted and not run again, half a line is forgotten.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Journal } from './journal.js';
import { Tally } from './tally.js';

const folder = mkdtempSync(join(tmpdir(), 'heddle-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'within', 'tally.jsonl');

const agreement = {
  comparable: true,
  outcomes: { tiles: { outcome: 'agrees', kinds: ['online'] } },
  milliseconds: {},
} as const;

test('a run goes on where it was cut off', () => {
  const first = new Journal(path, 5);
  expect(first.remaining(0, 7, 3)).toEqual([
    { from: 0, to: 3 },
    { from: 3, to: 6 },
    { from: 6, to: 7 },
  ]);
  first.add({ event: 'starts', number: 2 });
  first.add({ event: 'ends', number: 2, comparison: agreement });
  first.add({ event: 'fails', number: 3, problem: 'crashed' });
  first.add({ event: 'starts', number: 4 });
  appendFileSync(path, '{"event":"ends","numb');

  const second = new Journal(path, 5);
  expect(second.remaining(0, 7, 3)).toEqual([
    { from: 0, to: 2 },
    { from: 4, to: 7 },
  ]);
  const tally = new Tally();
  for (const event of second.before) {
    if (event.event === 'ends') tally.add(event.comparison);
    if (event.event === 'fails') tally.addCrash();
  }
  expect([tally.agreements('tiles'), tally.disagreements]).toEqual([1, 1]);
  second.add({ event: 'ends', number: 4, comparison: agreement });
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(5);
  expect(new Journal(path, 5).remaining(4, 6, 9)).toEqual([{ from: 5, to: 6 }]);
});

test('a file of another seed is kept, unless told', () => {
  expect(() => new Journal(path, 6)).toThrow(/not the tally of a fuzz with seed 6/);
  expect(new Journal(path, 6, true).remaining(2, 4, 9)).toEqual([{ from: 2, to: 4 }]);
});
