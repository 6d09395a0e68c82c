// Stencils and products that several rings and folds of a turn are made of: each is computed once, before the first of them, wherever
// one of their masks may hold. What a case of a switch computes for itself ends with it.

import { apply, conjunctsOf, type Expression, type Node, sameExpression } from '../../../src/ir/index.js';
import type { BlockBuilder } from '../../tile/builder.js';
import type { Tile } from '../../tile/types.js';
import { headsInGroup } from '../plan/contributions.js';
import { maskOfHead } from '../plan/group-masks.js';
import type { Plan } from '../plan/plan.js';
import { and } from '../plan/space.js';
import { sharedPart } from '../reads/head-masks.js';
import { isInPlace, isOwnHead, scoreReads } from '../reads/score-reads.js';
import { supportOf } from '../reads/support.js';
import type { Fold } from './folds/fold.js';
import { BlockMemo } from './memo.js';
import type { ScoreTiles } from './scores.js';

/** What is computed in a switch of its own, with what it is made of in place. */
interface User {
  readonly node: Node;
  readonly support: Expression | undefined;
  readonly madeOf: ReadonlySet<Node>;
  /** Whether a head of it is made of others, which then are wanted where that one looks. */
  readonly isMixed: boolean;
}

interface CommonTile {
  readonly node: Node;
  /** Where one of its users may look; everywhere if there is none. */
  readonly mask: Expression | undefined;
  readonly users: ReadonlySet<Node>;
}

export class CommonTiles {
  private readonly plan: Plan;
  private readonly tiles: ScoreTiles;
  private readonly found: readonly CommonTile[];

  constructor(plan: Plan, tiles: ScoreTiles, folds: readonly Fold[]) {
    this.plan = plan;
    this.tiles = tiles;
    this.found = commonTiles(plan, folds);
  }

  /** Computes what `user` is made of, or what anybody is where it is not told; the memo knows it then. */
  compute(memo: BlockMemo, user?: Node): void {
    for (const { node, mask, users } of this.found) {
      if (user !== undefined && !users.has(user)) continue;
      for (const head of headsInGroup(this.plan, node))
        memo.tile(node, String(head), () => this.tile(memo, node, { head, mask }));
    }
  }

  private tile(
    memo: BlockMemo,
    node: Node,
    { head, mask }: { readonly head: number; readonly mask: CommonTile['mask'] },
  ): Tile {
    const { boxes } = this.tiles;
    const looked = mask && maskOfHead(mask, this.plan, node, head);
    const compute = (block: BlockBuilder): readonly Tile[] => [
      this.tiles.tile(new BlockMemo(block, memo, looked), node, head),
    ];
    const [tile] = memo.block.switch(and(looked, boxes.isSwept(node)), ...boxes.rowsByKeys(node), {
      empty: (block) => [block.constant(boxes.of(node), 0)],
      full: compute,
      partial: compute,
    });
    return tile!;
  }
}

function commonTiles(plan: Plan, folds: readonly Fold[]): readonly CommonTile[] {
  const users = usersOf(plan, folds);
  return plan.roles.order.flatMap((node): readonly CommonTile[] => {
    if (plan.roles.roleOf(node) !== 'score' || !isCostly(plan, node)) return [];
    const own = users.filter(({ madeOf }) => madeOf.has(node));
    if (own.length < 2) return [];
    const mask = commonMask(own);
    const isMixed = own.some((each) => each.isMixed);
    return [{ node, mask: mask && isMixed ? sharedPart(mask) : mask, users: new Set(own.map((each) => each.node)) }];
  });
}

/** Rings, and folds; folds that are hidden alike are computed together. */
function usersOf(plan: Plan, folds: readonly Fold[]): readonly User[] {
  const { rings } = plan.extents;
  const userOf = (node: Node, hidden: number): User => {
    const madeOf = madeInPlace(plan, node);
    const isMixed = [...madeOf].some((each) =>
      scoreReads(each).some((read) => madeOf.has(read.source) && !isOwnHead(read, each)),
    );
    return { node, support: supportOf(node, hidden), madeOf, isMixed };
  };
  const users = plan.roles.order.filter((node) => rings.has(node)).map((node) => userOf(node, 0));
  const together: User[] = [];
  for (const { takes, hidden } of folds) {
    if (rings.has(takes.node)) continue;
    const user = userOf(takes.node, hidden);
    const alike = together.findIndex(({ support }) => isSameMask(support, user.support));
    if (alike < 0) together.push(user);
    else {
      const other = together[alike]!;
      const madeOf = new Set([...other.madeOf, ...user.madeOf]);
      together[alike] = { ...other, madeOf, isMixed: other.isMixed || user.isMixed };
    }
  }
  return [...users, ...together];
}

const isSameMask = (one: Expression | undefined, other: Expression | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && sameExpression(one, other));

/** What a value is made of at its own place and turn, itself among it, up to what a ring has of this turn already. */
function madeInPlace({ extents: { lag, rings } }: Plan, root: Node): ReadonlySet<Node> {
  const made = new Set<Node>();
  const visit = (node: Node): void => {
    if (made.has(node) || (node !== root && rings.has(node))) return;
    made.add(node);
    if (node.op === 'fill') visit(node.value);
    if (node.op !== 'map') return;
    for (const read of scoreReads(node))
      if (isInPlace(read) && lag.get(read.source) === lag.get(node)) visit(read.source);
  };
  visit(root);
  return made;
}

/** Whether a value takes more than an operation for each entry: it is a product, or reads neighbours. */
function isCostly({ extents: { lag, rings } }: Plan, node: Node): boolean {
  if (rings.has(node)) return false;
  if (node.op === 'dot') return true;
  const isBeside = (read: ReturnType<typeof scoreReads>[number]): boolean =>
    rings.has(read.source) && !(isInPlace(read) && lag.get(read.source) === lag.get(node));
  return node.op === 'map' && scoreReads(node).some(isBeside);
}

/** The parts that the masks of all users have. */
function commonMask(users: readonly User[]): Expression | undefined {
  const parts = users.map(({ support }) => (support ? conjunctsOf(support) : []));
  const shared = parts[0]!.filter((part) => parts.every((own) => own.some((each) => sameExpression(each, part))));
  return shared.length === 0 ? undefined : shared.reduce((all, part) => apply('and', all, part));
}
