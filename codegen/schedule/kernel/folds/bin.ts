// The gradient of a table that scores read at computed places: each value is added to the entry that was read for it, in a fixed
// order. An entry outside of the table is none.

import { type NodeOf, substitute } from '../../../../src/ir/index.js';
import type { HeadOf } from '../../plan/contributions.js';
import { demand } from '../../reads/reason.js';
import { added, type Fold } from './fold.js';
import { aloneTile, partAxes, tableAxes } from './table.js';

export function binFold(of: HeadOf & { readonly node: NodeOf<'bin'> }, takes: HeadOf): Fold {
  const { domain, index } = of.node;
  const { before, last } = tableAxes(of.node);
  demand(last !== undefined && before.length === 0, 'a gradient is added to a table of more axes than one');
  const at = index[domain.findIndex(({ kind }) => kind === 'extent')]!;
  const ofHead = index[domain.findIndex(({ kind }) => kind === 'head')];
  demand(
    ofHead === undefined || (ofHead.kind === 'variable' && ofHead.name === 'h'),
    'a gradient is added to the table of another head',
  );
  return {
    takes,
    hidden: 0,
    isPart: true,
    state: [{ name: 'bins', buffer: `bins_of_${last.size}`, empty: 0, axes: partAxes(of.node) }],
    step: (turn, tile, [bins]) => {
      const { memo, tiles } = turn;
      const own = aloneTile(turn, takes.node, tile);
      const place = substitute(at, new Map([['h', tiles.headOf(takes.node, takes.head)]]));
      return [memo.block.as('bins').bin(bins!, own, place)];
    },
    combine: added,
    finish: (results, states) => results.table(of, states),
  };
}
