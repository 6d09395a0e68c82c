// Studies: which variants ablation() asks for, and what is said about studies that cannot be read.
// The baseline comes first, then the named variants, then every combination of the grid.
import { describe, expect, it } from 'vitest';
import { openSpec, openStudy } from '../../dsl/frontend/index.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import { refused, written } from './support/temporary.js';

const spec = `import { ablation, attention, ensure, fill, oneOf, softmax } from 'heddle';
import { causal, scaledDot } from 'heddle/library';
const plain = attention({ heads: 4, headDim: 8, side: oneOf('left', 'right'), window: 3 }, ({ q, k, v, heads, window }) => {
  ensure(window < heads, 'the window is too large');
  return softmax(fill(scaledDot(q, k), (i, j) => causal(i, j) && i - j < window, -Infinity)).times(v);
});
`;
const file = (study: string): string =>
  written({ 'spec.ts': `${spec}export const study = ablation(plain, ${study});\n` });

describe('variants', () => {
  it('are the baseline, the named ones and the grid', async () => {
    const { studies, specs } = await openSpec(
      file(`{
        base: { headDim: 16 },
        variants: { wide: { window: 5 }, other: { side: 'right', headDim: undefined } },
        grid: { heads: [4, 8], side: ['left', 'right'] },
        where: ({ heads, side }) => heads < 8 || side === 'left',
        shapes: [{ keys: 64 }, { batch: 2, queries: 1, keys: 128 }],
      }`),
    );
    expect(specs).toEqual([]);
    const [study] = studies;
    expect(study).toMatchObject({ name: 'study', spec: { name: 'plain' }, declared: { line: 7 } });
    expect(study?.variants.map(({ name, settings }) => ({ name, settings }))).toEqual([
      { name: 'base', settings: { headDim: 16 } },
      { name: 'wide', settings: { headDim: 16, window: 5 } },
      { name: 'other', settings: { headDim: 16, side: 'right' } },
      { name: 'heads=8 side=left', settings: { headDim: 16, heads: 8, side: 'left' } },
    ]);
    expect(study?.shapes).toEqual([
      { batch: 1, queries: 64, keys: 64 },
      { batch: 2, queries: 1, keys: 128 },
    ]);
    expect(study?.resolve(study.variants[3]!).graph.settings).toMatchObject({ heads: 8, window: 3 });
    expect(() => study?.resolve(study.variants[1]!)).toThrow(HeddleError);
  });

  it('may be those of another study, whose spec and other fields are read', async () => {
    const first = `${spec}export const study = ablation(plain, { base: { headDim: 16 } });\n`;
    const again = 'export const again = ablation(study.spec, { variants: { copy: { ...study.base, heads: 8 } } });\n';
    const { studies } = await openSpec(written({ 'spec.ts': first + again }));
    expect(studies.find(({ name }) => name === 'again')).toMatchObject({
      spec: { name: 'plain' },
      variants: [
        { name: 'base', settings: {} },
        { name: 'copy', settings: { headDim: 16, heads: 8 } },
      ],
    });
  });

  it('are the baseline alone where nothing is asked for', async () => {
    const { studies } = await openSpec(file('{}'));
    expect(studies[0]).toMatchObject({ variants: [{ name: 'base', settings: {} }], shapes: [] });
  });
});

