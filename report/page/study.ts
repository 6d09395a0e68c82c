// What a page makes of a study: the table, and the figures that follow the base, the measurement, the order and the filter.
// It draws by the same functions that wrote the document.

import type { StudyRecord } from '../../studies/record/study.js';
import { html, type Markup } from '../shared/markup.js';
import { rowsOf } from '../shared/rows.js';
import { type LiveFigure, liveFiguresOf, type StudyView } from '../shared/study-figures.js';
import { shownColumns, variantsTable } from '../shared/variants-table.js';
import { element, fill, onWidth, refill } from './elements.js';
import type { PageState } from './state.js';

export class StudyPage {
  private readonly record: StudyRecord;
  private readonly state: () => PageState;
  private readonly figures: readonly LiveFigure[];
  private readonly widths = new Map<string, number>();

  constructor(record: StudyRecord, state: () => PageState, change: (changes: Partial<PageState>) => void) {
    this.record = record;
    this.figures = liveFiguresOf(record);
    this.state = state;
    this.listen(change);
    for (const { id } of this.figures) {
      const place = document.getElementById(id)?.querySelector('.picture');
      if (!place) continue;
      onWidth(place, (width) => {
        this.widths.set(id, width);
        this.drawFigure(id);
      });
    }
  }

  draw(): void {
    const state = this.state();
    const { rows } = rowsOf(this.record, state);
    // Columns do not come and go with the filter.
    const all = rowsOf(this.record, { ...state, filter: '' }).rows;
    refill(element('variants-table'), variantsTable(rows, shownColumns(all), state), ({ dataset }) =>
      dataset['sort'] !== undefined
        ? `[data-sort="${CSS.escape(dataset['sort'])}"]`
        : dataset['base'] !== undefined
          ? `[data-base="${CSS.escape(dataset['base'])}"]`
          : undefined,
    );
    element('count').textContent =
      rows.length === this.record.variants.length ? '' : `${rows.length} of ${this.record.variants.length} variants`;
    element<HTMLSelectElement>('base').value = state.base;
    element<HTMLSelectElement>('measurement').value = String(state.measurement);
    const filter = element<HTMLInputElement>('filter');
    if (filter.value !== state.filter) filter.value = state.filter;
    const kept = new Set(rows.map(({ variant }) => variant.name));
    for (const section of document.querySelectorAll<HTMLElement>('details.variant')) {
      section.hidden = !kept.has(section.dataset['variant'] ?? '');
    }
    for (const { id } of this.figures) this.drawFigure(id);
  }

  private drawFigure(id: string): void {
    const figure = this.figures.find((each) => each.id === id);
    const [place, width] = [document.getElementById(id), this.widths.get(id)];
    if (figure === undefined || place === null || width === undefined) return;
    const view: StudyView = { record: this.record, selection: this.state(), rows: rowsOf(this.record, this.state()) };
    const put = (selector: string, content: Markup): void => fill(place.querySelector(selector)!, content);
    put('.picture', figure.picture(view, width));
    put('figcaption', html`${figure.caption(view)}`);
    put('.numbers .scroll', figure.table(view));
  }

  private listen(change: (changes: Partial<PageState>) => void): void {
    element('choices').addEventListener('submit', (event) => event.preventDefault());
    element<HTMLSelectElement>('base').addEventListener('change', ({ target }) =>
      change({ base: (target as HTMLSelectElement).value }),
    );
    element<HTMLSelectElement>('measurement').addEventListener('change', ({ target }) =>
      change({ measurement: Number((target as HTMLSelectElement).value) }),
    );
    element<HTMLInputElement>('filter').addEventListener('input', ({ target }) =>
      change({ filter: (target as HTMLInputElement).value }),
    );
    element('variants-table').addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>('button') : null;
      const { sort, base } = button?.dataset ?? {};
      if (base !== undefined) change({ base });
      if (sort !== undefined) change(this.nextOrder(sort));
    });
  }

  /** A column in ascending order, then in descending, then the order of the study again. */
  private nextOrder(column: string): Partial<PageState> {
    const { sort, descending } = this.state();
    if (sort !== column) return { sort: column, descending: false };
    return descending ? { sort: 'study', descending: false } : { descending: true };
  }
}
