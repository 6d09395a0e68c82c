// The launcher in C: a header that C and C++ programs include, and its definitions at the end of the .cu file. It checks what
// it is given, allocates nothing, and starts the kernels on a stream.
import { decisionsOf, type Kernel, type TileProgram } from '../../codegen/tile/program.js';
import type { Buffer } from '../../codegen/tile/types.js';
import type { Expression } from '../../src/ir/index.js';
import { MOST_KEYS } from '../shared/mask-intervals.js';
import { refuse } from '../shared/refusal.js';
import { sizeOfAxis } from '../shared/sizes.js';
import type { LineWriter } from '../shared/text/expressions.js';
import { LineList, printed } from '../shared/text/lines.js';
import { insideComment, type Source } from '../shared/text/source.js';
import type { Alternatives } from '../shared/tile/alternatives.js';
import { type BoundBuffer, bytesOf, CHUNK, hasPaddedRows, paddedRowText, pointerType } from './buffers.js';
import {
  alternativeNumber,
  choiceConstants,
  choiceDefinitions,
  choiceFunction,
  chosenFunction,
} from './choice-text.js';
import type { EmittedModule } from './emit.js';
import { goesByHeads, HEADS_TOGETHER, sweptBuffers } from './layout/block-order.js';
import { mapText } from './map-text.js';
import { mapsName } from './module-context.js';
import { launchSizes } from './module-text.js';
import { headsTogetherText, orderText } from './order-text.js';
import { atom } from './text/code.js';
import { cudaPrinter } from './text/expressions.js';
import { servedOutputs } from './wanted-outputs.js';

/** Parts of the workspace begin at multiples of so many bytes. */
const WORKSPACE_ALIGNMENT = 256;

/** A program as it is emitted: the kernels of all alternatives, joined, and each of those. */
export interface LaunchedProgram {
  readonly program: TileProgram;
  readonly module: EmittedModule;
  readonly alternatives: Alternatives;
}

export interface LauncherDescription {
  /** What names of functions and types begin with. */
  readonly prefix: Source<'cuda'>;
  readonly history: number;
  /** Whether outputs may be NULL, which nobody wants then: gradients of inputs that need none. */
  readonly isGradient: boolean;
}

const tensorsOf = ({ buffers }: TileProgram): readonly Buffer[] => buffers.filter(({ role }) => role !== 'workspace');
const workspaceOf = ({ buffers }: TileProgram): readonly Buffer[] => buffers.filter(({ role }) => role === 'workspace');

/** A shape for people: [batch, 8, queries, 64]. */
const shapeText = ({ axes }: Buffer): string => `[${axes.map(sizeOfAxis).join(', ')}]`;

const isRenamed = ({ name, buffer }: BoundBuffer): boolean => buffer.name !== name;

// ── The header ──────────────────────────────────────────────────────────────────────────────────────

