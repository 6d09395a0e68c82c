// A study from its files to its folder: three files of specs, one of them wrong, with every part of the record looked at.
// In the test's own process; the package's test runs it in processes of its own.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compare } from '../../studies/record/statistics.js';
import type { StudyRecord } from '../../studies/record/study.js';
import { expectBadInput, inRepository, runHeddle } from '../cli/harness.js';
import { schemaFault } from '../support/json-schema.js';
import { folderFor } from './support.js';

const files = {
  'plain.ts': `import { attention, fill, softmax } from 'heddle';
import { causal, scaledDot } from 'heddle/library';
/** Causal attention. @formula softmax(S)·v */
export const plain = attention({ heads: 2, headDim: 4, half: false }, ({ q, k, v, half }) => {
  const s = scaledDot(q, k);
  return softmax(fill(half ? fill(s, (i, j) => (i + j) % 2 === 0, 0) : s, causal, -Infinity)).times(v);
});
`,
  'sloped.ts': `import { attention, fill, map, param, softmax } from 'heddle';
import { causal, scaledDot } from 'heddle/library';
export const sloped = attention({ heads: 2, headDim: 4, start: 1 }, ({ q, k, v, start }) => {
  const slope = param('slope', ['head'], start);
  return softmax(fill(map(scaledDot(q, k), (x, h, i, j) => x - slope(h) * (i - j)), causal, -Infinity)).times(v);
});
`,
  'wrong.ts': `import { attention, dot, softmax } from 'heddle';
export const wrong = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => softmax(dot(k, q)).times(v));
`,
  'study.ts': `import { ablation } from 'heddle';
import { plain } from './plain.js';
import { sloped } from './sloped.js';
import { wrong } from './wrong.js';

/** What slopes cost. And more. */
export const study = ablation(plain, {
  title: 'Slopes | <b>',
  variants: { half: { half: true }, sloped, '=steep, "er"': [sloped, { start: 2 }], wrong, 'wider/../..': { headDim: 5 } },
  matched: { 'wider/../..': { by: 'parameters', vary: 'headDim' } },
  shapes: [{ keys: 7 }, { batch: 2, queries: 3, keys: 9 }],
  text: 'Up and down.',
});
`,
};

const folder = folderFor(files);
const out = join(folder, 'out');
const command = (...more: readonly string[]): readonly string[] => [
  ...['ablate', join(folder, 'study.ts'), '--device', 'interpreter', '--device', 'tiles', '--device', 'gpujs-webgl2'],
  ...['--target', 'wgsl', '--rounds', '6', '--jobs', '0', '--out', out],
  ...more,
];
const recordIn = (path: string): StudyRecord =>
  JSON.parse(readFileSync(join(path, 'study.json'), 'utf8')) as StudyRecord;
const textIn = (path: string, name = 'study.json'): string => readFileSync(join(path, name), 'utf8');

/** A record without what a clock says. */
const timeless = (text: string): unknown =>
  JSON.parse(text, (key, value: unknown) => (key === 'milliseconds' || key === 'date' ? null : value));

