// Finds out which kernels of a launcher are fastest on a device here, at each of some calls, by the launcher's own means.
// What is found is a small JSON that an application gives to the launcher.

import { type AskedShape, wholeShape } from '../src/checking/index.js';
import { fail } from '../src/diagnostics/index.js';
import { type Graph, history } from '../src/ir/index.js';
import { optimise } from '../src/passes/index.js';
import { compileWgsl } from '../targets/wgsl/compile.js';
import { type KernelDevice, webgpu, wgpu } from '../targets/wgsl/device/index.js';
import type { EmittedWgsl } from '../targets/wgsl/emit-files.js';
import type { Tuned } from '../targets/wgsl/tune-types.js';
import { failUnknown } from './unknown-name.js';
import { version } from './version.js';

export interface TuneRequest {
  readonly device: string;
  readonly dtype?: 'f32' | 'f16' | undefined;
  /** Where a shape has no rows of output, they are all whose history is given. */
  readonly shapes?: readonly AskedShape[] | undefined;
  /** For all calls together; building pipelines comes on top. */
  readonly milliseconds?: number | undefined;
  readonly onCall?: ((done: number, total: number) => void) | undefined;
}

export interface TuneReport {
  readonly emitted: EmittedWgsl;
  /** The names of the alternatives, that of long calls first. */
  readonly alternatives: readonly string[];
  readonly tuned: Tuned;
}

const devices: Readonly<Record<string, KernelDevice>> = { webgpu, wgpu };

const DEFAULT_MILLISECONDS = 10_000;

/** Steps, short blocks of rows, and prefills. */
const usualCalls = [
  { rows: 1, keys: 512 },
  { rows: 1, keys: 4096 },
  { rows: 8, keys: 1024 },
  { rows: 64, keys: 1024 },
  { rows: 512, keys: 512 },
] as const;

/** @throws HeddleError HD4022 for a device that takes no launchers, HD62xx where no schedule serves, HD6801 where the device is not here. */
export async function tuneOnDevice(
  graph: Graph,
  { device: name, dtype = 'f32', shapes, milliseconds = DEFAULT_MILLISECONDS, onCall }: TuneRequest,
): Promise<TuneReport> {
  const device = Object.hasOwn(devices, name) ? devices[name]! : failUnknown('HD4022', name, Object.keys(devices));
  const { emitted, alternatives } = compileWgsl(optimise(graph), { dtype, version: version() });
  const names = alternatives.map((each) => each.name);
  if (names.length === 1) fail('HD4045', { name: graph.name, alternative: names[0]! });
  const calls = (shapes ?? usualCalls.map((each) => callOf(graph, each))).map((each) => wholeShape(graph, each));
  for (const { queries, keys, rows } of calls) {
    const needed = Math.min(keys, rows + history(graph));
    if (queries < needed) fail('HD7005', { queries, keys, history: history(graph), rows, needed });
  }
  const launcher = emitted.files.get(emitted.launcher)!;
  const found: Tuned[] = [];
  for (const call of calls) {
    const each = { launcher, factory: emitted.factory, call, milliseconds: milliseconds / calls.length };
    found.push(await device.tune(each, emitted.name));
    onCall?.(found.length, calls.length);
  }
  return { emitted, alternatives: names, tuned: { ...found[0]!, calls: found.flatMap((each) => each.calls) } };
}

const callOf = (graph: Graph, { rows, keys }: { readonly rows: number; readonly keys: number }): AskedShape => ({
  batch: 1,
  queries: Math.min(keys, rows + history(graph)),
  keys,
  rows,
});

/** The name of the file that goes beside the launcher. */
export const tunedFile = ({ name }: EmittedWgsl): string => `${name}.tuned.json`;
