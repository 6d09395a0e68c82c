// Drop copies: a map that is only its operand, a cast and a relabel that change nothing, a carried value that every turn
// leaves as it is, what all cases of a switch give alike, and a switch whose cases are one block.
import { operandIndex } from '../elements.js';
import type { TileOperation } from '../operations.js';
import { type Block, caseBlocks, type Kernel, type Statement } from '../program.js';
import type { Value } from '../types.js';
import { disagreement } from '../verify/agreement.js';
import { innerBlocks } from '../walk.js';
import { eachKernel, type TilePass } from './pass.js';
import { rewriteKernel } from './rewrite.js';

export const dropCopies: TilePass = {
  name: 'drop copies',
  run: (program) => eachKernel(program, (kernel) => settled(kernel)),
};

/** A copy that is left out may leave another one: until none is left. */
function settled(kernel: Kernel): Kernel {
  for (let current = kernel; ; ) {
    const originals = originalsIn(current.body);
    const next = rewriteKernel(current, {
      keeps: (value) => !originals.has(value),
      value: <Kind extends Value>(value: Kind): Kind => (originals.get(value) ?? value) as Kind,
    });
    if (next === current) return current;
    current = next;
  }
}

/** What each copy is a copy of, which is none itself. */
function originalsIn(body: Block): ReadonlyMap<Value, Value> {
  const originals = new Map<Value, Value>();
  const originalOf = (value: Value): Value => originals.get(value) ?? value;
  /** Only what is of one and the same type is a copy: a store then writes no more for it. */
  const isCopy = (copy: Value, original: Value): boolean =>
    disagreement(copy, original) === undefined && disagreement(original, copy) === undefined;
  const note = (copy: Value, original: Value | undefined): void => {
    const value = original && originalOf(original);
    if (value && isCopy(copy, value)) originals.set(copy, value);
  };
  const visit = (statement: Statement): void => {
    if (statement.statement === 'let') note(statement.value, copiedBy(statement.operation));
    if (statement.statement === 'for') {
      for (const [n, { initial, inside, after }] of statement.carried.entries()) {
        // Both or neither: a loop carries a value whole.
        const areCopies = [inside, after].every((each) => isCopy(each, originalOf(initial)));
        if (statement.body.yields[n] === inside && areCopies) for (const each of [inside, after]) note(each, initial);
      }
    }
    for (const block of innerBlocks(statement)) block.statements.forEach(visit);
    if (statement.statement === 'switch') {
      const blocks = [...caseBlocks(statement).keys()];
      const given = statement.results.map((_, n) => blocks.map(({ yields }) => originalOf(yields[n]!)));
      // One block takes the place of the switch with all that it gives: what is made inside is not seen from behind it.
      const isStaying = blocks.length === 1 && statement.results.some((each, n) => !isCopy(each, given[n]![0]!));
      for (const [n, result] of statement.results.entries()) {
        const [first, ...others] = given[n]!;
        if (!isStaying && others.every((other) => other === first)) note(result, first);
      }
    }
  };
  body.statements.forEach(visit);
  return originals;
}

function copiedBy(operation: TileOperation): Value | undefined {
  switch (operation.op) {
    case 'map': {
      const { operands, value } = operation;
      return value.kind === 'read' ? operands[operandIndex(value.source) ?? -1] : undefined;
    }
    case 'cast':
    case 'relabel':
      return operation.tile;
    default:
      return undefined;
  }
}
