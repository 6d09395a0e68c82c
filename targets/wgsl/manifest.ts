// The manifest of an emitted module: what a program must know to call it without reading it.
// Its schema is targets/manifest.schema.json, which the targets share.
import type { ProgramDescription } from '../shared/description.js';
import { bytesText, manifestFrom, type TileManifest } from '../shared/tile/manifest.js';
import { type BoundBuffer, bytesOf, type StorageDtype } from './buffers.js';
import { bindingsOf } from './emit.js';
import { type LaunchedProgram, sharedNames } from './launch-text.js';
import { factoryName, type LauncherNeeds } from './launcher-text.js';

type ManifestDtype = 'float32' | 'float16' | 'int32';

export type WgslManifest = TileManifest<
  'wgsl',
  ManifestDtype,
  { readonly binding: number },
  { readonly bindings: number },
  {
    readonly features: readonly string[];
    readonly limits: Readonly<Record<string, number>>;
    /** The largest of them at the sizes of a call must be granted as maxStorageBufferBindingSize and maxBufferSize. */
    readonly buffers: readonly { readonly name: string; readonly bytes: string }[];
  }
>;

const dtypes: Readonly<Record<StorageDtype, ManifestDtype>> = { f32: 'float32', f16: 'float16', i32: 'int32' };

export function manifestOf(
  { program, module, alternatives }: LaunchedProgram,
  description: ProgramDescription & { version: string },
  { features, limits }: LauncherNeeds,
  files: ReadonlyMap<string, string>,
): WgslManifest {
  const { bound } = module.buffers;
  return manifestFrom({ program, alternatives }, description, {
    target: 'wgsl',
    entry: factoryName(description.name),
    files,
    tensor(buffer) {
      const { dtype, offsetField, shares } = bound.get(buffer)!;
      return { dtype: dtypes[dtype], strides: offsetField === undefined || shares ? 'dense' : 'any' };
    },
    bound: (buffer) => ({ binding: bound.get(buffer)!.binding }),
    entryBytes: (buffer) => bytesOf[bound.get(buffer)!.dtype],
    isWritten: (buffer) => bound.get(buffer)!.access === 'read_write',
    kernels: module.kernels.map(({ kernel, entryPoint, threads, workgroupBytes, buffers }) => ({
      kernel,
      name: entryPoint,
      buffers,
      own: {
        threads: [threads.rows, threads.columns],
        workgroupBytes,
        bindings: bindingsOf(module.buffers, buffers),
      },
    })),
    requires: { features, limits, buffers: largeBuffers([...bound.values()]) },
  });
}

/** Bytes of each buffer of a launch; what shares one as their sum. */
function largeBuffers(bound: readonly BoundBuffer[]): { name: string; bytes: string }[] {
  const sums = new Map<string, string[]>();
  for (const { buffer, dtype, shares } of bound) {
    const name = shares === undefined ? buffer.name : sharedNames[shares];
    sums.set(name, [...(sums.get(name) ?? []), bytesText(buffer, bytesOf[dtype])]);
  }
  return [...sums].map(([name, parts]) => ({ name, bytes: parts.join(' + ') }));
}
