// Tables of taps: weights that are the same for a whole block are computed once, by all threads together, and read from
// shared memory afterwards, where all lanes of a warp read the same word at once.

import { tapsOf } from '../../../codegen/tile/operations/taps.js';
import type { ForStatement } from '../../../codegen/tile/program.js';
import { asFloat } from '../../../src/ir/index.js';
import type { TapTable } from '../../shared/tile/plan.js';
import { CHUNK } from '../buffers.js';
import type { KernelWriter } from '../kernel-writer.js';
import { atom, type Code } from '../text/code.js';

/** Fills the tables that belong to a loop's body, or to the kernel. */
export function fillTapTables(writer: KernelWriter, owner: ForStatement | undefined): void {
  for (const { region, weight, counters } of writer.plan.tablesAt(owner)) {
    const base = writer.plan.arena.baseOf(region);
    writer.line('// weights of taps that are the same for the whole block');
    writer.access('write', base, region.size);
    const tap = writer.fresh('tap');
    writer.open(`for (int ${tap} = thread; ${tap} < ${tapsOf(counters)}; ${tap} += ${writer.plan.threads}) {`);
    const own = writer.countersAt(atom(tap, 'int'), counters);
    const value = writer.print(asFloat(weight), writer.surroundings(own));
    writer.line(`store_shared<float>(${base * CHUNK} + ${tap} * 4, ${value.text});`);
    writer.close();
  }
}

/** The number of the tap at which counters stand, the last one fastest. */
function tapNumber(counters: TapTable['counters'], values: readonly string[]): string {
  let number = '0';
  for (const [n, { extent }] of counters.entries()) {
    const scaled = number === '0' ? '' : `${/^\w+$/.test(number) ? number : `(${number})`} * ${extent}`;
    const value = values[n]!;
    number = scaled === '' ? value : value === '0' ? scaled : `${scaled} + ${value}`;
  }
  return number;
}

/** The weight of one tap, read from its table; `values` are numbers or names of its counters. */
export function tapWeight(writer: KernelWriter, table: TapTable, values: readonly string[]): Code {
  const base = writer.plan.arena.baseOf(table.region) * CHUNK;
  return atom(`load_shared<float>(${base} + (${tapNumber(table.counters, values)}) * 4)`, 'float');
}
