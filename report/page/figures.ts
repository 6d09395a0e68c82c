// What figures do wherever they stand: write their numbers when these are opened, and save themselves when asked.
// The map has its own picture and table, which its view makes.
import { numbersTable } from '../shared/figure.js';
import { csvFile, jsonFile, rowsOfTable, save, svgFile } from './downloads.js';
import { fill } from './elements.js';
import type { MapView } from './heat/view.js';

export interface FigureHost {
  /** The heat maps of the page, where it has some. */
  readonly maps: () => MapView | undefined;
  /** Saves what no figure holds: the whole study. */
  readonly saveStudy?: () => void;
}

/** Listens to all figures of the document, also to those that come later. */
export function listenToFigures(host: FigureHost): void {
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('button[data-download]') : null;
    if (button) download(button, host);
  });
  document.addEventListener(
    'toggle',
    ({ target }) => {
      const figure = target instanceof Element && target.matches('.numbers') ? target.closest('figure') : null;
      if (figure !== null) writeStatements(figure);
    },
    true,
  );
}

/** The numbers of a graph are the statements of its nodes, which its picture has as tooltips. */
function writeStatements(figure: Element): void {
  const place = figure.querySelector('.numbers .scroll');
  const nodes = [...figure.querySelectorAll('svg.graph .node')];
  if (place === null || nodes.length === 0 || place.querySelector('table')) return;
  const rows = nodes.map((node) => [
    node.querySelector('text')?.textContent ?? '',
    node.querySelector('title')?.textContent ?? '',
  ]);
  fill(place, numbersTable({ label: 'Nodes', columns: ['Node', 'Statement'], rows }));
}

function download(button: HTMLElement, { maps, saveStudy }: FigureHost): void {
  const kind = button.dataset['download'];
  if (kind === 'study') {
    saveStudy?.();
    return;
  }
  const figure = button.closest('figure')!;
  if (kind === 'svg') {
    const picture = figure.id === 'map' ? maps()?.svg() : figure.querySelector<SVGElement>('.picture svg');
    if (picture) save(`${figure.id}.svg`, 'image/svg+xml', svgFile(picture));
    return;
  }
  if (figure.id === 'map') maps()?.writeNumbers();
  writeStatements(figure);
  const table = figure.querySelector<HTMLTableElement>('table.data');
  if (table === null) return;
  const rows = rowsOfTable(table);
  if (kind === 'csv') save(`${figure.id}.csv`, 'text/csv', csvFile(rows));
  else save(`${figure.id}.json`, 'application/json', jsonFile(rows));
}