/** The declarations, once in what is compiled: both the header and the .cu hold them, so that the latter compiles alone. */
export function headerFileText(
  { program, module, alternatives }: LaunchedProgram,
  { prefix, history, isGradient }: LauncherDescription,
): string {
  const hasChoice = alternatives.length > 1;
  const fields = tensorsOf(program).flatMap((buffer) => {
    const bound = module.buffers.get(buffer)!;
    const isConst = buffer.role === 'input';
    const alignment = bound.isAligned ? ', 16-byte aligned rows' : '';
    const role = isGradient && buffer.role === 'output' ? 'output or NULL' : buffer.role;
    const pointer = `  ${isConst ? 'const ' : ''}void *${bound.name}; /* ${role}, ${bound.element} ${shapeText(buffer)}${alignment}${isRenamed(bound) ? `: ${insideComment('cuda', buffer.name)} of the spec` : ''} */`;
    return bound.staticStrides ? [pointer] : [pointer, `  const int64_t *${bound.name}_strides;`];
  });
  return `#ifndef ${prefix}_declared
#define ${prefix}_declared

#include <cuda_runtime_api.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

${
  hasChoice
    ? `${choiceConstants(prefix, alternatives)}

`
    : ''
}/**
 * The sizes of a call: batch entries, queries (Tq), keys (Tk), and rows (R): how many of the last rows the outputs hold.
 * 1 <= rows <= queries; an output row depends on ${history} rows of queries above it${history === 0 ? '' : ', which must be given\n * unless queries >= keys'}.
 */
typedef struct ${prefix}_sizes {
  int ${launchSizes.join(', ')};${
    hasChoice
      ? `
  int alternative; /* one of ${prefix}_alternative, or 0: the launcher chooses */`
      : ''
  }
} ${prefix}_sizes;

/**
 * Tensors on the device. Strides are in elements, one for each axis, the last one 1; without them (NULL) a tensor is dense.
 */
typedef struct ${prefix}_tensors {
${fields.join('\n')}
} ${prefix}_tensors;

/** Bytes of workspace that a call needs; 0 where it needs none, or where the sizes are none. */
size_t ${prefix}_workspace_size(const ${prefix}_sizes *sizes);
${
  hasChoice
    ? `
${choiceFunction(prefix)}
`
    : ''
}
/**
 * Starts the kernels on a stream and returns at once. Nothing is allocated: \`workspace\` must hold as many bytes as
 * ${prefix}_workspace_size says, begin at a multiple of ${WORKSPACE_ALIGNMENT}, and stay untouched until the stream is done with the call.
 * cudaErrorInvalidValue: a size, a pointer, a stride or the workspace is not as it must be; cudaErrorMisalignedAddress: rows
 * of a tensor do not begin at multiples of 16 bytes.${hasChoice ? `\n${roomText}` : ''}${isGradient ? `\n${wantedText(program, module)}` : ''}
 */
cudaError_t ${prefix}_launch(const ${prefix}_tensors *tensors, const ${prefix}_sizes *sizes, void *workspace,
${' '.repeat(prefix.length + 19)}size_t workspace_size, cudaStream_t stream);

#ifdef __cplusplus
}
#endif

#endif
`;
}

/** What a launch does with less workspace, for people. */
const roomText = ` * With less workspace than that, a launch that may choose takes the best alternative that has room in it, and is refused where
 * none has: what was asked for on one device serves a launch on another.`;

/** What outputs may be left out, for people. */
function wantedText(program: TileProgram, module: EmittedModule): string {
  const together = [...servedOutputs(program).values()].filter(({ writes }) => writes.length > 1);
  const groups = together.map(({ writes }) => writes.map((each) => module.buffers.get(each)!.name).join(', '));
  const rule = ' * An output that is NULL is not wanted, and kernels that serve none that is are not started.';
  return [rule, ...groups.map((names) => ` * One kernel writes ${names}: they are all given, or none.`)].join('\n');
}

// ── The definitions ─────────────────────────────────────────────────────────────────────────────────

class Lines extends LineList implements LineWriter {
  private names = 0;

  fresh(prefix: string): string {
    this.names += 1;
    return `${prefix}_${this.names}`;
  }
}

/** A whole number over batch, queries, keys, rows and variables of repetitions. */
function scalarText(lines: Lines, expression: Expression): string {
  const { text } = cudaPrinter(lines).print(expression, {
    variable: (name) => atom(name === 'R' ? 'rows' : name, 'int'),
    length: (of) => atom({ batch: 'batch', query: 'queries', key: 'keys' }[of], 'int'),
    read: () => refuse('the grid depends on values'),
  });
  return /^\w+$/.test(text) ? text : `(${text})`;
}

/** The size of each axis of a buffer; how many shares a sweep has is counted before. */
function sizesOf(lines: Lines, buffer: Buffer): readonly (number | string)[] {
  const sizes = buffer.axes.map((axis) => (axis.kind === 'split' ? scalarText(lines, axis.size) : sizeOfAxis(axis)));
  return hasPaddedRows(buffer) ? [...sizes.slice(0, -1), paddedRowText(sizes.at(-1)!)] : sizes;
}

