// The reference interpreter: what a graph means, in float64, one node after the other.
// With a precision it is the yardstick `low` instead: each node rounded once, sums of products accumulated in float32.
import {
  type Axis,
  axisSize,
  axisStart,
  type CallSizes,
  type Domain,
  dependencies,
  domainVariables,
  type Expression,
  type Graph,
  type IterationAxis,
  type Node,
  type NodeOf,
  type TensorNode,
  topological,
} from '../ir/index.js';
import {
  dtypeOfPrecision,
  type HostTensor,
  hostTensor,
  type Precision,
  Random,
  roundRandomly,
  roundTo,
} from '../tensors/index.js';
import { type BoundCall, bindInputs } from './bind-inputs.js';
import { compileExpression, type Environment, type Evaluate, type NodeValue } from './evaluate.js';
import { requireMemory } from './memory.js';

export interface InterpretOptions {
  /** R, the number of last rows that the outputs hold; by default as many as the rows of queries allow. */
  readonly rows?: number | undefined;
  /** 'f64' (the default) is the meaning; another gives `low`, the error that this precision explains. */
  readonly precision?: Precision | undefined;
  /** The seed of another `low`: each rounding goes to either neighbour, to the nearer with the greater likelihood. */
  readonly randomRounding?: number | undefined;
}

/**
 * Runs `graph` on `inputs` (by name; shapes as declared, batch first) and gives its outputs by name, in their order.
 * @throws HeddleError HD7xxx where the inputs do not fit the graph, or its values the memory.
 */
export function interpret(
  graph: Graph,
  inputs: ReadonlyMap<string, HostTensor>,
  options: InterpretOptions = {},
): Map<string, HostTensor> {
  const call = bindInputs(graph, inputs, options.rows);
  requireMemory(graph, call.sizes);
  const outputs = new Map<string, HostTensor>();
  const { precision = 'f64', randomRounding } = options;
  const dtype = dtypeOfPrecision[precision];
  computeNodes(graph, new Run(call, precision, randomRounding), {
    output(name, node, value) {
      const { shape, data } = lastRows(node, value, value.data, call.rows);
      outputs.set(name, hostTensor(shape, data, dtype));
    },
  });
  return outputs;
}

/** Told of each node while the values that it reads are still there. */
export interface NodeVisitor {
  readonly computed?: (node: Node, run: Run) => void;
  readonly forgotten?: (node: Node) => void;
  readonly output: (name: string, node: Node, value: NodeValue) => void;
}

/** Computes node after node; each value is let go after its last reader, as T×T values are large. */
export function computeNodes(graph: Graph, run: Run, visitor: NodeVisitor): void {
  const nodes = topological(graph);
  const remaining = new Map<Node, number>();
  for (const node of nodes) for (const each of dependencies(node)) remaining.set(each, (remaining.get(each) ?? 0) + 1);
  for (const { node } of graph.outputs) remaining.set(node, Number.POSITIVE_INFINITY);
  for (const node of nodes) {
    run.compute(node);
    visitor.computed?.(node, run);
    for (const each of dependencies(node)) {
      const left = remaining.get(each)! - 1;
      remaining.set(each, left);
      if (left > 0) continue;
      run.forget(each);
      visitor.forgotten?.(each);
    }
  }
  for (const { name, node } of graph.outputs) visitor.output(name, node, run.value(node));
}

/** The last `rows` rows of what `data` says of each element of a node; all of it where the node has no query axis. */
export function lastRows<Data extends Float64Array | Int32Array>(
  node: Node,
  { sizes }: NodeValue,
  data: Data,
  rows: number,
): { readonly shape: readonly number[]; readonly data: Data } {
  const queryAxis = node.domain.findIndex(({ kind }) => kind === 'query');
  if (queryAxis < 0 || sizes[queryAxis] === rows) return { shape: sizes, data };
  const shape = sizes.map((size, axis) => (axis === queryAxis ? rows : size));
  const inner = sizes.slice(queryAxis + 1).reduce((product, size) => product * size, 1);
  const block = sizes[queryAxis]! * inner;
  const kept = data.slice(0, (data.length / block) * rows * inner) as Data;
  for (let from = block - rows * inner, to = 0; from < data.length; from += block, to += rows * inner) {
    kept.set(data.subarray(from, from + rows * inner), to);
  }
  return { shape, data: kept };
}

const randomly = (random: Random) => (precision: Precision, x: number) => roundRandomly(precision, x, random.uniform());

