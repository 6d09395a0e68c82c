// The Python module of what is particular to one spec: names, shapes, element types, and the launcher's fields in their order.
// The modules that are the same for every spec read it.
import { type Axis, type Domain, type Graph, laterDependence, type TensorNode } from '../../src/ir/index.js';
import { type BoundBuffer, bytesOf, CHUNK, elementTypes, type StorageDtype } from '../cuda/buffers.js';
import type { Architecture } from '../cuda/emit.js';
import type { EmittedCuda } from '../cuda/emit-files.js';
import { contentHash } from '../shared/content-hash.js';
import { MOST_KEYS } from '../shared/mask-intervals.js';
import { indented } from '../torch/function-text.js';
import { quoted, tuple } from '../torch/python.js';
import type { Signature } from '../torch/signature.js';
import { type LaunchRecord, launchersOf } from './launches.js';
import { kernelsOfBinding, type Training } from './training.js';

export interface Binding {
  readonly graph: Graph;
  readonly emitted: EmittedCuda;
  readonly signature: Signature;
  readonly dtype: StorageDtype;
  readonly architecture: Architecture | undefined;
  readonly training: Training;
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

export function descriptionText(binding: Binding): string {
  const { graph, emitted, signature, dtype, architecture, training } = binding;
  const { alternatives } = emitted;
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
  const leading = signature.arguments.findIndex(({ node }) => stored(node));
  const only = onlyArchitecture(architecture);
  const later = laterDependence(graph);
  return `${[
    '"""What is particular to this spec. Made by a compiler: change the spec, not this file."""',
    '',
    `NAME = ${quoted(emitted.name)}`,
    '# What names of libraries and operators begin with: its end is a fingerprint of the kernels.',
    `OPERATOR = ${quoted(operatorName(binding))}`,
    `SOURCES = ${tuple(kernelsOfBinding(binding).map(({ name }) => quoted(`${name}.cu`)))}`,
    '# The one architecture that kernels run on; None where it is every one from sm_80 on.',
    `ARCHITECTURE = ${only === undefined ? 'None' : quoted(only)}`,
    `STORAGE = ${quoted(elementTypes[dtype])}`,
    '# Programs of one result that the launcher of calls without gradients chooses between; none where it has one.',
    `ALTERNATIVES = ${tuple(alternatives.length > 1 ? alternatives.map(({ name }) => quoted(name)) : [])}`,
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
    '',
    '# Why gradients are computed by eager PyTorch; None where kernels compute them.',
    `WHY_EAGER_GRADIENTS = ${'why' in training ? quoted(training.why) : 'None'}`,
    ...launchTexts(binding),
  ].join('\n')}\n`;
}

/** What each launcher takes, and what goes from the forward of a training step to its backward. */
function launchTexts(binding: Binding): readonly string[] {
  const { launchers, kept, saved, together } = launchersOf(binding);
  const boolean = (value: boolean): string => (value ? 'True' : 'False');
  const record = ({ prefix, fields, inputs, outputs }: LaunchRecord): readonly string[] => [
    `${quoted(prefix)},`,
    ...table(
      '',
      fields.map((each) => tuple([quoted(each.name), boolean(each.hasStrides)])),
      ',',
    ),
    ...table(
      '',
      inputs.map((each) =>
        tuple([String(each.place), quoted(each.field), quoted(each.element), String(each.alignment)]),
      ),
      ',',
    ),
    ...table(
      '',
      outputs.map((each) => tuple([String(each.place), quoted(each.field), quoted(each.element)])),
      ',',
    ),
  ];
  const lists = (indices: readonly number[]): string => tuple(indices.map(String));
  return [
    '',
    '# Of each launcher: what its functions begin with; its fields in their order, and whether each has strides; which of the tensors',
    '# that it is given each input is, its field, element, and bytes that rows begin at multiples of; which of its results each output is,',
    '# its field and element.',
    'LAUNCHERS = {',
    ...launchers.flatMap(({ role, ...each }) => indented([`${quoted(role)}: (`, ...indented(record(each)), '),'])),
    '}',
    '# What a training step keeps beside the outputs: shape, and element.',
    ...table(
      'KEPT',
      kept.map((each) => tuple([shapeOf(each.domain, 'Tq'), quoted(each.element)])),
    ),
    '# Which outputs, and what is kept behind them, the backward takes.',
    `SAVED = ${lists(saved)}`,
    '# Of each kernel of the backward: the inputs whose gradients it writes, and those whose gradients need it.',
    ...table(
      'TOGETHER',
      together.map(({ writes, serves }) => tuple([lists(writes), lists(serves)])),
    ),
  ];
}

/** A tuple of rows with a line for each: of a name, or inside of another. */
function table(name: string, rows: readonly string[], behind = ''): readonly string[] {
  const before = name === '' ? '' : `${name} = `;
  if (rows.length === 0) return [`${before}()${behind}`];
  return [`${before}(`, ...indented(rows.map((row) => `${row},`)), `)${behind}`];
}

/** Kernels of one text are one operator: its name ends with their fingerprint. */
function operatorName(binding: Binding): string {
  const hashes = kernelsOfBinding(binding).map(({ manifest }) => manifest.files[0]!.hash);
  const fingerprint = hashes.length === 1 ? hashes[0]! : contentHash(hashes.join());
  return `heddle_${binding.emitted.prefix}_${fingerprint}`;
}
