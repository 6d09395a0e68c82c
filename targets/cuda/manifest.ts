// The manifest of an emitted file: what a program must know to call it without reading it.
// Its schema is targets/manifest.schema.json, which the targets share.
import type { TileProgram } from '../../codegen/tile/program.js';
import type { Buffer } from '../../codegen/tile/types.js';
import type { SettingValue } from '../../src/ir/index.js';
import { contentHash } from '../shared/content-hash.js';
import type { ProgramDescription } from '../shared/description.js';
import { axesOf, type ManifestAxis } from '../shared/manifest-axes.js';
import { MOST_KEYS } from '../shared/mask-class.js';
import { scalarText, sizeOfAxis } from '../shared/sizes.js';
import { bytesOf, type ElementType } from './buffers.js';
import type { EmittedModule } from './emit.js';
import type { ProductForm } from './emit-kernel.js';
import { WARP } from './layout/fragments.js';

type ManifestDtype = 'float32' | 'float16' | 'bfloat16' | 'int32';

interface ManifestTensor {
  readonly name: string;
  readonly dtype: ManifestDtype;
  readonly axes: readonly ManifestAxis[];
  readonly strides: 'dense' | 'any';
}

export interface CudaManifest {
  readonly heddle: string;
  readonly target: 'cuda';
  readonly name: string;
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly formula?: string;
  readonly paper?: string;
  readonly files: readonly { readonly path: string; readonly hash: string }[];
  readonly entry: string;
  /** The Python package that binds the kernels, where one was asked for. */
  readonly package?: string;
  readonly history: number;
  readonly limits: { readonly keys: number; readonly integers: number };
  readonly inputs: readonly (ManifestTensor & { readonly role: string })[];
  readonly outputs: readonly ManifestTensor[];
  readonly kernels: readonly {
    readonly name: string;
    readonly reads: readonly string[];
    readonly writes: readonly string[];
    /** Warps, and the threads of each. */
    readonly threads: readonly [number, number];
    readonly workgroupBytes: number;
    /** The instructions of its products, and why they are no better ones. */
    readonly products: ProductForm;
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
    readonly axes: readonly ManifestAxis[];
    readonly bytes: string;
  }[];
  readonly requires: { readonly features: readonly string[]; readonly limits: Readonly<Record<string, number>> };
}

const dtypes: Readonly<Record<ElementType, ManifestDtype>> = {
  float: 'float32',
  float16: 'float16',
  bfloat16: 'bfloat16',
  int: 'int32',
};

export function manifestOf(
  program: TileProgram,
  module: EmittedModule,
  {
    name,
    settings,
    formula,
    paper,
    history,
    roles,
    version,
    prefix,
  }: ProgramDescription & { version: string; prefix: string },
  files: ReadonlyMap<string, string>,
): CudaManifest {
  const tensor = (buffer: Buffer): ManifestTensor => {
    const { element, staticStrides } = module.buffers.get(buffer)!;
    return {
      name: buffer.name,
      dtype: dtypes[element],
      axes: axesOf(buffer),
      strides: staticStrides ? 'dense' : 'any',
    };
  };
  const ofRole = (role: Buffer['role']): readonly Buffer[] => program.buffers.filter((buffer) => buffer.role === role);
  const repetitions = new Map(
    program.launches.flatMap((each) =>
      each.launch === 'repeat' ? each.kernels.map((kernel) => [kernel, each.axis] as const) : [],
    ),
  );
  return {
    heddle: version,
    target: 'cuda',
    name,
    settings,
    ...(formula === undefined ? {} : { formula }),
    ...(paper === undefined ? {} : { paper }),
    files: [...files].map(([path, text]) => ({ path, hash: contentHash(text) })),
    entry: `${prefix}_launch`,
    history,
    limits: { keys: MOST_KEYS, integers: 2 ** 31 - 1 },
    inputs: ofRole('input').map((buffer) => ({ ...tensor(buffer), role: roles?.get(buffer.name) ?? 'tensor' })),
    outputs: ofRole('output').map(tensor),
    kernels: module.kernels.map(({ kernel, threads, sharedBytes, buffers, products }) => {
      const axis = repetitions.get(kernel);
      const named = (isWritten: boolean): string[] =>
        buffers.filter((each) => module.buffers.get(each)!.isWritten === isWritten).map((each) => each.name);
      return {
        name: kernel.name,
        reads: named(false),
        writes: named(true),
        threads: [threads / WARP, WARP] as const,
        workgroupBytes: sharedBytes,
        products,
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
      axes: axesOf(buffer),
      bytes: [bytesOf[module.buffers.get(buffer)!.element], ...buffer.axes.map(sizeOfAxis)].join(' * '),
    })),
    requires: {
      features: [module.kernels.some(({ products }) => products.form === 'wgmma') ? 'sm_90a' : 'sm_80'],
      limits: { sharedMemoryPerBlock: Math.max(0, ...module.kernels.map(({ sharedBytes }) => sharedBytes)) },
    },
  };
}
