// A model of one attention layer that predicts the next token, with everything but the attention in plain JavaScript: an
// embedding that stays as it is, four projections, the loss, their gradients, and a step of gradient descent.

export const sizes = { batch: 4, length: 24, tokens: 12, width: 16, heads: 2, headDim: 8 };
const { batch, length, tokens, width, heads, headDim } = sizes;
const RATE = 1;

/** Numbers in [0, 1) that are the same in every language: mulberry32. */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x = (x + Math.imul(x ^ (x >>> 7), x | 61)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Sequences whose second half repeats the first: from there on, what follows a token is what followed it before. */
export function sequences(random) {
  return Array.from({ length: batch }, () => {
    const half = Array.from({ length: length / 2 }, () => Math.floor(random() * tokens));
    return [...half, ...half];
  });
}

/** Every parameter by name, as rows of numbers; the kernel starts as the identity. */
export function start(random) {
  const matrix = (rows, columns, scale) =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => (2 * random() - 1) * scale));
  return {
    embedding: matrix(tokens, width, 1),
    query: matrix(width, heads * headDim, 0.5),
    key: matrix(width, heads * headDim, 0.5),
    value: matrix(width, heads * headDim, 0.5),
    output: matrix(heads * headDim, tokens, 0.5),
    theta: Array.from({ length: heads }, () => [0, 0, 0, 0, 1, 0]),
  };
}

/** One step: `attend(q, k, v, theta)` gives the outputs and a function from their gradient to those of its arguments. */
export async function step(parameters, inputs, attend) {
  const { embedding, query, key, value, output, theta } = parameters;
  const rows = inputs.flatMap((sequence) => sequence.map((token) => embedding[token]));
  const [q, k, v] = [query, key, value].map((weights) => toHeads(product(rows, weights)));
  const { out, gradients } = await attend(q, k, v, theta.flat());
  const mixed = fromHeads(out);
  const { loss, cotangent } = lossOf(product(mixed, output), inputs);
  const given = await gradients(toHeads(product(cotangent, transposed(output))));
  descend(output, product(transposed(mixed), cotangent));
  for (const [weights, gradient] of [
    [query, given.q],
    [key, given.k],
    [value, given.v],
  ]) {
    descend(weights, product(transposed(rows), fromHeads(gradient)));
  }
  for (const [h, kernel] of theta.entries()) {
    for (const n of kernel.keys()) kernel[n] -= RATE * given.theta[h * kernel.length + n];
  }
  return loss;
}

/** Mean cross entropy of the next token over the second halves, and its gradient. */
function lossOf(logits, inputs) {
  const count = batch * (length / 2 - 1);
  let loss = 0;
  const cotangent = logits.map((row, at) => {
    const [b, i] = [Math.floor(at / length), at % length];
    if (i < length / 2 || i === length - 1) return row.map(() => 0);
    const largest = Math.max(...row);
    const exponentials = row.map((x) => Math.exp(x - largest));
    const sum = exponentials.reduce((total, each) => total + each, 0);
    const next = inputs[b][i + 1];
    loss += (Math.log(sum) + largest - row[next]) / count;
    return exponentials.map((each, token) => (each / sum - (token === next ? 1 : 0)) / count);
  });
  return { loss, cotangent };
}

function descend(weights, gradient) {
  for (const [n, row] of weights.entries()) for (const m of row.keys()) row[m] -= RATE * gradient[n][m];
}

const product = (left, right) =>
  left.map((row) => right[0].map((_, column) => row.reduce((sum, x, n) => sum + x * right[n][column], 0)));

const transposed = (matrix) => matrix[0].map((_, column) => matrix.map((row) => row[column]));

/** [batch · length, heads · headDim] as the numbers of [batch, heads, length, headDim], and back. */
function toHeads(rows) {
  const data = new Float32Array(batch * heads * length * headDim);
  for (const [at, row] of rows.entries()) for (const [n, x] of row.entries()) data[placeOf(at, n)] = x;
  return data;
}
const fromHeads = (data) =>
  Array.from({ length: batch * length }, (_, at) =>
    Array.from({ length: heads * headDim }, (__, n) => data[placeOf(at, n)]),
  );
const placeOf = (at, n) => {
  const [b, i] = [Math.floor(at / length), at % length];
  const [h, d] = [Math.floor(n / headDim), n % headDim];
  return ((b * heads + h) * length + i) * headDim + d;
};
