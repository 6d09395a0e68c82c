// cast and mix, as far as WGSL has its own way: numbers are rounded by functions, weights read from vectors of a table.
// Everything else that is computed register by register is the same for all targets.
import type { TileOperationOf } from '../../../codegen/tile/operations.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { alike, lowerMix as lowerWeighted } from '../../shared/tile/elementwise.js';
import type { KernelWriter } from '../kernel-writer.js';
import { binary, call, level, splat } from '../text/code.js';
import { tapWeight } from './taps.js';

function lowerCast(writer: KernelWriter, { tile: source }: TileOperationOf<'cast'>, tile: Tile): void {
  writer.define(tile, 'cast', (at) => {
    const value = writer.operandAt(source, tile, at);
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

function lowerMix(writer: KernelWriter, operation: TileOperationOf<'mix'>, tile: Tile): void {
  const table = writer.plan.tapTable(operation.weight);
  if (table) writer.access('read', writer.plan.arena.baseOf(table.region), table.region.size);
  lowerWeighted(writer, operation, tile, table && ((n) => tapWeight(writer, table, [n])));
}

/** A number is as short as a name of it. */
function lowerConstant(writer: KernelWriter, { value }: TileOperationOf<'constant'>, tile: Tile): void {
  const single = writer.printer.float(value);
  for (const form of writer.plan.analysis.forms(tile)) {
    const code = writer.isWide(form) ? splat(single) : single;
    writer.assign(tile, { form, ...writer.shape(tile, form), at: () => code });
  }
}

function lowerPowerOfTwo(
  writer: KernelWriter,
  { tile: source, reference, factor }: TileOperationOf<'powerOfTwo'>,
  tile: Tile,
): void {
  writer.define(tile, 'power', (at) => {
    const x = writer.operandAt(source, tile, at);
    const product = factor ? binary(x, '*', writer.operandAt(factor, tile, at), 'float', level.multiply) : x;
    const exponent = binary(product, '-', writer.operandAt(reference, tile, at), 'float', level.add);
    return call('exp2', [exponent], 'float');
  });
}

/** What is computed register by register. */
export const elementwise = {
  ...alike,
  constant: lowerConstant,
  cast: lowerCast,
  mix: lowerMix,
  powerOfTwo: lowerPowerOfTwo,
} as const;
