// The head of a report: what was asked, by which command, when, with which versions, on which devices, and what failed.
// Nothing is left out quietly: a missing device and a failed variant have their reasons here.
import type { StudyRecord } from '../../studies/record/study.js';
import { numbersTable } from '../shared/figure.js';
import { html, type Markup, nothing } from '../shared/markup.js';
import { HOLE } from '../shared/numbers.js';
import { describeShape } from '../shared/selection.js';

export function headOf(record: StudyRecord): Markup {
  const { asked, ran, variants, devices, shapes, base } = record;
  const broken = variants.filter(({ failures }) => failures.length > 0).length;
  const there = devices.filter(({ missing }) => missing === undefined);
  const summary = [
    `${count(variants.length, 'variant')} of ${asked.file}`,
    `compared with “${base}”`,
    there.length === 0 ? 'on no device' : `on ${there.map(({ name, kind }) => `${name} (${kind})`).join(', ')}`,
  ].join(' ');
  return html`<header>
<h1>${record.title ?? record.name}</h1>
${record.summary !== undefined && html`<p class="lead">${record.summary}</p>`}<p>${summary}${broken > 0 && `; something failed in ${broken}`}.</p>
<p><code class="command">${asked.command}</code></p>
<details class="facts"><summary>When, where and with what</summary>
<dl>
<dt>Date</dt><dd><time datetime="${ran.date}">${ran.date}</time></dd>
<dt>Machine</dt><dd>${ran.machine.processor}, ${count(ran.machine.cores, 'core')}, ${ran.machine.system}</dd>
<dt>Versions</dt><dd>${Object.entries(ran.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}</dd>
<dt>Targets</dt><dd>${asked.targets.join(', ') || 'none'}</dd>
<dt>Passes</dt><dd>${asked.backward ? 'forward and backward' : 'forward'}</dd>
<dt>Shapes</dt><dd>${shapes.map((_, n) => describeShape(record, n)).join('; ')}</dd>
<dt>Timing</dt><dd>${count(asked.rounds, 'round')}, seed ${asked.seed}; within ${Number((100 * asked.margin).toPrecision(3))} % is called the same</dd>
</dl></details>
${devicesTable(record)}
${failuresTable(record)}
</header>
`;
}

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

function devicesTable({ devices }: StudyRecord): Markup {
  return html`<section aria-labelledby="devices"><h2 id="devices">Devices</h2>
<div class="scroll prose" tabindex="0" role="region" aria-label="Table of devices">${numbersTable({
    label: 'Devices that were asked for',
    columns: ['Device', 'Kind', 'What it is', 'Judged as', 'Ran'],
    rows: devices.map(({ name, kind, detail, precision, missing }) => [
      name,
      kind,
      detail,
      precision,
      missing === undefined ? 'yes' : `no: ${missing}`,
    ]),
  })}</div></section>`;
}

function failuresTable({ variants, training }: StudyRecord): Markup {
  const rows = [
    ...variants.flatMap(({ name, failures }) =>
      failures.map(({ stage, code, message }) => [name, stage, code ?? '', message] as const),
    ),
    ...(training?.faults ?? []).map(
      ({ file, line, problem }) =>
        [HOLE, `training, ${file}${line === null ? '' : `, line ${line}`}`, '', problem] as const,
    ),
  ];
  if (rows.length === 0) return nothing;
  return html`<section aria-labelledby="failures"><h2 id="failures">What failed</h2>
<div class="scroll prose" tabindex="0" role="region" aria-label="Table of failures">${numbersTable({ label: 'What failed, by variant', columns: ['Variant', 'Where', 'Code', 'Why'], rows })}</div></section>`;
}
