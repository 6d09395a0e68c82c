// Folders of training runs to a record: curves as they were measured, the best learning rates, what is decided, and what is damaged.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readTraining } from '../../studies/training/index.js';

const root = mkdtempSync(join(tmpdir(), 'heddle-training-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Run {
  readonly variant: string;
  readonly rate?: number;
  readonly seed: number;
  /** The metric of each evaluation, 100 steps apart from 0 on. */
  readonly curve: readonly (number | null)[];
  /** Of the test; undefined where the run is not finished. */
  readonly test?: number | null;
  readonly settings?: Readonly<Record<string, unknown>>;
}

let folders = 0;
function folderOf(runs: readonly Run[]): { readonly folder: string; readonly paths: readonly string[] } {
  folders += 1;
  const folder = join(root, String(folders));
  const paths = runs.map(({ variant, rate = 1e-3, seed, curve, test: end, settings }, n) => {
    const path = join(folder, 'motivating', `${n}`.padStart(2, '0'));
    mkdirSync(path, { recursive: true });
    const steps = 100 * (curve.length - (end === undefined ? 0 : 1));
    const all = {
      task: 'motivating',
      variant,
      learning_rate: rate,
      seed,
      steps: settings?.['steps'] ?? steps,
      out: folder,
    };
    const about = {
      format: 1,
      metric: 'error',
      solved_at: 0.05,
      parameters: { attention: 36, model: 900 },
      device: 'cpu',
    };
    writeFileSync(
      join(path, 'settings.json'),
      JSON.stringify({ ...about, settings: { ...all, layers: 2, ...settings } }),
    );
    const records = [
      { kind: 'train', step: 50, loss: 1 },
      ...curve.map((error, place) => ({ kind: 'evaluation', step: 100 * place, loss: 1, error, seconds: place })),
      ...(end === undefined ? [] : [{ kind: 'test', step: steps, loss: 1, error: end, seconds: 9 }]),
    ];
    writeFileSync(join(path, 'log.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    return path;
  });
  return { folder, paths };
}

const seeds = [0, 1, 2, 3, 4, 5];
const plain = seeds.map((seed): Run => ({ variant: 'base', seed, curve: [0.8, 0.75, 0.7], test: 0.7 + seed / 100 }));
const better = seeds.map((seed): Run => ({ variant: 'MTA', seed, curve: [0.8, 0.04, 0.01], test: 0.02 }));

test('curves, shares and steps are those of the logs', () => {
  const bimodal: Run[] = [
    { variant: 'MTA', seed: 0, curve: [0.8, 0.04, 0.06, 0.02, 0.01], test: 0.019 },
    { variant: 'MTA', seed: 1, curve: [0.8, 0.7, 0.8, 0.77, 0.77], test: 0.777 },
    { variant: 'MTA', seed: 2, curve: [0.8, 0.3, 0.02, 0.01, 0.01], test: 0.02 },
    { variant: 'MTA', seed: 3, curve: [0.8, 0.3], settings: { steps: 400 } },
  ];
  const { folder } = folderOf(bimodal);
  const record = readTraining(folder);
  const [task] = record.tasks;
  expect(record.faults).toEqual([]);
  expect(task).toMatchObject({
    task: 'motivating',
    metric: { name: 'error', solvedAt: 0.05 },
    base: 'MTA',
    comparisons: [],
  });
  const [rate] = task!.variants[0]!.rates;
  expect(rate!.runs.map(({ stepsToSolve, state }) => [stepsToSolve, state])).toEqual([
    [300, 'finished'],
    [null, 'finished'],
    [200, 'finished'],
    [null, 'unfinished'],
  ]);
  expect(rate).toMatchObject({ solved: { runs: 2, of: 3 }, medianStepsToSolve: 250 });
  expect(rate!.runs[0]!.curve).toEqual(
    [0.8, 0.04, 0.06, 0.02, 0.01].map((metric, n) => ({ step: 100 * n, metric, loss: 1 })),
  );
  // What goes into study.json comes back as it was.
  expect(JSON.parse(JSON.stringify(record))).toEqual(record);
});

test('six seeds decide one comparison, five do not, and two comparisons take seven', () => {
  const [six] = readTraining(folderOf([...plain, ...better]).folder).tasks;
  expect(six!.variants.map(({ name }) => name)).toEqual(['base', 'MTA']);
  expect(six!.comparisons).toMatchObject([
    { variant: 'MTA', verdict: 'better', reason: null, seeds, p: 2 / 64, seedsNeeded: 6 },
  ]);
  const [comparison] = six!.comparisons;
  expect(comparison!.differences.map((each) => Number(each.toFixed(6)))).toEqual([
    -0.68, -0.69, -0.7, -0.71, -0.72, -0.73,
  ]);
  expect(comparison!.interval!.map((each) => Number(each.toFixed(6)))).toEqual([-0.73, -0.68]);

  const five = readTraining(folderOf([...plain, ...better.slice(0, 5)]).folder).tasks[0]!.comparisons[0];
  expect(five).toMatchObject({
    verdict: 'undecided',
    interval: null,
    reason: '5 seeds finished for both, and 6 are needed',
  });

  const third = better.map((run): Run => ({ ...run, variant: 'third' }));
  const two = readTraining(folderOf([...plain, ...better, ...third]).folder).tasks[0]!.comparisons;
  expect(two.map(({ verdict, adjustedP, seedsNeeded }) => [verdict, adjustedP, seedsNeeded])).toEqual([
    ['undecided', 4 / 64, 7],
    ['undecided', 4 / 64, 7],
  ]);
  const other = readTraining(folderOf([...plain, ...better]).folder, { base: 'MTA' }).tasks[0]!;
  expect(other.comparisons).toMatchObject([{ variant: 'base', verdict: 'worse' }]);
  expect(readTraining(folderOf(plain).folder, { base: 'nobody' }).tasks[0]!.comparisons).toMatchObject([]);
});

test('each variant is compared at its own best learning rate, chosen on validation sequences', () => {
  const slow = plain.map((run): Run => ({ ...run, rate: 1e-4, curve: [0.8, 0.8, 0.6], test: 0.9 }));
  // One lucky seed alone chooses nothing.
  const lucky: Run = { variant: 'base', rate: 1e-2, seed: 0, curve: [0.8, 0.1, 0.1], test: 0.1 };
  const [task] = readTraining(folderOf([...plain, ...slow, lucky, ...better]).folder).tasks;
  expect(task!.variants[0]!.rates.map(({ learningRate }) => learningRate)).toEqual([1e-4, 1e-3, 1e-2]);
  expect(task!.variants[0]!.best).toBe(0);
  expect(task!.comparisons[0]!.learningRates).toEqual([1e-3, 1e-4]);
});

test('a run that diverged is not left out quietly', () => {
  const [first, ...rest] = better;
  const [task] = readTraining(
    folderOf([...plain, { ...first!, curve: [0.8, 0.7, 0.1], test: null }, ...rest]).folder,
  ).tasks;
  expect(task!.comparisons).toMatchObject([
    { verdict: 'undecided', reason: 'a run diverged: its metric is not finite' },
  ]);
  const gone = better.map((run): Run => ({ ...run, curve: [0.8, null, null], test: null }));
  expect(readTraining(folderOf([...plain, ...gone]).folder).tasks[0]!.comparisons).toMatchObject([
    { verdict: 'undecided', learningRates: null },
  ]);
});

test('runs of other settings are another task, and the same run twice counts once', () => {
  const longer = plain.map((run): Run => ({ ...run, settings: { layers: 4 } }));
  const record = readTraining(folderOf([...plain, ...longer]).folder);
  expect(record.tasks.map(({ settings }) => settings['layers'])).toEqual([2, 4]);
  const twice = readTraining(folderOf([...plain, plain[3]!]).folder);
  expect(twice.tasks[0]!.variants[0]!.rates[0]!.runs).toHaveLength(6);
  expect(twice.faults).toEqual([
    {
      file: 'motivating/06',
      line: null,
      problem: 'it is the run of seed 3 that motivating/03 holds too: it was left out',
    },
  ]);
});

test('files that are damaged are named with their lines, and the rest is read', () => {
  const { folder, paths } = folderOf(better);
  const [cut, noJson, wrong, empty, gone] = paths as readonly [string, string, string, string, string];
  const line = (step: unknown, error: unknown) => `${JSON.stringify({ kind: 'evaluation', step, loss: 1, error })}\n`;
  writeFileSync(join(cut, 'log.jsonl'), `${line(0, 0.8)}${line(100, 0.5)}{"kind": "eval`);
  writeFileSync(join(noJson, 'log.jsonl'), `${line(0, 0.8)}\0\0\0\n${line(100, 0.5)}`);
  writeFileSync(join(wrong, 'log.jsonl'), `${line(0, 0.8)}${line(0, 0.7)}`);
  writeFileSync(join(empty, 'settings.json'), '{"format": 1, "sett');
  rmSync(join(gone, 'log.jsonl'));
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ format: 1, metric: 'error', settings: { task: 'x' } }));
  const { tasks, faults } = readTraining(folder);
  expect(faults).toEqual([
    { file: 'settings.json', line: null, problem: 'its task or variant is no text' },
    { file: 'motivating/00/log.jsonl', line: 3, problem: 'the line has no end: the file was cut short' },
    { file: 'motivating/01/log.jsonl', line: 2, problem: 'the line is no JSON object' },
    { file: 'motivating/02/log.jsonl', line: 2, problem: 'its step 0 does not come after 0' },
    { file: 'motivating/03/settings.json', line: null, problem: 'it is not JSON: it may be damaged or half-written' },
  ]);
  const { runs } = tasks[0]!.variants[0]!.rates[0]!;
  expect(runs.map(({ state, curve }) => [state, curve.length])).toEqual([
    ['unfinished', 2],
    ['unfinished', 1],
    ['unfinished', 1],
    ['unfinished', 0],
    ['finished', 3],
  ]);
});

test('an empty folder is an empty record, and one that is not there an error that names it', () => {
  const folder = join(root, 'empty');
  mkdirSync(folder);
  expect(readTraining(folder)).toEqual({ tasks: [], faults: [] });
  expect(() => readTraining(join(folder, 'nowhere'))).toThrow('HD4101');
});
