// How a tile lies in the registers of a block. Warps own whole rows, or share them; within sixteen rows and eight columns the
// entries lie as the accumulators of mma.m16n8k16 do, whether a product runs on tensor cores or not, so that nothing is ever moved.
import type { Form, HeldRange } from '../../shared/layout/analysis.js';

/** Rows and columns of the smallest piece: lane l holds rows l / 4 and l / 4 + 8, columns 2 (l % 4) and the next. */
export const FRAGMENT_ROWS = 16;
export const FRAGMENT_COLUMNS = 8;
/** What a warp multiplies at once along the summed axis. */
export const FRAGMENT_DEPTH = 16;
export const WARP = 32;

export const ceilDivide = (x: number, y: number): number => Math.ceil(x / y);

/** The number of fragments that a thread holds of a tile, down its rows and along its columns. */
export interface FragmentShape {
  readonly rows: number;
  readonly columns: number;
}

/** How the warps of a block are arranged: neighbours along a row of warps share rows, and divide their columns. */
export interface Warps {
  readonly rows: number;
  readonly columns: number;
}

export const rowFragments = ({ low, high }: HeldRange, { rows }: Warps): number =>
  ceilDivide(high - low, FRAGMENT_ROWS * rows);
export const columnFragments = ({ low, high }: HeldRange, { columns }: Warps): number =>
  ceilDivide(high - low, FRAGMENT_COLUMNS * columns);

/** Rows that the threads of a block have room for. */
export const rowsHeld = (range: HeldRange, warps: Warps): number =>
  rowFragments(range, warps) * warps.rows * FRAGMENT_ROWS;
/** Columns that they have room for. */
export const columnsHeld = (range: HeldRange, warps: Warps): number =>
  columnFragments(range, warps) * warps.columns * FRAGMENT_COLUMNS;

/** The loops that run over what a thread holds: their counters' names and extents, outermost first. */
export const loopsOf: Readonly<Record<Form, (shape: FragmentShape) => readonly (readonly [string, number])[]>> = {
  grid: ({ rows, columns }) => [
    ['m', rows],
    ['n', columns],
    ['e', 4],
  ],
  row: ({ rows }) => [
    ['m', rows],
    ['half', 2],
  ],
  column: ({ columns }) => [
    ['n', columns],
    ['pair', 2],
  ],
  flat: ({ rows }) => [['k', rows]],
  single: () => [],
};

/** The entry of an array that holds a tile in `own` form, inside of the loops of another form. */
export function subscript(own: Form, inside: Form): string {
  if (own === inside) return { grid: '[m][n][e]', row: '[m][half]', column: '[n][pair]', flat: '[k]', single: '' }[own];
  if (own === 'single') return '';
  if (inside === 'grid' && own === 'row') return '[m][e >> 1]';
  if (inside === 'grid' && own === 'column') return '[n][e & 1]';
  throw new Error(`a tile that is held by ${own} is read by ${inside}`);
}

/** Of the threads that hold the same entries, the one that speaks for them. */
export const writingThread = ({ rows, columns }: Warps): Readonly<Record<Form, string | undefined>> => ({
  grid: undefined,
  row: `lane % 4 == 0${columns > 1 ? ' && warp_column == 0' : ''}`,
  column: `lane < 4${rows > 1 ? ' && warp_row == 0' : ''}`,
  flat: undefined,
  single: 'thread == 0',
});
