// The text of the .cu file: its header comment, the declarations of the launcher, the device functions, the structure that kernels take, readers of tables,
// the kernels, and the launcher. The order is fixed, so that the same program gives the same bytes.
import { contentHash } from '../shared/content-hash.js';
import { type BufferLayout, identifierOf, pointerType } from './buffers.js';
import type { EmittedModule } from './emit.js';
import { includesText, primitivesText } from './text/primitives.js';

/** The header that compilers of the host find on their include path, where a file is to run without a GPU. */
export const EMULATION_HEADER = 'primitives.h';

/** Fields that every launch has, in order. */
export const launchSizes = ['batch', 'queries', 'keys', 'rows'] as const;

export interface Header {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly version: string;
  readonly configuration: string;
}

export function moduleText(
  module: EmittedModule,
  launcher: { readonly declarations: string; readonly definitions: string; readonly functions: string },
  header: Header,
): string {
  const { products } = module.context;
  const body = [
    launcher.declarations,
    includesText(EMULATION_HEADER, products.length > 0),
    '',
    // Programs may hold several such files: what each defines for itself stays apart.
    `namespace ${identifierOf(header.name)}_kernels {`,
    '',
    primitivesText(products),
    '',
    launchText(module.buffers, module.variables),
    '',
    ...[module.context.readerTexts()].filter((text) => text !== '').flatMap((text) => [text, '']),
    ...module.kernels.flatMap(({ text }) => [text, '']),
    launcher.definitions,
    '',
    `} // namespace ${identifierOf(header.name)}_kernels`,
    '',
    launcher.functions,
  ].join('\n');
  return `${headerText(header, contentHash(body))}${body}\n`;
}

/** Line comments for a file: what it was made from. */
export function headerText({ name, settings, version, configuration }: Header, hash: string): string {
  const set = Object.entries(settings).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return [
    `// ${name}, compiled by heddle ${version} to CUDA: ${configuration}.`,
    ...(set.length > 0 ? [`// ${set.join(' ')}`] : []),
    `// Hash ${hash} of all below. Made by a compiler: change the spec, not this file.`,
    '',
  ].join('\n');
}

function launchText(buffers: BufferLayout, variables: readonly string[]): string {
  return [
    '/** What every kernel takes: sizes, pointers, and strides in elements. The last axis is contiguous. */',
    'struct Launch {',
    ...[...launchSizes, ...variables].map((name) => `  int ${name};`),
    ...[...buffers.values()].flatMap((bound) => [
      `  ${pointerType(bound)}${bound.name};`,
      ...bound.strideFields.map((name) => `  int64_t ${name};`),
    ]),
    '};',
  ].join('\n');
}
