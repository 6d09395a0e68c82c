// What a launch needs to know, as JavaScript: shapes, workgroups and uniforms as functions of the sizes of a call.
// The launcher's text is made of it, and running a program from tests or the command line runs that very text.
import { decisionsOf, type GridAxis, type TileProgram } from '../../codegen/tile/program.js';
import type { Buffer } from '../../codegen/tile/types.js';
import { MOST_KEYS } from '../shared/mask-intervals.js';
import { scalarText, sizeOfAxis } from '../shared/sizes.js';
import { type Alternatives, withoutVariants } from '../shared/tile/alternatives.js';
import { variablesOf } from '../shared/tile/program.js';
import { type BoundBuffer, bytesOf, dynamicBuffers } from './buffers.js';
import type { EmittedModule } from './emit.js';
import { WIDEST_GRID } from './emit-kernel.js';

export const shapeText = ({ axes }: Buffer): string => `[${axes.map(sizeOfAxis).join(', ')}]`;
const countText = ({ from, to, step }: GridAxis): string =>
  `Math.max(0, Math.ceil((${scalarText(to)} - ${scalarText(from)}) / ${step}))`;

/** Fields of the uniform before those of the program: the four sizes and the bits of -Infinity. */
export const FIXED_FIELDS = 5;

/** Places are counted in 32 bits. */
const LARGEST_INTEGER = 2 ** 31 - 1;

/** The names under which packed inputs and shared workspace are bound. */
export const PACKED = '(packed)';
export const WORKSPACE = '(workspace)';

/** A program as it is emitted: the kernels of all alternatives, joined, and each of those. */
export interface LaunchedProgram {
  readonly program: TileProgram;
  readonly module: EmittedModule;
  readonly alternatives: Alternatives;
}

/** The function that plans a launch, as text. */
export function launchFunction(launched: LaunchedProgram, history: number): string {
  const { program, module, alternatives } = launched;
  return [
    checksText(history, alternatives),
    packingText(module),
    workspaceText,
    placesText(launched),
    dispatchText(launched),
    ...alternativesText(launched),
    tensorsText(program, module),
    bytesText(module),
  ].join('\n');
}

/** What is planned for each alternative: where there are several, in a function of its own. */
function alternativesText(launched: LaunchedProgram): readonly string[] {
  const own = withoutVariants(launched.alternatives).map(({ name, program }) => ({
    name,
    lines: alternativeLines(program, launched),
  }));
  if (own.length === 1) return own.flatMap(({ lines }) => lines);
  return [
    '  const planned = table({',
    ...own.flatMap(({ name, lines }) => [`  ${JSON.stringify(name)}() {`, ...lines.map((line) => `  ${line}`), '  },']),
    '  });',
    `  planned[${launched.alternatives.length > own.length ? 'withoutSubgroups(taken)' : 'taken'}]();`,
  ];
}

/** Its decisions, its workspace, where that lies, and its dispatches. */
const alternativeLines = (own: TileProgram, launched: LaunchedProgram): readonly string[] => [
  ...decisionLines(own),
  ...withNamedShares(own, [
    ...reservations(own, launched),
    ...workspacePlaces(own, launched),
    ...dispatchLines(own, launched),
  ]),
];

/** Lines in which shares are counted: workspace and grids ask for the same numbers, which are named once. */
function withNamedShares({ buffers }: TileProgram, lines: readonly string[]): readonly string[] {
  const splits = buffers.flatMap(({ axes }) => axes.filter(({ kind }) => kind === 'split').map(sizeOfAxis));
  const counted = [...new Set(splits)].filter((size) => typeof size === 'string');
  return counted.reduce<readonly string[]>((before, size, n) => {
    const name = `shares${n === 0 ? '' : n + 1}`;
    return [`  const ${name} = ${size};`, ...before.map((line) => line.replaceAll(size, name))];
  }, lines);
}

/** Rows that are not told are all whose history is given, as in every other target. */
const checksText = (
  history: number,
  alternatives: Alternatives,
): string => `/** Entries by name, and nothing else: an object has a constructor, and more, that nobody put there. */
const table = (entries) => Object.assign(Object.create(null), entries);

/** Everything that a launch at these sizes needs; throws a RangeError where they are impossible. */
export function planLaunch({ batch, queries, keys, rows: wanted }, given = {}, { alternative${alternatives.length === 1 ? '' : ', on, granted, has, tuned'} } = {}) {
  const strides = table(given.strides);
  const offsets = table(given.offsets);
  const rows = wanted ?? ${history === 0 ? 'queries' : `(queries < keys ? Math.max(1, queries - ${history}) : queries)`};
  for (const [name, size] of Object.entries({ batch, queries, keys, rows })) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(\`\${name} is \${size}, not a positive integer\`);
  }
  if (rows > queries) throw new RangeError(\`\${rows} rows of output are wanted, and there are \${queries} queries\`);
  if (keys > ${MOST_KEYS}) throw new RangeError(\`\${keys} keys are more than ${MOST_KEYS}\`);
  if (queries > ${MOST_KEYS}) throw new RangeError(\`\${queries} queries are more than ${MOST_KEYS}\`);
  const needed = Math.min(keys, rows + ${history});
  if (queries < needed) {
    throw new RangeError(\`\${rows} rows of output need the last \${needed} rows of queries, not \${queries}\`);
  }
  if (alternative !== undefined && !alternatives.some((each) => each.name === alternative)) {
    throw new RangeError(\`\${name} has no alternative \${alternative}: \${alternatives.map((each) => each.name).join(', ')}\`);
  }
  const taken = alternative ?? ${alternatives.length === 1 ? 'alternatives[0].name' : 'tuned?.get(classOf({ batch, keys, rows })) ?? alternativesFor({ batch, keys, rows }, on, granted, has)[0]'};`;

