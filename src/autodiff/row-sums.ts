// Σ_j dA · A, which the derivative of a softmax needs of each row, from its output: where the weights go straight into a sum
// with v, it is Σ_d dO · O, a sum over features in place of a pass over all scores (FlashAttention, arXiv 2205.14135, appendix B.4).
import {
  accumulate,
  apply,
  domainVariables,
  type Expression,
  featuresOf,
  type Graph,
  isReadHere,
  mapNodeOver,
  type Node,
  type NodeOf,
  type Normaliser,
  normaliserOf,
  operandsIf,
  read,
  readHere,
  rewrite,
  sameExpression,
  topological,
  variable,
} from '../ir/index.js';

/** The gradient graph without those passes over the scores that its outputs make superfluous. */
export function withRowSums(graph: Graph): Graph {
  const nodes = topological(graph);
  const normalisers = nodes.flatMap((node) => normaliserOf(node) ?? []);
  const sums = nodes.filter((node): node is NodeOf<'contract'> => node.op === 'contract' && node.over === 'key');
  for (const node of nodes) {
    const found = rowSumOf(node, normalisers, sums);
    // The cotangents of one sum may be made of another one: each is replaced by itself.
    if (found) return withRowSums(rewrite(graph, (each, before) => (before === node ? found : each)));
  }
  return graph;
}

/** Σ_j dA · e^(s − m), the l-th part of Σ_j dA · A, as l · Σ_d dO · O; undefined where a node is no such sum. */
function rowSumOf(
  node: Node,
  normalisers: readonly Normaliser[],
  sums: readonly NodeOf<'contract'>[],
): Node | undefined {
  if (node.op !== 'reduce' || node.monoid !== 'sum' || node.over.length !== 1) return undefined;
  const { axis, variable: key } = node.over[0]!;
  if (axis.kind !== 'key' || node.domain.length !== ROW_AXES) return undefined;
  const factors = operandsIf(node.value, 'absorbingMultiply') ?? operandsIf(node.value, 'multiply');
  if (!factors) return undefined;
  const [first, second] = factors as readonly [Expression, Expression];
  for (const [one, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const exponents = operandsIf(other, 'exponentialDifference');
    if (!exponents || one.kind !== 'read' || !isAt(one, [...ROW, key])) continue;
    const normaliser = normalisers.find(
      ({ scores, maximum }) =>
        isReadOf(exponents[0]!, scores, [...ROW, key]) && isReadOf(exponents[1]!, maximum, [...ROW]),
    );
    if (!normaliser) continue;
    const terms = cotangentTerms(one.source).map((each) => outputOf(each, normaliser, sums));
    if (terms.some((each) => each === undefined)) continue;
    const total = (terms as readonly Term[]).map(ofFeatures).reduce((sum, each) => apply('add', sum, each));
    return mapNodeOver(node.domain, apply('multiply', total, readHere(normaliser.sum)));
  }
  return undefined;
}

const ROW = ['b', 'h', 'i'] as const;
const ROW_AXES = ROW.length;

const isAt = (expression: Expression, names: readonly string[]): boolean =>
  expression.kind === 'read' &&
  expression.index.length === names.length &&
  expression.index.every((at, n) => at.kind === 'variable' && at.name === names[n]);

const isReadOf = (expression: Expression, node: Node, names: readonly string[]): boolean =>
  expression.kind === 'read' && expression.source === node && isAt(expression, names);

/** What a cotangent is the sum of. */
function cotangentTerms(node: Node): readonly Node[] {
  if (node.op !== 'map') return [node];
  const parts = addends(node.value);
  return parts.every((part) => isReadHere(part, node))
    ? parts.flatMap((part) => (part.kind === 'read' ? cotangentTerms(part.source) : []))
    : [node];
}

const addends = (value: Expression): readonly Expression[] => operandsIf(value, 'add')?.flatMap(addends) ?? [value];

/** A cotangent of outputs, and the outputs. */
interface Term {
  readonly cotangent: Node;
  readonly output: NodeOf<'contract'>;
}

/** The output that weights go into whose cotangent is `node`: dO · v, with the masks that the weights have on their way. */
function outputOf(node: Node, { weights }: Normaliser, sums: readonly NodeOf<'contract'>[]): Term | undefined {
  const { masks, inner } = withoutMasks(node);
  if (inner.op !== 'dot') return undefined;
  const output = sums.find((sum) => {
    const own = withoutMasks(sum.weights);
    return sum.operand === inner.y && own.inner === weights && isSameSet(own.masks, masks);
  });
  return output && { cotangent: inner.x, output };
}

/** A node behind the fills with 0 that stand before it. */
function withoutMasks(node: Node): { readonly masks: readonly Expression[]; readonly inner: Node } {
  if (node.op !== 'fill' || node.otherwise !== 0) return { masks: [], inner: node };
  const { masks, inner } = withoutMasks(node.value);
  return { masks: [node.mask, ...masks], inner };
}

const isSameSet = (some: readonly Expression[], others: readonly Expression[]): boolean =>
  some.length === others.length &&
  some.every((each) => others.some((other) => sameExpression(each, other))) &&
  others.every((each) => some.some((other) => sameExpression(each, other)));

/** Σ_d dO · O of a row. */
function ofFeatures({ cotangent, output }: Term): Expression {
  const counter = 'c0';
  const index = domainVariables(output.domain).map((name, n) =>
    variable(output.domain[n]!.kind === 'feature' ? counter : name),
  );
  const product = apply('multiply', read(cotangent, index), read(output, index));
  return accumulate('sum', [{ name: counter, extent: featuresOf(output.domain) }], product);
}
