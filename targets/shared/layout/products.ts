// The products of a kernel with the loops around them, and which loop a view stays for or moves with: what is read once, and
// what is read again, follows from that.
import type { MatmulOperation } from '../../../codegen/tile/operations/matmul.js';
import type { ForStatement, Kernel, Statement } from '../../../codegen/tile/program.js';
import type { Scalar, Tile, View } from '../../../codegen/tile/types.js';
import { placedStatements } from '../../../codegen/tile/walk.js';
import { freeVariables } from '../../../src/ir/index.js';

/** A product with the statement that says it. */
export interface Product {
  readonly statement: Statement;
  readonly operation: MatmulOperation;
  readonly value: Tile;
}

/** A product with the loops around it, outer before inner. */
export interface PlacedProduct extends Product {
  readonly loops: readonly ForStatement[];
}

/** The products of a kernel, in the order of the text. */
export function productsOf({ body }: Kernel): readonly PlacedProduct[] {
  return placedStatements(body).flatMap(({ statement, loops }): readonly PlacedProduct[] => {
    if (statement.statement !== 'let' || statement.operation.op !== 'matmul') return [];
    const { operation, value } = statement;
    return value.kind === 'tile' ? [{ statement, operation, value, loops }] : [];
  });
}

/** The scalars that say where a view's box lies: along its axes, and at its fixed places. */
export const originsOf = ({ axes }: View): readonly Scalar[] => axes.map(({ origin }) => origin);
export const placesOf = ({ place }: View): readonly Scalar[] =>
  place.flatMap((entry) => ('along' in entry ? [] : [entry]));

/** The innermost loop that a view depends on, and the one within, which it stays for. */
export function loopsOfView(
  view: View,
  loops: readonly ForStatement[],
): { readonly moves: ForStatement | undefined; readonly stays: ForStatement | undefined } {
  const free = new Set([...placesOf(view), ...originsOf(view)].flatMap((each) => [...freeVariables(each)]));
  const last = loops.findLastIndex(({ variable }) => free.has(variable));
  return { moves: loops[last], stays: loops[last + 1] };
}
