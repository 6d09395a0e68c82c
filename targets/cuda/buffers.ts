// The buffers of a program in CUDA: their element types, and where an entry lies. Pointers, sizes and strides are fields of
// the one structure that a kernel takes; strides of parameters, whose shapes are known, are numbers in the text.
import type { Buffer, BufferAxis, TileDtype } from '../../codegen/tile/types.js';
import { codes, denseStrides, isStatic, isStoredAsAsked } from '../shared/places.js';
import { Names } from '../shared/text/names.js';
import { type Source, sourceTag } from '../shared/text/source.js';
import { type Code, integerCode } from './text/code.js';
import { cudaFieldNames } from './text/names.js';

export { axisExtent, codes, denseStrides } from '../shared/places.js';

const cuda = sourceTag('cuda');

/** What tensors may be stored as. */
export type StorageDtype = 'f32' | 'f16' | 'bf16';
/** A type of the emitted file. */
export type ElementType = 'float' | 'float16' | 'bfloat16' | 'int';
export type NarrowType = 'float16' | 'bfloat16';

export const elementTypes: Readonly<Record<TileDtype, ElementType>> = {
  f32: 'float',
  f16: 'float16',
  bf16: 'bfloat16',
  int: 'int',
};
export const bytesOf: Readonly<Record<ElementType, number>> = { float: 4, float16: 2, bfloat16: 2, int: 4 };
export const isNarrow = (element: ElementType): element is NarrowType => bytesOf[element] === 2;
export const narrowTypes: Readonly<Record<'f16' | 'bf16', NarrowType>> = { f16: 'float16', bf16: 'bfloat16' };

/** Bytes that a chunk holds which is copied at once. */
export const CHUNK = 16;

export interface BoundBuffer {
  readonly buffer: Buffer;
  /** The field of the launch that points to its first entry. */
  readonly name: Source<'cuda'>;
  readonly element: ElementType;
  /** Fields of the strides in elements, outermost axis first, without the last axis, whose entries are neighbours. */
  readonly strideFields: readonly Source<'cuda'>[];
  /** Strides of a buffer whose shape is known at compile time. */
  readonly staticStrides: readonly number[] | undefined;
  /** Whether rows of features begin at whole chunks: the launcher refuses others. */
  readonly isAligned: boolean;
  readonly isWritten: boolean;
}

/** Axes along a sequence: whole, its last rows, or a band of it. */
const sequenceKinds: ReadonlySet<BufferAxis['kind']> = new Set(['query', 'row', 'key', 'band']);

/** Scores or weights that one kernel leaves for another: each entry is a value that the spec's own evaluation rounds once, too. */
export const isStoredMatrix = ({ role, axes }: Buffer): boolean =>
  role === 'workspace' && axes.filter(({ kind }) => sequenceKinds.has(kind)).length > 1;

/** Sequences of vectors, and matrices of scores, are stored in the dtype asked for; statistics, parameters and sums stay float. */
export const storageDtype = (buffer: Buffer, asked: StorageDtype): TileDtype =>
  buffer.dtype === 'f32' && (isStoredAsAsked(buffer) || isStoredMatrix(buffer)) ? asked : buffer.dtype;

/** Entries of a row of a stored matrix: keys up to whole chunks, so that each row begins at one. Nobody reads what is past the keys. */
export const PADDED_ROW = 8;

/** Whether rows of keys are stored in whole chunks, so that neighbours are read and written in pairs. */
export const hasPaddedRows = (buffer: Buffer): boolean =>
  isStoredMatrix(buffer) && isNarrow(elementTypes[buffer.dtype]) && buffer.axes.at(-1)!.kind === 'key';

/** The entries of such a row in the text of a launcher. */
export const paddedRowText = (entries: number | string): string =>
  `((${entries} + ${PADDED_ROW - 1}) / ${PADDED_ROW} * ${PADDED_ROW})`;

export type BufferLayout = ReadonlyMap<Buffer, BoundBuffer>;

/** Fields that are made of the name of a buffer: a pointer, the strides that a caller gives, and those of a launch. */
const fieldsOf =
  ({ axes }: Buffer) =>
  (name: string): readonly string[] => [name, `${name}_strides`, ...axes.map((_, n) => `${name}_stride_${n}`)];

/** `variables` are fields of a launch that are none of a buffer's. */
export function layOutBuffers(
  buffers: readonly Buffer[],
  written: ReadonlySet<Buffer>,
  variables: readonly string[],
): BufferLayout {
  const names = new Names(cudaFieldNames, variables);
  return new Map(
    buffers.map((buffer) => {
      const name = names.take(buffer.name, { ending: '_tensor', derived: fieldsOf(buffer) });
      const element = elementTypes[buffer.dtype];
      const last = buffer.axes.at(-1);
      const staticStrides = buffer.axes.every(isStatic)
        ? denseStrides(buffer.axes.map((axis) => (axis as { size: number }).size))
        : undefined;
      const rowBytes = last?.kind === 'feature' ? last.size * bytesOf[element] : 0;
      const bound: BoundBuffer = {
        buffer,
        name,
        element,
        strideFields: staticStrides ? [] : buffer.axes.slice(0, -1).map((_, n) => cuda`${name}_stride_${n}`),
        staticStrides,
        isAligned: rowBytes > 0 && rowBytes % CHUNK === 0,
        isWritten: written.has(buffer),
      };
      return [buffer, bound] as const;
    }),
  );
}

/** A pointer to the entry at offsets along each axis. */
export function pointerTo(bound: BoundBuffer, offsets: readonly Code[]): string {
  let place = `launch.${bound.name}`;
  for (const [n, offset] of offsets.entries()) {
    if (offset.text === '0') continue;
    const isLast = n === offsets.length - 1;
    if (bound.staticStrides)
      place += ` + ${grouped(codes.times(grouped2(offset), integerCode(bound.staticStrides[n]!)))}`;
    else if (isLast) place += ` + ${grouped(offset)}`;
    else place += ` + static_cast<int64_t>(${offset.text}) * launch.${bound.strideFields[n]}`;
  }
  return place;
}

const grouped = (code: Code): string => (code.level >= 3 ? code.text : `(${code.text})`);
const grouped2 = (code: Code): Code => ({ ...code, text: grouped(code), level: 4 });

/** The type of a buffer's field. */
export const pointerType = ({ element, isWritten }: BoundBuffer): string => `${isWritten ? '' : 'const '}${element} *`;
