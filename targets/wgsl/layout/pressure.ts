// How many 32-bit registers the tiles of a kernel take in a thread at its busiest statement: each tile from where it is
// computed to its last use, those that a loop goes round with for the whole loop.

import { valuesOf } from '../../../codegen/tile/operations.js';
import type { Block } from '../../../codegen/tile/program.js';
import type { Tile, Value } from '../../../codegen/tile/types.js';
import { innerBlocks } from '../../../codegen/tile/walk.js';
import type { KernelPlan } from './plan.js';

interface Life {
  /** Statement positions. */
  from: number;
  to: number;
}

/** `sizeOf` gives the registers of a thread that a live tile takes, in all forms that it is held in. */
export function mostRegisters(plan: KernelPlan, sizeOf: (tile: Tile) => number): number {
  const lives = livesOf(plan);
  const changes: { readonly at: number; readonly by: number }[] = [];
  for (const [value, { from, to }] of lives) {
    if (value.kind !== 'tile') continue;
    const size = sizeOf(value);
    changes.push({ at: from, by: size }, { at: to, by: -size });
  }
  // What ends where another begins leaves its registers to it.
  changes.sort((one, other) => one.at - other.at || one.by - other.by);
  let [now, most] = [0, 0];
  for (const { by } of changes) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

function livesOf(plan: KernelPlan): ReadonlyMap<Value, Life> {
  const lives = new Map<Value, Life>();
  const define = (value: Value, at: number): void => {
    lives.set(value, { from: at, to: at });
  };
  /** Uses a value in loops; one that comes from outside of a loop is wanted in each of its turns. */
  const use = (value: Value, at: number, loops: readonly Life[]): void => {
    const life = lives.get(value);
    if (!life) return;
    const entered = loops.find(({ from }) => from > life.from);
    life.to = Math.max(life.to, entered ? entered.to : at);
  };
  const visit = (block: Block, end: number, loops: readonly Life[]): void => {
    for (const statement of block.statements) {
      const [start, stop] = [plan.positionOf(statement), plan.endOf(statement)];
      switch (statement.statement) {
        case 'let':
          for (const each of valuesOf(statement.operation)) use(each, start, loops);
          define(statement.value, start);
          break;
        case 'store':
          use(statement.tile, start, loops);
          break;
        case 'for':
          for (const { initial, inside } of statement.carried) {
            use(initial, start, loops);
            define(inside, start);
          }
          visit(statement.body, stop, [...loops, { from: start, to: stop }]);
          // What is carried ends with its last use: the next value takes its place.
          for (const { after } of statement.carried) define(after, stop);
          break;
        case 'switch':
          // One case is taken: what it yields takes no place beside what another one does.
          for (const inner of innerBlocks(statement)) {
            const last = inner.statements.at(-1);
            visit(inner, last ? plan.endOf(last) : start, loops);
          }
          for (const result of statement.results) define(result, stop);
          break;
      }
    }
    for (const value of block.yields) use(value, end, loops);
  };
  visit(plan.kernel.body, Number.MAX_SAFE_INTEGER, []);
  return lives;
}
