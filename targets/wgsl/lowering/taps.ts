// Tables of taps in workgroup memory: the weights of a stencil or mix that are the same for every row and column.
// All threads compute them together, once for as long as what they depend on stays the same.

import type { ForStatement } from '../../../codegen/tile/program.js';
import { asFloat, type Counter, type Expression } from '../../../src/ir/index.js';
import type { TapTable } from '../../shared/tile/plan.js';
import type { KernelWriter } from '../kernel-writer.js';
import { threadCount } from '../layout/threads.js';
import { atom, binary, type Code, integerCode, level, parts } from '../text/code.js';

/** Fills the tables that belong at the start of a loop's body, or of the kernel's. */
export function fillTapTables(writer: KernelWriter, owner: ForStatement | undefined): void {
  for (const table of writer.plan.tablesAt(owner)) {
    const { region, weight, counters } = table;
    const base = writer.plan.arena.baseOf(region);
    writer.access('write', base, region.size, region.holds);
    const vector = writer.fresh('tap');
    writer.open(
      `for (var ${vector} = thread; ${vector} < ${region.size}; ${vector} += ${threadCount(writer.plan.threads)}) {`,
    );
    const values = weightsOf(writer, asFloat(weight), counters, atom(vector, 'int'));
    writer.line(`${writer.arenaAt(base, atom(vector, 'int'))} = ${values.text};`);
    writer.close();
  }
}

/** The four weights of a vector of the table; 0 beyond the last counter. */
function weightsOf(writer: KernelWriter, weight: Expression, counters: readonly Counter[], vector: Code): Code {
  const last = counters.at(-1);
  const vectors = Math.ceil((last?.extent ?? 1) / 4);
  const line = vectors === 1 ? vector : binary(vector, '/', integerCode(vectors), 'int', level.multiply);
  const own = writer.countersAt(line, counters.slice(0, -1));
  const first =
    vectors === 1 ? integerCode(0) : writer.named(atom(`(${vector.text} % ${vectors}) * 4`, 'int'), 'counter');
  const values = parts.map((_, n) => {
    const place = vectors === 1 ? integerCode(n) : atom(`(${first.text} + ${n})`, 'int');
    if (vectors === 1 && n >= (last?.extent ?? 1)) return '0.0';
    const inner = last ? new Map([...own, [last.name, place]]) : own;
    const value = writer.print(weight, writer.surroundings(inner)).text;
    return vectors > 1 && last!.extent % 4 !== 0 ? `select(0.0, ${value}, ${place.text} < ${last!.extent})` : value;
  });
  return atom(`vec4f(${values.join(', ')})`, 'float', true);
}

/** The place of a tap in its table: which vector, and which of its entries. */
export function tapPlace(counters: readonly Counter[], values: readonly number[]): { vector: number; part: number } {
  const last = values.at(-1) ?? 0;
  let vector = 0;
  for (const [n, { extent }] of counters.slice(0, -1).entries()) vector = vector * extent + values[n]!;
  return { vector: vector * Math.ceil((counters.at(-1)?.extent ?? 1) / 4) + Math.floor(last / 4), part: last % 4 };
}

/** The weight of one tap, read from its table. */
export function tapWeight(writer: KernelWriter, table: TapTable, values: readonly number[]): Code {
  const { vector, part } = tapPlace(table.counters, values);
  return atom(`${tapVector(writer, table, vector).text}.${parts[part]}`, 'float');
}

/** Four weights of a table, by the number of their vector. */
export function tapVector(writer: KernelWriter, table: TapTable, vector: number): Code {
  const base = writer.plan.arena.baseOf(table.region);
  return writer.named(atom(writer.arenaAt(base, integerCode(vector)), 'float', true), 'weights');
}

/** Neighbouring vectors of a table together, from one on. */
export function tapVectors(writer: KernelWriter, table: TapTable, first: number, count: number): Code {
  return writer.vectorsAt(integerCode(writer.plan.arena.baseOf(table.region) + first), count, 'weights');
}
