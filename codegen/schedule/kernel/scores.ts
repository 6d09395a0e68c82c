// Tiles of scores: how a value over queries and keys is computed at a block's own positions and at those of the sweep that it
// trails to. Products come from the inputs, maps from tiles in place and from rings beside it.

import { headCount } from '../../../src/ir/footprint/heads.js';
import {
  type Accumulate,
  type Axis,
  apply,
  areVariables,
  domainVariables,
  type Expression,
  featuresOf,
  float,
  headsOf,
  integer,
  isReadHere,
  linearForm,
  type Node,
  type NodeOf,
  type Read,
  read,
  readsOf,
  staticSize,
  substitute,
} from '../../../src/ir/index.js';
import { isIdentifier } from '../../../src/ir/text/spelling.js';
import { along, axis, type BlockBuilder, view } from '../../tile/builder.js';
import { operand } from '../../tile/operations.js';
import { quotient, scalar } from '../../tile/scalars.js';
import { printScalar } from '../../tile/text/boxes.js';
import type { Buffer, Placement, Scalar, Tile, View } from '../../tile/types.js';
import type { Boxes } from '../plan/boxes.js';
import { type HeadOf, headsInGroup } from '../plan/contributions.js';
import { maskOfHead } from '../plan/group-masks.js';
import type { HeadLoop } from '../plan/heads.js';
import type { Plan } from '../plan/plan.js';
import { type AxisFacts, and, axisFacts } from '../plan/space.js';
import { maskAt } from '../reads/head-masks.js';
import { demand, Unschedulable } from '../reads/reason.js';
import { isFreeRead, isInPlace, isLoaded, isScoreLike, type ScoreAxis, scoreReads } from '../reads/score-reads.js';
import { headSlot, type Replacement, tileExpression } from '../reads/tile-expression.js';
import { type HeadSum, headSumsOf, keyOfSum, SUMMED, withTerm } from './head-sums.js';
import { BlockMemo } from './memo.js';

/** Replaces a normalised value while weights are applied: one head's exponentials, 0 for all others. */
export type WeightsInPlace = (node: Node, head: number) => Tile | 0 | undefined;

/** A head of a value that is computed, and where. */
interface Site<Value extends Node = Node> {
  readonly memo: BlockMemo;
  readonly node: Value;
  /** A place in the block's group. */
  readonly head: number;
  readonly weights?: WeightsInPlace | undefined;
  /** The loop over heads in memory around what is computed. */
  readonly loop?: HeadLoop;
}

type Counters = ReadonlyMap<string, number>;

export class ScoreTiles {
  readonly boxes: Boxes;
  private readonly plan: Plan;
  private readonly buffers: ReadonlyMap<Node, Buffer>;

  constructor(plan: Plan, boxes: Boxes, buffers: ReadonlyMap<Node, Buffer>) {
    this.plan = plan;
    this.boxes = boxes;
    this.buffers = buffers;
  }

  /** The scalar that is the nth head of the block's group. */
  headOf(node: Node, n: number): Scalar {
    return this.plan.heads.scalar(headCount(node.domain), n);
  }

  /** The tile of a score, or of weights with their normalised parts replaced. */
  tile(memo: BlockMemo, node: Node, head: number, weights?: WeightsInPlace): Tile {
    const replaced = weights?.(node, head);
    if (replaced === 0) return memo.block.constant(this.boxes.of(node), 0);
    if (replaced) return replaced;
    const isWeighted = this.plan.roles.roleOf(node) === 'weighted';
    if (!isWeighted) for (const below of chainBelow(node)) this.tile(memo, below, head);
    const compute = (): Tile => this.compute({ memo, node, head, weights });
    // Weights differ from one replacement to the next: they are never shared.
    return isWeighted ? compute() : memo.tile(node, String(head), compute);
  }

  private compute(site: Site): Tile {
    const { memo, node, head, weights } = site;
    switch (node.op) {
      case 'dot':
        return this.product({ memo, node, head });
      case 'fill':
        return this.fill(memo, node, head, this.tile(memo, node.value, head, weights));
      case 'map':
        return this.load(memo, node, this.headOf(node, head), node) ?? this.map({ ...site, node });
      default:
        throw new Unschedulable(`scores are made by a ${node.op}`);
    }
  }

  /** A tile with what a fill hides replaced; as it is where nobody looks at that. */
  fill(memo: BlockMemo, node: NodeOf<'fill'>, head: number, value: Tile): Tile {
    const mask = maskOfHead(node.mask, this.plan, node, head);
    return memo.isRelevantWithin(mask) ? value : this.filled(memo, value, mask, node.otherwise);
  }