const elementsText = (lines: Lines, buffer: Buffer): string =>
  ['static_cast<size_t>(1)', ...sizesOf(lines, buffer)].join(' * ');

/** What the launcher needs beside the kernels, and its functions. */
export function launcherText(
  launched: LaunchedProgram,
  { prefix, history, isGradient }: LauncherDescription,
): { readonly definitions: string; readonly functions: string } {
  const { alternatives } = launched;
  return {
    definitions: [
      workspaceText(launched, prefix),
      ...(alternatives.length > 1 ? [choiceDefinitions(prefix, alternatives)] : []),
      sizesCheckText(prefix, history, alternatives.length),
      stridesText,
      ...(launched.module.variables.includes(HEADS_TOGETHER) ? [headsTogetherText] : []),
    ].join('\n\n'),
    functions: launchFunction(launched, prefix, isGradient),
  };
}

const sizesText = (indent: string): string =>
  `${indent}const int ${launchSizes.map((size) => `${size} = sizes->${size}`).join(', ')};`;

/** Runs what writes lines for each alternative; where there are several, in a branch for its number. */
function forEachAlternative(lines: Lines, alternatives: Alternatives, write: (program: TileProgram) => void): void {
  for (const [n, { program }] of alternatives.entries()) {
    if (alternatives.length === 1) {
      write(program);
      continue;
    }
    lines.open(`if (alternative == ${alternativeNumber(n)}) {`);
    const before = lines.entries.length;
    write(program);
    if (lines.entries.length > before) lines.close();
    else lines.entries.pop();
  }
}

function workspaceText({ program, module, alternatives }: LaunchedProgram, prefix: string): string {
  const hasChoice = alternatives.length > 1;
  const parts = workspaceOf(program);
  const fields = parts.map((buffer) => `  size_t ${module.buffers.get(buffer)!.name};`);
  const lines = new Lines();
  forEachAlternative(lines, alternatives, (own) => {
    for (const { variable, value } of decisionsOf(own))
      lines.line(`const int ${variable} = ${scalarText(lines, value)};`);
    for (const buffer of workspaceOf(own)) {
      const { name, element } = module.buffers.get(buffer)!;
      lines.line(`workspace.${name} = workspace.size;`);
      lines.line(`workspace.size += align_up(${elementsText(lines, buffer)} * ${bytesOf[element]});`);
    }
  });
  const body = printed(lines.entries).join('\n');
  // Sizes that no part depends on are not named: a compiler would warn of them.
  const used = launchSizes.filter((size) => new RegExp(`\\b${size}\\b`).test(body));
  const read =
    used.length > 0
      ? [`  const int ${used.map((size) => `${size} = sizes->${size}`).join(', ')};`]
      : ['  (void)sizes;'];
  return [
    '/** Where the parts of the workspace begin, in bytes, and how many there are. */',
    'struct Workspace {',
    '  size_t size;',
    ...fields,
    '};',
    '',
    ...(parts.length > 0
      ? [
          `inline size_t align_up(size_t bytes) { return (bytes + ${WORKSPACE_ALIGNMENT - 1}) / ${WORKSPACE_ALIGNMENT} * ${WORKSPACE_ALIGNMENT}; }`,
          '',
        ]
      : []),
    `inline Workspace lay_out(const ${prefix}_sizes *sizes${hasChoice ? `, int${/\balternative\b/.test(body) ? ' alternative' : ''}` : ''}) {`,
    '  Workspace workspace = {};',
    ...read,
    ...(body === '' ? [] : [body]),
    '  return workspace;',
    '}',
  ].join('\n');
}

