// The manifest of emitted kernels: what a program must know to call them without reading them. What a target says of its own
// tensors and kernels goes between. The schema is targets/manifest.schema.json.
import { decisionsOf, type Kernel, type TileProgram } from '../../../codegen/tile/program.js';
import type { Buffer } from '../../../codegen/tile/types.js';
import { contentHash } from '../content-hash.js';
import type { ProgramDescription } from '../description.js';
import { axesOf, type ManifestAxis } from '../manifest-axes.js';
import type { ManifestHead } from '../manifest-head.js';
import { MOST_KEYS } from '../mask-intervals.js';
import { scalarText, sizeOfAxis } from '../sizes.js';
import { type Alternatives, takenAt, withoutVariants } from './alternatives.js';
import { kernelsOf } from './program.js';

export interface ManifestTensor<Dtype> {
  readonly name: string;
  readonly dtype: Dtype;
  readonly axes: readonly ManifestAxis[];
  readonly strides: 'dense' | 'any';
}

export interface ManifestRepetition {
  readonly variable: string;
  readonly from: string;
  readonly to: string;
  /** What the launcher decides, by its name. */
  readonly step: string;
}

export interface ManifestAlternative {
  readonly name: string;
  readonly schedule: string;
  /** Rows of scores and keys of a step. */
  readonly tiles: readonly [number, number];
  readonly kernels: readonly string[];
  /** What a device must grant for it beside what all need. */
  readonly limits?: Readonly<Record<string, number>>;
  /** What a device must have for it beside what all need; no call takes it that is not told to. */
  readonly features?: readonly string[];
  /** The calls of the grid of estimates that it is taken for, where there are others. */
  readonly taken?: readonly { readonly rows: number; readonly keys: readonly number[] }[];
}

/** Of one alternative, where there are several. */
interface OfAlternative {
  readonly alternative?: string;
}

export interface ManifestKernel {
  readonly name: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** How the threads of a block are arranged. */
  readonly threads: readonly [number, number];
  readonly workgroupBytes: number;
  /** The number of blocks as a product of formulas; WebGPU folds what goes beyond 65535 into a second dimension. */
  readonly grid: readonly string[];
  readonly repeated?: ManifestRepetition;
}

export interface ManifestBuffer {
  readonly name: string;
  readonly axes: readonly ManifestAxis[];
  readonly bytes: string;
}

/** `Bound` is what a target tells of each buffer besides, `Own` what it tells of each kernel. */
export interface TileManifest<Target, Dtype, Bound, Own, Requires> extends ManifestHead<Target> {
  readonly limits: { readonly keys: number; readonly integers: number };
  readonly inputs: readonly (ManifestTensor<Dtype> & Bound & { readonly role: string })[];
  readonly outputs: readonly (ManifestTensor<Dtype> & Bound)[];
  readonly alternatives?: readonly ManifestAlternative[];
  readonly kernels: readonly (ManifestKernel & Own)[];
  /** What the launcher decides, once a call; formulas of bytes and steps know it by its name. */
  readonly decides?: readonly ({
    readonly variable: string;
    readonly value: string;
    readonly most: number;
  } & OfAlternative)[];
  readonly workspace: readonly (ManifestBuffer & Bound & OfAlternative)[];
  readonly requires: Requires;
}

/** A kernel as it was emitted; `own` has its threads, its bytes and what else the target tells. */
export interface DescribedKernel<Own> {
  readonly kernel: Kernel;
  readonly name: string;
  readonly buffers: readonly Buffer[];
  readonly own: Own & Pick<ManifestKernel, 'threads' | 'workgroupBytes'>;
}

export interface ManifestParts<Target, Dtype, Bound, Own, Requires> {
  readonly target: Target;
  readonly entry: string;
  readonly files: ReadonlyMap<string, string>;
  readonly tensor: (buffer: Buffer) => Pick<ManifestTensor<Dtype>, 'dtype' | 'strides'>;
  /** What is told of a buffer besides, and the bytes of an entry. */
  readonly bound: (buffer: Buffer) => Bound;
  readonly entryBytes: (buffer: Buffer) => number;
  /** The entries that a row of workspace is a multiple of, 1 unless told. */
  readonly rowEntries?: (buffer: Buffer) => number;
  readonly isWritten: (buffer: Buffer) => boolean;
  readonly kernels: readonly DescribedKernel<Own>[];
  readonly requires: Requires;
}

