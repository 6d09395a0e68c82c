// Boxes, buffers and places in the text of a tile program: `[i: 11 from I - 3 valid 3..11, j: 6 from J]` is a box of
// eleven queries, the last eight of which hold values, and six keys.
import { type Expression, mapReads, type Node, printExpression, variable } from '../../../src/ir/index.js';
import { lengthNames } from '../../../src/ir/text/spelling.js';
import {
  type Buffer,
  type BufferAxis,
  type Placement,
  type Scalar,
  type TileAxis,
  type TileAxisKind,
  tileVariables,
  type Value,
} from '../types.js';

const tableName = (node: Node): string => (node.op === 'tensor' ? node.name : '?');

/** The letter of an axis in the text. */
export const axisLetter = (kind: TileAxisKind): string => tileVariables[kind];

/** A scalar, or an element expression without operands. */
export const printScalar = (scalar: Scalar): string => printExpression(scalar, tableName);

/** The axis with its box: `i: 8 from I`; only the size where it starts at 0. */
export function printAxis({ kind, origin, size, valid }: TileAxis): string {
  const start = printScalar(origin);
  const from = start === '0' ? '' : ` from ${start}`;
  const range = valid === undefined ? '' : ` valid ${valid.low}..${valid.high}`;
  return `${axisLetter(kind)}: ${size}${from}${range}`;
}

const printBox = (axes: readonly TileAxis[]): string => `[${axes.map(printAxis).join(', ')}]`;

/** The dtype and box of a value; f32 goes without saying. */
export function printType(value: Value): string {
  const box =
    value.kind === 'tile'
      ? printBox(value.axes)
      : `${value.axis} ring of ${value.capacity} across ${printBox([value.across])}`;
  return value.dtype === 'f32' ? box : `${value.dtype} ${box}`;
}

/** A buffer at a place: axes that run along the buffer with their boxes, or only by their letters without `axes`. */
export function printPlace(buffer: Buffer, place: Placement, axes?: readonly TileAxis[]): string {
  const entries = place.map((entry) => {
    if (!('along' in entry)) return printScalar(entry);
    const axis = axes?.find(({ kind }) => kind === entry.along);
    return axis ? printAxis(axis) : axisLetter(entry.along);
  });
  return `${buffer.name}[${entries.join(', ')}]`;
}

const bufferAxisText: { readonly [Kind in BufferAxis['kind']]: (axis: Extract<BufferAxis, { kind: Kind }>) => string } =
  {
    batch: () => lengthNames.batch,
    query: () => lengthNames.query,
    key: () => lengthNames.key,
    position: () => lengthNames.key,
    row: () => 'R',
    head: ({ size }) => `h:${size}`,
    feature: ({ size }) => `d:${size}`,
    extent: ({ size }) => String(size),
    split: ({ size }) => `split:${printScalar(size)}`,
    band: ({ origin, size }) => `band:${printScalar(size)} from ${printScalar(origin)}`,
  };

/** `workspace statistics[B, h:4, Tq]`: what the buffer is, and how large. */
export function printBuffer({ name, role, axes, dtype }: Buffer): string {
  const sizes = axes.map((axis) => (bufferAxisText[axis.kind] as (axis: BufferAxis) => string)(axis));
  return `${role} ${name}[${sizes.join(', ')}]${dtype === 'f32' ? '' : ` ${dtype}`}`;
}

/**
 * An element expression with what it reads by name: operands and rings as `nameOf` says, tables by their own. An operand
 * is a number at the entry that is computed, so it stands without an index, as a variable does.
 */
export function printElement(expression: Expression, nameOf: (node: Node) => string | undefined): string {
  const named = mapReads(expression, (read) => {
    const name = read.index.length === 0 ? nameOf(read.source) : undefined;
    return name === undefined ? read : variable(name);
  });
  return printExpression(named, (node) => nameOf(node) ?? tableName(node));
}
