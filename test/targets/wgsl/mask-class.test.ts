// What a kernel claims of a mask over a box is never wrong: full only where every entry is let through, empty only where none
// is. Random masks of the predicates of attention, random boxes, decided on a device by the emitted text.
import { afterAll, describe, expect, it } from 'vitest';
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
import { LARGEST_ENTRY, maskClassText } from '../../../targets/shared/mask-class.js';
import { type Job, webgpu } from '../../../targets/wgsl/device/index.js';
import { rangeFunctions, rangerText } from '../../../targets/wgsl/mask-tables.js';
import { atom, type Code } from '../../../targets/wgsl/text/code.js';
import { ExpressionPrinter } from '../../../targets/wgsl/text/expressions.js';
import { Helpers } from '../../../targets/wgsl/text/helpers.js';

const THREADS = 8;
const KEYS = 41;
const QUERIES = 29;
const BOXES = 96;
const MASKS = 150;
const [i, j] = [variable('i'), variable('j')];

const tableDraw = new Random(6).fork('tables');
/** Tables over positions: documents that grow, numbers that jump, and numbers too large to be told. */
const tables: readonly (readonly number[])[] = [
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

const masks: readonly Expression[] = [
  ...Object.values(named),
  ...Array.from({ length: MASKS - Object.keys(named).length }, (_, n) => predicate(new Draw(`mask ${n}`), 2)),
];

interface Box {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
}

const boxDraw = new Draw('boxes');
const boxes: readonly Box[] = Array.from({ length: BOXES }, () => ({
  row: boxDraw.between(-8, KEYS + 4),
  rows: boxDraw.pick([1, 3, 8, 16]),
  column: boxDraw.between(-8, KEYS + 4),
  columns: boxDraw.pick([1, 4, 6, 16]),
}));

/** One function a mask, one block of threads a box: 1 for full, 2 for empty, 0 where it cannot be told. */
function jobOf(): Job {
  const helpers = new Helpers();
  const functions = masks.map((mask, n) => {
    const lines: string[] = [];
    let names = 0;
    const printer = new ExpressionPrinter(
      {
        line: (text) => lines.push(`  ${text}`),
        open: (text) => lines.push(text),
        close: () => lines.push('}'),
        fresh: (prefix) => `${prefix}_${++names}`,
      },
      helpers,
    );
    const size: Readonly<Record<string, number>> = { batch: 1, query: QUERIES, key: KEYS };
    const { full, empty } = maskClassText(mask, {
      rows: { low: atom('box.x', 'int'), high: atom('(box.x + box.y - 1)', 'int') },
      columns: { low: atom('box.z', 'int'), high: atom('(box.z + box.w - 1)', 'int') },
      scalar: (expression) =>
        printer.print(expression, {
          variable: () => atom('0', 'int'),
          length: (of) => atom(String(size[of]), 'int'),
          read: () => atom('0', 'int'),
        }),
      named: (code: Code) => printer.bind(code, 'bound'),
      table: ({ source }, [index]) => {
        const { low, high } = index!;
        const name = source.op === 'tensor' ? source.name : '';
        const isEntry = low.text === high.text;
        const text = isEntry
          ? `range_of_entry(read_${name}(${low.text}))`
          : `range_${name}(${low.text}, ${high.text}, thread, ${THREADS})`;
        const found = printer.bind(atom(text, 'int'), 'range');
        return { low: atom(`${found.text}.x`, 'int'), high: atom(`${found.text}.y`, 'int'), size: LARGEST_ENTRY };
      },
    });
    const value = `select(select(0u, 2u, ${empty?.text ?? 'false'}), 1u, ${full?.text ?? 'false'})`;
    const both = `(${empty?.text ?? 'false'}) && (${full?.text ?? 'false'})`;
    return [
      `fn class_${n}(box: vec4i, thread: i32) -> u32 {`,
      ...lines,
      `  return select(${value}, 3u, ${both});`,
      '}',
    ].join('\n');
  });
  const wgsl = [
    '@group(0) @binding(0) var<storage, read> boxes: array<vec4i>;',
    '@group(0) @binding(1) var<storage, read_write> classes: array<u32>;',
    helpers.text(),
    ...tables.map((_, n) =>
      [
        `@group(0) @binding(${2 + n}) var<storage, read> t${n}: array<i32>;`,
        `fn read_t${n}(at: i32) -> i32 { return select(0, t${n}[select(0, at, u32(at) < ${KEYS}u)], u32(at) < ${KEYS}u); }`,
        rangerText(`range_t${n}`, `read_t${n}`, 1, 0),
      ].join('\n'),
    ),
    rangeFunctions(new Set(['entry', 'table'])),
    ...functions,
    `@compute @workgroup_size(${THREADS})`,
    'fn decide(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) invocation: u32) {',
    '  let k = block.x;',
    '  let thread = i32(invocation);',
    ...masks.map((_, n) => `  classes[${n * BOXES}u + k] = class_${n}(boxes[k], thread);`),
    '}',
  ].join('\n');
  return {
    label: 'mask-class.wgsl',
    wgsl,
    buffers: [
      {
        name: 'boxes',
        size: BOXES * 16,
        data: Int32Array.from(boxes.flatMap(({ row, rows, column, columns }) => [row, rows, column, columns])),
      },
      { name: 'classes', size: masks.length * BOXES * 4, read: true },
      ...tables.map((table, n) => ({ name: `t${n}`, size: KEYS * 4, data: Int32Array.from(table) })),
    ],
    dispatches: [
      {
        entryPoint: 'decide',
        workgroups: [BOXES],
        bindings: [
          { binding: 0, kind: 'read', buffer: 'boxes' },
          { binding: 1, kind: 'read_write', buffer: 'classes' },
          ...tables.map((_, n) => ({ binding: 2 + n, kind: 'read' as const, buffer: `t${n}` })),
        ],
      },
    ],
  };
}

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

describe('mask classes', () => {
  afterAll(() => webgpu.close());

  it('claim nothing that is wrong, and decide what attention uses', async () => {
    const claimed = new Uint32Array((await webgpu.runJob(jobOf())).get('classes')!);
    let decided = 0;
    for (const [n, mask] of masks.entries()) {
      const evaluate = evaluatorOf(mask);
      for (const [k, box] of boxes.entries()) {
        const claim = claimed[n * BOXES + k]!;
        const actual = classOf(evaluate, box);
        if (claim !== 0) expect(claim, `mask ${n} over ${JSON.stringify(box)}`).toBe(actual);
        if (claim !== 0) decided += 1;
        // A causal mask is decided wherever it can be, and so is one of documents: those outside are all 0.
        if (n === 0 || (mask === named['documents'] && isInside(box)))
          expect(claim, `mask ${n} over ${JSON.stringify(box)}`).toBe(actual);
      }
    }
    expect(decided / (masks.length * BOXES)).toBeGreaterThan(0.3);
  }, 120_000);
});
