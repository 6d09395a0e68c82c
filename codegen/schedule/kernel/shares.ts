// A sweep that is split between blocks: the turns of each share, and the states that it leaves in memory, which another
// kernel joins in their order, so that two runs give the same bits.

import { apply, head, integer, length, variable } from '../../../src/ir/index.js';
import { along, type BlockBuilder, type LoopRange } from '../../tile/builder.js';
import { least, minus, most, plus, scalar, times } from '../../tile/scalars.js';
import type { Buffer, BufferAxis, Placement, Scalar, Tile, TileAxis } from '../../tile/types.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import type { Boxes } from '../plan/boxes.js';
import { GROUP } from '../plan/heads.js';
import type { Plan } from '../plan/plan.js';
import { axisFacts, outputRows, type Shares, type Space } from '../plan/space.js';
import { type Accumulation, axesOf, emptyState, type StatePart } from './folds/fold.js';
import { statesIn } from './folds/index.js';
import { turnsOf } from './grid.js';

/** The variable that counts the shares. */
export const SHARE = 'split';

/** The turns of one of so many shares, and where the loop begins that fills its rings before them. */
export function shareOf(whole: LoopRange, { count }: Shares, turnsToFill: number) {
  const { from, to, step } = whole;
  const turns = apply('floorDivide', plus(turnsOf(whole), minus(count, 1)), count);
  const share = times(turns, step);
  const first = plus(from, apply('multiply', share, variable(SHARE)));
  const range: LoopRange = { from: first, to: least(to, plus(first, share)), step };
  const fillFrom: Scalar | undefined = turnsToFill === 0 ? undefined : most(from, minus(first, turnsToFill * step));
  return { range, fillFrom };
}

type States = readonly (readonly Tile[])[];

/** Where a value of a fold's state lies: in a buffer over all folds of all groups, at a number within the group. */
interface Slot {
  readonly part: StatePart;
  readonly buffer: Buffer;
  readonly place: Placement;
}

/** Whose states lie in memory: shares of a sweep, or the blocks of rows, each at its first row. */
interface Sharing {
  readonly variable: string;
  readonly axis: BufferAxis;
  readonly range: LoopRange;
}

function sharingOf({ givesParts, owned, shares, range, whole = range, sizes }: Space, own: BufferAxis): Sharing {
  if (givesParts) return { variable: axisFacts[owned].tile, axis: own, range: { ...whole, step: sizes.rows } };
  const all = { from: integer(0), to: shares.count, step: 1 };
  return { variable: SHARE, axis: { kind: 'split', size: shares.count }, range: all };
}

/** The states of all shares in memory: maxima and sums in a buffer each, accumulators in one for each number of features. */
export class SharedStates {
  private readonly folds: readonly Accumulation[];
  private readonly sharing: Sharing;
  private readonly slots: readonly Slot[];

  /** Whether the shares of all batch entries are joined. */
  readonly joinsBatch: boolean;

  constructor(plan: Plan, space: Space, folds: readonly Accumulation[], buffers: ProgramBuffers) {
    const { owned, range, whole = range, ownsNothing, givesParts } = space;
    this.folds = folds;
    // What has a batch axis is of each entry; all others are of all of them.
    const isOfBatch = plan.graph.outputs.every(({ node }) => node.domain.some(({ kind }) => kind === 'batch'));
    this.joinsBatch = (ownsNothing === true && !isOfBatch) || givesParts === true;
    const parts = folds.flatMap(({ state }) => state);
    const { groups } = plan.heads;
    const own: BufferAxis = whole === outputRows ? { kind: 'row' } : { kind: owned };
    this.sharing = sharingOf(space, own);
    const made = new Map<string, Buffer>();
    const bufferOf = ({ buffer, axes: ofPart }: StatePart, inGroup: number): Buffer => {
      const axes: readonly BufferAxis[] = [
        { kind: 'batch' },
        head(inGroup * groups),
        this.sharing.axis,
        ...ofPart.map((each) => (each === 'own' ? own : ({ kind: each.kind, size: each.size } as BufferAxis))),
      ];
      const found = made.get(buffer) ?? buffers.workspace(`${plan.graph.name}_${buffer}`, axes);
      made.set(buffer, found);
      return found;
    };
    this.slots = parts.map((part, n) => {
      const inGroup = parts.filter(({ buffer }) => buffer === part.buffer).length;
      const number = parts.slice(0, n).filter(({ buffer }) => buffer === part.buffer).length;
      const at = plus(inGroup === 1 ? GROUP : times(GROUP, inGroup), number);
      const inside = part.axes.map((each) => along(each === 'own' ? owned : each.kind));
      const place = [scalar('b'), at, scalar(this.sharing.variable), ...inside];
      return { part, buffer: bufferOf(part, inGroup), place };
    });
  }

  store(block: BlockBuilder, states: States, boxes: Boxes): void {
    for (const [n, tile] of states.flat().entries()) {
      const { part, buffer, place } = this.slots[n]!;
      block.store(part.axes.includes('own') ? boxes.ownPart(block, tile) : tile, buffer, place);
    }
  }

  /** The states of all shares together, joined one after the other. */
  combine(block: BlockBuilder, own: TileAxis): States {
    const initial = this.folds.flatMap((fold) => emptyState(block, fold, own));
    const { variable: share, range } = this.sharing;
    const ofShares = (outer: BlockBuilder, states: readonly Tile[]): readonly Tile[] =>
      outer.loop(share, range, states, (inner, before) => {
        const loaded = this.slots.map(({ part, buffer, place }) => inner.load(buffer, place, axesOf(part, own)));
        const [states, shares] = [statesIn(this.folds, before), statesIn(this.folds, loaded)];
        return this.folds.flatMap((fold, n) => fold.combine(inner, states[n]!, shares[n]!));
      });
    if (!this.joinsBatch) return statesIn(this.folds, ofShares(block, initial));
    const batch = { from: integer(0), to: length('batch'), step: 1 };
    return statesIn(this.folds, block.loop('b', batch, initial, ofShares));
  }
}
