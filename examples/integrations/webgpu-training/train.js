// Trains the model of model.js with emitted WGSL: node train.js FOLDER [STEPS], where FOLDER is what `heddle compile --backward`
// wrote. In a browser, import `train` and give it the factory; in Node the package webgpu stands for navigator.gpu.
import { generator, sequences, sizes, start, step } from './model.js';

/** Trains for so many steps and gives the loss of each. */
export async function train(createInduction, steps, source) {
  const { batch, heads, length, headDim } = sizes;
  const shape = [batch, heads, length, headDim];
  const launcher = await createInduction(source);
  const attend = async (q, k, v, theta) => {
    const inputs = {
      q: { shape, data: q },
      k: { shape, data: k },
      v: { shape, data: v },
      theta: { shape: [heads, 2, 3], data: theta },
    };
    const outputs = await launcher.forward.run(inputs);
    const gradients = async (data) => {
      const zeros = new Float32Array(batch * heads * length);
      const given = { grad_out: { shape, data }, grad_lse: { shape: shape.slice(0, 3), data: zeros } };
      const found = await launcher.backward.run({ ...inputs, ...outputs, ...given });
      return Object.fromEntries(Object.keys(inputs).map((name) => [name, found[`grad_${name}`].data]));
    };
    return { out: outputs.out.data, gradients };
  };
  const random = generator(1);
  const parameters = start(random);
  const losses = [];
  for (let n = 0; n < steps; n += 1) losses.push(await step(parameters, sequences(random), attend));
  launcher.destroy();
  return losses;
}

/** The command: what a browser has no use for is imported here alone. */
async function main() {
  const { pathToFileURL } = await import('node:url');
  if (import.meta.url !== pathToFileURL(process.argv[1]).href) return;
  const [folder, steps = '150'] = process.argv.slice(2);
  const { createInduction } = await import(pathToFileURL(`${folder}/induction.js`));
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  // Dawn must outlive its devices.
  globalThis.gpu = create([]);
  const losses = await train(createInduction, Number(steps), await globalThis.gpu.requestAdapter());
  // Dawn keeps the process from ending.
  process.stdout.write(`${losses.join('\n')}\n`, () => process.exit(0));
}

if (globalThis.process?.argv[1]) await main();
