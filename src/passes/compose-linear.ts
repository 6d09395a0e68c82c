// Pass: a map that only moves scores (a shift, a choice or an exchange of heads) is read through.
// Exact because no arithmetic is involved. The moved map is 0 outside its own domain where what it reads may not be, so
// that a read goes through only where being inside the one implies being inside the other.
import {
  type Axis,
  affine,
  apply,
  boundAxes,
  canonicalCounters,
  type Expression,
  fromAffine,
  type Graph,
  headsOf,
  type LinearForm,
  linearForm,
  mapNode,
  type Node,
  normaliserParts,
  offsetOf,
  type Read,
  rangeOf,
  read as readOf,
  rewrite,
  rewriteParts,
  type Surroundings,
  substitute,
} from '../ir/index.js';
import type { Pass } from './pass.js';

export const composeLinear: Pass = {
  name: 'compose neighbouring linear maps',
  run(graph: Graph): Graph {
    const parts = normaliserParts(graph);
    return rewrite(graph, (node, before) => {
      if (parts.has(before) || isKeptAsBuilt(node)) return node;
      const surroundings: Surroundings = { axes: new Map(boundAxes(node)), counters: new Map() };
      const through = (part: Expression, around: Surroundings): Expression =>
        part.kind === 'read' ? (readThrough(part, around) ?? part) : part;
      return mapNode(
        node,
        (operand) => operand,
        (expression) => canonicalCounters(rewriteParts(expression, surroundings, through)),
      );
    });
  },
};

/** The parts of a normaliser and a log-sum-exp read the same scores, and schedules look for that. Masks read no scores. */
function isKeptAsBuilt(node: Node): boolean {
  if (node.op === 'fill' || node.op === 'tensor' || node.op === 'dot' || node.op === 'contract') return true;
  return node.op === 'reduce' && node.monoid === 'logSumExp';
}

/** The element that the map read only moves; undefined where it does more, or where the outside would show. */
function readThrough({ source, index }: Read, around: Surroundings): Read | undefined {
  const moved = linearForm(source);
  if (!moved || moved.counters.length > 0 || moved.product !== 'none' || moved.guard !== undefined) return undefined;
  const [batch, head, row, column] = index as readonly [Expression, Expression, Expression, Expression];
  const heads = rangeOf(head, around);
  if (heads.low < 0 || heads.high >= headsOf(source.domain)) return undefined;
  const movedRow = shifted(row, moved.query, 'query', around);
  const movedColumn = shifted(column, moved.key, 'key', around);
  if (!movedRow || !movedColumn) return undefined;
  return readOf(moved.operand, [batch, substitute(moved.head, new Map([['h', head]])), movedRow, movedColumn]);
}

/**
 * `index` moved on by a constant shift. A reader that looks upward may read through a map that looks upward: what is
 * inside after both steps was inside after the first. With opposite directions it may have been outside.
 */
function shifted(
  index: Expression,
  shift: LinearForm['query'],
  kind: Axis['kind'],
  around: Surroundings,
): Expression | undefined {
  const first = offsetOf(index, [kind], around);
  const { low, high } = shift.range;
  if (!first || low !== high) return undefined;
  const isSameWay = low === 0 || (low > 0 && first.range.low >= 0) || (low < 0 && first.range.high <= 0);
  if (!isSameWay) return undefined;
  return fromAffine(affine(apply('add', index, shift.by))!);
}
