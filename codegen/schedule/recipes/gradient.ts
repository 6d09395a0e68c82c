// The kernels of gradients: those of queries are owned by rows, those of keys and values by keys, each of its own sweep over
// the scores. No kind of schedule takes it by itself yet: targets lay out tiles whose rows are queries.

import type { Graph, Node } from '../../../src/ir/index.js';
import type { Launch } from '../../tile/program.js';
import { kernelsOf } from '../kernel/kernel.js';
import { withInputs } from '../partition/cut.js';
import { wholePass } from '../partition/passes.js';
import { keySpace, rowsOverKeys, type Sweep } from '../plan/space.js';
import { launched, type Recipe } from './recipe.js';

/** @param direction in which keys sweep their rows */
export const gradient = (direction: Sweep['direction'] = 1): Recipe => ({
  onRequest: true,
  launches: (part) => {
    const [rows, keys] = [ownedBy(part.graph, true), ownedBy(part.graph, false)];
    const ofKeys = keys.flatMap((graph) => kernelsOf(graph, keySpace(part.sizes, direction), part.buffers));
    return [...launched(rows.map(wholePass), part), ...ofKeys.map((kernel): Launch => ({ launch: 'kernel', kernel }))];
  },
  words: { name: 'gradients', is: 'do not serve', does: 'do' },
  reason: () => 'rows own the gradients of queries, keys those of keys and values: nothing is added up between blocks',
});

/** The part of a graph whose outputs are of rows, or of none; nothing where there are no such outputs. */
function ownedBy(graph: Graph, rows: boolean): readonly Graph[] {
  const isOfRows = ({ domain }: Node): boolean => domain.some(({ kind }) => kind === rowsOverKeys.owned);
  const outputs = graph.outputs.filter(({ node }) => isOfRows(node) === rows);
  if (outputs.length === 0) return [];
  const name = outputs.length === graph.outputs.length ? graph.name : `${graph.name}_${outputs[0]!.name}`;
  return [withInputs({ ...graph, name, outputs }, graph, [])];
}
