// TypeScript's compiler as values. Node looks through the nine megabytes of what an `import` of CommonJS names before it runs
// them, which `require` does not; so types are imported from ts-morph, and what runs comes from here.
import { createRequire } from 'node:module';
import type * as TsMorph from 'ts-morph';

const loaded = createRequire(import.meta.url)('ts-morph') as typeof TsMorph;

/** What ts-morph calls `ts`. */
export const typescript = loaded.ts;
export const { Project } = loaded;
