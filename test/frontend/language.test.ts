// The language beyond what the examples use: each file of right/ is compiled and run as JavaScript, and must agree.
// Each file exports one spec, named like the file.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openSpec } from '../../dsl/frontend/index.js';
import type { ExampleCase } from '../support/examples.js';
import { compare } from './support/compare.js';

const sizes = { batch: 2, queries: 7, keys: 9 };
const whole = { batch: 2, queries: 8, keys: 8 };

const cases: readonly (readonly [file: string, example: ExampleCase])[] = [
  ['control-flow', { name: 'controlFlow', settings: {}, sizes }],
  ['control-flow', { name: 'controlFlow', settings: { rounds: 1, heads: 3 }, sizes }],
  ['constants', { name: 'constants', settings: {}, sizes }],
  ['arithmetic', { name: 'arithmetic', settings: {}, sizes: whole, integers: { ids: (p, b) => (p + b) >> 1 } }],
  [
    'arithmetic',
    { name: 'arithmetic', settings: { window: 3, odd: 2 }, sizes: whole, integers: { ids: (p) => p % 3 } },
  ],
  [
    'contents',
    {
      name: 'contents',
      settings: {},
      sizes,
      integers: { document: (p, b) => (p + b) >> 2, length: (_, b) => 9 * b, other: (p) => p - 1, gate: (h) => 1 - h },
    },
  ],
  ['infinities', { name: 'infinities', settings: {}, sizes }],
];

it.each(cases)('%s means what JavaScript means', async (file, example) => {
  const url = new URL(`./right/${file}.ts`, import.meta.url);
  const module = (await import(fileURLToPath(url))) as Record<string, object>;
  compare(module[example.name]!, await openSpec(fileURLToPath(url)), example);
});

it('has a case for every file', () => {
  const files = readdirSync(new URL('./right/', import.meta.url)).filter((file) => file.endsWith('.ts'));
  expect(new Set(cases.map(([file]) => `${file}.ts`))).toEqual(new Set(files));
});