/** The bytes of a buffer as a formula of the sizes of a call. @param rowEntries entries that a row is a multiple of */
export function bytesText({ axes }: Buffer, entryBytes: number, rowEntries = 1): string {
  const sizes = axes.map(sizeOfAxis);
  if (rowEntries === 1) return [entryBytes, ...sizes].join(' * ');
  const row = `Math.floor((${sizes.at(-1)} + ${rowEntries - 1}) / ${rowEntries}) * ${rowEntries}`;
  return [entryBytes, ...sizes.slice(0, -1), row].join(' * ');
}

/** The program that is described, and what it is joined from. */
export interface DescribedProgram {
  readonly program: TileProgram;
  readonly alternatives: Alternatives;
}

export function manifestFrom<Target, Dtype, Bound, Own, Requires>(
  { program, alternatives }: DescribedProgram,
  { name, settings, formula, paper, history, roles, version }: ProgramDescription & { version: string },
  parts: ManifestParts<Target, Dtype, Bound, Own, Requires>,
): TileManifest<Target, Dtype, Bound, Own, Requires> {
  const tensor = (buffer: Buffer): ManifestTensor<Dtype> & Bound => {
    const { dtype, strides } = parts.tensor(buffer);
    return { name: buffer.name, dtype, axes: axesOf(buffer), ...parts.bound(buffer), strides };
  };
  const ofRole = (role: Buffer['role']): readonly Buffer[] => program.buffers.filter((buffer) => buffer.role === role);
  const repetitions = repetitionsOf(program);
  const isOneOfSeveral = alternatives.length > 1;
  const whose = (name: string): OfAlternative => (isOneOfSeveral ? { alternative: name } : {});
  const decisions = withoutVariants(alternatives).flatMap((each) =>
    decisionsOf(each.program).map(({ variable, value, most }) => ({
      variable,
      value: scalarText(value),
      most,
      ...whose(each.name),
    })),
  );
  const nameOf = new Map(parts.kernels.map(({ kernel, name: entryPoint }) => [kernel, entryPoint]));
  return {
    heddle: version,
    target: parts.target,
    name,
    settings,
    ...(formula === undefined ? {} : { formula }),
    ...(paper === undefined ? {} : { paper }),
    files: [...parts.files].map(([path, text]) => ({ path, hash: contentHash(text) })),
    entry: parts.entry,
    history,
    limits: { keys: MOST_KEYS, integers: 2 ** 31 - 1 },
    inputs: ofRole('input').map((buffer) => ({ ...tensor(buffer), role: roles?.get(buffer.name) ?? 'tensor' })),
    outputs: ofRole('output').map(tensor),
    ...(isOneOfSeveral
      ? {
          alternatives: alternatives.map((each) => ({
            name: each.name,
            schedule: each.schedule,
            tiles: [each.tiles.rows, each.tiles.columns] as const,
            kernels: kernelsOf(each.program).map(({ kernel }) => nameOf.get(kernel)!),
            ...(each.limits ? { limits: each.limits } : {}),
            ...(each.variant ? { features: each.variant.features } : {}),
            taken: takenAt(each, alternatives),
          })),
        }
      : {}),
    kernels: parts.kernels.map(({ kernel, name: entryPoint, buffers, own }) => {
      const named = (isWritten: boolean): string[] =>
        buffers.filter((each) => parts.isWritten(each) === isWritten).map((each) => each.name);
      const repeated = repetitions.get(kernel);
      return {
        name: entryPoint,
        reads: named(false),
        writes: named(true),
        ...own,
        grid: kernel.grid.map(({ from, to, step }) => `ceil((${scalarText(to)} - ${scalarText(from)}) / ${step})`),
        ...(repeated ? { repeated } : {}),
      };
    }),
    ...(decisions.length > 0 ? { decides: decisions } : {}),
    workspace: withoutVariants(alternatives).flatMap((each) =>
      each.program.buffers
        .filter(({ role }) => role === 'workspace')
        .map((buffer) => ({
          name: buffer.name,
          ...parts.bound(buffer),
          axes: axesOf(buffer),
          bytes: bytesText(buffer, parts.entryBytes(buffer), parts.rowEntries?.(buffer)),
          ...whose(each.name),
        })),
    ),
    requires: parts.requires,
  };
}

/** The repetitions that kernels are launched in. */
const repetitionsOf = ({ launches }: TileProgram): ReadonlyMap<Kernel, ManifestRepetition> =>
  new Map(
    launches.flatMap((launch) => {
      if (launch.launch !== 'repeat') return [];
      const { variable, from, to, step } = launch.axis;
      const repetition = { variable, from: scalarText(from), to: scalarText(to), step: step.variable };
      return launch.kernels.map((kernel) => [kernel, repetition] as const);
    }),
  );
