// The script of a report: reads the data of the document and makes its pictures follow what a reader chooses.
// It writes only Markup into the document, and the state of the page into the URL's hash.
import { written } from '../shared/markup.js';
import { firstSelection } from '../shared/selection.js';
import { unpacked } from './data.js';
import { save } from './downloads.js';
import { element, fill } from './elements.js';
import { listenToFigures } from './figures.js';
import { listenToMapChoices, showMapChoices } from './heat/choices.js';
import { Maps } from './heat/maps.js';
import { MapView } from './heat/view.js';
import { firstMapState, type PageState, readState, writeState } from './state.js';
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
  showMapChoices(state);
  maps.draw();
}

listenToMapChoices(change);

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

document.addEventListener(
  'toggle',
  ({ target }) => {
    if (target instanceof Element && target.matches('.variant')) putPictures(target);
  },
  true,
);

listenToFigures({
  maps: () => maps,
  saveStudy: () => save('study.json', 'application/json', `${JSON.stringify(wholeRecord(), undefined, 1)}\n`),
});

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