/** What is decided from the sizes of a call. */
const decisionLines = (program: TileProgram): readonly string[] =>
  decisionsOf(program).map(({ variable, value }) => `  const ${variable} = ${scalarText(value)};`);

/** Where each packed input begins. */
const packingText = ({ buffers: { packed } }: EmittedModule): string => `  const packed = [];
  let packedElements = 0;
  const pack = (name, shape) => {
    if (strides[name]) throw new RangeError(\`\${name} is packed with others and must be dense\`);
    const elements = shape.reduce((product, size) => product * size, 1);
    packed.push({ name, offset: packedElements, elements });
    packedElements += elements;
  };
${packed.map(({ buffer }) => `  pack(${JSON.stringify(buffer.name)}, ${shapeText(buffer)});\n`).join('')}`;

function placeText({ buffer, vectors }: BoundBuffer): string {
  // A number by itself lies as a row of one.
  const ownShape = buffer.axes.length === 0 ? '[1]' : shapeText(buffer);
  return `  place(${JSON.stringify(buffer.name)}, ${ownShape}, ${vectors ? 4 : 1});`;
}

/** Where an alternative's workspace lies; fields of the workspace of others are 0. */
function workspacePlaces(own: TileProgram, { module }: LaunchedProgram): readonly string[] {
  const shared = '  for (const each of workspace) if (each.offset < sharedBytes) places[each.name] = each.offset / 4;';
  const fields = dynamicBuffers(module.buffers).filter(({ buffer }) => buffer.role === 'workspace');
  const lines: string[] = module.buffers.workspaceBinding === undefined ? [] : [shared];
  let unused = 0;
  const skip = (): void => {
    if (unused > 0) lines.push(`  for (let n = 0; n < ${unused}; n += 1) fields.push(0);`);
    unused = 0;
  };
  for (const each of fields) {
    if (own.buffers.includes(each.buffer)) {
      skip();
      lines.push(placeText(each));
    } else unused += 1 + each.strideFields.length;
  }
  skip();
  return lines;
}

/** Strides and offsets of inputs and outputs as fields of the uniform. */
function placesText({ module }: LaunchedProgram): string {
  const calls = dynamicBuffers(module.buffers).flatMap((each) =>
    each.buffer.role === 'workspace' ? [] : [placeText(each)],
  );
  return `  const fields = [];
  const ends = table();
  const places = table();
  for (const each of packed) places[each.name] = each.offset;
  const place = (name, shape, unit) => {
    const dense = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
    const own = strides[name] ?? dense;
    const start = places[name] ?? offsets[name] ?? 0;
    if (own.length !== shape.length) throw new RangeError(\`\${name} has \${shape.length} axes, not \${own.length} strides\`);
    if (own.at(-1) !== 1) throw new RangeError(\`the last axis of \${name} must be contiguous\`);
    for (const number of [start, ...own.slice(0, -1)]) {
      if (number % unit !== 0) throw new RangeError(\`strides and offset of \${name} must be multiples of \${unit}\`);
      fields.push(number / unit);
    }
    const end = shape.reduce((last, size, axis) => last + (size - 1) * own[axis], start) + 1;
    if (end / unit > ${LARGEST_INTEGER}) throw new RangeError(\`\${name} ends at element \${end}, and kernels count to \${${LARGEST_INTEGER} * unit}\`);
    if (places[name] === undefined) ends[name] = end;
  };
${calls.join('\n')}`;
}

