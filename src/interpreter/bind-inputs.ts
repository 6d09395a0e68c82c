// Binds the tensors of a call to a graph: checks names, shapes and integers, and finds B, Tq, Tk and R from them.
// Every device calls it first, so that bad input gets the same clear answer everywhere.
import { type Diagnostic, diagnostic, fail, HeddleError, nearest } from '../diagnostics/index.js';
import { history, rowsUnlessTold } from '../ir/footprint/history.js';
import {
  type Axis,
  axisSize,
  type CallSizes,
  contentsFault,
  describeContents,
  type Graph,
  isGradientGraph,
  type TensorNode,
} from '../ir/index.js';
import { type HostTensor, hostTensor, shapeText } from '../tensors/index.js';

export interface BoundCall {
  readonly sizes: CallSizes;
  /** R: how many of the last rows the outputs hold. All of them for the gradients that a gradient graph gives. */
  readonly rows: number;
  /** Each input of the graph by name. Cotangents are padded to all Tq rows, with zeros. */
  readonly tensors: ReadonlyMap<string, HostTensor>;
}

const lengthOf: Partial<Record<Axis['kind'], keyof CallSizes>> = {
  batch: 'batch',
  query: 'queries',
  key: 'keys',
  position: 'keys',
};

const lengthNames: Readonly<Record<keyof CallSizes, string>> = {
  batch: 'a batch axis',
  queries: 'a query axis',
  keys: 'a key or position axis',
};

/**
 * Checks `inputs` against the graph's declared inputs; tensors that the graph does not name are ignored.
 * @param rows R, the rows of output wanted; by default as many as the given rows of queries allow.
 * @throws HeddleError HD7xxx, all misshapen inputs at once.
 */
export function bindInputs(graph: Graph, inputs: ReadonlyMap<string, HostTensor>, rows?: number): BoundCall {
  const primal = graph.inputs.filter(({ role }) => role !== 'cotangent');
  const missing = primal.filter(({ name }) => !inputs.has(name)).map(({ name }) => name);
  if (missing.length > 0) fail('HD7001', { names: missing, given: [...inputs.keys()] });

  const sizes = callSizes(primal, inputs);
  const cotangents = graph.inputs.filter(({ role }) => role === 'cotangent');
  const given = cotangents.filter(({ name }) => inputs.has(name));
  if (cotangents.length > 0 && given.length === 0) failWithoutCotangents(cotangents, inputs);

  const needs = history(graph);
  const told = cotangentRows(given, inputs, sizes);
  const found = outputRows(sizes, needs, rows ?? told?.rows);
  const wanted: CotangentRows = { rows: found, why: rows === undefined && told ? told.why : asManyAs(found) };
  const tensors = new Map<string, HostTensor>();
  for (const node of primal) tensors.set(node.name, checkedContents(node, inputs.get(node.name)!, sizes));
  for (const node of cotangents) tensors.set(node.name, paddedCotangent(node, inputs.get(node.name), sizes, wanted));
  return { sizes, rows: isGradientGraph(graph) ? sizes.queries : found, tensors };
}

function callSizes(nodes: readonly TensorNode[], inputs: ReadonlyMap<string, HostTensor>): CallSizes {
  const found: Partial<Record<keyof CallSizes, { size: number; name: string }>> = {};
  const problems: Diagnostic[] = [];
  for (const { name, domain } of nodes) {
    const { shape } = inputs.get(name)!;
    const expected = domain.map((axis) => ('size' in axis ? String(axis.size) : (lengthLetters[axis.kind] ?? '?')));
    const misshapen = (why: string) =>
      problems.push(diagnostic('HD7002', { name, shape: shapeText(shape), expected: `[${expected.join(', ')}]`, why }));
    if (shape.length !== domain.length) {
      misshapen(`it is declared with ${domain.length} axes`);
      continue;
    }
    for (const [n, axis] of domain.entries()) {
      const size = shape[n]!;
      if (size === 0) problems.push(diagnostic('HD7008', { name, axis: n, shape: shapeText(shape) }));
      else if ('size' in axis) {
        if (axis.size !== size) misshapen(`its axis ${n} (${axis.kind}) has ${axis.size} entries under these settings`);
      } else {
        const length = lengthOf[axis.kind]!;
        const known = found[length];
        if (known === undefined) found[length] = { size, name };
        else if (known.size !== size)
          misshapen(`\`${known.name}\` says that ${lengthNames[length]} has ${known.size} entries`);
      }
    }
  }
  if (problems.length > 0) throw new HeddleError(problems);
  const keys = found.keys?.size ?? found.queries?.size;
  if (keys === undefined) fail('HD7007', { axis: lengthNames.keys });
  return { batch: found.batch?.size ?? 1, queries: found.queries?.size ?? keys, keys };
}

const lengthLetters: Partial<Record<Axis['kind'], string>> = { batch: 'B', query: 'Tq', key: 'Tk', position: 'Tk' };

