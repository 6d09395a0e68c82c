// Footprints as grids: rows are queries above and below the reader's own and columns keys around its own, or, where heads are
// mixed at one place, rows are heads and columns the heads that they read. One picture for all stages of a spec.
import { describeHeads, type Footprint, printFootprint } from '../../src/ir/index.js';
import { CHARACTER } from '../shared/charts/marks.js';
import { numbersTable } from '../shared/figure.js';
import { html, type Markup } from '../shared/markup.js';
import type { Stage } from './stages.js';

const CELL = 13;
/** Wider reaches are described, not drawn. */
const MOST_CELLS = 40;
const LEFT = 44;

export interface FootprintPicture {
  readonly picture: Markup;
  readonly table: Markup;
}

interface Read {
  readonly reader: string;
  readonly source: string;
  readonly footprint: Footprint;
}

/** What stages read of one another; undefined where each reads its own entry alone. */
export function footprintPicture(stages: readonly Stage[], label: string): FootprintPicture | undefined {
  const reads = stages.flatMap((stage) =>
    stage.reads
      .filter(({ footprint }) => !isOwnEntry(footprint))
      .map(({ stage: source, footprint }) => ({ reader: stage.title, source: stages[source]!.title, footprint })),
  );
  if (reads.length === 0) return undefined;
  let [width, height] = [0, 0];
  const parts = reads.map((read) => {
    const part = drawn(read);
    const top = height;
    height += part.height + 14;
    width = Math.max(width, part.width);
    return html`<g transform="translate(0 ${top})">${part.content}</g>`;
  });
  return {
    picture: html`<svg xmlns="http://www.w3.org/2000/svg" class="chart taps" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">${parts}</svg>`,
    table: tapsTable(reads),
  };
}

const isOwnEntry = (footprint: Footprint): boolean =>
  isOnePlace(footprint) &&
  footprint.taps[0]!.heads.reads.every((heads, head) => heads.length === 1 && heads[0] === head);

const isOnePlace = ({ taps }: Footprint): boolean => taps.length === 1 && taps[0]!.query === 0 && taps[0]!.key === 0;

/** A row a query that is read: lists of sixty taps say less. */
function tapsTable(reads: readonly Read[]): Markup {
  return numbersTable({
    label: 'Taps',
    columns: ['Stage', 'Reads', 'Query', 'Keys', 'Heads'],
    rows: reads.flatMap(({ reader, source, footprint: { taps } }) =>
      [...new Set(taps.map(({ query }) => query))].map((query) => {
        const own = taps.filter((tap) => tap.query === query);
        return [
          reader,
          source,
          String(query),
          own.map(({ key }) => String(key)).join(', '),
          [...new Set(own.map(({ heads }) => describeHeads(heads)))].join('; '),
        ];
      }),
    ),
  });
}

interface Part {
  readonly content: Markup;
  readonly width: number;
  readonly height: number;
}

function drawn({ reader, source, footprint }: Read): Part {
  const words = `${reader} reads of ${source}: ${printFootprint(footprint)}`;
  const grid = isOnePlace(footprint) ? headsGrid(footprint) : tapsGrid(footprint);
  const width = Math.max(words.length * CHARACTER + 4, grid?.width ?? 0);
  const title = html`<text class="words" x="0" y="12">${words}</text>`;
  if (grid === undefined) return { content: title, width, height: 18 };
  const content = html`${title}<g transform="translate(0 22)">${grid.content}</g>`;
  return { content, width, height: grid.height + 26 };
}

