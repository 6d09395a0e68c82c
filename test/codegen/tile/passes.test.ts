// The passes over tile programs: each keeps what the tile interpreter computes, leaves a program that holds all rules, and
// takes out exactly what is junk. A transposed stencil becomes the operation that tensor cores take.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ScheduleKind, scheduleKinds, stagedProgram, type TileSizes } from '../../../codegen/schedule/index.js';
import { Unschedulable } from '../../../codegen/schedule/reads/reason.js';
import { along, axis, BlockBuilder, kernel } from '../../../codegen/tile/builder.js';
import { operand } from '../../../codegen/tile/elements.js';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import type { LaunchSizes } from '../../../codegen/tile/interpreter/memory.js';
import { runTilePasses, type TilePass, tilePasses } from '../../../codegen/tile/passes/index.js';
import { printProgram } from '../../../codegen/tile/print.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { programViolations } from '../../../codegen/tile/verify.js';
import { apply, type Graph, history, integer, length, variable } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { type HostTensor, Random, roundTensor } from '../../../src/tensors/index.js';
import { cudaPasses } from '../../../targets/cuda/narrow.js';
import { randomCases } from '../../support/random-graph.js';
import { randomInputs } from '../../support/random-inputs.js';
import { shareOf } from '../../support/share.js';
import { bind, call, type Example, handWritten } from './examples.js';
import { withJunk } from './junk.js';
import { buffer, queryAxis } from './programs/common.js';

type Tensors = ReadonlyMap<string, HostTensor>;

/** How far two results may be apart, where the largest number is 1: sums in another order, and what 8 bits of a number hold. */
const within: Readonly<Record<string, number>> = {
  'drop copies': 0,
  'drop dead values': 0,
  'sink past loops': 0,
  'canonicalise stencils': 1e-5,
  'put boxes in rings': 0,
  'unscale scores': 1e-5,
  'keep references': 1e-5,
  'exponentials in base two': 1e-5,
  narrow: 0.1,
};

/** Inputs are what their dtype holds: a cast to it changes nothing. */
const rounded = (inputs: Tensors): Tensors =>
  new Map([...inputs].map(([name, tensor]) => [name, roundTensor(tensor, 'f32')]));

/** Runs all passes, and after each of them what the program computes. */
function expectToKeep(
  program: TileProgram,
  passes: readonly TilePass[],
  inputs: Tensors,
  sizes: LaunchSizes,
): TileProgram {
  let [last, before] = [program, interpretProgram(program, inputs, sizes)];
  return runTilePasses(program, passes, {
    onPass({ name }, after) {
      if (after === last) return;
      last = after;
      const text = `${name}\n${printProgram(program)}\nbecomes\n${printProgram(after)}`;
      expect(programViolations(after), text).toEqual([]);
      const now = interpretProgram(after, inputs, sizes);
      for (const [output, { data }] of before) {
        const other = now.get(output)!.data;
        const scale = within[name]! * Math.max(1, ...data.map((x) => (Number.isFinite(x) ? Math.abs(x) : 0)));
        for (const [n, x] of data.entries()) {
          const isKept = Object.is(x, other[n]) || Math.abs(x - other[n]!) <= scale;
          if (!isKept) expect(other[n], `${output} at ${n}, after ${text}`).toBe(x);
        }
      }
      before = now;
    },
  });
}

describe.each(Object.keys(handWritten) as Example[])('%s', (example) => {
  const inputs = rounded(bind(example).inputs);

  test('computes the same after each pass', () => {
    expectToKeep(handWritten[example](), cudaPasses('bf16'), inputs, call);
  });

  test.each(Array.from({ length: shareOf(3) }, (_, n) => n + 1))('is rid of junk (%i)', (seed) => {
    const program = handWritten[example]();
    const littered = withJunk(program, new Random(seed));
    expect(programViolations(littered)).toEqual([]);
    expect(printProgram(littered)).not.toBe(printProgram(program));
    const cleaned = expectToKeep(littered, tilePasses, inputs, call);
    expect(printProgram(cleaned)).toBe(printProgram(runTilePasses(program)));
  });
});

const staged = (kind: ScheduleKind, graph: Graph, tiles: TileSizes): TileProgram | undefined => {
  try {
    return stagedProgram(kind, graph, tiles).program;
  } catch (error) {
    if (error instanceof Unschedulable) return undefined;
    throw error;
  }
};

