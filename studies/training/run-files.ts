// One run from the texts of its files, settings.json and log.jsonl of examples/training: what can be used, and what is wrong.
// A log that was cut short counts up to there.
import type { TrainingPoint, TrainingRun, TrainingSetting } from '../record/training.js';

/** A run with what tells it from others. */
export interface ReadRun {
  readonly task: string;
  readonly variant: string;
  readonly learningRate: number;
  /** All other settings that say what is computed. */
  readonly settings: Readonly<Record<string, TrainingSetting>>;
  readonly metric: { readonly name: string; readonly solvedAt: number | null };
  readonly parameters: { readonly attention: number; readonly model: number } | null;
  readonly run: TrainingRun;
}

export interface Problem {
  readonly line: number | null;
  readonly problem: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** What says who a run is, and where and how it was computed, but not what. */
const apart = new Set(
  'task variant learning_rate seed out device threads shards log_every checkpoint_every evaluate_every'.split(' '),
);

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isSetting = (value: unknown): value is TrainingSetting =>
  value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
const isStep = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isMeasured = (value: unknown): value is number | null => value === null || Number.isFinite(value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What settings.json says; a sentence where it is not one of a run. */
export function readSettings(text: string): Omit<ReadRun, 'run'> & { seed: number; steps: number; device: string } {
  const file = parsed(text);
  if (!isFields(file)) throw new Error('it is not JSON: it may be damaged or half-written');
  const { settings, metric, solved_at: solvedAt } = file;
  if (file['format'] !== 1) throw new Error('it is not of a run of train.py: its format is not 1');
  if (!isFields(settings)) throw new Error('it has no settings');
  const { task, variant, learning_rate: learningRate, seed, steps } = settings;
  if (typeof task !== 'string' || typeof variant !== 'string') throw new Error('its task or variant is no text');
  if (typeof learningRate !== 'number' || !(learningRate > 0))
    throw new Error('its learning_rate is no number above 0');
  if (!isStep(seed) || !isStep(steps)) throw new Error('its seed or steps is no whole number');
  if (metric !== 'error' && metric !== 'loss') throw new Error('its metric is neither error nor loss');
  if (!isMeasured(solvedAt ?? null)) throw new Error('its solved_at is no number');
  const shared = Object.entries(settings).filter(([name]) => !apart.has(name));
  const odd = shared.find(([, value]) => !isSetting(value));
  if (odd !== undefined) throw new Error(`its setting ${odd[0]} is neither text nor a number`);
  const { parameters, text: fingerprint, device } = file;
  const counts = isFields(parameters) ? [parameters['attention'], parameters['model']] : [];
  const [attention, model] = counts;
  return {
    task,
    variant,
    learningRate,
    settings: {
      ...(Object.fromEntries(shared) as Record<string, TrainingSetting>),
      // The text that a language model learns from may change behind the same path.
      ...(typeof fingerprint === 'string' ? { text_fingerprint: fingerprint } : {}),
    },
    metric: { name: metric, solvedAt: (solvedAt as number | null | undefined) ?? null },
    parameters: isStep(attention) && isStep(model) ? { attention, model } : null,
    seed,
    steps,
    device: typeof device === 'string' ? device : '',
  };
}

interface LogRecord {
  readonly kind: 'evaluation' | 'test';
  readonly point: TrainingPoint;
  readonly seconds: number | null;
}

/** The evaluations of a log and its test, up to the first line that is wrong. */
export function readLog(
  text: string,
  metric: string,
): { readonly records: readonly LogRecord[]; readonly problem: Problem | undefined } {
  const records: LogRecord[] = [];
  const lines = text.split('\n');
  // Behind the last whole line stands nothing.
  const rest = lines.pop()!;
  let before = -1;
  for (const [n, line] of lines.entries()) {
    const found = recordOf(parsed(line), metric, before);
    if (typeof found === 'string') return { records, problem: { line: n + 1, problem: found } };
    if (found === undefined) continue;
    before = found.point.step;
    records.push(found);
  }
  const problem =
    rest === '' ? undefined : { line: lines.length + 1, problem: 'the line has no end: the file was cut short' };
  return { records, problem };
}

/** A record that is drawn; undefined for other kinds; a sentence where it is wrong. */
function recordOf(value: unknown, metric: string, before: number): LogRecord | undefined | string {
  if (!isFields(value)) return 'the line is no JSON object';
  const { kind, step, seconds } = value;
  if (kind !== 'evaluation' && kind !== 'test') return undefined;
  const measured = value[metric];
  const loss = value['loss'];
  if (!isStep(step)) return 'its step is no whole number';
  if (!isMeasured(measured) || !isMeasured(loss)) return `its ${metric} or loss is neither a number nor null`;
  if (kind === 'evaluation' && step <= before) return `its step ${step} does not come after ${before}`;
  return {
    kind,
    point: { step, metric: measured, loss },
    seconds: Number.isFinite(seconds) ? (seconds as number) : null,
  };
}

/** The run of a folder. @throws Error with a sentence where its settings cannot be used. */
export function readRun(
  folder: string,
  settingsText: string,
  logText: string,
): { readonly read: ReadRun; readonly problem: Problem | undefined } {
  const { seed, steps, device, ...about } = readSettings(settingsText);
  const { records, problem } = readLog(logText, about.metric.name);
  const curve = records.flatMap(({ kind, point }) => (kind === 'evaluation' ? [point] : []));
  const test = records.find(({ kind, point }) => kind === 'test' && point.step === steps);
  const run: TrainingRun = {
    folder,
    seed,
    state: test === undefined ? 'unfinished' : 'finished',
    curve,
    test: test?.point.metric ?? null,
    stepsToSolve: stepsToSolve(curve, test?.point, about.metric.solvedAt),
    seconds: records.at(-1)?.seconds ?? null,
    device,
  };
  return { read: { ...about, run }, problem };
}

function stepsToSolve(
  curve: readonly TrainingPoint[],
  test: TrainingPoint | undefined,
  solvedAt: number | null,
): number | null {
  const isSolved = ({ metric }: TrainingPoint) => solvedAt !== null && metric !== null && metric <= solvedAt;
  if (test === undefined || !isSolved(test)) return null;
  const unsolved = curve.findLastIndex((point) => !isSolved(point));
  return curve[unsolved + 1]?.step ?? null;
}
