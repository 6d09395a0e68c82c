// Where −Infinity may flow: from fills and selects, through functions that are finite there or pass it on, into a normaliser
// or to an end (docs/semantics.md, section 5). Any other use would give NaN in some row, so it is found before.
import { fold } from './algebra.js';
import { operationValue } from './evaluate.js';
import type { Apply, Expression } from './expression.js';
import { type Graph, topological } from './graph.js';
import type { Node, NodeOf } from './node.js';
import { operations } from './operations.js';

/** A use of −Infinity that the language does not have. */
export interface InfinityMisuse {
  readonly node: Node;
  /** The end of a sentence about −Infinity in the node: 'is multiplied', 'reaches an output'. */
  readonly reason: string;
}

/** Which infinities a value may be where a key is hidden. */
interface Infinities {
  readonly negative: boolean;
  /** As the negative of a hidden score is, on its way through a sigmoid. */
  readonly positive: boolean;
}

const finite: Infinities = { negative: false, positive: false };
const isInfinite = ({ negative, positive }: Infinities): boolean => negative || positive;
const negated = ({ negative, positive }: Infinities): Infinities => ({ negative: positive, positive: negative });
const either = (x: Infinities, y: Infinities): Infinities => ({
  negative: x.negative || y.negative,
  positive: x.positive || y.positive,
});

/** What an operation does with an infinity in words, for those that people meet. */
const verbs: Partial<Record<string, string>> = {
  multiply: 'is multiplied',
  absorbingMultiply: 'is multiplied',
  divide: 'is divided',
  less: 'is compared',
  lessOrEqual: 'is compared',
  greater: 'is compared',
  greaterOrEqual: 'is compared',
  equal: 'is compared',
  notEqual: 'is compared',
};

/** Says that a value which may be infinite is used in a way that gives NaN somewhere. */
type Report = (used: Infinities, reason: string) => void;
type Hiding = ReadonlyMap<Node, Infinities>;

/** The first misuse in the order of the graph, or undefined: then no NaN comes from a hidden key. */
export function findInfinityMisuse(graph: Pick<Graph, 'inputs' | 'outputs'>): InfinityMisuse | undefined {
  const hiding = new Map<Node, Infinities>();
  const reported: InfinityMisuse[] = [];
  for (const node of topological(graph)) {
    const found = ofNode(node, hiding, ({ negative }, reason) => {
      reported.push({ node, reason: negative ? reason : `becomes +Infinity, which ${reason}` });
    });
    if (isInfinite(found)) hiding.set(node, found);
    if (reported.length > 0) return reported[0];
  }
  const output = graph.outputs.find(({ node }) => hiding.has(node));
  return output && { node: output.node, reason: 'reaches an output' };
}

/** The infinities of `node` where it hides a key. The log-sum-exp of a row is a result, not something hidden. */
function ofNode(node: Node, hiding: Hiding, report: Report): Infinities {
  const refuse = (used: Infinities, reason: string): void => {
    if (isInfinite(used)) report(used, reason);
  };
  const of = (source: Node): Infinities => hiding.get(source) ?? finite;
  switch (node.op) {
    case 'tensor':
      return finite;
    case 'dot':
      for (const each of [node.x, node.y]) refuse(of(each), 'is multiplied by a dot product');
      return finite;
    case 'contract':
      refuse(of(node.weights), 'is contracted with values, without a normaliser in between');
      return finite;
    case 'fill':
      refuse(ofExpression(node.mask, hiding, report), 'decides a mask');
      return either(of(node.value), { negative: node.otherwise === Number.NEGATIVE_INFINITY, positive: false });
    case 'map':
    case 'rowmap':
      return ofExpression(node.value, hiding, report);
    case 'reduce':
      return ofReduction(node, ofExpression(node.value, hiding, report), refuse);
    case 'bin':
      refuse(ofExpression(node.value, hiding, report), 'is summed');
      return finite;
  }
}