describe('studies across specs', () => {
  const other = `const other = attention({ heads: 2, headDim: 4, cap: 50, rows: 1 }, ({ q, k, v, cap, rows }) => {
  ensure(rows % 3 === 1, 'rows leave 1 when divided by 3');
  const table = param('table', ['head', rows]);
  return softmax(map(dot(q, k), (x, h) => cap * Math.tanh(x / cap) * table(h, 0))).times(v);
});
`;
  const across = (study: string): string =>
    written({
      'spec.ts': `import { dot, map, param } from 'heddle';\n${spec}${other}/** What it is about. And more. */
export const study = ablation(plain, ${study});\n`,
    });
  const opened = async (study: string) => (await openSpec(across(study))).studies[0]!;

  it('are variants with their own settings, and the sizes of the base', async () => {
    const study = await opened(`{
      title: 'Caps', base: { heads: 8, window: 4 },
      variants: { other, 'low cap': [other, { cap: 30, heads: 3 }], narrow: { window: 2 } },
    }`);
    expect(study).toMatchObject({ title: 'Caps', summary: 'What it is about.', baseline: 'base' });
    expect(study.variants.map(({ name, spec: { name: of }, settings }) => [name, of, settings])).toEqual([
      ['base', 'plain', { heads: 8, window: 4 }],
      ['other', 'other', { heads: 8 }],
      ['low cap', 'other', { heads: 3, cap: 30 }],
      ['narrow', 'plain', { heads: 8, window: 2 }],
    ]);
    const { graph } = study.resolve(study.variants[2]!);
    expect(graph).toMatchObject({ name: 'other', settings: { heads: 3, cap: 30, headDim: 4 } });
  });

  it('come after the baseline, which may be any of them and which no condition drops', async () => {
    const study = await opened(`{
      baseline: 'other', variants: { plain: {}, again: {}, other }, grid: { window: [2, 3] }, where: ({ window }) => window > 3,
    }`);
    expect(study.variants.map(({ name }) => name)).toEqual(['other']);
    const kept = await opened(
      `{ baseline: 'other', variants: { plain: {}, again: {}, other }, grid: { window: [2, 3] } }`,
    );
    expect(kept.variants.map(({ name }) => name)).toEqual(['other', 'plain', 'again', 'window=2']);
    expect(kept.variants.map(({ isFromGrid }) => isFromGrid)).toEqual([false, false, false, true]);
  });

  it('are drawn on words and marks, or on tokens, and on tensors beside the study', async () => {
    const study = await opened(`{ text: "Where's the white-eyed rabbit?", tensors: 'trained/tiny.safetensors' }`);
    expect(study.tokens).toEqual(["Where's", 'the', 'white-eyed', 'rabbit', '?']);
    expect(study.tensors).toMatch(/trained\/tiny\.safetensors$/);
    expect((await opened(`{ text: ['a ', 'b'] }`)).tokens).toEqual(['a ', 'b']);
  });

  it('get the number with which they cost what the baseline costs', async () => {
    const study = await opened(`{
      base: { heads: 8, headDim: 16 },
      variants: { wide: { heads: 4, window: 2 }, other: [other, { heads: 4 }], holes: [other, { heads: 6, headDim: 16 }] },
      matched: {
        wide: { by: 'operations', vary: 'headDim' },
        other: { by: 'parameters', vary: 'headDim' },
        holes: { by: 'parameters', vary: 'rows', width: 32 },
      },
      shapes: [{ keys: 64 }],
    }`);
    // Four projections of 128 features: 4 · 128 · 128, whatever the spec adds: here 1 number for each of 4 heads.
    expect(study.resolve(study.variants[2]!)).toMatchObject({
      settings: { heads: 4, headDim: 32 },
      match: { by: 'parameters', setting: 'headDim', chosen: 32, wanted: 65536, reached: 65540 },
      graph: { settings: { headDim: 32 } },
    });
    const { match } = study.resolve(study.variants[1]!);
    expect(match!.chosen).toBeGreaterThan(16);
    expect(Math.abs(match!.reached / match!.wanted - 1)).toBeLessThan(0.05);
    // 4 · 32 · 128 are wanted; 4 · 32 · 96 are there, and 6 numbers for each row: 683 rows, of which 682 are allowed.
    expect(study.resolve(study.variants[3]!).match).toMatchObject({
      chosen: 682,
      wanted: 16384,
      reached: 12288 + 6 * 682,
    });
  });

  it('are refused where no number comes near, with the nearest', async () => {
    const study = await opened(`{
      base: { heads: 5, headDim: 5 }, variants: { wide: { heads: 4 }, other },
      matched: { wide: { by: 'parameters', vary: 'headDim', within: 0.001 }, other: { by: 'parameters', vary: 'cap', within: 0.001 } },
    }`);
    const said = (variant: number): string => {
      try {
        study.resolve(study.variants[variant]!);
      } catch (error) {
        if (error instanceof HeddleError)
          return error.diagnostics.map(({ code, message }) => `${code}: ${message}`).join();
      }
      return 'nothing';
    };
    expect(said(1)).toBe(
      'HD2016: no whole number for "headDim" gives "wide" the parameters of the baseline, 2,500, within 0.1 %: the nearest is 6, with 2,400',
    );
    expect(said(2)).toMatch(/HD2016: .*the nearest is 1, with 2,505/);
  });

  it.each([
    [`{ baseline: 'othr', variants: { other } as Record<string, typeof other> }`, 'HD2014'],
    [`{ variants: { other: 'other' as unknown as typeof other } }`, 'HD2011'],
    [`{ variants: { other: [other] as unknown as typeof other } }`, 'HD2011'],
    [`{ variants: { other: [other, { ...({ kap: 1 } as object) }] } }`, 'HD2002'],
    [`{ variants: { other: [other, { headDim: 0 }] } }`, 'HD2010'],
    [`{ variants: { base: {} } }`, 'HD2015'],
    [`{ variants: { 'window=2': other }, grid: { window: [2] } }`, 'HD2015'],
    [`{ matched: { ...({ other: { by: 'operations', vary: 'cap' } } as object) } }`, 'HD2014'],
    [`{ variants: { other }, matched: { other: { by: 'operations', vary: 'kap' as 'cap' } } }`, 'HD2002'],
    [`{ variants: { other }, matched: { other: { by: 'time' as 'operations', vary: 'cap' } } }`, 'HD2011'],
    [`{ variants: { other }, matched: { other: { by: 'operations', vary: 'cap', within: -1 } } }`, 'HD2011'],
    [`{ text: '' }`, 'HD2011'],
    [`{ text: [1] as unknown as string[] }`, 'HD2011'],
    [`{ tensors: '../../secret.safetensors' }`, 'HD4116'],
    [`{ title: 3 as unknown as string }`, 'HD2011'],
  ])('%s', async (study, code) => {
    const [found] = await refused(across(study));
    expect(found).toMatchObject({ code, span: { line: 14 } });
  });
});

