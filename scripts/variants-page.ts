// Writes the text of docs/variants.md from the specs of examples/: what each variant computes, reads, and how it is scheduled.
// test/scripts/variants-page.test.ts compares the page with it; with `UPDATE_GOLDEN=1 vitest run test/scripts` it is written anew.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Explanation, explainGraph, type FootprintRow } from '../driver/explain.js';
import { loadSpecs } from '../driver/specs.js';
import type { SettingValue } from '../src/ir/index.js';

const INTRODUCTION = `# Variants

Every spec of \`examples/\` at its default settings, and the forms of Multi-Token Attention: what it computes, which scores it reads
beside its own, and how the WGSL target schedules it within WebGPU's default limits. Work is counted at one sequence of 2048 positions,
nothing skipped, in units of plain attention with as many heads and features. History is how many rows of queries above the first row of
output must be given. This page is generated from the specs; \`heddle explain\` tells more of each, at any settings and sizes.
`;

interface Form {
  /** What the form is called behind the name of its spec. */
  readonly name: string;
  readonly settings: Readonly<Record<string, SettingValue>>;
}

const plain = { preQueryKernel: 0, preKeyKernel: 0, preMix: 0, postQueryKernel: 0, postKeyKernel: 0, postMix: 0 };
const bare = { ...plain, norm: 'none', gate: 'none' };

/** Forms of specs that settings make variants of their own. */
const forms: Readonly<Record<string, readonly Form[]>> = {
  mta: [
    { name: 'convolution before the softmax', settings: { ...bare, preQueryKernel: 6, preKeyKernel: 11 } },
    { name: 'that, with two heads mixed', settings: { ...bare, preQueryKernel: 6, preKeyKernel: 11, preMix: 2 } },
    { name: 'convolution behind the softmax', settings: { ...bare, postQueryKernel: 6, postKeyKernel: 11 } },
    { name: 'two heads mixed behind the softmax', settings: { ...bare, postMix: 2 } },
    { name: 'sixteen heads mixed before the softmax', settings: { ...bare, preMix: 16 } },
    { name: 'with a full gate', settings: { gate: 'full' } },
  ],
};

interface Variant {
  readonly title: string;
  readonly file: string;
  readonly summary: string;
  /** The settings of a form; none where they are the spec's own. */
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly explanation: Explanation;
}

/** The whole page, with a line end after its last line; `examples` is the folder of the specs. */
export async function variantsPage(examples: string): Promise<string> {
  const variants: Variant[] = [];
  for (const file of readdirSync(examples).sort()) {
    if (file.endsWith('.ts')) variants.push(...(await variantsOf(examples, file)));
  }
  return [INTRODUCTION, overview(variants), ...variants.map(sectionText)].join('\n');
}

async function variantsOf(examples: string, file: string): Promise<readonly Variant[]> {
  const path = join(examples, file);
  const summaries = summariesOf(readFileSync(path, 'utf8'));
  const variants: Variant[] = [];
  const add = async (form?: Form): Promise<void> => {
    const settings = form?.settings ?? {};
    for (const { graph } of await loadSpecs(path, { settings })) {
      const title = form === undefined ? graph.name : `${graph.name}, ${form.name}`;
      const summary = summaries.get(graph.name) ?? '';
      variants.push({
        title,
        file,
        summary,
        settings,
        explanation: explainGraph(graph, { kernels: { target: 'wgsl', single: true } }),
      });
    }
  };
  await add();
  for (const form of forms[file.replace('.ts', '')] ?? []) await add(form);
  return variants;
}

/** The first paragraph of each exported spec's comment. */
function summariesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, comment = '', name = ''] of text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export const (\w+)/g)) {
    const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trim());
    const end = lines.findIndex((line) => line.startsWith('@'));
    found.set(
      name,
      lines
        .slice(0, end < 0 ? undefined : end)
        .join(' ')
        .trim(),
    );
  }
  return found;
}

// ── Text ────────────────────────────────────────────────────────────────────────────────────────────

function overview(variants: readonly Variant[]): string {
  const rows = variants.map(({ title, explanation }) => {
    const { history, headsTogether, cost } = explanation;
    const schedule = scheduleOf(explanation);
    return [
      `[${title}](#${anchor(title)})`,
      schedule?.kind ?? 'none',
      String(schedule?.kernels.length ?? ''),
      schedule === undefined ? '' : `${schedule.tiles.rows} × ${schedule.tiles.columns}`,
      String(history),
      String(headsTogether),
      cost.relative === undefined ? '' : `${cost.relative.operations.toFixed(2)} ×`,
    ];
  });
  const head = ['variant', 'schedule', 'kernels', 'tile', 'history', 'heads together', 'operations'];
  const lines = [head, head.map((_, n) => (n < 2 ? '---' : '---:')), ...rows];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function sectionText({ title, file, summary, settings, explanation }: Variant): string {
  const { formula, paper, footprints, history } = explanation;
  const schedule = scheduleOf(explanation);
  const set = Object.entries(settings).map(([name, value]) => `${name}=${String(value)}`);
  const beside = footprints.filter(readsBeside).map(({ reads }) => reads);
  const lines = [
    ...(formula === undefined ? [] : [`- **Formula**: \`${formula.replace(/\s+/g, ' ')}\``]),
    ...(set.length === 0 ? [] : [`- **Settings**: \`${set.join(' ')}\``]),
    `- **Scores beside its own**: ${beside.length === 0 ? 'none' : [...new Set(beside)].join('; ')}`,
    `- **History**: ${history === 0 ? 'none' : `${history} rows`}`,
    `- **Schedule**: ${schedule === undefined ? 'none serves' : `${schedule.kind}, ${kernelsText(schedule.kernels.length)}. ${schedule.reason}`}`,
    `- **Source**: ${paper === undefined ? 'none' : paperText(paper)} · [examples/${file}](../examples/${file})`,
  ];
  return `## ${title}\n\n${summary}\n\n${lines.join('\n')}\n`;
}

const scheduleOf = ({ schedule }: Explanation) =>
  schedule !== undefined && 'schedule' in schedule ? schedule.schedule : undefined;

const kernelsText = (count: number): string => (count === 1 ? 'one kernel' : `${count} kernels`);

/** Whether scores are read at other rows, other keys or other heads; sums over a whole row are every variant's. */
function readsBeside({ taps, queries, keys, reads }: FootprintRow): boolean {
  if (queries === 'none' || keys === 'none' || keys === 'all') return false;
  return taps > 1 || !/own head$/.test(reads);
}

const paperText = (paper: string): string =>
  paper.replace(/arXiv:([\d.]+(?:v\d+)?)/g, (name, number: string) => `[${name}](https://arxiv.org/abs/${number})`);

/** The anchor that a heading gets on GitHub. */
const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
