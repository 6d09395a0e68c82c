// constant, map, relabel and mix: what each register holds depends on registers at the same place alone. Nothing moves between
// threads here, and nothing needs a barrier.
import type { TileOperationOf } from '../../../codegen/tile/operations.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { asFloat, integer, substitute } from '../../../src/ir/index.js';
import { refuse } from '../refusal.js';
import { binary, type Code, level } from '../text/code.js';
import type { TileWriter, WriterTypes } from './writer.js';

function lowerConstant<T extends WriterTypes>(
  writer: TileWriter<T>,
  { value }: TileOperationOf<'constant'>,
  tile: Tile,
): void {
  writer.define(tile, 'constant', () => writer.printer.float(value));
}

function lowerMap<T extends WriterTypes>(
  writer: TileWriter<T>,
  { operands, value }: TileOperationOf<'map'>,
  tile: Tile,
): void {
  const expression = asFloat(value);
  writer.define(tile, 'map', (at) => writer.print(expression, writer.elementOf(tile, operands, at)));
}

/** The registers are the same; only where the axes are rows and columns as before is nothing moved. */
function lowerRelabel<T extends WriterTypes>(
  writer: TileWriter<T>,
  { tile: source, from, to }: TileOperationOf<'relabel'>,
  tile: Tile,
): void {
  const { analysis } = writer.plan;
  if (source.axes.length === 2) {
    const before = analysis.gridAxes(source).map((kind) => (kind === from ? to : kind));
    if (before.join() !== analysis.gridAxes(tile).join()) refuse('rows would become columns under another name');
  }
  for (const form of analysis.forms(tile)) writer.assign(tile, writer.registersOf(source, form));
}

/** Terms that are added in one expression; names in between keep lines short. */
const TERMS_OF_SUM = 8;

/** @param weightInTable the weight of a tile by its number, where the weights lie in a table */
export function lowerMix<T extends WriterTypes>(
  writer: TileWriter<T>,
  { tiles, weight }: TileOperationOf<'mix'>,
  tile: Tile,
  weightInTable: ((n: number) => Code) | undefined,
): void {
  // Weights that depend on the place are printed for each head, with its number.
  const weights = tiles.map((_, n) => asFloat(substitute(weight, new Map([['n', integer(n)]]))));
  writer.define(tile, 'mix', (at) => {
    let total: Code | undefined;
    for (const [n, each] of tiles.entries()) {
      const factor = weightInTable?.(n) ?? writer.print(weights[n]!, writer.elementOf(tile, [], at));
      const term = binary(factor, '*', writer.operandAt(each, tile, at), 'float', level.multiply);
      total = total ? binary(total, '+', term, 'float', level.add) : term;
      if (n % TERMS_OF_SUM === TERMS_OF_SUM - 1) total = writer.printer.bind(total, 'sum');
    }
    return total ?? writer.printer.float(0);
  });
}

/** What all targets write alike. */
export const alike = { constant: lowerConstant, map: lowerMap, relabel: lowerRelabel } as const;
