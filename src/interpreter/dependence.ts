// Which elements of a graph's outputs can depend on given elements of its inputs, in one call: decided from the structure
// of the graph and the sides that selects and fills really take, never from whether a number moved.
import {
  type Axis,
  axisSize,
  domainVariables,
  type Expression,
  type Graph,
  type Node,
  type NodeOf,
} from '../ir/index.js';
import type { HostTensor } from '../tensors/index.js';
import { type BoundCall, bindInputs } from './bind-inputs.js';
import { MOST_SOURCES, maskFunctions, ROUNDING } from './dependence-rules.js';
import { compileTrace, type Trace, type Traced } from './evaluate-dependence.js';
import { computeNodes, lastRows, Run } from './interpret.js';

/** An element of an input, by its flat index. */
export interface InputElement {
  readonly input: string;
  readonly element: number;
}

/**
 * For each output by name, for each of its elements, a set of bits: bit n is set where the element may depend on
 * `sources[n]`. What selects, fills and reads outside do not take, what is added to −Infinity and what an exact 0
 * multiplies is not depended on.
 * @throws HeddleError HD7xxx where the inputs do not fit the graph, RangeError for more than 30 sources.
 */
export function dependence(
  graph: Graph,
  inputs: ReadonlyMap<string, HostTensor>,
  sources: readonly InputElement[],
  rows?: number,
): ReadonlyMap<string, Int32Array> {
  if (sources.length > MOST_SOURCES) throw new RangeError(`${sources.length} sources are more than ${MOST_SOURCES}`);
  const call = bindInputs(graph, inputs, rows);
  const placed = sources.map((source) => placedIn(call, source, inputs.get(source.input)!));
  const masks = new Map<Node, Int32Array>();
  const outputs = new Map<string, Int32Array>();
  computeNodes(graph, new Run(call, 'f64'), {
    computed: (node, run) => masks.set(node, maskOf(node, { call, run, masks, sources: placed })),
    forgotten: (node) => masks.delete(node),
    output: (name, node, value) => outputs.set(name, lastRows(node, value, masks.get(node)!, call.rows).data),
  });
  return outputs;
}

/** An element of a tensor as it is given, in the tensor that it is bound to: an incoming gradient has zeros above its rows. */
function placedIn({ tensors }: BoundCall, { input, element }: InputElement, given: HostTensor): InputElement {
  const { shape } = tensors.get(input)!;
  const axis = shape.findIndex((size, n) => size !== given.shape[n]);
  if (axis < 0) return { input, element };
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const before = (shape[axis]! - given.shape[axis]!) * inner;
  return { input, element: element + (Math.floor(element / (given.shape[axis]! * inner)) + 1) * before };
}

interface Context {
  readonly call: BoundCall;
  readonly run: Run;
  readonly masks: ReadonlyMap<Node, Int32Array>;
  readonly sources: readonly InputElement[];
}

function maskOf(node: Node, context: Context): Int32Array {
  const mask = new Int32Array(context.run.value(node).data.length);
  const trace = traces[node.op] as (node: Node, mask: Int32Array, context: Context) => void;
  trace(node, mask, context);
  return mask;
}

function compiled(expression: Expression, variables: readonly string[], { run, masks }: Context): Trace {
  return compileTrace(expression, variables, run.environment, (node) => masks.get(node)!);
}

type Traces = { readonly [Op in Node['op']]: (node: NodeOf<Op>, mask: Int32Array, context: Context) => void };

