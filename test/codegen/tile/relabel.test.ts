// An axis of a tile under another name: which names it may have, and that nothing else changes.
// What it computes is held to devices in the operations of each target.
import { describe, expect, it } from 'vitest';
import { axis, BlockBuilder } from '../../../codegen/tile/builder.js';
import type { TileAxisKind } from '../../../codegen/tile/types.js';

describe('another name for an axis', () => {
  const tile = new BlockBuilder().constant([axis('extent', 0, 3), axis('feature', 0, 2)], 0);
  const relabelled = (from: TileAxisKind, to: TileAxisKind) => () => new BlockBuilder().relabel(tile, from, to);
  it.each<[TileAxisKind, TileAxisKind, RegExp]>([
    ['extent', 'feature', /has a feature axis already/],
    ['query', 'key', /has no query axis/],
  ])('is not %s as %s', (from, to, message) => expect(relabelled(from, to)).toThrow(message));
  it('leaves a tile as it is', () => {
    expect(relabelled('extent', 'query')().axes.map(({ kind, size }) => `${kind} ${size}`)).toEqual([
      'query 3',
      'feature 2',
    ]);
  });
});
