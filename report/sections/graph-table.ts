// The statements of a score graph as a table: what its picture is drawn from, for those who read or cannot see it.
// Long statements are whole here.
import { dependencies, type Graph, nameNodes, printNode, topological } from '../../src/ir/index.js';
import { numbersTable } from '../shared/figure.js';
import type { Markup } from '../shared/markup.js';

export function graphTable(graph: Graph): Markup {
  const names = nameNodes(graph);
  return numbersTable({
    label: 'Nodes',
    columns: ['Node', 'Statement', 'Reads'],
    rows: topological(graph).map((node) => [
      names.get(node)!,
      printNode(node, names),
      dependencies(node)
        .map((each) => names.get(each))
        .join(', '),
    ]),
  });
}
