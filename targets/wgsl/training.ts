// Training in WGSL: a forward launcher that keeps what the gradient needs, a backward launcher that takes it, and a module that
// makes both on one device.
import type { TrainingPair } from '../../src/autodiff/index.js';
import type { Graph } from '../../src/ir/index.js';
import { insideComment } from '../shared/text/source.js';
import { type TrainingFiles, trainingFiles } from '../shared/training-manifest.js';
import { type CompileWgslOptions, compileWgsl } from './compile.js';
import type { EmittedWgsl } from './emit-files.js';
import { factoryName } from './launcher-text.js';

/**
 * The files of a spec's training pair, the joining launcher first. A schedule that is asked for is that of the forward part.
 * @param graph the spec as written, which names the package
 * @throws HeddleError HD62xx where no schedule of either part fits.
 */
export function compileTrainingWgsl(graph: Graph, pair: TrainingPair, options: CompileWgslOptions = {}): TrainingFiles {
  const { schedule: _, tiles: __, ...ofBackward } = options;
  // One program each: what the forward part keeps is for the backward part alone.
  const forward = compileWgsl(pair.forward, { ...options, single: true }).emitted;
  const backward = compileWgsl(pair.backward, ofBackward).emitted;
  const { name } = graph;
  const joining = new Map([
    [`${name}.js`, joiningText(graph, pair, { forward, backward })],
    [`${name}.d.ts`, joiningTypes(graph, pair, { forward, backward })],
  ]);
  const version = options.version ?? 'unreleased';
  return trainingFiles({ graph, pair, version }, { forward, backward }, joining, factoryName(name));
}

interface Parts {
  readonly forward: EmittedWgsl;
  readonly backward: EmittedWgsl;
}

const MADE = 'Made by a compiler: change the spec, not this file.';

const moduleOf = ({ launcher }: EmittedWgsl): string => JSON.stringify(`./${launcher}`);

const keptText = ({ kept }: TrainingPair): string =>
  kept.length === 0 ? 'nothing' : kept.map(({ name }) => name).join(', ');

function joiningText({ name }: Graph, pair: TrainingPair, { forward, backward }: Parts): string {
  return `// Training of ${insideComment('javascript', name)}: the forward launcher keeps ${insideComment('javascript', keptText(pair))} for the backward one. ${MADE}
import { ${forward.factory} } from ${moduleOf(forward)};
import { ${backward.factory} } from ${moduleOf(backward)};

/** Both launchers on one GPUDevice: the one that is given, or one that a GPUAdapter or the browser grants. */
export async function ${factoryName(name)}(source) {
  const forward = await ${forward.factory}(source);
  try {
    const backward = await ${backward.factory}(forward.device);
    const destroy = () => {
      backward.destroy();
      forward.destroy();
    };
    return { device: forward.device, forward, backward, destroy };
  } catch (error) {
    forward.destroy();
    throw error;
  }
}
`;
}

function joiningTypes({ name }: Graph, pair: TrainingPair, { forward, backward }: Parts): string {
  return `// Training of ${insideComment('javascript', name)}. ${MADE}
import type { ${forward.factory}, Instance as Forward } from ${moduleOf(forward)};
import type { Instance as Backward } from ${moduleOf(backward)};

export interface Training {
  readonly device: Forward['device'];
  /** Gives the outputs of the spec, and what is kept beside them. Leave its \`rows\` out: all rows of queries are computed. */
  readonly forward: Forward;
  /**
   * Takes the inputs, the gradient of each output (zeros in rows that no loss depends on), and what was kept, under the names that
   * it has in the forward outputs: ${insideComment('javascript', keptText(pair))}. Gives grad_<input> for each input that has a gradient.
   */
  readonly backward: Backward;
  /** Lets go of both, and of the device where it was asked for here. */
  destroy(): void;
}

/** Rejects where the device or the adapter lacks what either needs, and says which. */
export function ${factoryName(name)}(source?: Parameters<typeof ${forward.factory}>[0]): Promise<Training>;
`;
}
