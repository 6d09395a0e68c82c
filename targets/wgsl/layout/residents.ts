// Views that do not change while a loop runs, as the queries of a block: read once before it, kept in workgroup memory.
// They are kept where there is room; where there is not, they are read slice by slice in every step.
import type { ForStatement, Kernel } from '../../../codegen/tile/program.js';
import { axisOfKind, type Tile, type TileAxisKind, type View } from '../../../codegen/tile/types.js';
import type { Analysis } from '../../shared/layout/analysis.js';
import { loopsOfView, productsOf } from '../../shared/layout/products.js';
import { sameView } from '../../shared/layout/views.js';
import { writtenBy } from '../../shared/tile/program.js';
import { type Staged, viewShape } from './staged.js';
import { ceilDivide } from './threads.js';

export interface Resident {
  readonly view: View;
  readonly over: TileAxisKind;
  /** Entries along the summed axis. */
  readonly length: number;
  readonly shape: Omit<Staged, 'base'>;
  /** The loop that it stays for. */
  readonly loop: ForStatement;
}

/** The views of products that stay for a loop, each once. */
export function findResidents(kernel: Kernel, analysis: Analysis): readonly Resident[] {
  const written = writtenBy(kernel);
  const found: Resident[] = [];
  for (const { operation, value, loops } of productsOf(kernel)) {
    if (value.axes.length !== 2) continue;
    for (const side of [operation.left, operation.right]) {
      if (side.kind !== 'view' || side.axes.length !== 2 || written.has(side.buffer)) continue;
      const { stays } = loopsOfView(side, loops);
      if (!stays) continue;
      const resident = residentOf(side, operation.over, value, stays, analysis);
      if (!found.some((other) => isSame(other, resident))) found.push(resident);
    }
  }
  return found;
}

/** The resident that holds a view as a product wants it, in one of the loops around the product: others' memory is taken again. */
export function residentFor(
  residents: readonly Resident[],
  loops: ReadonlySet<ForStatement>,
  view: View,
  over: TileAxisKind,
  shape: Omit<Staged, 'base'>,
): Resident | undefined {
  return residents.find(
    (each) => loops.has(each.loop) && each.over === over && sameShape(each.shape, shape) && sameView(each.view, view),
  );
}

function residentOf(view: View, over: TileAxisKind, result: Tile, loop: ForStatement, analysis: Analysis): Resident {
  const kept = view.axes.find(({ kind }) => kind !== over)!.kind;
  const length = axisOfKind(view.axes, over)!.size;
  const isColumns = analysis.gridAxes(result)[1] === kept;
  const own = { kept, range: analysis.range(result, kept), isColumns };
  const shape = viewShape(view, over, own, ceilDivide(length, 4) * 4);
  return { view, over, length, shape, loop };
}

const isSame = (one: Resident, other: Resident): boolean =>
  one.loop === other.loop &&
  one.over === other.over &&
  sameShape(one.shape, other.shape) &&
  sameView(one.view, other.view);

const sameShape = (one: Omit<Staged, 'base'>, other: Omit<Staged, 'base'>): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
