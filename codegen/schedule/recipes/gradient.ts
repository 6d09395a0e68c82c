// The kernels of gradients: rows own those of queries, keys those of keys and values, and nobody those of parameters, whose shares
// are joined. No kind of schedule takes it by itself yet: targets lay out tiles whose rows are queries.

import type { Graph, Node } from '../../../src/ir/index.js';
import type { Launch } from '../../tile/program.js';
import { kernelsOf } from '../kernel/kernel.js';
import { withInputs } from '../partition/cut.js';
import { wholePass } from '../partition/passes.js';
import { keySpace, noSpace, rowsOverKeys, type Sweep } from '../plan/space.js';
import type { ScoreAxis } from '../reads/score-reads.js';
import { launched, type Recipe } from './recipe.js';

/** @param direction in which keys sweep their rows */
export const gradient = (direction: Sweep['direction'] = 1): Recipe => ({
  onRequest: true,
  launches: (part) => {
    const { graph, sizes, buffers } = part;
    const rows = ownedBy(graph, rowsOverKeys.owned).map(wholePass);
    const kernels = [
      ...ownedBy(graph, rowsOverKeys.swept).flatMap((each) => kernelsOf(each, keySpace(sizes, direction), buffers)),
      ...ownedBy(graph, undefined).flatMap((each) => kernelsOf(each, noSpace(sizes, SHARES), buffers)),
    ];
    return [...launched(rows, part), ...kernels.map((kernel): Launch => ({ launch: 'kernel', kernel }))];
  },
  words: { name: 'gradients', is: 'do not serve', does: 'do' },
  reason: () => 'rows own the gradients of queries, keys those of keys and values: nothing is added up between blocks',
});

/** Into how many shares the rows are split for the gradients of parameters. */
const SHARES = 8;

/** The part of a graph whose outputs are of one axis, or of neither; nothing where there are no such outputs. */
function ownedBy(graph: Graph, axis: ScoreAxis | undefined): readonly Graph[] {
  const { owned, swept } = rowsOverKeys;
  const axisOf = ({ domain }: Node): ScoreAxis | undefined =>
    [owned, swept].find((each) => domain.some(({ kind }) => kind === each));
  const outputs = graph.outputs.filter(({ node }) => axisOf(node) === axis);
  if (outputs.length === 0) return [];
  const name = outputs.length === graph.outputs.length ? graph.name : `${graph.name}_${outputs[0]!.name}`;
  return [withInputs({ ...graph, name, outputs }, graph, [])];
}
