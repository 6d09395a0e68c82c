// What the tests of the PyTorch target share: both dtypes of the device, and how far apart two tensors are.
import type { HostTensor } from '../../../src/tensors/index.js';
import { torchDevice } from '../../../targets/torch/device/index.js';
import { testsOn } from '../../support/devices.js';

export const torch = torchDevice();
export const torch64 = torchDevice({ dtype: 'f64' });
export const onTorch = await testsOn(torch);

/** ‖actual − expected‖ / ‖expected‖ over finite elements; infinite where infinities or shapes differ. */
export function distance(actual: HostTensor | undefined, expected: HostTensor): number {
  if (actual?.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  let [difference, norm] = [0, 0];
  for (const [n, value] of expected.data.entries()) {
    const other = actual.data[n]!;
    if (!Number.isFinite(value) || !Number.isFinite(other)) {
      if (!Object.is(value, other)) return Number.POSITIVE_INFINITY;
      continue;
    }
    difference += (other - value) ** 2;
    norm += value ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / (norm === 0 ? 1 : norm));
}
