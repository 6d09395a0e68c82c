// cast, mix and powers of two, as far as CUDA has its own way: operands of tensor cores are rounded in pairs, weights of a table
// have names.
// Everything else that is computed register by register is the same for all targets.
import type { TileOperationOf } from '../../../codegen/tile/operations.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { prefixed } from '../../shared/text/spelling.js';
import { alike, lowerMix as lowerWeighted } from '../../shared/tile/elementwise.js';
import { elementTypes } from '../buffers.js';
import { dimensions, type KernelWriter } from '../kernel-writer.js';
import { atom, binary, call, level } from '../text/code.js';
import { tapWeight } from './taps.js';

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
export const elementwise = { ...alike, cast: lowerCast, mix: lowerMix, powerOfTwo: lowerPowerOfTwo } as const;
