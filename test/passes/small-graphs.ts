// Small graphs as text, and what a pass makes of them: for the tests of the shapes that passes leave.
import { type Graph, type Node, parse, print, topological, verify } from '../../src/ir/index.js';
import { passes } from '../../src/passes/index.js';

const inputs = `graph g
tensor q[b, h:4, i, d:2]: queries
tensor k[b, h:4, j, d:2]: keys
tensor v[b, h:4, j, d:2]: values
tensor w[h:4]: parameter
tensor theta[h:4, x:3]: parameter
tensor document[b, p]: integers
dot %1[b, h:4, i, j] = q · k
`;

export const graphOf = (nodes: string): Graph => {
  const graph = parse(inputs + nodes);
  verify(graph);
  return graph;
};

/** The statements after the scores, as the named pass leaves them. */
export function resultOf(name: string, nodes: string): string {
  const pass = passes.find((each) => each.name === name)!;
  const graph = pass.run(graphOf(nodes));
  verify(graph);
  return print(graph)
    .split('\n')
    .filter((line) => !/^(graph|tensor|output|dot|$)/.test(line))
    .join('\n');
}

export const lines = (...all: readonly string[]): string => all.join('\n');
export const node = (graph: Graph, label: string): Node => topological(graph).find((each) => each.label === label)!;
