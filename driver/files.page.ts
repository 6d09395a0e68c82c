// A page has no disk: what is read is given as texts, and a path without one names nothing.
// Stands in for files.ts in a bundle for pages.
import { fail } from '../src/diagnostics/index.js';
import type * as real from './files.js';

export const readFileOrFail: typeof real.readFileOrFail = (path) => fail('HD4101', { path, suggestion: undefined });
