// matmul: accumulator + Σ_over left · right, a product of every left entry with every right entry that agree in `over`. The
// accumulator is f32; the order of the terms is the target's.
import { demand, isWhole, matched, remaining, sameBox } from '../inference.js';
import { computed, readerAt, sideIn, spansOf } from '../interpreter/entries.js';
import { reader } from '../interpreter/memory.js';
import { axisLetter } from '../text/boxes.js';
import { axisOfKind, type Tile, type TileAxisKind, type View } from '../types.js';
import { arithmetic, none, type OperationDefinition, onlyF32, sizeOfBox, tileOn } from './definition.js';

export interface MatmulOperation {
  readonly op: 'matmul';
  readonly accumulator?: Tile;
  readonly left: Tile | View;
  readonly right: Tile | View;
  readonly over: TileAxisKind;
}

type Arguments = [accumulator: Tile | undefined, left: Tile | View, right: Tile | View, over: TileAxisKind];

const axesOf = ({ accumulator, left, right, over }: MatmulOperation) =>
  accumulator?.axes ?? remaining([left, right], over);

export const matmul: OperationDefinition<MatmulOperation, Arguments> = {
  gives: 'tile',
  operands: { accumulator: 'entry', left: 'box', right: 'box' },
  expressions: {},
  make(accumulator, left, right, over) {
    const operation = { op: 'matmul', ...(accumulator ? { accumulator } : {}), left, right, over } as const;
    return { operation, value: tileOn(axesOf(operation)) };
  },
  infer({ accumulator, left, right, over }, declared) {
    const [one, other] = [axisOfKind(left.axes, over), axisOfKind(right.axes, over)];
    demand(one !== undefined && other !== undefined, `both sides need the ${over} axis that the product sums over`);
    demand(sameBox(one, other), `the sides have other ${over} boxes`);
    demand(isWhole(one) && isWhole(other), `the ${over} axis must be valid throughout`);
    const kept = remaining([left, right], over);
    const kinds = new Set(kept.map(({ kind }) => kind));
    demand(kinds.size === kept.length, 'the sides share an axis that is not summed over');
    const axes = matched(declared.axes, [kept, ...(accumulator ? [accumulator.axes] : [])]);
    demand(axes.length === kept.length, 'the result has the axes of both sides');
    return { ...declared, axes };
  },
  dtypes: onlyF32,
  text: ({ accumulator, left, right, over }, { nameOf, sideOf }) =>
    `${accumulator ? `${nameOf(accumulator)} + ` : ''}matmul(${sideOf(left)}, ${sideOf(right)}) over ${axisLetter(over)}`,
  implied: (operation, tile) => ({ ...tile, axes: axesOf(operation) }),
  neighbourhoods: none,
  work: ({ left, over }, tile) => arithmetic(2 * sizeOfBox(tile) * axisOfKind(left.axes, over)!.size, 'product'),
  meets: ({ left, right }) =>
    [[left, right] as const, [right, left] as const].flatMap(([tile, other]) =>
      tile.kind === 'tile' && other.kind === 'view' ? [{ tile, other }] : [],
    ),
  interpret({ accumulator, left, right, over }, tile, context) {
    const sides = [sideIn(left, context), sideIn(right, context)] as const;
    const summed = sides[0].spans.find(({ kind }) => kind === over)!;
    const spans = spansOf(tile, context);
    const all = [...spans, summed];
    const { poison } = context.run;
    const [readLeft, readRight] = [reader(sides[0], all, poison), reader(sides[1], all, poison)];
    const before = accumulator ? readerAt(accumulator, spans, context) : () => 0;
    return computed(tile, context, (index) => {
      let total = before(index);
      const place = [...index, 0];
      for (let n = summed.start; n < summed.start + summed.size; n += 1) {
        place[index.length] = n;
        total = Math.fround(total + readLeft(place) * readRight(place));
      }
      return total;
    });
  },
};
