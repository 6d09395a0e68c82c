// Dual numbers: the value of a graph and its derivative along one direction of the inputs, element by element.
// Shares no code with the interpreter or with reverse mode, so that ⟨Jv, w⟩ = ⟨v, Jᵀw⟩ is a test of both.
import type { Domain, Expression, Graph, Node, OperationName } from '../../src/ir/index.js';
import { axisSize, axisStart, type CallSizes, domainVariables, operations } from '../../src/ir/index.js';
import type { HostTensor } from '../../src/tensors/index.js';

interface Dual {
  readonly value: number;
  readonly tangent: number;
}
interface DualArray {
  readonly sizes: readonly number[];
  readonly starts: readonly number[];
  readonly elements: readonly Dual[];
}

type Partials = (operands: readonly number[], result: number) => readonly number[];
const flat: Partials = (operands) => operands.map(() => 0);
const of =
  (derivative: (x: number, result: number) => number): Partials =>
  ([x], result) => [derivative(x!, result)];

const partials: Readonly<Record<OperationName, Partials>> = {
  add: () => [1, 1],
  subtract: () => [1, -1],
  multiply: ([x, y]) => [y!, x!],
  remainder: ([x, y]) => [1, -Math.trunc(x! / y!)],
  minimum: ([x, y]) => (x === y ? [0.5, 0.5] : x! < y! ? [1, 0] : [0, 1]),
  maximum: ([x, y]) => (x === y ? [0.5, 0.5] : x! > y! ? [1, 0] : [0, 1]),
  negate: () => [-1],
  absolute: of(Math.sign),
  sign: flat,
  divide: ([x, y]) => [1 / y!, -x! / y! ** 2],
  power: ([x, y], result) => [y === 0 ? 0 : y! * x! ** (y! - 1), x! > 0 ? result * Math.log(x!) : 0],
  arcTangent2: ([y, x]) => [x! / (x! ** 2 + y! ** 2), -y! / (x! ** 2 + y! ** 2)],
  squareRoot: of((x) => 0.5 * x ** -0.5),
  cubeRoot: of((x) => Math.abs(x) ** (-2 / 3) / 3),
  exponential: of(Math.exp),
  exponentialMinusOne: of(Math.exp),
  logarithm: of((x) => 1 / x),
  logarithm2: of((x) => 1 / (x * Math.LN2)),
  logarithm10: of((x) => 1 / (x * Math.LN10)),
  logarithmOnePlus: of((x) => 1 / (1 + x)),
  sine: of(Math.cos),
  cosine: of((x) => -Math.sin(x)),
  tangent: of((x) => 1 / Math.cos(x) ** 2),
  arcSine: of((x) => 1 / Math.sqrt(1 - x * x)),
  arcCosine: of((x) => -1 / Math.sqrt(1 - x * x)),
  arcTangent: of((x) => 1 / (1 + x * x)),
  hyperbolicSine: of(Math.cosh),
  hyperbolicCosine: of(Math.sinh),
  hyperbolicTangent: of((x) => 1 / Math.cosh(x) ** 2),
  floor: flat,
  ceiling: flat,
  round: flat,
  truncate: flat,
  absorbingMultiply: ([x, y]) => [y!, x === 0 ? 0 : x!],
  exponentialDifference: ([x, m]) =>
    x === Number.NEGATIVE_INFINITY ? [0, 0] : [Math.exp(x! - m!), -Math.exp(x! - m!)],
  stopGradient: flat,
  floorDivide: flat,
  bitAnd: flat,
  bitOr: flat,
  bitExclusiveOr: flat,
  shiftLeft: flat,
  shiftRight: flat,
  bitNot: flat,
  equal: flat,
  notEqual: flat,
  less: flat,
  lessOrEqual: flat,
  greater: flat,
  greaterOrEqual: flat,
  and: flat,
  or: flat,
  not: flat,
  toFloat: () => [1],
  toInteger: () => [1],
  select: ([condition]) => (condition !== 0 ? [0, 1, 0] : [0, 0, 1]),
};

