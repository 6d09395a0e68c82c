// What an element expression costs: its arithmetic, and the bytes of the tables that it reads.
// Small tables are taken to stay in caches, rows of features are not.
import { costOf, type Expression, freeVariables, staticSize, visitParts } from '../../../src/ir/index.js';
import { axisOfKind, type TileAxis } from '../types.js';

const BYTES = 4;
const counts = new WeakMap<Expression, number>();

/** The arithmetic of an element expression: each part once, sums term by term. */
export function arithmeticOf(root: Expression): number {
  const known = counts.get(root);
  if (known !== undefined) return known;
  const seen = new Set<Expression>();
  const visit = (part: Expression): number => {
    if (seen.has(part)) return 0;
    seen.add(part);
    switch (part.kind) {
      case 'apply':
        return part.operands.reduce((sum, each) => sum + visit(each), costOf(part) === 'free' ? 0 : 1);
      case 'read':
        return part.index.reduce((sum, each) => sum + visit(each), 0);
      case 'accumulate':
        return part.counters.reduce((product, { extent }) => product * extent, arithmeticOf(part.body) + 1);
      default:
        return 0;
    }
  };
  const count = visit(root);
  counts.set(root, count);
  return count;
}

/** Bytes of rows of features that an expression reads as a table: whole rows, once for each turn of a sum over heads. */
export function rowBytes(root: Expression, axes: readonly TileAxis[]): number {
  const rows = axisOfKind(axes, 'query')?.size ?? 1;
  let bytes = 0;
  visitParts(root, { axes: new Map(), counters: new Map() }, (part, { counters }) => {
    if (part.kind !== 'read') return;
    const at = part.source.domain.findIndex(({ kind }) => kind === 'feature');
    if (at < 0) return;
    const others = freeVariables({ ...part, index: part.index.filter((_, n) => n !== at) });
    const places = [...counters].reduce((product, [name, extent]) => product * (others.has(name) ? extent : 1), rows);
    bytes += places * (staticSize(part.source.domain[at]!) ?? 1) * BYTES;
  });
  return bytes;
}