function tapsGrid({ taps }: Footprint): Part | undefined {
  const numbers = (axis: 'query' | 'key'): readonly number[] => [
    0,
    ...taps.flatMap((tap) => (typeof tap[axis] === 'number' ? [tap[axis]] : [])),
  ];
  const isWholeRow = taps.some(({ key }) => key === 'all');
  const rows = range(numbers('query'));
  const columns = range(numbers('key'), isWholeRow ? 3 : 0);
  if (rows.length > MOST_CELLS || columns.length > MOST_CELLS) return undefined;
  const filled = taps.flatMap(({ query, key }) =>
    (typeof query === 'number' ? [query] : query === 'all' ? rows : []).flatMap((row) =>
      (typeof key === 'number' ? [key] : key === 'all' ? columns : []).map(
        (column) => [rows.indexOf(row), columns.indexOf(column)] as const,
      ),
    ),
  );
  const own = [rows.indexOf(0), columns.indexOf(0)] as const;
  const grid = gridOf({ rows: rows.length, columns: columns.length, filled, own });
  const rest = isWholeRow ? html`<text x="${grid.width + 2}" y="${TOP + own[0] * CELL + 10}">… all</text>` : html``;
  return {
    content: html`${grid.content}${rowNames(rows)}${columnNames(columns)}${rest}`,
    width: grid.width + (isWholeRow ? 36 : 14),
    height: grid.height,
  };
}

/** Which heads a head reads where all else is its own entry. */
function headsGrid({ taps }: Footprint): Part | undefined {
  const { reads, sources } = taps[0]!.heads;
  if (reads.length > MOST_CELLS || sources > MOST_CELLS) return undefined;
  const filled = reads.flatMap((heads, reader) => heads.map((head) => [reader, head] as const));
  const grid = gridOf({ rows: reads.length, columns: sources, filled });
  return {
    content: html`${grid.content}<text x="${LEFT}" y="${TOP - 4}">head 0 …</text><text x="${LEFT - 4}" y="${TOP + 10}" text-anchor="end">head 0</text>`,
    width: Math.max(grid.width, LEFT + 60),
    height: grid.height,
  };
}

const TOP = 14;

interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly filled: readonly (readonly [row: number, column: number])[];
  readonly own?: readonly [row: number, column: number];
}

function gridOf({ rows, columns, filled, own }: Grid): Part {
  const lines = [
    ...Array.from({ length: columns + 1 }, (_, n) => `M${LEFT + n * CELL} ${TOP}v${rows * CELL}`),
    ...Array.from({ length: rows + 1 }, (_, n) => `M${LEFT} ${TOP + n * CELL}h${columns * CELL}`),
  ];
  const cells = filled.map(
    ([row, column]) => `M${LEFT + column * CELL + 1} ${TOP + row * CELL + 1}h${CELL - 2}v${CELL - 2}h${2 - CELL}z`,
  );
  const frame =
    own &&
    html`<rect class="own" x="${LEFT + own[1] * CELL}" y="${TOP + own[0] * CELL}" width="${CELL}" height="${CELL}"/>`;
  return {
    content: html`<path class="cells" d="${lines.join('')}"/><path class="tap" d="${cells.join('')}"/>${frame}`,
    width: LEFT + columns * CELL + 2,
    height: TOP + rows * CELL + 2,
  };
}

const offsetName = (letter: string, offset: number): string =>
  offset === 0 ? letter : `${letter}${offset < 0 ? '−' : '+'}${Math.abs(offset)}`;

/** The first, the own and the last, where they do not lie on each other. */
const ends = (offsets: readonly number[], gap: number): readonly number[] =>
  [...new Set([offsets[0]!, 0, offsets.at(-1)!])].filter((offset) => offset === 0 || Math.abs(offset) >= gap);

const rowNames = (rows: readonly number[]): readonly Markup[] =>
  ends(rows, 1).map(
    (row) =>
      html`<text x="${LEFT - 4}" y="${TOP + rows.indexOf(row) * CELL + 10}" text-anchor="end">${offsetName('i', row)}</text>`,
  );

const columnNames = (columns: readonly number[]): readonly Markup[] =>
  ends(columns, 2).map(
    (column) =>
      html`<text x="${LEFT + columns.indexOf(column) * CELL + CELL / 2}" y="${TOP - 4}" text-anchor="middle">${offsetName('j', column)}</text>`,
  );

function range(values: readonly number[], more = 0): readonly number[] {
  const [low, high] = [Math.min(...values) - more, Math.max(...values) + more];
  return Array.from({ length: high - low + 1 }, (_, n) => low + n);
}
