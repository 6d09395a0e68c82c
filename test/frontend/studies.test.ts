// Studies: which variants ablation() asks for, and what is said about studies that cannot be read.
// The baseline comes first, then the named variants, then every combination of the grid.
import { describe, expect, it } from 'vitest';
import { openSpec } from '../../dsl/frontend/index.js';
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
    expect(study?.variants).toEqual([
      { name: 'base', settings: { headDim: 16 } },
      { name: 'wide', settings: { headDim: 16, window: 5 } },
      { name: 'other', settings: { headDim: 16, side: 'right' } },
      { name: 'heads=8 side=left', settings: { headDim: 16, heads: 8, side: 'left' } },
    ]);
    expect(study?.shapes).toEqual([
      { batch: 1, queries: 64, keys: 64 },
      { batch: 2, queries: 1, keys: 128 },
    ]);
    expect(study?.compile({ heads: 8 }).settings).toMatchObject({ heads: 8, window: 3 });
    expect(() => study?.compile(study.variants[1]!.settings)).toThrow(HeddleError);
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

describe('studies that cannot be read', () => {
  it.each([
    ['{ base: { heads: 0 } }', 'HD2010'],
    ['{ base: { window: 1 / 0 } }', 'HD2003'],
    [`{ variants: { odd: { side: 'up' as 'left' } } }`, 'HD2004'],
    ['{ shapes: [{ keys: 0.5 }] }', 'HD2011'],
    ['{ grid: { heads: 3 as unknown as number[] } }', 'HD2011'],
    ['{ base: { ...({ heads2: 1 } as object) } }', 'HD2002'],
  ])('%s', async (study, code) => {
    const [found] = await refused(file(study));
    expect(found).toMatchObject({ code, span: { line: 7 } });
    expect(found?.frame).toContain('> 7 |');
  });
});
