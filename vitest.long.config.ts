// The long tests: those whose files are called so, and all of what `npm test` takes a share of.
// Run by `npm run test:long`; what the share is stands in test/support/share.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vitest/config';
import config from './vitest.config.js';

const folder = fileURLToPath(new URL('./test/', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
const takesShare = (text: string): boolean => text.includes('/share.js');
/** What tests share may take a share, too. */
const shared = files.filter((name) => !name.endsWith('.test.ts') && takesShare(textOf(name)));
const importsShared = (text: string): boolean => shared.some((name) => text.includes(`/${basename(name, '.ts')}.js'`));
const include = files
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => name.endsWith('.long.test.ts') || takesShare(textOf(name)) || importsShared(textOf(name)))
  .map((name) => `test/${name}`);

const { include: _, exclude: __, ...test } = config.test!;
export default mergeConfig({ ...config, test }, { test: { include, env: { HEDDLE_TESTS: 'all' } } });
