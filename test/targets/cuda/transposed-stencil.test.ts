// A convolution whose taps read backwards, as the gradient of one does, is done by tensor cores as any other is, and right.
import { describe, expect, it } from 'vitest';
import { openSpec } from '../../../dsl/frontend/index.js';
import { judgeOutput, randomInputs } from '../../../src/checking/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import { history } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { compileCuda } from '../../../targets/cuda/compile.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { testsOn } from '../../support/devices.js';

const spec = await openSpec(new URL('../specs/transposed-convolution.ts', import.meta.url).pathname);
const device = cudaEmulator({ dtype: 'bf16' });
const onEmulator = await testsOn(device);
const ROWS = 40;

describe.each([false, true])('keys first: %s', (keysFirst) => {
  const graph = spec.compile(undefined, { keysFirst });
  const optimised = optimise(graph);

  it('is products with Toeplitz matrices of its weights', () => {
    const { emitted } = compileCuda(optimised, { dtype: 'bf16' });
    expect([...emitted.files.values()].join('\n')).toContain('Toeplitz matrices of the weights of a stencil');
  });

  onEmulator('keeps to the rule', async () => {
    const inputs = randomInputs(graph, { batch: 1, queries: ROWS + history(graph), keys: 51 }, 5, 'bf16');
    const found = await device.run(optimised, inputs, { rows: ROWS });
    for (const [output, gold] of interpret(graph, inputs, { rows: ROWS })) {
      const out = found.get(output)!;
      expect(judgeOutput(graph, 'bf16', { inputs, rows: ROWS }, output, { out, gold }), output).toMatchObject({
        passed: true,
      });
    }
  });
});