describe('a study of which a part is wrong', () => {
  const imports = "import { attention, dot, fill, softmax } from 'heddle';\n";
  const sound = `${imports}export const sound = attention({ headDim: 4 }, ({ q, k, v }) => softmax(dot(q, k)).times(v));\n`;
  const study = (variant: string, more = ''): string =>
    `import { ablation } from 'heddle';\nimport { sound } from './sound.js';\nimport { other } from './other.js';\n${more}
export const study = ablation(sound, { variants: { good: { headDim: 8 }, bad: ${variant} } });\n`;
  const opened = (other: string, variant = 'other', more = '') =>
    openStudy(written({ 'study.ts': study(variant, more), 'sound.ts': sound, 'other.ts': other }));

  it.each([
    [
      'a type error',
      `${imports}export const other = attention({ headDim: 4 }, ({ q, k, v }) => softmax(dot(k, q)).times(v));`,
      'HD1001',
    ],
    [
      'a file that does not parse',
      `${imports}export const other = attention({ headDim: 4 }, ({ q, k, v }) => `,
      'HD1001',
    ],
    [
      'a statement for its effect',
      `${imports}export const other = attention({ headDim: 4 }, ({ q, k, v }) => softmax(dot(q, k)).times(v));\nconst x = [1]; x.push(2);`,
      'HD1003',
    ],
    [
      'what a spec may not say',
      `${imports}export const other = attention({ headDim: 4 }, ({ q, k, v }) => softmax(fill(dot(q, k), (i, j) => j <= i, Infinity)).times(v));`,
      'HD1023',
    ],
    [
      'defaults that are wrong',
      `${imports}export const other = attention({ headDim: 0 }, ({ q, k, v }) => softmax(dot(q, k)).times(v));`,
      'HD2010',
    ],
    ['an export that is missing', `${imports}export const another = 1;`, 'HD1001'],
  ])('has the other variants: %s', async (_, other, code) => {
    const { variants, resolve } = await opened(other);
    expect(variants.map(({ name }) => name)).toEqual(['base', 'good', 'bad']);
    expect(resolve(variants[1]!).graph.settings).toEqual({ headDim: 8 });
    expect(() => resolve(variants[2]!)).toThrow(HeddleError);
    try {
      resolve(variants[2]!);
    } catch (error) {
      expect((error as HeddleError).diagnostics[0]).toMatchObject({ code });
    }
  });

  it.each([
    ['its own statement', sound.replaceAll('sound', 'other'), '{ hedDim: 8 }', 'HD1001'],
    ['the file of its spec', sound.replaceAll('sound', 'other'), 'other', 'HD1001'],
  ])('is refused as a whole for %s', async (what, other, variant, code) => {
    const files = {
      'study.ts': study(variant),
      'sound.ts':
        what === 'its own statement' ? sound : `${sound}const x: string = 1;`.replace('dot(q, k)', 'dot(v, k)'),
      'other.ts': other,
    };
    await expect(openStudy(written(files))).rejects.toMatchObject({ diagnostics: [{ code }] });
  });

  it('must be found, and be one', async () => {
    const path = written({
      'spec.ts': `${spec}export const a = ablation(plain, {});\nexport const b = ablation(plain, {});\n`,
    });
    await expect(openStudy(path)).rejects.toMatchObject({ diagnostics: [{ code: 'HD2018' }] });
    await expect(openStudy(path, 'c')).rejects.toMatchObject({ diagnostics: [{ code: 'HD2017' }] });
    expect(await openStudy(path, 'b')).toMatchObject({ name: 'b' });
  });
});

describe('studies that cannot be read', () => {
  it.each([
    ['{ base: { heads: 0 } }', 'HD2010'],
    ['{ base: { window: 1 / 0 } }', 'HD2003'],
    [`{ variants: { odd: { side: 'up' as 'left' } } }`, 'HD2004'],
    ['{ grid: { heads: Array.from({ length: 400 }, (_, n) => n + 1), window: [1, 2, 3] } }', 'HD2019'],
    ['{ shapes: [{ keys: 0.5 }] }', 'HD2011'],
    ['{ grid: { heads: 3 as unknown as number[] } }', 'HD2011'],
    ['{ base: { ...({ heads2: 1 } as object) } }', 'HD2002'],
  ])('%s', async (study, code) => {
    const [found] = await refused(file(study));
    expect(found).toMatchObject({ code, span: { line: 7 } });
    expect(found?.frame).toContain('> 7 |');
  });
});
