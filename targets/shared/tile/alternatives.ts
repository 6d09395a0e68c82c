// Alternatives: programs of one graph between which a launcher chooses at the call. One module holds the kernels of all of them,
// which have inputs and outputs in common; workspace and decisions are each one's own.
import {
  type CostDevice,
  type Costed,
  type CostTable,
  costAt,
  costDevices,
  costGrid,
  costOf,
  mapTables,
  noCosts,
  type ScheduleKind,
  type TileSizes,
} from '../../../codegen/schedule/index.js';
import type { Kernel, Launch, TileProgram } from '../../../codegen/tile/program.js';

export interface Alternative {
  /** Its schedule and tiles, `online-32x16`, by which a caller may ask for it; grouped where heads that share keys are rows of a block. */
  readonly name: string;
  readonly schedule: ScheduleKind;
  readonly tiles: Pick<TileSizes, 'rows' | 'columns'>;
  /** With kernels whose names no other alternative has. */
  readonly program: TileProgram;
  /** What launchers choose by. */
  readonly costs: CostTable;
  /** What a device must grant for it beyond what the first needs, under the names of the target; without it, it is never taken. */
  readonly limits?: Readonly<Record<string, number>>;
  /** What launchers take a device with many units to be. */
  readonly device: CostDevice;
  /** Set where it has the kernels of another alternative, written otherwise, and so its program and its estimates. */
  readonly variant?: AlternativeVariant;
}

export interface AlternativeVariant {
  /** The name of the other. */
  readonly of: string;
  /** What a device must have for it. No estimate tells it from the other, so that it is taken where it is asked for or tuned. */
  readonly features: readonly string[];
}

/** The first is taken where estimates do not tell; one that stands alone has nothing to be chosen by. */
export type Alternatives = readonly Alternative[];

/** Those with programs of their own. */
export const withoutVariants = (alternatives: Alternatives): Alternatives =>
  alternatives.filter(({ variant }) => variant === undefined);

/** A program by itself, as the only one. */
export const alone = (program: TileProgram): Alternatives => [
  {
    name: 'only',
    schedule: 'online',
    tiles: { rows: 1, columns: 1 },
    program,
    costs: noCosts,
    device: costDevices.hardware,
  },
];

/** What a launcher estimates at a call, by interpolation, in plain operations of one block. */
export function estimateAt(
  { costs, device: large }: Alternative,
  { batch, keys, rows }: { readonly batch: number; readonly keys: number; readonly rows: number },
  device: CostDevice = large,
): number {
  const cost = mapTables((of) => costAt(costs[of], rows, keys));
  return costOf(cost, batch, device);
}

/** The calls of the grid of estimates, of one batch entry, that an alternative is taken for on a device with many units. */
export function takenAt(own: Alternative, alternatives: Alternatives): { rows: number; keys: number[] }[] {
  const estimate = (each: Alternative, row: number, key: number): number =>
    estimateAt(each, { batch: 1, rows: costGrid.rows[row]!, keys: costGrid.keys[key]! });
  const isTaken = (row: number, key: number): boolean =>
    alternatives.every((each, n) =>
      n < alternatives.indexOf(own)
        ? estimate(own, row, key) < estimate(each, row, key)
        : estimate(own, row, key) <= estimate(each, row, key),
    );
  return costGrid.rows.flatMap((rows, row) => {
    const keys = costGrid.keys.filter((_, key) => isTaken(row, key));
    return keys.length === 0 ? [] : [{ rows, keys }];
  });
}

/**
 * Alternatives with kernels that are called differently: the first keeps its names.
 * @param programOf the program as the target emits it
 * @param device of the target, with many units
 */
export function named(
  found: readonly Costed[],
  programOf: (scheduled: TileProgram) => TileProgram = (program) => program,
  device: CostDevice = costDevices.hardware,
): Alternatives {
  const kinds = new Map<ScheduleKind, number>();
  return found.map(({ scheduled: { kind, tiles, program: scheduled }, costs }, n) => {
    const count = (kinds.get(kind) ?? 0) + 1;
    kinds.set(kind, count);
    const suffix = `${kind.replaceAll('-', '_')}${count === 1 ? '' : count}`;
    const program = programOf(scheduled);
    return {
      name: `${kind}-${tiles.rows}x${tiles.columns}${tiles.headsAsRows ? '-grouped' : ''}`,
      schedule: kind,
      tiles: { rows: tiles.rows, columns: tiles.columns },
      program: n === 0 ? program : withSuffix(program, suffix),
      costs,
      device,
    };
  });
}

/** The program with the name of each kernel behind a suffix. */
function withSuffix(program: TileProgram, suffix: string): TileProgram {
  const renamed = (kernel: Kernel): Kernel => ({ ...kernel, name: `${kernel.name}_${suffix}` });
  const launches = program.launches.map(
    (each): Launch =>
      each.launch === 'kernel'
        ? { ...each, kernel: renamed(each.kernel) }
        : { ...each, kernels: each.kernels.map(renamed) },
  );
  return { ...program, launches };
}

/** All of them as one program, which has the kernels of each behind those of the one before; the first alone is as it is. */
export function joined(programs: readonly [TileProgram, ...TileProgram[]]): TileProgram {
  const [first, ...others] = programs;
  if (others.length === 0) return first;
  const all = [...new Set(programs.flatMap(({ buffers }) => buffers))];
  const buffers = (['input', 'output', 'workspace'] as const).flatMap((role) =>
    all.filter((each) => each.role === role),
  );
  return { ...first, buffers, launches: programs.flatMap(({ launches }) => launches) };
}

/** A table of estimates as text that JavaScript and, its brackets replaced, C read: three digits tell what is coarse. */
export const costText = (table: readonly (readonly number[])[]): string =>
  `[${table.map((row) => `[${row.map(shortNumber).join(', ')}]`).join(', ')}]`;

function shortNumber(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const [plain, scientific] = [String(rounded), rounded.toExponential().replace('e+', 'e')];
  return plain.length <= scientific.length ? plain : scientific;
}
