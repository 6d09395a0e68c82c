// The emitted function: its signature, its documentation, the checks of a call, and a line or a few for each node.
// Nodes follow the score graph, so that what is read is what `heddle explain` shows.
import { type Node, type TensorRole, topological } from '../../src/ir/index.js';
import { insideDocumentation } from '../shared/text/source.js';
import { FunctionWriter } from './function-writer.js';
import { writeNode } from './nodes.js';
import { type Argument, type Result, type Signature, shapeText } from './signature.js';

const meanings: Readonly<Record<TensorRole, string>> = {
  queries: 'queries',
  keys: 'keys',
  values: 'values',
  keysAndValues: 'keys that are also values',
  parameter: 'parameter',
  tensor: 'tensor',
  integers: 'integers',
  cotangent: 'gradient of an output, for all rows',
};

const conversions =
  'Floats are of one dtype, parameters of any; 16 bits are computed with in float32. Raises TypeError and ValueError.';

/** `def mta(q, k, v, *, theta, rows=None)` with everything in it. */
export function functionText(signature: Signature, helpers: Set<string>): readonly string[] {
  return [
    ...headText(signature),
    ...indented([...functionDocumentation(signature, [conversions]), ...body(signature, helpers)]),
  ];
}

export const indented = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => (line === '' ? '' : `    ${line}`));

const MOST_COLUMNS = 96;

/** A call or definition on one line where that is short enough, else with a line for each part. */
export function wrapped(before: string, parts: readonly string[], after: string): readonly string[] {
  const line = `${before}${parts.join(', ')}${after}`;
  if (line.length <= MOST_COLUMNS) return [line];
  return [before, ...indented(parts.map((part) => `${part},`)), after];
}

export function parametersText(given: readonly Argument[], hasRows: boolean): readonly string[] {
  const positional = given.filter(({ isPositional }) => isPositional);
  const named = given.filter(({ isPositional }) => !isPositional);
  return [
    ...positional.map(({ name }) => `${name}: Tensor`),
    ...(named.length > 0 || hasRows ? ['*'] : []),
    ...named.map(({ name }) => `${name}: Tensor`),
    ...(hasRows ? ['rows: Optional[int] = None'] : []),
  ];
}

export const resultType = ({ outputs }: Signature): string => outputs ?? 'Tensor';

function headText(signature: Signature): readonly string[] {
  const parameters = parametersText(signature.arguments, signature.hasRows);
  return wrapped(`def ${signature.function}(`, parameters, `) -> ${resultType(signature)}:`);
}

/** What a function computes, the shapes of its tensors, and what `rows` is; `more` stands behind. */
export function functionDocumentation(
  { graph, arguments: given, results, hasRows, history }: Signature,
  more: readonly string[],
): readonly string[] {
  const rows = given.map(({ name, node }) => [name, shapeText(node.domain), meanings[node.role]] as const);
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column as 0 | 1].length)));
  const returned = results.map(
    ({ name, node, rowAxis }) => `${name} ${shapeText(node.domain, rowAxis === undefined ? 'Tq' : 'R')}`,
  );
  return [
    `"""${insideDocumentation(graph.formula ?? `The score graph ${graph.name}.`)}`,
    '',
    'Shapes, for a batch of B, Tq rows of queries at the positions Tk - Tq ... Tk - 1, and R rows of output:',
    '',
    ...rows.map(([name, shape, meaning]) =>
      `    ${name.padEnd(widths[0]!)}  ${shape.padEnd(widths[1]!)}  ${meaning}`.trimEnd(),
    ),
    '',
    `Returns ${returned.join(', ')}.`,
    ...(hasRows
      ? [
          `rows is R: the last rows to give; by default all of them where Tq is at least Tk, else Tq - ${history}.`,
          ...(history > 0
            ? [`Rows max(0, Tk - R - ${history}) ... Tk - 1 of q must be given: a row depends on ${history} above it.`]
            : []),
        ]
      : []),
    ...more,
    '"""',
  ];
}

