// The kernels of a WGSL package that every device must run: those of alternatives with limits of their own are for some.
// What validates a package within the default limits asks for these.
import type { PipelineToValidate } from '../../targets/wgsl/device/index.js';
import type { WgslManifest } from '../../targets/wgsl/manifest.js';

export function kernelsEverywhere({ alternatives = [], kernels }: WgslManifest): readonly PipelineToValidate[] {
  const forSome = new Set(alternatives.flatMap((each) => (each.limits ? each.kernels : [])));
  return kernels.flatMap(({ name }) => (forSome.has(name) ? [] : [{ entryPoint: name }]));
}
