// Keeps the code that V8 makes of TypeScript while a spec is opened, under the flags of the command line: dist/dsl/frontend/typescript.code.
// `scripts/build.js` runs it in a process of its own, as a module is loaded once.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { optimiseLate } from '../dist/cli/optimising.js';
import { compiledTypescript, loadWithCode } from '../dist/dsl/frontend/compiled-code.js';

optimiseLate();
const requireOfTsMorph = createRequire(createRequire(import.meta.url).resolve('ts-morph'));
const script = loadWithCode(requireOfTsMorph.resolve('@ts-morph/common/dist/typescript.js'), undefined);
const { openSpec } = await import('../dist/dsl/frontend/index.js');
await openSpec('examples/mta.ts');
writeFileSync(compiledTypescript, script.createCachedData());