function dispatchLines(program: TileProgram, { program: whole, module }: LaunchedProgram): readonly string[] {
  return program.launches.flatMap((each) => {
    const own = each.launch === 'repeat' ? each.axis.variable : undefined;
    const steps = new Set(decisionsOf(program).map(({ variable }) => variable));
    const variables = variablesOf(whole)
      .map((name) => (name === own || steps.has(name) ? name : '0'))
      .join(', ');
    const calls = (each.launch === 'kernel' ? [each.kernel] : each.kernels).map((kernel) => {
      const { buffers: used, entryPoint } = module.kernels.find((emitted) => emitted.kernel === kernel)!;
      const blocks = kernel.grid.length === 0 ? '1' : kernel.grid.map(countText).join(' * ');
      return `  dispatch('${entryPoint}', ${bindingsText(module, used)}, [${variables}], ${blocks});`;
    });
    if (each.launch === 'kernel') return calls;
    const { variable, from, to, step } = each.axis;
    return [
      `  for (let ${variable} = ${scalarText(from)}; ${variable} < ${scalarText(to)}; ${variable} += ${step.variable}) {`,
      ...calls.map((line) => `  ${line}`),
      '  }',
    ];
  });
}

const dispatchText = ({
  module: { buffers },
}: LaunchedProgram): string => `  const launch = (variables) => Int32Array.of(batch, queries, keys, rows, ${0xff800000 | 0}, ...variables, ...fields);
  const widest = ${WIDEST_GRID};
  const folded = (blocks) => (blocks <= widest ? [blocks, 1, 1] : [widest, Math.ceil(blocks / widest), 1]);
  const dispatches = [];
  const dispatch = (entryPoint, bindings, variables, blocks) => {
    if (blocks > 0) dispatches.push({ entryPoint, bindings, workgroups: folded(blocks), launch: launch(variables) });
  };${buffers.workspaceBinding === undefined ? '' : '\n  let sharedBytes = 0;'}`;

/** Where each part of an alternative's workspace begins: those that share a binding first. */
function reservations(program: TileProgram, { module }: LaunchedProgram): readonly string[] {
  const { bound, workspaceBinding } = module.buffers;
  const parts = program.buffers.filter(({ role }) => role === 'workspace');
  const isShared = (buffer: Buffer): boolean => bound.get(buffer)!.shares === 'workspace';
  const reserve = (buffer: Buffer): string => {
    const bytes = [bytesOf[bound.get(buffer)!.dtype], ...buffer.axes.map(sizeOfAxis)].join(' * ');
    return `  reserve(${JSON.stringify(buffer.name)}, ${bytes});`;
  };
  const shared = parts.filter(isShared).map(reserve);
  const own = parts.filter((buffer) => !isShared(buffer)).map(reserve);
  return [...shared, ...(workspaceBinding === undefined ? [] : ['  sharedBytes = workspaceBytes;']), ...own];
}

const workspaceText = `  const workspace = [];
  let workspaceBytes = 0;
  const reserve = (name, size) => {
    const bytes = Math.ceil(size / 4) * 4;
    workspace.push({ name, bytes, offset: workspaceBytes });
    workspaceBytes += Math.ceil(bytes / 256) * 256;
  };`;

function tensorsText({ buffers }: TileProgram, module: EmittedModule): string {
  const entries = buffers
    .filter(({ role }) => role !== 'workspace')
    .map((buffer) => {
      const { dtype } = module.buffers.bound.get(buffer)!;
      return `    ${JSON.stringify(buffer.name)}: { role: '${buffer.role}', dtype: '${dtype}', shape: ${shapeText(buffer)} },\n`;
    });
  return `  const tensors = {\n${entries.join('')}  };`;
}

/** What each binding takes, and the limits of a device that follow. */
const bytesText = ({
  buffers,
}: EmittedModule): string => `  const bytes = { '${PACKED}': packedElements * 4${buffers.workspaceBinding === undefined ? '' : `, '${WORKSPACE}': sharedBytes`} };
  for (const each of workspace) bytes[each.name] = each.bytes;
  for (const [name, { dtype, shape }] of Object.entries(tensors)) {
    const end = ends[name] ?? (offsets[name] ?? 0) + shape.reduce((product, size) => product * size, 1);
    bytes[name] = Math.ceil((end * (dtype === 'f16' ? 2 : 4)) / 4) * 4;
  }
  const most = (numbers) => numbers.reduce((largest, number) => Math.max(largest, number), 0);
  const limits = {
    maxStorageBufferBindingSize: most(dispatches.map(({ bindings }) => most(bindings.map(([, name]) => bytes[name])))),
    maxBufferSize: most(Object.values(bytes)),
    maxComputeWorkgroupsPerDimension: most(dispatches.map(({ workgroups }) => most(workgroups))),
  };
  return { alternative: taken, rows, dispatches, workspace, workspaceBytes, packed, packedElements, tensors, bytes, limits };
}`;

export const sharedNames = { packed: PACKED, workspace: WORKSPACE };

/** Bindings of a kernel as [binding, tensor], packed inputs once. */
function bindingsText({ buffers }: EmittedModule, used: readonly Buffer[]): string {
  const entries = new Map<number, string>();
  for (const buffer of used) {
    const { binding, shares } = buffers.bound.get(buffer)!;
    entries.set(binding, shares === undefined ? buffer.name : sharedNames[shares]);
  }
  const sorted = [...entries].sort(([one], [other]) => one - other);
  return JSON.stringify(sorted);
}
