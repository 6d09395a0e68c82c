// The rings that a ring becomes and comes from, by pushes, loops and switches: one window of scores, which has one place and
// one dtype.
import { alignedOperands } from './operations.js';
import type { Block } from './program.js';
import type { Ring, Value } from './types.js';
import { handedOn, isRing, statementsOf } from './walk.js';

export type RingFamilies = ReadonlyMap<Ring, ReadonlySet<Ring>>;

/** The family of each ring of a block, one set for all of its rings. */
export function ringFamilies(body: Block): RingFamilies {
  const families = new Map<Ring, Set<Ring>>();
  const familyOf = (ring: Ring): Set<Ring> => {
    const known = families.get(ring) ?? new Set([ring]);
    families.set(ring, known);
    return known;
  };
  const unite = (one: Value, other: Value): void => {
    if (!isRing(one) || !isRing(other)) return;
    const [into, from] = [familyOf(one), familyOf(other)];
    if (into === from) return;
    for (const ring of from) {
      into.add(ring);
      families.set(ring, into);
    }
  };
  for (const statement of statementsOf(body)) {
    for (const [one, other] of handedOn(statement)) unite(one, other);
    if (statement.statement !== 'let' || !isRing(statement.value)) continue;
    familyOf(statement.value);
    for (const operand of alignedOperands(statement.operation)) unite(statement.value, operand);
  }
  return families;
}
