// The rooms of the scheduler: what is chosen knows the recipes, recipes know kernels, and so on down to the reads of a graph.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** From top to bottom: a room imports from itself and from those behind it. */
const rooms = ['choose', 'recipes', 'kernel', 'partition', 'plan', 'reads'];

const root = fileURLToPath(new URL('../../../codegen/schedule', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
const sources = files.filter((name) => name.endsWith('.ts'));
const roomOf = (file: string): string => file.split('/')[0]!;

/** The files of the scheduler that a file imports, types too. */
const importsOf = (file: string): readonly string[] =>
  Array.from(readFileSync(join(root, file), 'utf8').matchAll(/\bfrom '(\.[^']+)\.js'/g), ([, specifier]) =>
    normalize(join(dirname(file), `${specifier}.ts`)).replaceAll('\\', '/'),
  ).filter((target) => sources.includes(target));

it('every file but the face is in a room', () => {
  expect(sources.filter((file) => !rooms.includes(roomOf(file)))).toEqual(['index.ts']);
  expect(new Set(sources.map(roomOf))).toEqual(new Set([...rooms, 'index.ts']));
});

it('imports run down the rooms only', () => {
  const upward = sources.flatMap((file) =>
    importsOf(file).flatMap((target) =>
      rooms.indexOf(roomOf(target)) < rooms.indexOf(roomOf(file)) ? [`${file} imports ${target}`] : [],
    ),
  );
  expect(upward.filter((each) => !each.startsWith('index.ts'))).toEqual([]);
  expect(importsOf('kernel/scores.ts').some((target) => roomOf(target) === 'plan')).toBe(true);
});
