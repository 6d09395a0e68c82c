// Slots of positions: an index that is the position of its axis plus a bounded constant, and why another one is not.
// A refusal names the index by the name that the arrow gave it, and what decides the position that was written.
import type { ts } from 'ts-morph';
import type { PositionFault } from '../../src/diagnostics/catalogue/positions.js';
import { type AxisKind, type Expression, freeVariables, offsetOf, subexpressions } from '../../src/ir/index.js';
import type { Evaluation } from './evaluation.js';
import { kindOf } from './index-kinds.js';
import { shortText } from './symbolic.js';

type PositionCode = 'HD1013' | 'HD1014' | 'HD1047';

/** Refuses an index of `what` that is not the position of one of these axes, plus constants and counters of sums. */
export const positionSlot =
  (code: PositionCode, kinds: readonly AxisKind[]) =>
  (index: Expression, what: string, site: ts.Node, evaluation: Evaluation): void => {
    const { surroundings } = evaluation;
    const offset = offsetOf(index, kinds, surroundings);
    if (offset && [...freeVariables(offset.by)].every((name) => surroundings.counters.has(name))) return;
    evaluation.fail(site, code, {
      what,
      text: shortText(site),
      fault: faultOf(index, kinds, evaluation),
      index: nameOf(kinds, evaluation),
      isTensor: what.startsWith('the tensor '),
    });
  };

function faultOf(index: Expression, kinds: readonly AxisKind[], evaluation: Evaluation): PositionFault {
  const { axes, counters } = evaluation.surroundings;
  if (![...axes.values()].some(({ kind }) => kinds.includes(kind))) return 'no key';
  const parts = subexpressions(index);
  if (parts.some(({ kind }) => kind === 'read')) return 'data';
  if (kindOf(index, evaluation) === 'position') return 'other axis';
  if (parts.some(({ kind }) => kind === 'length')) return 'length';
  const variables = [...freeVariables(index)];
  if (variables.length === 0) return 'fixed';
  return variables.every((name) => counters.has(name)) ? 'counter' : 'moved';
}

/** What the arrow under way calls its index of one of these axes. */
function nameOf(kinds: readonly AxisKind[], { element }: Evaluation): string | undefined {
  const names = kinds.flatMap((kind) => element?.names.get(kind) ?? []);
  return names.length === 0 ? undefined : names.join(' or ');
}
