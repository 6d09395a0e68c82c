// The face of reports: a study as it was run, drawn as one HTML file.
import type { StudyRecord } from '../studies/record/study.js';
import { documentText, inDocument } from './document.js';
import { MOST_HEADS, type NamedGraph, prepareShowing, type ShowingRequest } from './pictures/showing.js';
import { headOf } from './sections/asked.js';
import { figuresSection } from './sections/figures.js';
import { mapsSection } from './sections/maps.js';
import { tableSection } from './sections/study-table.js';
import { pictures, sourcesOf, variantSections } from './sections/variant-sections.js';
import { html } from './shared/markup.js';
import { rowsOf } from './shared/rows.js';
import { firstSelection } from './shared/selection.js';

export { type ExplainedSpec, renderExplanation } from './explanation.js';
export type { NamedGraph, ShowingRequest } from './pictures/showing.js';

const MOST_BYTES = 999_000;

/**
 * One self-contained HTML file: it makes no request, opens from disk, and is below 1 MB for twenty variants. `graphs` are
 * those of the variants that compile, by the names in the record; scores are shown for them on the text of `showing`.
 */
export function renderReport(study: StudyRecord, graphs: readonly NamedGraph[], request: ShowingRequest = {}): string {
  const record = inDocument(study);
  const named = graphs.map(({ name, graph }) => ({ name: inDocument(name), graph }));
  const selection = firstSelection(record);
  const rows = rowsOf(record, selection);
  const sources = sourcesOf(record.variants);
  const known = {
    record: withoutSources(record),
    sources,
    sourceOf: record.variants.map(({ spec }) => sources.indexOf(spec.source)),
    pictures: named.map(({ name, graph }, n) => pictures(graph, `pictures-${n}`, name).text),
  };
  const before = html`${headOf(record)}
${tableSection(record, selection, rows)}
${figuresSection({ record, selection, rows })}`;
  const names = named.map(({ name }) => name);
  const behind = variantSections(record, names);
  const showingOfHeads = prepareShowing(named, { ...originOf(record), ...request });
  const page = (mostHeads: number): string => {
    const showing = inDocument(showingOfHeads(mostHeads));
    const content = html`<main>
${before}
${mapsSection(showing, true)}
${behind}
</main>`;
    return documentText({
      title: `${record.title ?? record.name}: a study of attention`,
      content,
      data: { ...known, showing },
    });
  };
  // Of many heads half are left out, and half again, until the page is small enough.
  for (let heads = MOST_HEADS; heads > 1; heads >>= 1) {
    const text = page(heads);
    if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  }
  return page(1);
}

/** Where the tensors of a study's own are from, as a sentence. */
function originOf({ shown }: StudyRecord): Pick<ShowingRequest, 'origin'> {
  if (shown?.tensors === undefined) return {};
  return { origin: `Tensors are those of ${shown.tensors}; inputs that it does not hold are made for showing.` };
}

/** The sources of specs are in the data once each. */
const withoutSources = (record: StudyRecord): StudyRecord => ({
  ...record,
  variants: record.variants.map((variant) => ({ ...variant, spec: { ...variant.spec, source: '' } })),
});
