// Where entries of buffers lie, as every target says it: dense strides, and the extents of axes in a launch.
// Sizes that only a call knows are fields of the structure `launch`.
import { rangeOfAxis } from '../../codegen/tile/scalars.js';
import type { Buffer, BufferAxis, Scalar } from '../../codegen/tile/types.js';
import { affine } from '../../src/ir/index.js';
import { refuse } from './refusal.js';
import { atom, binary, type Code, integerCode, level } from './text/code.js';

/** Whether the size of an axis is known at compile time. */
export const isStatic = (axis: BufferAxis): axis is BufferAxis & { readonly size: number } =>
  axis.kind !== 'band' && axis.kind !== 'split' && 'size' in axis;

/** Sequences of vectors that a caller gives or takes: they are stored in the dtype asked for, all else is as it is. */
export const isStoredAsAsked = ({ role, axes }: Buffer): boolean =>
  role !== 'workspace' && axes.some(({ kind }) => kind === 'feature') && !axes.every(isStatic);

export const denseStrides = (sizes: readonly number[]): readonly number[] =>
  sizes.map((_, n) => sizes.slice(n + 1).reduce((product, size) => product * size, 1));
export const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

const field = (name: string): Code => atom(`launch.${name}`, 'int');
const sum = (x: Code, y: Code): Code => (y.text === '0' ? x : x.text === '0' ? y : binary(x, '+', y, 'int', level.add));
const minus = (x: Code, y: Code): Code => (y.text === '0' ? x : binary(x, '-', y, 'int', level.add));
const times = (x: Code, y: Code): Code =>
  x.text === '0' || y.text === '0' ? integerCode(0) : y.text === '1' ? x : binary(x, '*', y, 'int', level.multiply);

export const codes = { field, sum, minus, times };

const lengthFields = { batch: 'batch', query: 'queries', key: 'keys' } as const;

/** A sum of sizes of the call, what a launcher decides and a number, as fields of the launch. */
function fieldsOf(scalar: Scalar): Code {
  const { constant, terms } = affine(scalar) ?? refuse('the size of an axis is no sum');
  return terms.reduce((total, { factor, coefficient }) => {
    if (factor.kind !== 'variable' && factor.kind !== 'length') refuse('the size of an axis is no sum');
    const own = field(factor.kind === 'length' ? lengthFields[factor.of] : factor.name === 'R' ? 'rows' : factor.name);
    return coefficient === 1
      ? sum(own, total)
      : coefficient === -1
        ? minus(total, own)
        : refuse('the size of an axis is no sum');
  }, integerCode(constant));
}

/** The number of entries of an axis, for those who ask whether an index lies inside, and the index of the first. */
export function axisExtent(axis: BufferAxis, bandOrigin: (axis: BufferAxis & { kind: 'band' }) => Code) {
  const { start, size } = rangeOfAxis(axis);
  if (axis.kind !== 'band') return { start: fieldsOf(start), size: () => fieldsOf(size) };
  // The last band ends where positions do.
  const first = bandOrigin(axis);
  return { start: first, size: () => atom(`min(${fieldsOf(size).text}, ${minus(field('keys'), first).text})`, 'int') };
}
