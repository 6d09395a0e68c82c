// `heddle check`: the table, the data, the cases that are run and the ways to choose them.
// What a failing check looks like is in check-failures.test.ts, where the device is a wrong one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderChecks } from '../../cli/check-table.js';
import type { CheckReport } from '../../driver/check.js';
import { inRepository, runHeddle, temporaryFolder } from './harness.js';

const causal = inRepository('examples/causal.ts');
const bidirectional = inRepository('examples/bidirectional.ts');
const small = ['--set', 'heads=2', '--set', 'headDim=4'];

interface Checks {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly spec: string;
    readonly device: string;
    readonly passed: boolean;
    readonly cases: readonly { readonly seed: number; readonly shape: object; readonly settings: object }[];
  }[];
}

const checksOf = async (args: readonly string[]): Promise<Checks> => {
  const { exitCode, out, err } = await runHeddle(['check', ...args, '--json']);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  return JSON.parse(out) as Checks;
};

describe('check', () => {
  test('shows a row for each spec on each device', async () => {
    const devices = ['--device', 'gpujs', '--device', 'gpujs-cpu', '--device', 'interpreter'];
    const { exitCode, out, err } = await runHeddle([
      'check',
      causal,
      bidirectional,
      ...small,
      '--shape',
      '1,3,5',
      ...devices,
    ]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    const [heading, ...lines] = out.split('\n');
    expect(heading).toMatch(/^spec +device +cases +worst error +bound +probes +verdict$/);
    const rows = lines.filter((line) => line.endsWith('pass')).map((line) => line.split(/\s+/).slice(0, 3));
    expect(rows).toEqual(
      ['causal', 'bidirectional'].flatMap((spec) =>
        ['gpujs', 'gpujs-cpu', 'interpreter'].map((device) => [spec, device, '1']),
      ),
    );
    expect(out).toContain('all 6 passed');
  });

  test('says why an error is large where the precision has no better answer', async () => {
    const spec = join(temporaryFolder(), 'coarse.ts');
    mkdirSync(dirname(spec), { recursive: true });
    writeFileSync(
      spec,
      `import { attention, map, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';
/** Angles so large that float32 does not tell which they are. */
export const coarse = attention({ heads: 1, headDim: 4 }, ({ q, k, v }) =>
  softmax(map(scaledDot(q, k), (x) => Math.sin(1e6 * x))).times(v),
);
`,
    );
    const { exitCode, out } = await runHeddle(['check', spec, '--shape', '1,5,5', '--device', 'gpujs-cpu']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /^coarse on gpujs-cpu: the worst case \(draw random, shape 1×5×5, seed 1\) takes \d+ % of its bound, which is wide as f32 is coarse there: the output errs by \d\.\de-2 of its norm wherever/m,
    );
    const usual = await runHeddle(['check', causal, ...small, '--shape', '1,5,5', '--device', 'gpujs-cpu']);
    expect(usual.out).not.toContain('the worst case');
  });

  test.each([
    ['bf16', 1.55, true],
    ['bf16', 0.02, false],
    ['f16', 0.3, true],
  ] as const)('does so in %s beyond a few ulps: %d', (precision, bound, isSaid) => {
    const worst = { shape: { batch: 1, queries: 2, keys: 2, rows: 2 }, seed: 3, draw: 'random', error: 0.01, bound };
    const report = { spec: 'mta', device: 'cuda', precision, passed: true, cases: [], probes: 0, worst } as unknown;
    const table = renderChecks([{ path: 'mta.ts', set: [], report: report as CheckReport }], false);
    expect(table.includes(`the output errs by ${(bound / 2).toExponential(1)} in its worst element`)).toBe(isSaid);
  });

  test('runs the awkward shapes, and a few of them under awkward settings', async () => {
    const { checks } = await checksOf([causal, '--set', 'headDim=4', '--device', 'interpreter']);
    const [{ cases }] = checks as [Checks['checks'][number]];
    expect(cases.map(({ seed }) => seed)).toEqual(cases.map((_, n) => n + 1));
    expect(new Set(cases.map(({ settings }) => JSON.stringify(settings)))).toEqual(new Set(['{}', '{"heads":3}']));
  });

  test('runs as many cases as asked for, from the seed and over the shapes that are given', async () => {
    const shapes = ['--shape', '1,1,1', '--shape', '2,3,4,2'];
    const { checks } = await checksOf([
      causal,
      ...small,
      ...shapes,
      '--cases',
      '3',
      '--seed',
      '40',
      '--device',
      'interpreter',
    ]);
    expect(checks[0]!.cases.map(({ seed, shape }) => ({ seed, shape }))).toEqual([
      { seed: 40, shape: { batch: 1, queries: 1, keys: 1, rows: 1 } },
      { seed: 41, shape: { batch: 2, queries: 3, keys: 4, rows: 2 } },
      { seed: 42, shape: { batch: 1, queries: 1, keys: 1, rows: 1 } },
    ]);
  });

  test('shows progress where somebody watches, and takes it away', async () => {
    let err = '';
    const args = ['check', causal, ...small, '--shape', '1,1,1', '--cases', '2', '--device', 'interpreter'];
    const { out } = await runHeddle(args, {
      columns: 80,
      err: (text) => {
        err += text;
      },
    });
    expect(err).toContain('0/1 causal on interpreter, case 1 of 2');
    expect(err.endsWith('\r\u001b[2K')).toBe(true);
    expect(out).not.toContain('\u001b');
  });
});

test('a shape without R has the rows that a call computes that does not say', async () => {
  const bare = [
    'heads=2',
    'headDim=4',
    'preMix=0',
    'postMix=0',
    'postQueryKernel=0',
    'postKeyKernel=0',
    'preQueryKernel=3',
  ];
  const { exitCode, out } = await runHeddle([
    'check',
    inRepository('examples/mta.ts'),
    ...bare.flatMap((each) => ['--set', each]),
    ...['--device', 'interpreter', '--shape', '2,5,9', '--shape', '1,6,6', '--shape', '1,7,9,2', '--json'],
  ]);
  expect(exitCode).toBe(0);
  const rows = Array.from(out.matchAll(/"rows": (\d+)/g), ([, each]) => Number(each));
  // Two rows of history; all rows where there are as many queries as keys; two where two are asked for.
  expect(rows.slice(0, 3)).toEqual([3, 6, 2]);
});