describe('a study of which a file is wrong', () => {
  let record: StudyRecord;
  let ended: Awaited<ReturnType<typeof runHeddle>>;
  beforeAll(async () => {
    ended = await runHeddle(command());
    record = recordIn(out);
  }, 240_000);

  test('ends with 1, and has a report of all that is right', () => {
    expect(ended).toMatchObject({ exitCode: 1, err: '' });
    expect(ended.out).toContain('wrong, compile: HD1001: ');
    expect(ended.out).toContain('gpujs-webgl2 cannot run here: ');
    expect(readdirSync(out).sort()).toEqual(['report.html', 'study.csv', 'study.json', 'study.md', 'variants', 'work']);
    expect(textIn(out, 'report.html')).toMatch(/^<!doctype html>/i);
  });

  test('fits the schema, which refuses what is not in it', () => {
    const schema = JSON.parse(readFileSync(inRepository('studies/study.schema.json'), 'utf8')) as object;
    const written = JSON.parse(textIn(out)) as StudyRecord;
    expect(schemaFault(schema as never, written)).toBeUndefined();
    expect(schemaFault(schema as never, { ...written, more: 1 })).toMatch('unknown field more');
    const [first, ...others] = written.variants;
    const broken = { ...written, variants: [{ ...first, checks: [{ passed: 'yes' }] }, ...others] };
    expect(schemaFault(schema as never, broken)).toBeDefined();
  });

  test('says what was asked, of which study, and where', () => {
    expect(record).toMatchObject({
      name: 'study',
      title: 'Slopes | <b>',
      summary: 'What slopes cost.',
      base: 'base',
      shapes: [
        { batch: 1, queries: 7, keys: 7 },
        { batch: 2, queries: 3, keys: 9 },
      ],
      shown: { tokens: ['Up', 'and', 'down', '.'] },
    });
    expect(record.asked.command).toMatch(
      /^heddle ablate \S+study\.ts --target wgsl --device interpreter .* --rounds 6 --seed 1 --margin 0\.03$/,
    );
    expect(record.devices.map(({ name, kind, missing }) => [name, kind, missing === undefined])).toEqual([
      ['interpreter', 'reference', true],
      ['tiles', 'software', true],
      ['gpujs-webgl2', 'gpu', false],
    ]);
  });

  test('has each variant in the order of the study, with its graph, its kernels and its checks', () => {
    const [base, half, sloped, steep, wrong, wider] = record.variants;
    expect(record.variants.map(({ name }) => name)).toEqual([
      'base',
      'half',
      'sloped',
      '=steep, "er"',
      'wrong',
      'wider/../..',
    ]);
    expect(base).toMatchObject({
      spec: { name: 'plain', formula: 'softmax(S)·v', line: 4, source: files['plain.ts'] },
      settings: { heads: 2, headDim: 4, half: false },
      failures: [],
      graph: { history: 0, headsTogether: 1, parameterCount: 0 },
      kernels: [
        {
          target: 'wgsl',
          schedule: expect.stringMatching(/^\w+, \d+ × \d+$/),
          work: [{ launches: 1 }, { launches: 1 }],
        },
      ],
      checks: [
        { device: 'interpreter', passed: true },
        { device: 'tiles', passed: true },
      ],
    });
    expect(base!.checks[1]!.probes).toBeGreaterThan(0);
    expect(half!.fingerprint).not.toBe(base!.fingerprint);
    expect(sloped!.graph!.parameters).toEqual([{ name: 'slope', shape: [2], count: 2 }]);
    expect(steep!.settings).toMatchObject({ start: 2 });
    expect(steep!.fingerprint).toBe(sloped!.fingerprint);
    expect(wrong).toMatchObject({ kernels: [], checks: [], failures: [{ stage: 'compile', code: 'HD1001' }] });
    expect(wrong).not.toHaveProperty('graph');
    expect(wider!.matched).toEqual({ by: 'parameters', setting: 'headDim', chosen: 4, wanted: 256, reached: 256 });
  });

  test('has every sample of every round, the base twice', () => {
    const { timings } = record;
    expect(timings.map(({ device, shape }) => [device, shape])).toEqual([
      ['interpreter', 0],
      ['interpreter', 1],
      ['tiles', 0],
      ['tiles', 1],
    ]);
    for (const { entrants, sample } of timings) {
      expect(sample).toBe('call');
      expect(entrants.map(({ variant, again }) => [variant, again])).toEqual([
        ['base', undefined],
        ['half', undefined],
        ['sloped', undefined],
        ['=steep, "er"', undefined],
        ['wider/../..', undefined],
        ['base', true],
      ]);
      for (const { milliseconds } of entrants)
        expect(milliseconds.every((time) => time! > 0) && milliseconds).toHaveLength(6);
    }
    const fingerprints = new Map(record.variants.map(({ name, fingerprint }) => [name, fingerprint ?? '']));
    const { variants } = compare(timings[0]!, { base: 'sloped', seed: 1, margin: 0.03, fingerprints });
    expect(variants.find(({ variant }) => variant === '=steep, "er"')).toMatchObject({ because: 'the same kernel' });
  });

  test('leaves the kernels of each variant in a folder of its own', () => {
    const variants = join(out, 'variants');
    expect(readdirSync(variants).sort()).toEqual(['=steep-er', 'base', 'half', 'sloped', 'wider']);
    expect(readdirSync(join(variants, 'sloped', 'wgsl')).sort()).toEqual([
      'manifest.json',
      'sloped.d.ts',
      'sloped.js',
      'sloped.wgsl',
    ]);
    for (const { folder: path, kernels } of record.variants)
      expect(existsSync(join(out, path!)) || kernels.length === 0).toBe(true);
  });

  test('is a table too, whose texts stay in their cells', () => {
    const lines = textIn(out, 'study.csv').split('\r\n');
    // A heading, six variants at two shapes on two devices, and the end of the last line.
    expect(lines).toHaveLength(1 + 6 * 4 + 1);
    expect(lines.filter((line) => line.startsWith(`"'=steep, ""er""",sloped,`))).toHaveLength(4);
    const markdown = textIn(out, 'study.md');
    expect(markdown).toContain('# Slopes \\| \\<b\\>');
    expect(markdown).toContain('## What failed');
  });

  test('is not run again where nothing has changed', async () => {
    const before = textIn(out);
    const { exitCode, out: said } = await runHeddle(command());
    expect(exitCode).toBe(1);
    expect(said).toContain('nothing had changed');
    expect(textIn(out)).toBe(before);
  });

  test('goes on where it was interrupted, and has the same record but for times', async () => {
    const before = textIn(out);
    const work = join(out, 'work');
    const kept = readdirSync(work).sort();
    for (const name of kept.filter((_, n) => n % 2 === 0)) rmSync(join(work, name));
    // Half a file, as only a machine that stops can leave it.
    writeFileSync(join(work, kept[1]!), readFileSync(join(work, kept[1]!), 'utf8').slice(0, 20));
    const { exitCode, out: said } = await runHeddle(command('--resume', '--json'));
    expect(exitCode).toBe(1);
    const { performed } = JSON.parse(said) as { performed: number };
    expect(performed).toBeGreaterThan(0);
    expect(performed).toBeLessThan(kept.length);
    expect(timeless(textIn(out))).toEqual(timeless(before));
    expect(Object.keys(timeless(textIn(out)) as object)).toEqual(Object.keys(timeless(before) as object));
  });

  test('takes more rounds to those that are there', async () => {
    const before = recordIn(out).timings[0]!.entrants[2]!.milliseconds;
    const { exitCode } = await runHeddle(command().map((word) => (word === '6' ? '7' : word)));
    expect(exitCode).toBe(1);
    const after = recordIn(out).timings[0]!.entrants[2]!.milliseconds;
    expect(after).toHaveLength(7);
    expect(after.slice(0, 6)).toEqual(before);
  });

  test('can be run for one variant beside the baseline', async () => {
    const { exitCode } = await runHeddle(command('--only', 'sloped', '--training', folderFor({})));
    expect(exitCode).toBe(0);
    const only = recordIn(out);
    expect(only.training).toEqual({ tasks: [], faults: [] });
    expect(only.asked.command).toMatch(/ --training \S+ --rounds/);
    expect(only.variants.map(({ name }) => name)).toEqual(['base', 'sloped']);
    expect(only.asked.command).toContain('--only sloped');
  });
});

