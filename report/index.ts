// The face of reports: a study as it was run, drawn as one HTML file.
import type { StudyRecord } from '../studies/record/study.js';
import { documentText, inDocument } from './document.js';
import { type NamedGraph, type ShowingRequest, showingOf } from './pictures/showing.js';
import { headOf } from './sections/asked.js';
import { figuresSection } from './sections/figures.js';
import { mapsSection } from './sections/maps.js';
import { tableSection } from './sections/study-table.js';
import { sourcesOf, variantSections } from './sections/variant-sections.js';
import { html } from './shared/markup.js';
import type { PageData } from './shared/page-data.js';
import { rowsOf } from './shared/rows.js';
import { firstSelection } from './shared/selection.js';

export { type ExplainedSpec, renderExplanation } from './explanation.js';
export type { NamedGraph, ShowingRequest } from './pictures/showing.js';

/**
 * One self-contained HTML file: it makes no request, opens from disk, and is below 1 MB for twenty variants. `graphs` are
 * those of the variants that compile, by the names in the record; scores are shown for them on the text of `showing`.
 */
export function renderReport(study: StudyRecord, graphs: readonly NamedGraph[], showing: ShowingRequest = {}): string {
  const record = inDocument(study);
  const named = graphs.map(({ name, graph }) => ({ name: inDocument(name), graph }));
  const selection = firstSelection(record);
  const rows = rowsOf(record, selection);
  const sources = sourcesOf(record.variants);
  const data: PageData = {
    record: withoutSources(record),
    sources,
    sourceOf: record.variants.map(({ spec }) => sources.indexOf(spec.source)),
    showing: inDocument(showingOf(named, showing)),
  };
  const content = html`<main>
${headOf(record)}
${tableSection(record, selection, rows)}
${figuresSection({ record, selection, rows })}
${mapsSection(data.showing, true)}
${variantSections(record, named)}
</main>`;
  return documentText({ title: `${record.name}: a study of attention`, content, data });
}

/** The sources of specs are in the data once each. */
const withoutSources = (record: StudyRecord): StudyRecord => ({
  ...record,
  variants: record.variants.map((variant) => ({ ...variant, spec: { ...variant.spec, source: '' } })),
});
