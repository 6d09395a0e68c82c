// T5's relative position bias: a table that is read at a logarithmic bucket of the distance.
// The bucket depends on positions and settings alone, so the compiler tabulates it.
import { attention, dot, map, normal, param, softmax } from 'heddle';

/** T5's bucket of the distance i − j: exact for small distances, logarithmic up to `farthest`, the last one beyond. */
export function bucket(distance: number, buckets: number, farthest: number, bidirectional: boolean): number {
  const half = bidirectional ? buckets / 2 : buckets;
  const side = bidirectional && distance < 0 ? half : 0;
  const n = bidirectional ? Math.abs(distance) : Math.max(distance, 0);
  const exact = half / 2;
  if (n < exact) return side + n;
  const logarithmic = exact + Math.floor((Math.log(n / exact) / Math.log(farthest / exact)) * (half - exact));
  return side + Math.min(logarithmic, half - 1);
}

/**
 * T5's relative position bias: a learned number for each bucket of distances and each head. Not scaled by 1/√D.
 * @formula softmax(q·kᵀ + bias[bucket(i − j), h]) · v
 * @paper arXiv:1910.10683
 */
export const t5 = attention(
  { heads: 8, headDim: 64, buckets: 32, farthest: 128, bidirectional: true },
  ({ q, k, v, buckets, farthest, bidirectional }) => {
    const bias = param('bias', [buckets, 'head'], normal(0.02));
    const biased = map(dot(q, k), (x, h, i, j) => x + bias(bucket(i - j, buckets, farthest, bidirectional), h));
    return softmax(biased).times(v);
  },
);
