// The switches of a loop's body that hide products: where all readers of a view are in one, outside of its empty case, the view is not
// wanted in turns that take that case.
import type { ForStatement, Statement, SwitchStatement } from '../../../codegen/tile/program.js';
import type { View } from '../../../codegen/tile/types.js';
import { statementsOf } from '../../../codegen/tile/walk.js';
import { sameView } from '../../shared/layout/views.js';

/** The switch of a loop's body that all readers of a view are in; undefined where there is no such one. */
export function gateOf({ body }: ForStatement, view: View): SwitchStatement | undefined {
  const readers = body.statements.filter((each) => readsView([each], view));
  const [only] = readers;
  const isGate = readers.length === 1 && only?.statement === 'switch' && !readsView(only.cases.empty.statements, view);
  return isGate ? only : undefined;
}

/** Whether one of the statements, or one inside of them, multiplies with a view. */
const readsView = (statements: readonly Statement[], view: View): boolean =>
  [...statementsOf({ statements, yields: [] })].some((each) => multiplies(each, view));

const multiplies = (each: Statement, view: View): boolean =>
  each.statement === 'let' &&
  each.operation.op === 'matmul' &&
  [each.operation.left, each.operation.right].some((side) => side.kind === 'view' && sameView(side, view));

/**
 * Whether a turn of a loop reads the first view in one product, and behind that the second one in one: then either can be brought while
 * a product reads the other.
 */
export function areReadInTurn(loop: ForStatement, first: View, second: View): boolean {
  const [one, other] = [placeOf(loop, first), placeOf(loop, second)];
  if (!one || !other) return false;
  return one.outer < other.outer || (one.outer === other.outer && one.inner < other.inner);
}

/** Where the only product that reads a view stands in a loop's body, or in its gate there; undefined where several may. */
function placeOf(loop: ForStatement, view: View): { readonly outer: number; readonly inner: number } | undefined {
  const gate = gateOf(loop, view);
  if (gate && gate.cases.full !== gate.cases.partial) return undefined;
  const { statements } = gate ? gate.cases.partial : loop.body;
  const readers = statements.flatMap((each, n) => (readsView([each], view) ? [n] : []));
  const [only] = readers;
  if (readers.length !== 1 || statements[only!]!.statement !== 'let') return undefined;
  return gate ? { outer: loop.body.statements.indexOf(gate), inner: only! } : { outer: only!, inner: 0 };
}
