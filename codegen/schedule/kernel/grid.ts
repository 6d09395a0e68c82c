// The blocks of a kernel, and how many turns a loop of theirs has.
// Variables of grids and loops are named here and by the axes of a space.

import { integer, length } from '../../../src/ir/index.js';
import type { LoopRange } from '../../tile/builder.js';
import type { GridAxis } from '../../tile/program.js';
import { minus, plus, quotient } from '../../tile/scalars.js';
import type { Scalar } from '../../tile/types.js';
import { GROUP } from '../plan/heads.js';
import type { Plan } from '../plan/plan.js';
import { axisFacts, type Space } from '../plan/space.js';

/** Blocks for each batch entry, group of heads and tile of owned positions. */
export const gridOf = ({ heads }: Plan, { owned, range, sizes }: Space): readonly [GridAxis, GridAxis, GridAxis] => [
  { variable: 'b', from: integer(0), to: length('batch'), step: 1 },
  { variable: GROUP, from: integer(0), to: integer(heads.groups), step: 1 },
  { variable: axisFacts[owned].tile, ...range, step: sizes.rows },
];

/** How many turns a loop has. */
export const turnsOf = ({ from, to, step }: LoopRange): Scalar => quotient(plus(minus(to, from), step - 1), step);