function ofReduction({ monoid }: NodeOf<'reduce'>, value: Infinities, refuse: Report): Infinities {
  if (monoid === 'sum') refuse(value, 'is summed');
  if (monoid === 'logSumExp') refuse({ ...value, negative: false }, 'reaches a normaliser');
  return monoid === 'max' ? value : finite;
}

/** The infinities that an expression may be; reports operations that give NaN for them, or may. */
const ofExpression = (root: Expression, hiding: Hiding, report: Report): Infinities =>
  fold<Infinities>(root, {
    constant: ({ value }) => ({ negative: value === Number.NEGATIVE_INFINITY, positive: false }),
    variable: () => finite,
    length: () => finite,
    read: ({ source }, index) => {
      for (const each of index) if (isInfinite(each)) report(each, 'is used as an index');
      return hiding.get(source) ?? finite;
    },
    apply: (whole, operands) => (operands.some(isInfinite) ? ofApply(whole, operands, report) : finite),
    accumulate: ({ monoid }, body) => {
      const value = body();
      if (isInfinite(value) && monoid === 'sum') report(value, 'is summed, as by a convolution or a mix');
      return value;
    },
  });

/** The result of an operation of which some operand may be infinite. */
function ofApply({ operation, operands }: Apply, infinities: readonly Infinities[], report: Report): Infinities {
  const [x, y = finite, z = finite] = infinities as readonly [Infinities, Infinities?, Infinities?];
  const refused = (reason: string): Infinities => {
    report(infinities.reduce(either), reason);
    return finite;
  };
  switch (operation) {
    case 'select':
      return isInfinite(x) ? refused('decides a condition') : either(y, z);
    case 'maximum':
      return { negative: x.negative && y.negative, positive: x.positive || y.positive };
    case 'minimum':
      return { negative: x.negative || y.negative, positive: x.positive && y.positive };
    case 'add':
      return isInfinite(x) && isInfinite(y) ? refused('is added to −Infinity') : either(x, y);
    case 'subtract':
      return isInfinite(x) && isInfinite(y) ? refused('is subtracted') : either(x, negated(y));
    case 'divide':
      // What is finite over an infinity is 0.
      return isInfinite(x) ? refused('is divided') : finite;
    case 'exponentialDifference':
      // A normaliser: e to the −Infinity is 0.
      if (isInfinite(y)) return refused('is a normaliser');
      if (x.positive) report({ ...x, negative: false }, 'reaches a normaliser');
      return finite;
    case 'stopGradient':
      // The largest logit of a row is a result, as is the log-sum-exp: nothing is hidden by it.
      return finite;
    default:
      return ofValues(operation, operands, infinities) ?? refused(verbs[operation] ?? `goes through ${operation}`);
  }
}

/** The infinities of a function of one infinity and constants, by its own meaning; undefined where it is NaN, or not known. */
function ofValues(
  operation: Apply['operation'],
  operands: readonly Expression[],
  infinities: readonly Infinities[],
): Infinities | undefined {
  const { typing } = operations[operation];
  // Of two of them either may be finite while the other is not.
  if (infinities.filter(isInfinite).length > 1) return undefined;
  if (typing === 'compare' || operation === 'multiply' || operation === 'absorbingMultiply') return undefined;
  let result = finite;
  for (const sign of ['negative', 'positive'] as const) {
    if (!infinities.some((each) => each[sign])) continue;
    const values = operands.map((operand, n) => {
      if (isInfinite(infinities[n]!)) return sign === 'negative' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      return operand.kind === 'constant' ? operand.value : Number.NaN;
    });
    // JavaScript gives 1 for NaN to the power of 0: an operand that is not known decides nothing.
    const value = values.some(Number.isNaN) ? Number.NaN : operationValue(operation, values);
    if (Number.isNaN(value)) return undefined;
    if (value === Number.NEGATIVE_INFINITY) result = either(result, { negative: true, positive: false });
    if (value === Number.POSITIVE_INFINITY) result = either(result, { negative: false, positive: true });
  }
  return result;
}
