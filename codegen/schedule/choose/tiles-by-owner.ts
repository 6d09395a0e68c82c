// Tile sizes of a program whose kernels have different owners: blocks of rows, of keys and of neither each take those that the
// estimate gives the least time among the sizes at which their kernels fit.
import type { Kernel, Launch, TileProgram } from '../../tile/program.js';
import type { Buffer } from '../../tile/types.js';
import { statementsOf } from '../../tile/walk.js';
import { axisFacts, type TileOwner, type TileShape, type TileSizes } from '../plan/space.js';
import { estimateOf } from './estimate.js';
import type { Rates } from './rates.js';

export interface OwnerTilesOptions {
  /** The program at sizes that are the same for all; undefined where it is refused. */
  readonly programAt: (tiles: TileSizes) => TileProgram | undefined;
  /** Why a program does not fit, if it does not. */
  readonly misfit: (program: TileProgram) => string | undefined;
  /** Whether a program that fits has more threads in a block than its tiles are work for, so that registers hold them. */
  readonly isSpread: (program: TileProgram) => boolean;
  readonly rates: Rates | undefined;
  /** Told of sizes at which kernels of an owner do not fit. */
  readonly refuse: (tiles: TileShape, why: string) => void;
}

/** Estimates this near one another are alike: they do not know how threads share a tile. */
const ALIKE = 1.25;

const owners: readonly TileOwner[] = ['rows', 'keys', 'nothing'];

/** Tiles of fewer entries leave threads idle: they are looked at where no larger ones fit, as many small blocks take long to estimate. */
const FEW_ENTRIES = 128;

/** Sizes for every owner; undefined where the kernels of one fit at none, or no size has a program. */
export function tilesByOwner(
  candidates: readonly TileSizes[],
  { programAt, misfit, isSpread, rates, refuse }: OwnerTilesOptions,
): TileSizes | undefined {
  const isLarge = ({ rows, columns }: TileShape): boolean => rows * columns >= FEW_ENTRIES;
  const found: Partial<Record<TileOwner, TileShape>> = {};
  let open = owners;
  let largest: TileSizes | undefined;
  for (const sizes of [candidates.filter(isLarge), candidates.filter((each) => !isLarge(each))]) {
    const programs = sizes.flatMap((tiles) => {
      const program = open.length > 0 && programAt(tiles);
      return program ? [{ tiles, program }] : [];
    });
    if (programs.length === 0) continue;
    largest ??= programs[0]!.tiles;
    open = open.filter((owner) => {
      const parts = programs
        .map(({ tiles, program }) => ({ tiles, part: partOf(program, owner) }))
        .filter(({ part }) => part.launches.length > 0)
        .map((each) => ({ ...each, estimate: estimateOf(each.part, rates) }))
        .sort((one, other) => one.estimate - other.estimate);
      const fits = ({ tiles, part }: (typeof parts)[number]): boolean => {
        const why = misfit(part);
        if (why !== undefined) refuse(tiles, `kernels of ${owner}: ${why}`);
        return why === undefined;
      };
      const best = parts.find(fits);
      if (!best) return parts.length > 0;
      const compact = isSpread(best.part)
        ? parts
            .slice(parts.indexOf(best) + 1)
            .find((each) => each.estimate <= ALIKE * best.estimate && fits(each) && !isSpread(each.part))
        : undefined;
      const { rows, columns } = (compact ?? best).tiles;
      found[owner] = { rows, columns };
      return false;
    });
  }
  return largest && open.length === 0 ? { ...largest, ...found.rows, ofOwners: found } : undefined;
}

/** Why the kernels of some owner do not fit, if they do not. */
export function misfitByOwner(
  program: TileProgram,
  misfit: OwnerTilesOptions['misfit'],
): { readonly owner: TileOwner; readonly why: string } | undefined {
  for (const owner of owners) {
    const part = partOf(program, owner);
    const why = part.launches.length > 0 ? misfit(part) : undefined;
    if (why !== undefined) return { owner, why };
  }
  return undefined;
}

/** As `tilesByOwner`, without an estimate: each owner takes the first sizes at which its kernels fit, and what is behind is not made. */
export function firstTilesByOwner(
  candidates: readonly TileSizes[],
  { programAt, misfit, refuse }: Omit<OwnerTilesOptions, 'rates' | 'isSpread'>,
): TileSizes | undefined {
  const found: Partial<Record<TileOwner, TileShape>> = {};
  for (const tiles of candidates) {
    const program = programAt(tiles);
    if (!program) continue;
    for (const owner of owners) {
      const part = partOf(program, owner);
      if (found[owner] || part.launches.length === 0) continue;
      const why = misfit(part);
      if (why === undefined) found[owner] = { rows: tiles.rows, columns: tiles.columns };
      else refuse(tiles, `kernels of ${owner}: ${why}`);
    }
    const isWhole = owners.every((owner) => found[owner] || partOf(program, owner).launches.length === 0);
    if (isWhole) return { ...tiles, ...found.rows, ofOwners: found };
  }
  return undefined;
}

/** The launches of an owner alone, with the outputs that they give; what others leave for them lies in workspace. */
function partOf(program: TileProgram, owner: TileOwner): TileProgram {
  const kernelsOf = (launch: Launch): readonly Kernel[] =>
    launch.launch === 'kernel' ? [launch.kernel] : launch.kernels;
  const launches = program.launches.filter((each) => ownerOf(kernelsOf(each)[0]!) === owner);
  const given = new Set<Buffer>();
  for (const { body } of launches.flatMap(kernelsOf))
    for (const each of statementsOf(body)) if (each.statement === 'store') given.add(each.buffer);
  return {
    ...program,
    launches,
    buffers: program.buffers.filter((buffer) => buffer.role !== 'output' || given.has(buffer)),
  };
}

function ownerOf({ grid }: Kernel): TileOwner {
  const has = (tile: string): boolean => grid.some(({ variable }) => variable === tile);
  return has(axisFacts.query.tile) ? 'rows' : has(axisFacts.key.tile) ? 'keys' : 'nothing';
}
