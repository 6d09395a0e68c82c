// map, cast, mix and powers of two, as far as CUDA has its own way: sums are scaled where a row's scale is not 1, operands of tensor
// cores are rounded in pairs, weights of a table have names. Everything else that is computed register by register is the same for all targets.
import type { TileOperationOf } from '../../../codegen/tile/operations.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { prefixed } from '../../shared/text/spelling.js';
import { alike, lowerMix as lowerWeighted } from '../../shared/tile/elementwise.js';
import { elementTypes } from '../buffers.js';
import { dimensions, type KernelWriter } from '../kernel-writer.js';
import { subscript } from '../layout/fragments.js';
import { rescaleOf } from '../layout/rescales.js';
import { atom, binary, call, level } from '../text/code.js';
import { tapWeight } from './taps.js';

/** Sums of a warp whose rows all have the scale 1 stay as they are: a vote says so, for all lanes of the warp alike. */
function lowerMap(writer: KernelWriter, operation: TileOperationOf<'map'>, tile: Tile): void {
  const rescale = rescaleOf(writer.plan.kernel, operation);
  const forms = writer.plan.analysis.forms(tile);
  const isOfRows = rescale && rescale.scale.axes[0]!.kind === writer.plan.analysis.gridAxes(tile)[0];
  if (!isOfRows || forms.join() !== 'grid') {
    alike.map(writer, operation, tile);
    return;
  }
  const registers = writer.declare(tile, 'grid');
  writer.fill(registers, () => writer.operandAt(rescale.sums, tile, 'grid'));
  const { name, rows } = writer.registersOf(rescale.scale, 'row');
  const moved = writer.fresh('moved');
  writer.line(`bool ${moved} = false;`);
  writer.openForm('row', { rows, columns: 1 });
  writer.line(`${moved} |= ${name}${subscript('row', 'row')} != 1.0f;`);
  writer.closeForm('row');
  writer.open(`if (any_of_warp(${moved})) {`);
  writer.openForm('grid', registers);
  writer.line(
    `${registers.name}${subscript('grid', 'grid')} *= ${writer.operandAt(rescale.scale, tile, 'grid').text};`,
  );
  writer.closeForm('grid');
  writer.close();
  writer.assign(tile, registers);
}

function lowerCast(writer: KernelWriter, { tile: source }: TileOperationOf<'cast'>, tile: Tile): void {
  const packed = writer.plan.packedAs(tile);
  if (packed) {
    // Neighbouring columns of an accumulator are one word of the operand that it becomes.
    const from = writer.registersOf(source, 'grid');
    const shape = writer.shape(tile, 'grid');
    const registers = { form: 'grid' as const, name: writer.nameOf(tile), ...shape, packed };
    writer.line(`uint32_t ${registers.name}${dimensions(registers)};`);
    writer.openUnrolled('m', shape.rows);
    writer.openUnrolled('n', shape.columns);
    writer.openUnrolled('half', 2);
    const entries = `${from.name}[m][n][2 * half], ${from.name}[m][n][2 * half + 1]`;
    writer.line(`${registers.name}[m][n][half] = round_pair<${packed}>(${entries});`);
    for (let n = 0; n < 3; n += 1) writer.close();
    writer.assign(tile, registers);
    return;
  }
  writer.define(tile, 'cast', (form) => {
    const value = writer.operandAt(source, tile, form);
    const element = elementTypes[tile.dtype];
    if (element === 'float' || element === 'int') return value;
    return atom(`to_float(from_float<${element}>(${value.text}))`, 'float');
  });
}

function lowerMix(writer: KernelWriter, operation: TileOperationOf<'mix'>, tile: Tile): void {
  const table = writer.plan.tapTable(operation.weight);
  if (table) writer.access('read', writer.plan.arena.baseOf(table.region), table.region.size);
  const weights = table && operation.tiles.map((_, n) => writer.named(tapWeight(writer, table, [String(n)]), 'weight'));
  lowerWeighted(writer, operation, tile, weights && ((n) => weights[n]!));
}

/** A thread has few rows: their factors and references stay in registers, and an entry takes one multiply-add and one power. */
function lowerPowerOfTwo(
  writer: KernelWriter,
  { tile: source, reference, factor }: TileOperationOf<'powerOfTwo'>,
  tile: Tile,
): void {
  writer.define(tile, 'power', (form) => {
    const x = writer.operandAt(source, tile, form);
    const opposite = prefixed('-', writer.operandAt(reference, tile, form));
    const exponent = factor
      ? call('fmaf', [x, writer.operandAt(factor, tile, form), opposite], 'float')
      : binary(x, '-', writer.operandAt(reference, tile, form), 'float', level.add);
    return call('power_of_two', [exponent], 'float');
  });
}

/** What is computed register by register. */
export const elementwise = {
  ...alike,
  map: lowerMap,
  cast: lowerCast,
  mix: lowerMix,
  powerOfTwo: lowerPowerOfTwo,
} as const;
