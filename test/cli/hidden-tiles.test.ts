// The number of tiles that a mask hides, against each score looked at, and in time where there are more than can be.
import { describe, expect, it } from 'vitest';
import { hiddenTiles } from '../../driver/hidden-tiles.js';
import { apply, type Expression, integer, variable } from '../../src/ir/index.js';

const [i, j] = [variable('i'), variable('j')];
const causal = apply('lessOrEqual', j, i);
const window = (size: number): Expression =>
  apply('and', causal, apply('less', apply('subtract', i, j), integer(size)));
const masks: Readonly<Record<string, Expression>> = {
  causal,
  window: window(40),
  diagonal: apply('equal', i, j),
  'all but the diagonal': apply('notEqual', i, j),
  'global and local': apply('and', causal, apply('or', apply('less', j, integer(5)), window(33))),
  dilated: apply('and', causal, apply('equal', apply('remainder', apply('subtract', i, j), integer(64)), integer(0))),
};
const holds: Readonly<Record<string, (i: number, j: number) => boolean>> = {
  causal: (i, j) => j <= i,
  window: (i, j) => j <= i && i - j < 40,
  diagonal: (i, j) => i === j,
  'all but the diagonal': (i, j) => i !== j,
  'global and local': (i, j) => j <= i && (j < 5 || (j <= i && i - j < 33)),
  dilated: (i, j) => j <= i && (i - j) % 64 === 0,
};

function counted(
  sees: (i: number, j: number) => boolean,
  rows: number,
  keys: number,
  [height, width]: [number, number],
) {
  let hidden = 0;
  for (let row = keys - rows; row < keys; row += height) {
    for (let column = 0; column < keys; column += width) {
      let visible = false;
      for (let i = row; i < Math.min(row + height, keys); i += 1) {
        for (let j = column; j < Math.min(column + width, keys); j += 1) visible ||= sees(i, j);
      }
      if (!visible) hidden += 1;
    }
  }
  return hidden;
}

const sizes = (rows: number, keys: number) => ({ batch: 1, queries: rows, keys, rows });

describe.each(Object.keys(masks))('%s', (name) => {
  it.each([
    [1, 1, 32, 32],
    [100, 100, 32, 32],
    [77, 300, 16, 32],
    [5, 260, 8, 64],
  ])('hides what it hides: %i rows of %i keys by %i×%i', (rows, keys, height, width) => {
    const found = hiddenTiles(masks[name]!, sizes(rows, keys), { rows: height, columns: width });
    expect(found).toBe(counted(holds[name]!, rows, keys, [height, width]));
  });
});

it('takes no longer for a hundred million keys', () => {
  const keys = 1e8;
  const perSide = keys / 32;
  const share = hiddenTiles(causal, sizes(keys, keys), { rows: 32, columns: 32 }) / perSide ** 2;
  expect(share).toBeGreaterThan(0.49);
  expect(share).toBeLessThanOrEqual(0.5);
  const windowed = hiddenTiles(window(4096), sizes(keys, keys), { rows: 32, columns: 32 }) / perSide ** 2;
  expect(windowed).toBeGreaterThan(0.99);
});
