// What happens when a spec is imported by a program: attention() and its kin return frozen data, nothing is computed,
// and what would have to compute says that specs are compiled.
import { describe, expect, test } from 'vitest';
import * as language from '../../dsl/language.js';

const { ablation, attention, normal, oneOf, uniform } = language;
const unreachable = (): never => {
  throw new Error('the body was called');
};
const spec = attention(
  { heads: 8, window: 128, capped: false, dilations: [1, 2, 4], norm: oneOf('rms', 'none') },
  unreachable,
);

function frozenAllTheWay(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(frozenAllTheWay);
}

describe('attention', () => {
  test('keeps its defaults, deep-frozen, and never calls its body', () => {
    expect(Object.keys(spec)).toEqual(['defaults', 'with']);
    expect(frozenAllTheWay(spec)).toBe(true);
    expect(spec.defaults).toEqual({
      heads: 8,
      window: 128,
      capped: false,
      dilations: [1, 2, 4],
      norm: { options: ['rms', 'none'] },
    });
  });

  test('copies its defaults: the caller may go on using theirs', () => {
    const defaults = { dilations: [1, 2] };
    const other = attention(defaults, unreachable);
    defaults.dilations.push(3);
    expect(other.defaults.dilations).toEqual([1, 2]);
  });

  test.each([
    ['a word', { norm: 'rms' }, "'norm' is not a number"],
    ['an object', { conv: { size: 3 } }, "'conv' is not a number"],
    ['an array of words', { sizes: ['a'] }, "'sizes' is not a number"],
    ['nothing', { size: undefined }, "'size' is not a number"],
    ['a name that hides an input', { q: 1 }, "'q' hides the standard input q"],
  ])('refuses %s as a setting', (_, defaults, message) => {
    expect(() => attention(defaults as never, unreachable)).toThrow(message);
  });

  test('refuses to do without a body', () => {
    expect(() => attention({ heads: 1 }, undefined as never)).toThrow('takes defaults and a body');
  });
});

describe('with', () => {
  test('gives a new frozen spec and leaves the old one alone', () => {
    const other = spec.with({ window: 64, capped: true, dilations: [8] });
    expect(frozenAllTheWay(other)).toBe(true);
    expect(other.defaults).toMatchObject({ heads: 8, window: 64, capped: true, dilations: [8] });
    expect(spec.defaults.window).toBe(128);
  });

  test('a choice keeps its options, the chosen one first', () => {
    const other = spec.with({ norm: 'none' });
    expect(other.defaults.norm).toEqual({ options: ['none', 'rms'] });
    expect(other.with({ norm: 'rms' }).defaults.norm.options[0]).toBe('rms');
  });

  test.each([
    [{ windows: 1 }, "no setting 'windows'. The settings are heads, window, capped, dilations, norm"],
    [{ toString: 1 }, "no setting 'toString'"],
    [{ window: 'small' }, "'window' is a number, not small"],
    [{ capped: 1 }, "'capped' is a boolean, not 1"],
    [{ dilations: 2 }, "'dilations' is an array of numbers, not 2"],
    [{ dilations: ['a'] }, "'dilations' is an array of numbers, not a"],
    [{ norm: 'layer' }, "'norm' is one of rms, none, not layer"],
  ])('refuses %o', (overrides, message) => {
    expect(() => spec.with(overrides as never)).toThrow(message);
  });
});

describe('settings and start values', () => {
  test('oneOf, normal and uniform are frozen data', () => {
    expect(oneOf('a', 'b')).toEqual({ options: ['a', 'b'] });
    expect(normal(0.3)).toEqual({ law: 'normal', size: 0.3 });
    expect(uniform(1)).toEqual({ law: 'uniform', size: 1 });
    expect([oneOf(1, 2), normal(1), uniform(1)].every(frozenAllTheWay)).toBe(true);
  });
});

describe('ablation', () => {
  test('gives its study, frozen, with the spec itself', () => {
    const where = (settings: { readonly window: number }) => settings.window > 1;
    const grid = { window: [64, 128], norm: ['rms', 'none'] as const };
    const study = ablation(spec, {
      base: { heads: 4 },
      variants: { plain: { norm: 'none' } },
      grid,
      where,
      shapes: [{ keys: 64 }],
    });
    expect(study.spec).toBe(spec);
    expect(study.where).toBe(where);
    expect(study.grid).toEqual(grid);
    expect(frozenAllTheWay(study)).toBe(true);
    expect(Object.isFrozen(grid.window)).toBe(false);
  });

  test('keeps other specs as they are, with their settings', () => {
    const other = attention({ heads: 4, cap: 50 }, unreachable);
    const study = ablation(spec, { baseline: 'other', variants: { other, capped: [other, { cap: 30 }], plain: {} } });
    expect(study.variants?.other).toBe(other);
    expect(study.variants?.capped).toEqual([other, { cap: 30 }]);
    expect(frozenAllTheWay(study)).toBe(true);
    const refused = { variants: { capped: [other, { window: 30 }] } };
    expect(() => ablation(spec, refused as never)).toThrow("no setting 'window'");
  });

  test.each([
    [{ base: { windows: 1 } }, "no setting 'windows'"],
    [{ variants: { small: { windows: 1 } } }, "no setting 'windows'"],
    [{ grid: { windows: [1] } }, "no setting 'windows'"],
    [{ grid: { norm: ['layer'] } }, "'norm' is one of rms, none, not layer"],
  ])('refuses %o', (study, message) => {
    expect(() => ablation(spec, study as never)).toThrow(message);
  });
});

describe('everything else', () => {
  const runs = ['ablation', 'attention', 'normal', 'oneOf', 'uniform'];
  const compiled = Object.entries(language).filter(([name]) => !runs.includes(name));

  test('is the whole list of primitives', () => {
    expect(compiled.map(([name]) => name).toSorted()).toEqual([
      'dot',
      'ensure',
      'fill',
      'integers',
      'keys',
      'keysAndValues',
      'logSumExp',
      'map',
      'max',
      'param',
      'queries',
      'rows',
      'scores',
      'softmax',
      'sum',
      'tensor',
      'values',
      'weights',
    ]);
  });

  test.each(compiled)('%s() says that specs are compiled, and how', (name, call) => {
    expect(call as () => void).toThrow(
      `heddle: ${name}() was called. Specs are compiled, not run: try npx heddle compile <spec.ts>`,
    );
  });
});
