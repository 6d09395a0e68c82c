// How each operation of a tile program is written: one table of spellings, and the box that its operands imply, so that
// the text says a box only where it is new.
import type { Expression, Node } from '../../../src/ir/index.js';
import { spellFloat } from '../../../src/ir/text/spelling.js';
import { infer, remaining } from '../infer.js';
import {
  operandIndex,
  ringIndex,
  type TapCounter,
  type TileOperation,
  type TileOperationName,
  type TileOperationOf,
} from '../operations.js';
import { axisOfKind, type Ring, type Tile, type TileAxis, type Value, type View } from '../types.js';
import { printElement, printPlace, printScalar, printType } from './boxes.js';
import { axisLetter, type ValueNames } from './names.js';

/** What the spelling of an operation may ask for. */
interface Naming {
  readonly nameOf: (value: Value) => string;
  /** A value's name, or the part of a buffer that a view shows. */
  readonly sideOf: (side: Tile | View) => string;
  readonly element: (expression: Expression, operands?: readonly Tile[], rings?: readonly Ring[]) => string;
}

const counterText = (counters: readonly TapCounter[]): string =>
  counters.length === 0 ? '' : `sum(${counters.map(({ name, extent }) => `${name} < ${extent}`).join(', ')}) `;

/** `i + u - 3`: the index of an entry beside the reader's own. */
function offsetText(letter: string, offset: Expression): string {
  const text = printScalar(offset);
  if (text === '0') return letter;
  return text.startsWith('-') ? `${letter} - ${text.slice(1)}` : `${letter} + ${text}`;
}

const neighbour = ({ queryOffset, keyOffset }: { readonly queryOffset: Expression; readonly keyOffset: Expression }) =>
  `[${offsetText('i', queryOffset)}, ${offsetText('j', keyOffset)}]`;

type Spellings = {
  readonly [Op in TileOperationName]: (operation: TileOperationOf<Op>, naming: Naming, value: Value) => string;
};

const spellings: Spellings = {
  constant: ({ value }) => `constant ${spellFloat(value)}`,
  load: ({ buffer, place }, _, value) => `load ${printPlace(buffer, place, (value as Tile).axes)}`,
  matmul: ({ accumulator, left, right, over }, { nameOf, sideOf }) =>
    `${accumulator ? `${nameOf(accumulator)} + ` : ''}matmul(${sideOf(left)}, ${sideOf(right)}) over ${axisLetter(over)}`,
  map: ({ operands, value }, { element }) => `map ${element(value, operands)}`,
  cast: ({ tile }, { nameOf }, { dtype }) => `cast ${nameOf(tile)} to ${dtype}`,
  relabel: ({ tile, from, to }, { nameOf }) => `relabel ${nameOf(tile)} ${axisLetter(from)} as ${axisLetter(to)}`,
  reduce: ({ tile, over, monoid }, { nameOf }) => `${monoid} ${nameOf(tile)} over ${axisLetter(over)}`,
  ring: ({ end, initial }) => `ring of ${spellFloat(initial)} ending at ${printScalar(end)}`,
  push: ({ ring, tile }, { nameOf }) => `push ${nameOf(tile)} to ${nameOf(ring)}`,
  stencil: ({ ring, counters, weight, guard, ...offsets }, { nameOf, element }) =>
    `stencil ${counterText(counters)}${element(weight)} * ${nameOf(ring)}${neighbour(offsets)}` +
    (guard ? ` where ${element(guard)}` : ''),
  window: ({ rings, operands, value }, { element }) => `window ${element(value, operands, rings)}`,
  mix: ({ tiles, weight }, { nameOf, element }) =>
    `mix ${counterText([{ name: 'n', extent: tiles.length }])}${element(weight)} * [${tiles.map(nameOf).join(', ')}][n]`,
  gram: ({ accumulator, ring, tile, counters, ...offsets }, { nameOf }) =>
    `${nameOf(accumulator)} + gram of ${counters.map(({ name, extent }) => `${name} < ${extent}`).join(', ')}: ` +
    `sum(i, j) ${nameOf(ring)}${neighbour(offsets)} * ${nameOf(tile)}`,
  bin: ({ accumulator, tile, index }, { nameOf, element }) =>
    `${nameOf(accumulator)} + bin ${nameOf(tile)} at ${element(index)}`,
};

/** The axes of a result as its operands give them; undefined where an operation names its box itself. */
type Implied = {
  readonly [Op in TileOperationName]: (operation: TileOperationOf<Op>, value: Tile) => readonly TileAxis[] | undefined;
};

const implied: Implied = {
  constant: () => undefined,
  // The place shows the box of each axis that runs along the buffer.
  load: ({ place }, { axes }) =>
    axes.every(({ kind }) => place.some((entry) => 'along' in entry && entry.along === kind)) ? axes : undefined,
  matmul: ({ accumulator, left, right, over }) => accumulator?.axes ?? remaining([left, right], over),
  map: ({ operands }, { axes }) =>
    axes.every(({ kind }) => operands.some((tile) => axisOfKind(tile.axes, kind))) ? axes : undefined,
  cast: ({ tile }) => tile.axes,
  relabel: ({ tile, from, to }) => tile.axes.map((each) => (each.kind === from ? { ...each, kind: to } : each)),
  reduce: ({ tile, over }) => remaining([tile], over),
  ring: () => undefined,
  push: () => undefined,
  stencil: () => undefined,
  window: () => undefined,
  mix: ({ tiles }) => tiles[0]?.axes,
  gram: ({ accumulator }) => accumulator.axes,
  bin: ({ accumulator }) => accumulator.axes,
};

/** The type of a result, empty where its operands say it. */
function typeText(operation: TileOperation, value: Value): string {
  // A push leaves the ring as it is, and says so by its name.
  if (operation.op === 'push') return '';
  const text = printType(value);
  if (value.kind === 'ring') return ` : ${text}`;
  const axes = (implied[operation.op] as (operation: TileOperation, value: Tile) => readonly TileAxis[] | undefined)(
    operation,
    value,
  );
  if (axes === undefined) return ` : ${text}`;
  const whole = axes.map(({ valid: _, ...axis }) => axis);
  const expected = inferredText(operation, { kind: 'tile', axes: whole, dtype: value.dtype });
  return expected === text ? '' : ` : ${text}`;
}

/** The type that the rules give; undefined for an operation that breaks them, which must print all the same. */
function inferredText(operation: TileOperation, declared: Tile): string | undefined {
  try {
    return printType(infer(operation, declared));
  } catch {
    return undefined;
  }
}

/** The operation as text, with the type of its result where that is new. */
export function printOperation(operation: TileOperation, value: Value, names: ValueNames): string {
  const nameOf = (each: Value): string => names.get(each) ?? '?';
  const naming: Naming = {
    nameOf,
    sideOf: (side) => (side.kind === 'tile' ? nameOf(side) : printPlace(side.buffer, side.place, side.axes)),
    element: (expression, operands = [], rings = []) =>
      printElement(expression, (node: Node) => {
        const [n, ringAt] = [operandIndex(node), ringIndex(node)];
        if (n === undefined && ringAt === undefined) return undefined;
        const read = n === undefined ? rings[ringAt!] : operands[n];
        return read ? nameOf(read) : '?';
      }),
  };
  const spelled = (spellings[operation.op] as (operation: TileOperation, naming: Naming, value: Value) => string)(
    operation,
    naming,
    value,
  );
  return spelled + typeText(operation, value);
}
