// The manifest of an emitted module: what a program must know to call it without reading it.
// Its schema is targets/manifest.schema.json, which the targets share.
import type { TileProgram } from '../../codegen/tile/program.js';
import type { Buffer } from '../../codegen/tile/types.js';
import type { SettingValue } from '../../src/ir/index.js';
import { contentHash } from '../shared/content-hash.js';
import type { ProgramDescription } from '../shared/description.js';
import { axesOf, type ManifestAxis } from '../shared/manifest-axes.js';
import { MOST_KEYS } from '../shared/mask-class.js';
import { scalarText, sizeOfAxis } from '../shared/sizes.js';
import { type BoundBuffer, bytesOf, type StorageDtype } from './buffers.js';
import { bindingsOf, type EmittedModule } from './emit.js';
import { sharedNames } from './launch-text.js';
import { factoryName, type LauncherNeeds } from './launcher-text.js';

type ManifestDtype = 'float32' | 'float16' | 'int32';

export interface WgslManifest {
  readonly heddle: string;
  readonly target: 'wgsl';
  readonly name: string;
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly formula?: string;
  readonly paper?: string;
  readonly files: readonly { readonly path: string; readonly hash: string }[];
  readonly entry: string;
  readonly history: number;
  readonly limits: { readonly keys: number; readonly integers: number };
  readonly inputs: readonly {
    readonly name: string;
    readonly role: string;
    readonly dtype: ManifestDtype;
    readonly axes: readonly ManifestAxis[];
    readonly binding: number;
    readonly strides: 'dense' | 'any';
  }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly dtype: ManifestDtype;
    readonly axes: readonly ManifestAxis[];
    readonly binding: number;
    readonly strides: 'dense' | 'any';
  }[];
  readonly kernels: readonly {
    readonly name: string;
    readonly reads: readonly string[];
    readonly writes: readonly string[];
    readonly threads: readonly [number, number];
    readonly workgroupBytes: number;
    readonly bindings: number;
    /** The number of workgroups as a product of formulas; beyond 65535 it is folded into a second dimension. */
    readonly grid: readonly string[];
    readonly repeated?: {
      readonly variable: string;
      readonly from: string;
      readonly to: string;
      readonly step: number;
    };
  }[];
  readonly workspace: readonly {
    readonly name: string;
    readonly binding: number;
    readonly axes: readonly ManifestAxis[];
    readonly bytes: string;
  }[];
  readonly requires: {
    readonly features: readonly string[];
    readonly limits: Readonly<Record<string, number>>;
    /** The largest of them at the sizes of a call must be granted as maxStorageBufferBindingSize and maxBufferSize. */
    readonly buffers: readonly { readonly name: string; readonly bytes: string }[];
  };
}

const dtypes: Readonly<Record<StorageDtype, ManifestDtype>> = { f32: 'float32', f16: 'float16', i32: 'int32' };
export function manifestOf(
  program: TileProgram,
  module: EmittedModule,
  { name, settings, formula, paper, history, roles, version }: ProgramDescription & { version: string },
  needs: LauncherNeeds,
  files: ReadonlyMap<string, string>,
): WgslManifest {
  const { bound } = module.buffers;
  const tensor = (buffer: Buffer) => {
    const { dtype, binding, offsetField, shares } = bound.get(buffer)!;
    const strides: 'dense' | 'any' = offsetField === undefined || shares ? 'dense' : 'any';
    return { name: buffer.name, dtype: dtypes[dtype], axes: axesOf(buffer), binding, strides };
  };
  const ofRole = (role: Buffer['role']): readonly Buffer[] => program.buffers.filter((buffer) => buffer.role === role);
  const repetitions = new Map(
    program.launches.flatMap((each) =>
      each.launch === 'repeat' ? each.kernels.map((kernel) => [kernel, each.axis] as const) : [],
    ),
  );
  return {
    heddle: version,
    target: 'wgsl',
    name,
    settings,
    ...(formula === undefined ? {} : { formula }),
    ...(paper === undefined ? {} : { paper }),
    files: [...files].map(([path, text]) => ({ path, hash: contentHash(text) })),
    entry: factoryName(name),
    history,
    limits: { keys: MOST_KEYS, integers: 2 ** 31 - 1 },
    inputs: ofRole('input').map((buffer) => ({ ...tensor(buffer), role: roles?.get(buffer.name) ?? 'tensor' })),
    outputs: ofRole('output').map(tensor),
    kernels: module.kernels.map(({ kernel, entryPoint, threads, workgroupBytes, buffers }) => {
      const axis = repetitions.get(kernel);
      const [written, read] = [true, false].map((writes) =>
        buffers.filter((buffer) => (bound.get(buffer)!.access === 'read_write') === writes).map((each) => each.name),
      ) as [string[], string[]];
      return {
        name: entryPoint,
        reads: read,
        writes: written,
        threads: [threads.rows, threads.columns] as const,
        workgroupBytes,
        bindings: bindingsOf(module.buffers, buffers),
        grid: kernel.grid.map(({ from, to, step }) => `ceil((${scalarText(to)} - ${scalarText(from)}) / ${step})`),
        ...(axis
          ? {
              repeated: {
                variable: axis.variable,
                from: scalarText(axis.from),
                to: scalarText(axis.to),
                step: axis.step,
              },
            }
          : {}),
      };
    }),
    workspace: ofRole('workspace').map((buffer) => ({
      name: buffer.name,
      binding: bound.get(buffer)!.binding,
      axes: axesOf(buffer),
      bytes: bytesText(bound.get(buffer)!),
    })),
    requires: { features: needs.features, limits: needs.limits, buffers: largeBuffers([...bound.values()]) },
  };
}

const bytesText = ({ buffer, dtype }: BoundBuffer): string =>
  [bytesOf[dtype], ...buffer.axes.map(sizeOfAxis)].join(' * ');

/** Bytes of each buffer of a launch; what shares one as their sum. */
function largeBuffers(bound: readonly BoundBuffer[]): { name: string; bytes: string }[] {
  const sums = new Map<string, string[]>();
  for (const each of bound) {
    const name = each.shares === undefined ? each.buffer.name : sharedNames[each.shares];
    sums.set(name, [...(sums.get(name) ?? []), bytesText(each)]);
  }
  return [...sums].map(([name, parts]) => ({ name, bytes: parts.join(' + ') }));
}
