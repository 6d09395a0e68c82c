// Runs a study: kernels and checks of all variants by several processes, then the clock, by one that has the machine to itself.
// What was done before is taken from the journal; the record is put together in the order of the study, whoever was first.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type DeviceDescription, describeDevice, targetsOfDevices } from '../driver/devices.js';
import { readFileOrFail, writeFolderAtomically } from '../driver/files.js';
import { targetNamed } from '../driver/targets.js';
import { version } from '../driver/version.js';
import { fail } from '../src/diagnostics/index.js';
import { joinInside } from '../src/file-names.js';
import type { Graph } from '../src/ir/index.js';
import { toJson } from '../src/ir/json/index.js';
import { type HostTensor, readSafetensors } from '../src/tensors/index.js';
import { bareGraph, keyOf } from './fingerprint.js';
import { Journal } from './journal.js';
import { describeRun } from './machine.js';
import { type PlannedStudy, planStudy } from './plan.js';
import { commandOf } from './record/command.js';
import { DEFAULT_MARGIN } from './record/statistics.js';
import {
  type Asked,
  type Failure,
  type Pass,
  STUDY_FORMAT,
  type StudiedDevice,
  type StudyRecord,
  type TargetKernels,
  type VariantCheck,
} from './record/study.js';
import { Steps } from './steps.js';
import { keptTiming, stepsOf, type Timed, type TimingRequest, time } from './timing.js';
import { readTraining } from './training/index.js';
import type { CheckRequest, Outcome, TargetRequest } from './work/requests.js';
import { performAll, startWorker, type Worker } from './workers.js';

export interface AblateOptions {
  /** The study of the file; needed where it exports several. */
  readonly export?: string | undefined;
  /** What to emit kernels for; wgsl and what the devices run unless told. */
  readonly targets?: readonly string[] | undefined;
  /** What to check and time on; webgpu unless told. */
  readonly devices?: readonly string[] | undefined;
  /** Check and time gradients too. */
  readonly backward?: boolean | undefined;
  /** The folder of everything that is made, `out` unless told. */
  readonly out?: string | undefined;
  /** Processes that compile and check; as many as there are cores unless told, 0 to do it in this one. */
  readonly jobs?: number | undefined;
  /** Refuse to begin anew: there must be something to go on with. */
  readonly resume?: boolean | undefined;
  /** The one variant to run beside the baseline. */
  readonly only?: string | undefined;
  readonly rounds?: number | undefined;
  readonly seed?: number | undefined;
  readonly margin?: number | undefined;
  /** A folder of runs, as examples/training leaves it: their results become part of the record. */
  readonly training?: string | undefined;
  readonly onProgress?: ((progress: StudyProgress) => void) | undefined;
}

export interface StudyProgress {
  readonly done: number;
  readonly total: number;
  readonly what: string;
  /** Seconds that are left by what was done so far; undefined as long as nothing was. */
  readonly secondsLeft: number | undefined;
}

export interface StudyRun {
  readonly record: StudyRecord;
  /** The graphs of the variants that compile, as written. */
  readonly graphs: readonly { readonly name: string; readonly graph: Graph }[];
  /** The tensors for heat maps, where the study has some. */
  readonly tensors: ReadonlyMap<string, HostTensor> | undefined;
  /** Whether a variant or a check failed. */
  readonly failed: boolean;
  /** How many pieces of work were done, not found done. */
  readonly performed: number;
}

const DEFAULT_ROUNDS = 12;
const DEFAULT_SEED = 1;
const DEFAULT_DEVICES = ['webgpu'];
export const DEFAULT_OUT = 'out';

/**
 * Compiles, checks and times the variants of a study and gives its record. Kernels are written below the folder, under
 * `variants/`, and what was done under `work/`.
 * @throws HeddleError for a study that cannot be read, or its tensors, unknown names of devices, targets and variants, HD4031 where there is
 * nothing to resume, HD411x where the folder cannot be written to.
 */
