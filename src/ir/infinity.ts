// Where −Infinity may flow: from fills and selects, through fills, selects, maxima and additions of finite numbers, into
// a normaliser (docs/semantics.md, section 5). Any other use would give NaN in some row, so it is found before.
import { type Expression, subexpressions } from './expression.js';
import { type Graph, topological } from './graph.js';
import type { Node, NodeOf } from './node.js';

/** A use of −Infinity that the language does not have. */
export interface InfinityMisuse {
  readonly node: Node;
  /** The end of a sentence about −Infinity in the node: 'is multiplied', 'reaches an output'. */
  readonly reason: string;
}

/** What an operation does with −Infinity in words, for those that people meet. */
const verbs: Partial<Record<string, string>> = {
  multiply: 'is multiplied',
  divide: 'is divided',
  subtract: 'is subtracted',
  exponential: 'is exponentiated by hand: softmax does that',
  less: 'is compared',
  lessOrEqual: 'is compared',
  greater: 'is compared',
  greaterOrEqual: 'is compared',
  equal: 'is compared',
  notEqual: 'is compared',
};

/** The first misuse in the order of the graph, or undefined: then no NaN comes from a hidden key. */
export function findInfinityMisuse(graph: Pick<Graph, 'inputs' | 'outputs'>): InfinityMisuse | undefined {
  const hiding = new Set<Node>();
  const reported: InfinityMisuse[] = [];
  for (const node of topological(graph)) {
    const report = (reason: string): void => {
      reported.push({ node, reason });
    };
    if (mayHide(node, hiding, report)) hiding.add(node);
    if (reported.length > 0) return reported[0];
  }
  const output = graph.outputs.find(({ node }) => hiding.has(node));
  return output && { node: output.node, reason: 'reaches an output' };
}

/** Whether `node` may hold −Infinity that hides a key. The log-sum-exp of a row is a result, not something hidden. */
function mayHide(node: Node, hiding: ReadonlySet<Node>, report: (reason: string) => void): boolean {
  switch (node.op) {
    case 'tensor':
      return false;
    case 'dot':
      if (hiding.has(node.x) || hiding.has(node.y)) report('is multiplied by a dot product');
      return false;
    case 'contract':
      if (hiding.has(node.weights)) report('is contracted with values, without a normaliser in between');
      return false;
    case 'fill':
      if (infinite(node.mask, hiding, report)) report('decides a mask');
      return node.otherwise === Number.NEGATIVE_INFINITY || hiding.has(node.value);
    case 'map':
    case 'rowmap':
      return infinite(node.value, hiding, report);
    case 'reduce':
      return reduces(node, hiding, report);
    case 'bin':
      if (infinite(node.value, hiding, report)) report('is summed');
      return false;
  }
}

function reduces(node: NodeOf<'reduce'>, hiding: ReadonlySet<Node>, report: (reason: string) => void): boolean {
  const hides = infinite(node.value, hiding, report);
  if (hides && node.monoid === 'sum') report('is summed');
  return hides && node.monoid === 'max';
}

/** Whether an expression may be −Infinity; reports operations that do not keep it as it is. */
function infinite(root: Expression, hiding: ReadonlySet<Node>, report: (reason: string) => void): boolean {
  const may = new Map<Expression, boolean>();
  for (const expression of subexpressions(root)) {
    may.set(
      expression,
      mayBeInfinite(expression, (part) => may.get(part) ?? false, hiding, report),
    );
  }
  return may.get(root) ?? false;
}

function mayBeInfinite(
  expression: Expression,
  is: (part: Expression) => boolean,
  hiding: ReadonlySet<Node>,
  report: (reason: string) => void,
): boolean {
  switch (expression.kind) {
    case 'constant':
      return expression.value === Number.NEGATIVE_INFINITY;
    case 'variable':
    case 'length':
      return false;
    case 'read':
      if (expression.index.some(is)) report('is used as an index');
      return hiding.has(expression.source);
    case 'accumulate':
      if (is(expression.body) && expression.monoid === 'sum') report('is summed, as by a convolution or a mix');
      return is(expression.body);
    case 'apply':
      break;
  }
  const { operation, operands } = expression;
  const [x, y, z] = operands.map(is);
  switch (operation) {
    case 'select':
      if (x) report('decides a condition');
      return y === true || z === true;
    case 'maximum':
      return x === true && y === true;
    case 'add':
      if (x && y) report('is added to −Infinity');
      return x === true || y === true;
    case 'subtract':
      if (y) report('is subtracted');
      return x === true;
    case 'exponentialDifference':
      // A normaliser: e to the −Infinity is 0.
      if (y) report('is a normaliser');
      return false;
    case 'stopGradient':
      // The largest logit of a row is a result, as is the log-sum-exp: nothing is hidden by it.
      return false;
    default:
      if (x || y || z) report(verbs[operation] ?? `goes through ${operation}`);
      return false;
  }
}
