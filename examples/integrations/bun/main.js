// Runs the kernels that Heddle made of attention.ts on the GPU of this machine, in Bun, which loads Dawn as Node does.
// With values that are all 1 each output is 1, whatever the scores are, as the weights of a row sum to 1.
import { create, globals } from 'webgpu';
import { createConvolved } from './generated/convolved.js';

Object.assign(globalThis, globals);

const [batch, heads, length, features, rows, columns] = [1, 4, 100, 32, 3, 5];

/** @param {number[]} shape @param {() => number} value */
function tensor(shape, value) {
  const count = shape.reduce((product, size) => product * size, 1);
  return { shape, data: Float32Array.from({ length: count }, value) };
}

const random = () => 2 * Math.random() - 1;

// Dawn lives as long as somebody holds it.
globalThis.gpu = create([]);
const adapter = await globalThis.gpu.requestAdapter();
if (adapter === null) {
  console.log(
    'there is no GPU here that Dawn can use: npx heddle check attention.ts --device webgpu runs the same kernels on a software device',
  );
  process.exit(77);
}
const attention = await createConvolved(adapter);
const { out } = await attention.run({
  q: tensor([batch, heads, length, features], random),
  k: tensor([batch, heads, length, features], random),
  v: tensor([batch, heads, length, features], () => 1),
  theta: tensor([heads, rows, columns], random),
});
const furthest = out.data.reduce((most, value) => Math.max(most, Math.abs(value - 1)), 0);
console.log(
  `outputs ${out.shape.join(' × ')} of values that are all 1 are at most ${furthest.toPrecision(2)} away from 1`,
);
// Drivers keep threads alive.
process.exit(furthest < 1e-4 ? 0 : 1);
