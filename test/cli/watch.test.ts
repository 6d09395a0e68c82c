// `heddle compile --watch`: what makes it compile again, what does not, and that mistakes end nothing.
// The whole program, Ctrl-C included, is in test/packaging.
import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileWhileWatching } from '../../cli/watch.js';
import { loadSpec } from '../../driver/specs.js';
import { expectBadInput, inRepository, temporaryFolder } from './harness.js';

const spec = (more: string): string => `import { attention, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';
import { heads } from './sizes.js';
export const small = attention({ heads, headDim: 8 }, ({ q, k, v }) => softmax(scaledDot(q, k)).times(v)${more});
`;

test('compiles again when a text changes that was read or looked for, and at nothing else', async () => {
  const folder = temporaryFolder();
  const file = (name: string): string => join(folder, name);
  writeFileSync(file('small.ts'), spec(''));
  const ending = new AbortController();
  const ends: string[] = [];
  const counts: number[] = [];
  const watching = compileWhileWatching({
    path: file('small.ts'),
    compile: async (note) => {
      try {
        const { graph } = await loadSpec(file('small.ts'), { note });
        ends.push(`${String(graph.settings['heads'])} heads`);
      } catch (error) {
        ends.push((error as Error).message);
      }
    },
    onWait: (files) => counts.push(files),
    signal: ending.signal,
  });
  const next = async (count: number): Promise<string> => {
    await expect.poll(() => [ends.length, counts.length], { timeout: 20_000 }).toEqual([count, count]);
    return ends.at(-1)!;
  };
  // What it imports is missing, and appears.
  expect(await next(1)).toContain('sizes');
  writeFileSync(file('sizes.ts'), 'export const heads = 2;\n');
  expect(await next(2)).toBe('2 heads');
  expect(counts.at(-1)).toBe(2);
  // As editors write: another file in its place.
  writeFileSync(file('sizes.tmp'), 'export const heads = 3;\n');
  renameSync(file('sizes.tmp'), file('sizes.ts'));
  expect(await next(3)).toBe('3 heads');
  writeFileSync(file('small.ts'), spec('.oops()'));
  expect(await next(4)).toContain('oops');
  writeFileSync(file('small.ts'), spec(''));
  expect(await next(5)).toBe('3 heads');
  // The same text, another file, another time: nothing to do.
  writeFileSync(file('sizes.ts'), 'export const heads = 3;\n');
  writeFileSync(file('other.ts'), 'export const heads = 4;\n');
  utimesSync(file('small.ts'), new Date(), new Date());
  rmSync(file('other.ts'));
  await new Promise((done) => setTimeout(done, 250));
  expect(ends).toHaveLength(5);
  ending.abort();
  await watching;
});

test('what no change of a file mends ends it at once', async () => {
  await expectBadInput(
    ['compile', inRepository('examples/causal.ts'), '--watch', '--target', 'wgsl', '--dtype', 'f64'],
    'HD4029',
  );
  await expectBadInput(['compile', 'nowhere.ts', '--watch'], 'HD4101');
});
