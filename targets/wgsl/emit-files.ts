// The files that a compile leaves behind: the module, the launcher with its types, and the manifest.
// Same program, same options, same bytes.
import type { TileProgram } from '../../codegen/tile/program.js';
import { contentHash } from '../shared/content-hash.js';
import type { ProgramDescription } from '../shared/description.js';
import { alone } from '../shared/tile/alternatives.js';
import { kernelsOf } from '../shared/tile/program.js';
import { bindingsOf, type EmittedModule, emitModule, type WgslOptions } from './emit.js';
import type { LaunchedProgram } from './launch-text.js';
import { factoryName, type LauncherNeeds, launcherText } from './launcher-text.js';
import { manifestOf, type WgslManifest } from './manifest.js';
import { type Header, headerText, moduleText } from './module-text.js';
import { SUBGROUPS } from './subgroups.js';
import { typesText } from './types-text.js';

export type { ProgramDescription } from '../shared/description.js';

export interface EmittedWgsl {
  readonly name: string;
  /** What the launcher exports to make an instance. */
  readonly factory: string;
  readonly files: ReadonlyMap<string, string>;
  readonly wgsl: string;
  /** The module of alternatives that need subgroups, where there are any. */
  readonly withSubgroups?: string;
  /** The file name of the launcher. */
  readonly launcher: string;
  readonly manifest: WgslManifest;
  readonly needs: LauncherNeeds;
}

/**
 * @param emitted what the program is with these options, where `fit` has emitted it before, and the alternatives that it is joined from
 * @throws Refusal where the program does not fit; `fit` asks first.
 */
export function emitWgsl(
  program: TileProgram,
  description: ProgramDescription,
  options: WgslOptions = {},
  { module = emitModule(program, options), alternatives = alone(program) }: Partial<LaunchedProgram> = {},
): EmittedWgsl {
  const launched = { program, module, alternatives };
  const { name, settings, history, version = 'unreleased' } = description;
  const needs = needsOf(withoutOwnLimits(launched), options);
  const header = { name, settings, version, configuration: configurationOf(module, options) };
  const wgsl = moduleText(module.kernels, module.context, module.fields, header, needs.extensions);
  const holdsSubgroups = alternatives.some(({ variant }) => variant !== undefined);
  const withSubgroups = holdsSubgroups
    ? textWithSubgroups(module, header, { ...options, subgroups: true }, needs.extensions)
    : undefined;
  const top = headerText(header, contentHash(wgsl));
  const launcher = `${name}.js`;
  const files = new Map([
    [`${name}.wgsl`, wgsl],
    [launcher, launcherText(launched, { name, header: top, history }, { wgsl, withSubgroups }, needs)],
    [`${name}.d.ts`, typesText(program, name, top, { chooses: alternatives.length > 1, holdsSubgroups })],
  ]);
  const manifest = manifestOf(launched, { ...description, version }, needs, files);
  files.set('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return {
    name,
    factory: factoryName(name),
    files,
    wgsl,
    ...(withSubgroups === undefined ? {} : { withSubgroups }),
    launcher,
    manifest,
    needs,
  };
}

/** The module's kernels for subgroups. */
function textWithSubgroups(
  module: EmittedModule,
  header: Omit<Header, 'configuration'>,
  options: WgslOptions,
  extensions: readonly string[],
): string {
  const { kernels, context, fields } = module.withSubgroups();
  const configuration = configurationOf(module, options);
  return moduleText(kernels, context, fields, { ...header, configuration }, [...extensions, SUBGROUPS]);
}

function configurationOf(module: EmittedModule, { dtype = 'f32', subgroups }: WgslOptions): string {
  const threads = module.kernels.map(
    ({ entryPoint, threads: { rows, columns } }) => `${entryPoint} ${rows} × ${columns}`,
  );
  return `${dtype}, ${subgroups ? 'subgroups' : 'no subgroups'}, threads ${threads.join(', ')}`;
}

/** The kernels that every device must run: those of alternatives with limits of their own are taken where these are granted. */
function withoutOwnLimits({ module, alternatives }: LaunchedProgram): EmittedModule {
  const own = new Set(
    alternatives.flatMap(({ program, limits }) => (limits ? kernelsOf(program).map(({ kernel }) => kernel) : [])),
  );
  return own.size === 0 ? module : { ...module, kernels: module.kernels.filter(({ kernel }) => !own.has(kernel)) };
}

/** Features and limits that a device must have, limits only where they are beyond the defaults of the specification. */
function needsOf(module: EmittedModule, { dtype, subgroups }: WgslOptions): LauncherNeeds & { extensions: string[] } {
  const isHalf = dtype === 'f16' || [...module.buffers.bound.values()].some((bound) => bound.dtype === 'f16');
  const most = (numbers: readonly number[]): number => Math.max(0, ...numbers);
  return {
    extensions: [...(isHalf ? ['f16'] : []), ...(subgroups ? [SUBGROUPS] : [])],
    features: [...(isHalf ? ['shader-f16'] : []), ...(subgroups ? [SUBGROUPS] : [])],
    limits: {
      maxComputeWorkgroupStorageSize: most(module.kernels.map(({ workgroupBytes }) => workgroupBytes)),
      maxComputeInvocationsPerWorkgroup: most(module.kernels.map(({ threads }) => threads.rows * threads.columns)),
      maxComputeWorkgroupSizeX: most(module.kernels.map(({ threads }) => threads.rows * threads.columns)),
      maxStorageBuffersPerShaderStage: most(module.kernels.map(({ buffers }) => bindingsOf(module.buffers, buffers))),
    },
  };
}
