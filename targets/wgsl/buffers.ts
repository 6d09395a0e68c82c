// The buffers of a program in WGSL: their bindings, element types, and where an entry lies. Sizes, strides and offsets that
// only a call knows are fields of one uniform; everything else is a number in the text.
import type { Buffer, TileDtype } from '../../codegen/tile/types.js';
import { codes, denseStrides, isStatic, isStoredAsAsked, product } from '../shared/places.js';
import { Names } from '../shared/text/names.js';
import { ownText, type Source, sourceTag } from '../shared/text/source.js';
import { type Code, integerCode } from './text/code.js';
import { wgslNames } from './text/names.js';

export { axisExtent, codes, denseStrides, product } from '../shared/places.js';

const wgsl = sourceTag('wgsl');

export type StorageDtype = 'f32' | 'f16' | 'i32';

export interface BoundBuffer {
  readonly buffer: Buffer;
  readonly binding: number;
  /** What names of its variable, its fields and its functions are made of. */
  readonly stem: Source<'wgsl'>;
  /** The variable in WGSL. */
  readonly variable: Source<'wgsl'>;
  readonly dtype: StorageDtype;
  /** What elements of the binding are: those of a shared one may be the bits of numbers of another type. */
  readonly element: StorageDtype;
  /** Whether it is bound as vectors of four: its last axis runs over features, in fours. */
  readonly vectors: boolean;
  readonly access: 'read' | 'read_write';
  /** Uniform fields of the strides, outermost axis first, without the last axis, whose entries are neighbours. */
  readonly strideFields: readonly Source<'wgsl'>[];
  readonly offsetField: Source<'wgsl'> | undefined;
  /** Strides of a buffer whose shape is known at compile time. */
  readonly staticStrides: readonly number[] | undefined;
  /** What it shares its binding with: small inputs, copied into one buffer, or all of the workspace; nothing otherwise. */
  readonly shares: 'packed' | 'workspace' | undefined;
  /** Where it starts there, in elements, where that is known at compile time. */
  readonly packedAt: number | undefined;
}

export interface EmissionDtypes {
  /** What queries, keys, values, outputs and their gradients are stored as. */
  readonly dtype: 'f32' | 'f16';
}

/** Sequences of vectors are stored in the dtype asked for; statistics, parameters and workspace stay f32. */
export function storageDtype(buffer: Buffer, asked: EmissionDtypes['dtype']): StorageDtype {
  if (buffer.dtype === 'int') return 'i32';
  return buffer.dtype === 'f16' || (asked === 'f16' && isStoredAsAsked(buffer)) ? 'f16' : 'f32';
}

/** What shares one binding, where there would be too many. */
export interface Packing {
  /** Inputs of shapes that are known, as parameters. */
  readonly parameters?: true;
  /** Inputs of one number a row, as tables over positions. */
  readonly rows?: true;
  /** Integers among them: the shared buffer then holds bits. */
  readonly integers?: true;
  /** Workspace: values of rows, or all of it. */
  readonly workspace?: 'rows' | 'all';
}

export interface BufferLayout {
  /** The names of the module, those of the buffers taken. */
  readonly names: Names<'wgsl'>;
  readonly bound: ReadonlyMap<Buffer, BoundBuffer>;
  /** The inputs that share a binding, in their order there: those of known shapes first. */
  readonly packed: readonly BoundBuffer[];
  /** The binding that workspace shares; undefined where each has its own. */
  readonly workspaceBinding: number | undefined;
}

function isPackable({ role, axes, dtype }: Buffer, packing: Packing): boolean {
  if (role !== 'input' || !(dtype === 'f32' || (dtype === 'int' && packing.integers))) return false;
  if (axes.every(isStatic)) return packing.parameters === true;
  return packing.rows === true && !axes.some(({ kind }) => kind === 'feature');
}

/** Matrices of scores are most of a workspace: together they soon pass what a device binds. */
const sharesWorkspace = ({ role, axes }: Buffer, { workspace }: Packing): boolean =>
  role === 'workspace' && (workspace === 'all' || (workspace === 'rows' && axes.every(({ kind }) => kind !== 'key')));

const elementsOf = ({ axes }: Buffer): number => product(axes.map((axis) => (axis as { size: number }).size));

/** The variables of shared bindings. */
export const PACKED_DATA = ownText('wgsl', 'packed_data');
export const WORKSPACE_DATA = ownText('wgsl', 'workspace_data');

