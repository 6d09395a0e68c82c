// Stencils that are too large to write out: loops over vectors of four taps, or over lines of them too, where each offset
// has a counter of its own, or else a plain loop over all counters.
import { affine, asFloat, type Counter } from '../../../src/ir/index.js';
import { stepOf } from '../../shared/layout/space.js';
import { codes } from '../buffers.js';
import type { KernelWriter } from '../kernel-writer.js';
import { atom, binary, type Code, integerCode, level, parts, plusConstant, splat, within } from '../text/code.js';
import { fourFrom, ringVector, type StencilSite } from './neighbours.js';

/** A stencil with a counter for each offset, whose weights lie in a table: lines of taps along the keys. */
export interface LinesOfTaps {
  readonly lines: Counter;
  readonly along: Counter;
  readonly rowStart: number;
  readonly rowStep: number;
  /** Where the entry of a line's first tap lies in the ring, from the place of the tile's own entry. */
  readonly first: number;
  readonly columnStep: 1 | -1;
  /** Where the table begins, and its vectors of a line. */
  readonly base: number;
  readonly vectors: number;
}

/** The stencil as lines of taps; undefined where it is of another shape. */
export function linesOfTaps(
  writer: KernelWriter,
  { operation, table, columns, columnShift }: StencilSite,
): LinesOfTaps | undefined {
  const { counters, guard, rowOffset, columnOffset } = operation;
  if (!table || guard || counters.length !== 2) return undefined;
  const [lines, along] = counters as [Counter, Counter];
  const [rowStep, columnStep] = [stepOf(rowOffset, lines.name), stepOf(columnOffset, along.name)];
  if (rowStep === undefined || (columnStep !== 1 && columnStep !== -1)) return undefined;
  return {
    lines,
    along,
    rowStart: affine(rowOffset)!.constant,
    rowStep,
    first: affine(columnOffset)!.constant + columns.low + columnShift,
    columnStep,
    base: writer.plan.arena.baseOf(table.region),
    vectors: Math.ceil(along.extent / 4),
  };
}

/** Loops over vectors of four taps along the keys: each row of the ring is loaded once for all lines that read it. */
export function slicedStencil(writer: KernelWriter, site: StencilSite, shape: LinesOfTaps): void {
  const { registers } = site;
  const { lines, along, rowStart, rowStep, first, columnStep, base, vectors } = shape;
  const whole = Math.floor(along.extent / 4);
  const four = atom(writer.fresh('four'), 'int');
  writer.open(`for (var ${four.text} = 0; ${four.text} < ${vectors}; ${four.text}++) {`);
  const further = columnStep === 1 ? four : codes.times(four, integerCode(-1));
  const weights = Array.from({ length: lines.extent }, (_, line) => {
    const place = writer.arenaAt(base, plusConstant(four, line * vectors));
    return writer.named(atom(place, 'float', true), 'weights');
  });
  const readers = new Map<number, { readonly row: number; readonly line: number }[]>();
  for (let line = 0; line < lines.extent; line += 1) {
    for (let row = 0; row < registers.rows; row += 1) {
      const at = row + rowStart + rowStep * line;
      readers.set(at, [...(readers.get(at) ?? []), { row, line }]);
    }
  }
  for (let group = 0; group < registers.groups; group += 1) {
    for (const [at, own] of [...readers].sort(([one], [other]) => one - other)) {
      const loaded = new Map<number, Code>();
      const vectorAt = (n: number): Code => {
        const known = loaded.get(n);
        if (known) return known;
        const name = atom(writer.fresh('ring'), 'float', true);
        writer.constant(name, ringVector(writer, site, { row: at, group, vector: n }, further));
        loaded.set(n, name);
        return name;
      };
      for (const [n, part] of parts.entries()) {
        const window = fourFrom(writer, first + columnStep * n, vectorAt);
        // Beyond the last tap the ring may hold anything.
        const isTap = whole === vectors || n < along.extent % 4;
        const entries = isTap
          ? window
          : writer.printer.bind(
              atom(`select(vec4f(), ${window.text}, ${four.text} < ${whole})`, 'float', true),
              'window',
            );
        for (const { row, line } of own) {
          writer.add(registers.at(row, group), `${weights[line]!.text}.${part} * ${entries.text}`);
        }
      }
    }
  }
  writer.close();
}