function outputRows(sizes: CallSizes, needs: number, wanted: number | undefined): number {
  const { queries, keys } = sizes;
  const rows = wanted ?? rowsUnlessTold(queries, keys, needs);
  if (wanted !== undefined && (!Number.isInteger(wanted) || wanted < 1 || wanted > queries)) {
    fail('HD7006', { rows: String(wanted), queries });
  }
  const needed = Math.min(keys, Math.max(rows, 1) + needs);
  if (queries < needed) fail('HD7005', { queries, keys, history: needs, rows: Math.max(rows, 1), needed });
  return rows;
}

/** Says which name was probably meant, where a gradient has one that no output has. */
function failWithoutCotangents(cotangents: readonly TensorNode[], inputs: ReadonlyMap<string, HostTensor>): never {
  const outputs = cotangents.map(({ name }) => name);
  for (const given of inputs.keys()) {
    const wanted = given.startsWith('grad_') ? nearest(given, outputs) : undefined;
    if (wanted !== undefined) fail('HD7009', { outputs, suggestion: { given, wanted } });
  }
  fail('HD7009', { outputs });
}

/** How many of the last rows cotangents have, and what says so, for people. */
interface CotangentRows {
  readonly rows: number;
  readonly why: string;
}

const asManyAs = (rows: number): string => `gradients hold the ${rows} rows of output that are computed`;

/** As the first cotangent that has rows. */
function cotangentRows(
  given: readonly TensorNode[],
  inputs: ReadonlyMap<string, HostTensor>,
  sizes: CallSizes,
): CotangentRows | undefined {
  const { queries } = sizes;
  for (const { name, domain } of given) {
    const axis = domain.findIndex(({ kind }) => kind === 'query');
    if (axis < 0) continue;
    const { shape } = inputs.get(name)!;
    const rows = shape[axis] ?? 0;
    if (shape.length === domain.length && rows >= 1 && rows <= queries)
      return { rows, why: `\`${name}\` has ${rows} rows` };
    const expected = domain.map((each) => (each.kind === 'query' ? `1 to ${queries}` : axisSize(each, sizes)));
    const why = 'it is the gradient of some of the last rows of an output, at most as many as there are of queries';
    fail('HD7002', { name, shape: shapeText(shape), expected: `[${expected.join(', ')}]`, why });
  }
  return undefined;
}

const LARGEST_INTEGER = 2 ** 31 - 1;

/** A declared range is checked here, on the host, for every device that takes its inputs through this call. */
function checkedContents(node: TensorNode, tensor: HostTensor, sizes: CallSizes): HostTensor {
  if (node.dtype === 'int') checkIntegers(node, tensor);
  const fault = contentsFault(node, tensor.data, sizes);
  if (fault === undefined) return tensor;
  const { element, why } = fault;
  const [value, place] = [tensor.data[element]!, placeOf(element, tensor.shape)];
  return fail('HD7032', { name: node.name, value, place, why, contents: describeContents(node.contents) });
}

function checkIntegers(node: TensorNode, tensor: HostTensor): void {
  const wrong = tensor.data.findIndex(
    (value) => !Number.isInteger(value) || Math.abs(value + 0.5) > LARGEST_INTEGER + 0.5,
  );
  if (wrong >= 0) fail('HD7003', { name: node.name, value: tensor.data[wrong]!, place: placeOf(wrong, tensor.shape) });
}

function placeOf(index: number, shape: readonly number[]): string {
  const place: number[] = [];
  let rest = index;
  for (const size of [...shape].reverse()) {
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${place.join(', ')}]`;
}

/** The gradient of the last R rows of an output, as one of all Tq rows; zeros when it is not given. */
function paddedCotangent(
  node: TensorNode,
  given: HostTensor | undefined,
  sizes: CallSizes,
  { rows, why: whyRows }: CotangentRows,
): HostTensor {
  const full = node.domain.map((axis) => axisSize(axis, sizes));
  const padded = hostTensor(full);
  if (!given) return padded;
  const queryAxis = node.domain.findIndex(({ kind }) => kind === 'query');
  const expected = full.map((size, n) => (n === queryAxis ? rows : size));
  const wrong = expected.flatMap((size, n) => (size === given.shape[n] ? [] : [n]));
  if (expected.length !== given.shape.length || wrong.length > 0) {
    const isOfRows = expected.length === given.shape.length && wrong.every((axis) => axis === queryAxis);
    const why = isOfRows ? whyRows : 'it is the gradient of an output of another shape';
    fail('HD7002', { name: node.name, shape: shapeText(given.shape), expected: shapeText(expected), why });
  }
  if (queryAxis < 0 || rows === sizes.queries) return given;
  const inner = full.slice(queryAxis + 1).reduce((product, size) => product * size, 1);
  const outer = full.slice(0, queryAxis).reduce((product, size) => product * size, 1);
  for (let block = 0; block < outer; block += 1) {
    const source = given.data.subarray(block * rows * inner, (block + 1) * rows * inner);
    padded.data.set(source, ((block + 1) * sizes.queries - rows) * inner);
  }
  return padded;
}
