// Which rows a kernel's blocks take: those of the outputs, with what passes behind it read above and below, of all rows or
// of one band of them.

import { length, variable } from '../../../src/ir/index.js';
import { least, minus, most, plus } from '../../tile/scalars.js';
import type { BufferAxis, Scalar } from '../../tile/types.js';
import { firstQuery } from '../plan/tiles.js';
import type { RowReach } from './passes.js';

/** Rows from `from` to before `to`. */
export interface RowRange {
  readonly from: Scalar;
  readonly to: Scalar;
}

/** The first row of the band at hand: the variable of the repetition. */
export const BAND = 'band';

const keys = length('key');
/** The last R rows. */
export const outputRows: RowRange = { from: minus(keys, variable('R')), to: keys };

/** The rows of the outputs with `above` more before them, as far as there are queries. */
export const rowsFrom = (above: number): RowRange =>
  above === 0 ? outputRows : { from: most(firstQuery, minus(outputRows.from, above)), to: keys };

/** The rows of a band of `size` rows with those that are needed around it, as far as there are queries. */
export const rowsOfBand = (size: number, { above, below }: RowReach): RowRange => ({
  from: above === 0 ? variable(BAND) : most(firstQuery, minus(BAND, above)),
  to: least(keys, plus(BAND, size + below)),
});

/** The axis of a buffer that holds the rows of a band. */
export const bandAxis = (size: number, reach: RowReach): BufferAxis => ({
  kind: 'band',
  origin: rowsOfBand(size, reach).from,
  size: reach.above + size + reach.below,
});
