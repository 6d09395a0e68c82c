// The gradient of a stencil's kernel: for each tap, the sum over rows and keys of a value times the one that the tap reads. Of a
// value that has no taps, the sum over all of it.

import { type Expression, integer, substitute, variable } from '../../../../src/ir/index.js';
import { minus } from '../../../tile/scalars.js';
import type { HeadOf } from '../../plan/contributions.js';
import { axisFacts } from '../../plan/space.js';
import { type SumNode, summandOf } from '../../plan/sums.js';
import { added, type Fold, sum } from './fold.js';
import { aloneTile, indicesBefore, partAxes, tableAxes } from './table.js';

/** What counts the taps of a gram: the axes of its accumulator have names of their own. */
const TAP = 'tap';

export function gramFold(of: HeadOf & { readonly node: SumNode }, takes: HeadOf): Fold {
  const { node, head } = of;
  const { last } = tableAxes(node);
  const { beside } = summandOf(node);
  const places = indicesBefore(node);
  return {
    takes,
    hidden: 0,
    isPart: true,
    state: places.map(() => ({
      name: 'gram',
      buffer: last ? `grams_of_${last.size}` : 'sums',
      empty: 0,
      axes: partAxes(node),
    })),
    step: (turn, tile, states) => {
      const { memo, plan, tiles } = turn;
      const { block } = memo;
      const own = aloneTile(turn, takes.node, tile);
      const { owned, swept } = tiles.boxes.space;
      if (!beside || !last) {
        const total = block.reduce(block.reduce(own, swept, 'sum'), owned, 'sum');
        return states.map((each) => block.as('gram').map([each, total], sum));
      }
      const slot = { index: beside.index[1]!, reader: node, source: beside.source };
      const at = plan.heads.resolve(slot, head, new Map());
      if (at === undefined) return states;
      // Of a kernel of one tap, what it reads is at the own place.
      const isInRing = tiles.boxes.extents.rings.has(beside.source);
      const source = isInRing ? memo.source(beside.source, at) : tiles.tile(memo, beside.source, at);
      const offset = (slot: number, entry: Expression, indices: ReadonlyMap<string, Expression>): Expression =>
        substitute(minus(beside.index[slot]!, entry), indices);
      return states.map((each, n) => {
        const written = [...places[n]!].map(([name, at]) => [name, integer(at)] as const);
        const indices = new Map<string, Expression>([...written, [last.name, variable(TAP)]]);
        return block.as('gram').gram(each, source, own, {
          counters: [{ name: TAP, extent: last.size }],
          queryOffset: offset(2, axisFacts.query.entry, indices),
          keyOffset: offset(3, axisFacts.key.entry, indices),
        });
      });
    },
    combine: added,
    finish: (results, states) => results.table(of, states),
  };
}
