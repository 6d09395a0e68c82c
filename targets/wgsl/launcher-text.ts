// The launcher: a module without dependencies that runs the kernels on a GPUDevice. It builds the pipelines once, checks what
// it is given, and dispatches into an encoder, or submits; a convenience call takes and gives typed arrays.
import type { TileProgram } from '../../codegen/tile/program.js';
import { contentHash } from '../shared/content-hash.js';
import { sizeOfAxis } from '../shared/sizes.js';
import { identifierFrom } from '../shared/text/names.js';
import { templateLiteral } from '../shared/text/source.js';
import { choiceText } from './choice-text.js';
import { instanceText } from './instance-text.js';
import { FIXED_FIELDS, type LaunchedProgram, launchFunction } from './launch-text.js';
import { subgroupsText } from './subgroups.js';

export interface LauncherNeeds {
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

/** The kernels, and those whose threads subgroups join where some alternatives are made of them. */
export interface ModuleTexts {
  readonly wgsl: string;
  readonly withSubgroups: string | undefined;
}

/** Word by word: `multi_token` becomes createMultiToken. */
export function factoryName(name: string): string {
  const words = identifierFrom(name).split('_');
  return `create${words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')}`;
}

export function launcherText(
  launched: LaunchedProgram,
  { name, header, history }: { readonly name: string; readonly header: string; readonly history: number },
  { wgsl, withSubgroups }: ModuleTexts,
  needs: LauncherNeeds,
): string {
  const { program, module, alternatives } = launched;
  return [
    header.trimEnd(),
    '',
    `const name = ${JSON.stringify(name)};`,
    `export const wgsl = ${templateLiteral(wgsl)};`,
    '',
    ...(withSubgroups === undefined ? [] : [subgroupsText(wgsl, withSubgroups), '']),
    ...(alternatives.length > 1
      ? [`const fingerprint = ${JSON.stringify(contentHash(wgsl + (withSubgroups ?? '')))};`]
      : []),
    `const features = ${JSON.stringify(needs.features)};`,
    `const limits = ${JSON.stringify(needs.limits)};`,
    `const uniformBytes = ${4 * (module.fields.length + FIXED_FIELDS)};`,
    `const symbolic = ${JSON.stringify(symbolicShapes(program))};`,
    '',
    choiceText(alternatives),
    '',
    launchFunction(launched, history),
    '',
    instanceText(factoryName(name), { chooses: alternatives.length > 1, holdsSubgroups: withSubgroups !== undefined }),
  ].join('\n');
}

/** The axes of each input, as numbers and names of sizes. */
const symbolicShapes = ({ buffers }: TileProgram) =>
  Object.fromEntries(
    buffers.filter(({ role }) => role === 'input').map(({ name, axes }) => [name, axes.map(sizeOfAxis)]),
  );
