// ring and push: a push moves what is kept to the front, and writes the tile behind it: every later read is at a fixed place, and each
// entry is moved at most once a step. Pushes that take turns between two halves move nothing, and need one barrier.
import type { PushOperation } from '../../../codegen/tile/operations/push.js';
import type { RingOperation } from '../../../codegen/tile/operations/ring.js';
import { plus } from '../../../codegen/tile/scalars.js';
import { axisOfKind, type Ring, type Tile } from '../../../codegen/tile/types.js';
import type { HeldRange } from '../../shared/layout/analysis.js';
import { originOfRing, type RingOrigin } from '../../shared/tile/neighbours.js';
import type { Place } from '../../shared/tile/writer.js';
import { bytesOf, CHUNK, codes, isNarrow } from '../buffers.js';
import type { KernelWriter } from '../kernel-writer.js';
import { ceilDivide, columnsHeld, FRAGMENT_COLUMNS, rowsHeld } from '../layout/fragments.js';
import type { RingLayout } from '../layout/rings.js';
import { atom, floatText, plusConstant } from '../text/code.js';

const rounded = (element: string, value: string): string =>
  element === 'float' ? value : `from_float<${element}>(${value})`;

function lowerRing(writer: KernelWriter, { end, initial }: RingOperation, ring: Ring): void {
  const layout = writer.plan.ringLayout(ring);
  const { region, kept, element, rows, columns, stride, halfBytes } = layout;
  writer.ringEnds.set(ring, end);
  const base = writer.plan.arena.baseOf(region);
  const fill = (type: string, count: number, place: (n: string) => string, value: string): void => {
    const n = writer.fresh('piece');
    writer.open(`for (int ${n} = thread; ${n} < ${count}; ${n} += ${writer.plan.threads}) {`);
    writer.line(`store_shared<${type}>(${place(n)}, ${value});`);
    writer.close();
  };
  // Tensor cores multiply what lies beside a row of 16 bits by 0: it has to be a number.
  if (isNarrow(element)) {
    writer.access('write', base, region.size, 'a ring');
    fill('uint32_t', (region.size * CHUNK) / 4, (n) => `${base * CHUNK} + ${n} * 4`, '0u');
  }
  // The first push writes all of a ring that keeps nothing.
  if (kept > 0 && !(initial === 0 && isNarrow(element))) {
    writer.access('write', base, region.size, 'a ring');
    for (const half of halfBytes === undefined ? [0] : [0, halfBytes]) {
      const place = (n: string): string =>
        `${base * CHUNK + half} + ${n} / ${columns} * ${stride} + ${n} % ${columns} * ${bytesOf[element]}`;
      fill(element, rows * columns, place, rounded(element, floatText(initial)));
    }
  }
  if (halfBytes === undefined) return;
  const half = writer.fresh('half');
  writer.halves.set(layout, half);
  writer.line(`int ${half} = ${base * CHUNK};`);
  writer.barrier();
}

function lowerPush(writer: KernelWriter, { ring, tile }: PushOperation, value: Ring): void {
  const layout = writer.plan.ringLayout(ring);
  const { region, step, kept, stride, isAlong, halfBytes, element } = layout;
  const base = writer.plan.arena.baseOf(region);
  writer.ringEnds.set(value, plus(axisOfKind(tile.axes, ring.axis)!.origin, step));
  const half = writer.halves.get(layout);
  if (half !== undefined && halfBytes !== undefined) {
    const columns = step / FRAGMENT_COLUMNS;
    const other = `${2 * base * CHUNK + halfBytes} - ${half}`;
    // Whoever has read the other half comes to this barrier behind it, and whoever reads this one comes from it.
    writer.line(`${half} = ${other};`);
    storeTile(writer, tile, layout, { place: `${half} + ${kept * bytesOf[element]}`, from: 0, to: columns });
    writer.barrier();
    writer.line('// the next push keeps these');
    const first = (step - kept) * bytesOf[element];
    const place = `${2 * base * CHUNK + halfBytes - first} - ${half}`;
    storeTile(writer, tile, layout, { place, from: columns - kept / FRAGMENT_COLUMNS, to: columns });
    return;
  }
  const keep = kept > 0 ? loadKept(writer, layout) : undefined;
  writer.access('write', base, region.size);
  keep?.();
  const front = isAlong ? kept * bytesOf[element] : kept * stride;
  const { columns } = writer.registersOf(tile, 'grid');
  storeTile(writer, tile, layout, { place: String(base * CHUNK + front), from: 0, to: columns });
}

/** Where a tile's first entry goes, and which of the fragments of its columns are stored. */
interface Stored {
  readonly place: string;
  readonly from: number;
  readonly to: number;
}

