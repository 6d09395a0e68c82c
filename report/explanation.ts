// Specs by themselves, as `heddle explain --html` draws them: what they read, their graphs before and after each pass, schedule
// and cost as text, and their scores on a short text. The same pictures as in the report of a study.
import { type Graph, print } from '../src/ir/index.js';
import { optimise } from '../src/passes/index.js';
import { documentText, inDocument } from './document.js';
import { graphPicture } from './pictures/graph-picture.js';
import { type NamedGraph, type ShowingRequest, showingOf } from './pictures/showing.js';
import { mapsSection } from './sections/maps.js';
import { pictures, scrolled } from './sections/variant-sections.js';
import { figure } from './shared/figure.js';
import { html, type Markup, nothing } from './shared/markup.js';
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

interface Step {
  readonly pass: string;
  readonly before: Graph;
  readonly after: Graph;
}

/** The graph before and after each pass that changes its text. */
function stepsOf(graph: Graph): readonly Step[] {
  const steps: Step[] = [];
  let before = graph;
  optimise(graph, {
    onPass: ({ name }, after) => {
      if (print(after) !== print(before)) steps.push({ pass: name, before, after });
      before = after;
    },
  });
  return steps;
}

function passSteps(graph: Graph, id: string, name: string): Markup {
  const steps = stepsOf(graph);
  if (steps.length === 0) return nothing;
  const picture = (of: Graph, title: string): Markup => scrolled(graphPicture(of, title), title);
  return html`<h3>After each pass</h3>
${steps.map(
  ({ pass, before, after }, n) => html`<details class="variant"><summary>${pass}</summary><div class="pictures">${[
    ['before', before] as const,
    ['after', after] as const,
  ].map(([when, of]) =>
    figure({
      id: `${id}-pass-${n}-${when}`,
      title: `${when} ${pass}`,
      of: `${name}, step ${n + 1}`,
      caption: `The graph ${when} the pass.`,
      picture: picture(of, `${name} ${when} ${pass}, step ${n + 1}`),
    }),
  )}</div></details>
`,
)}`;
}
