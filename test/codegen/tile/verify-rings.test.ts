// What the verifier can tell of rings without running a program: through switches and nested loops, and for windows and
// grams; and what it leaves alone because scalars do not tell.
import { describe, expect, test } from 'vitest';
import { axis, type BlockBuilder, kernel } from '../../../codegen/tile/builder.js';
import { neighbourAt } from '../../../codegen/tile/operations.js';
import type { MaskClass, TileProgram } from '../../../codegen/tile/program.js';
import { least, minus, plus } from '../../../codegen/tile/scalars.js';
import type { Ring, Tile } from '../../../codegen/tile/types.js';
import { programViolations } from '../../../codegen/tile/verify.js';
import { apply, type Expression, extent, integer, length, variable } from '../../../src/ir/index.js';
import { handWritten } from './examples.js';
import { bufferOf, bufferWith } from './mutations/edit.js';
import { batchGrid, buffer, causal } from './programs/common.js';

const [i, j] = [variable('i'), variable('j')];
const rows = axis('query', 0, 4);
const range = { from: integer(0), to: length('key'), step: 3 };

/** The codes that the verifier finds in one kernel. */
function codesOf(body: (block: BlockBuilder) => void): readonly string[] {
  const program: TileProgram = {
    name: 'rings',
    buffers: [],
    launches: [{ launch: 'kernel', kernel: kernel('rings', [batchGrid], body) }],
  };
  return programViolations(program).map(({ code }) => code);
}

const tileAt = (block: BlockBuilder, origin: Expression): Tile => block.constant([rows, axis('key', origin, 3)], 1);

describe('pushes', () => {
  const pushedIn = (classes: readonly MaskClass[]) => (block: BlockBuilder) => {
    block.loop('J', range, [block.ring('key', rows, 6, 0)] as const, (inner, [ring], origin) => {
      const box = axis('key', origin, 3);
      const way = (name: MaskClass) => (part: BlockBuilder) =>
        [classes.includes(name) ? part.push(ring, tileAt(part, origin)) : ring] as const;
      return inner.switch(causal, rows, box, { empty: way('empty'), full: way('full'), partial: way('partial') });
    });
  };

  test('may stand in every case of a switch', () => {
    expect(codesOf(pushedIn(['empty', 'full', 'partial']))).toEqual([]);
  });

  test('may not be left out of one: a tile that is skipped advances the ring too', () => {
    expect(codesOf(pushedIn(['full', 'partial']))).toContain('HD8030');
  });

  const nested = (first: Expression) => (block: BlockBuilder) => {
    const initial = [block.ring('key', rows, 6, first)] as const;
    // Twelve keys in each turn, by four pushes of three.
    block.loop('J', { ...range, step: 12 }, initial, (outer, carried, start) =>
      outer.loop('K', { from: start, to: plus(start, 12), step: 3 }, carried, (inner, [ring], origin) => [
        inner.push(ring, tileAt(inner, origin)),
      ]),
    );
  };

  test('go on from where an outer loop starts', () => {
    expect(codesOf(nested(integer(0)))).toEqual([]);
    expect(codesOf(nested(integer(3)))).toEqual(['HD8030']);
  });

  test('are compared by what scalars say, not by the objects that they are', () => {
    const end = (off: number) => plus(least(length('key'), plus('b', 4)), off);
    const pushedAt = (off: number) => (block: BlockBuilder) => {
      block.push(block.ring('key', rows, 6, end(0)), tileAt(block, end(off)));
    };
    expect(codesOf(pushedAt(0))).toEqual([]);
    expect(codesOf(pushedAt(1))).toEqual(['HD8030']);
  });

  test('at places that cannot be compared are left to the interpreter', () => {
    const apart = (block: BlockBuilder) => {
      block.push(block.ring('key', rows, 6, length('key')), tileAt(block, length('query')));
    };
    expect(codesOf(apart)).toEqual([]);
  });
});

describe('reads', () => {
  /** A ring of the keys −3..2 across rows 0..3. */
  const filled = (block: BlockBuilder): Ring => block.push(block.ring('key', rows, 6, 0), tileAt(block, integer(0)));
  const window = (key: Expression) => (block: BlockBuilder) => {
    block.window([filled(block)], [], [rows, axis('key', 0, 3)], neighbourAt(0, i, key));
  };

  test('of a window lie in the ring', () => {
    expect(codesOf(window(j))).toEqual([]);
    expect(codesOf(window(apply('subtract', j, integer(3))))).toEqual([]);
    expect(codesOf(window(apply('subtract', j, integer(4))))).toEqual(['HD8031']);
    expect(codesOf(window(apply('add', j, integer(1))))).toEqual(['HD8031']);
  });

  test('of a gram lie in the ring, along it and across', () => {
    const gram = (queryOffset: Expression, keyOffset: Expression) => (block: BlockBuilder) => {
      const sums = block.constant([axis('extent', 0, 2)], 0);
      const factor = block.constant([axis('query', 1, 3), axis('key', 0, 2)], 1);
      block.gram(sums, filled(block), factor, { counters: [{ name: 'u', extent: 2 }], queryOffset, keyOffset });
    };
    const u = variable('u');
    expect(codesOf(gram(minus(u, 1), u))).toEqual([]);
    expect(codesOf(gram(u, u))).toEqual(['HD8031']);
    expect(codesOf(gram(minus(u, 2), u))).toEqual(['HD8031']);
    expect(codesOf(gram(integer(0), plus(u, 1)))).toEqual(['HD8031']);
    expect(codesOf(gram(integer(0), apply('floorDivide', u, integer(2))))).toEqual(['HD8004']);
  });

  test('behind a loop are left to the interpreter, as its length is', () => {
    const behind = (block: BlockBuilder) => {
      const [ring] = block.loop('J', range, [block.ring('key', rows, 6, 0)] as const, (inner, [carried], origin) => [
        inner.push(carried, tileAt(inner, origin)),
      ]);
      block.window([ring], [], [rows, axis('key', 100, 3)], neighbourAt(0, i, j));
    };
    expect(codesOf(behind)).toEqual([]);
  });
});

describe('workspace', () => {
  const whole = (): TileProgram => {
    const program = handWritten['slab-mix']();
    const axes = bufferOf(program, 'slab').axes.map((each) =>
      each.kind === 'band' ? ({ kind: 'query' } as const) : each,
    );
    return bufferWith(program, 'slab', { axes });
  };

  test('grows with the square of the length only where that was asked for', () => {
    expect(programViolations(whole()).map(({ code }) => code)).toEqual(['HD8026']);
    expect(programViolations({ ...whole(), keepsMatrices: true })).toEqual([]);
  });

  test('may be a table of constants and one length', () => {
    const program = handWritten.flash();
    const table = buffer('sums', 'workspace', [{ kind: 'query' }, extent(7)]);
    expect(programViolations({ ...program, buffers: [...program.buffers, table] })).toEqual([]);
  });
});
