// TypeScript's compiler and its own library where a build has put both into one bundle.
// Stands in for typescript.ts in a bundle for pages, in which `ts-morph` is TypeScript's compiler and no more.
import { ts } from 'ts-morph';
import type * as real from './typescript.js';

/** The files of TypeScript's own library that specs are checked against, put there by the build. */
declare const HEDDLE_TYPESCRIPT_LIBRARY: Readonly<Record<string, string>>;

export const typescript: typeof real.typescript = ts;

export const libraryTexts: typeof real.libraryTexts = new Map(Object.entries(HEDDLE_TYPESCRIPT_LIBRARY));
