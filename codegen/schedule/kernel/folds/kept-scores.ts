// Folds that leave the tiles they take in memory on the way, for later kernels: scores that a softmax has visited need not be
// computed again. What no fold visits is not stored, as nobody looks at what its mask hides.
import type { StoredOutput } from '../../partition/buffers.js';
import { demand } from '../../reads/reason.js';
import { outsideOf } from '../../reads/support.js';
import { scorePlace } from '../scores.js';
import type { Fold } from './fold.js';

/** The folds, those that take a stored matrix storing each of its tiles. @throws Unschedulable where no fold takes one of them */
export function keepingScores(folds: readonly Fold[], stored: readonly StoredOutput[]): readonly Fold[] {
  for (const { node } of stored) {
    const isTaken = folds.some(({ takes }) => takes.node === node);
    demand(isTaken, 'scores are stored that the kernel takes into no sum');
  }
  return folds.map((fold) => {
    const kept = stored.find(({ node }) => node === fold.takes.node);
    return kept ? keeping(fold, kept) : fold;
  });
}

/** One that comes to nothing for each head of a stored matrix: what it takes is stored, and that is all. */
export function storingFolds({ node, buffer }: StoredOutput, heads: readonly number[]): readonly Fold[] {
  return heads.map((head) =>
    keeping(
      {
        takes: { node, head },
        hidden: outsideOf(node)?.value ?? 0,
        takesHidden: true,
        state: [],
        step: () => [],
        combine: () => [],
        finish: () => {},
      },
      { node, buffer },
    ),
  );
}

const keeping = (fold: Fold, { node, buffer }: StoredOutput): Fold => ({
  ...fold,
  step: (turn, tile, state) => {
    // What is the same everywhere is made around a block's own rows, too, which belong to its neighbours.
    const own = turn.tiles.boxes.ownPart(turn.memo.block, tile);
    turn.memo.block.store(own, buffer, scorePlace(turn.tiles.headOf(node, fold.takes.head)));
    return fold.step(turn, tile, state);
  },
});
