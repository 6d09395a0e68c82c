// The products of a kernel: which run on tensor cores, how their operands lie in shared memory, and which views are there
// before they are needed: those that stay for a loop, and those that a loop reads one step ahead.
import type { MatmulOperation } from '../../../codegen/tile/operations/matmul.js';
import type { ForStatement, Kernel } from '../../../codegen/tile/program.js';
import { axisOfKind, type Scalar, type Tile, type TileAxisKind, type View } from '../../../codegen/tile/types.js';
import { affine, freeVariables } from '../../../src/ir/index.js';
import type { Analysis } from '../../shared/layout/analysis.js';
import { loopsOfView, originsOf, placesOf, productsOf } from '../../shared/layout/products.js';
import { gridAxesIn } from '../../shared/layout/space.js';
import { sameView } from '../../shared/layout/views.js';
import { refuse } from '../../shared/refusal.js';
import { writtenBy } from '../../shared/tile/program.js';
import { type ElementType, elementTypes, isNarrow } from '../buffers.js';
import type { Warps } from './fragments.js';
import { areReadInTurn } from './gates.js';
import { type Matrix, type OperandSite, viewMatrix } from './matrices.js';

/** A view that lies in shared memory for as long as a loop runs. */
export interface KeptView {
  readonly view: View;
  readonly site: OperandSite;
  readonly matrix: Matrix;
  readonly loop: ForStatement;
  /** Whether the loop reads boxes before it needs them: there are two places then, unless two views are read in turn. */
  readonly isAhead: boolean;
  /** Set where the view has one place, and comes while a product reads another: the first or the second of a turn. */
  readonly inTurn?: 'first' | 'second';
}

/** The element type of an operand: that of its buffer, or what it was cast to. */
export const elementOf = (operand: Tile | View): ElementType =>
  elementTypes[operand.kind === 'view' ? operand.buffer.dtype : operand.dtype];

/** Products of two operands of the same 16 bits run on tensor cores. */
export const isTensorProduct = ({ left, right }: MatmulOperation): boolean =>
  isNarrow(elementOf(left)) && elementOf(left) === elementOf(right);

export interface Sides {
  readonly byRow: Tile | View;
  readonly byColumn: Tile | View;
  readonly rowKind: TileAxisKind;
  readonly columnKind: TileAxisKind;
}

/** The operand that has the result's rows, and the one that has its columns. */
export function sidesOf({ left, right }: MatmulOperation, result: Tile, { space }: Analysis): Sides {
  if (result.axes.length !== 2) refuse('a product needs a row axis and a column axis');
  for (const side of [left, right]) if (side.axes.length !== 2) refuse('an operand of a product needs two axes');
  const [rowKind, columnKind] = gridAxesIn(space, result);
  const [byRow, byColumn] = axisOfKind(left.axes, rowKind) ? [left, right] : [right, left];
  return { byRow, byColumn, rowKind, columnKind };
}

/** What a product asks of one of its operands. */
export function siteOf(
  operation: MatmulOperation,
  result: Tile,
  side: OperandSite['side'],
  analysis: Analysis,
  warps: Warps,
): OperandSite {
  const { rowKind, columnKind } = sidesOf(operation, result, analysis);
  const kept = side === 'rows' ? rowKind : columnKind;
  const isTensor = isTensorProduct(operation);
  return {
    over: operation.over,
    kept,
    range: analysis.range(result, kept),
    side,
    warps,
    space: analysis.space,
    isTensor,
  };
}

/** How far views may be kept: not at all where they take too much. In turn, two views of a loop have one place each. */
export type Keeping = 'ahead' | 'in turn' | 'staying' | 'none';

/** The views of products that are kept, each once. */
export function findKeptViews(kernel: Kernel, analysis: Analysis, warps: Warps, keeping: Keeping): readonly KeptView[] {
  if (keeping === 'none') return [];
  const written = writtenBy(kernel);
  const found: KeptView[] = [];
  for (const { operation, value, loops } of productsOf(kernel)) {
    const { byRow, byColumn } = sidesOf(operation, value, analysis);
    for (const [view, side] of [
      [byRow, 'rows'],
      [byColumn, 'columns'],
    ] as const) {
      if (view.kind !== 'view' || written.has(view.buffer)) continue;
      const site = siteOf(operation, value, side, analysis, warps);
      const kept = keptView(view, site, loops, keeping);
      if (kept && !keptFor(found, view, kept.matrix, (loop) => loop === kept.loop)) found.push(kept);
    }
  }
  return keeping === 'in turn' ? readInTurn(found) : found;
}

/** Views that are read ahead, with one place each where two of a loop are read in turn. @throws Refusal where none are */
function readInTurn(found: readonly KeptView[]): readonly KeptView[] {
  const turns = found.map((kept): KeptView => {
    const beside = found.filter(({ loop, isAhead }) => isAhead && loop === kept.loop);
    const [one, other] = beside;
    if (!kept.isAhead || beside.length !== 2) return kept;
    if (areReadInTurn(kept.loop, one!.view, other!.view)) return { ...kept, inTurn: kept === one ? 'first' : 'second' };
    return kept;
  });
  return turns.some(({ inTurn }) => inTurn) ? turns : refuse('no loop reads two views in turn');
}

/** How many different views of products move with a loop; with those that stay and are read in every turn, as they are not kept. */
export function countReadViews(kernel: Kernel, kept?: readonly KeptView[]): number {
  const found: View[] = [];
  for (const { operation, loops } of productsOf(kernel)) {
    for (const side of [operation.left, operation.right]) {
      if (side.kind !== 'view' || found.some((each) => sameView(each, side))) continue;
      const isMoving = ({ variable }: ForStatement): boolean =>
        originsOf(side).some((origin) => freeVariables(origin).has(variable));
      const isRead = kept !== undefined && loops.length > 0 && !kept.some(({ view }) => sameView(view, side));
      if (loops.some(isMoving) || isRead) found.push(side);
    }
  }
  return found.length;
}

/** The kept view that is this box, lying as a product wants it, of the loops that are asked for: several may read the same. */
export function keptFor(
  kept: readonly KeptView[],
  view: View,
  matrix: Matrix,
  isIn: (loop: ForStatement) => boolean,
): KeptView | undefined {
  const wanted = JSON.stringify(matrix);
  return kept.find((each) => isIn(each.loop) && sameView(each.view, view) && JSON.stringify(each.matrix) === wanted);
}

function keptView(
  view: View,
  site: OperandSite,
  loops: readonly ForStatement[],
  keeping: Keeping,
): KeptView | undefined {
  const matrix = viewMatrix(view, elementOf(view), site, axisOfKind(view.axes, site.over)!.size);
  const { moves, stays } = loopsOfView(view, loops);
  if (stays) return { view, site, matrix, loop: stays, isAhead: false };
  if ((keeping !== 'ahead' && keeping !== 'in turn') || !moves) return undefined;
  const isOfLoop = (scalar: Scalar): boolean => freeVariables(scalar).has(moves.variable);
  const movesAlong = originsOf(view).every((origin) => !isOfLoop(origin) || affine(origin) !== undefined);
  return movesAlong && !placesOf(view).some(isOfLoop) ? { view, site, matrix, loop: moves, isAhead: true } : undefined;
}
