// The long tests: those whose files are called so, and all of what `npm test` takes a share of.
// Run by `npm run test:long`; what the share is stands in test/support/share.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vitest/config';
import config from './vitest.config.js';

const folder = fileURLToPath(new URL('./test/', import.meta.url));
const include = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => name.endsWith('.long.test.ts') || readFileSync(join(folder, name), 'utf8').includes('/share.js'))
  .map((name) => `test/${name}`);

const { include: _, exclude: __, ...test } = config.test!;
export default mergeConfig({ ...config, test }, { test: { include, env: { HEDDLE_TESTS: 'all' } } });
