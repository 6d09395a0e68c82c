// Where statements of the same shapes stand in the same order more than once, in the same list of statements or in others.
// Only those that could save text are told, the longest first.
import type { Shape } from './shapes.js';

/** The first of some statements in a list. */
export interface Spot {
  readonly list: number;
  readonly at: number;
}

export interface Repeat {
  readonly length: number;
  /** Spots that do not overlap, in the order of the text. */
  readonly spots: readonly Spot[];
  /** Characters that all of them but one have together. */
  readonly size: number;
}

/** All repeats that could save at least `least` characters, those that could save most first. */
export function repeatsIn(lists: readonly (readonly Shape[])[], least: number): readonly Repeat[] {
  const repeats: Repeat[] = [];
  // What begins at each place, by the shapes of the statements from there on.
  let current = lists.map((shapes) => shapes.map(({ key }) => key));
  for (let length = 1; ; length += 1) {
    const spots = new Map<number, Spot[]>();
    for (const [list, keys] of current.entries()) {
      for (const [at, key] of keys.entries()) {
        if (key === undefined) continue;
        const known = spots.get(key);
        if (known) known.push({ list, at });
        else spots.set(key, [{ list, at }]);
      }
    }
    let isAny = false;
    for (const [key, all] of spots) {
      if (all.length < 2) spots.delete(key);
      else {
        isAny = true;
        const apart = withoutOverlap(all, length);
        const [{ list, at }] = apart as [Spot];
        const own = lists[list]!.slice(at, at + length).reduce((sum, { size }) => sum + size, 0);
        const size = own * (apart.length - 1);
        if (size >= least && apart.length > 1) repeats.push({ length, spots: apart, size });
      }
    }
    if (!isAny) break;
    current = longer(current, lists, length, spots);
  }
  return repeats.sort((one, other) => other.size - one.size);
}

function withoutOverlap(spots: readonly Spot[], length: number): readonly Spot[] {
  const apart: Spot[] = [];
  for (const spot of spots) {
    const last = apart.at(-1);
    if (last === undefined || last.list !== spot.list || last.at + length <= spot.at) apart.push(spot);
  }
  return apart;
}

/** Numbers for what begins at each place and has one statement more, where what it has so far is there again. */
function longer(
  current: readonly (readonly (number | undefined)[])[],
  lists: readonly (readonly Shape[])[],
  length: number,
  repeated: ReadonlyMap<number, unknown>,
): (number | undefined)[][] {
  const numbers = new Map<string, number>();
  return current.map((keys, list) =>
    keys.map((key, at) => {
      const next = lists[list]![at + length]?.key;
      if (key === undefined || next === undefined || !repeated.has(key)) return undefined;
      const pair = `${key} ${next}`;
      const known = numbers.get(pair) ?? numbers.size;
      numbers.set(pair, known);
      return known;
    }),
  );
}
