// Whether what a row gives depends on positions after its own. Where nothing does, a sequence may be cut behind any row: the rows up
// to there stay as they are, bit for bit. Masks decide it, by interval arithmetic over keys that are later than their query.
import { affine, fromAffine } from '../affine.js';
import type { AxisKind } from '../axis.js';
import { apply, type Expression, integer, type Read, substitute, variable } from '../expression.js';
import { followedKinds, offsetOf } from '../footprint/offset.js';
import { type Graph, topological } from '../graph.js';
import type { Node } from '../node.js';
import type { OperationName } from '../operations.js';
import { type Range, rangeOf } from '../ranges.js';
import { boundAxes, rootsOf, type Surroundings, visitParts } from '../roots.js';
import { constantValue } from './constant-value.js';

/**
 * Why a sequence may not be cut behind any row: what depends on later positions, in words. Undefined where nothing that row i
 * gives depends on queries, keys or positions after i. Never undefined where something does; a mask that hides later keys
 * by what its tables hold is taken to show them.
 */
export function laterDependence(graph: Pick<Graph, 'inputs' | 'outputs'>): string | undefined {
  for (const { name, node } of graph.outputs) {
    if (!has(node, 'query') || has(node, 'key')) return `the output ${name} is not one of rows of queries alone`;
  }
  for (const node of topological({ inputs: [], outputs: graph.outputs })) {
    const why = node.op === 'tensor' ? undefined : (problemOfSums(node) ?? problemOfReads(node));
    if (why !== undefined) return why;
  }
  return undefined;
}

const has = ({ domain }: Node, kind: AxisKind): boolean => domain.some((axis) => axis.kind === kind);
const isOverBoth = (node: Node): boolean => has(node, 'query') && has(node, 'key');
const called = ({ label, op }: Node): string => (label === undefined ? `a ${op}` : `\`${label}\``);

// ── Sums ────────────────────────────────────────────────────────────────────────────────────────────

const neutral = { sum: 0, max: Number.NEGATIVE_INFINITY, logSumExp: Number.NEGATIVE_INFINITY } as const;
const shown = 'no mask is known to hide the keys after a row from its sums';

/** Terms of a sum over keys must be the neutral one wherever the key is later than the row. */
function problemOfSums(node: Node): string | undefined {
  if (node.op === 'contract') {
    if (node.over === 'query') return `${called(node)} sums over queries`;
    return laterValue(node.weights) === 0 ? undefined : shown;
  }
  if (node.op !== 'reduce' && node.op !== 'bin') return undefined;
  const over = node.op === 'reduce' ? node.over : node.iterate;
  const kinds = over.map(({ axis }) => axis.kind);
  if (kinds.includes('query') || kinds.includes('position')) return `${called(node)} sums over positions`;
  if (!kinds.includes('key')) return undefined;
  if (node.op === 'bin' || !has(node, 'query')) return `${called(node)} sums over all keys`;
  return valueLater(node, node.value) === neutral[node.monoid] ? undefined : shown;
}

// ── Reads ───────────────────────────────────────────────────────────────────────────────────────────

/** What is read for the row i and the key j must stand at positions up to the later of the two as well. */
function problemOfReads(node: Node): string | undefined {
  let why: string | undefined;
  for (const { role, expression, surroundings } of rootsOf(node)) {
    if (role === 'initial') continue;
    visitParts(expression, surroundings, (part, around) => {
      if (part.kind === 'length' && part.of !== 'batch')
        why ??= `${called(node)} depends on how many positions there are`;
      if (part.kind === 'read') why ??= problemOfRead(part, node, around);
    });
  }
  return why;
}

function problemOfRead({ source, index }: Read, reader: Node, around: Surroundings): string | undefined {
  const offsets = offsetsOf(source, index, around);
  if (offsets === undefined) return `${called(reader)} reads ${called(source)} at a place that does not follow its row`;
  const { query, key } = offsets;
  if (query !== undefined && query.high > 0) return `${called(reader)} reads ${called(source)} at later rows`;
  if (key === undefined || key.high <= 0) return undefined;
  // Outside of the matrix a read is 0: it is the same there and beyond a cut.
  return laterValue(source) === 0 ? undefined : `${called(reader)} reads ${called(source)} at later keys`;
}

/** How far from the row, and from the key, a read is; undefined where it follows neither. Position 0 is there in every call. */
function offsetsOf(
  source: Node,
  index: readonly Expression[],
  around: Surroundings,
): { readonly query?: Range; readonly key?: Range } | undefined {
  const found: { query?: Range; key?: Range } = {};
  for (const [n, { kind }] of source.domain.entries()) {
    if (kind !== 'query' && kind !== 'key' && kind !== 'position') continue;
    const offset = offsetOf(index[n]!, followedKinds[kind] ?? ['query', 'key'], around);
    if (offset === undefined) {
      const { low, high } = rangeOf(index[n]!, around);
      if (low === 0 && high === 0) continue;
      return undefined;
    }
    const axis = around.axes.get(offset.variable)!.kind;
    if (axis !== 'query' && axis !== 'key') return undefined;
    const known = found[axis];
    found[axis] = known
      ? { low: Math.min(known.low, offset.range.low), high: Math.max(known.high, offset.range.high) }
      : offset.range;
  }
  return found;
}

// ── What stands at later keys ───────────────────────────────────────────────────────────────────────

const laterValues = new WeakMap<Node, { readonly value: number | undefined }>();

/** The number that a value over queries and keys is wherever its key is later than its row; undefined where it may be several. */
function laterValue(node: Node): number | undefined {
  let known = laterValues.get(node);
  if (known === undefined) {
    known = { value: isOverBoth(node) ? findLater(node) : undefined };
    laterValues.set(node, known);
  }
  return known.value;
}