  /** The operand of a fill where a condition of one head holds, another number elsewhere. */
  private filled(memo: BlockMemo, value: Tile, mask: Expression, otherwise: number): Tile {
    return memo.block.map([value], apply('select', mask, operand(0), float(otherwise)));
  }

  /**
   * The tile of a node where a mask holds, another number elsewhere. The tile is computed once, whichever case is taken; a
   * box that is visible whole is not compared entry by entry.
   */
  visible(memo: BlockMemo, { node, head }: HeadOf, mask: Expression, otherwise: number): Tile {
    const tile = this.tile(memo, node, head);
    const own = maskOfHead(mask, this.plan, node, head);
    const hide = (block: BlockBuilder): readonly [Tile] => [
      this.filled(new BlockMemo(block, memo), tile, own, otherwise),
    ];
    const [visible] = memo.block.switch(own, ...this.boxes.rowsByKeys(node), {
      empty: hide,
      full: () => [tile],
      partial: hide,
    });
    return visible;
  }

  /** Queries with keys: the owned ones with the swept ones. */
  private product({ memo, node, head }: Site<NodeOf<'dot'>>): Tile {
    const { owned, swept } = this.boxes.space;
    const features = axis('feature', 0, featuresOf(node.x.domain));
    const heads = headsOf(node.domain);
    const side = (kind: ScoreAxis): View => {
      const rows = { query: node.x, key: node.y }[kind];
      const place = [scalar('b'), this.sharedHead(heads, head, rows), along(kind), along('feature')];
      return view(this.bufferOf(rows), place, [this.boxes.along(kind, node), features]);
    };
    return memo.block.matmul(undefined, side(owned), side(swept), 'feature');
  }

  /** The head of an operand that the nth head of a group shares with others, where the operand has fewer. */
  sharedHead(heads: number, n: number, { domain }: Node): Scalar {
    const own = this.plan.heads.scalar(heads, n);
    return headCount(domain) === heads ? own : quotient(own, heads / headCount(domain));
  }

  /** A map that is nothing but a tensor over scores at its own place is a box of memory, at the positions of its reader. */
  private load(memo: BlockMemo, node: Node, head: Scalar, reader: Node): Tile | undefined {
    if (node.op !== 'map' || !isLoaded(node)) return undefined;
    return memo.block.load(this.bufferOf((node.value as Read).source), scorePlace(head), this.boxes.of(reader));
  }

  bufferOf(node: Node): Buffer {
    const buffer = this.buffers.get(node);
    demand(buffer !== undefined, 'a product takes something that is no input');
    return buffer;
  }

  private map(site: Site<NodeOf<'map'>>): Tile {
    const { memo, node, head } = site;
    const box = this.boxes.of(node);
    const stencil = this.stencil(site);
    if (stencil) return stencil;
    const { value, operands, sources } = tileExpression(node.value, {
      head: this.headOf(node, head),
      replace: (read, counters) => this.replacement(site, read, counters),
      tileSums: headSumsOf(node),
      accumulation: (sum, counters) => this.headSum(memo, node, { sum, head, counters }),
    });
    const block = named(memo.block, node);
    return sources.length === 0 ? block.map(operands, value, box) : block.window(sources, operands, box, value);
  }

  /** A sum over heads in memory. All sums of the node, at all heads of the block, come out of one loop. */
  private headSum(memo: BlockMemo, node: NodeOf<'map'>, wanted: HeadSum): Tile | undefined {
    const tileSums = headSumsOf(node);
    if (!tileSums.has(wanted.sum)) return undefined;
    const key = keyOfSum(wanted, tileSums);
    if (!memo.known(node, key)) this.sumHeads(memo, node, tileSums, wanted.sum.counters[0]!.extent);
    return memo.known(node, key)!;
  }

