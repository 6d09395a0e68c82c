// The folder for CUDA machines, as far as it can be tried without one: it stands alone, its Python is Python, a dry run works and
// finds what is wrong, its rule is the rule, and what nvcc compiles there compiles here.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PreparedVariant, prepare } from '../../bench/gpu/prepare.js';
import { forms, namedVariants, smallVariants } from '../../bench/gpu/variants.js';
import { openSpec } from '../../dsl/frontend/index.js';
import { judge, randomInputs } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { optimise } from '../../src/passes/index.js';
import { hostTensor, type Precision, Random, roundTo, ulp } from '../../src/tensors/index.js';
import { compileCuda } from '../../targets/cuda/compile.js';
import { torchDevice } from '../../targets/torch/device/index.js';
import { findPython } from '../../targets/torch/device/python.js';
import { emitTorch } from '../../targets/torch/index.js';
import { exampleFiles } from '../support/examples.js';
import { buildEmulated } from '../targets/binding/bound.js';
import { nvccRelease } from '../targets/cuda/toolkit.js';
import { distance, onTorch } from '../targets/torch/support.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'heddle-gpu-suite-'));
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const found = await findPython();
const python = 'why' in found ? 'python3' : found.python;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const chosen = ['causal-f32', 'decode-bf16', 'diffV2-bf16', 'causal-64', 'mta-64', 'mta-decode-64'];
let prepared: readonly PreparedVariant[];
beforeAll(async () => {
  prepared = await prepare({ root, out: folder, version: 'test', only: ({ name }) => chosen.includes(name), cases: 2 });
}, 120_000);

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
    expect(all).toEqual(expect.arrayContaining(['run.py', 'README.md', 'suite.json', 'micro/micro.cu']));
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

describe('its Python', () => {
  const run = (...more: readonly string[]) =>
    spawnSync(python, ['run.py', '--dry-run', '--out', 'results.json', ...more], { cwd: folder, encoding: 'utf8' });
  const results = () => JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Record<string, unknown[]>;
  const few = ['--lengths', '64', '--head-dims', '64', '--rounds', '3'];

  onTorch('is Python', () => {
    const { status, stderr } = spawnSync(python, ['-m', 'compileall', '-q', folder], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  onTorch('runs dry: it checks, takes times, and says by name what it leaves out', () => {
    const { status, stdout, stderr } = run(...few);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { correctness, timing, left_out: leftOut, failures } = results();
    expect(failures).toEqual([]);
    expect(correctness!.length).toBeGreaterThan(20);
    const timed = (timing as { contender: string; workload: string; samples_ms?: number[] }[]).filter(
      ({ samples_ms: samples }) => samples !== undefined,
    );
    for (const workload of ['causal', 'mta', 'mta-decode']) {
      for (const contender of ['heddle sm_80', 'eager', 'eager in bf16']) {
        expect(timed).toContainEqual(expect.objectContaining({ workload, contender }));
      }
    }
    for (const { samples_ms: samples } of timed) expect(samples).toHaveLength(3);
    expect(leftOut!.join('\n')).toMatch(/build: [\s\S]*microbenchmarks: [\s\S]*compute-sanitizer: /);
    expect(stdout).toMatch(/MTA 6x11, D = 128, T = 8192: at most 2.5 times plain attention of cuDNN +open/);
  });

  onTorch('finds a wrong output, and ends with an error', () => {
    const { cases } = prepared.find(({ name }) => name === 'decode-bf16')!;
    const path = join(folder, `${cases[0]}.bin`);
    const bytes = readFileSync(path);
    const { tensors } = JSON.parse(readFileSync(join(folder, `${cases[0]}.json`), 'utf8')) as {
      tensors: { name: string; part: string; offset: number }[];
    };
    const changed = Buffer.from(bytes);
    for (const { offset } of tensors.filter(({ name, part }) => name === 'out' && part !== 'input')) {
      changed.writeDoubleLE(changed.readDoubleLE(offset + 8) + 0.25, offset + 8);
    }
    writeFileSync(path, changed);
    const { status, stdout } = run('--only', 'correctness', '--match', 'decode-bf16');
    writeFileSync(path, bytes);
    expect(status).toBe(1);
    expect(stdout).toMatch(/FAILED: decode-bf16, sm_80, out, .*blocks are wrong/);
    expect(results()['failures']).toHaveLength(forms.length);
  });

  onTorch('stops in time, and says what it left out', () => {
    const { status, stdout } = run('--budget', '0');
    expect(status).toBe(0);
    expect(stdout).toContain('left out: correctness of decode-bf16: out of time');
    expect(stdout).toContain('left out: time of mta-64 at 8192: out of time');
  });

  onTorch('counts, orders and shows as it should', async () => {
    const { stdout } = await promisify(execFile)(python, [script('logic.py'), folder]);
    expect(stdout.trim()).toBe('all is well');
  });

  onTorch('runs as on a device, with kernels on the emulation and all else mocked', async () => {
    const names = ['decode-bf16', 'mta-decode-64'];
    for (const { name, forms: emittedForms } of prepared.filter((each) => names.includes(each.name))) {
      const variant = [...namedVariants, ...smallVariants].find((each) => each.name === name)!;
      const spec = await openSpec(exampleFiles.get(variant.example)!);
      const { dtype, schedule } = variant;
      const graph = optimise(spec.compile(undefined, variant.settings));
      for (const { form, folder: own } of emittedForms) {
        const { emitted } = compileCuda(graph, { dtype, schedule, architecture: form, version: 'test' });
        await buildEmulated({ folder: join(folder, own), emitted });
      }
    }
    const matches = names.flatMap((name) => ['--match', name]);
    const options = ['--lengths', '64', '--head-dims', '64', '--compile-head-dims', '1', '--rounds', '3', ...matches];
    const { status, stdout, stderr } = spawnSync(python, [script('mocked.py'), folder, ...options], {
      encoding: 'utf8',
    });
    // The mocked sanitizer finds races.
    expect(status, stdout + stderr).toBe(1);
    const { correctness, timing, micro, sanitizer, failures, problems, machine, limits } = results();
    expect(
      (failures as string[]).every((text) => text.startsWith('racecheck of decode-bf16') && text.includes('line 7')),
    ).toBe(true);
    expect((problems as string[]).filter((text) => !/^synccheck .* ended with 4/.test(text))).toEqual([]);
    expect(correctness!.length).toBeGreaterThanOrEqual(8);
    expect((correctness as { passed: boolean }[]).every(({ passed }) => passed)).toBe(true);
    expect(micro).toEqual([expect.objectContaining({ name: 'mma.sync', tflops: 500 })]);
    expect((sanitizer as { code: number }[]).map(({ code }) => code)).toEqual(expect.arrayContaining([0, 4, 9]));
    expect(machine).toMatchObject({ device: 'a mock', driver_version: '580.1', 'clocks.max.sm': '1980' });
    expect(limits).toMatchObject({ computed_tflops: expect.closeTo(132 * 2048 * 2 * 1.98e-3, 6) });
    expect(timing).toContainEqual(
      expect.objectContaining({
        contender: 'heddle sm_80',
        length: 64,
        peak_bytes: 2 ** 20,
        samples_ms: expect.any(Array),
      }),
    );
    expect(timing).toContainEqual(expect.objectContaining({ contender: 'roofline' }));
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
});