export async function runStudy(path: string, options: AblateOptions = {}): Promise<StudyRun> {
  const out = options.out ?? DEFAULT_OUT;
  const journal = new Journal(out);
  if (options.resume && journal.isEmpty) fail('HD4031', { out });
  const names = [...new Set(options.devices ?? DEFAULT_DEVICES)];
  // Processes of devices start while the study is read.
  const [descriptions, planned] = await Promise.all([Promise.all(names.map(describeDevice)), planStudy(path, options)]);
  const ofDevices = descriptions.flatMap(({ name }) => targetsOfDevices[name] ?? []);
  const targets = [...new Set(options.targets ?? ['wgsl', ...ofDevices])].map((name) => targetNamed(name).name);
  const asked = askedOf(path, options, targets, names);
  const tensors = tensorsOf(planned.study);
  const base = planned.variants[0]!.record.name;
  const training = options.training === undefined ? undefined : readTraining(options.training, { base });
  const steps = new Steps(options.onProgress);
  const run = new Run(planned, { asked, targets, devices: descriptions, journal, out, steps, tensors, training });
  return run.perform(options.jobs ?? availableParallelism());
}

function askedOf(path: string, options: AblateOptions, targets: readonly string[], devices: readonly string[]): Asked {
  const { backward = false, rounds = DEFAULT_ROUNDS, seed = DEFAULT_SEED, margin = DEFAULT_MARGIN } = options;
  const asked = { file: path, targets, backward, rounds, seed, margin };
  return {
    command: commandOf({ ...asked, devices, export: options.export, only: options.only, training: options.training }),
    ...asked,
  };
}

/** @throws HeddleError HD410x and HD3xxx for a file that cannot be read; before anything is run. */
function tensorsOf({ tensors }: PlannedStudy['study']): StudyRun['tensors'] {
  return tensors === undefined ? undefined : readSafetensors(readFileOrFail(tensors), { name: tensors }).tensors;
}

interface RunParts {
  readonly asked: Asked;
  readonly targets: readonly string[];
  readonly devices: readonly DeviceDescription[];
  readonly journal: Journal;
  readonly out: string;
  readonly steps: Steps;
  readonly tensors: StudyRun['tensors'];
  readonly training: StudyRecord['training'] | undefined;
}

/** Interpreting more scores than this, for each head and batch entry, takes longer than anyone waits for a check. */
const MOST_CHECKED_SCORES = 128 * 128;

type CheckOrTarget = TargetRequest | CheckRequest;
type SomeOutcome = Outcome<CheckOrTarget['kind']>;

class Run {
  private readonly planned: PlannedStudy;
  private readonly parts: RunParts;
  private readonly outcomes = new Map<string, SomeOutcome>();
  private performed = 0;

  constructor(planned: PlannedStudy, parts: RunParts) {
    this.planned = planned;
    this.parts = parts;
  }

  async perform(jobs: number): Promise<StudyRun> {
    const { variants, study, shapes } = this.planned;
    const { asked, devices, steps, training } = this.parts;
    const requests = variants.flatMap(({ graph }) => (graph === undefined ? [] : this.requestsFor(graph)));
    const timings = this.timings();
    const missing = this.missing(requests);
    const clocked = timings.filter((each) => keptTiming(each, this.parts.journal) === undefined);
    steps.expect(missing.size, 'piece');
    steps.expect(
      clocked.reduce((sum, each) => sum + stepsOf(each), 0),
      'sample',
    );
    await this.performMissing(missing, jobs);
    this.writeKernels();
    const timed = await this.timed(timings, jobs);
    const record: StudyRecord = {
      format: STUDY_FORMAT,
      name: study.name,
      ...(study.title === undefined ? {} : { title: study.title }),
      ...(study.summary === undefined ? {} : { summary: study.summary }),
      asked,
      ran: await describeRun(this.parts.targets),
      base: variants[0]!.record.name,
      shapes,
      devices: devices.map(studiedDevice),
      variants: variants.map(({ record: known, graph }) => ({
        ...known,
        failures: [...known.failures, ...this.failuresOf(known.name, graph, timed)],
        kernels: graph === undefined ? [] : this.kernelsOf(graph),
        checks: graph === undefined ? [] : this.checksOf(graph),
      })),
      timings: timed.map(({ timing }) => timing),
      ...shownOf(study),
      ...(training === undefined ? {} : { training }),
    };
    const isFailed = ({ failures, checks }: StudyRecord['variants'][number]): boolean =>
      failures.length > 0 || checks.some(({ passed }) => !passed);
    return {
      record,
      graphs: variants.flatMap(({ record: { name }, graph }) => (graph === undefined ? [] : [{ name, graph }])),
      tensors: this.parts.tensors,
      failed: record.variants.some(isFailed),
      performed: this.performed,
    };
  }

