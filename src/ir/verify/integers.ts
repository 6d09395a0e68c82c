// Rule: integer arithmetic stays within what kernels of 32 bits compute exactly, as far as ranges tell.
// Sums and products may leave 32 bits a little: targets let them saturate, so that a read there is outside of everything.
import { integerOverflow } from '../ranges.js';
import type { NodeRule } from './rule.js';

export const integersStayWithin: NodeRule = (_, report) => {
  report.visit((part, surroundings) => {
    const overflow = integerOverflow(part, surroundings);
    if (overflow) report.violation('HD5020', { text: `${overflow.of}${report.textOf(part)}`, ...overflow.range });
  });
};
