// The emitted module: its header, tables, kernels, the pipeline as data, and the part that runs it, which is the same in
// every module.
import {
  type Axis,
  type Domain,
  type Expression,
  type Graph,
  history,
  type Node,
  type TensorNode,
} from '../../src/ir/index.js';
import { contentHash } from '../shared/content-hash.js';
import { lineComment, type Source, settingsText, stringLiteral } from '../shared/text/source.js';
import type { Linear } from './bounds.js';
import { atom, type Code, identifier, numeral } from './code.js';
import { type KernelSource, kernelText } from './kernel-text.js';
import type { Kernel, Plan } from './kernels.js';
import type { Limits } from './limits.js';
import { runtimeText } from './runtime-text.js';
import { hostSpelling } from './spelling.js';
import type { Table } from './tables.js';

/** What every file of one compile says about itself. */
export interface Origin {
  readonly version: string;
  readonly name: string;
}

/** The size of an axis in the module's data: a number, or the name of a size that a call gives. */
export type Size = number | 'batch' | 'queries' | 'keys';

const sizeNames = { batch: 'batch', query: 'queries', key: 'keys', position: 'keys' } as const;

export const sizeOf = (axis: Axis): Size => ('size' in axis ? axis.size : sizeNames[axis.kind]);
export const shapeOf = (domain: Domain): readonly Size[] => domain.map(sizeOf);

/** A shape as people write it: [B, 4, Tq, 32]. */
export function shapeText(shape: readonly Size[], queries = 'Tq'): string {
  const letters = { batch: 'B', queries, keys: 'Tk' };
  return `[${shape.map((size) => (typeof size === 'number' ? size : letters[size])).join(', ')}]`;
}

export const factoryName = (name: string): string => `create${identifier(name, true)}`;

export function moduleText(plan: Plan, limits: Limits, origin: Origin): string {
  const sources = new Map<Node, KernelSource>();
  const isTable = new Set<Node>(plan.tables.map(({ node }) => node));
  for (const [node, parameter] of plan.names) sources.set(node, { parameter, isTable: isTable.has(node) });
  const body = [
    "import { GPU, input } from 'gpu.js';",
    '',
    ...section('Sizes and tensors'),
    `const name = ${quoted(origin.name)};`,
    `const history = ${history(plan.graph)};`,
    `const limits = { keys: ${limits.keys}, integers: ${limits.integers} };`,
    'const inputs = [',
    ...plan.graph.inputs.map((node) => `  ${inputText(node, plan)},`),
    '];',
    'const outputs = [',
    ...plan.graph.outputs.map(({ name, node }) => `  ${outputText(name, node, plan)},`),
    '];',
    '',
    ...(plan.tables.length === 0
      ? []
      : [...section('Tables, computed in float64'), ...plan.tables.flatMap((each) => tableText(each, plan))]),
    ...section('Kernels, one call an element'),
    ...plan.kernels.flatMap((kernel) => [kernelText(kernel, sources, commentOf(kernel)), '']),
    ...section('The pipeline'),
    'const tables = [',
    ...plan.tables.map(({ node }) => `  { name: '${plan.names.get(node)}', compute: ${plan.names.get(node)} },`),
    '];',
    'const steps = [',
    ...plan.kernels.map((kernel) => `  ${stepText(kernel, plan)},`),
    '];',
    '',
    runtimeText(factoryName(origin.name)),
  ].join('\n');
  return `${headerText(plan.graph, origin, body)}\n${body}`;
}

const section = (title: string): readonly string[] => [
  `// ── ${title} ${'─'.repeat(Math.max(3, 96 - title.length))}`,
  '',
];

export const quoted = (text: string): Source<'javascript'> => stringLiteral('javascript', text);

function headerText(graph: Graph, { name, version }: Origin, body: string): string {
  const settings = settingsText(graph.settings);
  return [
    `${name}, compiled by heddle ${version} for gpu.js. Generated: edit the spec, not this file.`,
    ...(settings === '' ? [] : [`settings: ${settings}`]),
    ...(graph.formula === undefined ? [] : [`formula: ${graph.formula}`]),
    ...(graph.paper === undefined ? [] : [`paper: ${graph.paper}`]),
    `content: ${contentHash(body)}`,
  ]
    .map((line) => lineComment('javascript', line))
    .join('\n');
}

function inputText(node: TensorNode, plan: Plan): string {
  const fields = [
    `name: ${quoted(node.name)}`,
    `value: '${plan.names.get(node)}'`,
    `shape: ${JSON.stringify(shapeOf(node.domain)).replaceAll('"', "'").replaceAll(',', ', ')}`,
    ...(node.dtype === 'int' ? ['integers: true'] : []),
    ...(node.role === 'cotangent' ? ['padded: true'] : []),
  ];
  return `{ ${fields.join(', ')} }`;
}

function outputText(name: string, node: Node, plan: Plan): string {
  const shape = JSON.stringify(shapeOf(node.domain)).replaceAll('"', "'").replaceAll(',', ', ');
  const allRows = plan.graph.inputs.some(({ role }) => role === 'cotangent');
  return `{ name: ${quoted(name)}, value: '${kernelOf(node, plan).name}', shape: ${shape}${allRows ? ', allRows: true' : ''} }`;
}

const kernelOf = (node: Node, plan: Plan): Kernel => plan.kernels.find((kernel) => kernel.node === node)!;