function storeTile(
  writer: KernelWriter,
  tile: Tile,
  { element, stride, isAlong, kept, halfBytes }: RingLayout,
  { place: first, from, to }: Stored,
): void {
  const bytes = bytesOf[element];
  const inChunks = halfBytes !== undefined;
  const registers = writer.registersOf(tile, 'grid');
  const [rows, columns] = writer.plan.analysis.gridAxes(tile).map((kind) => writer.range(tile, kind)) as [
    HeldRange,
    HeldRange,
  ];
  const checksRows = rowsHeld(rows, writer.plan.warps) > rows.high - rows.low;
  const isWhole = columnsHeld(columns, writer.plan.warps) === columns.high - columns.low;
  if (inChunks && isWhole && !checksRows && registers.packed && rows.low === 0 && (to - from) % 2 === 0) {
    const n = writer.fresh('n');
    const at = `${writer.ofWarp('rows', registers.rows * 16).text} + m * 16 + lane % 16`;
    writer.openUnrolled('m', registers.rows);
    const own = writer.named(atom(`(${at}) * ${stride} + lane / 16 * ${CHUNK}`, 'int'), 'row');
    writer.openUnrolled(n, (to - from) / 2);
    const words = [0, 1].flatMap((next) =>
      [0, 1].map((half) => `${registers.name}[m][2 * ${n} + ${from + next}][${half}]`),
    );
    writer.line(`store_matrices(${first} + ${from * CHUNK} + ${own.text} + ${n} * ${2 * CHUNK}, ${words.join(', ')});`);
    writer.close();
    writer.close();
    return;
  }
  const row = codes.sum(writer.firstRow(rows), atom('m * 16 + half * 8', 'int'));
  const column = codes.sum(writer.firstColumn(columns), atom(`${from > 0 ? `(n + ${from})` : 'n'} * 8`, 'int'));
  writer.openUnrolled('m', registers.rows);
  writer.openUnrolled('half', 2);
  const at = writer.named(row, 'line');
  if (checksRows) writer.open(`if (${at.text} < ${rows.high}) {`);
  writer.openUnrolled('n', to - from);
  const own = writer.named(column, 'column');
  const place = `${first} + ${at.text} * ${stride} + ${own.text} * ${bytes}`;
  const isPaired = isWhole && ((isAlong ? kept : 0) + columns.low) % 2 === 0;
  const { name, packed } = registers;
  const fragment = `${name}[m][${from > 0 ? `n + ${from}` : 'n'}]`;
  if (packed && isPaired) writer.line(`store_shared<uint32_t>(${place}, ${fragment}[half]);`);
  else if (isPaired && element === 'float') {
    writer.line(`store_shared<float2>(${place}, float2{${fragment}[2 * half + 0], ${fragment}[2 * half + 1]});`);
  } else {
    for (let n = 0; n < 2; n += 1) {
      const [further, next] = n > 0 ? [` + ${n}`, ` + ${bytes}`] : ['', ''];
      const value = packed
        ? `${element}{static_cast<uint16_t>(${fragment}[half]${n > 0 ? ' >> 16' : ''})}`
        : rounded(element, `${fragment}[2 * half + ${n}]`);
      const check = isWhole ? '' : `if (${own.text}${further} < ${columns.high}) `;
      writer.line(`${check}store_shared<${element}>(${place}${next}, ${value});`);
    }
  }
  writer.close();
  if (checksRows) writer.close();
  writer.close();
  writer.close();
}

/** Loads what a push keeps, a few entries a thread; gives what writes them to their new places. */
function loadKept(
  writer: KernelWriter,
  { region, isAlong, rows, columns, kept, step, stride, element }: RingLayout,
): () => void {
  const base = writer.plan.arena.baseOf(region);
  const perRow = isAlong ? kept : columns;
  const count = isAlong ? rows * kept : kept * columns;
  const { threads } = writer.plan;
  const each = ceilDivide(count, threads);
  const [moved, k] = [writer.fresh('moved'), writer.fresh('k')];
  writer.access('read', base, region.size);
  writer.line(`${element} ${moved}[${each}];`);
  const loop = (body: (place: string) => string): void => {
    writer.openUnrolled(k, each);
    const n = plusConstant(atom('thread', 'int'), 0).text;
    const index = `(${n} + ${k} * ${threads})`;
    const place = `${base * CHUNK} + ${index} / ${perRow} * ${stride} + ${index} % ${perRow} * ${bytesOf[element]}`;
    writer.line(`${each * threads > count ? `if (${index} < ${count}) ` : ''}${body(place)}`);
    writer.close();
  };
  const further = isAlong ? step * bytesOf[element] : step * stride;
  loop((place) => `${moved}[${k}] = load_shared<${element}>(${place} + ${further});`);
  return () => loop((place) => `store_shared<${element}>(${place}, ${moved}[${k}]);`);
}

/** Where a ring's data lies, from its first byte on. */
export interface RingPlace extends RingOrigin {
  readonly base: string;
  readonly layout: RingLayout;
}

export function ringPlace(writer: KernelWriter, ring: Ring): RingPlace {
  const layout = writer.plan.ringLayout(ring);
  const { region, step, kept } = layout;
  const base = writer.halves.get(layout) ?? String(writer.plan.arena.baseOf(region) * CHUNK);
  return { base, layout, ...originOfRing(writer, ring, step + kept) };
}

/** The part of shared memory that a ring takes. */
export function placeOfRing(writer: KernelWriter, ring: Ring): Place {
  const { region } = writer.plan.ringLayout(ring);
  return { base: writer.plan.arena.baseOf(region), size: region.size };
}

/** The entry of a ring at a row and a column of its place, as a float. */
export function ringEntry({ base, layout: { element, stride } }: RingPlace, row: string, column: string): string {
  const value = `load_shared<${element}>(${base} + (${row}) * ${stride} + (${column}) * ${bytesOf[element]})`;
  return element === 'float' ? value : `to_float(${value})`;
}

/** Rings, and what is pushed to them. */
export const rings = { ring: lowerRing, push: lowerPush } as const;
