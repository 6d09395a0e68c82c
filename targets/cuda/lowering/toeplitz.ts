// stencil as products on tensor cores: for each pair of rows of taps, eight keys of sixteen rows times the matrix of their weights. A
// chunk of scores is loaded once for all columns of the result that its keys reach.
import type { ForStatement } from '../../../codegen/tile/program.js';
import { axisOfKind, tileVariables } from '../../../codegen/tile/types.js';
import { asFloat } from '../../../src/ir/index.js';
import { CHUNK } from '../buffers.js';
import type { KernelWriter } from '../kernel-writer.js';
import { FRAGMENT_COLUMNS, rowsHeld, WARP } from '../layout/fragments.js';
import type { TapRow, Toeplitz } from '../layout/toeplitz.js';
import { atom, type Code, integerCode, plusConstant } from '../text/code.js';
import type { StencilSite } from './stencil.js';

/** Fills the Toeplitz matrices that belong to a loop's body, or to the kernel: fragment by fragment, as lanes will read them. */
export function fillToeplitz(writer: KernelWriter, owner: ForStatement | undefined): void {
  for (const toeplitz of writer.plan.toeplitzAt(owner)) {
    const { region, element, parts, weight, counters, pairs, chunks, shift } = toeplitz;
    const base = writer.plan.arena.baseOf(region);
    writer.line('// Toeplitz matrices of the weights of a stencil, as right operands of products');
    writer.access('write', base, region.size);
    for (const [n, pair] of pairs.entries()) {
      const piece = writer.fresh('piece');
      writer.open(`for (int ${piece} = thread; ${piece} < ${chunks * 2 * WARP}; ${piece} += ${writer.plan.threads}) {`);
      const [key, column] = [
        atom(`${piece} / ${2 * WARP} * 8 + ${piece} % 4 * 2 - ${piece} / 4 % 8 - ${shift}`, 'int'),
        `${piece} / ${WARP} % 2`,
      ];
      const tap = writer.named(key, 'tap');
      const { extent } = counters.at(-1)!;
      const weightOf = (tapRow: TapRow, at: Code): string => {
        const own = new Map(tapRow.counters.map((value, c) => [counters[c]!.name, integerCode(value)]));
        own.set(counters.at(-1)!.name, at);
        return writer.print(asFloat(weight), writer.surroundings(own)).text;
      };
      const halves = [0, 1].map((half) => {
        const at = writer.named(plusConstant(tap, half), 'tap');
        const weights = pair.map((tapRow) => (tapRow ? weightOf(tapRow, at) : '0.0f'));
        const chosen = weights[0] === weights[1] ? weights[0] : `(${column} == 0 ? ${weights[0]} : ${weights[1]})`;
        return `is_inside(${at.text}, ${extent}) ? ${chosen} : 0.0f`;
      });
      const store = (part: number, values: readonly string[]): void => {
        const place = `${base * CHUNK + (n * parts + part) * chunks * 2 * WARP * 4} + ${piece} * 4`;
        writer.line(`store_shared<uint32_t>(${place}, round_pair<${element}>(${values.join(', ')}));`);
      };
      if (parts === 1) store(0, halves);
      else {
        const whole = halves.map((half) => writer.named(atom(half, 'float'), 'weight').text);
        store(0, whole);
        // What rounding leaves is a matrix of its own.
        store(
          1,
          whole.map((each) => `${each} - to_float(from_float<${element}>(${each}))`),
        );
      }
      writer.close();
    }
  }
}

/** Loads matrices as fragments, from the first of them on; gives the name of the registers. */
function loadFragments(writer: KernelWriter, { region, chunks }: Toeplitz, first: number, count: number): string {
  const base = writer.plan.arena.baseOf(region);
  const [weights, q, p] = [writer.fresh('weights'), writer.fresh('q'), writer.fresh('p')];
  writer.line(`uint32_t ${weights}[${count}][${chunks}][2];`);
  writer.openUnrolled(q, count);
  writer.openUnrolled(p, chunks);
  for (let half = 0; half < 2; half += 1) {
    const start = base * CHUNK + first * chunks * 2 * WARP * 4 + half * WARP * 4;
    const at = `${start} + (${q} * ${chunks} + ${p}) * ${2 * WARP * 4} + lane * 4`;
    writer.line(`${weights}[${q}][${p}][${half}] = load_shared<uint32_t>(${at});`);
  }
  writer.close();
  writer.close();
  return weights;
}

/** Loads the matrices of the kernel's stencils once for all turns of a loop, where there are registers for them. */
export function keepToeplitz(writer: KernelWriter): void {
  for (const toeplitz of writer.plan.keptToeplitz) {
    const { region, pairs, parts } = toeplitz;
    writer.line('// Toeplitz matrices stay in registers');
    writer.reads([{ base: writer.plan.arena.baseOf(region), size: region.size }]);
    writer.weights.set(toeplitz, loadFragments(writer, toeplitz, 0, pairs.length * parts));
  }
}

