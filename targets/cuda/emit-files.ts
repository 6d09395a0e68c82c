// The files that a compile leaves behind: the kernels with their launcher, the launcher's header, and the manifest.
// Same program, same options, same bytes.
import type { TileProgram } from '../../codegen/tile/program.js';
import { contentHash } from '../shared/content-hash.js';
import type { ProgramDescription } from '../shared/description.js';
import { Names } from '../shared/text/names.js';
import type { Source } from '../shared/text/source.js';
import { type CudaOptions, type EmittedModule, emitModule, planModule } from './emit.js';
import { headerFileText, launcherText } from './launcher-text.js';
import { type CudaManifest, manifestOf } from './manifest.js';
import { headerText, moduleText } from './module-text.js';
import { cudaNames, fileNameOf } from './text/names.js';

export type { ProgramDescription } from '../shared/description.js';

export interface EmittedCuda {
  /** What its files are called. */
  readonly name: string;
  /** What the names of the launcher's functions and types begin with. */
  readonly prefix: Source<'cuda'>;
  readonly program: TileProgram;
  readonly module: EmittedModule;
  readonly files: ReadonlyMap<string, string>;
  readonly cuda: string;
  readonly header: string;
  readonly manifest: CudaManifest;
}

/**
 * @param module what the program is with these options, where `fit` has emitted it before
 * @throws Refusal where the program does not fit; `fit` asks first.
 */
export function emitCuda(
  program: TileProgram,
  description: ProgramDescription,
  options: CudaOptions = {},
  module: EmittedModule = emitModule(planModule(program, options)),
): EmittedCuda {
  const { settings, history, roles, version = 'unreleased' } = description;
  const isGradient = [...(roles?.values() ?? [])].includes('cotangent');
  const name = fileNameOf(description.name);
  const prefix = new Names(cudaNames).take(description.name, { derived: launcherNames });
  const top = { name: description.name, settings, version, configuration: configurationOf(module, options) };
  const declarations = headerFileText(program, module, { prefix, history, isGradient });
  const launcher = { declarations, ...launcherText(program, module, { prefix, history, isGradient }) };
  const cuda = moduleText(module, launcher, top, prefix);
  const header = `${headerText(top, contentHash(declarations))}${declarations}`;
  const files = new Map([
    [`${name}.cu`, cuda],
    [`${name}.h`, header],
  ]);
  const manifest = manifestOf(program, module, { ...description, version, prefix }, files);
  files.set('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return { name, prefix, program, module, files, cuda, header, manifest };
}

/** What the launcher's functions and types are called, and the namespace of the kernels. */
const launcherNames = (prefix: string): readonly string[] =>
  ['sizes', 'tensors', 'workspace_size', 'launch', 'kernels'].map((each) => `${prefix}_${each}`);

function configurationOf(module: EmittedModule, { dtype = 'f32' }: CudaOptions): string {
  const kernels = module.kernels.map(
    ({ kernel, threads, sharedBytes }) => `${kernel.name} ${threads} threads and ${sharedBytes} bytes of shared memory`,
  );
  return `${dtype}, ${kernels.join(', ')}`;
}
