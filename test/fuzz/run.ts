// Runs a stretch of random specs of a seed in this process and tells of each what became of it.
// Specs that disagree are made simpler first, within a budget, so that what is told is short.
import { type Comparison, compare, disagreementsOf } from './compare.js';
import { openPaths, type PathName, usualPaths, type WgslDeviceName } from './paths.js';
import { specOf, specText, tapesOf } from './random-spec.js';
import { shrink } from './shrink.js';

export interface Stretch {
  readonly seed: number;
  /** The number of the first spec, and the number behind the last. */
  readonly from: number;
  readonly to: number;
  /** Specs that may be tried to make one that disagrees simpler. */
  readonly shrinkBudget: number;
  /** Kernels of much text run on WebGPU for one spec in so many: by its number, so that it runs again when alone. */
  readonly largeOneIn: number;
  /** CUDA kernels, which take seconds to compile, run on the emulation for one spec in so many. */
  readonly cudaOneIn: number;
  /** Whether gradients are computed and compared, in place of outputs. */
  readonly backward: boolean;
  /** The ways to run each spec; the usual ones unless told. */
  readonly paths?: readonly PathName[] | undefined;
  /** Where WGSL runs. */
  readonly device?: WgslDeviceName | undefined;
  /** Whether calls are long enough for shares of the keys and for large tiles. */
  readonly isLong?: boolean | undefined;
}

export type FuzzEvent =
  | { readonly event: 'starts'; readonly number: number }
  | { readonly event: 'ends'; readonly number: number; readonly comparison: Comparison }
  | { readonly event: 'fails'; readonly number: number; readonly problem: string }
  /** Further about a spec that disagrees. */
  | { readonly event: 'report'; readonly number: number; readonly text: string };

export async function runStretch(stretch: Stretch, tell: (event: FuzzEvent) => void): Promise<void> {
  let number = stretch.from;
  const how = { backward: stretch.backward, isLong: stretch.isLong };
  const paths = openPaths({
    names: stretch.paths ?? usualPaths,
    device: stretch.device,
    takesLarge: () => number % stretch.largeOneIn === 0,
    takesCuda: () => number % stretch.cudaOneIn === 0,
  });
  try {
    for (; number < stretch.to; number += 1) {
      tell({ event: 'starts', number });
      const tapes = tapesOf(stretch.seed, number);
      try {
        const spec = specOf(tapes, how);
        const comparison = await compare(spec, paths);
        tell({ event: 'ends', number, comparison });
        const problems = disagreementsOf(comparison);
        if (problems.size === 0) continue;
        const lines = [...problems].map(([name, problem]) => `${name}: ${problem}`);
        lines.push(specText(spec));
        for (const name of problems.keys()) {
          const path = paths[name]!;
          const simplest = specOf(await shrink(tapes, { name, path, ...how }, stretch.shrinkBudget), how);
          const again = disagreementsOf(await compare(simplest, { [name]: path }));
          lines.push('', `simpler, for ${name}: ${again.get(name) ?? 'agrees now'}`, specText(simplest));
        }
        tell({ event: 'report', number, text: lines.join('\n') });
      } catch (error) {
        const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
        tell({ event: 'fails', number, problem });
      }
    }
  } finally {
    for (const path of Object.values(paths)) await path.close();
  }
}
