// The script of a report: reads the data of the document and makes its pictures follow what a reader chooses.
// It writes only Markup into the document, and the state of the page into the URL's hash.
import { numbersTable } from '../shared/figure.js';
import { written } from '../shared/markup.js';
import { firstSelection } from '../shared/selection.js';
import { unpacked } from './data.js';
import { csvFile, jsonFile, rowsOfTable, save, svgFile } from './downloads.js';
import { element, fill } from './elements.js';
import { Maps } from './heat/maps.js';
import { MapView } from './heat/view.js';
import { firstMapState, type MapState, type PageState, readState, writeState } from './state.js';
import { StudyPage } from './study.js';

const { record, showing, sources, sourceOf, pictures } = await unpacked(element('data').textContent ?? '');

const selection =
  record === undefined
    ? { measurement: 0, base: '', sort: 'study', descending: false, filter: '' }
    : firstSelection(record);
const first: PageState = { ...selection, ...firstMapState };
let state = readState(location.hash, first);

const study = record === undefined ? undefined : new StudyPage(record, () => state, change);
const indexOf = (name: string): number => showing.variants.findIndex((each) => each.name === name);
const maps = document.getElementById('map')
  ? new MapView(new Maps(showing), { state: () => state, change, base: () => indexOf(state.base) })
  : undefined;

/** The parts of the state that the study's table and charts do not follow. */
const ofMaps = new Set<string>(Object.keys(firstMapState));

function change(changes: Partial<PageState>): void {
  state = { ...state, ...changes };
  const { pathname, search } = location;
  history.replaceState(null, '', writeState(state, first) || `${pathname}${search}`);
  const isOfMapsAlone = Object.keys(changes).every((name) => ofMaps.has(name));
  if (!isOfMapsAlone) study?.draw();
  drawMaps();
}

function drawMaps(): void {
  if (maps === undefined) return;
  for (const [id, value] of mapChoices()) element<HTMLSelectElement>(id).value = value;
  maps.draw();
}

const mapChoices = (): readonly (readonly [string, string])[] =>
  (
    [
      ['map-variant', String(state.variant)],
      ['map-show', state.show],
      ['map-range', state.range],
      ['map-scale', state.scale],
    ] as const
  ).filter(([id]) => document.getElementById(id) !== null);

/** What choosing in the form of the maps changes. */
const choices: Readonly<Record<string, (value: string) => Partial<MapState>>> = {
  'map-variant': (value) => ({ variant: Number(value) }),
  'map-show': (value) => ({ show: value === 'difference' ? 'difference' : 'values' }),
  'map-range': (value) => ({ range: value === 'row' ? 'row' : 'stage' }),
  'map-scale': (value) => ({ scale: value === 'log' ? 'log' : 'linear' }),
};

document.getElementById('map-choices')?.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLSelectElement) change(choices[target.id]?.(target.value) ?? {});
});

// ── Across the page ─────────────────────────────────────────────────────────────────────────────────

/** Pointing at a variant anywhere lights it up everywhere; pointing at a node of a graph shows its stage. */
function point({ target }: Event): void {
  const at = target instanceof Element ? target : null;
  const variantAt = (place: Element | null): string | undefined =>
    place?.closest<HTMLElement>('tr[data-variant], g[data-variant]')?.dataset['variant'];
  // What has the focus stays lit while the mouse points at nothing.
  const name = variantAt(at) ?? variantAt(document.activeElement);
  for (const each of document.querySelectorAll<HTMLElement>('[data-variant]')) {
    each.classList.toggle('lit', name !== undefined && each.dataset['variant'] === name);
  }
  const node = at?.closest<SVGElement>('.node[data-stage]');
  const of = node?.closest<SVGElement>('svg')?.dataset['of'];
  if (node && of !== undefined) change({ variant: Math.max(0, indexOf(of)), stage: Number(node.dataset['stage']) });
}
document.addEventListener('pointerover', point);
document.addEventListener('focusin', point);

function press({ target }: Event): void {
  const at = target instanceof Element ? target : null;
  const source = at?.closest<HTMLElement>('button[data-source]')?.dataset['source'];
  const place = source === undefined ? null : document.getElementById(source);
  if (place instanceof HTMLDetailsElement) {
    place.open = true;
    place.scrollIntoView();
    place.querySelector('summary')?.focus();
  }
  if (at?.closest('.node[data-stage]')) element('maps').scrollIntoView();
  const button = at?.closest<HTMLElement>('button[data-download]');
  if (button) download(button);
}
document.addEventListener('click', press);
document.addEventListener('keydown', (event) => {
  const at = event.target instanceof Element ? event.target.closest('.node[data-stage]') : null;
  if (at === null || (event.key !== 'Enter' && event.key !== ' ')) return;
  event.preventDefault();
  element('maps').scrollIntoView();
});

/** Puts in the pictures of a variant that is opened for the first time. */
function putPictures(variant: Element): void {
  const place = variant.querySelector<HTMLElement>('[data-pictures]');
  const index = place?.dataset['pictures'];
  if (!place || index === undefined) return;
  delete place.dataset['pictures'];
  fill(place, written(pictures[Number(index)] ?? ''));
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

document.addEventListener(
  'toggle',
  ({ target }) => {
    if (target instanceof Element && target.matches('.variant')) putPictures(target);
    const figure = target instanceof Element && target.matches('.numbers') ? target.closest('figure') : null;
    if (figure !== null) writeStatements(figure);
  },
  true,
);

function download(button: HTMLElement): void {
  const figure = button.closest('figure')!;
  const kind = button.dataset['download'];
  if (kind === 'study') {
    save('study.json', 'application/json', `${JSON.stringify(wholeRecord(), undefined, 1)}\n`);
    return;
  }
  if (kind === 'svg') {
    const picture = figure.id === 'map' ? maps?.svg() : figure.querySelector<SVGElement>('.picture svg');
    if (picture) save(`${figure.id}.svg`, 'image/svg+xml', svgFile(picture));
    return;
  }
  if (figure.id === 'map') maps?.writeNumbers();
  writeStatements(figure);
  const table = figure.querySelector<HTMLTableElement>('table.data');
  if (table === null) return;
  const rows = rowsOfTable(table);
  if (kind === 'csv') save(`${figure.id}.csv`, 'text/csv', csvFile(rows));
  else save(`${figure.id}.json`, 'application/json', jsonFile(rows));
}

/** The record with the sources of its specs, which the data has once each. */
const wholeRecord = () => ({
  ...record,
  variants: record?.variants.map((variant, n) => ({
    ...variant,
    spec: { ...variant.spec, source: sources[sourceOf[n]!] },
  })),
});

addEventListener('hashchange', () => {
  state = readState(location.hash, first);
  study?.draw();
  drawMaps();
});

study?.draw();
drawMaps();
document.documentElement.dataset['ready'] = 'true';
