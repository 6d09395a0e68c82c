// Rule: a domain has at most one batch, query and key axis and whole sizes; a map over rows or columns of features is a
// rowmap; what a node iterates over has variables of its own, and a bin has an index for each axis.
import { type Axis, type Domain, domainVariables, staticSize } from '../axis.js';
import { LARGEST_EXTENT, MOST_FEATURES, MOST_HEADS } from '../limits.js';
import type { IterationAxis, Node } from '../node.js';
import { printDomain } from '../text/print.js';
import { isIdentifier, reservedWords } from '../text/spelling.js';
import type { NodeReport, NodeRule } from './rule.js';

const largest: Partial<Record<Axis['kind'], number>> = {
  head: MOST_HEADS,
  feature: MOST_FEATURES,
  extent: LARGEST_EXTENT,
};

function sizeFault(axis: Axis): string | undefined {
  const most = largest[axis.kind];
  const size = staticSize(axis);
  if (most === undefined)
    return size === undefined ? undefined : `the size of a ${axis.kind} axis is known only in a call`;
  const isWhole = size !== undefined && Number.isInteger(size) && size >= 1 && size <= most;
  return isWhole ? undefined : `a ${axis.kind} axis has the size ${size}, and sizes go from 1 to ${most}`;
}

function domainFault(domain: Domain): string | undefined {
  for (const kind of ['batch', 'query', 'key'] as const) {
    if (domain.filter((axis) => axis.kind === kind).length > 1) return `there is more than one ${kind} axis`;
  }
  return domain.map(sizeFault).find((fault) => fault !== undefined);
}

function shapeFault({ op, domain }: Node): string | undefined {
  if (op !== 'map' && op !== 'rowmap') return undefined;
  const kinds = new Set(domain.map(({ kind }) => kind));
  const hasFeatureRows = kinds.has('feature') && (kinds.has('query') || kinds.has('key'));
  if (op === 'map') return hasFeatureRows ? 'rows of features are the domain of a rowmap' : undefined;
  return hasFeatureRows ? undefined : 'a rowmap is over rows or columns of features';
}

export const domainsAreWellFormed: NodeRule = (node, report) => {
  for (const why of [domainFault(node.domain), shapeFault(node)]) {
    if (why !== undefined) report.violation('HD5015', { domain: printDomain(node.domain), why });
  }
  if (node.op === 'reduce') checkIteration(node.over, domainVariables(node.domain), report);
  if (node.op === 'bin') {
    checkIteration(node.iterate, [], report);
    if (node.index.length !== node.domain.length) {
      const { length: actual } = node.index;
      report.violation('HD5003', { source: 'its own domain', expected: node.domain.length, actual });
    }
  }
};

function checkIteration(iteration: readonly IterationAxis[], kept: readonly string[], report: NodeReport): void {
  const taken = new Set(kept);
  for (const { variable, axis } of iteration) {
    if (taken.has(variable)) report.violation('HD5010', { variable, why: 'is the variable of another axis' });
    taken.add(variable);
    if (!isIdentifier(variable) || reservedWords.has(variable) || /^c\d+$/.test(variable)) {
      report.violation('HD5010', { variable, why: 'is no name for an index variable' });
    }
    const why = sizeFault(axis);
    if (why !== undefined) report.violation('HD5015', { domain: printDomain([axis]), why });
  }
}
