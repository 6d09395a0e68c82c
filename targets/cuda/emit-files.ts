// The files that a compile leaves behind: the kernels with their launcher, the launcher's header, and the manifest.
// Same program, same options, same bytes.
import type { TileProgram } from '../../codegen/tile/program.js';
import { contentHash } from '../shared/content-hash.js';
import type { ProgramDescription } from '../shared/description.js';
import { identifierOf } from './buffers.js';
import { type CudaOptions, type EmittedModule, emitModule } from './emit.js';
import { headerFileText, launcherText } from './launcher-text.js';
import { type CudaManifest, manifestOf } from './manifest.js';
import { headerText, moduleText } from './module-text.js';

export type { ProgramDescription } from '../shared/description.js';

export interface EmittedCuda {
  readonly name: string;
  /** What the names of the launcher's functions and types begin with. */
  readonly prefix: string;
  readonly program: TileProgram;
  readonly module: EmittedModule;
  readonly files: ReadonlyMap<string, string>;
  readonly cuda: string;
  readonly header: string;
  readonly manifest: CudaManifest;
}

/** @throws Refusal where the program does not fit; `fit` asks first. */
export function emitCuda(
  program: TileProgram,
  description: ProgramDescription,
  options: CudaOptions = {},
): EmittedCuda {
  const module = emitModule(program, options);
  const { name, settings, history, version = 'unreleased' } = description;
  const top = { name, settings, version, configuration: configurationOf(module, options) };
  const declarations = headerFileText(program, module, { name, history });
  const cuda = moduleText(module, { declarations, ...launcherText(program, module, { name, history }) }, top);
  const header = `${headerText(top, contentHash(declarations))}${declarations}`;
  const files = new Map([
    [`${name}.cu`, cuda],
    [`${name}.h`, header],
  ]);
  const manifest = manifestOf(program, module, { ...description, version }, files);
  files.set('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return { name, prefix: identifierOf(name), program, module, files, cuda, header, manifest };
}

function configurationOf(module: EmittedModule, { dtype = 'f32' }: CudaOptions): string {
  const kernels = module.kernels.map(
    ({ kernel, threads, sharedBytes }) => `${kernel.name} ${threads} threads and ${sharedBytes} bytes of shared memory`,
  );
  return `${dtype}, ${kernels.join(', ')}`;
}