/** Loops over lines of taps, and over each line in fours. */
export function rolledStencil(writer: KernelWriter, site: StencilSite, shape: LinesOfTaps): void {
  const { registers, stride } = site;
  const { lines, along, rowStart, rowStep, first, columnStep, base, vectors } = shape;
  const line = atom(writer.fresh('line'), 'int');
  writer.open(`for (var ${line.text} = 0; ${line.text} < ${lines.extent}; ${line.text}++) {`);
  const lineStart = writer.named(codes.times(line, integerCode(rowStep * stride)), 'start');
  const weightLine = writer.named(codes.times(line, integerCode(vectors)), 'weights');
  const addFour = (vector: Code, count: number): void => {
    const weights = writer.named(atom(writer.arenaAt(base, codes.sum(weightLine, vector)), 'float', true), 'weights');
    const further = codes.sum(lineStart, columnStep === 1 ? vector : codes.times(vector, integerCode(-1)));
    for (let group = 0; group < registers.groups; group += 1) {
      for (let row = 0; row < registers.rows; row += 1) {
        const loaded = new Map<number, Code>();
        const vectorAt = (n: number): Code => {
          const known = loaded.get(n);
          if (known) return known;
          const text = ringVector(writer, site, { row: row + rowStart, group, vector: n }, further);
          const name = atom(writer.fresh('ring'), 'float', true);
          writer.constant(name, text);
          loaded.set(n, name);
          return name;
        };
        for (let n = 0; n < count; n += 1) {
          const window = fourFrom(writer, first + columnStep * n, vectorAt);
          writer.add(registers.at(row, group), `${weights.text}.${parts[n]} * ${window.text}`);
        }
      }
    }
  };
  const whole = Math.floor(along.extent / 4);
  if (whole > 0) {
    const vector = atom(writer.fresh('four'), 'int');
    writer.open(`for (var ${vector.text} = 0; ${vector.text} < ${whole}; ${vector.text}++) {`);
    addFour(vector, 4);
    writer.close();
  }
  if (along.extent % 4 !== 0) addFour(integerCode(whole), along.extent % 4);
  writer.close();
}

/** A loop over all counters: any offsets, any weight. */
export function loopOverTaps(writer: KernelWriter, site: StencilSite): void {
  const { operation, registers, tile, base, stride, rowShift, columnShift } = site;
  const own = new Map<string, Code>();
  for (const { name, extent } of operation.counters) {
    const counter = atom(writer.fresh(name), 'int');
    own.set(name, counter);
    writer.open(`for (var ${counter.text} = 0; ${counter.text} < ${extent}; ${counter.text}++) {`);
  }
  const offsets = [operation.rowOffset, operation.columnOffset].map((offset) =>
    writer.named(writer.print(offset, writer.surroundings(own)), 'offset'),
  ) as [Code, Code];
  for (let row = 0; row < registers.rows; row += 1) {
    for (let group = 0; group < registers.groups; group += 1) {
      const surroundings = writer.elementOf(tile, [], { form: 'grid', row, group }, own);
      const at = writer.rowOffset(site.rows, row);
      const line = codes.times(
        grouped(plusConstant(codes.sum(at.base, offsets[0]), at.constant + rowShift)),
        integerCode(stride * 4),
      );
      const column = writer.columnOffset(site.columns, group);
      const first = writer.named(
        plusConstant(codes.sum(codes.sum(line, column.base), offsets[1]), column.constant + columnShift),
        'first',
      );
      const entries = parts.map((_, n) => {
        const place = within(plusConstant(first, n), level.atom);
        return `${writer.arenaAt(base, atom(`(${place} >> 2u)`, 'int'))}[${place} & 3]`;
      });
      const weight = writer.print(asFloat(operation.weight), surroundings);
      const term = binary(weight, '*', atom(`vec4f(${entries.join(', ')})`, 'float', true), 'float', level.multiply);
      const value = operation.guard
        ? `select(vec4f(), ${splat(term).text}, ${writer.print(operation.guard, surroundings).text})`
        : term.text;
      writer.add(registers.at(row, group), value);
    }
  }
  for (const _ of operation.counters) writer.close();
}

const grouped = (code: Code): Code => ({ ...code, text: within(code, level.atom), level: level.atom });
