// The files that a compile leaves behind: the kernels with their launcher, the launcher's header, and the manifest.
// Same program, same options, same bytes.
import type { TileProgram } from '../../codegen/tile/program.js';
import { contentHash } from '../shared/content-hash.js';
import type { ProgramDescription } from '../shared/description.js';
import { Names } from '../shared/text/names.js';
import type { Source } from '../shared/text/source.js';
import { type Alternatives, alone } from '../shared/tile/alternatives.js';
import { alternativeConstants } from './choice-text.js';
import { type CudaOptions, type EmittedModule, emitModule, planModule } from './emit.js';
import { headerFileText, type LaunchedProgram, launcherText } from './launcher-text.js';
import { type CudaManifest, manifestOf } from './manifest.js';
import { headerText, moduleText } from './module-text.js';
import { cudaNames, fileNameOf } from './text/names.js';

export type { ProgramDescription } from '../shared/description.js';

export interface EmittedCuda {
  /** What its files are called. */
  readonly name: string;
  /** What the names of the launcher's functions and types begin with. */
  readonly prefix: Source<'cuda'>;
  /** The kernels of all alternatives. */
  readonly program: TileProgram;
  readonly module: EmittedModule;
  /** Between which the launcher chooses at the call. */
  readonly alternatives: Alternatives;
  readonly files: ReadonlyMap<string, string>;
  readonly cuda: string;
  readonly header: string;
  readonly manifest: CudaManifest;
}

/**
 * @param emitted what the program is with these options, where `fit` has emitted it before, and the alternatives that it is joined from
 * @throws Refusal where the program does not fit; `fit` asks first.
 */
export function emitCuda(
  program: TileProgram,
  description: ProgramDescription,
  options: CudaOptions = {},
  { module = emitModule(planModule(program, options)), alternatives = alone(program) }: Partial<LaunchedProgram> = {},
): EmittedCuda {
  const launched = { program, module, alternatives };
  const { settings, history, roles, version = 'unreleased' } = description;
  const isGradient = [...(roles?.values() ?? [])].includes('cotangent');
  const name = fileNameOf(description.name);
  const prefix = new Names(cudaNames).take(description.name, { derived: launcherNames(alternatives) });
  const top = { name: description.name, settings, version, configuration: configurationOf(module, options) };
  const declarations = headerFileText(launched, { prefix, history, isGradient });
  const launcher = { declarations, ...launcherText(launched, { prefix, history, isGradient }) };
  const cuda = moduleText(module, launcher, top, prefix);
  const header = `${headerText(top, contentHash(declarations))}${declarations}`;
  const files = new Map([
    [`${name}.cu`, cuda],
    [`${name}.h`, header],
  ]);
  const manifest = manifestOf(launched, { ...description, version, prefix }, files);
  files.set('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return { name, prefix, program, module, alternatives, files, cuda, header, manifest };
}

/** What the launcher's functions and types are called, and the namespace of the kernels. */
const launcherNames =
  (alternatives: Alternatives) =>
  (prefix: string): readonly string[] => [
    ...['sizes', 'tensors', 'workspace_size', 'launch', 'kernels'].map((each) => `${prefix}_${each}`),
    ...(alternatives.length > 1 ? [`${prefix}_alternative`, `${prefix}_chosen`] : []),
    ...(alternatives.length > 1 ? alternativeConstants(prefix, alternatives) : []),
  ];

function configurationOf(module: EmittedModule, { dtype = 'f32' }: CudaOptions): string {
  const kernels = module.kernels.map(
    ({ kernel, threads, sharedBytes }) => `${kernel.name} ${threads} threads and ${sharedBytes} bytes of shared memory`,
  );
  return `${dtype}, ${kernels.join(', ')}`;
}
