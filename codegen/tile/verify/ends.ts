// Where rings end, as far as scalars tell: after a push at the end of the pushed tile, round a loop where its body pushes
// next. An end that cannot be told is left to the tile interpreter.
import { substitute } from '../../../src/ir/index.js';
import type { TileOperation } from '../operations.js';
import {
  type Block,
  caseBlocks,
  type ForStatement,
  type Kernel,
  type Statement,
  type SwitchStatement,
} from '../program.js';
import { difference, plus } from '../scalars.js';
import { printScalar } from '../text/boxes.js';
import { axisOfKind, type Ring, type Scalar, type Value } from '../types.js';

export interface RingEnds {
  /** The end of each ring whose end is known. */
  readonly ends: ReadonlyMap<Value, Scalar>;
  readonly faults: readonly { readonly statement: Statement; readonly why: string }[];
}

/** The ends of a kernel's rings, and the pushes, loops and switches that do not continue them. */
export function ringEnds(kernel: Kernel): RingEnds {
  const ends = new Map<Value, Scalar>();
  const faults: { statement: Statement; why: string }[] = [];

  /** Reports two ends that must be one; what cannot be compared is not reported. */
  const demandSame = (
    statement: Statement,
    actual: Scalar | undefined,
    expected: Scalar | undefined,
    what: Sentence,
  ) => {
    if (!actual || !expected) return;
    const apart = difference(actual, expected);
    if (apart === undefined || apart === 0) return;
    faults.push({ statement, why: what(printScalar(actual), printScalar(expected)) });
  };

  const operation = (statement: Statement, value: Value, each: TileOperation): void => {
    if (each.op === 'ring') ends.set(value, each.end);
    if (each.op !== 'push') return;
    const along = axisOfKind(each.tile.axes, each.ring.axis);
    if (!along) return;
    demandSame(
      statement,
      along.origin,
      ends.get(each.ring),
      (starts, end) => `the tile starts at ${starts}, the ring ends at ${end}`,
    );
    ends.set(value, plus(along.origin, along.size));
  };

  const loop = (statement: ForStatement): void => {
    const { variable, from, step, carried, body } = statement;
    const at = (scalar: Scalar, place: Scalar): Scalar => substitute(scalar, new Map([[variable, place]]));
    const rings = carried.flatMap((each, n) =>
      each.inside.kind === 'ring' ? [{ ...each, inside: each.inside, n }] : [],
    );
    for (const { initial, inside } of rings) {
      const expected = pushedAt(inside, body) ?? ends.get(initial);
      if (!expected) continue;
      ends.set(inside, expected);
      demandSame(
        statement,
        ends.get(initial),
        at(expected, from),
        (end, first) => `the ring that goes in ends at ${end}, the first turn pushes at ${first}`,
      );
    }
    block(body);
    for (const { inside, n } of rings) {
      const [given, expected] = [body.yields[n], ends.get(inside)];
      if (!given || !expected) continue;
      const next = at(expected, plus(variable, step));
      demandSame(
        statement,
        ends.get(given),
        next,
        (end, pushed) => `a turn leaves the ring ending at ${end}, the next pushes at ${pushed}`,
      );
    }
  };

  const choice = (statement: SwitchStatement): void => {
    const { cases, results } = statement;
    for (const each of caseBlocks(statement).keys()) block(each);
    for (const [n, result] of results.entries()) {
      if (result.kind !== 'ring') continue;
      const [first, ...others] = Object.values(cases).map(({ yields }) => yields[n] && ends.get(yields[n]));
      for (const other of others) {
        demandSame(statement, other, first, (one, another) => `cases leave a ring ending at ${one} and at ${another}`);
      }
      const isOne = first && others.every((other) => other && difference(other, first) === 0);
      if (isOne) ends.set(result, first);
    }
  };

  const block = ({ statements }: Block): void => {
    for (const statement of statements) {
      if (statement.statement === 'let') operation(statement, statement.value, statement.operation);
      else if (statement.statement === 'for') loop(statement);
      else if (statement.statement === 'switch') choice(statement);
    }
  };

  block(kernel.body);
  return { ends, faults };
}

type Sentence = (actual: string, expected: string) => string;

/**
 * Where the first push onto `ring` in a block starts, in terms of the scalars at the start of the block; undefined where
 * it is never pushed there.
 */
function pushedAt(ring: Ring, block: Block): Scalar | undefined {
  for (const statement of block.statements) {
    const found = pushIn(statement, ring);
    if (found) return found;
  }
  return undefined;
}

function pushIn(statement: Statement, ring: Ring): Scalar | undefined {
  switch (statement.statement) {
    case 'store':
      return undefined;
    case 'let': {
      const { operation } = statement;
      const isPush = operation.op === 'push' && operation.ring === ring;
      return isPush ? axisOfKind(operation.tile.axes, ring.axis)?.origin : undefined;
    }
    case 'switch':
      return Object.values(statement.cases)
        .map((each) => pushedAt(ring, each))
        .find((found) => found !== undefined);
    case 'for': {
      const taken = statement.carried.find(({ initial }) => initial === ring)?.inside;
      const first = taken?.kind === 'ring' ? pushedAt(taken, statement.body) : undefined;
      return first && substitute(first, new Map([[statement.variable, statement.from]]));
    }
  }
}
