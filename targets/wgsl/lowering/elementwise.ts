// constant, map, cast, relabel and mix: what each register holds depends on registers at the same place alone.
// Nothing moves between threads here, and nothing needs a barrier.
import type { CastOperation } from '../../../codegen/tile/operations/cast.js';
import type { ConstantOperation } from '../../../codegen/tile/operations/constant.js';
import type { MapOperation } from '../../../codegen/tile/operations/map.js';
import type { MixOperation } from '../../../codegen/tile/operations/mix.js';
import type { RelabelOperation } from '../../../codegen/tile/operations/relabel.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { asFloat, integer, substitute } from '../../../src/ir/index.js';
import { gridAxes } from '../../shared/layout/analysis.js';
import { refuse } from '../../shared/refusal.js';
import type { KernelWriter } from '../kernel-writer.js';
import { atom, binary, type Code, call, floatCode, level } from '../text/code.js';
import { tapWeight } from './taps.js';

export function lowerConstant(writer: KernelWriter, { value }: ConstantOperation, tile: Tile): void {
  writer.define(tile, 'constant', () => floatCode(value));
}

export function lowerMap(writer: KernelWriter, { operands, value }: MapOperation, tile: Tile): void {
  const expression = asFloat(value);
  writer.define(tile, 'map', (row, group, form) =>
    writer.print(expression, writer.elementOf(tile, operands, form, row, group)),
  );
}

export function lowerCast(writer: KernelWriter, { tile: source }: CastOperation, tile: Tile): void {
  writer.define(tile, 'cast', (row, group, form) => {
    const value = writer.operandAt(source, tile, form, row, group);
    switch (tile.dtype) {
      case 'f32':
      case 'int':
        return value;
      case 'f16':
        return call(writer.context.helpers.use('round_to_f16', value.wide), [value], 'float');
      case 'bf16':
        return call(writer.context.helpers.use('round_to_bf16', value.wide), [value], 'float');
    }
  });
}

/** The registers are the same; only where the axes are rows and columns as before is nothing moved. */
export function lowerRelabel(writer: KernelWriter, { tile: source, from, to }: RelabelOperation, tile: Tile): void {
  if (source.axes.length === 2) {
    const before = gridAxes(source).map((kind) => (kind === from ? to : kind));
    if (before.join() !== gridAxes(tile).join()) refuse('rows would become columns under another name');
  }
  writer.define(tile, 'relabel', (row, group, form) => writer.registersOf(source, form).at(row, group));
}

export function lowerMix(writer: KernelWriter, { tiles, weight }: MixOperation, tile: Tile): void {
  const table = writer.plan.tapTable(weight);
  if (table) writer.access('read', writer.plan.arena.baseOf(table.region), table.region.size);
  // Weights that depend on the place are printed for each head, with its number.
  const weights = tiles.map((_, n) => asFloat(substitute(weight, new Map([['n', integer(n)]]))));
  writer.define(tile, 'mix', (row, group, form) => {
    let total: Code | undefined;
    for (const [n, each] of tiles.entries()) {
      const factor = table
        ? tapWeight(writer, table, [n])
        : writer.print(weights[n]!, writer.elementOf(tile, [], form, row, group));
      const term = binary(factor, '*', writer.operandAt(each, tile, form, row, group), 'float', level.multiply);
      total = total ? binary(total, '+', term, 'float', level.add) : term;
      if (n % 8 === 7) total = writer.printer.bind(total, 'sum');
    }
    return total ?? atom('0.0', 'float');
  });
}
