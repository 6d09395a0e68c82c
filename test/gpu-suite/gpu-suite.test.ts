// The folder for CUDA machines, as far as it can be tried without one: it stands alone, its Python is Python, a dry run works and
// finds what is wrong, its rule is the rule, and what nvcc compiles there compiles here.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PreparedVariant, prepare } from '../../bench/gpu/prepare.js';
import { WATCHDOG } from '../../bench/gpu/toolkit.js';
import { forms, namedVariants, smallVariants } from '../../bench/gpu/variants.js';
import { openSpec } from '../../dsl/frontend/index.js';
import { judge, randomInputs } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { hostTensor, type Precision, Random, roundTo, ulp } from '../../src/tensors/index.js';
import { emulatorAvailability } from '../../targets/cuda/device/index.js';
import { torchDevice } from '../../targets/torch/device/index.js';
import { findPython } from '../../targets/torch/device/python.js';
import { emitTorch } from '../../targets/torch/index.js';
import { exampleFiles } from '../support/examples.js';
import { nvccRelease } from '../targets/cuda/toolkit.js';
import { distance, onTorch } from '../targets/torch/support.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'heddle-gpu-suite-'));
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const found = await findPython();
const python = 'why' in found ? 'python3' : found.python;
const hasCompiler = (await emulatorAvailability()).available;
const onEmulation: typeof onTorch = hasCompiler || process.env['CI'] === 'true' ? onTorch : test.skip;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const chosen = ['causal-64', 'mta-64', 'decode-bf16'];
let prepared: readonly PreparedVariant[];
beforeAll(async () => {
  const only = ({ name }: { readonly name: string }): boolean => chosen.includes(name);
  prepared = await prepare({ root, out: folder, version: 'test', only, cases: 1, heads: 2, isEmulated: hasCompiler });
}, 240_000);

const paths = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());

describe('the folder', () => {
  test('holds what was asked for, in every form', () => {
    expect(prepared.map(({ name }) => name).sort()).toEqual([...chosen].sort());
    for (const { forms: emitted, missing } of prepared) {
      expect(emitted.length + missing.length).toBe(forms.length);
      expect(emitted[0]).toMatchObject({ form: 'sm_80' });
    }
    expect(new Set([...namedVariants, ...smallVariants].map(({ name }) => name)).size).toBe(
      namedVariants.length + smallVariants.length,
    );
  });

  test('stands alone: all that its description names is there, and no place of this machine', () => {
    const all = paths();
    for (const { forms: emitted, cases, low } of prepared) {
      for (const { source, driver, folder: own, package: name } of emitted) {
        for (const path of [source, driver, `${own}/${name}/__init__.py`]) expect(all).toContain(path);
      }
      for (const each of cases) expect(all).toEqual(expect.arrayContaining([`${each}.json`, `${each}.bin`]));
      expect(all).toContain(low.path);
    }
    expect(all).toEqual(expect.arrayContaining(['run.py', 'report.py', 'README.md', 'suite.json', 'micro/micro.cu']));
    const places = [root.replace(/\/$/, ''), homedir(), tmpdir() + '/'];
    const named = all.filter((path) => {
      const text = readFileSync(join(folder, path), 'latin1');
      return places.some((place) => place !== '/' && text.includes(place));
    });
    expect(named).toEqual([]);
  });

  test('is not written over other files', async () => {
    const other = mkdtempSync(join(tmpdir(), 'heddle-other-'));
    writeFileSync(join(other, 'mine.txt'), 'mine');
    await expect(prepare({ root, out: other, version: 'test', only: () => false })).rejects.toThrow(/other files/);
    expect(readdirSync(other)).toEqual(['mine.txt']);
    rmSync(other, { recursive: true });
  });
});

interface Entry {
  readonly status: string;
  readonly reason?: string;
  readonly seconds?: number;
  readonly without?: readonly string[];
  readonly checks?: readonly { readonly what: string; readonly passed: boolean }[];
  readonly measured?: readonly { readonly contender: string; readonly samples_ms?: readonly number[] }[];
}

