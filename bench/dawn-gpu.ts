// WebGPU in Node: Dawn, with what libraries that are written for browsers look for.
// Deno and browsers have it by themselves.
import { create, globals } from 'webgpu';

/** Dawn ends with the object that it came from. */
const keptAlive: unknown[] = [];

export function dawnGpu(): GPU {
  const gpu = create([]);
  keptAlive.push(gpu);
  Object.assign(globalThis, globals);
  const navigator = { gpu, userAgent: 'node', hardwareConcurrency: 1 };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  return gpu;
}
