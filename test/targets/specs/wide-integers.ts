// Integers that leave 32 bits on the way: as indices they are outside of every table, in comparisons larger or smaller than
// all others, as floats what they are.
import { attention, fill, integers, map, param, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';

export const wide = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const p = param('p', [8], (n) => n + 1);
  const tab = integers('tab', ['position']);
  const s = map(scaledDot(q, k), (x, _h, i, j) => {
    const read = p(tab(j) * 2) + p(j + tab(j)) + p(tab(j) * 65536) + p(Math.abs(tab(j) - tab(i))) + p(Math.abs(tab(j)));
    const sums = p(tab(j) + tab(i) - tab(j) - tab(i) + 3) + p(j * 4294967296) + p(Math.floor(j * 1e8));
    const compared =
      (tab(j) * 3 < tab(i) * 2 ? 0.25 : 0) + (tab(j) - tab(i) === 5 ? 0.5 : 0) + (tab(j) + 1 > j ? 1 : 0);
    return x + read + sums + compared + (tab(j) * 2 - 5) * 1e-9 + ((tab(j) * 31 + 7) & 3);
  });
  return softmax(fill(s, (i, j) => tab(j) * 2 >= i - 4 || i === j, -Infinity)).times(v);
});

/** The same with what gpu.js counts exactly. */
export const narrow = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => {
  const p = param('p', [8], (n) => n + 1);
  const s = map(
    scaledDot(q, k),
    (x, _h, _i, j) => x + p(j * 4294967296) + p(Math.floor(j * 0.5e10)) + p(Math.round(j / 3)),
  );
  return softmax(s).times(v);
});
