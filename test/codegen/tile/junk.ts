// Tile programs with what passes should take out again: copies, values that nobody wants, values that a loop carries and never
// changes, switches whose cases are one block, and stencils whose taps are counted in another order.

import type { StencilOperation } from '../../../codegen/tile/operations/stencil.js';
import { operand, replaced } from '../../../codegen/tile/operations.js';
import type { Block, Carried, Kernel, LetStatement, Statement, TileProgram } from '../../../codegen/tile/program.js';
import { minus } from '../../../codegen/tile/scalars.js';
import { axisOfKind, type Tile, type Value } from '../../../codegen/tile/types.js';
import { apply, type Expression, float, integer, substitute, variable } from '../../../src/ir/index.js';
import type { Random } from '../../../src/tensors/index.js';

/** The program with junk at random places; it means the same. */
export function withJunk(program: TileProgram, random: Random): TileProgram {
  const change = (kernel: Kernel): Kernel => ({
    ...kernel,
    body: new Littering(random).block(kernel.body, new Map(), []),
  });
  return {
    ...program,
    launches: program.launches.map((launch) =>
      launch.launch === 'kernel'
        ? { ...launch, kernel: change(launch.kernel) }
        : { ...launch, kernels: launch.kernels.map(change) },
    ),
  };
}

type Copies = Map<Value, Value>;

class Littering {
  private readonly random: Random;
  private readonly blocks = new Map<Block, Block>();

  constructor(random: Random) {
    this.random = random;
  }

  private now(): boolean {
    return this.random.integer(0, 3) === 0;
  }

  /** `copies` stand for values from here on; `tiles` are there to be carried round. */
  block(block: Block, copies: Copies, tiles: readonly Tile[]): Block {
    const known = this.blocks.get(block);
    if (known) return known;
    const [inner, there] = [new Map(copies), [...tiles]];
    const statements = block.statements.flatMap((statement) => this.statement(statement, inner, there));
    const littered = { statements, yields: block.yields.map((each) => inner.get(each) ?? each) };
    this.blocks.set(block, littered);
    return littered;
  }

  private statement(statement: Statement, copies: Copies, tiles: Tile[]): readonly Statement[] {
    const standing = <Kind extends Value>(value: Kind): Kind => (copies.get(value) ?? value) as Kind;
    switch (statement.statement) {
      case 'store':
        return [{ ...statement, tile: standing(statement.tile) }];
      case 'let': {
        const own: LetStatement = { ...statement, operation: replaced(statement.operation, { value: standing }) };
        if (own.operation.op === 'stencil') return [{ ...own, operation: recounted(own.operation, this.random) }];
        return own.value.kind === 'tile' ? this.beside(own, own.value, copies, tiles) : [own];
      }
      case 'for': {
        const unchanged = tiles
          .filter(() => this.now())
          .map(
            (tile): Carried => ({
              initial: standing(tile),
              inside: { ...tile },
              after: { ...tile },
            }),
          );
        const within = new Map(copies);
        for (const [n, tile] of tiles
          .filter((each) => unchanged.some(({ initial }) => initial === standing(each)))
          .entries())
          within.set(tile, unchanged[n]!.inside);
        const body = this.block(statement.body, within, tiles);
        const carried = statement.carried.map((each) => ({ ...each, initial: standing(each.initial) }));
        return [
          {
            ...statement,
            carried: [...carried, ...unchanged],
            body: { ...body, yields: [...body.yields, ...unchanged.map(({ inside }) => inside)] },
          },
        ];
      }
      case 'switch': {
        const cases = {
          empty: this.block(statement.cases.empty, copies, tiles),
          full: this.block(statement.cases.full, copies, tiles),
          partial: this.block(statement.cases.partial, copies, tiles),
        };
        return [{ ...statement, cases }];
      }
    }
  }

  /** An assignment with copies of its tile, what nobody wants of it, or a needless choice around it. */
  private beside(own: LetStatement, tile: Tile, copies: Copies, tiles: Tile[]): readonly Statement[] {
    const statements: Statement[] = [own];
    tiles.push(tile);
    const [rows, columns] = [axisOfKind(tile.axes, 'query'), axisOfKind(tile.axes, 'key')];
    if (rows && columns && this.now()) {
      const inner = { ...tile };
      const block = { statements: [{ ...own, value: inner }], yields: [inner] };
      const mask = apply('lessOrEqual', variable('j'), variable('i'));
      const cases = { empty: block, full: block, partial: block };
      statements[0] = { statement: 'switch', mask, rows, columns, cases, results: [tile] };
    }
    const add = (operation: LetStatement['operation']): Tile => {
      const value = { ...tile };
      statements.push({ statement: 'let', value, operation });
      return value;
    };
    if (this.now()) add({ op: 'map', operands: [tile], value: apply('add', operand(0), float(1)) });
    if (this.now() && tile.dtype === 'f32') {
      const [from] = tile.axes;
      const copy =
        from && this.now() ? add({ op: 'relabel', tile, from: from.kind, to: from.kind }) : add({ op: 'cast', tile });
      copies.set(tile, this.now() ? copy : add({ op: 'map', operands: [copy], value: operand(0) }));
    }
    return statements;
  }
}

/** The stencil with its counters in another order, some of them counted backwards. */
function recounted(operation: StencilOperation, random: Random): StencilOperation {
  const backwards = operation.counters.filter(() => random.integer(0, 1) === 0);
  const turns = new Map(backwards.map(({ name, extent }) => [name, minus(integer(extent - 1), name)]));
  const turn = (expression: Expression): Expression => substitute(expression, turns);
  const { counters, queryOffset, keyOffset, weight, guard } = operation;
  return {
    ...operation,
    counters: random.integer(0, 1) === 0 ? counters : counters.toReversed(),
    queryOffset: turn(queryOffset),
    keyOffset: turn(keyOffset),
    weight: turn(weight),
    ...(guard ? { guard: turn(guard) } : {}),
  };
}
