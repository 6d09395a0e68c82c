// The version of this package, as a build puts it in: a page has no package.json to read.
// Stands in for version.ts in a bundle for pages.
import type * as real from './version.js';

declare const HEDDLE_VERSION: string;

export const version: typeof real.version = () => HEDDLE_VERSION;