function findLater(node: Node): number | undefined {
  if (node.op === 'map') return valueLater(node, node.value);
  if (node.op !== 'fill') return undefined;
  const isShown = conditionLater(node, node.mask);
  if (isShown === 0) return node.otherwise;
  const inner = laterValue(node.value);
  return isShown === 1 || inner === node.otherwise ? inner : undefined;
}

/** What an expression of a node is where the key, the node's own or the one that it sums over, is later than the row. */
function valueLater(node: Node, expression: Expression): number | undefined {
  const [root] = rootsOf(node);
  const around = new Map<Read, Surroundings>();
  for (const { expression: each, surroundings } of root ? [root] : []) {
    visitParts(each, surroundings, (part, at) => {
      if (part.kind === 'read') around.set(part, at);
    });
  }
  return constantValue(expression, {
    read: (read) => readLater(read, node, around.get(read)),
    condition: (part) => conditionLater(node, part),
  });
}

function readLater({ source, index }: Read, reader: Node, around: Surroundings | undefined): number | undefined {
  if (around === undefined || !isOverBoth(source)) return undefined;
  const { query, key } = offsetsOf(source, index, around) ?? {};
  // Later than its own row for every reader whose key is.
  if (query === undefined || key === undefined || key.low < query.high) return undefined;
  const value = laterValue(source);
  const isInPlace = [query.low, query.high, key.low, key.high].every((offset) => offset === 0);
  return value === 0 || (isInPlace && isOwnHead(source, index, reader)) ? value : undefined;
}

/** Whether no head is read that is not there. */
function isOwnHead(source: Node, index: readonly Expression[], reader: Node): boolean {
  const [at, own] = [source, reader].map(({ domain }) => domain.findIndex(({ kind }) => kind === 'head'));
  if (at! < 0) return true;
  const [axis, other] = [source.domain[at!]!, reader.domain[own!]];
  const head = index[at!]!;
  return (
    head.kind === 'variable' &&
    head.name === 'h' &&
    'size' in axis &&
    other !== undefined &&
    'size' in other &&
    axis.size === other.size
  );
}

// ── Conditions ──────────────────────────────────────────────────────────────────────────────────────

/** How much later than the row the key is, less one: a natural number. */
const LATER = 'later';

/** Whether a condition holds, as 0 or 1, for every row and every later key; undefined where it holds for some. */
function conditionLater(node: Node, condition: Expression): number | undefined {
  const axes = boundAxes(node);
  const nameOf = (kind: AxisKind): string | undefined => axes.find(([, axis]) => axis.kind === kind)?.[0];
  const [row, key] = [nameOf('query'), nameOf('key')];
  if (row === undefined || key === undefined) return undefined;
  const later = apply('add', apply('add', variable(row), integer(1)), variable(LATER));
  const surroundings: Surroundings = {
    axes: new Map([...axes.filter(([name]) => name !== key), [LATER, { kind: 'key' }]]),
    counters: new Map(),
  };
  return truthOf(substitute(condition, new Map([[key, later]])), surroundings);
}

function truthOf(condition: Expression, surroundings: Surroundings): number | undefined {
  if (condition.kind === 'constant') return condition.value;
  if (condition.kind !== 'apply') return undefined;
  const { operation, operands } = condition;
  const parts = (): readonly (number | undefined)[] => operands.map((part) => truthOf(part, surroundings));
  switch (operation) {
    case 'not': {
      const [part] = parts();
      return part === undefined ? undefined : 1 - part;
    }
    case 'and':
      return parts().includes(0) ? 0 : parts().every((part) => part === 1) ? 1 : undefined;
    case 'or':
      return parts().includes(1) ? 1 : parts().every((part) => part === 0) ? 0 : undefined;
    case 'select': {
      const [which, one, other] = parts();
      if (which !== undefined) return which === 1 ? one : other;
      return one === other ? one : undefined;
    }
    default:
      return comparisonTruth(operation, operands, surroundings);
  }
}

/** When a comparison of x with y holds for all differences x − y of a range, and when for none. */
const comparisons: Partial<
  Record<OperationName, { readonly holds: (range: Range) => boolean; readonly fails: (range: Range) => boolean }>
> = {
  less: { holds: ({ high }) => high < 0, fails: ({ low }) => low >= 0 },
  lessOrEqual: { holds: ({ high }) => high <= 0, fails: ({ low }) => low > 0 },
  greater: { holds: ({ low }) => low > 0, fails: ({ high }) => high <= 0 },
  greaterOrEqual: { holds: ({ low }) => low >= 0, fails: ({ high }) => high < 0 },
  equal: { holds: ({ low, high }) => low === 0 && high === 0, fails: ({ low, high }) => low > 0 || high < 0 },
  notEqual: { holds: ({ low, high }) => low > 0 || high < 0, fails: ({ low, high }) => low === 0 && high === 0 },
};

function comparisonTruth(
  operation: OperationName,
  operands: readonly Expression[],
  surroundings: Surroundings,
): number | undefined {
  const comparison = comparisons[operation];
  const [x, y] = operands;
  if (comparison === undefined || x?.type !== 'int' || y?.type !== 'int') return undefined;
  // As a sum, so that the row falls out of the difference of a key and a row.
  const difference = affine(apply('subtract', x, y));
  if (difference === undefined) return undefined;
  const range = rangeOf(fromAffine(difference), surroundings);
  if (comparison.holds(range)) return 1;
  return comparison.fails(range) ? 0 : undefined;
}
