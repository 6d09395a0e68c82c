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
  /** Where both are one and the same type: a store writes no more for it. */
  const note = (copy: Value, original: Value | undefined): void => {
    if (original === undefined) return;
    const value = originalOf(original);
    if (disagreement(copy, value) === undefined && disagreement(value, copy) === undefined) originals.set(copy, value);
  };
  const visit = (statement: Statement): void => {
    if (statement.statement === 'let') note(statement.value, copiedBy(statement.operation));
    if (statement.statement === 'for') {
      for (const [n, { initial, inside, after }] of statement.carried.entries()) {
        if (statement.body.yields[n] !== inside) continue;
        note(inside, initial);
        // Both or neither: a loop carries a value whole.
        if (originals.has(inside)) note(after, initial);
        if (!originals.has(after)) originals.delete(inside);
      }
    }
    for (const block of innerBlocks(statement)) block.statements.forEach(visit);
    if (statement.statement === 'switch') {
      const blocks = [...caseBlocks(statement).keys()];
      for (const [n, result] of statement.results.entries()) {
        const [first, ...others] = blocks.map(({ yields }) => originalOf(yields[n]!));
        if (first && others.every((other) => other === first)) note(result, first);
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
      return operation.tile;
    case 'relabel':
      return operation.tile;
    default:
      return undefined;
  }
}
