// ring and push: a ring lies in workgroup memory row by row, the keys of a row next to each other. A push moves what is
// kept to the front and writes the tile behind it, so that every later read is at a fixed place.
import type { PushOperation } from '../../../codegen/tile/operations/push.js';
import type { RingOperation } from '../../../codegen/tile/operations/ring.js';
import { plus } from '../../../codegen/tile/scalars.js';
import { axisOfKind, type Ring } from '../../../codegen/tile/types.js';
import type { HeldRange } from '../../shared/layout/analysis.js';
import { refuse } from '../../shared/refusal.js';
import { originOfRing, type RingOrigin } from '../../shared/tile/neighbours.js';
import { codes } from '../buffers.js';
import { type KernelWriter, offsetCode } from '../kernel-writer.js';
import type { RingLayout } from '../layout/plan.js';
import { ceilDivide, threadCount } from '../layout/threads.js';
import { atom, type Code, floatText, integerCode, plusConstant } from '../text/code.js';

function lowerRing(writer: KernelWriter, { end, initial }: RingOperation, ring: Ring): void {
  const { region, kept } = writer.plan.ringLayout(ring);
  writer.ringEnds.set(ring, end);
  // The first push writes all of a ring that keeps nothing.
  if (kept === 0) return;
  const base = writer.plan.arena.baseOf(region);
  writer.access('write', base, region.size, 'a ring');
  const n = writer.fresh('n');
  writer.open(`for (var ${n} = thread; ${n} < ${region.size}; ${n} += ${threadCount(writer.plan.threads)}) {`);
  writer.line(`${writer.arenaAt(base, atom(n, 'int'))} = vec4f(${floatText(initial)});`);
  writer.close();
}

function lowerPush(writer: KernelWriter, { ring, tile }: PushOperation, value: Ring): void {
  const layout = writer.plan.ringLayout(ring);
  const { region, step, kept, front, stride, isAlong } = layout;
  const base = writer.plan.arena.baseOf(region);
  writer.ringEnds.set(value, plus(axisOfKind(tile.axes, ring.axis)!.origin, step));
  if (kept > 0) {
    const moved = loadKept(writer, layout);
    writer.access('write', base, region.size);
    for (const { at, value: four, condition } of moved) {
      if (condition) writer.open(`if (${condition}) {`);
      writer.line(`${writer.arenaAt(base, at)} = ${four.text};`);
      if (condition) writer.close();
    }
  } else writer.access('write', base, region.size);

  const registers = writer.registersOf(tile, 'grid');
  const [rows, columns] = writer.plan.analysis.gridAxes(tile).map((kind) => writer.range(tile, kind)) as [
    HeldRange,
    HeldRange,
  ];
  if (columns.low % 4 !== 0) refuse('a tile is pushed whose columns begin within a vector');
  const { threads } = writer.plan;
  const vectors = ceilDivide(columns.high - columns.low, 4);
  const firstRow = isAlong ? 0 : front;
  const firstVector = (isAlong ? front / 4 : 0) + columns.low / 4;
  for (let row = 0; row < registers.rows; row += 1) {
    const at = writer.rowOffset(rows, row);
    const start = writer.named(codes.times(at.base, integerCode(stride)), 'line');
    const checkRows = threads.rows * registers.rows > rows.high - rows.low;
    if (checkRows) writer.open(`if (${offsetCode(at).text} < ${rows.high}) {`);
    for (let group = 0; group < registers.groups; group += 1) {
      const vector = plusConstant(writer.column, threads.columns * group);
      const checkColumns = threads.columns * (group + 1) > vectors;
      if (checkColumns) writer.open(`if (${vector.text} < ${vectors}) {`);
      const place = plusConstant(
        codes.sum(start, writer.column),
        (at.constant + firstRow) * stride + threads.columns * group + firstVector,
      );
      writer.line(`${writer.arenaAt(base, place)} = ${registers.at(row, group).text};`);
      if (checkColumns) writer.close();
    }
    if (checkRows) writer.close();
  }
}

interface Moved {
  readonly at: Code;
  readonly value: Code;
  readonly condition: string | undefined;
}

/** Loads what a push keeps, a few vectors a thread, with the place that each goes to. */
function loadKept(writer: KernelWriter, { region, isAlong, rows, front, step, stride }: RingLayout): Moved[] {
  const base = writer.plan.arena.baseOf(region);
  const perRow = isAlong ? front / 4 : stride;
  const count = isAlong ? rows * perRow : front * stride;
  const threads = threadCount(writer.plan.threads);
  writer.access('read', base, region.size);
  return Array.from({ length: ceilDivide(count, threads) }, (_, n) => {
    const index = plusConstant(writer.thread, n * threads);
    const to = isAlong
      ? writer.named(
          perRow === 1
            ? codes.times(index, integerCode(stride))
            : codes.sum(
                codes.times(atom(`(${index.text}) / ${perRow}`, 'int'), integerCode(stride)),
                atom(`(${index.text}) % ${perRow}`, 'int'),
              ),
          'to',
        )
      : index;
    const from = isAlong ? step : step * stride * 4;
    let text: string;
    if (from % 4 === 0) text = writer.arenaAt(base, plusConstant(to, from / 4));
    else {
      const entries = [0, 1, 2, 3].map((part) => {
        const at = from + part;
        return `${writer.arenaAt(base, plusConstant(to, Math.floor(at / 4)))}.${'xyzw'[at % 4]}`;
      });
      text = `vec4f(${entries.join(', ')})`;
    }
    const condition = (n + 1) * threads > count ? `${index.text} < ${count}` : undefined;
    const kept = atom(writer.fresh('kept'), 'float', true);
    writer.constant(kept, text);
    return { at: to, value: kept, condition };
  });
}

/** Where a ring's data lies. */
export interface RingPlace extends RingOrigin {
  readonly base: number;
  readonly stride: number;
}

export function ringPlace(writer: KernelWriter, ring: Ring): RingPlace {
  const { region, step, front, stride } = writer.plan.ringLayout(ring);
  return { base: writer.plan.arena.baseOf(region), stride, ...originOfRing(writer, ring, front + step) };
}

/** Rings, and what is pushed to them. */
export const rings = { ring: lowerRing, push: lowerPush } as const;
