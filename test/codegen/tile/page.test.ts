// docs/tile-programs.md shows what the printer prints, and leaves no operation out.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { operations } from '../../../codegen/tile/operations.js';

const textOf = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const page = textOf('../../../docs/tile-programs.md');

test('the worked example is what the program prints', () => {
  const example = textOf('golden/pre-convolution.txt')
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
  expect(page).toContain(example);
});

test('the table of operations is complete', () => {
  const [, table] = page.split('## Operations\n');
  const named = Array.from(table!.split('Places name')[0]!.matchAll(/^\| `(\w+)` \|/gm), ([, name]) => name!);
  expect(named).toEqual(Object.keys(operations));
});
