// A graph for bfloat16 whose convolved scores fit float16: products of a stencil take that format, which rounds scores least
// but ends at 65,504. Scores are made smaller by a power of two where they are computed, and taps larger by as much.
import {
  apply,
  consumers,
  dependencies,
  type Expression,
  fillNode,
  float,
  type Graph,
  linearForm,
  mapNodeOver,
  mapParts,
  type Node,
  normaliserOf,
  readHere,
  replaceSources,
  rewrite,
} from '../../src/ir/index.js';

/**
 * Scores up to 1.6e7 fit, and those near 0 are still told apart by 2^-16. Beyond that float16 is infinite and logits are NaN,
 * which no softmax takes for a hidden row; taps may be as large as 255.
 */
const SMALLER = 2 ** -8;

/** The same values, for stencils that read scores. Exact but for what underflows: factors are powers of two. */
export function scaleStencils(graph: Graph): Graph {
  const readers = consumers(graph);
  const outputs = new Set<Node>(graph.outputs.map(({ node }) => node));
  const isScaled = (operand: Node): boolean =>
    !outputs.has(operand) && isOfScores(operand) && readers.get(operand)!.every((reader) => isStencil(reader));
  const scaled = new Map<Node, Node>();
  return rewrite(graph, (node, before) => {
    const form = isStencil(before) && before.op === 'map' ? linearForm(before)! : undefined;
    if (!form || node.op !== 'map' || !isScaled(form.operand)) return node;
    const own = linearForm(node)!;
    const smaller = scaled.get(own.operand) ?? scaledNode(own.operand);
    scaled.set(own.operand, smaller);
    const taps = replacePart(node.value, own.coefficient!, apply('multiply', own.coefficient!, float(1 / SMALLER)));
    const value = replaceSources(taps, (source) => (source === own.operand ? smaller : source));
    return mapNodeOver(node.domain, value, { label: node.label, origin: node.origin });
  });
}

/** Whether a node is Σ taps · scores, with taps that are the same at every row and key. */
function isStencil(node: Node): boolean {
  const form = linearForm(node);
  return form !== undefined && form.counters.length > 0 && form.coefficient !== undefined && form.isPositionIndependent;
}

/** Whether a value is made of scores: weights of a softmax are never large. */
function isOfScores(node: Node): boolean {
  if (normaliserOf(node)) return false;
  const isScoreLike = ({ op, domain }: Node): boolean =>
    op !== 'tensor' && ['query', 'key'].every((kind) => domain.some((axis) => axis.kind === kind));
  return dependencies(node).filter(isScoreLike).every(isOfScores);
}

function scaledNode(node: Node): Node {
  const { domain, label, origin } = node;
  if (node.op === 'fill' && Number.isFinite(node.otherwise)) {
    return fillNode(scaledNode(node.value), node.mask, node.otherwise * SMALLER, { label, origin });
  }
  const value = node.op === 'map' && !isStencil(node) ? scaledExpression(node.value) : undefined;
  return mapNodeOver(domain, value ?? times(readHere(node)), { label, origin });
}

const times = (x: Expression): Expression => apply('multiply', x, float(SMALLER));

/** An expression times the factor, which goes into a constant where there is one: it costs nothing there. */
function scaledExpression(root: Expression): Expression {
  if (root.kind === 'constant') return float(root.value * SMALLER);
  if (root.kind !== 'apply') return times(root);
  const [x, y, z] = root.operands as readonly [Expression, Expression, Expression];
  switch (root.operation) {
    case 'multiply':
      if (x.kind === 'constant') return apply('multiply', float(x.value * SMALLER), y);
      return y.kind === 'constant' ? apply('multiply', x, float(y.value * SMALLER)) : times(root);
    case 'divide':
      return y.kind === 'constant' ? apply('divide', x, float(y.value / SMALLER)) : times(root);
    case 'select':
      return apply('select', x, scaledExpression(y), scaledExpression(z));
    default:
      return times(root);
  }
}

function replacePart(root: Expression, part: Expression, by: Expression): Expression {
  return root === part ? by : mapParts(root, (each) => replacePart(each, part, by));
}
