// A study writes a folder and runs on processes of its own, and a page has neither.
// Stands in for studies.ts in a bundle for pages.
import { fail } from '../src/diagnostics/index.js';
import type * as real from './studies.js';

export const ablateStudy: typeof real.ablateStudy = async () =>
  fail('HD4033', { name: 'ablate', remedy: 'run it in Node: heddle ablate STUDY' });
