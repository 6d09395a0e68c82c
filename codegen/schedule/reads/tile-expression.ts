// Turns an element expression of the score graph into one of a tile operation: reads of other nodes become operands and
// rings, h becomes the block's head, sums over heads are unrolled, and what cannot be said so is a reason.
import {
  type Accumulate,
  accumulate,
  apply,
  asFloat,
  type Expression,
  float,
  freeVariables,
  integer,
  mapParts,
  type Node,
  namedValuesOf,
  parts,
  type Read,
  substitute,
} from '../../../src/ir/index.js';
import { neighbourAt, operand } from '../../tile/operations.js';
import type { NeighbourSource, Scalar, Tile } from '../../tile/types.js';

/** What stands for a read: a tile at its reader's place, a ring or box beside it, a number, or an expression of tables. */
export type Replacement =
  | { readonly tile: Tile }
  | { readonly source: NeighbourSource; readonly query: Expression; readonly key: Expression }
  | { readonly constant: number }
  | { readonly expression: Expression };

export interface TileExpression {
  readonly value: Expression;
  readonly operands: readonly Tile[];
  readonly sources: readonly NeighbourSource[];
}

export interface TileExpressionRules {
  /** The block's head, in place of the variable h. */
  readonly head: Scalar | undefined;
  /** What stands for a read of a node that is no tensor; counters around it have the values given, where they are unrolled. */
  readonly replace: (read: Read, counters: ReadonlyMap<string, number>) => Replacement;
  /** A whole accumulation that is computed as a tile of its own: a sum over features, or over heads in memory. */
  readonly accumulation?: (sum: Accumulate, counters: ReadonlyMap<string, number>) => Tile | undefined;
  /** Accumulations that are tiles whatever the counters around them: those are unrolled. */
  readonly tileSums?: ReadonlySet<Accumulate>;
  /** Counters around the expression: their values, or the scalars that loops around the operation count by. */
  readonly counters?: ReadonlyMap<string, number>;
  readonly scalars?: ReadonlyMap<string, Scalar>;
}

/** Rewrites `root`; the same tile and the same source are the same operand wherever they are read. */
export function tileExpression(root: Expression, rules: TileExpressionRules): TileExpression {
  const { head, replace, accumulation, tileSums } = rules;
  const operands: Tile[] = [];
  const sources: NeighbourSource[] = [];
  const indexOf = <T>(list: T[], item: T): number => {
    const at = list.indexOf(item);
    if (at >= 0) return at;
    list.push(item);
    return list.length - 1;
  };
  const withHead = (expression: Expression): Expression =>
    head === undefined ? expression : substitute(expression, new Map([['h', head]]));

  const visit = (expression: Expression, counters: ReadonlyMap<string, number>): Expression => {
    if (expression.kind === 'read' && expression.source.op !== 'tensor') {
      const found = replace(expression, counters);
      if ('constant' in found) return float(found.constant);
      if ('tile' in found) return operand(indexOf(operands, found.tile));
      if ('source' in found)
        return neighbourAt(indexOf(sources, found.source), visit(found.query, counters), visit(found.key, counters));
      return visit(found.expression, counters);
    }
    if (expression.kind === 'accumulate') {
      const tile = accumulation?.(expression, counters);
      if (tile) return operand(indexOf(operands, tile));
      const unrolled = unrolledCounters(expression, tileSums);
      if (unrolled.size > 0) return unroll(expression, unrolled, counters);
    }
    if (expression.kind === 'variable') {
      const value = counters.get(expression.name);
      return value === undefined ? (rules.scalars?.get(expression.name) ?? withHead(expression)) : integer(value);
    }
    return mapParts(expression, (part) => visit(part, counters));
  };

  const unroll = (sum: Accumulate, names: ReadonlySet<string>, counters: ReadonlyMap<string, number>): Expression => {
    const kept = sum.counters.filter(({ name }) => !names.has(name));
    const terms = namedValuesOf(sum.counters.filter(({ name }) => names.has(name))).map((place) => {
      const body = visit(sum.body, new Map([...counters, ...place]));
      return kept.length === 0 ? body : accumulate(sum.monoid, kept, body);
    });
    return terms.map(asFloat).reduce((total, term) => apply(sum.monoid === 'sum' ? 'add' : 'maximum', total, term));
  };

  return { value: visit(root, rules.counters ?? new Map()), operands, sources };
}

/**
 * The counters of a sum that say which head is read of some node, as the block holds each head in a tile of its own, or
 * that an inner sum depends on which is a tile.
 */
function unrolledCounters(sum: Accumulate, tileSums: ReadonlySet<Accumulate> | undefined): ReadonlySet<string> {
  const own = new Set(sum.counters.map(({ name }) => name));
  const found = new Set<string>();
  const visit = (expression: Expression): void => {
    if (expression.kind === 'read' && expression.source.op !== 'tensor') {
      const at = headSlot(expression.source);
      if (at >= 0) for (const name of freeVariables(expression.index[at]!)) if (own.has(name)) found.add(name);
    }
    if (expression.kind === 'accumulate' && tileSums?.has(expression)) {
      for (const name of freeVariables(expression)) if (own.has(name)) found.add(name);
    }
    for (const part of parts(expression)) visit(part);
  };
  visit(sum.body);
  return found;
}

export const headSlot = ({ domain }: Node): number => domain.findIndex(({ kind }) => kind === 'head');
