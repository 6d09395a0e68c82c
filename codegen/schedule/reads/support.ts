// Where a score-like value is known without being computed: outside of a mask it is one number. Fills begin it, pointwise
// maps pass it on (softmax weights are 0 where the logits were hidden), and reads beside the own place end it.

import {
  type Apply,
  apply,
  conjunctsOf,
  type Expression,
  fold,
  type Graph,
  isPositional,
  type Node,
  operationValue,
  type Read,
  rowStatisticsOf,
  sameExpression,
  topological,
} from '../../../src/ir/index.js';
import { sharedPart } from './head-masks.js';
import { remembered } from './remembered.js';
import { isInPlace, isOwnHead, isScoreLike, scoreReads } from './score-reads.js';

export interface Outside {
  /** A predicate of b, h, i and j. */
  readonly mask: Expression;
  /** What the value is wherever the mask does not hold. */
  readonly value: number;
}

/** The mask outside of which a value over queries and keys is one number, and the number. */
export const outsideOf = remembered((node: Node): Outside | undefined => (isScoreLike(node) ? find(node) : undefined));

/** The mask outside of which a value is `hidden`; undefined where no position is known to be. */
export function supportOf(node: Node, hidden: number): Expression | undefined {
  const outside = outsideOf(node);
  return outside !== undefined && outside.value === hidden ? outside.mask : undefined;
}

/** The mask that hides keys from everything that sums over them; undefined where there is none, or more than one. */
export function positionalSupport(graph: Pick<Graph, 'outputs'>): Expression | undefined {
  const masks = topological({ inputs: [], outputs: graph.outputs }).flatMap((node) => {
    if (node.op === 'contract') return [supportOf(node.weights, 0)];
    const statistics = rowStatisticsOf(node);
    return statistics ? [supportOf(statistics.scores, Number.NEGATIVE_INFINITY)] : [];
  });
  const [first] = masks;
  return first && masks.every((mask) => mask && sameExpression(mask, first)) ? first : undefined;
}

function find(node: Node): Outside | undefined {
  if (node.op === 'map') return ofMap(node);
  if (node.op !== 'fill') return undefined;
  const inner = outsideOf(node.value);
  if (!isPositional(node.mask)) return inner?.value === node.otherwise ? inner : undefined;
  // Hidden by either mask, it is the same number.
  const mask = inner?.value === node.otherwise ? conjunction(node.mask, inner.mask) : node.mask;
  return { mask, value: node.otherwise };
}

/** Both masks at once, without what the first already says. */
function conjunction(mask: Expression, further: Expression): Expression {
  const known = conjunctsOf(mask);
  return conjunctsOf(further)
    .filter((each) => !known.some((part) => sameExpression(part, each)))
    .reduce((all, each) => apply('and', all, each), mask);
}

/** A map of values that are all known outside of one mask: what its expression gives for them, if that is a number. */
function ofMap(node: Node & { readonly op: 'map' }): Outside | undefined {
  let mask: Expression | undefined;
  const known = new Map<Read, number>();
  const reads = scoreReads(node);
  const isOfOneHead = reads.every((read) => isOwnHead(read, node));
  for (const read of reads) {
    const outside = isInPlace(read) ? outsideOf(read.source) : undefined;
    // Another head may lie outside of the source, where every read is 0.
    if (!outside || !(outside.value === 0 || isOwnHead(read, node))) continue;
    // What is made of several heads is known where it is for each of them.
    const own = isOfOneHead ? outside.mask : sharedPart(outside.mask);
    mask ??= own;
    if (mask && own && sameExpression(mask, own)) known.set(read.read, outside.value);
  }
  const value = mask === undefined ? undefined : constantValue(node.value, known);
  return mask === undefined || value === undefined ? undefined : { mask, value };
}

/** The number that an expression is, whatever its unknown parts are; those are taken to be finite. */
function constantValue(expression: Expression, known: ReadonlyMap<Read, number>): number | undefined {
  return fold<number | undefined>(expression, {
    constant: ({ value }) => value,
    variable: () => undefined,
    length: () => undefined,
    read: (read) => known.get(read),
    apply: ofApply,
    accumulate: ({ monoid }, body) => {
      const value = body();
      return monoid === 'max' || value === 0 ? value : undefined;
    },
    skipsIndices: true,
  });
}

function ofApply({ operation }: Apply, operands: readonly (number | undefined)[]): number | undefined {
  const [x, y, z] = operands;
  if (operation === 'select' && x === undefined) return y === z ? y : undefined;
  if (absorbing[operation]?.some((n) => operands[n] === 0)) return 0;
  if (operation === 'exponentialDifference' && x === Number.NEGATIVE_INFINITY) return 0;
  if (operation === 'minimum' && operands.includes(Number.NEGATIVE_INFINITY)) return Number.NEGATIVE_INFINITY;
  if (operation === 'select') return x === 0 ? z : y;
  if (operands.some((operand) => operand === undefined)) return undefined;
  const value = operationValue(operation, operands as readonly number[]);
  return Number.isNaN(value) ? undefined : value;
}

/** The operands that make a whole operation 0 where they are. */
const absorbing: Partial<Record<Apply['operation'], readonly number[]>> = {
  multiply: [0, 1],
  absorbingMultiply: [0, 1],
  divide: [0],
};