const runs = shareOf(18);
test(`${runs} random graphs compute the same after each pass, under each schedule, junk or none`, () => {
  const property = fc.property(randomCases, ({ graph: drawn, sizes, seed }) => {
    const graph = optimise({ ...drawn, outputs: drawn.outputs.slice(0, 1) });
    const most = sizes.queries >= sizes.keys ? sizes.queries : sizes.queries - history(graph);
    const inputs = rounded(randomInputs(graph, sizes, seed));
    const program = staged(scheduleKinds[seed % scheduleKinds.length]!, graph, { rows: 3, columns: 4, band: 3 });
    if (!program) return;
    const littered = seed % 2 === 0 ? program : withJunk(program, new Random(seed));
    const cleaned = expectToKeep(littered, tilePasses, inputs, { ...sizes, rows: 1 + (seed % most) });
    expect(printProgram(cleaned)).toBe(printProgram(runTilePasses(program)));
  });
  fc.assert(property, { numRuns: runs, seed: 14 });
});

describe('what is left out', () => {
  const rows = axis('query', 'I', 4);
  const grid = { variable: 'I', from: integer(0), to: length('query'), step: 4 };
  const stored = ['one', 'other'].map((name) => buffer(name, 'output', [queryAxis]));
  const left = (body: (block: BlockBuilder) => void): readonly string[] => {
    const made = kernel('k', [grid], body);
    const program = { name: 'p', buffers: stored, launches: [{ launch: 'kernel', kernel: made } as const] };
    const text = printProgram(runTilePasses(program, tilePasses, { verify: true }));
    return text.split('\n').map((line) => line.trim());
  };
  const store = (block: BlockBuilder, ...tiles: Tile[]): void => {
    for (const [n, tile] of tiles.entries()) block.store(tile, stored[n]!, [along('query')]);
  };
  const number = (block: BlockBuilder): Tile => block.map([], apply('toFloat', variable('i')), [rows]);
  const range = { from: integer(0), to: length('key'), step: 1 };

  test('is a loop that nobody wants anything of, and what goes round another one for nobody', () => {
    const doubled = (block: BlockBuilder, tile: Tile): Tile => block.map([tile], apply('add', operand(0), operand(0)));
    const lines = left((block) => {
      const start = number(block);
      block.loop('J', range, [start], (inner, [tile]) => [doubled(inner, tile)]);
      const [wanted] = block.loop('L', range, [start, start], (inner, [one, two]) => [
        doubled(inner, one),
        doubled(inner, two),
      ]);
      store(block, wanted, start);
    });
    expect(lines.filter((line) => line.includes('for '))).toEqual([
      expect.stringMatching(/^row3 = for L .*carrying row1 = row0$/),
    ]);
    expect(lines.filter((line) => line.includes('map '))).toHaveLength(2);
  });

  test('is what is made of memory, until behind the loops that do not use it', () => {
    const lines = left((block) => {
      const [used, later] = [number(block), block.map([], apply('toFloat', length('key')), [rows])];
      const [sum] = block.loop('J', range, [used], (inner, [tile]) => [
        inner.map([tile, used], apply('add', operand(0), operand(1))),
      ]);
      store(block, sum, later);
    });
    const at = (part: string): number => lines.findIndex((line) => line.includes(part));
    expect(at('map float(i)')).toBeLessThan(at('for J'));
    expect(at('map float(Tk)')).toBeGreaterThan(at('yield'));
    expect(at('map float(Tk)')).toBeGreaterThan(0);
  });

  test('is a choice between what is the same, and not one that makes less of it', () => {
    const choice = (valid?: { low: number; high: number }): readonly string[] =>
      left((block) => {
        const inner = new BlockBuilder();
        const yields = [number(inner), number(inner)];
        const same = { statements: inner.statements, yields };
        const results = yields.map((each, n) =>
          n === 1 && valid ? { ...each, axes: [{ ...rows, valid }] } : { ...each },
        );
        const mask = apply('lessOrEqual', variable('j'), variable('i'));
        const cases = { empty: same, full: same, partial: same };
        block.statements.push({ statement: 'switch', mask, rows, columns: axis('key', 0, 4), cases, results });
        store(block, ...results);
      });
    expect(choice().join()).not.toContain('switch');
    expect(choice({ low: 1, high: 4 }).join()).toContain('switch');
  });
});

test('a pass that finds nothing to change gives the very program back', () => {
  for (const make of Object.values(handWritten)) {
    const once = runTilePasses(make());
    for (const pass of tilePasses) expect(pass.run(once), pass.name).toBe(once);
  }
});
