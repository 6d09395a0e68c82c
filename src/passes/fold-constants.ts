// Pass: what is known when a graph is made is computed then, as JavaScript doubles, and indices get one normal form.
// Floats change only by identities that hold for every bit pattern, −0, ±Infinity and NaN included; sums of floats are
// never reassociated. Integers are exact in any order, so that index expressions become sums of variables and constants.
import {
  type Expression,
  float,
  type Graph,
  mapNodeOver,
  type Node,
  rewrite,
  rewriteExpressions,
  rewriteParts,
  type Surroundings,
} from '../ir/index.js';
import { foldAccumulation } from './fold/accumulations.js';
import { foldBySurroundings, normalInteger } from './fold/integers.js';
import { foldOperation } from './fold/operations.js';
import type { Pass } from './pass.js';

export const foldConstants: Pass = {
  name: 'fold constants',
  run: (graph: Graph): Graph => rewrite(graph, (node) => foldFill(rewriteExpressions(node, fold))),
};

/** What is left of an expression whose variables became constants. */
export const foldedExpression = (root: Expression): Expression =>
  rewriteParts(root, { axes: new Map(), counters: new Map() }, fold);

function fold(part: Expression, surroundings: Surroundings): Expression {
  if (part.kind === 'accumulate') return foldAccumulation(part);
  if (part.kind !== 'apply') return part;
  const folded = foldOperation(part) ?? foldBySurroundings(part, surroundings);
  return normalInteger(folded ?? part, surroundings);
}

/** A fill whose mask is known is its value everywhere, or nowhere. */
function foldFill(node: Node): Node {
  if (node.op !== 'fill' || node.mask.kind !== 'constant') return node;
  const { value, mask, otherwise, domain, label } = node;
  return mask.value === 0 ? mapNodeOver(domain, float(otherwise), { label }) : value;
}
