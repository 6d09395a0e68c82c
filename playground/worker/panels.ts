// What each tab shows of a score graph: pictures and facts as markup, kernels as files. The same pictures and texts as those
// of `heddle explain --html` and `heddle compile`.
import { type Explanation, explainGraph } from '../../driver/explain.js';
import { type ExplanationSection, explanationSections } from '../../driver/explanation-text.js';
import { type TargetName, targetNamed } from '../../driver/targets.js';
import { passSteps } from '../../report/sections/pass-steps.js';
import { pictures } from '../../report/sections/variant-sections.js';
import { html, type Markup } from '../../report/shared/markup.js';
import type { Graph } from '../../src/ir/index.js';
import type { PanelAnswer, PanelRequest } from '../shared/protocol.js';

type Panels = Readonly<Record<PanelRequest['panel'], (graph: Graph, request: PanelRequest) => Promise<PanelAnswer>>>;

const panels: Panels = {
  graph: async (graph) => ({
    markup: html`${pictures(graph, 'graph', graph.name)}${passSteps(graph, 'graph', graph.name)}`.text,
  }),
  cost: async (graph, request) => factsPanel(explained(graph, request), (title) => !isOfSchedule(title)),
  schedule: async (graph, request) => factsPanel(explained(graph, request), isOfSchedule),
  wgsl: async (graph, { dtype }) => emitted(graph, 'wgsl', { dtype }),
  cuda: async (graph, { dtype }) => emitted(graph, 'cuda', { dtype }),
  torch: async (graph) => emitted(graph, 'torch', {}),
};

/** @throws HeddleError where a target or a shape refuses the spec */
export const panelOf = (graph: Graph, request: PanelRequest): Promise<PanelAnswer> =>
  panels[request.panel](graph, request);

/** The explanation that was asked for last: two tabs show parts of one. */
let last: { readonly graph: Graph; readonly key: string; readonly explanation: Explanation } | undefined;

function explained(graph: Graph, { shape, dtype }: PanelRequest): Explanation {
  const key = JSON.stringify([shape, dtype]);
  if (last?.graph !== graph || last.key !== key) {
    const explanation = explainGraph(graph, { shape, kernels: { target: 'wgsl', dtype } });
    last = { graph, key, explanation };
  }
  return last.explanation;
}

const isOfSchedule = (title: string): boolean => title.startsWith('schedule') || title === 'tile program';

function factsPanel(explanation: Explanation, isWanted: (title: string) => boolean): PanelAnswer {
  const sections = explanationSections(explanation).filter(({ kind, title }) => kind === 'facts' && isWanted(title));
  return { markup: html`${sections.map(factSection)}`.text };
}

const factSection = ({ title, text }: ExplanationSection): Markup =>
  html`<h3>${title}</h3><pre tabindex="0" role="region" aria-label="${title}">${text}</pre>`;

async function emitted(
  graph: Graph,
  name: TargetName,
  options: { readonly dtype?: PanelRequest['dtype'] },
): Promise<PanelAnswer> {
  const files = await targetNamed(name).emit(graph, options);
  return { files: files.map(([file, text]) => ({ name: file, text })) };
}
