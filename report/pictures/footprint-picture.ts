// A footprint as a grid of taps: rows are queries above and below the reader's own, columns are keys around its own.
// One picture for each stage that reads more of another stage than its own entry.
import { describeHeads, type Footprint, printFootprint } from '../../src/ir/index.js';
import { numbersTable } from '../shared/figure.js';
import { html, type Markup, nothing } from '../shared/markup.js';
import type { Stage } from './stages.js';

const CELL = 13;
/** Wider reaches are described, not drawn. */
const MOST_CELLS = 40;

export interface FootprintPicture {
  readonly title: string;
  readonly words: string;
  readonly picture: Markup;
  readonly table: Markup;
}

/** Pictures of what stages read of one another; none for a stage that reads its own entry alone. */
export function footprintPictures(stages: readonly Stage[]): readonly FootprintPicture[] {
  return stages.flatMap((stage) =>
    stage.reads
      .filter(({ footprint }) => !isOwnEntry(footprint))
      .map(({ stage: source, footprint }) => ({
        title: `${stage.title}: what it reads of ${stages[source]!.title}`,
        words: `${printFootprint(footprint)}. ${isOnePlace(footprint) ? 'A row a head, a column a head that it reads' : 'The outlined entry is the reader’s own'}`,
        picture: (isOnePlace(footprint) ? headsGrid : grid)(
          footprint,
          `${stage.title} reads of ${stages[source]!.title}: ${printFootprint(footprint)}`,
        ),
        table: tapsTable(footprint),
      })),
  );
}

/** A row a query that is read: lists of sixty taps say less. */
function tapsTable({ taps }: Footprint): Markup {
  const queries = [...new Set(taps.map(({ query }) => query))];
  return numbersTable({
    label: 'Taps',
    columns: ['Query', 'Keys', 'Heads'],
    rows: queries.map((query) => {
      const own = taps.filter((tap) => tap.query === query);
      return [
        String(query),
        own.map(({ key }) => String(key)).join(', '),
        [...new Set(own.map(({ heads }) => describeHeads(heads)))].join('; '),
      ];
    }),
  });
}

const isOwnEntry = ({ taps }: Footprint): boolean =>
  taps.length === 1 &&
  taps[0]!.query === 0 &&
  taps[0]!.key === 0 &&
  taps[0]!.heads.reads.every((heads, head) => heads.length === 1 && heads[0] === head);

function grid({ taps }: Footprint, label: string): Markup {
  const numbers = (axis: 'query' | 'key'): readonly number[] => [
    0,
    ...taps.flatMap((tap) => (typeof tap[axis] === 'number' ? [tap[axis]] : [])),
  ];
  const wholeRow = taps.some(({ key }) => key === 'all');
  const [rows, columns] = [range(numbers('query')), range(numbers('key'), wholeRow ? 3 : 0)];
  if (rows.length > MOST_CELLS || columns.length > MOST_CELLS) return nothing;
  const [left, top] = [34, 16];
  const place = (query: number, key: number): readonly [number, number] => [
    left + columns.indexOf(key) * CELL,
    top + rows.indexOf(query) * CELL,
  ];
  const cell = (query: number, key: number): string => {
    const [x, y] = place(query, key);
    return `M${x + 1} ${y + 1}h${CELL - 2}v${CELL - 2}h${2 - CELL}z`;
  };
  const read = taps.flatMap(({ query, key }) => {
    const reached = query === 'all' ? rows : typeof query === 'number' ? [query] : [];
    return reached.flatMap((row) =>
      key === 'all' ? columns.map((column) => cell(row, column)) : typeof key === 'number' ? [cell(row, key)] : [],
    );
  });
  const [width, height] = [left + columns.length * CELL + (wholeRow ? 30 : 4), top + rows.length * CELL + 4];
  const [ownX, ownY] = place(0, 0);
  const lines = [
    ...Array.from({ length: columns.length + 1 }, (_, n) => `M${left + n * CELL} ${top}v${rows.length * CELL}`),
    ...Array.from({ length: rows.length + 1 }, (_, n) => `M${left} ${top + n * CELL}h${columns.length * CELL}`),
  ];
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="chart taps" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}"><path class="cells" d="${lines.join('')}"/><path class="tap" d="${read.join('')}"/><rect class="own" x="${ownX}" y="${ownY}" width="${CELL}" height="${CELL}"/>${axisText(rows, columns, { left, top })}${wholeRow && html`<text x="${width - 28}" y="${top + rows.indexOf(0) * CELL + 11}">… all</text>`}</svg>`;
}

const isOnePlace = ({ taps }: Footprint): boolean => taps.length === 1 && taps[0]!.query === 0 && taps[0]!.key === 0;

/** Which heads a head reads where all else is its own entry: a row a reader, a column a head that is read. */
function headsGrid({ taps }: Footprint, label: string): Markup {
  const { reads, sources } = taps[0]!.heads;
  if (reads.length > MOST_CELLS || sources > MOST_CELLS) return nothing;
  const [left, top] = [46, 16];
  const [width, height] = [left + Math.max(sources * CELL, 80) + 4, top + reads.length * CELL + 4];
  const read = reads.flatMap((heads, row) =>
    heads.map((head) => `M${left + head * CELL + 1} ${top + row * CELL + 1}h${CELL - 2}v${CELL - 2}h${2 - CELL}z`),
  );
  const lines = [
    ...Array.from({ length: sources + 1 }, (_, n) => `M${left + n * CELL} ${top}v${reads.length * CELL}`),
    ...Array.from({ length: reads.length + 1 }, (_, n) => `M${left} ${top + n * CELL}h${sources * CELL}`),
  ];
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="chart taps" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}"><path class="cells" d="${lines.join('')}"/><path class="tap" d="${read.join('')}"/><text x="${left}" y="${top - 4}">reads head 0 …</text><text x="${left - 4}" y="${top + 10}" text-anchor="end">head 0</text></svg>`;
}

function axisText(
  rows: readonly number[],
  columns: readonly number[],
  { left, top }: { left: number; top: number },
): Markup {
  const ends = (all: readonly number[]): readonly number[] => [...new Set([all[0]!, 0, all.at(-1)!])];
  const named = (letter: string, offset: number): string =>
    offset === 0 ? letter : `${letter}${offset < 0 ? '−' : '+'}${Math.abs(offset)}`;
  const isFree = (offset: number): boolean => offset === 0 || Math.abs(offset) > 1;
  return html`${ends(rows)
    .filter((row) => row === 0 || isFree(row))
    .map(
      (row) =>
        html`<text x="${left - 4}" y="${top + rows.indexOf(row) * CELL + 10}" text-anchor="end">${named('i', row)}</text>`,
    )}${ends(columns)
    .filter((column) => column === 0 || Math.abs(column) > 2)
    .map(
      (column) =>
        html`<text x="${left + columns.indexOf(column) * CELL + CELL / 2}" y="${top - 4}" text-anchor="middle">${named('j', column)}</text>`,
    )}`;
}

function range(values: readonly number[], more = 0): readonly number[] {
  const [low, high] = [Math.min(...values) - more, Math.max(...values) + more];
  return Array.from({ length: high - low + 1 }, (_, n) => low + n);
}
