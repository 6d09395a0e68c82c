// Which nodes become kernels of their own and which are computed where they are read.
// A map, fill or dot product is fused into its reader when it is read at the reader's own indices and nothing is computed
// more often than before, or next to nothing is.
import {
  type Accumulate,
  type Axis,
  type Expression,
  type Graph,
  heightOf,
  MOST_HEIGHT,
  type Node,
  type OperationName,
  parts,
  type Read,
  staticSize,
  topological,
} from '../../src/ir/index.js';
import { type Element, elementOf } from './elements.js';
import { isTabulated } from './tables.js';

/** What a variable runs over: an axis, or a number of entries from 0. */
type Extent = Axis | number;
type Scope = ReadonlyMap<string, Extent>;

/** One kernel that a node is computed in, with the kernel's name for each of the node's variables. */
interface Site {
  readonly kernel: Node;
  readonly names: ReadonlyMap<string, string>;
}

interface Use {
  readonly reader: Node;
  readonly read: Read;
  /** The reader's variable at each index; undefined where the node is read anywhere else than at own indices. */
  readonly names: readonly string[] | undefined;
}

export interface Fusion {
  /** The nodes with a kernel of their own, each after those that it reads. */
  readonly kernels: readonly Node[];
  readonly fused: ReadonlySet<Node>;
  readonly elements: ReadonlyMap<Node, Element>;
}

/** Operations of one element up to which a node may be computed several times rather than stored. */
const cheap = 12;
const transcendentalCost = 16;
const transcendental: ReadonlySet<OperationName> = new Set<OperationName>([
  ...(['power', 'arcTangent2', 'cubeRoot', 'exponential', 'exponentialMinusOne', 'exponentialDifference'] as const),
  ...(['logarithm', 'logarithm2', 'logarithm10', 'logarithmOnePlus', 'sine', 'cosine', 'tangent'] as const),
  ...(['arcSine', 'arcCosine', 'arcTangent', 'hyperbolicSine', 'hyperbolicCosine', 'hyperbolicTangent'] as const),
]);

export function planFusion(graph: Graph): Fusion {
  const nodes = topological(graph);
  const outputs = new Set(graph.outputs.map(({ node }) => node));
  const elements = new Map(nodes.map((node) => [node, elementOf(node)]));
  const uses = new Map<Node, Use[]>(nodes.map((node) => [node, []]));
  for (const reader of nodes) {
    if (reader.op === 'tensor') continue;
    for (const use of usesBy(reader, elements.get(reader)!)) uses.get(use.read.source)!.push(use);
  }

  const elementValue = (node: Node): Expression => elements.get(node)!.value;

  // Fixed whatever else is decided: what loops over axes, what is asked for, what is read elsewhere than at own indices.
  const stored = (node: Node): boolean =>
    outputs.has(node) ||
    elements.get(node)!.over.length > 0 ||
    elements.get(node)!.monoid !== undefined ||
    uses.get(node)!.some(({ names }) => names === undefined);
  const costs = new Map<Node, number>();
  const costOfRead = (source: Node): number => (source.op === 'tensor' || stored(source) ? 1 : costs.get(source)!);
  for (const node of nodes) costs.set(node, costOf(elementValue(node), costOfRead));

  const fused = new Set<Node>();
  const sites = new Map<Node, readonly Site[]>();
  // Levels of a kernel's expression down to the end of a node's own: chains of nodes may be longer than any stack.
  const levels = new Map<Node, number>();
  for (const node of [...nodes].reverse()) {
    if (node.op === 'tensor') continue;
    const readers = uses
      .get(node)!
      .map(({ reader }) => (fused.has(reader) ? levels.get(reader)! : heightOf(elementValue(reader))));
    const deepest = Math.max(0, ...readers) + heightOf(elementValue(node));
    levels.set(node, deepest);
    const found = uses.get(node)!.flatMap((use) => sitesThrough(use, elements.get(node)!, fused, sites));
    const mayFuse = !stored(node) && deepest <= MOST_HEIGHT;
    if (mayFuse && (costs.get(node)! <= cheap || isComputedOnce(found, elements))) {
      fused.add(node);
      sites.set(node, found);
    }
  }
  const kernels = nodes.filter((node) => outputs.has(node) || (node.op !== 'tensor' && !fused.has(node)));
  return { kernels, fused, elements };
}

