// Operators and functions of Math on indices and scores: integers, floats and truth values, with JavaScript's meaning.
// Remainders keep the sign of the dividend, / never truncates, and an integer quotient is a floor.
import { attention, fill, integers, map, max, param, rows, softmax, sum, tensor } from 'heddle';
import { scaledDot } from 'heddle/library';

/** Arithmetic. */
export const arithmetic = attention({ heads: 3, headDim: 4, window: 4, odd: 3 }, ({ q, k, v, window, odd }) => {
  const ids = integers('ids', ['batch', 'position']);
  const gate = tensor('gate', ['batch', 'query', 'head']);
  const table = param('table', [9, 'head']);
  const scale = param('scale', []);
  const strength = Math.exp(scale()) / (1 + Math.abs(scale())) + (scale() > 0 ? 0.5 : scale());

  const s = map(scaledDot(q, k), (x, h, i, j) => {
    const signed = (i - j) % odd;
    const block = Math.floor((j - i) / odd);
    const half = (i - j) / 2;
    const fraction = half - Math.floor(half);
    const bits = ((h << 1) | (i & 3)) ^ ~j;
    const same = i < j === block < 0 || (ids(i) !== ids(j) && !(h > 1));
    const rounded = Math.round(half) + Math.trunc(half) + Math.ceil(half) + Math.sign(signed);
    return (
      x * strength +
      0.1 * signed -
      0.2 * block +
      fraction +
      bits / 50 +
      (same ? 0.3 : -0.3) +
      rounded / 20 +
      gate(i, h) * Math.atan2(x, 1 + h) +
      Math.cbrt(x) * Math.sinh(x / 4) -
      Math.cosh(x / 4) +
      Math.log1p(x * x) +
      Math.expm1(x / 8) +
      Math.asinh(x) / (1 + Math.acosh(2 + x * x)) +
      Math.atanh(x / (1 + Math.abs(x))) / 9 +
      Math.hypot(x, h, 1) / 9 +
      Math.min(x, 0.5, h) * Math.max(x, -0.5) +
      2 ** -h +
      Number(i > j) / 3 +
      table(Math.min(Math.max(i - j, 0), 8), h) +
      table((h * 1048583) % 9, h) +
      sum(3, (n) => table(Math.floor((n * 1000003 + h) / 250000), h)) / 3
    );
  });
  const peak = map(s, (x, h, i, j) => max([2, 2], (u, w) => s(h, i - u, j - w)) + x / 2 - sum(0, () => 1));
  const mixed = map(
    peak,
    (x, h, i, j) => x + sum(s.heads, (n) => (n === h ? 0 : s(n, i, j - 1) / 8)) + s((h + i) % 3, i, j),
  );
  const far = rows((h, i) => (i < k.length - 2 ? 0.5 : 0) + gate(i - 1, h));
  const visible = map(mixed, (x, h, i) => x + far(h, i - 1));
  return softmax(
    fill(visible, (i, j) => i - j < (window > 3 ? Infinity : window) && j < i + 2, -Infinity),
    {
      sink: (h, i) => far(h, i) + Math.log(1 + h),
    },
  ).times(v);
});