function launchFunction(
  { program, module, alternatives }: LaunchedProgram,
  prefix: string,
  isGradient: boolean,
): string {
  const lines = new Lines();
  const hasChoice = alternatives.length > 1;
  const served = isGradient ? servedOutputs(program) : undefined;
  const startWanted = (kernel: Kernel): void => {
    const { serves = [], writes = [] } = served?.get(kernel) ?? {};
    const given = (buffers: readonly Buffer[], join: string): string =>
      buffers.map((each) => `tensors->${module.buffers.get(each)!.name}`).join(join);
    if (serves.length > 0) lines.open(`if (${given(serves, ' || ')}) {`);
    if (writes.length > 0 && serves.length > 1)
      lines.line(`if (!(${given(writes, ' && ')})) return cudaErrorInvalidValue;`);
    startText(lines, module, kernel);
    if (serves.length > 0) lines.close();
  };
  const bind = (buffer: Buffer): void => bindText(lines, buffer, module.buffers.get(buffer)!, isGradient);
  for (const buffer of tensorsOf(program)) bind(buffer);
  forEachAlternative(lines, alternatives, (own) => {
    for (const { variable, value } of decisionsOf(own)) {
      lines.line(`const int ${variable} = ${scalarText(lines, value)};`);
      lines.line(`launch.${variable} = ${variable};`);
    }
    for (const buffer of workspaceOf(own)) bind(buffer);
    for (const launch of own.launches) {
      if (launch.launch === 'kernel') startWanted(launch.kernel);
      else {
        const { variable, from, to, step } = launch.axis;
        const [start, end] = [scalarText(lines, from), scalarText(lines, to)];
        lines.open(`for (int ${variable} = ${start}; ${variable} < ${end}; ${variable} += ${step.variable}) {`);
        lines.line(`launch.${variable} = ${variable};`);
        for (const kernel of launch.kernels) startWanted(kernel);
        lines.close();
      }
    }
  });
  return `extern "C" size_t ${prefix}_workspace_size(const ${prefix}_sizes *sizes) {
  using namespace ${prefix}_kernels;
  return are_sizes(sizes) ? lay_out(sizes${hasChoice ? ', taken_for(sizes, SIZE_MAX)' : ''}).size : 0;
}
${hasChoice ? `\n${chosenFunction(prefix)}\n` : ''}
extern "C" cudaError_t ${prefix}_launch(const ${prefix}_tensors *tensors, const ${prefix}_sizes *sizes, void *workspace,
${' '.repeat(prefix.length + 30)}size_t workspace_size, cudaStream_t stream) {
  using namespace ${prefix}_kernels;
  if (!tensors || !are_sizes(sizes)) return cudaErrorInvalidValue;
${hasChoice ? takenText : '  const Workspace parts = lay_out(sizes);\n  if (workspace_size < parts.size || (parts.size > 0 && !workspace)) return cudaErrorInvalidValue;'}
  if (reinterpret_cast<uintptr_t>(workspace) % ${CHUNK} != 0) return cudaErrorMisalignedAddress;
${sizesText('  ')}
  Launch launch = {};
${launchSizes.map((size) => `  launch.${size} = ${size};`).join('\n')}
  cudaError_t error;
${printed(lines.entries).join('\n')}
  return cudaSuccess;
}`;
}

/** Which alternative a launch takes: with the workspace that it is given. */
const takenText = `  const int alternative = taken_for(sizes, workspace ? workspace_size : 0);
  if (alternative == 0) return cudaErrorInvalidValue;
  const Workspace parts = lay_out(sizes, alternative);`;

function sizesCheckText(prefix: string, history: number, alternatives: number): string {
  const needsHistory = history > 0 ? [`  if (queries < keys && queries < rows + ${history}) return false;`] : [];
  const asked =
    alternatives > 1 ? [`  if (sizes->alternative < 0 || sizes->alternative > ${alternatives}) return false;`] : [];
  return `inline bool are_sizes(const ${prefix}_sizes *sizes) {
  if (!sizes) return false;
${sizesText('  ')}
${[`  if (batch < 1 || rows < 1 || queries < rows || keys < 1 || keys > ${MOST_KEYS} || queries > ${MOST_KEYS}) return false;`, ...needsHistory, ...asked].join('\n')}
  return true;
}`;
}