/** The kernels that compute a node if `use` of it is fused: the reader, or wherever the reader itself is computed. */
function sitesThrough(
  { reader, names }: Use,
  { variables }: Element,
  fused: ReadonlySet<Node>,
  sites: ReadonlyMap<Node, readonly Site[]>,
): readonly Site[] {
  const own = new Map(names?.map((name, axis) => [variables[axis]!, name]));
  if (!fused.has(reader)) return [{ kernel: reader, names: own }];
  return sites.get(reader)!.map((site) => ({
    kernel: site.kernel,
    names: new Map([...own].map(([variable, name]) => [variable, site.names.get(name) ?? name])),
  }));
}

/** Whether all sites are one kernel that computes each element of the node once. */
function isComputedOnce(sites: readonly Site[], elements: ReadonlyMap<Node, Element>): boolean {
  const kernels = new Set(sites.map(({ kernel }) => kernel));
  if (kernels.size !== 1) return false;
  const [kernel] = kernels;
  const { variables, monoid } = elements.get(kernel!)!;
  // A log-sum-exp runs over its values twice: for their maximum and for their sum.
  if (monoid === 'logSumExp') return false;
  return sites.every(({ names }) => {
    const used = new Set(names.values());
    return variables.every((name, axis) => used.has(name) || staticSize(kernel!.domain[axis]!) === 1);
  });
}

function usesBy(reader: Node, { variables, over, value }: Element): readonly Use[] {
  const scope = new Map<string, Extent>(variables.map((name, axis) => [name, reader.domain[axis]!]));
  for (const { variable, axis } of over) scope.set(variable, axis);
  const found: Use[] = [];
  const visit = (expression: Expression, around: Scope, seen: Set<Expression>): void => {
    if (seen.has(expression)) return;
    seen.add(expression);
    if (expression.kind === 'read') found.push({ reader, read: expression, names: ownNames(expression, around) });
    if (expression.kind === 'accumulate') visit(expression.body, scopeInside(expression, around), new Set());
    else for (const part of parts(expression)) visit(part, around, seen);
  };
  visit(value, scope, new Set());
  return found;
}

function scopeInside({ counters }: Accumulate, around: Scope): Scope {
  return new Map<string, Extent>([...around, ...counters.map(({ name, extent }) => [name, extent] as const)]);
}

/** The variables that `read` is indexed by, if each is one that runs over exactly the axis it stands at. */
function ownNames({ source, index }: Read, scope: Scope): readonly string[] | undefined {
  const names = index.map((each) => (each.kind === 'variable' ? each.name : undefined));
  if (new Set(names).size < names.length) return undefined;
  const own = names.every((name, axis) => name !== undefined && runsOver(scope.get(name), source.domain[axis]!));
  return own ? (names as readonly string[]) : undefined;
}

function runsOver(extent: Extent | undefined, axis: Axis): boolean {
  if (extent === undefined) return false;
  const size = staticSize(axis);
  if (typeof extent === 'number') return extent === size;
  return size === undefined ? extent.kind === axis.kind : staticSize(extent) === size;
}

/** Operations of one element, counting shared parts once and parts of a sum as often as it runs. */
function costOf(root: Expression, costOfRead: (source: Node) => number): number {
  const seen = new Set<Expression>();
  const visit = (expression: Expression): number => {
    if (seen.has(expression)) return 0;
    seen.add(expression);
    if (isTabulated(expression)) return 1;
    const below = parts(expression).reduce((sum, part) => sum + visit(part), 0);
    switch (expression.kind) {
      case 'constant':
      case 'variable':
      case 'length':
        return 0;
      case 'read':
        return below + costOfRead(expression.source);
      case 'apply':
        return below + (transcendental.has(expression.operation) ? transcendentalCost : 1);
      case 'accumulate':
        return expression.counters.reduce((times, { extent }) => times * extent, 1) * (below + 1);
    }
  };
  return visit(root);
}
