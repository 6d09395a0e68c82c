// The folder for CUDA machines, as far as it can be tried without one: it stands alone, its Python is Python, and its rule is the rule.
// What runs there is tried in the long tests beside this file.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { prepare } from '../../bench/gpu/prepare.js';
import { forms, namedVariants, smallVariants } from '../../bench/gpu/variants.js';
import { judge, randomInputs } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { hostTensor, type Precision, Random, roundTo, ulp } from '../../src/tensors/index.js';
import { torchDevice } from '../../targets/torch/device/index.js';
import { emitTorch } from '../../targets/torch/index.js';
import { openExample } from '../support/example-graphs.js';
import { distance, onTorch } from '../targets/torch/support.js';
import { chosen, preparedForTests, python, root, script, started } from './prepared.js';

const prepared = preparedForTests();

const paths = (): string[] =>
  readdirSync(prepared.folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(prepared.folder, path)).isFile(),
  );

describe('the folder', () => {
  test('holds what was asked for, in every form', () => {
    expect(prepared.variants.map(({ name }) => name).sort()).toEqual([...chosen].sort());
    for (const { forms: emitted, missing } of prepared.variants) {
      expect(emitted.length + missing.length).toBe(forms.length);
      expect(emitted[0]).toMatchObject({ form: 'sm_80' });
    }
    expect(new Set([...namedVariants, ...smallVariants].map(({ name }) => name)).size).toBe(
      namedVariants.length + smallVariants.length,
    );
  });

  test('stands alone: all that its description names is there, and no place of this machine', () => {
    const all = paths();
    for (const { forms: emitted, cases, low } of prepared.variants) {
      for (const { modules, driver, folder: own, package: name } of emitted) {
        const sources = modules.map(({ source }) => source);
        for (const path of [...sources, driver, `${own}/${name}/__init__.py`]) expect(all).toContain(path);
      }
      for (const each of cases) expect(all).toEqual(expect.arrayContaining([`${each}.json`, `${each}.bin`]));
      expect(all).toContain(low.path);
    }
    expect(all).toEqual(expect.arrayContaining(['run.py', 'report.py', 'README.md', 'suite.json', 'micro/micro.cu']));
    const places = [root.replace(/\/$/, ''), homedir(), tmpdir() + '/'];
    const named = all.filter((path) => {
      const text = readFileSync(join(prepared.folder, path), 'latin1');
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
  onTorch('is Python', () => {
    const { status, stderr } = started(prepared.folder, '-m', 'compileall', '-q', prepared.folder);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  onTorch('counts, orders, resumes and shows as it should', async () => {
    const { stdout } = await promisify(execFile)(python, [script('logic.py'), prepared.folder]);
    expect(stdout.trim()).toBe('all is well');
  });

  onTorch('judges as the checks here do', async () => {
    const cases = drawnCases();
    writeFileSync(join(prepared.folder, 'judged.json'), JSON.stringify(cases));
    const { stdout } = await promisify(execFile)(
      python,
      [script('rule.py'), prepared.folder, join(prepared.folder, 'judged.json')],
      {
        maxBuffer: 2 ** 24,
      },
    );
    rmSync(join(prepared.folder, 'judged.json'));
    const judged = JSON.parse(stdout) as { passed: boolean; error: string; bound: string }[];
    const passed = cases.map(({ shape, out, gold, low, precision }) => {
      const [actual, expected, ...yardsticks] = [out, gold, ...low].map((each) =>
        hostTensor(shape, Float64Array.from(each, Number)),
      );
      return judge(actual!, expected!, yardsticks, precision).passed;
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
    // Of several evaluations the worst counts, wherever it is.
    const better = low.map((each, place) => (each + gold[place]!) / 2);
    const lows = n % 3 === n % 2 ? [low] : [better, low, gold];
    return { shape, precision, out: text(out), gold: text(gold), low: lows.map(text) };
  });
}

describe('the yardstick of real sizes', () => {
  onTorch('is the interpreter with every node rounded', async () => {
    const spec = await openExample('mta');
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