/** The values of the nodes of one call that are computed and not yet let go. */
export class Run {
  private readonly call: BoundCall;
  private readonly sizes: CallSizes;
  private readonly precision: Precision;
  private readonly values = new Map<Node, NodeValue>();
  readonly environment: Environment;
  private readonly roundTo: (precision: Precision, x: number) => number;
  /** The rounding of accumulators: float32 in every precision below float64. */
  private readonly accumulate: (x: number) => number;

  constructor(call: BoundCall, precision: Precision, randomRounding?: number) {
    this.call = call;
    this.sizes = call.sizes;
    this.precision = precision;
    this.roundTo = randomRounding === undefined ? roundTo : randomly(new Random(randomRounding));
    this.accumulate = precision === 'f64' ? (x) => x : (x) => this.roundTo('f32', x);
    this.environment = {
      valueOf: (node) => this.valueOf(node),
      lengths: { batch: call.sizes.batch, query: call.sizes.queries, key: call.sizes.keys },
      ...(randomRounding === undefined ? {} : { rounded: this.accumulate }),
    };
  }

  private valueOf(node: Node): NodeValue {
    const value = this.values.get(node);
    if (!value) throw new Error(`${node.op} is read before it is computed`);
    return value;
  }

  forget(node: Node): void {
    this.values.delete(node);
  }

  compute(node: Node): void {
    if (node.op === 'tensor') {
      this.values.set(node, this.input(node));
      return;
    }
    const value = this.allocate(node.domain);
    const fill = computations[node.op] as (run: Run, node: Node, value: NodeValue) => void;
    fill(this, node, value);
    this.round(node, value);
    this.values.set(node, value);
  }

  private input(node: TensorNode): NodeValue {
    const { data } = this.call.tensors.get(node.name)!;
    return { ...this.shape(node.domain), data };
  }

  private shape(domain: Domain) {
    return {
      sizes: domain.map((axis) => axisSize(axis, this.sizes)),
      starts: domain.map((axis) => axisStart(axis, this.sizes)),
    };
  }

  private allocate(domain: Domain): NodeValue {
    const shape = this.shape(domain);
    return { ...shape, data: new Float64Array(shape.sizes.reduce((product, size) => product * size, 1)) };
  }

  /** Rounds a node once. Row statistics stay in float32 whatever the precision. */
  private round(node: Node, { data }: NodeValue): void {
    if (this.precision === 'f64') return;
    const isStatistic = !node.domain.some(({ kind }) => kind === 'key' || kind === 'feature');
    const precision = isStatistic ? 'f32' : this.precision;
    for (let n = 0; n < data.length; n += 1) data[n] = this.roundTo(precision, data[n]!);
  }

  // ── Computations, used by the table below ─────────────────────────────────────────────────────────

  compile(expression: Expression, variables: readonly string[]): Evaluate {
    return compileExpression(expression, variables, this.environment);
  }

  value(node: Node): NodeValue {
    return this.valueOf(node);
  }

  rounded(x: number): number {
    return this.accumulate(x);
  }

  /** Calls `body` for each element of the axes, the last fastest, with the indices in the frame from slot `first`. */
  forEach(axes: readonly Axis[], frame: Float64Array, first: number, body: () => void): void {
    const { sizes, starts } = this.shape(axes);
    const run = (axis: number): void => {
      if (axis === sizes.length) {
        body();
        return;
      }
      const end = starts[axis]! + sizes[axis]!;
      for (let index = starts[axis]!; index < end; index += 1) {
        frame[first + axis] = index;
        run(axis + 1);
      }
    };
    run(0);
  }
}

const axesOf = (iteration: readonly IterationAxis[]): readonly Axis[] => iteration.map(({ axis }) => axis);

type Computations = {
  readonly [Op in Exclude<Node['op'], 'tensor'>]: (run: Run, node: NodeOf<Op>, value: NodeValue) => void;
};