interface Results {
  readonly machine: Readonly<Record<string, unknown>>;
  readonly running: unknown;
  readonly groups: Readonly<Record<string, Readonly<Record<string, Entry>>>>;
  readonly runs: readonly unknown[];
}

const groups = [1, 2, 3, 4, 5, 6, 7, 8] as const;
/** A program's options, started where the folder is. */
const started = (own: string, ...command: readonly string[]) =>
  spawnSync(python, command, { cwd: own, encoding: 'utf8', maxBuffer: 2 ** 26 });
const resultsOf = (own: string): Results => JSON.parse(readFileSync(join(own, 'results.json'), 'utf8')) as Results;
const entriesOf = ({
  groups: found,
}: Results): readonly (Entry & { readonly name: string; readonly group: number })[] =>
  Object.entries(found).flatMap(([group, entries]) =>
    Object.entries(entries).map(([name, entry]) => ({ ...entry, name, group: Number(group) })),
  );

describe('its Python', () => {
  onTorch('is Python', () => {
    const { status, stderr } = started(folder, '-m', 'compileall', '-q', folder);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  onTorch('counts, orders, resumes and shows as it should', async () => {
    const { stdout } = await promisify(execFile)(python, [script('logic.py'), folder]);
    expect(stdout.trim()).toBe('all is well');
  });

  onEmulation('walks all eight groups, killed in each, and resumes where it was', () => {
    const log = join(folder, 'begun.log');
    for (const group of groups) {
      const { signal, stderr } = started(
        folder,
        script('killed.py'),
        folder,
        String(group),
        log,
        '--dry-run',
        '--rounds',
        '3',
      );
      expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
      // What was found is readable, and says what was under way.
      expect(resultsOf(folder).running).toMatchObject({ group });
      expect(Object.keys(resultsOf(folder).groups)).toContain(String(group));
    }
    const { status, stdout, stderr } = started(
      folder,
      script('killed.py'),
      folder,
      '0',
      log,
      '--dry-run',
      '--rounds',
      '3',
    );
    expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' });

    const results = resultsOf(folder);
    const found = entriesOf(results);
    expect(results.runs).toHaveLength(9);
    expect(results.running).toBe(null);
    expect([...new Set(found.map(({ group }) => group))]).toEqual([...groups]);
    for (const { name, status: each, reason } of found) {
      // What this machine has not is skipped by name; everything else is done.
      expect(each === 'done' || (each === 'skipped' && reason !== undefined), `${name}: ${each} ${reason}`).toBe(true);
    }
    // Each is begun once, but for the eight that were under way.
    const begun = readFileSync(log, 'utf8').trim().split('\n');
    const finished = found.filter(({ status: each }) => each === 'done');
    for (const { group, name } of finished) expect(begun).toContain(`${group} ${name}`);
    const twice = finished.filter(({ group, name }) => begun.filter((each) => each === `${group} ${name}`).length > 1);
    expect(twice.length).toBeLessThanOrEqual(groups.length);

    const { forms: emitted } = prepared.find(({ name }) => name === 'mta-64')!;
    for (const { form } of emitted) {
      expect(results.groups['2']![`mta-64 ${form}`]).toMatchObject({ status: 'done' });
      const { checks } = results.groups['3']![`mta-64 ${form} T=150`]!;
      const whats = ['a second run', 'another stream', '[B, T, H, D]', 'packed qkv', 'expanded heads'];
      expect(checks!.map(({ what }) => what)).toEqual(expect.arrayContaining(whats));
      expect(results.groups['4']!['mta D=64 T=64']!.measured).toContainEqual(
        expect.objectContaining({ contender: `heddle ${form}`, samples_ms: expect.any(Array) }),
      );
    }
    expect(results.groups['5']!['mta-64 sm_90a T=64']).toMatchObject({ status: 'done' });
    expect(results.groups['7']!['mta D=64 T=64 eager']!.measured![0]!.samples_ms).toHaveLength(3);
    expect(results.groups['8']!['small cases of decode-bf16 sm_80']).toMatchObject({ status: 'done' });
    // A run that finds everything does nothing.
    const { stdout: idle } = started(folder, 'run.py', '--dry-run');
    expect(idle).toContain('3. correctness: 0 of');
  });

  onEmulation('shows what would run, with what the last run took', () => {
    const { status, stdout } = started(folder, 'run.py', '--plan', '--dry-run', '--out', 'elsewhere.json');
    expect(status).toBe(0);
    expect(stdout).toMatch(/8\. the rest: \d+ entries, about \d+ s; [\s\S]*about \d+ s in all, of a budget of 480 s/);
    expect(stdout).toContain('mta-64 sm_90a (guessed)');
    const { stdout: after } = started(folder, 'run.py', '--plan', '--dry-run');
    expect(after).toContain('mta-64 sm_90a (done already)');
    const { stdout: anew } = started(folder, 'run.py', '--plan', '--dry-run', '--seed', '2');
    expect(anew).toContain('mta-64 sm_90a (measured)');
  });

  onEmulation('makes a page of results, and of two of them', () => {
    const slower = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as {
      groups: Record<string, Record<string, { status: string; measured?: { median_ms?: number }[] }>>;
    };
    for (const each of slower.groups['4']!['mta D=64 T=64']!.measured!) if (each.median_ms) each.median_ms *= 2;
    slower.groups['2']!['causal-64 sm_80']!.status = 'wrong';
    writeFileSync(join(folder, 'earlier.json'), JSON.stringify(slower));
    const { status, stderr } = started(folder, 'report.py', 'results.json', 'earlier.json', '--out', 'page');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const page = readFileSync(join(folder, 'page', 'report.md'), 'utf8');
    expect(page).toMatch(/mta D=64 T=64 +\| +heddle sm_90a \| +[\d.]+ \| +[\d.]+ \| +0\.50 \|/);
    expect(page).toContain('**causal-64 sm_80**: was wrong, is done');
    for (const part of ['## Marks', '![mta](mta.svg)', '| roofline', 'a dry run has no device'])
      expect(page).toContain(part);
    const chart = readFileSync(join(folder, 'page', 'mta.svg'), 'utf8');
    for (const part of ['heddle sm_80', 'heddle sm_90a', 'eager in bf16', 'roofline', 'D = 64'])
      expect(chart).toContain(part);
    const parse = 'import sys, xml.dom.minidom; [xml.dom.minidom.parse(each) for each in sys.argv[1:]]';
    expect(started(join(folder, 'page'), '-c', parse, 'mta.svg', 'causal.svg').status).toBe(0);
    expect(started(folder, 'report.py', 'suite.json')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('holds no results'),
    });
  });

  onEmulation('reports a hang and a wrong value by name, while all else goes on', () => {
    const own = mkdtempSync(join(tmpdir(), 'heddle-planted-'));
    cpSync(folder, own, { recursive: true });
    rmSync(join(own, 'results.json'));
    const plant = (variant: string, form: string, name: string, change: (text: string) => string): void => {
      const place = join(own, 'variants', variant, form);
      const text = readFileSync(join(place, `${name}.cu`), 'utf8');
      expect(change(text)).not.toBe(text);
      writeFileSync(join(place, `${name}.cu`), change(text));
      const flags = ['-std=c++17', '-Og', '-w', '-fno-strict-aliasing', '-shared', '-fPIC', '-Wl,-Bsymbolic'];
      const include = ['-I', join(root, 'targets', 'cuda', 'emulation'), '-I', place];
      execFileSync('g++', [...flags, ...include, join(place, 'emulated.cpp'), '-o', join(place, 'emulated.so')]);
    };
    // Nobody arrives at the barrier of the queries; and powers are those of another base.
    plant('mta-64', 'sm_90a', 'mta', (text) => text.replace(/^ *expect_bytes\(\d+, \d+\);\n/m, '\n'));
    plant('causal-64', 'sm_80', 'causal', (text) => text.replaceAll('1.4426950408889634f', '1.3f'));
    const { status, stdout } = started(own, 'run.py', '--dry-run', '--groups', '2,3,4,5,8', '--rounds', '3');
    const results = resultsOf(own);
    rmSync(own, { recursive: true });
    expect(status, stdout).toBe(1);
    const hung = results.groups['2']!['mta-64 sm_90a']!;
    expect(hung.status).toBe('died');
    expect(hung.reason).toMatch(
      /a wait in vain at the barrier "q is full" for the phase of parity 0, in kernel \w+, block 0, thread \d+, line \d+ of variants\/mta-64\/sm_90a\/mta\.cu: await_barrier\(/,
    );
    expect(results.groups['2']!['causal-64 sm_80']).toMatchObject({
      status: 'wrong',
      reason: expect.stringMatching(/^out at 70: .*blocks are wrong/),
    });
    for (const { group, name, status: each, reason, without } of entriesOf(results)) {
      if (name.startsWith('causal-64 sm_80 T=') && group === 3) expect(each, name).toBe('wrong');
      else if (name.includes('mta-64 sm_90a') && group > 2) {
        expect(each, name).toBe('skipped');
        expect(reason, name).toContain('q is full');
      } else if (name === 'mta D=64 T=64') expect(without?.join(), name).toContain('q is full');
      else if (group > 2 && !/^(micro|operator of causal-64 sm_80)/.test(name))
        expect(each, `${name}: ${reason}`).toBe('done');
    }
  });

  onEmulation('stops in time, and says what it left out', () => {
    const { status, stdout } = started(folder, 'run.py', '--dry-run', '--budget', '0', '--out', 'none.json');
    expect(status).toBe(0);
    expect(stdout).toMatch(/mta-64 sm_90a: left out: it takes about .* s, and 0 s are left/);
  });

  onEmulation('runs as on a device, with kernels on the emulation and all else mocked', () => {
    rmSync(join(folder, 'results.json'));
    const { status, stdout, stderr } = started(folder, script('mocked.py'), folder, '--rounds', '3');
    // The mocked sanitizer finds races, and cannot look for what was not initialised.
    expect(status, stdout + stderr).toBe(1);
    const results = resultsOf(folder);
    const bad = entriesOf(results).filter(({ status: each }) => each === 'wrong' || each === 'died');
    expect(
      bad
        .map(({ name, reason }) => `${name}: ${reason}`)
        .every((each) => /^(racecheck .*a race at line 7|initcheck .*ended with 4)/.test(each)),
      stdout,
    ).toBe(true);
    expect(bad).toHaveLength(8);
    expect(results.machine).toMatchObject({ device: 'a mock', driver_version: '580.1', 'clocks.max.sm': '1980' });
    expect(results.machine).toMatchObject({ computed_tflops: expect.closeTo(132 * 2048 * 2 * 1.98e-3, 6) });
    expect(results.groups['1']).toMatchObject({ copy: { status: 'done' }, product: { status: 'done' } });
    expect(results.groups['2']!['mta-64 sm_90a']).toMatchObject({ status: 'done', origin: 'here' });
    expect(results.groups['4']!['mta D=64 T=64']!.measured).toContainEqual(
      expect.objectContaining({ contender: 'heddle sm_90a', peak_bytes: 2 ** 20, samples_ms: expect.any(Array) }),
    );
    expect(results.groups['5']!['causal-64 sm_90a T=64']).toMatchObject({
      longest: { duration_ns: 1.5e6, issue_slots_percent: 81 },
    });
    expect(results.groups['8']!['micro']).toMatchObject({
      rates: [expect.objectContaining({ name: 'mma.sync', tflops: 500 })],
    });
    started(folder, 'report.py', 'results.json', '--out', 'page');
    expect(readFileSync(join(folder, 'page', 'report.md'), 'utf8')).toMatch(/causal-64 sm_90a T=64 .*\| +issue \|/);
  });

  onTorch('judges as the checks here do', async () => {
    const cases = drawnCases();
    writeFileSync(join(folder, 'judged.json'), JSON.stringify(cases));
    const { stdout } = await promisify(execFile)(python, [script('rule.py'), folder, join(folder, 'judged.json')], {
      maxBuffer: 2 ** 24,
    });
    rmSync(join(folder, 'judged.json'));
    const judged = JSON.parse(stdout) as { passed: boolean; error: string; bound: string }[];
    const passed = cases.map(({ shape, out, gold, low, precision }) => {
      const [actual, expected, yardstick] = [out, gold, low].map((each) =>
        hostTensor(shape, Float64Array.from(each, Number)),
      );
      return judge(actual!, expected!, yardstick!, precision).passed;
    });
    expect(judged.map((each) => each.passed)).toEqual(passed);
    // Both verdicts occur, so that neither side can say the same of everything.
    expect(new Set(passed).size).toBe(2);
  });
});

/** Outputs around the limits of the rule, infinities and NaN among them; as text, as JSON has no infinities. */
function drawnCases() {
  const random = new Random(5);
  return Array.from({ length: 240 }, (_, n) => {
    const precision: Precision = (['f32', 'bf16', 'f16'] as const)[n % 3]!;
    const shape = n % 4 === 0 ? [2, 2, 70] : [1, 2, n % 5 === 0 ? 129 : 9, 5];
    const size = shape.reduce((product, each) => product * each, 1);
    const scale = 2 ** random.integer(-12, 8);
    const gold = Array.from({ length: size }, () => scale * random.uniform(-1, 1));
    const low = gold.map((each) => roundTo(precision, each));
    const share = random.uniform(0.4, 2.2);
    const out = gold.map((each, place) => {
      const explained = Math.abs(low[place]! - each) * share;
      return each + (random.uniform() < 0.5 ? -1 : 1) * (explained + 0.2 * share * ulp(precision, each));
    });
    if (n % 11 === 0) gold[3] = out[3] = low[3] = Number.NEGATIVE_INFINITY;
    if (n % 23 === 0) out[5] = Number.POSITIVE_INFINITY;
    if (n % 29 === 0) out[6] = Number.NaN;
    if (n % 31 === 0) gold[7] = Number.NaN;
    const text = (numbers: readonly number[]): readonly string[] => numbers.map(String);
    return { shape, precision, out: text(out), gold: text(gold), low: text(low) };
  });
}

describe('the yardstick of real sizes', () => {
  onTorch('is the interpreter with every node rounded', async () => {
    const spec = await openSpec(exampleFiles.get('mta')!);
    const settings = {
      heads: 4,
      headDim: 8,
      preQueryKernel: 3,
      preKeyKernel: 5,
      preMix: 2,
      postQueryKernel: 2,
      postKeyKernel: 3,
      postMix: 2,
    };
    const graph = spec.compile(undefined, settings);
    const device = torchDevice({ dtype: 'bf16', emit: (each) => emitTorch(each, { roundsNodes: true }) });
    const inputs = randomInputs(graph, { batch: 1, queries: 40, keys: 40 }, 3, 'bf16');
    const [gold, low] = [interpret(graph, inputs), interpret(graph, inputs, { precision: 'bf16' })];
    const emitted = await device.run(graph, inputs);
    const plain = await torchDevice({ dtype: 'bf16' }).run(graph, inputs);
    for (const [name, expected] of low) {
      const error = distance(expected, gold.get(name)!);
      // Sums come in another order, and now and then round elsewhere; without its roundings it would be as far off as gold.
      expect(distance(emitted.get(name), expected), name).toBeLessThan(0.35 * error);
      expect(distance(plain.get(name), expected), name).toBeGreaterThan(0.5 * error);
    }
  });
});

describe('what nvcc compiles there', () => {
  const release = nvccRelease();
  const withNvcc = release === undefined && process.env['CI'] !== 'true' ? test.skip : test;
  const strict = ['-std=c++17', '-O3', '-Xcompiler', '-Wall,-Wextra', '--Werror', 'all-warnings', '-Xptxas', '-v'];
  const compile = async (...options: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await promisify(execFile)('nvcc', [...strict, ...options], { cwd: folder });
    return stdout + stderr;
  };

  withNvcc('microbenchmarks compile without warnings, spills, or wgmma that waits for each other', async () => {
    const said = await Promise.all([
      compile('-arch=sm_80', '-cubin', 'micro/micro.cu', '-o', 'micro-80.cubin'),
      compile(
        '-gencode',
        'arch=compute_90a,code=sm_90a',
        '-DHAS_WGMMA',
        '-cubin',
        'micro/micro.cu',
        '-o',
        'micro-90.cubin',
      ),
    ]);
    for (const text of said) {
      expect(text).toContain('0 bytes spill stores');
      expect(text).not.toMatch(/warning|serialized|[1-9]\d* bytes spill/i);
    }
  });

  withNvcc('the program for the sanitizer compiles and links', async () => {
    const { source, driver } = prepared.find(({ name }) => name === 'decode-bf16')!.forms[0]!;
    const said = await compile('-arch=sm_80', source, driver, '-o', 'driver');
    expect(said).not.toMatch(/warning/i);
    const { status, stderr } = spawnSync(join(folder, 'driver'), ['1', '2'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'arguments: batch queries keys rows\n' });
  });

  withNvcc('waits with an end cost no register, and files without them are as they were', async () => {
    const { source, folder: own } = prepared
      .find(({ name }) => name === 'mta-64')!
      .forms.find(({ form }) => form === 'sm_90a')!;
    const text = readFileSync(join(folder, source), 'utf8');
    const plain = text
      .replace(/#if defined\(HEDDLE_WATCHDOG\)\n[\s\S]*?#endif\n/, '')
      .replace(/#if !defined\(HEDDLE_WATCHDOG\)\n([\s\S]*?)#else\n[\s\S]*?#endif\n/, '$1');
    expect(plain).not.toContain('HEDDLE_WATCHDOG');
    const cubins: Buffer[] = [];
    for (const [n, { content, macros }] of [
      { content: text, macros: [] },
      { content: plain, macros: [] },
      { content: text, macros: [`-DHEDDLE_WATCHDOG=${WATCHDOG}`] },
    ].entries()) {
      writeFileSync(join(folder, own, 'kernels.cu'), content);
      const said = await compile(
        ...macros,
        '-gencode',
        'arch=compute_90a,code=sm_90a',
        '-cubin',
        `${own}/kernels.cu`,
        '-o',
        `waits-${n}`,
      );
      expect(said).toMatch(/0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads/);
      expect(said).not.toMatch(/warning|serialized|C75\d\d|performance loss/i);
      cubins.push(readFileSync(join(folder, `waits-${n}`)));
    }
    expect(cubins[0]!.equals(cubins[1]!)).toBe(true);
    expect(cubins[2]!.equals(cubins[1]!)).toBe(false);
    expect(cubins[2]!.includes('heddle_watchdog_record')).toBe(true);
  });

  withNvcc('libraries come with the folder, small, and are not built again', async () => {
    const out = mkdtempSync(join(tmpdir(), 'heddle-built-'));
    const options = {
      root,
      out,
      version: 'test',
      only: ({ name }: { name: string }) => name === 'causal-64',
      heads: 2,
    };
    const times = async () => {
      const [{ forms: built }] = (await prepare({ ...options, architectures: ['sm_90'] })) as [PreparedVariant];
      return built.flatMap(({ form, prepared: found }) =>
        found.map((each) => ({ form, ...each, ...statSync(join(out, each.path)) })),
      );
    };
    const first = await times();
    expect(first.map(({ form, what, architecture }) => [form, what, architecture])).toEqual([
      ['sm_80', 'library', 'sm_90'],
      ['sm_80', 'program', 'sm_90'],
      ['sm_90a', 'library', 'sm_90a'],
      ['sm_90a', 'program', 'sm_90a'],
    ]);
    for (const { what, size, nvcc } of first) {
      expect(nvcc).toBe(release);
      if (what === 'library') expect(size).toBeLessThan(300_000);
    }
    const second = await times();
    rmSync(out, { recursive: true });
    expect(second.map(({ path, mtimeMs }) => [path, mtimeMs])).toEqual(
      first.map(({ path, mtimeMs }) => [path, mtimeMs]),
    );
  });
});
