// The graph of a spec before and after each pass that changes it, as pictures that open one by one.
// For documents and for pages that draw them anew while a person types.
import { type Graph, print } from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';
import { graphPicture } from '../pictures/graph-picture.js';
import { figure } from '../shared/figure.js';
import { html, type Markup, nothing } from '../shared/markup.js';
import { scrolled } from './variant-sections.js';

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

/** `id` is unique in the document. */
export function passSteps(graph: Graph, id: string, name: string): Markup {
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
