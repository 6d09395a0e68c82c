// The types of imported specs, in a file beside each: `mta.heddle.d.ts` declares what `mta.ts?heddle` gives, for each of its imports.
// A file that somebody else has written is left alone.
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { writeFileAtomically } from '../driver/files.js';
import type { Compiled } from './compiled.js';

const MARK = '// Made by heddle: the types of what is imported from ';

export const typesFileOf = (spec: string): string => spec.replace(/\.m?ts$/, '.heddle.d.ts');

/**
 * Declares an import in the file beside the spec, which keeps the declarations of other imports.
 * @param query what stands behind the `?` of the import
 * @returns whether the file is ours to write: false where somebody else's is in its place
 * @throws HeddleError HD411x where it cannot be written
 */
export function declareImport(spec: string, query: string, compiled: Compiled): boolean {
  const path = typesFileOf(spec);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (before !== undefined && !before.startsWith(MARK)) return false;
  const module = `${basename(spec)}?${query}`;
  const sections = new Map(sectionsOf(before ?? ''));
  sections.set(module, declarations(module, compiled));
  const sorted = [...sections].sort(([one], [other]) => (one < other ? -1 : 1));
  const text = `${MARK}${basename(spec)}. Change the spec, not this file.\n\n${sorted.map(([, section]) => section).join('\n')}`;
  if (text !== before) writeFileAtomically(path, text);
  return true;
}

const opening = (pattern: string): string => `declare module ${JSON.stringify(pattern)} {`;
const SECTION = /^\/\/ import '‹path›\/(.*)'$/;

/** The declarations of each import in a file, as it was written. */
function sectionsOf(text: string): readonly (readonly [string, string])[] {
  return text
    .split(/^(?=\/\/ import )/m)
    .slice(1)
    .map((section) => [SECTION.exec(section.split('\n')[0]!)?.[1] ?? '', `${section.trimEnd()}\n`] as const);
}

/** The main module is declared for every path that leads to it; other modules of the package by names of their own. */
function declarations(module: string, { files, name }: Compiled): string {
  const parts = Object.keys(files).filter((file) => file.endsWith('.d.ts') && file !== `${name}.d.ts`);
  const nameOf = (file: string): string => `heddle:${module}/${file}`;
  const declared = (pattern: string, types: string): string => {
    const inside = types
      .replaceAll(/from "\.\/([^"]+)\.js"/g, (_, part: string) => `from ${JSON.stringify(nameOf(part))}`)
      .replaceAll(/^export declare /gm, 'export ')
      .replaceAll(/^(?=.)/gm, '  ');
    return `${opening(pattern)}\n${inside.trimEnd()}\n}\n`;
  };
  return [
    `// import '‹path›/${module}'\n`,
    declared(`*/${module}`, files[`${name}.d.ts`]!),
    ...parts.map((file) => declared(nameOf(file.replace(/\.d\.ts$/, '')), files[file]!)),
  ].join('');
}
