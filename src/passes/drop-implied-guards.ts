// Pass: `guard ? x : 0` loses the parts of its guard that only say that an element of x lies inside its domain.
// Exact because a read outside is 0, and x is looked at only where it is 0 with that element, in every bit. Gradients
// carry such guards; without them a transposed stencil is a stencil.
import {
  type Apply,
  type Axis,
  apply,
  conjunctsOf,
  type Expression,
  type Graph,
  type Read,
  rewrite,
  rewriteExpressions,
  sameExpression,
} from '../ir/index.js';
import type { Pass } from './pass.js';

export const dropImpliedGuards: Pass = {
  name: 'drop implied guards',
  run: (graph: Graph): Graph => rewrite(graph, (node) => rewriteExpressions(node, withoutImplied)),
};

const isZero = (x: Expression): boolean => x.kind === 'constant' && Object.is(x.value, 0);

function withoutImplied(part: Expression): Expression {
  if (part.kind !== 'apply' || part.operation !== 'select' || part.type !== 'float') return part;
  const [condition, x, y] = part.operands as readonly [Expression, Expression, Expression];
  if (!isZero(y)) return part;
  const element = deciding(x);
  if (!element) return part;
  const conjuncts = conjunctsOf(condition);
  const kept = conjuncts.filter((conjunct) => !saysInside(conjunct, element));
  if (kept.length === conjuncts.length) return part;
  if (kept.length === 0) return x;
  return apply(
    'select',
    kept.reduce((all, each) => apply('and', all, each)),
    x,
    y,
  );
}

/** The element that `x` is exactly 0 with. */
function deciding(x: Expression): Read | undefined {
  if (x.kind === 'read') return x.type === 'float' ? x : undefined;
  if (x.kind !== 'apply') return undefined;
  if (x.operation === 'absorbingMultiply') return deciding(x.operands[0]!);
  const isChoice = x.operation === 'select' && isZero(x.operands[2]!);
  return isChoice ? deciding(x.operands[1]!) : undefined;
}

/** Whether a comparison is false only where an index of `element` is outside its axis. */
function saysInside(conjunct: Expression, { source, index }: Read): boolean {
  const comparison = conjunct.kind === 'apply' ? asUpperBound(conjunct) : undefined;
  if (!comparison) return false;
  const { smaller, larger, isStrict } = comparison;
  return source.domain.some((axis, n) => {
    const at = index[n]!;
    if (isStrict) return sameExpression(smaller, at) && isEnd(larger, axis);
    return sameExpression(larger, at) && isStart(smaller, axis);
  });
}

function asUpperBound({ operation, operands }: Apply) {
  const [x, y] = operands as readonly [Expression, Expression];
  if (operation === 'less') return { smaller: x, larger: y, isStrict: true };
  if (operation === 'lessOrEqual') return { smaller: x, larger: y, isStrict: false };
  if (operation === 'greater') return { smaller: y, larger: x, isStrict: true };
  if (operation === 'greaterOrEqual') return { smaller: y, larger: x, isStrict: false };
  return undefined;
}

/** Rows of queries start at Tk − Tq, which may be negative, all other axes at 0. */
function isStart(bound: Expression, axis: Axis): boolean {
  if (axis.kind !== 'query') return bound.kind === 'constant' && bound.value <= 0;
  if (bound.kind !== 'apply' || bound.operation !== 'subtract') return false;
  const [keys, queries] = bound.operands as readonly [Expression, Expression];
  return keys.kind === 'length' && keys.of === 'key' && queries.kind === 'length' && queries.of === 'query';
}

function isEnd(bound: Expression, axis: Axis): boolean {
  if (bound.kind === 'constant') return 'size' in axis && bound.value >= axis.size;
  const { kind } = axis;
  return bound.kind === 'length' && bound.of === 'key' && (kind === 'query' || kind === 'key' || kind === 'position');
}
