// Runs Multi-Token Attention on the visitor's GPU and draws its weights, a picture a head: rows are queries, columns keys.
// With the unit matrix as values an output is the row of weights itself, so that nothing but the kernel is needed.
import { createMixed } from './attention.ts?heddle';

const [heads, features, rows, columns] = [4, 24, 3, 5];
const CELL = 12;

const status = document.getElementById('status');
const sentence = document.getElementById('sentence');

/** A vector for each word, the same whenever it comes again, and another one for each head. */
function vectorOf(word, head) {
  let state = [...`${head} ${word}`].reduce((hash, character) => (hash * 31 + character.codePointAt(0)) | 0, 7);
  return Array.from({ length: features }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  });
}

const tensor = (shape, data) => ({ shape, data: Float32Array.from(data) });
const perHead = (make) => Array.from({ length: heads }, (_, head) => make(head)).flat(Infinity);

/** At most as many words as there are features: values are a unit matrix. */
function inputsOf(words) {
  const shape = [1, heads, words.length, features];
  const vectors = perHead((head) => words.map((word) => vectorOf(word, head)));
  return {
    q: tensor(
      shape,
      vectors.map((value) => 2 * value),
    ),
    k: tensor(shape, vectors),
    v: tensor(
      shape,
      perHead(() => words.map((_, n) => Array.from({ length: features }, (_, d) => Number(n === d)))),
    ),
    // A score and, half as much, the one before it of both query and key: two words in a row are found together.
    theta: tensor(
      [heads, rows, columns],
      perHead(() =>
        Array.from({ length: rows * columns }, (_, n) =>
          n === (rows - 1) * columns + 2 ? 1 : n === (rows - 2) * columns + 1 ? 0.5 : 0,
        ),
      ),
    ),
    mix: tensor(
      [1, heads, heads],
      perHead((to) => Array.from({ length: heads }, (_, from) => (to === from ? 0.8 : 0.1))),
    ),
  };
}

function draw({ data }, words) {
  const canvases = Array.from({ length: heads }, (_, head) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = words.length * CELL;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `Weights of head ${head}`);
    const context = canvas.getContext('2d');
    words.forEach((_, query) => {
      words.forEach((_, key) => {
        const weight = data[(head * words.length + query) * features + key];
        context.fillStyle = `rgb(27 95 168 / ${Math.min(1, weight)})`;
        context.fillRect(key * CELL, query * CELL, CELL - 1, CELL - 1);
      });
    });
    return canvas;
  });
  document.getElementById('maps').replaceChildren(...canvases);
}

async function start() {
  if (!navigator.gpu) {
    status.textContent = 'This browser has no WebGPU, or gives it to pages of https and of localhost alone.';
    return;
  }
  const attention = await createMixed();
  const show = async () => {
    const words = sentence.value.trim().split(/\s+/).slice(0, features);
    const { out } = await attention.run(inputsOf(words));
    draw(out, words);
    // The weights of a row sum to 1.
    const sums = Array.from({ length: heads * words.length }, (_, row) =>
      out.data.subarray(row * features, (row + 1) * features).reduce((sum, weight) => sum + weight, 0),
    );
    const furthest = Math.max(...sums.map((sum) => Math.abs(sum - 1)));
    status.textContent = `${heads} heads, ${words.length} words; sums of weights are at most ${furthest.toExponential(1)} away from 1.`;
    document.documentElement.dataset.drawn = String(furthest < 1e-4);
  };
  sentence.addEventListener('input', show);
  await show();
}

start().catch((error) => {
  status.textContent = `It cannot be run here: ${error.message}`;
});
