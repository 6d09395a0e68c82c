// Where values over queries and keys are known without being computed, and what schedules make of it: keys that no row of
// a block sees are not visited, whatever stands between the mask and the sum with v.
import { describe, expect, it } from 'vitest';
import {
  positionalSupport,
  type ScheduleKind,
  stagedProgram,
  type TileSizes,
} from '../../../codegen/schedule/index.js';
import { outsideOf } from '../../../codegen/schedule/reads/support.js';
import { printProgram } from '../../../codegen/tile/print.js';
import type { TileProgram } from '../../../codegen/tile/program.js';
import type { Graph } from '../../../src/ir/index.js';
import {
  accumulate,
  apply,
  columnDomain,
  dotNode,
  type Expression,
  extent,
  fillNode,
  float,
  head,
  integer,
  mapNodeOver,
  type Node,
  normalisedNode,
  outputDomain,
  printExpression,
  read,
  readHere,
  statisticsNodes,
  tensorNode,
  variable,
} from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

const programBy =
  (kind: ScheduleKind) =>
  (graph: Graph, tiles: TileSizes): TileProgram =>
    stagedProgram(kind, graph, tiles).program;
const scheduleMaterialised = programBy('materialised');
const scheduleTwoPass = programBy('two-pass');

const [b, h, i, j, n] = ['b', 'h', 'i', 'j', 'n'].map(variable) as [
  Expression,
  Expression,
  Expression,
  Expression,
  Expression,
];
const heads = 2;
const product = dotNode(
  tensorNode('q', 'queries', outputDomain(heads, 3)),
  tensorNode('k', 'keys', columnDomain(heads, 3)),
);
const causal = apply('lessOrEqual', j, i);
const window = apply('less', apply('subtract', i, j), integer(4));
const hidden = (mask: Expression, otherwise: number, value: Node = product): Node => fillNode(value, mask, otherwise);
const mapped = (value: Expression): Node => mapNodeOver(product.domain, value);
/** Masks of positions name no node. */
const nameOf = (): string => '?';
const outside = (node: Node): string | undefined => {
  const found = outsideOf(node);
  return found && `${found.value} outside of ${printExpression(found.mask, nameOf)}`;
};

describe('what is known outside of a mask', () => {
  const logits = hidden(causal, Number.NEGATIVE_INFINITY);
  const weights = normalisedNode(logits, statisticsNodes(logits, undefined));
  const theta = tensorNode('theta', 'parameter', [head(heads), extent(heads)]);
  const from = (node: Node, ...index: Expression[]): Expression => read(node, index);

  it.each<[string, Node, string | undefined]>([
    ['a product', product, undefined],
    ['a fill', hidden(causal, 0), '0 outside of j <= i'],
    ['a fill with another number', hidden(causal, 0.5), '0.5 outside of j <= i'],
    ['softmax weights', weights, '0 outside of j <= i'],
    ['a fill of a fill', hidden(window, 0, weights), '0 outside of i - j < 4 && j <= i'],
    ['a fill of a fill with another number', hidden(window, 0.5, weights), '0.5 outside of i - j < 4'],
    [
      'mixed heads',
      mapped(
        accumulate(
          'sum',
          [{ name: 'n', extent: heads }],
          apply('multiply', from(theta, h, n), from(weights, b, n, i, j)),
        ),
      ),
      '0 outside of j <= i',
    ],
    [
      'a threshold',
      mapped(apply('maximum', apply('subtract', readHere(weights), float(0.01)), float(0))),
      '0 outside of j <= i',
    ],
    ['a constant added', mapped(apply('add', readHere(weights), float(1))), '1 outside of j <= i'],
    ['scores added', mapped(apply('add', readHere(weights), readHere(product))), undefined],
    ['a neighbour', mapped(from(weights, b, h, i, apply('subtract', j, integer(1)))), undefined],
    [
      'another head, 0 where there is none',
      mapped(from(weights, b, apply('add', h, integer(1)), i, j)),
      '0 outside of j <= i',
    ],
    ['another head of logits', mapped(from(logits, b, apply('add', h, integer(1)), i, j)), undefined],
    ['values hidden by two masks', mapped(apply('add', readHere(weights), readHere(hidden(window, 0)))), undefined],
  ])('%s', (_, node, expected) => expect(outside(node)).toBe(expected));
});

describe('schedules visit what is seen', () => {
  const sizes = { heads: 4, kvHeads: 2, headDim: 4 };
  // Mixing behind the convolution behind the softmax: no fill stands before the sum with v.
  const graph = optimise(multiTokenAttention({ ...sizes, postQueryKernel: 2, postKeyKernel: 3, postMix: 4 }));
  const loops = (text: string): string[] => Array.from(text.matchAll(/for (J from .*? by 6)/g), ([, range]) => range!);

  it('has one mask that hides keys', () => {
    expect(printExpression(positionalSupport(graph)!, nameOf)).toBe('j <= i');
  });

  it('in both passes', () => {
    const text = printProgram(scheduleTwoPass(graph, { rows: 8, columns: 6 }));
    expect(loops(text)).toEqual(['J from 0 to minimum(Tk, I + 8) by 6', 'J from 0 to minimum(Tk, I + 8) + 1 by 6']);
    // Weights that a ring holds are not computed where they are hidden.
    expect(text).toMatch(/switch j <= i && .*\n\s+empty:\n\s+s\d+ = constant 0\.0/);
  });

  it('materialised, too', () => {
    const text = printProgram(scheduleMaterialised(graph, { rows: 8, columns: 6 }));
    // What stores a stretch of keys goes along all of it.
    const folding = loops(text).filter((range) => !range.includes('stretch'));
    expect(folding.length).toBeGreaterThan(0);
    expect(folding.every((range) => range.includes('minimum(Tk, I + 8)'))).toBe(true);
    // Hidden tiles of logits are stored without being computed, and never loaded.
    expect(text).toMatch(/kernel .*_logits[\s\S]*?switch j <= i over .*\n\s+empty:\n\s+s\d+ = constant -Infinity/);
  });
});