function body(signature: Signature, helpers: Set<string>): readonly string[] {
  const { graph, arguments: given, names } = signature;
  const isGradient = graph.inputs.some(({ role }) => role === 'cotangent');
  const writer = new FunctionWriter(names, helpers, !isGradient);
  for (const { node, name } of given) writer.nodes.set(node, name);
  for (const node of topological(graph)) {
    if (node.op === 'tensor') continue;
    writeNode(writer, node);
    if (signature.origin.roundsNodes && !isStatistic(node)) {
      const name = writer.nodes.get(node)!;
      writer.lines.push(`${name} = ${name}.to(given).to(dtype)`);
    }
  }
  const returned = returnText(signature, writer);
  const used = [...writer.indices, ...writer.lines, ...returned].join('\n');
  return [...preparation(signature, used), ...writer.indices, '', ...writer.lines, '', ...returned];
}

/** Row statistics stay in float32, whatever the dtype of a call. */
const isStatistic = ({ domain }: Node): boolean => !domain.some(({ kind }) => kind === 'key' || kind === 'feature');

/** Checks, sizes, and the dtype to compute in. */
function preparation({ arguments: given, hasRows, graph }: Signature, used: string): readonly string[] {
  const uses = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(used);
  const pairs = given.map(({ name }) => `${name}=${name}`);
  const floats = given.filter(({ node }) => node.dtype === 'float').map(({ name }) => name);
  const integers = given.filter(({ node }) => node.dtype === 'int').map(({ name }) => name);
  const kinds = new Set(graph.inputs.flatMap(({ domain }) => domain.map(({ kind }) => kind)));
  if (kinds.size === 0 && given.length === 0) return ["dtype, device = torch.get_default_dtype(), torch.device('cpu')"];
  const others = given.filter(({ node }) => node.dtype === 'float' && node.role !== 'parameter');
  const first = others[0]?.name ?? floats[0] ?? given[0]!.name;
  return [
    ...wrapped('B, Tq, Tk = _sizes(', pairs, ')'),
    ...(hasRows ? ['R = _rows(rows, Tq, Tk)'] : []),
    ...(uses('device') ? [`device = ${first}.device`] : []),
    ...(floats.length > 0
      ? [
          `given = ${first}.dtype`,
          'dtype = torch.float32 if given in (torch.float16, torch.bfloat16) else given',
          ...together(floats, (name) => `${name}.to(dtype)`),
        ]
      : ['dtype = given = torch.get_default_dtype()']),
    ...together(integers, (name) => `${name}.long()`),
  ];
}

/** Assignments `a, b = f(a), f(b)`, as many on a line as it takes. */
function together(names: readonly string[], change: (name: string) => string): readonly string[] {
  const line = (group: readonly string[]): string => `${group.join(', ')} = ${group.map(change).join(', ')}`;
  const groups: string[][] = [];
  for (const name of names) {
    const last = groups.at(-1);
    if (last && line([...last, name]).length <= MOST_COLUMNS) last.push(name);
    else groups.push([name]);
  }
  return groups.map(line);
}

function returnText({ results, outputs, origin }: Signature, writer: FunctionWriter): readonly string[] {
  const texts = results.map((result) => resultText(result, writer, origin.roundsNodes ?? false));
  if (outputs === undefined) return texts.length === 0 ? ['return None'] : [`return ${texts[0]}`];
  return wrapped(
    `return ${outputs}(`,
    texts.map((text, n) => `${results[n]!.name}=${text}`),
    ')',
  );
}

function resultText({ node, rowAxis }: Result, writer: FunctionWriter, isAsComputed: boolean): string {
  const name = writer.nodes.get(node)!;
  const rows = rowAxis === undefined ? name : `${name}[${':, '.repeat(rowAxis)}Tq - R:]`;
  return isAsComputed || (node.op === 'tensor' && node.dtype === 'int') ? rows : `${rows}.to(given)`;
}
