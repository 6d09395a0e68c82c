// Each variant by itself: what differs, the rest of its settings and its source a click away, what failed, its kernels, its
// footprint and its score graph. Sources stand once each at the end.
import type { StudyRecord, VariantRecord } from '../../studies/record/study.js';
import { footprintPicture } from '../pictures/footprint-picture.js';
import { graphPicture } from '../pictures/graph-picture.js';
import type { NamedGraph } from '../pictures/showing.js';
import { stagesOf } from '../pictures/stages.js';
import { figure, numbersTable } from '../shared/figure.js';
import { html, type Markup, nothing } from '../shared/markup.js';
import { whole, withPrefix } from '../shared/numbers.js';
import { differingSettings, settingText } from '../shared/rows.js';

export function variantSections(record: StudyRecord, names: readonly string[]): Markup {
  const differing = differingSettings(record.variants);
  const sources = sourcesOf(record.variants);
  return html`<section aria-labelledby="each-variant"><h2 id="each-variant">Each variant</h2>
${record.variants.map((variant, n) =>
  variantSection(variant, {
    id: `variant-${n}`,
    differing,
    picture: names.indexOf(variant.name),
    source: sources.indexOf(variant.spec.source),
  }),
)}</section>
<section aria-labelledby="sources"><h2 id="sources">Sources</h2>
${sources.map((source, n) => {
  const of = record.variants.find(({ spec }) => spec.source === source)!.spec;
  return html`<details id="source-${n}" class="source"><summary>${of.file}</summary><pre tabindex="0">${source}</pre></details>
`;
})}</section>
`;
}

/** The different sources of specs, in the order of their variants; the page puts them back into study.json by it. */
export const sourcesOf = (variants: readonly VariantRecord[]): readonly string[] => [
  ...new Set(variants.map(({ spec }) => spec.source)),
];

interface Around {
  readonly id: string;
  readonly differing: readonly string[];
  /** The index of its pictures in the page's data; −1 where there are none. */
  readonly picture: number;
  readonly source: number;
}

function variantSection(variant: VariantRecord, { id, differing, picture, source }: Around): Markup {
  const { name, spec, settings, matched, failures } = variant;
  const names = Object.keys(settings);
  const same = names.filter((each) => !differing.includes(each));
  return html`<details class="variant" id="${id}" data-variant="${name}"><summary><span class="name">${name}</span> <span class="note">${spec.name}</span></summary>
<dl class="settings">${settingsList(
    variant,
    names.filter((each) => differing.includes(each)),
  )}</dl>
${same.length > 0 && html`<details class="rest"><summary>${same.length} settings that are the same in all</summary><dl class="settings">${settingsList(variant, same)}</dl></details>`}
${matched && html`<p>The compiler chose <b>${matched.setting} ${matched.chosen}</b>, so that it has as many ${matched.by} as the base: ${whole(matched.reached)} of ${whole(matched.wanted)}.</p>`}
${spec.formula && html`<p class="formula">${spec.formula}</p>`}${spec.paper && html`<p class="note">${spec.paper}</p>`}
<p><button type="button" data-source="source-${source}">Source: ${spec.file}, line ${spec.line}</button></p>
${failures.length > 0 && html`<ul class="failures">${failures.map(({ stage, code, message }) => html`<li><b>${stage}</b>: ${code && `${code} `}${message}</li>`)}</ul>`}
${kernelsTable(variant)}
${
  picture < 0
    ? html`<p class="note">There is no graph to draw.</p>`
    : html`<div data-pictures="${picture}"><noscript><p>Pictures are put in by a script, which this browser does not run.</p></noscript></div>`
}
</details>
`;
}

const settingsList = ({ settings }: VariantRecord, names: readonly string[]): readonly Markup[] =>
  names.map((name) => html`<div><dt>${name}</dt><dd>${settingText(settings[name]!)}</dd></div>`);

function kernelsTable({ name, kernels }: VariantRecord): Markup {
  if (kernels.length === 0) return nothing;
  const rows = kernels.flatMap(({ target, pass, refused, schedule, reason, kernels: each }) => {
    const of = `${target}, ${pass}`;
    if (refused !== undefined) return [[of, `refused: ${refused}`, '', '', '', '', '']];
    return each
      .map(({ name: kernel, threads, workgroupBytes, registers, spillBytes, measured }) => [
        of,
        kernel,
        schedule === undefined ? '' : schedule,
        { text: threads === undefined ? '' : String(threads), value: threads ?? '' },
        { text: workgroupBytes === undefined ? '' : withPrefix(workgroupBytes, 'B'), value: workgroupBytes ?? '' },
        {
          text: registers === undefined ? '' : `${measured ? '' : '≈ '}${registers}`,
          value: registers ?? '',
        },
        { text: spillBytes === undefined ? '' : withPrefix(spillBytes, 'B'), value: spillBytes ?? '' },
      ])
      .map((row, n) =>
        n === 0 && reason !== undefined ? [row[0]!, row[1]!, `${schedule ?? ''} (${reason})`, ...row.slice(3)] : row,
      );
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Kernels of ${name}">${numbersTable({
    label: 'Kernels',
    columns: ['Target', 'Kernel', 'Schedule', 'Threads', 'Shared memory', 'Registers', 'Spilled'],
    rows,
  })}</div>`;
}

/** The footprints and the graph of a spec; `id` is unique in the document. */
export function pictures(graph: NamedGraph['graph'], id: string, variant: string): Markup {
  const footprints = footprintPicture(stagesOf(graph), `What the stages of ${variant} read of one another`);
  return html`<div class="pictures">${figure({
    id: `${id}-graph`,
    title: 'Score graph',
    of: variant,
    caption:
      'Point at a node, or move the focus to it, to see its stage in the maps; its full statement is its tooltip.',
    picture: scrolled(graphPicture(graph, `Score graph of ${variant}`, variant), `Score graph of ${variant}`),
  })}${
    footprints === undefined
      ? html`<p class="note">Each entry of its scores is made of its own entry alone.</p>`
      : figure({
          id: `${id}-taps`,
          title: 'Footprints',
          of: variant,
          caption:
            'Rows are queries and columns keys around the reader’s own entry, which is outlined; where heads are mixed, rows are heads and columns the heads that they read.',
          picture: scrolled(footprints.picture, `Footprints of ${variant}`),
          table: footprints.table,
        })
  }</div>`;
}

/** A picture that may be wider than the page: it can be scrolled, by the keyboard too. */
export const scrolled = (picture: Markup, label: string): Markup =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${picture}</div>`;
