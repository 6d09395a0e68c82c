// An operation of a tile program in a line: as its own file spells it, with the type of its result where the operands do not
// say it, so that the text says a box only where it is new.
import { neighbourIndex, operandIndex } from '../elements.js';
import { definitionOf, infer, type TileOperation } from '../operations.js';
import type { Value } from '../types.js';
import { printElement, printPlace, printType } from './boxes.js';
import type { ValueNames } from './names.js';

/** The type of a result, empty where its operands say it. */
function typeText(operation: TileOperation, value: Value): string {
  const text = printType(value);
  const expected = impliedText(operation, value);
  return expected === text ? '' : ` : ${text}`;
}

const withoutValidity = (value: Value): Value =>
  value.kind === 'ring' ? value : { ...value, axes: value.axes.map(({ valid: _, ...axis }) => axis) };

/** The type that the operands imply; undefined for an operation that breaks the rules, which must print all the same. */
function impliedText(operation: TileOperation, value: Value): string | undefined {
  const implied = definitionOf(operation).implied(operation, value);
  if (!implied) return undefined;
  if (value.kind === 'ring') return printType(implied);
  try {
    return printType(infer(operation, withoutValidity(implied)));
  } catch {
    return undefined;
  }
}

/** The operation as text, with the type of its result where that is new. */
export function printOperation(operation: TileOperation, value: Value, names: ValueNames): string {
  const nameOf = (each: Value): string => names.get(each) ?? '?';
  const spelled = definitionOf(operation).text(
    operation,
    {
      nameOf,
      sideOf: (side) => (side.kind === 'view' ? printPlace(side.buffer, side.place, side.axes) : nameOf(side)),
      element: (expression, operands = [], sources = []) =>
        printElement(expression, (node) => {
          const [n, beside] = [operandIndex(node), neighbourIndex(node)];
          if (n === undefined && beside === undefined) return undefined;
          const read = n === undefined ? sources[beside!] : operands[n];
          return read ? nameOf(read) : '?';
        }),
    },
    value,
  );
  return spelled + typeText(operation, value);
}
