// What a sweep accumulates: a state that starts empty, takes a tile a turn, joins the states of other shares of the sweep,
// and gives its results at the end. Each kind of fold is a file of its own beside this one.

import { apply } from '../../../../src/ir/index.js';
import type { BlockBuilder } from '../../../tile/builder.js';
import { operand } from '../../../tile/operations.js';
import type { Tile, TileAxis } from '../../../tile/types.js';
import type { Contribution, HeadOf } from '../../plan/contributions.js';
import type { Plan } from '../../plan/plan.js';
import type { BlockMemo } from '../memo.js';
import type { ScoreTiles } from '../scores.js';

/** A value of a fold's state: a number for each own position, a row of features for each, or a table for all. */
export interface StatePart {
  /** What it is called in a block. */
  readonly name: string;
  /** What the buffer is called where shares leave it for others. */
  readonly buffer: string;
  readonly empty: number;
  /** `own` stands for the positions of the block. */
  readonly axes: readonly ('own' | TileAxis)[];
}

/** The axes of a part of a state in a block of these positions. */
export const axesOf = ({ axes }: StatePart, own: TileAxis): readonly TileAxis[] =>
  axes.map((each) => (each === 'own' ? own : each));

/** Where a fold is built. */
export interface Turn {
  readonly memo: BlockMemo;
  readonly plan: Plan;
  readonly tiles: ScoreTiles;
}

/** Who takes what folds come to. */
export interface Results {
  readonly block: BlockBuilder;
  /** Maximum and sum of a head of scores, without their sink. */
  statistics(scores: HeadOf, m: Tile, l: Tile): void;
  /** A sum with exponentials as one with weights: divided by their sum, and times what stands between them and the weights. */
  normalised(contribution: Contribution, sum: Tile): Tile;
  /** A part of an output head. */
  share(contribution: Contribution, tile: Tile): void;
  /** The value of a node that is a sum of its own. */
  value(node: HeadOf, tile: Tile): void;
  /** A table, in parts: one along its last axis for all indices of those before it. */
  table(node: HeadOf, parts: readonly Tile[]): void;
}

/** What is accumulated, in shares that are joined. */
export interface Accumulation {
  readonly state: readonly StatePart[];
  /** The state of two shares together. */
  readonly combine: (block: BlockBuilder, state: readonly Tile[], share: readonly Tile[]) => readonly Tile[];
}

export interface Fold extends Accumulation {
  /** The value over rows and keys that it takes, one tile a turn. */
  readonly takes: HeadOf;
  /** What hidden entries of its tiles are: they change nothing. */
  readonly hidden: number;
  /** Set where hidden entries need not be anything: whoever reads what comes of them hides them. */
  readonly takesHidden?: true;
  /** Set where it is a part of a sum over both axes, which blocks leave for others to join. */
  readonly isPart?: true;
  readonly step: (turn: Turn, tile: Tile, state: readonly Tile[]) => readonly Tile[];
  readonly finish: (results: Results, state: readonly Tile[]) => void;
}

export const sum = apply('add', operand(0), operand(1));
export const product = apply('multiply', operand(0), operand(1));
export const larger = apply('maximum', operand(0), operand(1));

/** Sums of shares are added up. */
export const added: Accumulation['combine'] = (block, state, share) =>
  state.map((each, n) => block.map([each, share[n]!], sum));

/** The state of a fold before it has taken anything; accumulators first, as the largest of it. */
export function emptyState(block: BlockBuilder, { state }: Accumulation, own: TileAxis): readonly Tile[] {
  const made = new Map<StatePart, Tile>();
  for (const part of [...state].sort((one, other) => other.axes.length - one.axes.length))
    made.set(part, block.as(part.name).constant(axesOf(part, own), part.empty));
  return state.map((part) => made.get(part)!);
}
