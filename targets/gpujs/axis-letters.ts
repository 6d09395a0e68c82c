// What indices are called in emitted kernels: by a letter for the kind of axis that they run along.
// A counter is called as the axis that it indexes.
import { type AxisKind, axisLetters, type Expression, parts } from '../../src/ir/index.js';

/** As everywhere, but for extents: x is the innermost index of an array in gpu.js. */
export const letters: Readonly<Record<AxisKind, string>> = { ...axisLetters, extent: 'u' };

/** A letter for a counter: that of the axis which it indexes. */
export function counterLetter(name: string, body: Expression): string {
  const kind = axisIndexedBy(name, body);
  return kind === undefined || kind === 'head' ? 'n' : letters[kind];
}

function axisIndexedBy(name: string, expression: Expression): AxisKind | undefined {
  if (expression.kind === 'read') {
    const axis = expression.index.findIndex((each) => each.kind === 'variable' && each.name === name);
    if (axis >= 0) return expression.source.domain[axis]!.kind;
  }
  for (const part of parts(expression)) {
    const found = axisIndexedBy(name, part);
    if (found !== undefined) return found;
  }
  return undefined;
}
