// An explanation as people read it: a head, the graph before and after each pass, and what it reads and costs.
// What was shown before is not repeated: the head of a graph's text, its inputs, and passes that change nothing.

import type { Explanation, GraphText } from './explain.js';
import type { ExplainedAlternative } from './explain-schedule.js';
import type { TilePassExplanation } from './explain-tile-pass.js';
import type { ExplainedPart } from './explain-training.js';
import type { KernelNeeds } from './scheduled.js';
import { renderTable } from './table.js';

/** A part of an explanation; `graph` is the text of a graph, which pictures may stand for. */
export interface ExplanationSection {
  readonly kind: 'graph' | 'facts';
  readonly title: string;
  readonly text: string;
}

export const explanationText = (explanation: Explanation): string =>
  [
    headText(explanation),
    ...explanationSections(explanation).map(({ title, text }) => `── ${title} ──\n\n${text}`),
  ].join('\n');

/** All but the head, in the order in which they are printed. */
export function explanationSections(explanation: Explanation): readonly ExplanationSection[] {
  const { written, steps, idlePasses, tilePass, sass } = explanation;
  if (tilePass !== undefined) return [tilePassText(tilePass)];
  const [, tensors, ...rest] = sectionsOf(written);
  return [
    graphSection(`as written (${nodeCount(written)})`, [tensors, ...rest].join('\n\n')),
    ...steps.map(({ pass, before, after }) =>
      graphSection(`after ${pass} (${before.nodes} → ${nodeCount(after)})`, withoutKnown(after, tensors)),
    ),
    ...(idlePasses.length === 0 ? [] : [section('passes that change nothing', `${idlePasses.join(', ')}\n`)]),
    inputsText(explanation),
    footprintsText(explanation),
    costText(explanation),
    ...trainingText(explanation),
    ...scheduleText(explanation),
    ...(sass === undefined ? [] : [section('machine instructions', `${sass.map(({ text }) => text).join('\n\n')}\n`)]),
  ];
}

const section = (title: string, text: string): ExplanationSection => ({ kind: 'facts', title, text });
const graphSection = (title: string, text: string): ExplanationSection => ({ kind: 'graph', title, text });

const nodeCount = ({ nodes }: GraphText): string => plural(nodes, 'node');

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The parts of a graph's text: its head, its tensors, its nodes, its outputs. */
const sectionsOf = ({ text }: GraphText): string[] => text.split('\n\n');

function withoutKnown(graph: GraphText, tensors: string | undefined): string {
  const [, ...rest] = sectionsOf(graph);
  return rest.filter((part) => part !== tensors).join('\n\n');
}

function headText({ name, formula, paper, settings }: Explanation): string {
  const set = Object.entries(settings).map(([key, value]) => `${key}=${String(value)}`);
  const fields = [
    ...(formula === undefined ? [] : [['formula', formula.replace(/\s+/g, ' ')]]),
    ...(paper === undefined ? [] : [['paper', paper]]),
    ...(set.length === 0 ? [] : [['settings', set.join(' ')]]),
  ];
  return `${name}\n${renderTable(['', ''], fields)}`;
}

function inputsText({ inputs, parameters }: Explanation): ExplanationSection {
  const counts = new Map(parameters.map(({ name, count }) => [name, count]));
  const table = renderTable(
    ['input', 'role', 'shape', 'parameters'],
    inputs.map(({ name, role, shape }) => [name, role, shape, String(counts.get(name) ?? '')]),
    ['left', 'left', 'left', 'right'],
  );
  const total = parameters.reduce((sum, { count }) => sum + count, 0);
  return section('inputs', `${table}\nparameters added: ${total}\n`);
}

function footprintsText({ footprints, history, headsTogether }: Explanation): ExplanationSection {
  const table = renderTable(
    ['value', 'reads', 'at'],
    footprints.map(({ reader, source, reads }) => [reader, source, reads]),
  );
  return section(
    'footprints after all passes',
    `${table}
history: ${plural(history, 'row')} of queries above the first row of output
heads computed together: ${headsTogether}
`,
  );
}

const costRows = [
  ['operations', 'operations', 'FLOP'],
  ['  of products (q·kᵀ, ·v)', 'products', 'FLOP'],
  ['bytes of inputs and outputs', 'compulsoryBytes', 'B'],
  ['bytes with all values in between', 'materialisedBytes', 'B'],
] as const;

function costText({ cost }: Explanation): ExplanationSection {
  const { batch, queries, keys } = cost.shape;
  const table = renderTable(
    ['work', 'amount', 'of plain attention'],
    costRows.map(([what, field, unit]) => {
      const relative = cost.relative?.[field];
      return [what, withPrefix(cost[field], unit), relative === undefined ? '' : `${relative.toFixed(2)} ×`];
    }),
    ['left', 'right', 'right'],
  );
  return section(`work at B=${batch}, Tq=${queries}, Tk=${keys}, floats of 2 bytes, nothing skipped`, table);
}

