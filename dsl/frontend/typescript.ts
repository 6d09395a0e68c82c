// TypeScript's compiler as values, and its own library as texts: both as ts-morph brings them, without the rest of ts-morph.
// Node looks through the nine megabytes of what an `import` of CommonJS names before it runs them, which `require` does not; so
// types are imported from ts-morph, and what runs comes from here.
import { createRequire } from 'node:module';
import type * as TsMorph from 'ts-morph';
import { compiledTypescript, loadIfCompiled } from './compiled-code.js';

/** What ts-morph stands on. */
interface Common {
  readonly ts: typeof TsMorph.ts;
  readonly getLibFiles: () => readonly { readonly fileName: string; readonly text: string }[];
}

/** Finds packages as ts-morph does. */
const requireOfTsMorph = createRequire(createRequire(import.meta.url).resolve('ts-morph'));

loadIfCompiled(requireOfTsMorph.resolve('@ts-morph/common/dist/typescript.js'), compiledTypescript);
const common = requireOfTsMorph('@ts-morph/common') as Common;

/** What ts-morph calls `ts`. */
export const typescript = common.ts;

/** TypeScript's own library: the texts of its files, by their names. */
export const libraryTexts: ReadonlyMap<string, string> = new Map(
  common.getLibFiles().map(({ fileName, text }) => [fileName, text]),
);
