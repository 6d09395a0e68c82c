// The text of a module: its header, the uniform of a launch, the buffers, what kernels call, and the kernels.
// The order is fixed, so that the same program gives the same bytes.
import { contentHash } from '../shared/content-hash.js';
import { type ProgramHeader, programHeader } from '../shared/text/header.js';
import { printed } from '../shared/text/lines.js';
import { writtenBy } from '../shared/tile/program.js';
import {
  type BoundBuffer,
  type BufferLayout,
  elementTypeOf,
  elementTypes,
  PACKED_DATA,
  WORKSPACE_DATA,
} from './buffers.js';
import type { EmittedKernel } from './emit-kernel.js';
import type { ModuleContext } from './module-context.js';
import { OutlinedFunctions } from './outline/functions.js';
import { outlined } from './outline/outline.js';

/** Fields of the uniform that every launch has, in order; the strides and offsets of buffers follow. */
export const launchSizes = ['batch', 'queries', 'keys', 'rows'] as const;

export type Header = Omit<ProgramHeader, 'target' | 'hash'>;

export function moduleText(
  kernels: readonly EmittedKernel[],
  context: ModuleContext,
  fields: readonly string[],
  header: Header,
  extensions: readonly string[],
): string {
  const { helpers, accessors, tapFunctions } = context;
  const functions = [helpers.text(), context.readerTexts(), accessors.text(), tapFunctions.text()];
  const body = [
    ...(extensions.length > 0 ? [extensions.map((name) => `enable ${name};`).join('\n')] : []),
    launchText(fields),
    buffersText(context.buffers),
    ...functions.filter((text) => text !== ''),
    ...kernelTexts(kernels, context),
  ].join('\n\n');
  return `${headerText(header, contentHash(body))}\n${body}\n`;
}

/** Each kernel behind the functions that it is the first to call. */
function kernelTexts(kernels: readonly EmittedKernel[], context: ModuleContext): readonly string[] {
  const functions = new OutlinedFunctions(context.buffers.names.copy());
  return kernels.map(({ kernel, head, entries, arenaName }) => {
    const written = context.accessors.namesFor(writtenBy(kernel));
    const words = { types: new Map([['thread', 'i32']]), changing: new Set([arenaName, ...written]) };
    const lines = outlined(entries, words, functions);
    return [...functions.takeTexts(), [...head, ...printed(lines), '}'].join('\n')].join('\n\n');
  });
}

/** Line comments for a file: what it was made from. */
export const headerText = (header: Header, hash: string): string =>
  programHeader('wgsl', { ...header, target: 'WGSL', hash });

function launchText(fields: readonly string[]): string {
  return [
    'struct Launch {',
    ...launchSizes.map((name) => `  ${name}: i32,`),
    // −Infinity as a constant is an error: its bits come from outside.
    '  minus_infinity: u32,',
    ...fields.map((name) => `  ${name}: i32,`),
    '}',
    '@group(0) @binding(0) var<uniform> launch: Launch;',
  ].join('\n');
}

function buffersText({ bound, packed, workspaceBinding }: BufferLayout): string {
  const lines: string[] = [];
  const [first] = packed;
  if (first) lines.push(declaration('read', first.binding, PACKED_DATA, elementTypes[first.element][0]));
  if (workspaceBinding !== undefined) lines.push(declaration('read_write', workspaceBinding, WORKSPACE_DATA, 'f32'));
  for (const each of bound.values()) {
    if (!each.shares) lines.push(declarationOf(each));
  }
  return lines.join('\n');
}

const declaration = (access: string, binding: number, name: string, element: string): string =>
  `@group(0) @binding(${binding}) var<storage, ${access}> ${name}: array<${element}>;`;
const declarationOf = (bound: BoundBuffer): string =>
  declaration(bound.access, bound.binding, bound.variable, elementTypeOf(bound));
