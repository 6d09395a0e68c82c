// How many registers the tiles of a kernel take at once: each from where it is made to where it is used last. Values that a
// loop or switch hands on share their registers.
import type { TileOperation } from '../../../codegen/tile/operations.js';
import { elementwiseOperands, valuesOf } from '../../../codegen/tile/operations.js';
import type { Block, Kernel, Statement } from '../../../codegen/tile/program.js';
import type { Tile, Value } from '../../../codegen/tile/types.js';
import { handedOn, innerBlocks, statementsOf } from '../../../codegen/tile/walk.js';

/** Where statements stand in the text, and what tiles take of a thread. */
interface PressurePlan {
  readonly kernel: Kernel;
  positionOf(statement: Statement): number;
  endOf(statement: Statement): number;
  registersOf(tile: Tile): number;
}

interface Life {
  from: number;
  to: number;
  size: number;
}

/** The most registers that tiles take in a thread at any statement. */
export function mostRegisters(plan: PressurePlan): number {
  const lives = livesOf(plan);
  const changes: [position: number, by: number][] = [];
  for (const { from, to, size } of lives) changes.push([from, size], [to + 0.5, -size]);
  changes.sort(([one], [other]) => one - other);
  let [now, most] = [0, 0];
  for (const [, by] of changes) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

function livesOf(plan: PressurePlan): Iterable<Life> {
  const groups = new Map<Value, Life>();
  const touch = (value: Value, position: number, loopsAround: readonly Statement[], made: Map<Value, number>): void => {
    if (value.kind !== 'tile') return;
    let life = groups.get(value);
    if (!life) {
      life = { from: position, to: position, size: constants.has(value) ? 0 : plan.registersOf(value) };
      groups.set(value, life);
      made.set(value, loopsAround.length);
    }
    // What comes from outside of a loop is in use until the loop ends.
    const entered = loopsAround[made.get(value)!];
    const until = entered ? plan.endOf(entered) : position;
    life.from = Math.min(life.from, position);
    life.to = Math.max(life.to, until);
  };
  const made = new Map<Value, number>();
  const last = lastReads(plan);
  const constants = constantsOf(plan);
  const visit = (block: Block, loops: readonly Statement[]): void => {
    for (const statement of block.statements) {
      const position = plan.positionOf(statement);
      if (statement.statement === 'let') {
        for (const each of valuesOf(statement.operation)) touch(each, position, loops, made);
        touch(statement.value, position, loops, made);
        for (const each of inPlace(plan, statement.operation, statement.value)) {
          if (last.get(each) === position) unite(groups, each, statement.value, position, position);
        }
      } else if (statement.statement === 'store') touch(statement.tile, position, loops, made);
      const inside = statement.statement === 'for' ? [...loops, statement] : loops;
      if (statement.statement === 'for')
        for (const { inside: each } of statement.carried) touch(each, position, inside, made);
      for (const inner of innerBlocks(statement)) visit(inner, inside);
      for (const [place, given] of sharedPlaces(statement, constants)) {
        unite(groups, place, given, position, plan.endOf(statement));
      }
    }
  };
  visit(plan.kernel.body, []);
  return new Set(groups.values());
}

/** Tiles of one number: it stands in the instructions that take it, and in no register. */
const constantsOf = (plan: PressurePlan): ReadonlySet<Value> =>
  new Set(
    statementsOf(plan.kernel.body).flatMap((each) =>
      each.statement === 'let' && each.operation.op === 'constant' ? [each.value] : [],
    ),
  );

/** What a loop or switch hands on that needs no place beside what it becomes: what becomes two things is copied to one of them. */
function sharedPlaces(statement: Statement, constants: ReadonlySet<Value>): readonly (readonly [Value, Value])[] {
  const given = new Set<Value>();
  return handedOn(statement).filter(([place, each]) => {
    const isCopied = constants.has(each) || (place !== each && given.has(each));
    given.add(each);
    return !isCopied;
  });
}

/** Operands whose registers a result may take when nobody reads them any more: entry by entry, one is made of the other. */
function inPlace(plan: PressurePlan, operation: TileOperation, value: Value): readonly Value[] {
  if (value.kind !== 'tile') return [];
  const operands = operation.op === 'matmul' ? [operation.accumulator] : elementwiseOperands(operation);
  const first = operands.find((each) => each && plan.registersOf(each) === plan.registersOf(value));
  return first ? [first] : [];
}

/** The position at which each value is read last, in the order of the text; what is yielded is read at the end. */
function lastReads(plan: PressurePlan): ReadonlyMap<Value, number> {
  const last = new Map<Value, number>();
  const visit = (block: Block, end: number): void => {
    for (const statement of block.statements) {
      const position = plan.positionOf(statement);
      if (statement.statement === 'let') {
        for (const each of valuesOf(statement.operation)) last.set(each, position);
      }
      if (statement.statement === 'store') last.set(statement.tile, position);
      if (statement.statement === 'for') for (const { initial } of statement.carried) last.set(initial, position);
      for (const inner of innerBlocks(statement)) visit(inner, plan.endOf(statement));
    }
    for (const each of block.yields) last.set(each, end);
  };
  visit(plan.kernel.body, Number.POSITIVE_INFINITY);
  return last;
}

/** Two values that are handed on have one place; it is in use from the first to the last of them. */
function unite(groups: Map<Value, Life>, one: Value, other: Value, from: number, to: number): void {
  const [first, second] = [groups.get(one), groups.get(other)];
  const kept = first ?? second;
  if (!kept) return;
  kept.from = Math.min(kept.from, second?.from ?? from, from);
  kept.to = Math.max(kept.to, second?.to ?? to, to);
  groups.set(one, kept);
  if (second && second !== kept) for (const [value, life] of groups) if (life === second) groups.set(value, kept);
  groups.set(other, kept);
}
