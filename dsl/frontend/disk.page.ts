// A page has no disk: what there is to read is the language and its library, whose texts a build brings along.
// Stands in for disk.ts in a bundle for pages.
import type * as real from './disk.js';
import { memoryFiles } from './source-files.js';

/** The texts of dsl/language.ts, dsl/run-time.ts and dsl/library/, by their paths in dsl/. */
declare const HEDDLE_LANGUAGE: Readonly<Record<string, string>>;

const FOLDER = '/node_modules/heddle/dsl/';

export const disk: typeof real.disk = memoryFiles(
  Object.fromEntries(Object.entries(HEDDLE_LANGUAGE).map(([path, text]) => [`${FOLDER}${path}`, text])),
);

export const languageFile: typeof real.languageFile = `${FOLDER}language.ts`;