  private sumHeads(memo: BlockMemo, node: NodeOf<'map'>, tileSums: ReadonlySet<Accumulate>, extent: number): void {
    const box = this.boxes.of(node);
    const found = new Map<string, HeadSum>();
    const nothing = memo.block.as('total').constant(box, 0);
    for (const head of headsInGroup(this.plan, node)) {
      tileExpression(node.value, {
        head: undefined,
        replace: () => ({ constant: 0 }),
        tileSums,
        accumulation: (sum, counters) => {
          if (!tileSums.has(sum)) return undefined;
          const each = { sum, head, counters };
          if (sum.counters[0]!.extent === extent) found.set(keyOfSum(each, tileSums), each);
          return nothing;
        },
      });
    }
    const sums = [...found.values()];
    const range = { from: integer(0), to: integer(extent), step: 1 };
    const totals = memo.block.loop(
      SUMMED,
      range,
      sums.map(() => nothing),
      (block, before, index) => {
        const inner = new BlockMemo(block, memo);
        return sums.map(({ sum, head, counters }, n) => {
          const { name } = sum.counters[0]!;
          const site = { memo: inner, node, head, loop: { name, extent, scalar: index } };
          const term = tileExpression(sum.body, {
            head: this.headOf(node, head),
            counters,
            scalars: new Map([[name, index]]),
            replace: (read, values) => this.replacement(site, read, values),
          });
          const { operands, value } = withTerm(term, before[n]!);
          return block.as('total').map(operands, value, box);
        });
      },
    );
    for (const [n, key] of [...found.keys()].entries()) memo.remember(node, key, totals[n]!);
  }

  /** A linear stencil over one ring with weights from tables has an operation of its own. */
  private stencil({ memo, node, head }: Site<NodeOf<'map'>>): Tile | undefined {
    const form = linearForm(node);
    if (!form || form.counters.length === 0 || !this.boxes.extents.rings.has(form.operand)) return undefined;
    if (form.head.kind !== 'variable' || form.head.name !== 'h') return undefined;
    const parts = [form.coefficient, form.guard].filter((part) => part !== undefined);
    if (parts.some((part) => readsOf(part).some(({ source }) => source.op !== 'tensor'))) return undefined;
    const own = (part: Expression): Expression => substitute(part, new Map([['h', this.headOf(node, head)]]));
    return named(memo.block, node).stencil(memo.source(form.operand, head), this.boxes.of(node), {
      counters: form.counters,
      queryOffset: form.query.by,
      keyOffset: form.key.by,
      weight: form.coefficient ? own(form.coefficient) : float(1),
      ...(form.guard ? { guard: own(form.guard) } : {}),
    });
  }

  private replacement(site: Site<NodeOf<'map'>>, read: Read, counters: Counters): Replacement {
    const { memo, node: reader, head, weights, loop } = site;
    const { source, index } = read;
    if (!isScoreLike(source)) return this.auxiliary(site, read, counters);
    const slot = { index: index[1]!, reader, source };
    const described = scoreReads(reader).find((each) => each.read === read);
    if (described && isFreeRead(described)) {
      const place = this.plan.heads.scalarInMemory(slot, head, counters, loop);
      return place === undefined ? { constant: 0 } : { tile: this.loaded(memo, source, place, reader) };
    }
    const at = this.plan.heads.resolve(slot, head, counters);
    if (at === undefined) return { constant: 0 };
    if (described && isInPlace(described) && this.boxes.lagOf(reader) === this.boxes.lagOf(source)) {
      const replaced = weights?.(source, at);
      return replaced === 0 ? { constant: 0 } : { tile: replaced ?? this.tile(memo, source, at, weights) };
    }
    return { source: memo.source(source, at), query: index[2]!, key: index[3]! };
  }

  /** A value in memory at any head, at the positions that its reader is computed at. */
  private loaded(memo: BlockMemo, node: Node, head: Scalar, reader: Node): Tile {
    const key = `${printScalar(head)} for ${this.boxes.lagOf(reader)}`;
    return memo.tile(node, key, () => {
      if (node.op === 'map') return this.load(memo, node, head, reader)!;
      const { value, mask, otherwise } = node as NodeOf<'fill'>;
      const tile = this.loaded(memo, value, head, reader);
      const own = maskAt(mask, head);
      return memo.isRelevantWithin(own) ? tile : this.filled(memo, tile, own, otherwise);
    });
  }

  /** Rows and numbers that scores read are computed once, before the loop of the sweep. */
  prepare(memo: BlockMemo): void {
    const { order, roleOf } = this.plan.roles;
    for (const node of order) {
      if (node.op !== 'map' || (roleOf(node) !== 'score' && roleOf(node) !== 'weighted')) continue;
      for (const read of readsOf(node.value)) {
        const { source } = read;
        const isOfSweep = source.domain.some(({ kind }) => kind === this.boxes.space.swept);
        if (source.op === 'tensor' || isOfSweep || roleOf(source) !== 'auxiliary') continue;
        for (const head of headsInGroup(this.plan, node)) this.auxiliary({ memo, node, head }, read, new Map());
      }
    }
  }