const computations: Computations = {
  map: computeMap,
  rowmap: computeMap,

  dot(run, { x, y }, { data, sizes }) {
    const [left, right] = [run.value(x), run.value(y)];
    const [batches, heads, queries, keys] = sizes as [number, number, number, number];
    const features = left.sizes[3]!;
    const group = heads / right.sizes[1]!;
    let at = 0;
    for (let b = 0; b < batches; b += 1) {
      for (let h = 0; h < heads; h += 1) {
        const rightHead = (b * right.sizes[1]! + Math.floor(h / group)) * keys;
        for (let i = 0; i < queries; i += 1) {
          const row = ((b * heads + h) * queries + i) * features;
          for (let j = 0; j < keys; j += 1) {
            const column = (rightHead + j) * features;
            let total = 0;
            for (let d = 0; d < features; d += 1) {
              total = run.rounded(total + left.data[row + d]! * right.data[column + d]!);
            }
            data[at] = total;
            at += 1;
          }
        }
      }
    }
  },

  contract(run, { over, weights, operand }, { data, sizes }) {
    const [scores, vectors] = [run.value(weights), run.value(operand)];
    const [batches, heads, queries, keys] = scores.sizes as [number, number, number, number];
    const features = sizes[3]!;
    // The head of the side with fewer heads: the operand's over keys, the result's over queries.
    const fewer = over === 'key' ? vectors.sizes[1]! : sizes[1]!;
    const group = heads / fewer;
    for (let b = 0; b < batches; b += 1) {
      for (let h = 0; h < heads; h += 1) {
        const rows = (b * heads + h) * queries;
        const columns = (b * fewer + Math.floor(h / group)) * keys;
        for (let i = 0; i < queries; i += 1) {
          for (let j = 0; j < keys; j += 1) {
            const weight = scores.data[(rows + i) * keys + j]!;
            const [from, to] = over === 'key' ? [columns + j, rows + i] : [rows + i, columns + j];
            for (let d = 0; d < features; d += 1) {
              const place = to * features + d;
              data[place] = run.rounded(data[place]! + weight * vectors.data[from * features + d]!);
            }
          }
        }
      }
    }
  },

  fill(run, { value: operand, mask, otherwise, domain }, { data }) {
    const source = run.value(operand).data;
    const variables = domainVariables(domain);
    const evaluate = run.compile(mask, variables);
    const frame = new Float64Array(variables.length);
    let at = 0;
    run.forEach(domain, frame, 0, () => {
      data[at] = evaluate(frame) !== 0 ? source[at]! : otherwise;
      at += 1;
    });
  },

  reduce(run, { monoid, over, value: expression, domain }, { data }) {
    const variables = [...domainVariables(domain), ...over.map(({ variable }) => variable)];
    const evaluate = run.compile(expression, variables);
    const frame = new Float64Array(variables.length);
    const axes = axesOf(over);
    let at = 0;
    run.forEach(domain, frame, 0, () => {
      const terms = (combine: (term: number) => void) =>
        run.forEach(axes, frame, domain.length, () => combine(evaluate(frame)));
      data[at] = reductions[monoid](terms, (x) => run.rounded(x));
      at += 1;
    });
  },

  bin(run, { iterate, index, value: expression }, { data, sizes, starts }) {
    const variables = iterate.map(({ variable }) => variable);
    const places = index.map((each) => run.compile(each, variables));
    const evaluate = run.compile(expression, variables);
    const frame = new Float64Array(variables.length);
    run.forEach(axesOf(iterate), frame, 0, () => {
      let offset = 0;
      for (let axis = 0; axis < sizes.length; axis += 1) {
        const at = places[axis]!(frame) - starts[axis]!;
        if (!(at >= 0 && at < sizes[axis]!)) return;
        offset = offset * sizes[axis]! + at;
      }
      data[offset] = run.rounded(data[offset]! + evaluate(frame));
    });
  },
};

function computeMap(run: Run, { value: expression, domain }: NodeOf<'map' | 'rowmap'>, { data }: NodeValue): void {
  const evaluate = run.compile(expression, domainVariables(domain));
  const frame = new Float64Array(domain.length);
  let at = 0;
  run.forEach(domain, frame, 0, () => {
    data[at] = evaluate(frame);
    at += 1;
  });
}

type Terms = (combine: (term: number) => void) => void;

const reductions: Readonly<
  Record<NodeOf<'reduce'>['monoid'], (terms: Terms, rounded: (x: number) => number) => number>
> = {
  sum(terms, rounded) {
    let total = 0;
    terms((term) => {
      total = rounded(total + term);
    });
    return total;
  },
  max: maximumOf,
  logSumExp(terms, rounded) {
    const maximum = maximumOf(terms);
    if (maximum === Number.NEGATIVE_INFINITY) return maximum;
    let total = 0;
    terms((term) => {
      total = rounded(total + Math.exp(term - maximum));
    });
    return maximum + Math.log(total);
  },
};

function maximumOf(terms: Terms): number {
  let maximum = Number.NEGATIVE_INFINITY;
  terms((term) => {
    maximum = Math.max(maximum, term);
  });
  return maximum;
}