const stridesText = `/** The strides of a tensor, dense where none are given; says what is wrong with them. */
inline cudaError_t take_strides(const int64_t *given, const int64_t *shape, int axes, int64_t unit, int64_t *strides) {
  int64_t dense = 1;
  for (int axis = axes - 1; axis >= 0; axis -= 1) {
    strides[axis] = given ? given[axis] : dense;
    dense *= shape[axis];
  }
  if (axes > 0 && strides[axes - 1] != 1 && shape[axes - 1] > 1) return cudaErrorInvalidValue;
  for (int axis = 0; axis < axes - 1; axis += 1) {
    if (shape[axis] > 1 && strides[axis] % unit != 0) return cudaErrorMisalignedAddress;
  }
  return cudaSuccess;
}`;

/** Sets the pointer and the strides of a buffer. */
function bindText(lines: Lines, buffer: Buffer, bound: BoundBuffer, isGradient: boolean): void {
  const { name, strideFields, staticStrides, isAligned, element } = bound;
  const isWorkspace = buffer.role === 'workspace';
  const type = `${pointerType(bound)}`.trimEnd();
  const own = `tensors->${name}`;
  if (isWorkspace) {
    lines.line(`launch.${name} = reinterpret_cast<${type}>(static_cast<char *>(workspace) + parts.${name});`);
  } else {
    const mayLack = isGradient && buffer.role === 'output';
    if (!mayLack) lines.line(`if (!${own}) return cudaErrorInvalidValue;`);
    if (isAligned)
      lines.line(`if (reinterpret_cast<uintptr_t>(${own}) % ${CHUNK} != 0) return cudaErrorMisalignedAddress;`);
    lines.line(`launch.${name} = static_cast<${type}>(${own});`);
  }
  if (staticStrides || buffer.axes.length === 0) return;
  lines.open('{');
  lines.line(`const int64_t shape[] = {${sizesOf(lines, buffer).join(', ')}};`);
  lines.line(`int64_t strides[${buffer.axes.length}];`);
  const unit = isAligned ? CHUNK / bytesOf[element] : 1;
  const given = isWorkspace ? 'nullptr' : `tensors->${name}_strides`;
  lines.line(`error = take_strides(${given}, shape, ${buffer.axes.length}, ${unit}, strides);`);
  lines.line('if (error != cudaSuccess) return error;');
  for (const [n, field] of strideFields.entries()) lines.line(`launch.${field} = strides[${n}];`);
  lines.close();
}

function startText(lines: Lines, module: EmittedModule, kernel: Kernel): void {
  const { entryPoint, threads, sharedBytes, maps, buffers } = module.kernels.find((each) => each.kernel === kernel)!;
  lines.open('{');
  lines.line('int64_t blocks = 1;');
  const isOrdered = goesByHeads(kernel);
  for (const [n, { from, to, step }] of kernel.grid.entries()) {
    if (isOrdered && n === kernel.grid.length - 1) lines.line('const int64_t heads = blocks;');
    const [low, high] = [scalarText(lines, from), scalarText(lines, to)];
    const length = low === '0' ? high : `${high} - ${low}`;
    const count = step === 1 ? length : `(${length} + ${step - 1}) / ${step}`;
    lines.line(`blocks *= most(0, ${count});`);
  }
  lines.line('if (blocks > INT_MAX) return cudaErrorInvalidValue;');
  lines.open('if (blocks > 0) {');
  if (isOrdered) {
    const bytesText = (buffer: Buffer): string =>
      `${elementsText(lines, buffer)} * ${bytesOf[module.buffers.get(buffer)!.element]}`;
    lines.line(orderText('heads', sweptBuffers(kernel, buffers).map(bytesText)));
  }
  if (maps.length > 0) lines.line(`${mapsName(entryPoint)} maps;`);
  for (const map of maps) mapText(lines, map, module.buffers.get(map.view.view.buffer)!);
  lines.line(
    `error = start_kernel("${entryPoint}", ${entryPoint}, static_cast<int>(blocks), ${threads}, ${sharedBytes}, stream, launch${maps.length > 0 ? ', maps' : ''});`,
  );
  lines.line('if (error != cudaSuccess) return error;');
  lines.close();
  lines.close();
}