  /** A value of tables alone: a row, a column or a number as a tile where it is read in place, inlined where it is not. */
  auxiliary({ memo, node: reader, head }: Site, { source, index }: Read, counters: Counters): Replacement {
    demand(source.op === 'map' || source.op === 'rowmap', 'a score reads a value that no map gives');
    const isOwnPlace = source.domain.every(({ kind }, n) => {
      const at = index[n]!;
      return at.kind === 'variable' && at.name === indexLetters[kind];
    });
    if (!isOwnPlace) return { expression: inlined(source, index) };
    const { owned, swept } = this.boxes.space;
    const kinds = [owned, swept].filter((kind) => source.domain.some((each) => each.kind === kind));
    const slot = headSlot(source);
    const ownHead = slot < 0 ? 0 : head;
    const key = `${ownHead} ${kinds.includes(swept) ? this.boxes.lagOf(reader) : ''}`;
    const tile = memo.tile(source, key, () => {
      const { value, operands } = tileExpression(source.value, {
        head: slot < 0 ? undefined : this.headOf(source, ownHead),
        replace: (inner) => this.auxiliary({ memo, node: reader, head: ownHead }, inner, counters),
      });
      const axes = kinds.map((kind) => this.boxes.along(kind, reader));
      return memo.block.map(operands, value, axes);
    });
    return { tile };
  }
}

/** Where a tile of scores lies in a buffer of all scores. */
export const scorePlace = (head: Scalar): Placement => [scalar('b'), head, along('query'), along('key')];

/** The block, calling what it assigns as the spec does. */
function named(block: BlockBuilder, { label }: Node): BlockBuilder {
  return label !== undefined && isIdentifier(label) ? block.as(label) : block;
}

/** The expression of a map at other indices: 0 where they lie beyond its domain. */
export function inlined(source: NodeOf<'map' | 'rowmap'>, index: readonly Expression[]): Expression {
  // A tensor is 0 beyond its domain by itself.
  if (isReadHere(source.value, source) && source.value.source.op === 'tensor') return read(source.value.source, index);
  const replacements = new Map<string, Expression>();
  const names = domainVariables(source.domain);
  let isInside: Expression | undefined;
  for (const [n, axis] of source.domain.entries()) {
    const at = index[n]!;
    replacements.set(names[n]!, at);
    const isOwn = at.kind === 'variable' && at.name === names[n];
    if (!isOwn) for (const condition of conditionsOf(axis, at)) isInside = and(isInside, condition);
  }
  const value = substitute(source.value, replacements);
  return isInside ? apply('select', isInside, value, float(0)) : value;
}

const indexLetters: Partial<Record<string, string>> = { batch: 'b', head: 'h', query: 'i', key: 'j' };

const positionsOf: Partial<Record<Axis['kind'], AxisFacts>> = { ...axisFacts, position: axisFacts.key };

/** What an index along an axis must be to lie in it. */
function conditionsOf(axis: Axis, at: Expression): readonly Expression[] {
  const between = (low: Expression, end: Expression) => [apply('lessOrEqual', low, at), apply('less', at, end)];
  const positions = positionsOf[axis.kind];
  if (positions) return between(positions.first, positions.end);
  const size = staticSize(axis);
  if (size === undefined || (at.kind === 'constant' && at.value >= 0 && at.value < size)) return [];
  return between(integer(0), integer(size));
}

const LONG_CHAIN = 8;

/**
 * Every few maps of a chain that reads one score at its own place each, the first of them first: made in this order, no
 * tile waits for more than a few others, so that no stack grows with the chain.
 */
function chainBelow(node: Node): readonly Node[] {
  const chain: Node[] = [];
  for (let below = onlyScoreOf(node); below !== undefined; below = onlyScoreOf(below)) chain.push(below);
  return chain.filter((_, n) => n % LONG_CHAIN === LONG_CHAIN - 1).reverse();
}

/** The one score that a map is made of element by element; undefined where it is made of more, or of none. */
function onlyScoreOf(node: Node): Node | undefined {
  if (node.op !== 'map') return undefined;
  const [first, ...others] = scoreReads(node);
  if (first === undefined || others.length > 0 || first.read.source.op !== 'map') return undefined;
  return areVariables(first.read.index, domainVariables(node.domain)) ? first.read.source : undefined;
}