const traces: Traces = {
  tensor({ name }, mask, { sources }) {
    for (const [n, { input, element }] of sources.entries()) if (input === name) mask[element]! |= 1 << n;
  },

  map: traceMap,
  rowmap: traceMap,

  dot({ x, y }, mask, context) {
    const [left, right] = [operandOf(x, context), operandOf(y, context)];
    const [batches, heads, queries] = left.sizes as [number, number, number];
    const [, fewer, keys] = right.sizes as [number, number, number];
    let at = 0;
    for (let b = 0; b < batches; b += 1) {
      for (let h = 0; h < heads; h += 1) {
        const columns = (b * fewer + Math.floor((h * fewer) / heads)) * keys;
        for (let i = 0; i < queries; i += 1) {
          for (let j = 0; j < keys; j += 1, at += 1) {
            mask[at] = dotMask(left, (b * heads + h) * queries + i, right, columns + j);
          }
        }
      }
    }
  },

  contract({ over, weights, operand, domain }, mask, context) {
    const [scores, vectors] = [operandOf(weights, context), operandOf(operand, context)];
    const [batches, heads, queries, keys] = scores.sizes as [number, number, number, number];
    const fewer = over === 'key' ? vectors.sizes[1]! : axisSize(domain[1]!, context.call.sizes);
    for (let b = 0; b < batches; b += 1) {
      for (let h = 0; h < heads; h += 1) {
        const rows = (b * heads + h) * queries;
        const columns = (b * fewer + Math.floor((h * fewer) / heads)) * keys;
        for (let i = 0; i < queries; i += 1) {
          for (let j = 0; j < keys; j += 1) {
            const at = (rows + i) * keys + j;
            const [from, to] = over === 'key' ? [columns + j, rows + i] : [rows + i, columns + j];
            addVector(mask, to, vectors, from, { weight: scores.data[at]!, weightMask: scores.mask[at]! });
          }
        }
      }
    }
  },

  fill({ value: operand, mask: predicate, domain }, mask, context) {
    const source = context.masks.get(operand)!;
    eachElement(domain, predicate, context, ({ value, mask: decided }, at) => {
      mask[at] = decided | (value !== 0 ? source[at]! : 0);
    });
  },

  reduce({ monoid, over, value: expression, domain }, mask, context) {
    const variables = [...domainVariables(domain), ...over.map(({ variable }) => variable)];
    const trace = compiled(expression, variables, context);
    const [frame, term] = [new Float64Array(variables.length), { value: 0, mask: 0 }];
    const neutral = monoid === 'sum' ? 0 : Number.NEGATIVE_INFINITY;
    let at = 0;
    context.run.forEach(domain, frame, 0, () => {
      let reached = 0;
      const axes: readonly Axis[] = over.map(({ axis }) => axis);
      context.run.forEach(axes, frame, domain.length, () => {
        trace(frame, term);
        reached |= term.mask | (term.value === neutral || monoid === 'max' ? 0 : ROUNDING);
      });
      mask[at] = reached;
      at += 1;
    });
  },

  bin(node, mask, context) {
    const { iterate, index, value: expression } = node;
    const variables = iterate.map(({ variable }) => variable);
    const places = index.map((each) => compiled(each, variables, context));
    const trace = compiled(expression, variables, context);
    const { sizes, starts } = context.run.value(node);
    const [frame, part] = [new Float64Array(variables.length), { value: 0, mask: 0 }];
    // Where a place depends on something, so does every element that the value may go to.
    let everywhere = 0;
    context.run.forEach(
      iterate.map(({ axis }) => axis),
      frame,
      0,
      () => {
        let offset = 0;
        for (let axis = 0; axis < sizes.length; axis += 1) {
          places[axis]!(frame, part);
          everywhere |= part.mask;
          const at = part.value - starts[axis]!;
          offset = at >= 0 && at < sizes[axis]! && offset >= 0 ? offset * sizes[axis]! + at : -1;
        }
        trace(frame, part);
        if (offset >= 0) mask[offset]! |= part.mask | (part.value === 0 ? 0 : ROUNDING);
      },
    );
    for (let at = 0; at < mask.length; at += 1) mask[at]! |= everywhere;
  },
};

function traceMap({ value, domain }: NodeOf<'map' | 'rowmap'>, mask: Int32Array, context: Context): void {
  eachElement(domain, value, context, (traced, at) => {
    mask[at] = traced.mask;
  });
}

function eachElement(
  domain: readonly Axis[],
  expression: Expression,
  context: Context,
  body: (traced: Traced, at: number) => void,
): void {
  const trace = compiled(expression, domainVariables(domain), context);
  const [frame, traced] = [new Float64Array(domain.length), { value: 0, mask: 0 }];
  let at = 0;
  context.run.forEach(domain, frame, 0, () => {
    trace(frame, traced);
    body(traced, at);
    at += 1;
  });
}

/** What a product takes: numbers, what each depends on, and what each row of features depends on together. */
interface Operand {
  readonly data: Float64Array;
  readonly sizes: readonly number[];
  readonly mask: Int32Array;
  readonly rowMask: Int32Array;
  readonly features: number;
}

function operandOf(node: Node, { run, masks }: Context): Operand {
  const { data, sizes } = run.value(node);
  const mask = masks.get(node)!;
  const features = sizes.at(-1)!;
  const rowMask = new Int32Array(mask.length / features);
  for (let at = 0; at < mask.length; at += 1) rowMask[Math.floor(at / features)]! |= mask[at]!;
  return { data, sizes, mask, rowMask, features };
}

function dotMask(x: Operand, row: number, y: Operand, column: number): number {
  const { features } = x;
  let reached = 0;
  for (let d = 0; d < features; d += 1) {
    const [n, m] = [row * features + d, column * features + d];
    const [left, right] = [x.data[n]!, y.data[m]!];
    reached |= maskFunctions.product(left, x.mask[n]!, right, y.mask[m]!, left * right);
    if (left !== 0 && right !== 0) reached |= ROUNDING;
    // Nothing else can come from rows that nothing reaches.
    if (reached !== 0 && (x.rowMask[row]! | y.rowMask[column]!) === 0) return reached;
  }
  return reached;
}

/** Adds to the vector at row `to` what a weighted vector at row `from` of `vectors` depends on. */
function addVector(
  mask: Int32Array,
  to: number,
  vectors: Operand,
  from: number,
  { weight, weightMask }: { readonly weight: number; readonly weightMask: number },
): void {
  const { features } = vectors;
  if (weight === 0 && weightMask === 0) return;
  const ofWeight = weightMask | (weight === 0 ? 0 : ROUNDING);
  for (let d = 0; d < features; d += 1) {
    const n = from * features + d;
    mask[to * features + d]! |=
      vectors.rowMask[from] === 0
        ? ofWeight
        : maskFunctions.product(weight, weightMask, vectors.data[n]!, vectors.mask[n]!, weight * vectors.data[n]!);
  }
}