type Variables = ReadonlyMap<string, number>;
const zero: Dual = { value: 0, tangent: 0 };
const plus = (x: Dual, y: Dual): Dual => ({ value: x.value + y.value, tangent: x.tangent + y.tangent });
const times = (x: Dual, y: Dual): Dual => ({
  value: x.value * y.value,
  tangent: product(x.tangent, y.value) + product(y.tangent, x.value),
});
/** A zero tangent contributes nothing, whatever the derivative is. */
const product = (tangent: number, derivative: number): number => (tangent === 0 ? 0 : tangent * derivative);

/** The tangents of all outputs (every given row) along `directions`, by name; directions not given are 0. */
export function tangents(
  graph: Graph,
  sizes: CallSizes,
  inputs: ReadonlyMap<string, HostTensor>,
  directions: ReadonlyMap<string, HostTensor>,
): Map<string, Float64Array> {
  const values = new Map<Node, DualArray>();
  const dualOf = (node: Node): DualArray => {
    let value = values.get(node);
    if (!value) {
      const shape = shapeOf(node.domain);
      value = { ...shape, elements: compute(node, shape) };
      values.set(node, value);
    }
    return value;
  };
  const shapeOf = (domain: Domain) => ({
    sizes: domain.map((axis) => axisSize(axis, sizes)),
    starts: domain.map((axis) => axisStart(axis, sizes)),
  });
  const at = (node: Node, index: readonly number[]): Dual => {
    const { elements, starts, sizes: extents } = dualOf(node);
    let offset = 0;
    for (const [axis, size] of extents.entries()) {
      const place = index[axis]! - starts[axis]!;
      if (!(place >= 0 && place < size)) return zero;
      offset = offset * size + place;
    }
    return elements[offset]!;
  };

  function compute(node: Node, shape: { sizes: readonly number[]; starts: readonly number[] }): Dual[] {
    if (node.op === 'tensor') {
      const direction = directions.get(node.name)?.data;
      return [...inputs.get(node.name)!.data].map((value, n) => ({ value, tangent: direction?.[n] ?? 0 }));
    }
    if (node.op === 'bin') return scatter(node, shape);
    return [...places(shape)].map((index) => element(node, index));
  }

  function element(node: Exclude<Node, { op: 'tensor' | 'bin' }>, index: readonly number[]): Dual {
    const variables = new Map(domainVariables(node.domain).map((name, n) => [name, index[n]!]));
    const [b, h, i, j] = index as [number, number, number, number];
    const heads = (other: Node) => shape(other)[1]!;
    switch (node.op) {
      case 'map':
      case 'rowmap':
        return evaluate(node.value, variables);
      case 'fill':
        return evaluate(node.mask, variables).value ? at(node.value, index) : { value: node.otherwise, tangent: 0 };
      case 'dot': {
        const shared = Math.floor(h / (heads(node) / heads(node.y)));
        const features = [...Array(dualOf(node.x).sizes[3]!).keys()];
        return features.map((d) => times(at(node.x, [b, h, i, d]), at(node.y, [b, shared, j, d]))).reduce(plus, zero);
      }
      case 'contract': {
        const { sizes: extents, starts } = dualOf(node.weights);
        if (node.over === 'key') {
          const shared = Math.floor(h / (heads(node) / heads(node.operand)));
          const keys = [...Array(extents[3]!).keys()];
          return keys
            .map((key) => times(at(node.weights, [b, h, i, key]), at(node.operand, [b, shared, key, j])))
            .reduce(plus, zero);
        }
        // Domain [b, group, key, d]: the third index is the key here.
        const group = extents[1]! / shape(node)[1]!;
        const terms: Dual[] = [];
        for (let query = starts[2]!; query < starts[2]! + extents[2]!; query += 1) {
          for (let member = h * group; member < (h + 1) * group; member += 1) {
            terms.push(times(at(node.weights, [b, member, query, i]), at(node.operand, [b, member, query, j])));
          }
        }
        return terms.reduce(plus, zero);
      }
      case 'reduce': {
        const axes = shapeOf(node.over.map(({ axis }) => axis));
        const terms = [...places(axes)].map((place) => {
          const inner = new Map(variables);
          for (const [n, { variable }] of node.over.entries()) inner.set(variable, place[n]!);
          return evaluate(node.value, inner);
        });
        if (node.monoid === 'sum') return terms.reduce(plus, zero);
        const maximum = Math.max(...terms.map(({ value }) => value));
        if (node.monoid === 'max')
          return { value: maximum, tangent: mean(terms.filter(({ value }) => value === maximum)) };
        if (maximum === Number.NEGATIVE_INFINITY) return { value: maximum, tangent: 0 };
        const exponentials = terms.map(({ value }) => Math.exp(value - maximum));
        const sum = exponentials.reduce((x, y) => x + y, 0);
        const slope = terms.reduce((slopes, { tangent }, n) => slopes + product(tangent, exponentials[n]!), 0);
        return { value: maximum + Math.log(sum), tangent: slope / sum };
      }
    }
  }
  const shape = (node: Node) => shapeOf(node.domain).sizes;

  function scatter(
    node: Node & { op: 'bin' },
    { sizes: extents, starts }: { sizes: readonly number[]; starts: readonly number[] },
  ): Dual[] {
    const result = new Array<Dual>(extents.reduce((x, y) => x * y, 1)).fill(zero);
    for (const place of places(shapeOf(node.iterate.map(({ axis }) => axis)))) {
      const variables = new Map(node.iterate.map(({ variable }, n) => [variable, place[n]!]));
      const index = node.index.map((each, axis) => evaluate(each, variables).value - starts[axis]!);
      if (!index.every((entry, axis) => entry >= 0 && entry < extents[axis]!)) continue;
      const offset = index.reduce((before, entry, axis) => before * extents[axis]! + entry, 0);
      result[offset] = plus(result[offset]!, evaluate(node.value, variables));
    }
    return result;
  }

  function evaluate(expression: Expression, variables: Variables): Dual {
    switch (expression.kind) {
      case 'constant':
        return { value: expression.value, tangent: 0 };
      case 'variable':
        return { value: variables.get(expression.name)!, tangent: 0 };
      case 'length':
        return { value: { batch: sizes.batch, query: sizes.queries, key: sizes.keys }[expression.of], tangent: 0 };
      case 'read':
        return at(
          expression.source,
          expression.index.map((each) => evaluate(each, variables).value),
        );
      case 'apply': {
        if (expression.operation === 'select') {
          const [condition, taken, other] = expression.operands as [Expression, Expression, Expression];
          return evaluate(evaluate(condition, variables).value ? taken : other, variables);
        }
        const operands = expression.operands.map((each) => evaluate(each, variables));
        const numbers = operands.map(({ value }) => value);
        const value = (operations[expression.operation].evaluate as (...x: number[]) => number)(...numbers);
        const slopes = partials[expression.operation](numbers, value);
        return { value, tangent: operands.reduce((sum, { tangent }, n) => sum + product(tangent, slopes[n]!), 0) };
      }
      case 'accumulate': {
        const terms = [
          ...places({
            sizes: expression.counters.map(({ extent }) => extent),
            starts: expression.counters.map(() => 0),
          }),
        ].map((place) => {
          const inner = new Map(variables);
          for (const [n, { name }] of expression.counters.entries()) inner.set(name, place[n]!);
          return evaluate(expression.body, inner);
        });
        if (expression.monoid === 'sum') return terms.reduce(plus, zero);
        const maximum = Math.max(...terms.map(({ value }) => value));
        return { value: maximum, tangent: mean(terms.filter(({ value }) => value === maximum)) };
      }
    }
  }

  return new Map(
    graph.outputs.map(({ name, node }) => [name, Float64Array.from(dualOf(node).elements, ({ tangent }) => tangent)]),
  );
}

const mean = (terms: readonly Dual[]): number => terms.reduce((sum, { tangent }) => sum + tangent, 0) / terms.length;

/** All index tuples of a box, the last axis fastest. */
function* places({ sizes, starts }: { sizes: readonly number[]; starts: readonly number[] }): Generator<number[]> {
  const count = sizes.reduce((x, y) => x * y, 1);
  for (let n = 0; n < count; n += 1) {
    const index: number[] = [];
    let rest = n;
    for (let axis = sizes.length - 1; axis >= 0; axis -= 1) {
      index.unshift((rest % sizes[axis]!) + starts[axis]!);
      rest = Math.floor(rest / sizes[axis]!);
    }
    yield index;
  }
}
