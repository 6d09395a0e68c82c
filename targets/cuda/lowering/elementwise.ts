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
import { elementTypes } from '../buffers.js';
import { dimensions, type KernelWriter } from '../kernel-writer.js';
import { atom, binary, type Code, floatCode, level } from '../text/code.js';
import { tapWeight } from './taps.js';

export function lowerConstant(writer: KernelWriter, { value }: ConstantOperation, tile: Tile): void {
  writer.define(tile, () => floatCode(value));
}

export function lowerMap(writer: KernelWriter, { operands, value }: MapOperation, tile: Tile): void {
  const expression = asFloat(value);
  writer.define(tile, (form) => writer.print(expression, writer.elementOf(tile, operands, form)));
}

export function lowerCast(writer: KernelWriter, { tile: source }: CastOperation, tile: Tile): void {
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
  writer.define(tile, (form) => {
    const value = writer.operandAt(source, tile, form);
    const element = elementTypes[tile.dtype];
    if (element === 'float' || element === 'int') return value;
    return atom(`to_float(from_float<${element}>(${value.text}))`, 'float');
  });
}

/** The registers are the same; only where the axes are rows and columns as before is nothing moved. */
export function lowerRelabel(writer: KernelWriter, { tile: source, from, to }: RelabelOperation, tile: Tile): void {
  if (source.axes.length === 2) {
    const before = gridAxes(source).map((kind) => (kind === from ? to : kind));
    if (before.join() !== gridAxes(tile).join()) refuse('rows would become columns under another name');
  }
  for (const form of writer.plan.analysis.forms(tile)) writer.assign(tile, writer.registersOf(source, form));
}

export function lowerMix(writer: KernelWriter, { tiles, weight }: MixOperation, tile: Tile): void {
  const table = writer.plan.tapTable(weight);
  if (table) writer.access('read', writer.plan.arena.baseOf(table.region), table.region.size);
  // Weights that depend on the place are printed for each head, with its number.
  const weights = tiles.map((_, n) => asFloat(substitute(weight, new Map([['n', integer(n)]]))));
  const known = table ? tiles.map((_, n) => writer.named(tapWeight(writer, table, [String(n)]), 'weight')) : undefined;
  writer.define(tile, (form) => {
    let total: Code | undefined;
    for (const [n, each] of tiles.entries()) {
      const factor = known?.[n] ?? writer.print(weights[n]!, writer.elementOf(tile, [], form));
      const term = binary(factor, '*', writer.operandAt(each, tile, form), 'float', level.multiply);
      total = total ? binary(total, '+', term, 'float', level.add) : term;
      if (n % 8 === 7) total = writer.printer.bind(total, 'sum');
    }
    return total ?? floatCode(0);
  });
}
