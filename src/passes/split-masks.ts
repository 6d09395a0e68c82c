// Pass: choices between a value and a constant by position become fills, and fills of fills become one.
// Exact because a select never observes the side it does not take, and a fill is a select. Of a conjunction the parts that
// are predicates of heads and positions go into the mask, in their order; what depends on scores stays in the map.
import {
  apply,
  canonicalCounters,
  conjunctsOf,
  type Expression,
  type FillNode,
  fillNode,
  type Graph,
  isPositional,
  isReadHere,
  type MapNode,
  mapNodeOver,
  type Node,
  rewrite,
  sameExpression,
} from '../ir/index.js';
import type { Pass } from './pass.js';

export const splitMasks: Pass = {
  name: 'split masks',
  run: (graph: Graph): Graph =>
    rewrite(graph, (node) => {
      if (node.op === 'map') return asFill(node);
      return node.op === 'fill' ? mergedFill(withCanonicalMask(node)) : node;
    }),
};

// ── Maps that are fills ─────────────────────────────────────────────────────────────────────────────

function asFill(map: MapNode): Node {
  const { value, domain, label, origin } = map;
  const kinds = domain.map(({ kind }) => kind);
  const isOverScores = kinds.includes('query') && kinds.includes('key');
  if (!isOverScores || value.kind !== 'apply' || value.operation !== 'select') return map;
  const [condition, x, y] = value.operands as readonly [Expression, Expression, Expression];
  if (x.kind === 'constant' && y.kind === 'constant') return map;
  if (y.kind === 'constant') return filled(conjunctsOf(condition), x, y.value);
  if (x.kind === 'constant') return filled([apply('not', condition)], y, x.value);
  return map;

  function filled(conjuncts: readonly Expression[], kept: Expression, otherwise: number): Node {
    const positional = conjuncts.filter(isPositional);
    const others = conjuncts.filter((conjunct) => !isPositional(conjunct));
    const [mask, rest] = [conjunction(positional), conjunction(others)];
    if (!mask || Number.isNaN(otherwise)) return map;
    const chosen = rest ? apply('select', rest, kept, { kind: 'constant', type: 'float', value: otherwise }) : kept;
    const inner = mapNodeOver(domain, chosen);
    const source = isReadHere(chosen, inner) ? chosen.source : inner;
    return fillNode(source, mask, otherwise, { label, origin });
  }
}

const conjunction = (conjuncts: readonly Expression[]): Expression | undefined =>
  conjuncts.length === 0 ? undefined : conjuncts.reduce((all, each) => apply('and', all, each));

// ── Masks ───────────────────────────────────────────────────────────────────────────────────────────

function withCanonicalMask(fill: FillNode): FillNode {
  const mask = canonicalMask(fill.mask);
  return mask === fill.mask ? fill : { ...fill, mask: canonicalCounters(mask) };
}

/** A conjunction without repetitions, nots at the leaves, the parts in the order in which they stood. */
function canonicalMask(mask: Expression): Expression {
  const conjuncts: Expression[] = [];
  for (const conjunct of conjunctsOf(withInnerNots(mask, false))) {
    if (!conjuncts.some((each) => sameExpression(each, conjunct))) conjuncts.push(conjunct);
  }
  const canonical = conjunction(conjuncts)!;
  return sameExpression(canonical, mask) ? mask : canonical;
}

/** De Morgan: exact, as truth values are only true and false. */
function withInnerNots(condition: Expression, negated: boolean): Expression {
  if (condition.kind === 'apply') {
    const { operation, operands } = condition;
    if (operation === 'not') return withInnerNots(operands[0]!, !negated);
    if (operation === 'and' || operation === 'or') {
      const [x, y] = operands.map((operand) => withInnerNots(operand, negated)) as [Expression, Expression];
      const dual = operation === 'and' ? 'or' : 'and';
      return apply(negated ? dual : operation, x, y);
    }
  }
  return negated ? apply('not', condition) : condition;
}

// ── Fills of fills ──────────────────────────────────────────────────────────────────────────────────

function mergedFill(fill: FillNode): FillNode {
  const { value: inner, mask, otherwise } = fill;
  if (inner.op !== 'fill') return fill;
  const [outerParts, innerParts] = [conjunctsOf(mask), conjunctsOf(inner.mask)];
  const isImplied = (part: Expression): boolean => outerParts.some((each) => sameExpression(each, part));
  // Where the outer mask holds, the inner one does: its constant is never seen.
  if (innerParts.every(isImplied)) return { ...fill, value: inner.value };
  // The same constant twice: the value is kept where both hold.
  if (!Object.is(inner.otherwise, otherwise)) return fill;
  const both = conjunction([
    ...innerParts,
    ...outerParts.filter((part) => !innerParts.some((each) => sameExpression(each, part))),
  ])!;
  return { ...fill, value: inner.value, mask: both };
}
