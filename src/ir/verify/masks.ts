// Rule: the mask of a fill is a predicate of b, h, i and j, and of tensors at them: never of scores or rows.
// Schedules decide by it which tiles to visit, before any score is known.
import type { AxisKind } from '../axis.js';
import type { NodeRule } from './rule.js';

const maskKinds: ReadonlySet<AxisKind> = new Set(['batch', 'head', 'query', 'key']);

export const masksArePredicates: NodeRule = (node, report) => {
  if (node.op !== 'fill') return;
  report.visit((part, { axes, counters }) => {
    if (part.kind === 'read' && part.source.op !== 'tensor') {
      report.violation('HD5007', { what: report.nameOf(part.source) });
    }
    if (part.kind !== 'variable' || counters.has(part.name)) return;
    const axis = axes.get(part.name);
    if (axis && !maskKinds.has(axis.kind)) report.violation('HD5007', { what: `the ${axis.kind} index ${part.name}` });
  });
};