  // ── Kernels and checks ────────────────────────────────────────────────────────────────────────────

  private requestsFor(graph: Graph): readonly CheckOrTarget[] {
    return [...this.targetRequests(graph), ...this.checkRequests(graph)];
  }

  private targetRequests(graph: Graph): readonly TargetRequest[] {
    const { shapes } = this.planned;
    return this.parts.targets.map((target) => ({ kind: 'target', target, graph: toJson(graph), shapes }));
  }

  private checkRequests(graph: Graph): readonly CheckRequest[] {
    const bare = toJson(bareGraph(graph));
    const shapes = this.planned.shapes.filter(({ queries, keys }) => queries * keys <= MOST_CHECKED_SCORES);
    const { seed } = this.parts.asked;
    return this.present.flatMap((device) =>
      this.passes.map((pass): CheckRequest => {
        return { kind: 'check', device: device.name, pass, graph: bare, shapes, seed };
      }),
    );
  }

  private get present(): readonly DeviceDescription[] {
    return this.parts.devices.filter(({ found }) => found.available);
  }

  private get passes(): readonly Pass[] {
    return this.parts.asked.backward ? ['forward', 'backward'] : ['forward'];
  }

  /** The key of a piece of work. What a device calls itself counts: another driver may fail where this one did not. */
  private keyOf(request: CheckOrTarget): string {
    const device = request.kind === 'check' ? this.present.find(({ name }) => name === request.device) : undefined;
    return keyOf(version(), request, device?.found);
  }

  /** What the journal does not hold, each once: variants that are the same kernel are checked together. */
  private missing(requests: readonly CheckOrTarget[]): ReadonlyMap<string, CheckOrTarget> {
    const missing = new Map<string, CheckOrTarget>();
    for (const request of requests) {
      const key = this.keyOf(request);
      const kept = this.outcomes.get(key) ?? this.parts.journal.read<SomeOutcome>(key);
      if (kept === undefined) missing.set(key, request);
      else this.outcomes.set(key, kept);
    }
    return missing;
  }

  private async performMissing(missing: ReadonlyMap<string, CheckOrTarget>, jobs: number): Promise<void> {
    const { journal, steps } = this.parts;
    const pieces = Array.from(missing, ([key, request]) => ({
      run: async (worker: Worker) => {
        steps.start(request.kind === 'target' ? `compiling for ${request.target}` : `checking on ${request.device}`);
        const outcome = await worker.perform(request);
        this.outcomes.set(key, outcome);
        this.performed += 1;
        if ('result' in outcome || outcome.lasting) journal.keep(key, outcome);
        steps.done('piece');
      },
    }));
    await performAll(pieces, jobs);
  }

  private kernelsOf(graph: Graph): readonly TargetKernels[] {
    return this.targetRequests(graph).flatMap((request) => {
      const outcome = this.outcomes.get(this.keyOf(request)) as Outcome<'target'>;
      return 'result' in outcome ? [outcome.result.kernels] : [];
    });
  }

  private checksOf(graph: Graph): readonly VariantCheck[] {
    return this.checkRequests(graph).flatMap((request) => {
      const outcome = this.outcomes.get(this.keyOf(request)) as Outcome<'check'>;
      return 'result' in outcome ? [outcome.result] : [];
    });
  }

  private failuresOf(variant: string, graph: Graph | undefined, timed: readonly Timed[]): readonly Failure[] {
    const ofWork = graph === undefined ? [] : this.requestsFor(graph).flatMap((request) => this.failureOf(request));
    const ofClock = timed.flatMap(({ failures }) =>
      failures.filter((each) => each.variant === variant).map(({ variant: _, ...failure }) => failure),
    );
    // The baseline stands in twice, and what fails at one shape often fails at all.
    const all = [...ofWork, ...ofClock].map((failure) => JSON.stringify(failure));
    return [...new Set(all)].map((text) => JSON.parse(text) as Failure);
  }

