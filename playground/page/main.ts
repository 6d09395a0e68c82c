// The page of the playground: one state, kept in the address; what changes it, and what follows each part of it.
// The compiler is a worker; a second one answers the editor, so that typing never waits for a compilation.
import { save } from '../../report/page/downloads.js';
import { element, fill } from '../../report/page/elements.js';
import { listenToFigures } from '../../report/page/figures.js';
import { html } from '../../report/shared/markup.js';
import { SENTENCE } from '../../report/shared/sentence.js';
import { type Opened, type PanelAnswer, type PanelName, panelNames } from '../shared/protocol.js';
import { firstState, type PlaygroundState, readHash, writeHash } from '../shared/state.js';
import { callForm, withSize } from './call-form.js';
import { Client } from './client.js';
import { openEditor } from './editor.js';
import { settingsForm } from './form.js';
import { MapsPanel } from './maps.js';
import { marksMarkup } from './marks.js';
import { failureMarkup, panelHeading, panelMarkup, runMarkup, tabs } from './panels.js';

/** The texts of the examples by name, put there by the build. */
declare const HEDDLE_EXAMPLES: Readonly<Record<string, string>>;

/** Milliseconds without a key after which the spec is compiled. */
const PAUSE = 250;

const first = firstState(SENTENCE);
let state = await readHash(location.hash, first);
let opened: Opened | undefined;
/** The files of the panel, for its copy and download, and which of them is shown. */
let shown: PanelAnswer | undefined;
let file = 0;

const textOf = ({ text, example }: PlaygroundState): string =>
  text !== '' ? text : (HEDDLE_EXAMPLES[example] ?? HEDDLE_EXAMPLES['mta']!);

const compiler = new Client('worker.js');
let assistant: Client | undefined;
/** The editor's own compiler loads when the first spec is there. */
const assistantOf = (): Client => {
  assistant ??= new Client('worker.js');
  return assistant;
};

const say = (text: string): void => {
  element('status').textContent = text;
};

// ── State ───────────────────────────────────────────────────────────────────────────────────────────

let writing: Promise<unknown> = Promise.resolve();
/** The hash that this page wrote last: hearing of it is no news. */
let written = location.hash;

function change(changes: Partial<PlaygroundState>): void {
  state = { ...state, ...changes };
  const wanted = state;
  writing = writing.then(async () => {
    if (wanted !== state) return;
    const hash = await writeHash(wanted, first);
    if (wanted !== state) return;
    written = hash;
    history.replaceState(null, '', hash || `${location.pathname}${location.search}`);
  });
}

const maps = new MapsPanel(
  () => state.map,
  (map) => change({ map }),
);
listenToFigures({ maps: () => (state.panel === 'maps' ? maps.view : undefined) });

// ── The spec ────────────────────────────────────────────────────────────────────────────────────────

const editor = openEditor(element('editor'), textOf(state), {
  changed: (text) => {
    change({ text: text === HEDDLE_EXAMPLES[state.example] ? '' : text });
    soon();
  },
  complete: (text, position, isExplicit) => assistantOf().ask({ kind: 'complete', text, position, isExplicit }),
  hover: (text, position) => assistantOf().ask({ kind: 'hover', text, position }),
});

let pause: ReturnType<typeof setTimeout> | undefined;
function soon(): void {
  clearTimeout(pause);
  pause = setTimeout(() => void open(), PAUSE);
}

async function open(): Promise<void> {
  clearTimeout(pause);
  say('Compiling…');
  const { settings } = state;
  try {
    const answer = await compiler.ask({ kind: 'open', text: textOf(state), export: state.export, settings });
    if (answer === undefined) return;
    opened = answer;
    showOpened(answer);
    if (answer.spec === undefined) say('The spec does not compile; what is below is of the last one that did.');
    else await showPanel();
  } catch (error) {
    say((error as Error).message);
  }
}

function showOpened({ marks, exports, settings, spec }: Opened): void {
  editor.mark(marks);
  fill(element('marks'), marksMarkup(marks));
  element('exports').hidden = exports.length < 2;
  const chosen = spec?.name ?? state.export;
  fill(
    element('export'),
    html`${exports.map((name) => html`<option${name === chosen && html` selected`}>${name}</option>`)}`,
  );
  // A person who is typing into a field keeps it.
  if (spec !== undefined && !element('settings').contains(document.activeElement)) {
    fill(element('settings'), settingsForm(settings));
  }
}

// ── The panel ───────────────────────────────────────────────────────────────────────────────────────

const panel = element('panel');

function drawTabs(): void {
  fill(element('tabs'), tabs(panelNames, state.panel));
  panel.setAttribute('aria-labelledby', `tab-${state.panel}`);
  fill(element('call'), callForm(state));
}

async function showPanel(): Promise<void> {
  if (opened?.spec === undefined) return;
  const { panel: name, shape, dtype } = state;
  say('Compiling…');
  panel.setAttribute('aria-busy', 'true');
  const began = performance.now();
  try {
    const isShown = await shownPanel(name, shape, dtype);
    if (isShown && state.panel === name) {
      say(`${opened.spec.name}: ready after ${((performance.now() - began) / 1000).toFixed(1)} s`);
      panel.removeAttribute('aria-busy');
      document.documentElement.dataset['shown'] = name;
    }
  } catch (error) {
    fill(panel, failureMarkup((error as Error).message));
    say('There is nothing to show.');
    panel.removeAttribute('aria-busy');
  }
}