/** What training keeps, computes again and launches. */
function trainingText({ training, cost }: Explanation): readonly ExplanationSection[] {
  if (training === undefined) return [];
  const { kept, recomputed, forward, backward, ratio } = training;
  const { batch, queries, keys } = cost.shape;
  const keptTable = renderTable(
    ['kept', 'shape', 'bytes a row', ''],
    kept.map(({ name, shape, bytesPerRow, isOutput }) => [
      name,
      shape,
      String(bytesPerRow),
      isOutput ? 'an output of the spec' : '',
    ]),
    ['left', 'left', 'right', 'left'],
  );
  const again = `computed again in every kernel that needs it: ${recomputed.length === 0 ? 'nothing' : recomputed.join(', ')}`;
  const rows = ([part, { kernels }]: readonly [string, ExplainedPart]): string[][] =>
    kernels.map(({ name, owns, sweeps, gives, operations }) => [
      part,
      name,
      owns,
      sweeps,
      gives.join(', '),
      withPrefix(operations, 'FLOP'),
    ]);
  const parts = [['forward', forward] as const, ['backward', backward] as const];
  const kernelTable = renderTable(['part', 'kernel', 'owns', 'sweeps', 'gives', 'operations'], parts.flatMap(rows), [
    ...Array.from({ length: 5 }, () => 'left' as const),
    'right',
  ]);
  const total = ratio === undefined ? '' : `\nbackward takes ${ratio.toFixed(2)} times the operations of forward\n`;
  const why = 'none' in forward.outcome ? `\nno forward schedule serves: ${forward.outcome.none}\n` : '';
  return [
    section('kept between forward and backward', `${keptTable}\n${again}\n`),
    section(`training kernels at B=${batch}, Tq=${queries}, Tk=${keys}`, `${kernelTable}${total}${why}`),
  ];
}

function scheduleText({ schedule: outcome, cost }: Explanation): readonly ExplanationSection[] {
  if (outcome === undefined) return [];
  if ('none' in outcome) return [section('schedule', `none serves: ${outcome.none}\n`)];
  const { title, kind, reason, tiles, refused, kernels, work, alternatives, program } = outcome.schedule;
  const { batch, queries, keys } = cost.shape;
  const skipped =
    work.skipped === undefined
      ? 'depends on tensors'
      : `${((100 * work.skipped) / work.tiles).toFixed(1)} % of ${work.tiles}`;
  const facts = renderTable(
    ['', ''],
    [
      ['tiles', `${tiles.rows} rows × ${tiles.columns} keys`],
      ['tiles skipped', skipped],
      ['operations', withPrefix(work.operations, 'FLOP')],
      ['bytes moved', withPrefix(work.bytes, 'B')],
      ['intensity', `${(work.operations / work.bytes).toFixed(1)} FLOP/B`],
      ['launches', String(Math.round(work.launches))],
      ['scratch', withPrefix(work.scratch, 'B')],
    ],
  );
  const table = kernelsTable(kernels);
  const chosen = alternatives === undefined ? '' : `\n${alternativesText(alternatives)}`;
  const tried = refused.length === 0 ? '' : `\nnot taken:\n${refused.map((each) => `  ${each}\n`).join('')}`;
  return [
    section(
      `schedule: ${kind}, ${title}, at B=${batch}, Tq=${queries}, Tk=${keys}`,
      `${reason}\n\n${facts}\n${table}${chosen}${tried}`,
    ),
    section('tile program', program),
  ];
}

/** Between what a launcher chooses, and what it takes here. */
function alternativesText(alternatives: readonly ExplainedAlternative[]): string {
  const rows = alternatives.map(({ name, estimate, features = [] }, n) => [
    name,
    `${estimate.toFixed(2)} ×`,
    n === 0 ? 'taken at this shape' : features.length === 0 ? '' : `needs ${features.join(', ')}; taken where tuned`,
  ]);
  return renderTable(['alternative', 'estimated time', ''], rows, ['left', 'right', 'left']);
}

function tilePassText({ pass, title, kind, tiles, lines, program }: TilePassExplanation): ExplanationSection {
  const change = lines.before === lines.after ? '' : `, ${lines.before} → ${lines.after} lines`;
  const what = `${title}: ${kind}, ${tiles.rows} rows × ${tiles.columns} keys`;
  return section(`tile program after ${pass}${change}, for ${what}`, program);
}

/** What each kernel takes: the columns that the target has something to say in. */
function kernelsTable(kernels: readonly KernelNeeds[]): string {
  const columns = kernelColumns.filter(({ field }) => kernels.some((each) => each[field] !== undefined));
  return renderTable(
    columns.map(({ title }) => title),
    kernels.map((each) => columns.map(({ field }) => String(each[field] ?? ''))),
    columns.map(({ isNumber }) => (isNumber ? 'right' : 'left')),
  );
}

const kernelColumns: readonly { field: keyof KernelNeeds; title: string; isNumber: boolean }[] = [
  { field: 'name', title: 'kernel', isNumber: false },
  { field: 'threads', title: 'threads', isNumber: true },
  { field: 'workgroupBytes', title: 'workgroup bytes', isNumber: true },
  { field: 'registers', title: 'registers', isNumber: true },
  { field: 'launches', title: 'launches', isNumber: true },
  { field: 'blocks', title: 'blocks of one', isNumber: true },
  { field: 'waves', title: 'waves', isNumber: true },
  { field: 'bindings', title: 'bindings', isNumber: true },
  { field: 'products', title: 'products', isNumber: false },
  { field: 'why', title: 'why no others', isNumber: false },
];

const prefixes = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** Three digits and an SI prefix: 1.23 GFLOP. */
function withPrefix(amount: number, unit: string): string {
  const power = amount < 1000 ? 0 : Math.min(Math.floor(Math.log10(amount) / 3), prefixes.length - 1);
  const scaled = amount / 1000 ** power;
  const digits = power === 0 || scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2;
  return `${scaled.toFixed(digits)} ${prefixes[power]}${unit}`;
}
