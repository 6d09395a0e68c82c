// What a program is estimated to take over the sizes of calls, as a table that a launcher carries: it chooses by it between
// programs of one graph. Work and span of calls of a few rows and keys; between them, whoever reads it interpolates.

import type { LaunchSizes } from '../../tile/interpreter/memory.js';
import type { TileProgram } from '../../tile/program.js';
import type { Rates, WorkUnit } from './rates.js';
import { type Work, workOf } from './work.js';

/**
 * The devices that launchers tell apart, as nobody says how many units there are. A processor that plays a device has few cores and large
 * caches; measured on SwiftShader and lavapipe, it moves a byte in the time of two operations, each of a nanosecond, and a further launch in a
 * call takes a few tenths of a millisecond at most.
 */
export const costDevices = {
  hardware: { parallel: 128, perByte: 16, perLaunch: 8e5 },
  software: { parallel: 4, perByte: 2, perLaunch: 2e5 },
} as const satisfies Record<string, CostDevice>;

/** The calls that are looked at: rows of output, where tiles of few rows end, and keys. */
export const costGrid = {
  rows: [1, 2, 4, 8, 16, 32, 64, 256, 1024, 4096],
  keys: [64, 256, 1024, 4096, 16384],
} as const;

/** For one batch entry, by rows and then keys of the grid. */
export interface CostTable {
  /** Plain operations of all blocks. */
  readonly operations: readonly (readonly number[])[];
  /** Bytes that they move. */
  readonly bytes: readonly (readonly number[])[];
  /** The part of it all that the longest block of each launch does: no number of blocks at once makes a call shorter. */
  readonly longest: readonly (readonly number[])[];
  readonly launches: readonly (readonly number[])[];
}

/** In the order in which launchers have them. */
export const costTables = [
  'operations',
  'bytes',
  'longest',
  'launches',
] as const satisfies readonly (keyof CostTable)[];

export const noCosts: CostTable = { operations: [], bytes: [], longest: [], launches: [] };

/** What estimates must know of the device that a call runs on. */
export interface CostDevice {
  /** Blocks that run at once. */
  readonly parallel: number;
  /** Plain operations of a block in the time that a byte takes it. */
  readonly perByte: number;
  /** Plain operations of a block in the time that a launch takes to begin. */
  readonly perLaunch: number;
}

/** Samples of a grid and turns of a loop that are looked at: estimates are coarse, and tables have many entries. */
const LOOKED_AT = { samples: 6, turns: 48 } as const;

/** @param history rows of queries above those of the outputs that a call gives */
export function costsOf(program: TileProgram, rates: Rates, history: number): CostTable {
  const { operations: speeds, perByte, bytesOf, partOf } = rates;
  const computes = ({ byUnit }: Pick<Work, 'byUnit'>): number =>
    (Object.entries(byUnit) as [WorkUnit, number][]).reduce(
      (sum, [unit, operations]) => sum + operations / speeds[unit],
      0,
    );
  const table = costGrid.rows.map((rows) =>
    costGrid.keys.map((keys) => {
      const work = workOf(program, callOf(rows, keys, history), { ...LOOKED_AT, bytesOf, partOf });
      const takes = (part: Pick<Work, 'byUnit' | 'bytes'>): number => computes(part) + perByte * part.bytes;
      const { bytes, launches } = work;
      return { operations: computes(work), bytes, longest: takes(work.span) / takes(work), launches };
    }),
  );
  const column = (of: keyof CostTable): number[][] => table.map((row) => row.map((entry) => entry[of]));
  return mapTables(column);
}

/** A call of so many rows of output, the last ones where there are as many keys. */
const callOf = (rows: number, keys: number, history: number): LaunchSizes => ({
  batch: 1,
  queries: Math.max(rows, Math.min(keys, rows + history)),
  keys,
  rows,
});

/** An entry of each table. */
export type Cost = Readonly<Record<keyof CostTable, number>>;

/** What each table is made of something by. */
export const mapTables = <Value>(of: (table: keyof CostTable) => Value): Record<keyof CostTable, Value> => ({
  operations: of('operations'),
  bytes: of('bytes'),
  longest: of('longest'),
  launches: of('launches'),
});

/**
 * How long a call is estimated to take, in operations of one block: its launches begin, and then it takes the work by as many blocks as run at
 * once, or as long as the longest blocks, whichever is more. Launchers compute the same from the same tables.
 */
export function costOf(cost: Cost, batch: number, { parallel, perByte, perLaunch }: CostDevice): number {
  const work = cost.operations + perByte * cost.bytes;
  return perLaunch * cost.launches + work * Math.max(batch / parallel, cost.longest);
}

/**
 * A number of a table at a call, interpolated between the logarithms of three neighbours, and beyond the grid as at its edge: the triangle in
 * which the call lies, so that those of no more rows than keys have to do with such calls alone.
 */
export function costAt(table: readonly (readonly number[])[], rows: number, keys: number): number {
  const [row, ofRow] = placeOn(costGrid.rows, rows);
  const [key, ofKey] = placeOn(costGrid.keys, keys);
  const at = (r: number, k: number): number => Math.log(table[r]![k]!);
  const [low, high] = [at(row, key), at(row + 1, key + 1)];
  const between = ofRow > ofKey ? at(row + 1, key) : at(row, key + 1);
  const [more, less] = [Math.max(ofRow, ofKey), Math.min(ofRow, ofKey)];
  return Math.exp(low + more * (between - low) + less * (high - between));
}

function placeOn(places: readonly number[], size: number): readonly [at: number, beyond: number] {
  const last = places.length - 2;
  const at = Math.min(
    last,
    Math.max(
      0,
      places.findLastIndex((place) => place <= size),
    ),
  );
  const [low, high] = [places[at]!, places[at + 1]!];
  return [at, Math.log(size / low) / Math.log(high / low)];
}
