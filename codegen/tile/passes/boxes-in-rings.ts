// Put boxes in rings: a tile that is read beside the entry that is computed is pushed to a ring of its own, which holds it and
// nothing before it. Targets know neighbours in rings alone: those lie where all threads of a block see them.

import { isWhole } from '../inference.js';
import type { Reading } from '../operations/definition.js';
import { nearbyOperands, type TileOperation } from '../operations.js';
import type { Kernel, Statement } from '../program.js';
import { axisOfKind, type Ring, type Tile, type TileAxis, type Value } from '../types.js';
import { definitionsOf, isRing, operationsIn } from '../walk.js';
import { eachKernel, type TilePass } from './pass.js';
import { rewriteKernel } from './rewrite.js';

export const boxesInRings: TilePass = {
  name: 'put boxes in rings',
  run: (program) => eachKernel(program, inRings),
};

/** The ring with a box in it, and how it is made. */
interface BoxRing {
  readonly filled: Ring;
  readonly statements: readonly Statement[];
}

function inRings(kernel: Kernel): Kernel {
  const rings = new Map<Value, BoxRing>();
  for (const operation of operationsIn(kernel.body)) {
    for (const value of nearbyOperands(operation)) {
      if (!isRing(value) && !rings.has(value)) rings.set(value, ringFor(value));
    }
  }
  if (rings.size === 0) return kernel;
  return rewriteKernel(kernel, {
    value: <Kind extends Value>(value: Kind, reading?: Reading) =>
      (reading === 'near' ? (rings.get(value)?.filled ?? value) : value) as Kind,
    behind: (statement) => definitionsOf(statement).flatMap((value) => rings.get(value)?.statements ?? []),
  });
}

/** A ring along keys where the box is whole along them, else along queries. */
function ringFor(tile: Tile): BoxRing {
  const [query, key] = (['query', 'key'] as const).map((kind) => axisOfKind(tile.axes, kind)) as [TileAxis, TileAxis];
  const isKeyed = isWhole(key);
  const [along, across] = isKeyed ? [key, query] : [query, key];
  const { dtype, label } = tile;
  const empty: Ring = {
    kind: 'ring',
    axis: isKeyed ? 'key' : 'query',
    across,
    capacity: along.size,
    dtype,
    ...(label === undefined ? {} : { label }),
  };
  const filled = { ...empty };
  const assign = (value: Ring, operation: TileOperation): Statement => ({ statement: 'let', value, operation });
  return {
    filled,
    statements: [
      assign(empty, { op: 'ring', end: along.origin, initial: 0 }),
      assign(filled, { op: 'push', ring: empty, tile }),
    ],
  };
}