/** Binds the buffers in their order, after the uniform; small inputs and workspace in one each where they are to share. */
export function layOutBuffers(
  buffers: readonly Buffer[],
  written: ReadonlySet<Buffer>,
  { dtype }: EmissionDtypes,
  packing: Packing,
): BufferLayout {
  const names = new Names(wgslNames);
  const bound = new Map<Buffer, BoundBuffer>();
  const packable = buffers.filter((buffer) => isPackable(buffer, packing));
  const packed = [
    ...packable.filter(({ axes }) => axes.every(isStatic)),
    ...packable.filter(({ axes }) => !axes.every(isStatic)),
  ];
  // Integers that were read as floats might come out as 0, for they are floats below the normal ones.
  const packedElement = packed.some((buffer) => buffer.dtype === 'int') ? 'i32' : 'f32';
  let binding = packed.length > 0 ? 1 : 0;
  const sharing = new Set(buffers.filter((buffer) => sharesWorkspace(buffer, packing)));
  const workspaceBinding = sharing.size > 0 ? ++binding : undefined;
  let packedElements = 0;
  for (const buffer of [...packed, ...buffers.filter((each) => !packed.includes(each))]) {
    const stem = names.take(buffer.name, { derived: (name) => [`${name}_data`, `read_${name}`] });
    const last = buffer.axes.at(-1);
    const isPacked = packed.includes(buffer);
    const isShared = sharing.has(buffer);
    const dtypeOfBuffer = storageDtype(buffer, dtype);
    // Where it begins in what is shared is known at compile time only for packed inputs.
    const staticStrides =
      buffer.axes.every(isStatic) && !isShared
        ? denseStrides(buffer.axes.map((axis) => (axis as { size: number }).size))
        : undefined;
    bound.set(buffer, {
      buffer,
      stem,
      binding: isPacked ? 1 : isShared ? workspaceBinding! : ++binding,
      variable: isPacked ? PACKED_DATA : isShared ? WORKSPACE_DATA : wgsl`${stem}_data`,
      dtype: dtypeOfBuffer,
      element: isPacked ? packedElement : dtypeOfBuffer,
      vectors: !isPacked && !isShared && last?.kind === 'feature' && last.size % 4 === 0,
      access: written.has(buffer) ? 'read_write' : 'read',
      strideFields: staticStrides ? [] : buffer.axes.slice(0, -1).map((_, n) => wgsl`${stem}_stride_${n}`),
      offsetField: staticStrides ? undefined : wgsl`${stem}_offset`,
      staticStrides,
      shares: isPacked ? 'packed' : isShared ? 'workspace' : undefined,
      packedAt: isPacked && staticStrides ? packedElements : undefined,
    });
    if (isPacked && staticStrides) packedElements += elementsOf(buffer);
  }
  return {
    names,
    bound,
    packed: packed.map((buffer) => bound.get(buffer)!),
    workspaceBinding,
  };
}

export const elementTypes: Readonly<Record<StorageDtype, readonly [scalar: string, vector: string]>> = {
  f32: ['f32', 'vec4<f32>'],
  f16: ['f16', 'vec4<f16>'],
  i32: ['i32', 'vec4<i32>'],
};
export const bytesOf: Readonly<Record<StorageDtype, number>> = { f32: 4, f16: 2, i32: 4 };

export const elementTypeOf = ({ dtype, vectors }: BoundBuffer): string => elementTypes[dtype][vectors ? 1 : 0];

/** The element, or the vector, at a place of a binding, as a number of the buffer's own type. */
export function entryText({ variable, dtype, element }: BoundBuffer, place: string): string {
  const entry = `${variable}[${place}]`;
  return element === dtype ? entry : `bitcast<${elementTypes[dtype][0]}>(${entry})`;
}

/** The precision that a tile is rounded to when it is cast. */
export const isNarrow = (dtype: TileDtype): dtype is 'f16' | 'bf16' => dtype === 'f16' || dtype === 'bf16';

/** Buffers whose strides and offsets are fields of the uniform, in the order of those: the caller's first, then workspace. */
export function dynamicBuffers({ bound }: BufferLayout): readonly BoundBuffer[] {
  const dynamic = [...bound.values()].filter(({ offsetField }) => offsetField !== undefined);
  const isWorkspace = ({ buffer }: BoundBuffer): boolean => buffer.role === 'workspace';
  return [...dynamic.filter((each) => !isWorkspace(each)), ...dynamic.filter(isWorkspace)];
}

// ── Places ──────────────────────────────────────────────────────────────────────────────────────────

/** The place of an entry, or of a vector where the buffer is bound as such, from its offsets along each axis. */
export function placeOf(bound: BoundBuffer, offsets: readonly Code[]): Code {
  let place: Code = bound.offsetField ? codes.field(bound.offsetField) : integerCode(bound.packedAt ?? 0);
  for (const [n, offset] of offsets.entries()) {
    const isLast = n === offsets.length - 1;
    const stride = bound.staticStrides
      ? integerCode(bound.staticStrides[n]! / (bound.vectors && !isLast ? 4 : 1))
      : isLast
        ? integerCode(1)
        : codes.field(bound.strideFields[n]!);
    place = codes.sum(place, codes.times(offset, stride));
  }
  return place;
}
