// The results of checks as a table for people and as data for programs.
// What failed is spelled out below the table, with the command line that runs each case again.

import type { CheckedCase, CheckReport } from '../driver/check.js';
import { renderTable } from '../driver/table.js';
import { shapeLabel } from '../src/checking/index.js';
import { painter } from '../src/diagnostics/color.js';

/** A report, and where the spec came from: its file, and --set as typed. */
export interface CheckedSpec {
  readonly path: string;
  readonly set: readonly string[];
  readonly report: CheckReport;
}

/** Failing cases shown for one spec on one device; the rest are counted. */
const MOST_FAILURES_SHOWN = 3;

export function renderChecks(checked: readonly CheckedSpec[], color: boolean): string {
  const paint = painter(color);
  const table = renderTable(
    ['spec', 'device', 'cases', 'worst error', 'bound', 'probes', 'verdict'],
    checked.map(({ report: { spec, device, backward, cases, worst, probes, passed } }) => [
      backward ? `${spec}, backward` : spec,
      device,
      String(cases.length),
      errorText(worst.error),
      errorText(worst.bound),
      String(probes),
      passed ? paint('hint', 'pass') : paint('error', 'FAIL'),
    ]),
    ['left', 'left', 'right', 'right', 'right', 'right'],
  );
  const failures = checked.filter(({ report }) => !report.passed);
  const summary =
    failures.length === 0
      ? checked.length === 1
        ? 'passed'
        : `all ${checked.length} passed`
      : `${failures.length} of ${checked.length} failed`;
  const notes = checked.flatMap(({ report }) => noteOf(report) ?? []).map((note) => `${note}\n`);
  return `${table}\n${notes.length > 0 ? `${notes.join('')}\n` : ''}${failures.map(renderFailure).join('')}${summary}\n`;
}

/**
 * By precision, above which bound the precision itself is what errs, how many times its error the bound is, and what an error is part of;
 * as src/checking/error-rule.ts has it.
 */
const yardsticks: Readonly<Record<CheckReport['precision'], readonly [usual: number, times: number, of: string]>> = {
  f64: [1e-5, 3, ' of its norm'],
  f32: [1e-5, 3, ' of its norm'],
  f16: [0.05, 2, ' in its worst element'],
  bf16: [0.05, 2, ' in its worst element'],
};

/** Why a check may pass with an error that is large to look at: its worst case is one where the precision has no better answer. */
function noteOf({ spec, device, precision, passed, worst }: CheckReport): string | undefined {
  const { shape, seed, draw, error, bound } = worst;
  const [usual, times, of] = yardsticks[precision];
  if (!passed || bound <= usual) return undefined;
  const share = bound === Number.POSITIVE_INFINITY ? 0 : (100 * error) / bound;
  const place = `draw ${draw}, shape ${shapeLabel(shape)}, seed ${seed}`;
  const explained = (bound / times).toExponential(1);
  return `${spec} on ${device}: the worst case (${place}) takes ${share.toFixed(0)} % of its bound, which is wide as ${precision} is coarse there: the output errs by ${explained}${of} wherever the spec is computed in ${precision}`;
}

const errorText = (error: number): string => (error === 0 ? '0' : error.toExponential(2));

function renderFailure(checked: CheckedSpec): string {
  const { spec, device, cases } = checked.report;
  const failed = cases.filter(({ passed }) => !passed);
  const lines = failed
    .slice(0, MOST_FAILURES_SHOWN)
    .flatMap((each) => [
      `  ${[`shape ${shapeLabel(each.shape)}`, ...alternativeTexts(each), ...settingTexts(each), ...drawTexts(each), `seed ${each.seed}`].join(', ')}:`,
      ...each.problems.map((problem) => `    ${problem}`),
      `    replay: ${replayCommand(checked, each)}`,
    ]);
  if (failed.length > MOST_FAILURES_SHOWN) lines.push(`  and ${failed.length - MOST_FAILURES_SHOWN} further cases`);
  return `${[`${spec} on ${device} failed ${failed.length} of ${cases.length} cases`, ...lines].join('\n')}\n\n`;
}

const settingTexts = ({ settings }: CheckedCase): string[] =>
  Object.entries(settings).map(([name, value]) => `${name}=${String(value)}`);

const alternativeTexts = ({ alternative }: CheckedCase): string[] => (alternative === undefined ? [] : [alternative]);

const drawTexts = ({ draw }: CheckedCase): string[] => (draw === 'random' ? [] : [`draw ${draw}`]);

function replayCommand({ path, set, report }: CheckedSpec, { shape, seed, ...rest }: CheckedCase): string {
  const { batch, queries, keys, rows } = shape;
  const words = [
    ...['heddle', 'check', path, '--export', report.spec, '--device', report.device],
    ...[...set, ...settingTexts({ shape, seed, ...rest })].flatMap((each) => ['--set', each]),
    ...['--shape', [batch, queries, keys, rows].join(','), '--seed', String(seed)],
    ...(rest.draw === 'random' ? [] : ['--draw', rest.draw]),
    ...(report.backward ? ['--backward'] : []),
  ];
  return words.map((word) => (/^[\w./,:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

export function checksData(checked: readonly CheckedSpec[]): readonly object[] {
  return checked.map((each) => {
    const { spec, device, backward, passed, cases, probes, worst } = each.report;
    return {
      file: each.path,
      spec,
      device,
      backward,
      passed,
      probes,
      worstError: finite(worst.error),
      bound: finite(worst.bound),
      cases: cases.map((done) => ({
        ...done,
        error: finite(done.error),
        bound: finite(done.bound),
        ...(done.passed ? {} : { replay: replayCommand(each, done) }),
      })),
    };
  });
}

/** JSON has no Infinity: what cannot be compared has no error. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
