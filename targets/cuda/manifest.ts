// The manifest of an emitted file: what a program must know to call it without reading it.
// Its schema is targets/manifest.schema.json, which the targets share.
import type { ProgramDescription } from '../shared/description.js';
import { manifestFrom, type TileManifest } from '../shared/tile/manifest.js';
import { bytesOf, type ElementType, hasPaddedRows, PADDED_ROW } from './buffers.js';
import type { ProductForm } from './emit-kernel.js';
import type { LaunchedProgram } from './launcher-text.js';
import { WARP } from './layout/fragments.js';

type ManifestDtype = 'float32' | 'float16' | 'bfloat16' | 'int32';

export interface CudaManifest
  extends TileManifest<
    'cuda',
    ManifestDtype,
    unknown,
    /** The instructions of its products, and why they are no better ones. */
    { readonly products: ProductForm },
    { readonly features: readonly string[]; readonly limits: Readonly<Record<string, number>> }
  > {
  /** The Python package that binds the kernels, where one was asked for. */
  readonly package?: string;
}

const dtypes: Readonly<Record<ElementType, ManifestDtype>> = {
  float: 'float32',
  float16: 'float16',
  bfloat16: 'bfloat16',
  int: 'int32',
};

export function manifestOf(
  { program, module: { buffers: bound, kernels }, alternatives }: LaunchedProgram,
  { prefix, ...description }: ProgramDescription & { version: string; prefix: string },
  files: ReadonlyMap<string, string>,
): CudaManifest {
  return manifestFrom({ program, alternatives }, description, {
    target: 'cuda',
    entry: `${prefix}_launch`,
    files,
    tensor(buffer) {
      const { element, staticStrides } = bound.get(buffer)!;
      return { dtype: dtypes[element], strides: staticStrides ? 'dense' : 'any' };
    },
    bound: () => ({}),
    entryBytes: (buffer) => bytesOf[bound.get(buffer)!.element],
    rowEntries: (buffer) => (hasPaddedRows(buffer) ? PADDED_ROW : 1),
    isWritten: (buffer) => bound.get(buffer)!.isWritten,
    // A block's threads are warps, and the lanes of each.
    kernels: kernels.map(({ kernel, threads, sharedBytes, buffers, products }) => ({
      kernel,
      name: kernel.name,
      buffers,
      own: { threads: [threads / WARP, WARP], workgroupBytes: sharedBytes, products },
    })),
    requires: {
      features: [kernels.some(({ products }) => products.form === 'wgmma') ? 'sm_90a' : 'sm_80'],
      limits: { sharedMemoryPerBlock: Math.max(0, ...kernels.map(({ sharedBytes }) => sharedBytes)) },
    },
  });
}