  private failureOf(request: CheckOrTarget): readonly Failure[] {
    const outcome = this.outcomes.get(this.keyOf(request))!;
    const stage = stageOf(request);
    if ('failure' in outcome) return [{ stage, ...outcome.failure }];
    const refused = 'kernels' in outcome.result ? outcome.result.kernels.refused : undefined;
    return refused === undefined ? [] : [{ stage, message: refused }];
  }

  private writeKernels(): void {
    for (const { record, graph } of this.planned.variants) {
      if (graph === undefined || record.folder === undefined) continue;
      const files = this.targetRequests(graph).flatMap((request) => {
        const outcome = this.outcomes.get(this.keyOf(request)) as Outcome<'target'>;
        const emitted = 'result' in outcome ? outcome.result.files : [];
        return emitted.map(([name, content]) => [joinInside(request.target, name), content] as const);
      });
      const folder = joinInside(this.parts.out, record.folder);
      const changed = files.filter(([name, content]) => !isThere(joinInside(folder, name), content));
      if (changed.length > 0) writeFolderAtomically(folder, changed);
    }
  }

  // ── Times ─────────────────────────────────────────────────────────────────────────────────────────

  private timings(): readonly TimingRequest[] {
    const { asked } = this.parts;
    const compiled = this.planned.variants.flatMap(({ record, graph }) =>
      graph === undefined ? [] : [{ variant: record.name, graph: toJson(bareGraph(graph)) }],
    );
    const [first] = compiled;
    const base = this.planned.variants[0]!.record.name;
    if (first === undefined) return [];
    const entrants = first.variant === base ? [...compiled, { ...first, again: true as const }] : compiled;
    return this.present
      .filter(({ nature }) => nature !== 'emulation')
      .flatMap((device) =>
        this.passes.flatMap((pass) =>
          this.planned.shapes.map((shape, shapeIndex): TimingRequest => {
            const detail = device.found.available ? device.found.detail : '';
            const { rounds, seed } = asked;
            const common = { device: device.name, detail, pass, shape, shapeIndex };
            return { ...common, entrants, rounds, seed, version: version() };
          }),
        ),
      );
  }

  private async timed(requests: readonly TimingRequest[], jobs: number): Promise<readonly Timed[]> {
    const { journal, steps } = this.parts;
    const done: Timed[] = [];
    for (const request of requests) {
      const kept = keptTiming(request, journal);
      if (kept !== undefined) {
        done.push(kept);
        continue;
      }
      steps.start(`timing on ${request.device}`);
      // A process of its own for each: what one leaves in memory does not slow the next.
      const worker = startWorker(jobs);
      try {
        done.push(await time(request, journal, worker, { onStep: () => steps.done('sample') }));
      } finally {
        worker.close();
      }
      this.performed += 1;
    }
    return done;
  }
}

/** Whether a file holds this already: a study that is run again writes nothing. */
function isThere(path: string, content: string): boolean {
  try {
    return readFileSync(path, 'utf8') === content;
  } catch {
    return false;
  }
}

const stageOf = (request: CheckOrTarget): string => {
  if (request.kind === 'target') return `target ${request.target}`;
  return `check ${request.device}${request.pass === 'backward' ? ', backward' : ''}`;
};

function studiedDevice({ name, kind, nature, precision, found }: DeviceDescription): StudiedDevice {
  const known = { name, kind, precision, detail: found.available ? found.detail : '' };
  if (!found.available) return { ...known, missing: `${found.why}: ${found.remedy}` };
  return nature === 'emulation' ? { ...known, untimed: 'an emulation: its times say nothing of a GPU' } : known;
}

function shownOf({ tokens, tensors }: PlannedStudy['study']): Pick<StudyRecord, 'shown'> {
  if (tokens === undefined && tensors === undefined) return {};
  return { shown: { ...(tokens === undefined ? {} : { tokens }), ...(tensors === undefined ? {} : { tensors }) } };
}
