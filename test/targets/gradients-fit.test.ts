// Gradients that no single kernel of an owner has room for, and sums whose axes have other names than what they are of: what a target
// grants is kept to.
import { expect, test } from 'vitest';
import { schedule } from '../../codegen/schedule/index.js';
import { trainingPair } from '../../src/autodiff/index.js';
import { fit as fitCuda } from '../../targets/cuda/fit.js';
import { fit as fitWgsl } from '../../targets/wgsl/fit.js';
import { openExample, smallSettings } from '../support/example-graphs.js';

const backwardOf = async (name: string) =>
  trainingPair((await openExample(name)).compile(undefined, smallSettings(name))).backward;

test.each(['forgettingTransformer', 'mlaAbsorbed'])(
  '%s: gradients are apart where one kernel binds too much',
  async (name) => {
    const fit = (program: Parameters<typeof fitWgsl>[0]) => {
      const found = fitWgsl(program);
      return found.fits ? ({ fits: true } as const) : { fits: false as const, why: found.reason };
    };
    const candidates = [8, 4].map((rows) => ({ rows, columns: 8 }));
    const { program, refused } = schedule(await backwardOf(name), { candidates, fit });
    expect(refused.map(({ why }) => why).join()).toContain('9 storage buffers');
    const found = fitWgsl(program);
    expect(found.fits && Math.max(...found.kernels.map(({ bindings }) => bindings))).toBeLessThanOrEqual(8);
  },
);

test('the gradient of a gain, a sum of rows along features, is laid out', async () => {
  const { program } = schedule(await backwardOf('diffV1'), { candidates: [{ rows: 16, columns: 16 }] });
  expect(fitCuda(program)).toMatchObject({ fits: true });
});
