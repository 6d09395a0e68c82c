// The Python module of what is particular to one spec: names, shapes, element types, and the launcher's fields in their order.
// The modules that are the same for every spec read it.
import { type Axis, type Domain, type Graph, laterDependence, type TensorNode } from '../../src/ir/index.js';
import { type BoundBuffer, bytesOf, CHUNK, elementTypes, type StorageDtype } from '../cuda/buffers.js';
import type { Architecture } from '../cuda/emit.js';
import type { EmittedCuda } from '../cuda/emit-files.js';
import { MOST_KEYS } from '../shared/mask-intervals.js';
import { indented } from '../torch/function-text.js';
import { quoted, tuple } from '../torch/python.js';
import type { Signature } from '../torch/signature.js';

export interface Binding {
  readonly graph: Graph;
  readonly emitted: EmittedCuda;
  readonly signature: Signature;
  readonly dtype: StorageDtype;
  readonly architecture: Architecture | undefined;
}

const sizeNames = { batch: 'B', query: 'Tq', key: 'Tk', position: 'Tk' } as const;

/** ('B', 8, 'Tq', 64); an axis of queries of an output holds R rows. */
function shapeOf(domain: Domain, queries: 'Tq' | 'R'): string {
  const size = (axis: Axis): string => {
    if ('size' in axis) return String(axis.size);
    return quoted(axis.kind === 'query' ? queries : sizeNames[axis.kind]);
  };
  return tuple(domain.map(size));
}

/** Sequences of vectors are stored in the dtype of the kernels, all else in 32 bits. */
const isStored = ({ domain }: { readonly domain: Domain }): boolean =>
  domain.some(({ kind }) => kind === 'feature') && !domain.every((axis) => 'size' in axis);

/** The architecture of kernels that run on no other: `90a` of sm_90a. */
export function onlyArchitecture(architecture: Architecture | undefined): string | undefined {
  return architecture?.endsWith('a') === true ? architecture.replace('sm_', '') : undefined;
}

export function descriptionText({ graph, emitted, signature, dtype, architecture }: Binding): string {
  const bound = [...emitted.module.buffers.values()].filter(({ buffer }) => buffer.role !== 'workspace');
  const boundOf = (name: string, role: 'input' | 'output'): BoundBuffer | undefined =>
    bound.find(({ buffer }) => buffer.name === name && buffer.role === role);
  const boolean = (value: boolean): string => (value ? 'True' : 'False');
  const stored = (node: TensorNode): boolean => node.dtype === 'float' && isStored(node);

  const inputs = signature.arguments.map(({ name, node }) => {
    const field = boundOf(node.name, 'input');
    const element = field?.element ?? (node.dtype === 'int' ? 'int' : 'float');
    return tuple([
      quoted(name),
      field === undefined ? 'None' : quoted(field.name),
      shapeOf(node.domain, 'Tq'),
      quoted(element),
      String(field?.isAligned ? CHUNK : bytesOf[element]),
      boolean(stored(node)),
    ]);
  });
  const outputs = signature.results.map(({ name, node, rowAxis }, n) => {
    const field = boundOf(graph.outputs[n]!.name, 'output')!;
    const shape = shapeOf(node.domain, rowAxis === undefined ? 'Tq' : 'R');
    return tuple([quoted(name), quoted(field.name), shape, quoted(field.element), boolean(isStored(node))]);
  });
  const fields = bound.map(({ name, staticStrides }) => tuple([quoted(name), boolean(staticStrides === undefined)]));
  const leading = signature.arguments.findIndex(({ node }) => stored(node));
  const only = onlyArchitecture(architecture);
  const later = laterDependence(graph);
  const table = (name: string, rows: readonly string[]): readonly string[] => [
    `${name} = (`,
    ...indented(rows.map((row) => `${row},`)),
    ')',
  ];
  return `${[
    '"""What is particular to this spec. Made by a compiler: change the spec, not this file."""',
    '',
    `NAME = ${quoted(emitted.name)}`,
    '# What names of libraries and operators begin with: its end is a fingerprint of the kernels.',
    `OPERATOR = ${quoted(operatorName(emitted))}`,
    `SOURCE = ${quoted(`${emitted.name}.cu`)}`,
    '# What the functions of the launcher begin with.',
    `PREFIX = ${quoted(emitted.prefix)}`,
    '# The one architecture that kernels run on; None where it is every one from sm_80 on.',
    `ARCHITECTURE = ${only === undefined ? 'None' : quoted(only)}`,
    `STORAGE = ${quoted(elementTypes[dtype])}`,
    `MOST_KEYS = ${MOST_KEYS}`,
    '# Rows of queries that a row depends on, above it.',
    `HISTORY = ${signature.history}`,
    '# What of a row depends on later positions, so that no sequence is cut behind it; None where nothing does.',
    `LATER = ${later === undefined ? 'None' : quoted(later)}`,
    '',
    '# The function of eager PyTorch, how many tensors it takes by position, and whether a call may ask for the last rows only.',
    `EAGER = ${quoted(signature.function)}`,
    `POSITIONAL = ${signature.arguments.filter(({ isPositional }) => isPositional).length}`,
    `HAS_ROWS = ${boolean(signature.hasRows)}`,
    '# The class of its outputs; None where there is one.',
    `RESULT = ${signature.outputs === undefined ? 'None' : quoted(signature.outputs)}`,
    '# The input whose dtype is that of the call.',
    `LEADING = ${Math.max(0, leading)}`,
    '',
    '# Argument, field of the launcher, shape, element, bytes that rows begin at multiples of, whether it has the dtype of the call.',
    ...table('INPUTS', inputs),
    '# Name, field, shape, element, whether it has the dtype of the call.',
    ...table('OUTPUTS', outputs),
    "# The launcher's fields in their order, and whether each has strides.",
    ...table('FIELDS', fields),
  ].join('\n')}\n`;
}

/** Kernels of one text are one operator: its name ends with their fingerprint. */
function operatorName({ prefix, manifest }: EmittedCuda): string {
  return `heddle_${prefix}_${manifest.files[0]!.hash}`;
}
