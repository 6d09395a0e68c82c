// The text of the .cu file: its header comment, the declarations of the launcher, the device functions, the structure that kernels take, readers of tables,
// the kernels, and the launcher. The order is fixed, so that the same program gives the same bytes.
import { contentHash } from '../shared/content-hash.js';
import { type ProgramHeader, programHeader } from '../shared/text/header.js';
import type { Source } from '../shared/text/source.js';
import { type BufferLayout, pointerType } from './buffers.js';
import type { EmittedModule } from './emit.js';
import { includesText, primitivesText } from './text/primitives.js';

/** The header that compilers of the host find on their include path, where a file is to run without a GPU. */
export const EMULATION_HEADER = 'primitives.h';

/** Fields that every launch has, in order. */
export const launchSizes = ['batch', 'queries', 'keys', 'rows'] as const;

export type Header = Omit<ProgramHeader, 'target' | 'hash'>;

export function moduleText(
  module: EmittedModule,
  launcher: { readonly declarations: string; readonly definitions: string; readonly functions: string },
  header: Header,
  prefix: Source<'cuda'>,
): string {
  const { products } = module.context;
  const body = [
    launcher.declarations,
    includesText(EMULATION_HEADER, products.length > 0 ? prefix : undefined),
    '',
    // Programs may hold several such files: what each defines for itself stays apart.
    `namespace ${prefix}_kernels {`,
    '',
    primitivesText(products, prefix),
    '',
    launchText(module.buffers, module.variables),
    '',
    ...[module.context.readerTexts()].filter((text) => text !== '').flatMap((text) => [text, '']),
    ...module.kernels.flatMap(({ text }) => [text, '']),
    launcher.definitions,
    '',
    `} // namespace ${prefix}_kernels`,
    '',
    launcher.functions,
  ].join('\n');
  return `${headerText(header, contentHash(body))}${body}\n`;
}

/** Line comments for a file: what it was made from. */
export const headerText = (header: Header, hash: string): string =>
  programHeader('cuda', { ...header, target: 'CUDA', hash });

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
