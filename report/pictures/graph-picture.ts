// A score graph as a picture: nodes in layers (dagre), inputs above, outputs below, each node linked to the stage it belongs to.
// The full statement of a node is its tooltip.
import { Graph as Layout, layout } from '@dagrejs/dagre';
import { curveBasis, line } from 'd3-shape';
import { dependencies, type Graph, type Node, nameNodes, printNode, topological } from '../../src/ir/index.js';
import { CHARACTER, shortened } from '../shared/charts/marks.js';
import { html, type Markup, nothing } from '../shared/markup.js';
import { type Stage, stagesOf } from './stages.js';

const HEIGHT = 26;
const LONGEST = 190;

/** `variant` is what hovering a node shows the stage of; without one the picture stands for itself. */
export function graphPicture(graph: Graph, title: string, variant?: string): Markup {
  const nodes = topological(graph).filter((node) => node.op !== 'tensor' || isRead(graph, node));
  const names = nameNodes(graph);
  const stages = stagesOf(graph);
  const texts = new Map(nodes.map((node) => [node, shortened(textOf(node, names, stages), LONGEST)]));
  const places = placesOf(graph, nodes, texts);
  const [width, height] = [Math.ceil(places.width), Math.ceil(places.height)];
  const outputs = new Map(graph.outputs.map(({ name, node }) => [node, name]));
  const drawn = nodes.map((node): Markup => {
    const { x, y, width: wide } = places.nodes.get(node)!;
    const stage = stages.findIndex(({ members }) => members.includes(node));
    const isLinked = variant !== undefined && stage >= 0;
    const output = outputs.get(node);
    const statement = shortenedStatement(printNode(node, names));
    const kind = node.op === 'tensor' ? 'input' : stage >= 0 ? 'scores' : 'other';
    const link = isLinked
      ? html` tabindex="0" role="button" data-stage="${stage}" aria-label="Show ${stages[stage]!.title}: ${texts.get(node)}"`
      : nothing;
    return html`<g class="node ${kind}"${link}><title>${statement}</title><rect x="${Math.round(x - wide / 2)}" y="${Math.round(y - HEIGHT / 2)}" width="${Math.round(wide)}" height="${HEIGHT}" rx="${node.op === 'tensor' ? HEIGHT / 2 : 3}"/><text x="${Math.round(x)}" y="${Math.round(y + 4)}">${texts.get(node)}${output !== undefined && `: ${output}`}</text></g>`;
  });
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="chart graph" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="${title}"${variant !== undefined && html` data-of="${variant}"`}>${places.edges.map((path) => html`<path class="edge" d="${path}"/>`)}${drawn}</svg>`;
}

const isRead = (graph: Graph, tensor: Node): boolean =>
  topological(graph).some((node) => node !== tensor && dependencies(node).includes(tensor));

const LONGEST_STATEMENT = 2000;
const shortenedStatement = (text: string): string =>
  text.length <= LONGEST_STATEMENT ? text : `${text.slice(0, LONGEST_STATEMENT)}…`;

/** What a node does, in few words: what the stage is called where it begins one. */
function textOf(node: Node, names: ReadonlyMap<Node, string>, stages: readonly Stage[]): string {
  const named = (text: string): string => (node.label === undefined ? text : `${node.label} = ${text}`);
  const begun = stages.find(({ members }) => members[0] === node);
  switch (node.op) {
    case 'tensor':
      return names.get(node)!;
    case 'dot':
      return named(`${names.get(node.x)} · ${names.get(node.y)}`);
    case 'contract':
      return named(`${weightsName(node.weights, names, stages)} · ${names.get(node.operand)}`);
    case 'fill':
      return named(`hidden = ${node.otherwise === Number.NEGATIVE_INFINITY ? '−∞' : node.otherwise}`);
    case 'reduce':
      return named(`${node.monoid} over ${node.over.map(({ variable }) => variable).join(', ')}`);
    case 'map':
      return named(begun?.title ?? (stages.some(({ members }) => members.includes(node)) ? 'scaled' : 'by row'));
    case 'rowmap':
      return named('by feature');
    case 'bin':
      return named('gathered');
  }
}

const weightsName = (node: Node, names: ReadonlyMap<Node, string>, stages: readonly Stage[]): string =>
  stages.find(({ value }) => value === node)?.title ?? names.get(node)!;

interface Places {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<Node, { readonly x: number; readonly y: number; readonly width: number }>;
  readonly edges: readonly string[];
}

function placesOf(graph: Graph, nodes: readonly Node[], texts: ReadonlyMap<Node, string>): Places {
  const drawing = new Layout({ multigraph: false });
  drawing.setGraph({ rankdir: 'TB', nodesep: 14, ranksep: 26, marginx: 4, marginy: 4 });
  drawing.setDefaultEdgeLabel(() => ({}));
  const idOf = new Map(nodes.map((node, n) => [node, String(n)]));
  const outputs = new Map(graph.outputs.map(({ name, node }) => [node, name]));
  for (const node of nodes) {
    const output = outputs.get(node);
    const letters = texts.get(node)!.length + (output === undefined ? 0 : output.length + 2);
    drawing.setNode(idOf.get(node)!, { width: letters * CHARACTER + 18, height: HEIGHT });
  }
  for (const node of nodes) {
    for (const source of dependencies(node)) drawing.setEdge(idOf.get(source)!, idOf.get(node)!);
  }
  layout(drawing);
  const path = line<{ readonly x: number; readonly y: number }>(
    ({ x }) => Math.round(x),
    ({ y }) => Math.round(y),
  )
    .curve(curveBasis)
    .digits(0);
  const { width = 0, height = 0 } = drawing.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: new Map(
      nodes.map((node) => {
        const place = drawing.node(idOf.get(node)!) as { x: number; y: number; width: number };
        return [node, place];
      }),
    ),
    edges: drawing
      .edges()
      .map(
        (edge: { v: string; w: string }) =>
          path((drawing.edge(edge) as { points: { x: number; y: number }[] }).points) ?? '',
      ),
  };
}
