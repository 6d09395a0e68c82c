// The tile interpreter's own checks: poison beside a ring is poison however far away, and errors say where they came from.
import { describe, expect, test } from 'vitest';
import { along, axis, BlockBuilder, kernel } from '../../../codegen/tile/builder.js';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import { TileProgramError } from '../../../codegen/tile/interpreter/memory.js';
import { neighbourAt } from '../../../codegen/tile/operations.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import type { Tile } from '../../../codegen/tile/types.js';
import { programViolations } from '../../../codegen/tile/verify.js';
import { apply, type Expression, float, integer, length, variable } from '../../../src/ir/index.js';
import { batchAxis, batchGrid, buffer, keyAxis, queryAxis } from './programs/common.js';

const out = buffer('out', 'output', [batchAxis, queryAxis, keyAxis]);
const place = [variable('b'), along('query'), along('key')] as const;
const [rows, columns] = [axis('query', 0, 3), axis('key', 0, 3)];
const sizes = { batch: 2, queries: 3, keys: 3, rows: 3 };
const [i, j] = [variable('i'), variable('j')];

const run = (body: (block: BlockBuilder) => void) => {
  const program: TileProgram = {
    name: 'p',
    buffers: [out],
    launches: [{ launch: 'kernel', kernel: kernel('k', [batchGrid], body) }],
  };
  return () => interpretProgram(program, new Map(), sizes).get('out')!;
};

describe('a window', () => {
  const reading = (key: Expression) =>
    run((block) => {
      const ring = block.push(block.ring('key', rows, 3, 0), block.map([], apply('toFloat', j), [rows, columns]));
      block.store(block.window([ring], [], [rows, columns], neighbourAt(0, i, key)), out, place);
    });

  test('reads what the ring holds', () => {
    expect([...reading(j)().data.slice(0, 3)]).toEqual([0, 1, 2]);
  });

  test.each([1, -1, 70, -1000])('finds poison %d keys away', (distance) => {
    expect(reading(apply('add', j, integer(distance)))).toThrow(
      /^kernel k, `store s1 to out\[b, i, j\]` at b = 0: poison is stored to out at \[0,\d\]/,
    );
  });
});

describe('a box', () => {
  const [i1, j1] = [apply('subtract', i, integer(1)), apply('add', j, integer(1))];
  const grown = [axis('query', -1, 5), axis('key', -1, 5)];
  const entries = apply('add', apply('multiply', apply('toFloat', i), float(10)), apply('toFloat', j));
  const reading = (read: (block: BlockBuilder, box: Tile) => Tile) =>
    run((block) => block.store(read(block, block.map([], entries, grown)), out, place));
  const tap = { counters: [], queryOffset: integer(-1), keyOffset: integer(1), weight: float(1) };

  test.each([
    ['stencil', reading((block, box) => block.stencil(box, [rows, columns], tap))],
    ['window', reading((block, box) => block.window([box], [], [rows, columns], neighbourAt(0, i1, j1)))],
  ])('is read beside its entries by a %s', (_, result) => {
    expect([...result().data.slice(0, 9)]).toEqual([-9, -8, -7, 1, 2, 3, 11, 12, 13]);
  });

  test('is as valid as its neighbours are, along both axes', () => {
    const block = new BlockBuilder();
    const box = block.map([], entries, [{ ...rows, valid: { low: 1, high: 3 } }, columns]);
    expect(block.stencil(box, [rows, columns], tap).axes).toMatchObject([
      { valid: { low: 2, high: 3 } },
      { valid: { low: 0, high: 2 } },
    ]);
    expect(() => block.stencil(box, [rows, columns], { ...tap, keyOffset: integer(3) })).toThrow(
      /all of its neighbours/,
    );
    const features = block.map([], float(0), [rows, axis('feature', 0, 2)]);
    expect(() => block.stencil(features, [rows, columns], tap)).toThrow(/feature axis/);
  });

  test('is not read where a gram finds nothing', () => {
    const body = (block: BlockBuilder): void => {
      const zero = block.constant([axis('extent', 0, 1)], 0);
      const tile = block.map([], entries, [rows, columns]);
      block.gram(zero, tile, tile, { counters: [], queryOffset: integer(0), keyOffset: integer(2) });
    };
    const program = {
      name: 'p',
      buffers: [],
      launches: [{ launch: 'kernel', kernel: kernel('k', [], body) } as const],
    };
    expect(programViolations(program).map(({ code }) => code)).toEqual(['HD8031']);
  });
});

describe('NaN', () => {
  const infinite = apply('divide', float(1), float(0));
  const computed = apply('subtract', infinite, infinite);

  test('is a result where the program computes it', () => {
    const { data } = run((block) => {
      const value = apply('select', apply('equal', i, j), computed, apply('toFloat', j));
      block.store(block.map([], value, [rows, columns]), out, place);
    })();
    expect([...data.slice(0, 9)]).toEqual([Number.NaN, 1, 2, 0, Number.NaN, 2, 0, 1, Number.NaN]);
  });

  test('that is poison is found beside one that is a result', () => {
    const mixed = run((block) => {
      const ring = block.push(block.ring('key', rows, 3, 0), block.map([], apply('toFloat', j), [rows, columns]));
      const beside = neighbourAt(0, i, apply('add', j, integer(1)));
      const value = apply('select', apply('equal', j, integer(0)), computed, beside);
      block.store(block.window([ring], [], [rows, columns], value), out, place);
    });
    expect(mixed).toThrow(TileProgramError);
    expect(mixed).toThrow('poison is stored to out');
  });
});

describe('an error', () => {
  test('names the turn of a loop too', () => {
    const late = run((block) => {
      const range = { from: integer(0), to: length('key'), step: 1 };
      block.loop('J', range, [] as const, (inner, _, origin) => {
        const box = axis('key', origin, 1);
        const ring = inner.push(inner.ring('key', rows, 1, origin), inner.map([], apply('toFloat', j), [rows, box]));
        inner.store(inner.window([ring], [], [rows, box], neighbourAt(0, i, apply('add', j, integer(9)))), out, place);
        return [] as const;
      });
    });
    expect(late).toThrow(TileProgramError);
    expect(late).toThrow(/^kernel k, `store s1 to out.*` at b = 0, J = 0: poison/);
  });

  test('of an expression has a place as well', () => {
    const unbound = run((block) => {
      block.store(block.map([], apply('toFloat', variable('unknown')), [rows, columns]), out, place);
    });
    expect(unbound).toThrow(/^kernel k, `s = map float\(unknown\) : .*` at b = 0: unbound variable unknown/);
  });

  test('of a whole run has none', () => {
    const nothing = run((block) => {
      block.store(block.constant([axis('query', 0, 2), columns], 1), out, place);
    });
    expect(nothing).toThrow(/^output out is not written everywhere/);
  });
});
