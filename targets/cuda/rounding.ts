// Whether a program of 16 bits rounds more often than the spec's own evaluation would: weights that are sums over heads, whose
// terms meet the values one by one, are rounded term by term. Where terms cancel, what each was rounded by is left over.
import type { TileOperation } from '../../codegen/tile/operations.js';
import { type Block, caseBlocks, type Statement, type TileProgram } from '../../codegen/tile/program.js';
import type { Tile, Value, View } from '../../codegen/tile/types.js';
import { freeVariables, readsOf } from '../../src/ir/index.js';
import { sameView } from '../shared/layout/views.js';
import { kernelsOf } from '../shared/tile/program.js';

/** Weights that were rounded, and what they were multiplied with. */
interface Rounded {
  readonly weights: Tile;
  readonly view: View;
}

/** Whether terms of one sum are rounded before they are added. `program` says where it rounds. */
export const roundsTerms = (program: TileProgram): boolean =>
  kernelsOf(program).some(({ kernel }) => {
    const all = roundedIn(kernel.body, new Map());
    return all.some(({ weights, view }, n) =>
      all.some((other, m) => m > n && other.weights !== weights && sameView(other.view, view)),
    );
  });

const roundedIn = ({ statements }: Block, made: Map<Value, TileOperation>): readonly Rounded[] =>
  statements.flatMap((statement) => roundedBy(statement, made));

/** What a statement multiplies; of the cases of a switch, of which one is taken, the one that does most. */
function roundedBy(statement: Statement, made: Map<Value, TileOperation>): readonly Rounded[] {
  switch (statement.statement) {
    case 'store':
      return [];
    case 'for':
      return roundedIn(statement.body, made);
    case 'switch': {
      const cases = [...caseBlocks(statement).keys()].map((block) => roundedIn(block, made));
      return cases.reduce((most, each) => (each.length > most.length ? each : most), []);
    }
    case 'let': {
      const { value, operation } = statement;
      made.set(value, operation);
      if (operation.op !== 'matmul' || operation.over !== 'key') return [];
      const { left, right } = operation;
      const cast = left.kind === 'tile' ? made.get(left) : undefined;
      if (cast?.op !== 'cast' || right.kind !== 'view' || !isTerm(made.get(cast.tile))) return [];
      return [{ weights: cast.tile, view: right }];
    }
  }
}

/**
 * Whether a tile is weights times what depends on the key. Factors that do not scale all keys alike: rounding them is what
 * evaluations do with the weights of a softmax.
 */
const isTerm = (operation: TileOperation | undefined): boolean =>
  operation?.op === 'map' &&
  (operation.operands.some(({ axes }) => axes.length === 1 && axes[0]!.kind === 'key') ||
    readsOf(operation.value).some(
      ({ type, index }) => type === 'float' && index.some((each) => freeVariables(each).has('j')),
    ));
