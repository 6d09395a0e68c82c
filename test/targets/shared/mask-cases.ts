// Random masks of the predicates of attention over random boxes, and what is so of each: a kernel's claims are held against it.
// Tables over positions hold documents that grow, numbers that jump, and numbers too large to be told.
import { expect } from 'vitest';
import { compileExpression, type Evaluate, type NodeValue } from '../../../src/interpreter/evaluate.js';
import {
  accumulate,
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
import { shareOf } from '../../support/share.js';

export const KEYS = 41;
export const QUERIES = 29;
export const BOXES = 96;
const MASKS = shareOf(150);
const [i, j] = [variable('i'), variable('j')];

const tableDraw = new Random(6).fork('tables');
export interface Table {
  readonly sizes: readonly number[];
  readonly entries: readonly number[];
}

const overPositions = (entryOf: (at: number) => number): Table => ({
  sizes: [KEYS],
  entries: Array.from({ length: KEYS }, (_, at) => entryOf(at)),
});
const CHOSEN = 3;
const MANY = 11;
/** Numbers near the position they are kept at, some for each. */
const chosen = (count: number): Table => ({
  sizes: [KEYS, count],
  entries: Array.from({ length: KEYS * count }, (_, n) =>
    Math.max(0, Math.floor(n / count) - Math.floor(tableDraw.uniform() * 6)),
  ),
});
/** Tables over positions: documents that grow, numbers that jump, and numbers too large to be told; keys that each chose. */
export const tables: readonly Table[] = [
  overPositions((at) => Math.floor(at / 11)),
  overPositions(() => Math.floor(tableDraw.uniform() * 24) - 4),
  overPositions(() => [3, -(2 ** 31), 2 ** 29, 2 ** 31 - 1][Math.floor(tableDraw.uniform() * 4)]!),
  chosen(CHOSEN),
  chosen(MANY),
];
const tableNodes = tables.map(({ sizes }, n) =>
  tensorNode(`t${n}`, 'integers', [
    { kind: 'position' },
    ...sizes.slice(1).map((size) => ({ kind: 'extent' as const, size })),
  ]),
);
const overPosition = tableNodes.slice(0, 3);

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
    return read(draw.pick(overPosition), [
      apply('add', draw.pick([i, j, i, j, integer(7)]), integer(draw.between(-2, 2))),
    ]);
  }
  if (depth === 0 || draw.below(4) === 0) {
    return draw.pick([i, j, i, j, length('key'), length('query'), integer(draw.between(-9, 40))]);
  }
  const part = () => number(draw, depth - 1);
  switch (draw.below(13)) {
    case 12:
      return counted(draw, depth);
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

/** A sum or a maximum over entries of a table that was chosen from, few or many for each position. */
function counted(draw: Draw, depth: number): Expression {
  const [table, extent] = draw.pick([
    [tableNodes[3]!, CHOSEN],
    [tableNodes[4]!, MANY],
  ] as const);
  const n = variable('c0');
  const entry = read(table, [draw.pick([i, j]), apply('add', n, integer(draw.pick([0, 0, -1])))]);
  const seen = apply('select', apply('equal', entry, number(draw, depth - 1)), integer(1), integer(0));
  return accumulate(draw.pick(['sum', 'max'] as const), [{ name: 'c0', extent }], draw.pick([entry, seen, seen]));
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

/** Where one of the entries that a table holds for the query is the given number. */
function someOf(table: number, extent: number, what: Expression): Expression {
  const entry = read(tableNodes[table]!, [i, variable('c0')]);
  const hit = apply('select', apply('equal', entry, what), integer(1), integer(0));
  return apply('greater', accumulate('max', [{ name: 'c0', extent }], hit), integer(0));
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
  chosen: someOf(3, CHOSEN, j),
  'chosen of many': someOf(4, MANY, apply('floorDivide', j, integer(4))),
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

const tableOf = (node: Node): Table => tables[tableNodes.indexOf(node as (typeof tableNodes)[number])]!;
const valuesOf = (node: Node): NodeValue => ({
  data: Float64Array.from(tableOf(node).entries),
  sizes: tableOf(node).sizes,
  starts: tableOf(node).sizes.map(() => 0),
});

/** Evaluates a mask at a row and a key. */
function evaluatorOf(mask: Expression): Evaluate {
  return compileExpression(mask, ['i', 'j'], {
    valueOf: valuesOf,
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
  // Keys that were chosen lie near their queries: far boxes are told to hold none, few or many for each.
  for (const mask of [named['chosen'], named['chosen of many']]) {
    const first = masks.indexOf(mask!) * BOXES;
    const skipped = boxes.filter((_, k) => claims[first + k] === 2);
    expect(skipped.length).toBeGreaterThan(BOXES / 4);
  }
  expect(decided / (masks.length * BOXES)).toBeGreaterThan(0.3);
}
