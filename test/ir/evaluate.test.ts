// Integer expressions that are known in advance are evaluated as the interpreter does: sums and maxima over counters, nested, of
// negative numbers too, whose maximum is below the 0 that a sum starts from.
import { expect, it } from 'vitest';
import { interpret } from '../../src/interpreter/index.js';
import { evaluate, type MapNode, parse, variablesIn } from '../../src/ir/index.js';

it.each([
  ['max(c0 < 3) c0 - 10', -8],
  ['max(c0 < 2, c1 < 3) (-5 - c0 * c1)', -5],
  ['sum(c0 < 3) (c0 - 10)', -27],
  ['sum(c0 < 4) max(c1 < 2) (c0 - 3 - c1)', -6],
  ['sum(c0 < 0) 7', 0],
  ['7 % -4 + abs(-3) // 2', 4],
  ['-1 // 2', -1],
] as const)('%s is %i', (text, expected) => {
  const graph = parse(
    `graph g\ntensor q[b, h:1, i, d:1]: queries\nmap %1[b, h:1, i] = float(${text})\noutput out = %1`,
  );
  const { value } = graph.outputs[0]!.node as MapNode;
  const integer = value.kind === 'apply' ? value.operands[0]! : value;
  expect(evaluate(integer, variablesIn(new Map()))).toBe(expected);
  const q = { shape: [1, 1, 1, 1], dtype: 'F64', data: Float64Array.of(0) } as const;
  expect(interpret(graph, new Map([['q', q]])).get('out')!.data[0]).toBe(expected);
});
