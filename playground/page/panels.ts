// What a tab shows of an answer: markup as it came, files with a choice, a copy and a download, the results of a run.
// Every text of a spec and of a file is put in through `html`.
import { numbersTable } from '../../report/shared/figure.js';
import { html, type Markup, nothing, written } from '../../report/shared/markup.js';
import type { EmittedText, PanelAnswer, PanelName, RunAnswer } from '../shared/protocol.js';

export const panelTitles: Readonly<Record<PanelName, string>> = {
  maps: 'Maps',
  graph: 'Graph',
  cost: 'Footprint and cost',
  schedule: 'Schedule',
  wgsl: 'WGSL',
  cuda: 'CUDA',
  torch: 'PyTorch',
  run: 'Run',
};

/** For those who go from heading to heading: who sees the tabs needs none. */
export const panelHeading = (name: PanelName): Markup => html`<h2 class="unseen">${panelTitles[name]}</h2>`;

export const tabs = (names: readonly PanelName[], shown: PanelName): Markup =>
  html`${names.map(
    (name) =>
      html`<button type="button" role="tab" id="tab-${name}" data-panel="${name}" aria-controls="panel" aria-selected="${String(name === shown)}" tabindex="${name === shown ? 0 : -1}">${panelTitles[name]}</button>`,
  )}`;

export function panelMarkup(answer: PanelAnswer, file: number): Markup {
  if ('markup' in answer) return written(answer.markup);
  if ('failure' in answer) return failureMarkup(answer.failure);
  return filesMarkup(answer.files, file);
}

export const failureMarkup = (failure: string): Markup =>
  html`<p class="note">There is nothing to show:</p><pre tabindex="0" role="region" aria-label="Why there is nothing to show">${failure}</pre>`;

function filesMarkup(files: readonly EmittedText[], chosen: number): Markup {
  const shown = files[chosen] ?? files[0];
  if (shown === undefined) return nothing;
  const at = files.indexOf(shown);
  return html`<div class="choices"><label>File <select id="file">${files.map(
    ({ name }, n) => html`<option value="${n}"${n === at && html` selected`}>${name}</option>`,
  )}</select></label><span class="file-size">${kilobytes(shown.text)}</span><button type="button" id="copy">Copy</button><button type="button" id="download">Download</button></div>
<pre class="code" tabindex="0" role="region" aria-label="${shown.name}">${shown.text}</pre>`;
}

const kilobytes = (text: string): string => `${(new TextEncoder().encode(text).length / 1000).toFixed(1)} kB`;

export function runMarkup({ device, hasDevice, passed, table, failure }: RunAnswer): Markup {
  const [columns, ...rows] = table;
  const verdict =
    passed === undefined
      ? nothing
      : html`<p><strong>${passed ? 'All cases agree with the interpreter.' : 'Some cases differ from the interpreter.'}</strong></p>`;
  return html`<p>${hasDevice ? html`On ${device}.` : html`There is no WebGPU to run on: ${device}`}</p>${verdict}${
    columns &&
    html`<div class="scroll" tabindex="0" role="region" aria-label="Results">${numbersTable({ label: 'Results', columns, rows })}</div>`
  }${failure === undefined ? nothing : html`<pre tabindex="0" role="region" aria-label="What went wrong">${failure}</pre>`}`;
}
