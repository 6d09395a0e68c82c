// Times are taken on devices of Node; in a page the launcher itself tunes, where it runs.
// Stands in for tune.ts in a bundle for pages.
import { fail } from '../src/diagnostics/index.js';
import type * as real from './tune.js';

export const tuneOnDevice: typeof real.tuneOnDevice = async () =>
  fail('HD4033', { name: 'tune', remedy: 'call tune() of the emitted launcher in the page' });