/** Asks for a panel and puts it in; false where another has been asked for meanwhile. */
async function shownPanel(
  name: PanelName,
  shape: PlaygroundState['shape'],
  dtype: PlaygroundState['dtype'],
): Promise<boolean> {
  if (name === 'maps') {
    const showing = await compiler.ask({ kind: 'maps', tokens: tokensOf(state.sentence) });
    if (showing === undefined || state.panel !== name) return false;
    maps.show(panel, showing);
    return true;
  }
  if (name === 'run') {
    fill(
      panel,
      html`${panelHeading(name)}<p>Compiles the spec for this browser’s WebGPU, runs it on random tensors, holds every output to the float64 interpreter, and times it at the shape above.</p>`,
    );
    return true;
  }
  const answer = await compiler.ask({ kind: 'panel', panel: name, shape, dtype });
  if (answer === undefined || state.panel !== name) return false;
  shown = answer;
  fill(panel, html`${panelHeading(name)}${panelMarkup(answer, file)}`);
  return true;
}

const tokensOf = (sentence: string): readonly string[] => {
  const tokens = sentence.trim().split(/\s+/).filter(Boolean);
  return tokens.length === 0 ? ['·'] : tokens;
};

async function run(): Promise<void> {
  const { shape, dtype } = state;
  say('Running…');
  try {
    const answer = await compiler.ask({ kind: 'run', shape, dtype }, say);
    if (answer === undefined || state.panel !== 'run') return;
    fill(panel, html`${panelHeading('run')}${runMarkup(answer)}`);
    say(answer.failure === undefined ? 'Done.' : 'It could not be run.');
    document.documentElement.dataset['ran'] = String(answer.passed ?? 'no');
  } catch (error) {
    fill(panel, failureMarkup((error as Error).message));
    say('It could not be run.');
  }
}

// ── What a person does ──────────────────────────────────────────────────────────────────────────────

function choose(name: PanelName, isFocused = false): void {
  if (name === state.panel) return;
  file = 0;
  change({ panel: name });
  drawTabs();
  if (isFocused) element(`tab-${name}`).focus();
  void showPanel();
}

element('tabs').addEventListener('click', ({ target }) => {
  const name = target instanceof Element ? target.closest<HTMLElement>('[data-panel]')?.dataset['panel'] : undefined;
  const found = panelNames.find((each) => each === name);
  if (found !== undefined) choose(found, true);
});

element('tabs').addEventListener('keydown', (event) => {
  const at = panelNames.indexOf(state.panel);
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1 + panelNames.length,
    Home: 0,
    End: panelNames.length - 1,
  };
  const move = moves[event.key];
  if (move === undefined) return;
  event.preventDefault();
  choose(panelNames[move % panelNames.length]!, true);
});

element('example').addEventListener('change', ({ target }) => {
  const example = (target as HTMLSelectElement).value;
  change({ example, text: '', export: '', settings: {} });
  editor.write(textOf(state));
  void open();
});

element('export').addEventListener('change', ({ target }) => {
  change({ export: (target as HTMLSelectElement).value, settings: {} });
  void open();
});

element('settings').addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
  const name = target.dataset['setting']!;
  const first = opened?.settings.find((each) => each.name === name)?.default;
  const { [name]: _, ...others } = state.settings;
  change({ settings: target.value === first ? others : { ...others, [name]: target.value } });
  soon();
});

for (const id of ['settings', 'call']) element(id).addEventListener('submit', (event) => event.preventDefault());

element('call').addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
  if (target.id === 'sentence') change({ sentence: target.value });
  else if (target.id === 'dtype') change({ dtype: target.value === 'f16' ? 'f16' : 'f32' });
  else {
    const shape = withSize(state.shape, target.dataset['size'] ?? '', target.value);
    target.setAttribute('aria-invalid', String(shape === undefined));
    if (shape === undefined) return;
    change({ shape });
  }
  if (state.panel === 'run') return;
  clearTimeout(pause);
  pause = setTimeout(() => void showPanel(), PAUSE);
});

element('call').addEventListener('click', ({ target }) => {
  if (target instanceof Element && target.id === 'run') void run();
});

element('marks').addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-mark]') : null;
  const place = opened?.marks[Number(button?.dataset['mark'])]?.place;
  if (place !== undefined) editor.goTo(place);
});

panel.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLSelectElement) || target.id !== 'file' || shown === undefined) return;
  file = Number(target.value);
  fill(panel, html`${panelHeading(state.panel)}${panelMarkup(shown, file)}`);
  element('file').focus();
});

panel.addEventListener('click', ({ target }) => {
  const id = target instanceof Element ? target.id : '';
  const chosen = shown !== undefined && 'files' in shown ? (shown.files[file] ?? shown.files[0]) : undefined;
  if (chosen === undefined) return;
  if (id === 'download') save(chosen.name, 'text/plain', chosen.text);
  if (id === 'copy') void copy(chosen.text, `Copied ${chosen.name}.`);
});

async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    say('This browser does not let the page copy: the address bar and the text can be copied by hand.');
  }
}

element('share').addEventListener('click', async () => {
  await writing;
  await copy(location.href, 'Copied the link: it opens to what you see.');
});

addEventListener('hashchange', async () => {
  if (location.hash === written) return;
  written = location.hash;
  state = await readHash(location.hash, first);
  editor.write(textOf(state));
  show();
});

// ── The beginning ───────────────────────────────────────────────────────────────────────────────────

fill(element('example'), html`${Object.keys(HEDDLE_EXAMPLES).map((name) => html`<option>${name}</option>`)}`);

function show(): void {
  element<HTMLSelectElement>('example').value = state.example;
  document.documentElement.classList.toggle('embedded', state.isEmbedded);
  fill(element('settings'), html``);
  drawTabs();
  void open();
}

document.documentElement.dataset['ready'] = 'true';
show();