export function toeplitzStencil(writer: KernelWriter, site: StencilSite, toeplitz: Toeplitz): void {
  const { operation, registers } = site;
  const { pairs, parts, chunks, firstChunk, element } = toeplitz;
  const [c, p] = [writer.fresh('chunk'), writer.fresh('p')];
  const fragments = (first: number, count: number): string => loadFragments(writer, toeplitz, first, count);
  const kept = writer.weights.get(toeplitz);
  const all = kept ?? (writer.plan.loadsBandsApart ? undefined : fragments(0, pairs.length * parts));
  writer.openUnrolled('m', registers.rows);
  for (const [n, pair] of pairs.entries()) {
    writer.open(`{ // rows ${pair.map((tapRow) => (tapRow ? String(tapRow.row) : 'none')).join(' and ')}`);
    const [weights, first] = all ? [all, n * parts] : [fragments(n * parts, parts), 0];
    const keep = operation.guard ? guards(writer, site, pair) : undefined;
    const address = writer.named(rowAddress(writer, site, pair, firstChunk), 'operand');
    writer.openUnrolled(c, registers.columns + chunks - 1);
    writer.line(`uint32_t left[4];`);
    writer.line(`load_matrices(left, ${address.text} + ${c} * ${CHUNK});`);
    if (keep) for (let word = 0; word < 4; word += 1) writer.line(`left[${word}] &= ${keep[word]};`);
    writer.openUnrolled(p, chunks);
    writer.open(`if (${c} >= ${p} && ${c} - ${p} < ${registers.columns}) {`);
    const into = `${registers.name}[m][${c} - ${p}]`;
    for (let part = 0; part < parts; part += 1) {
      const right = `${weights}[${first + part}][${p}]`;
      writer.line(`multiply_accumulate<${element}>(${into}, left, ${right}[0], ${right}[1]);`);
    }
    writer.close();
    writer.close();
    writer.close();
    writer.close();
  }
  writer.close();
}

/** The byte that this lane addresses: the first half of a warp has rows of the first row of taps, the latter of the second. */
function rowAddress(
  writer: KernelWriter,
  { tile, registers, place, rowShift }: StencilSite,
  [first, second]: Toeplitz['pairs'][number],
  firstChunk: number,
): Code {
  const { space } = writer.plan.analysis;
  const range = writer.range(tile, space.rows);
  const { layout, base } = place;
  const own = writer.ofWarp('rows', registers.rows * 16).text;
  const warp = own === '0' ? '' : `${own} + `;
  const warpColumns = writer.ofWarp('columns', registers.columns * CHUNK).text;
  const start = range.low + rowShift;
  const tapRow = second ? `(lane < 16 ? ${first.row} : ${second.row})` : String(first.row);
  const row = `${warp}m * 16 + lane % 16 + ${start} + ${tapRow}`;
  // Fragments reach beyond the rows of the tile, whose neighbours the ring does not hold.
  const tapRows = [first, second ?? first].map(({ row }) => row);
  const [low, high] = [Math.min(...tapRows) + start, Math.max(...tapRows) + start + rowsHeld(range, writer.plan.warps)];
  const upper = high > layout.rows ? `least(${row}, ${layout.rows - 1})` : row;
  const inside = low < 0 ? `most(${upper}, 0)` : upper;
  const columns = writer.range(tile, space.columns).low * 2 + firstChunk * FRAGMENT_COLUMNS * 2;
  return atom(
    `${base} + ${columns} + (${inside}) * ${layout.stride}${warpColumns === '0' ? '' : ` + ${warpColumns}`}`,
    'int',
  );
}

/** Masks of a fragment's words: those of the rows l / 4 and l / 4 + 8, for the first row of taps and for the second. */
function guards(
  writer: KernelWriter,
  { tile, operation: { guard, counters } }: StencilSite,
  pair: Toeplitz['pairs'][number],
): readonly string[] {
  const { rows } = writer.plan.analysis.space;
  const first = writer.firstRow(writer.range(tile, rows));
  return pair.flatMap((tapRow) =>
    [0, 8].map((further) => {
      if (!tapRow) return '0u';
      const own = new Map(tapRow.counters.map((value, n) => [counters[n]!.name, integerCode(value)]));
      const row = writer.absolute(axisOfKind(tile.axes, rows)!, atom(`${first.text} + m * 16 + ${further}`, 'int'));
      const condition = writer.print(guard!, writer.surroundings(own.set(tileVariables[rows], row)));
      const name = writer.fresh('keep');
      writer.line(`const uint32_t ${name} = ${condition.text} ? 0xffffffffu : 0u;`);
      return name;
    }),
  );
}
