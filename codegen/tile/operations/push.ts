// push: the ring with a tile behind its end. The tile starts where the ring ends; the oldest entries fall out.
// The new ring has the old one's place.
import { demand, isWhole, sameBox } from '../inference.js';
import { type RuntimeRing, type RuntimeTile, reader, type Span, TileProgramError } from '../interpreter/memory.js';
import { axisOfKind, type Ring, type Tile, validRange } from '../types.js';
import { none, noWork, type OperationDefinition } from './definition.js';

export interface PushOperation {
  readonly op: 'push';
  readonly ring: Ring;
  readonly tile: Tile;
}

export const push: OperationDefinition<PushOperation, [ring: Ring, tile: Tile], Ring> = {
  gives: 'ring',
  operands: { ring: 'entry', tile: 'box' },
  expressions: {},
  make: (ring, tile) => ({ operation: { op: 'push', ring, tile }, value: { ...ring } }),
  infer({ ring, tile }, next) {
    const across = axisOfKind(tile.axes, ring.across.kind);
    const along = axisOfKind(tile.axes, ring.axis);
    demand(across !== undefined && sameBox(across, ring.across), 'the tile lies across another box than the ring');
    demand(along !== undefined && along.size <= ring.capacity, 'the tile is longer than the ring');
    demand(isWhole(along), 'only tiles that are whole along the ring are pushed');
    const [pushed, held] = [validRange(across), validRange(ring.across)];
    demand(pushed.low <= held.low && held.high <= pushed.high, 'the tile holds nothing where the ring should');
    demand(next.capacity === ring.capacity && sameBox(next.across, ring.across), 'a push keeps the ring as it is');
    return next;
  },
  dtypes: ({ ring, tile }) => (ring.dtype === tile.dtype ? [ring.dtype] : []),
  text: ({ ring, tile }, { nameOf }) => `push ${nameOf(tile)} to ${nameOf(ring)}`,
  implied: (_, next) => next,
  neighbourhoods: none,
  work: noWork,
  meets: ({ ring, tile }) => [{ tile, other: ring }],
  interpret({ ring: before, tile }, value, { at, run }) {
    const { ring, acrossStart, end, data } = at(before) as RuntimeRing;
    const pushed = at(tile) as RuntimeTile;
    const along = pushed.spans.find(({ kind }) => kind === ring.axis)!;
    if (along.start !== end) {
      throw new TileProgramError(`a ring that ends at ${end} is pushed a tile that starts at ${along.start}`);
    }
    const { capacity, across } = ring;
    const next = new Float64Array(data.length);
    const acrossSpan: Span = { kind: across.kind, start: acrossStart, size: across.size };
    const read = reader(pushed, [acrossSpan, along], run.poison);
    for (let row = 0; row < across.size; row += 1) {
      for (let column = 0; column < capacity; column += 1) {
        const position = end + along.size - capacity + column;
        const kept = row * capacity + column + along.size;
        next[row * capacity + column] = position < end ? data[kept]! : read([acrossStart + row, position]);
      }
    }
    return { ring: value, acrossStart, end: end + along.size, data: next };
  },
};
