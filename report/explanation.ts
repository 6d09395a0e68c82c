// Specs by themselves, as `heddle explain --html` draws them: what they read, their graphs before and after each pass, schedule
// and cost as text, and their scores on a short text. The same pictures as in the report of a study.
import { documentText, inDocument } from './document.js';
import { type NamedGraph, type ShowingRequest, showingOf } from './pictures/showing.js';
import { mapsSection } from './sections/maps.js';
import { passSteps } from './sections/pass-steps.js';
import { pictures } from './sections/variant-sections.js';
import { html, type Markup } from './shared/markup.js';
import type { PageData } from './shared/page-data.js';

export interface ExplainedSpec extends NamedGraph {
  /** What is said of it in words: schedule, cost, footprints. Each text is laid out in lines. */
  readonly facts: readonly { readonly title: string; readonly text: string }[];
}

/** One HTML file for the specs of a file; `origin` says which file and command it is of. */
export function renderExplanation(
  specs: readonly ExplainedSpec[],
  origin: string,
  showing: ShowingRequest = {},
): string {
  const named = specs.map((spec) => ({ ...spec, name: inDocument(spec.name) }));
  const data: PageData = { sources: [], sourceOf: [], pictures: [], showing: inDocument(showingOf(named, showing)) };
  const content = html`<main><header><h1>${named.map(({ name }) => name).join(', ')}</h1>
<p><code class="command">${origin}</code></p></header>
${named.map(specSection)}
${mapsSection(data.showing, false)}
</main>`;
  return documentText({ title: `${named.map(({ name }) => name).join(', ')}: explained`, content, data });
}

function specSection({ name, graph, facts }: ExplainedSpec, n: number): Markup {
  const id = `spec-${n}`;
  const settings = Object.entries(graph.settings);
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>
${graph.formula && html`<p class="formula">${graph.formula}</p>`}${graph.paper && html`<p class="note">${graph.paper}</p>`}
<dl class="settings">${settings.map(([setting, value]) => html`<div><dt>${setting}</dt><dd>${String(value)}</dd></div>`)}</dl>
${pictures(graph, id, name)}
${passSteps(graph, id, name)}
${facts.map(
  ({
    title,
    text,
  }) => html`<details${title.startsWith('schedule') && html` open`}><summary>${title}</summary><pre tabindex="0">${text}</pre></details>
`,
)}</section>
`;
}