test('gradients are checked and timed on every device', async () => {
  const path = folderFor({
    ...files,
    'study.ts': `import { ablation } from 'heddle';
import { sloped } from './sloped.js';
export const study = ablation(sloped, { base: { heads: 1 }, shapes: [{ keys: 3 }] });
`,
  });
  const given = ['ablate', join(path, 'study.ts'), '--device', 'interpreter', '--device', 'tiles', '--backward'];
  const { exitCode } = await runHeddle([...given, '--rounds', '2', '--jobs', '0', '--out', join(path, 'out')]);
  expect(exitCode).toBe(0);
  const { variants, timings } = recordIn(join(path, 'out'));
  expect(variants[0]!.checks.map(({ device, pass, passed }) => [device, pass, passed])).toEqual([
    ['interpreter', 'forward', true],
    ['interpreter', 'backward', true],
    ['tiles', 'forward', true],
    ['tiles', 'backward', true],
  ]);
  expect(timings.map(({ device, pass }) => [device, pass])).toEqual([
    ['interpreter', 'forward'],
    ['interpreter', 'backward'],
    ['tiles', 'forward'],
    ['tiles', 'backward'],
  ]);
});

test('what cannot be run is refused before anything is', async () => {
  const path = folderFor(files);
  const given = ['ablate', join(path, 'study.ts'), '--jobs', '0', '--out', join(path, 'out')];
  await expectBadInput([...given, '--resume'], 'HD4031', 'holds nothing of a study');
  await expectBadInput([...given, '--device', 'webgpx'], 'HD4022', 'did you mean "webgpu"');
  await expectBadInput([...given, '--target', 'wsgl'], 'HD4021', 'did you mean "wgsl"');
  await expectBadInput([...given, '--device', 'interpreter', '--only', 'slopd'], 'HD2014', 'did you mean sloped');
  await expectBadInput([...given, '--device', 'interpreter', '--training', join(path, 'runs')], 'HD4101', 'runs');
  await expectBadInput([...given, '--rounds', '0'], 'HD4011', '--rounds');
  await expectBadInput([...given, '--margin', '3 %'], 'HD4011', '--margin');
  await expectBadInput(
    [...given, '--export', 'other', '--device', 'interpreter'],
    'HD2017',
    'exports no study "other"',
  );
  await expectBadInput(['ablate', join(path, 'plain.ts'), '--device', 'interpreter'], 'HD2017', 'exports no study');
  await expectBadInput(['ablate', join(path, 'none.ts')], 'HD4101', 'there is no file');
  expect(existsSync(join(path, 'out'))).toBe(false);
});
