// Random masks of the predicates of attention over random boxes, and what is so of each: a kernel's claims are held against it.
// Tables over positions hold documents that grow, numbers that jump, and numbers too large to be told.
import { expect } from 'vitest';
import { compileExpression, type Evaluate, type NodeValue } from '../../../src/interpreter/evaluate.js';
import {
  apply,
  bool,
  type Expression,
  integer,
  length,
  type Node,
  read,
  tensorNode,
  variable,
} from '../../../src/ir/index.js';
import { Random } from '../../../src/tensors/index.js';

export const KEYS = 41;
export const QUERIES = 29;
export const BOXES = 96;
const MASKS = 150;
const [i, j] = [variable('i'), variable('j')];

const tableDraw = new Random(6).fork('tables');
/** Tables over positions: documents that grow, numbers that jump, and numbers too large to be told. */
export const tables: readonly (readonly number[])[] = [
  Array.from({ length: KEYS }, (_, at) => Math.floor(at / 11)),
  Array.from({ length: KEYS }, () => Math.floor(tableDraw.uniform() * 24) - 4),
  Array.from({ length: KEYS }, () => [3, -(2 ** 31), 2 ** 29, 2 ** 31 - 1][Math.floor(tableDraw.uniform() * 4)]!),
];
const tableNodes = tables.map((_, n) => tensorNode(`t${n}`, 'integers', [{ kind: 'position' }]));

class Draw {
  private readonly random: Random;
  constructor(seed: string) {
    this.random = new Random(5).fork(seed);
  }
  below(n: number): number {
    return Math.floor(this.random.uniform() * n);
  }
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }
}

/** A whole number of positions, lengths and constants. */
function number(draw: Draw, depth: number): Expression {
  if (depth > 0 && draw.below(5) === 0) {
    return read(draw.pick(tableNodes), [
      apply('add', draw.pick([i, j, i, j, integer(7)]), integer(draw.between(-2, 2))),
    ]);
  }
  if (depth === 0 || draw.below(4) === 0) {
    return draw.pick([i, j, i, j, length('key'), length('query'), integer(draw.between(-9, 40))]);
  }
  const part = () => number(draw, depth - 1);
  switch (draw.below(12)) {
    case 0:
    case 1:
      return apply('add', part(), part());
    case 2:
    case 3:
      return apply('subtract', part(), part());
    case 4:
      return apply('multiply', part(), integer(draw.between(-3, 3)));
    case 5:
      return apply('floorDivide', part(), integer(draw.between(1, 9)));
    case 6:
      return apply('remainder', part(), integer(draw.pick([-7, -3, 2, 3, 5, 8, 16])));
    case 7:
      return apply('minimum', part(), part());
    case 8:
      return apply('maximum', part(), part());
    case 9:
      return apply('absolute', part());
    case 10:
      return apply(draw.pick(['shiftRight', 'shiftLeft', 'bitAnd'] as const), part(), integer(draw.between(0, 4)));
    default:
      return apply('select', predicate(draw, depth - 1), part(), part());
  }
}

const relations = ['less', 'lessOrEqual', 'greater', 'greaterOrEqual', 'equal', 'notEqual'] as const;

function predicate(draw: Draw, depth: number): Expression {
  if (depth <= 0 || draw.below(3) === 0) return apply(draw.pick(relations), number(draw, 2), number(draw, 1));
  const part = () => predicate(draw, depth - 1);
  switch (draw.below(8)) {
    case 0:
    case 1:
    case 2:
      return apply('and', part(), part());
    case 3:
    case 4:
      return apply('or', part(), part());
    case 5:
      return apply('not', part());
    case 6:
      return apply('select', part(), part(), part());
    default:
      return draw.pick([bool(true), bool(false), part()]);
  }
}

const named: Readonly<Record<string, Expression>> = {
  causal: apply('lessOrEqual', j, i),
  'sliding window': apply('and', apply('lessOrEqual', j, i), apply('less', apply('subtract', i, j), integer(9))),
  dilated: apply('equal', apply('remainder', apply('subtract', i, j), integer(4)), integer(0)),
  documents: apply('equal', read(tableNodes[0]!, [i]), read(tableNodes[0]!, [j])),
  tree: apply(
    'and',
    apply('lessOrEqual', read(tableNodes[0]!, [j]), read(tableNodes[0]!, [i])),
    apply('lessOrEqual', read(tableNodes[0]!, [i]), read(tableNodes[1]!, [j])),
  ),
  prefix: apply('or', apply('less', j, integer(6)), apply('lessOrEqual', j, i)),
  blocks: apply('equal', apply('floorDivide', i, integer(8)), apply('floorDivide', j, integer(8))),
};

export const masks: readonly Expression[] = [
  ...Object.values(named),
  ...Array.from({ length: MASKS - Object.keys(named).length }, (_, n) => predicate(new Draw(`mask ${n}`), 2)),
];

export interface Box {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
}

const boxDraw = new Draw('boxes');
export const boxes: readonly Box[] = Array.from({ length: BOXES }, () => ({
  row: boxDraw.between(-8, KEYS + 4),
  rows: boxDraw.pick([1, 3, 8, 16]),
  column: boxDraw.between(-8, KEYS + 4),
  columns: boxDraw.pick([1, 4, 6, 16]),
}));

const isInside = ({ row, rows, column, columns }: Box): boolean =>
  row >= 0 && row + rows <= KEYS && column >= 0 && column + columns <= KEYS;

const tableOf = (node: Node): NodeValue => ({
  data: Float64Array.from(tables[tableNodes.indexOf(node as (typeof tableNodes)[number])]!),
  sizes: [KEYS],
  starts: [0],
});

/** Evaluates a mask at a row and a key. */
function evaluatorOf(mask: Expression): Evaluate {
  return compileExpression(mask, ['i', 'j'], {
    valueOf: tableOf,
    lengths: { batch: 1, query: QUERIES, key: KEYS },
  });
}

function classOf(evaluate: Evaluate, { row, rows, column, columns }: Box): number {
  let [some, all] = [false, true];
  for (let y = row; y < row + rows; y += 1) {
    for (let x = column; x < column + columns; x += 1) {
      const visible = evaluate(Float64Array.of(y, x)) !== 0;
      some ||= visible;
      all &&= visible;
    }
  }
  return all ? 1 : some ? 0 : 2;
}

/** Holds what was claimed of mask `n` over box `k` (1: full, 2: empty, 0: not told) against what is so. */
export function expectClaims(claims: ArrayLike<number>): void {
  let decided = 0;
  for (const [n, mask] of masks.entries()) {
    const evaluate = evaluatorOf(mask);
    for (const [k, box] of boxes.entries()) {
      const claim = claims[n * BOXES + k]!;
      const actual = classOf(evaluate, box);
      if (claim !== 0) expect(claim, `mask ${n} over ${JSON.stringify(box)}`).toBe(actual);
      if (claim !== 0) decided += 1;
      // A causal mask is decided wherever it can be, and so is one of documents: those outside are all 0.
      if (n === 0 || (mask === named['documents'] && isInside(box)))
        expect(claim, `mask ${n} over ${JSON.stringify(box)}`).toBe(actual);
    }
  }
  expect(decided / (masks.length * BOXES)).toBeGreaterThan(0.3);
}