function stepText(kernel: Kernel, plan: Plan): string {
  const reads = kernel.sources.map((source) => `'${plan.names.get(source)}'`);
  const last = kernel.sources
    .filter((source) => isLastReader(kernel, source, plan))
    .map((source) => plan.names.get(source));
  const shape = JSON.stringify(shapeOf(kernel.domain)).replaceAll('"', "'").replaceAll(',', ', ');
  const freed = last.length === 0 ? '' : `, frees: [${last.map((name) => `'${name}'`).join(', ')}]`;
  return `{ kernel: '${kernel.name}', source: ${kernel.name}, shape: ${shape}, reads: [${reads.join(', ')}]${freed} }`;
}

/** T×T values are large: each is let go after the last kernel that reads it. */
function isLastReader(kernel: Kernel, source: Node, plan: Plan): boolean {
  const isOutput = plan.graph.outputs.some(({ node }) => node === source);
  if (source.op === 'tensor' || isOutput) return false;
  return plan.kernels.findLast(({ sources }) => sources.includes(source)) === kernel;
}

const axisNames: Readonly<Record<Axis['kind'], string>> = {
  batch: 'batch',
  head: 'head',
  query: 'query',
  key: 'key',
  position: 'position',
  feature: 'feature',
  extent: 'entry',
};

function commentOf({ computes, domain }: Kernel): readonly string[] {
  const parts = computes.map(({ op, label }) => (label === undefined ? op : `${op} ${label}`));
  const axes = domain.map(({ kind }) => axisNames[kind]).join(', ');
  return [`${parts.join(', then ')}: [${axes}]`];
}

// ── Tables ──────────────────────────────────────────────────────────────────────────────────────────

function tableText({ node, axes, value }: Table, plan: Plan): readonly string[] {
  const sizes = axes.map(({ low, high }) => linearText({ ...high, constant: high.constant + 1 }, low));
  const padded = [...sizes].reverse();
  while (padded.length < 3) padded.push('1');
  const scope = new Map(axes.map(({ variable }) => [variable, atom(variable)]));
  const loops = axes.map(
    ({ variable, low, high }, depth) =>
      `${'  '.repeat(depth + 1)}for (let ${variable} = ${linearText(low)}; ${variable} <= ${linearText(high)}; ${variable}++) {`,
  );
  const indent = '  '.repeat(axes.length + 1);
  const { statements, result } = hostValue(value, scope);
  const stored = value.type === 'bool' ? `${result.text} ? 1 : 0` : result.text;
  return [
    `function ${plan.names.get(node)}({ batch, queries, keys }) {`,
    `  const size = [${padded.join(', ')}];`,
    '  const data = new Float32Array(size[0] * size[1] * size[2]);',
    '  let n = 0;',
    ...loops,
    ...statements.map((line) => indent + line),
    `${indent}data[n++] = ${stored};`,
    ...axes.map((_, depth) => `${'  '.repeat(axes.length - depth)}}`),
    '  return { data, size };',
    '}',
    '',
  ];
}

/** The JavaScript of an expression of indices, shared parts first. */
function hostValue(root: Expression, scope: ReadonlyMap<string, Code>) {
  const statements: string[] = [];
  const done = new Map<Expression, Code>();
  const keep = (code: Code): Code => {
    if (/^[\w.]+$/.test(code.text)) return code;
    const name = `part${statements.length + 1}`;
    statements.push(`const ${name} = ${code.text};`);
    return atom(name);
  };
  const uses = new Map<Expression, number>();
  const count = (expression: Expression): void => {
    uses.set(expression, (uses.get(expression) ?? 0) + 1);
    if (uses.get(expression) === 1 && expression.kind === 'apply') expression.operands.forEach(count);
  };
  const visit = (expression: Expression): Code => {
    const known = done.get(expression);
    if (known) return known;
    const code = spelled(expression);
    const result = uses.get(expression)! > 1 ? keep(code) : code;
    done.set(expression, result);
    return result;
  };
  const spelled = (expression: Expression): Code => {
    switch (expression.kind) {
      case 'constant':
        return expression.type === 'bool' ? atom(String(expression.value !== 0)) : numeral(expression.value);
      case 'variable':
        return scope.get(expression.name)!;
      case 'length':
        return atom(sizeNames[expression.of]);
      case 'apply': {
        const operands = expression.operands.map(visit);
        return hostSpelling[expression.operation](operands, { type: expression.operands.at(-1)!.type, once: keep });
      }
      default:
        throw new Error(`a table cannot hold a ${expression.kind}`);
    }
  };
  count(root);
  const result = visit(root);
  return { statements, result };
}

/** x − y as JavaScript of the sizes of a call. */
function linearText(x: Linear, y: Linear = { constant: 0, batch: 0, queries: 0, keys: 0 }): string {
  const terms = (['keys', 'queries', 'batch'] as const).flatMap((name) => {
    const factor = x[name] - y[name];
    if (factor === 0) return [];
    return [{ negative: factor < 0, text: Math.abs(factor) === 1 ? name : `${Math.abs(factor)} * ${name}` }];
  });
  const constant = x.constant - y.constant;
  if (constant !== 0 || terms.length === 0) terms.push({ negative: constant < 0, text: String(Math.abs(constant)) });
  return terms
    .map(({ negative, text }, n) => (n === 0 ? (negative ? `-${text}` : text) : `${negative ? ' - ' : ' + '}${text}`))
    .join('');
}
