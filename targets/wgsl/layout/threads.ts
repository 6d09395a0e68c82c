// How a block of threads is arranged: rows × columns of threads, each with some rows and some groups of four columns.
// Rows are neighbours (thread 0 has the first few), groups of columns go round (thread 0 has every so many).
import type { Kernel } from '../../../codegen/tile/program.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { statementsOf } from '../../../codegen/tile/walk.js';
import type { Analysis, HeldRange } from '../../shared/layout/analysis.js';

export interface ThreadGrid {
  readonly rows: number;
  readonly columns: number;
}

export const threadCount = ({ rows, columns }: ThreadGrid): number => rows * columns;

export const ceilDivide = (x: number, y: number): number => Math.ceil(x / y);
const powerOfTwoFrom = (x: number): number => 2 ** Math.max(0, Math.ceil(Math.log2(x)));

const nearestPowerOfTwo = (x: number): number => 2 ** Math.max(0, Math.round(Math.log2(x)));

/** Rows that each thread has of so many. */
export const rowsEach = ({ low, high }: HeldRange, { rows }: ThreadGrid): number => ceilDivide(high - low, rows);
/** Groups of four columns that each thread has of so many. */
export const groupsEach = ({ low, high }: HeldRange, { columns }: ThreadGrid): number =>
  ceilDivide(ceilDivide(high - low, 4), columns);

/** Threads of a block, from the first that may do on: more share the registers of large tiles. */
export const threadCounts = [32, 64, 128, 256] as const;
/** Vectors of one tile in a thread, beyond which a compiler would spill. */
const mostVectors = 24;

/** Tiles of at most so many rows and at least so many groups of four columns have threads along the columns alone. */
const [fewRows, manyGroups] = [16, threadCounts[0]];

/**
 * The threads of a block, `least` of them where so many find work and are granted.
 *
 * Four rows and two groups of columns a thread where tiles are large enough: what is loaded once from workgroup memory is
 * then used for several products. No fewer than 32 threads, so that no subgroup stands idle. Few rows are computed whole by
 * each thread, for columns of its own, which it need share with nobody.
 */
export function chooseThreads(kernel: Kernel, analysis: Analysis, granted: number, least: number): ThreadGrid {
  const most = Math.max(64, least);
  let [rowsNeeded, groupsNeeded, featureGroups] = [1, 0, 1];
  for (const tile of tilesOf(kernel)) {
    if (tile.axes.length !== 2) continue;
    const kinds = analysis.gridAxes(tile);
    const [rows, columns] = kinds.map((kind) => analysis.range(tile, kind)) as [HeldRange, HeldRange];
    const groups = ceilDivide(columns.high - columns.low, 4);
    rowsNeeded = Math.max(rowsNeeded, rows.high - rows.low);
    if (kinds[1] === 'feature') featureGroups = Math.max(featureGroups, groups);
    else groupsNeeded = Math.max(groupsNeeded, groups);
  }
  if (rowsNeeded <= fewRows && groupsNeeded >= manyGroups && least <= granted) {
    return { rows: 1, columns: Math.min(least, powerOfTwoFrom(groupsNeeded)) };
  }
  const tall = isTall(kernel, analysis);
  const columnsWanted = powerOfTwoFrom((groupsNeeded || featureGroups) / (tall ? 1 : 2));
  let columns = Math.min(8, columnsWanted);
  let rows = Math.min(most / columns, nearestPowerOfTwo(rowsNeeded / (tall ? 8 : 4)));
  const vectorsEach = (): number =>
    ceilDivide(rowsNeeded, rows) * ceilDivide(Math.max(groupsNeeded, featureGroups), columns);
  const isShort = (): boolean => rows * columns < Math.min(least, most) || vectorsEach() > mostVectors;
  if (tall) while (isShort() && 2 * rows * columns <= most) rows *= 2;
  while ((rows * columns < least || vectorsEach() > mostVectors) && columns < 8) columns *= 2;
  while (rows * columns > most) rows /= 2;
  while (rows * columns < least) rows *= 2;
  while (rows * columns > granted) rows /= 2;
  return { rows, columns };
}

/**
 * Whether threads take many rows and one group of columns: the more rows of a group a thread has, the fewer neighbours a stencil or gram
 * reads for each entry. Of gradients: in kernels that reduce along columns, few threads share a row.
 */
function isTall({ body }: Kernel, { space }: Analysis): boolean {
  const operations = statementsOf(body).flatMap((each) => (each.statement === 'let' ? [each.operation.op] : []));
  return operations.includes('gram') || (space.rows === 'key' && operations.includes('stencil'));
}

function* tilesOf(kernel: Kernel): Generator<Tile> {
  for (const statement of statementsOf(kernel.body)) {
    if (statement.statement === 'let' && statement.value.kind === 'tile') {
      yield statement.value;
    }
  }
}
