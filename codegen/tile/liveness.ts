// Which values of a kernel some store depends on. The others need not be computed, and what is carried round a loop for them
// alone need not be carried.
import { valuesOf } from './operations.js';
import type { Kernel } from './program.js';
import type { Value } from './types.js';
import { handedOn, statementsOf } from './walk.js';

export function liveValues({ body }: Kernel): ReadonlySet<Value> {
  const live = new Set<Value>();
  // The last first: what a value is wanted for is known before it, but for what loops carry round.
  const backwards = statementsOf(body).toReversed();
  for (let before = -1; before !== live.size; ) {
    before = live.size;
    for (const statement of backwards) {
      if (statement.statement === 'store') live.add(statement.tile);
      else if (statement.statement === 'let') {
        if (live.has(statement.value)) for (const each of valuesOf(statement.operation)) live.add(each);
      } else if (statement.statement === 'for') {
        // A carried value that is wanted after the loop or inside of it is wanted all the way round.
        for (const [n, { initial, inside, after }] of statement.carried.entries()) {
          if (!live.has(inside) && !live.has(after)) continue;
          for (const each of [initial, inside, after, statement.body.yields[n]!]) live.add(each);
        }
      } else {
        for (const [result, given] of handedOn(statement)) if (live.has(result)) live.add(given);
      }
    }
  }
  return live;
}
