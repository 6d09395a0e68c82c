// The section of the table: what to measure by, the filter, and the table of variants.
// Without a script it shows the first measurement, in the order of the study.
import type { StudyRecord } from '../../studies/record/study.js';
import { html, type Markup } from '../shared/markup.js';
import type { Rows } from '../shared/rows.js';
import { describeMeasurement, measurementsOf, type Selection } from '../shared/selection.js';
import { shownColumns, variantsTable } from '../shared/variants-table.js';

export function tableSection(record: StudyRecord, selection: Selection, { rows }: Rows): Markup {
  const measurements = measurementsOf(record);
  return html`<section aria-labelledby="variants"><h2 id="variants">Variants</h2>
<form class="choices" id="choices">
<label>Measured <select id="measurement">${measurements.map(
    (each, n) =>
      html`<option value="${n}"${n === selection.measurement && html` selected`}>${describeMeasurement(record, each)}</option>`,
  )}</select></label>
<label>Base <select id="base">${record.variants.map(
    ({ name }) => html`<option value="${name}"${name === selection.base && html` selected`}>${name}</option>`,
  )}</select></label>
<label>Filter <input id="filter" type="search" placeholder="name, setting or verdict" autocomplete="off"></label>
</form>
<p id="count" class="note" role="status"></p>
<figure id="table" class="figure wide" aria-labelledby="variants"><div class="scroll" id="variants-table" tabindex="0" role="region" aria-label="Table of variants">${variantsTable(rows, shownColumns(rows), selection)}</div>
<figcaption>Ratios are medians over rounds of the time divided by the base’s in the same round. “–” is a hole: it was not measured, or failed; hover it for the reason.</figcaption>
<div class="below"><div class="downloads" role="group" aria-label="Download the table"><button type="button" data-download="csv">CSV</button><button type="button" data-download="json">JSON</button><button type="button" data-download="study">study.json</button></div></div></figure>
</section>
`;
}
