// Looks for a simpler spec that still goes wrong on one path: shorter tapes with smaller numbers, as fast-check shrinks
// them, taken greedily within a budget of runs.
import fc from 'fast-check';
import { compare, disagreementsOf } from './compare.js';
import type { Path, PathName } from './paths.js';
import { type HowDrawn, specOf, type Tapes } from './random-spec.js';

const tapes = fc.record({
  graph: fc.array(fc.nat({ max: 2 ** 20 }), { maxLength: 80, size: 'max' }),
  call: fc.array(fc.nat({ max: 2 ** 20 }), { maxLength: 12, size: 'max' }),
}) as fc.Arbitrary<Tapes>;

export async function shrink(
  failing: Tapes,
  { name, path, ...how }: HowDrawn & { readonly name: PathName; readonly path: Path },
  budget: number,
): Promise<Tapes> {
  const fails = async (candidate: Tapes): Promise<boolean> => {
    const comparison = await compare(specOf(candidate, how), { [name]: path }).catch(() => undefined);
    return comparison !== undefined && disagreementsOf(comparison).size > 0;
  };
  let [best, context]: [Tapes, unknown] = [failing, undefined];
  let left = budget;
  search: while (left > 0) {
    for (const { value_, context: found } of tapes.shrink(best, context)) {
      if (left <= 0) break search;
      left -= 1;
      if (!(await fails(value_))) continue;
      [best, context] = [value_, found];
      continue search;
    }
    break;
  }
  return best;
}
