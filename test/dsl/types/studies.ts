// Misuse of studies: of variants that are other specs, of the baseline, and of what is matched.
// Each directive names its kind; test/dsl/types.test.ts counts them and sees that none is idle.
import { ablation, attention, dot, oneOf, softmax } from 'heddle';

const plain = attention({ heads: 8, headDim: 64, norm: oneOf('rms', 'none') }, ({ q, k, v }) =>
  softmax(dot(q, k)).times(v),
);
const other = attention({ heads: 4, headDim: 64, cap: 50, tight: false }, ({ q, k, v }) => softmax(dot(q, k)).times(v));

const wide = attention({ headDim: 8, width: 8 }, ({ q, k, v }) => softmax(dot(q, k)).times(v));

/** What is right: the types have nothing to say about any of it. */
export const right = ablation(plain, {
  title: 'A study',
  base: { heads: 2 },
  baseline: 'other',
  variants: { other, settled: [other, { cap: 30 }], named: { norm: 'none' }, 'same again': {} },
  matched: {
    other: { by: 'parameters', vary: 'cap', width: 512 },
    named: { by: 'operations', vary: 'headDim', within: 0.1 },
  },
  text: ['a', 'b'],
  tensors: 'trained.safetensors',
});
export const again = ablation(right.spec, { base: { ...right.base, headDim: 8 } });

// @ts-expect-error another spec with a setting that only the study's own has
ablation(plain, { variants: { settled: [other, { norm: 'none' }] } });
// @ts-expect-error another spec with a value that its setting does not take
ablation(plain, { variants: { settled: [other, { cap: 'small' }] } });
// @ts-expect-error another spec with three parts
ablation(plain, { variants: { settled: [other, { cap: 30 }, { tight: true }] } });
// @ts-expect-error a variant that is a name
ablation(plain, { variants: { other: 'other' } });
// @ts-expect-error a variant that is a number
ablation(plain, { variants: { wide: 8 } });
// @ts-expect-error settings without their spec
ablation(plain, { variants: { settled: [{ heads: 4 }] } });
// @ts-expect-error a variant with a setting of another variant's spec
ablation(plain, { variants: { other, wide: { cap: 30 } } });
// @ts-expect-error a baseline that is no variant
ablation(plain, { baseline: 'othr', variants: { other } });
// @ts-expect-error a match of a variant that there is not
ablation(plain, { variants: { other }, matched: { othr: { by: 'operations', vary: 'cap' } } });
// @ts-expect-error a match by what cannot be counted
ablation(plain, { variants: { other }, matched: { other: { by: 'time', vary: 'cap' } } });
// @ts-expect-error a match by a setting that is no number
ablation(plain, { variants: { other }, matched: { other: { by: 'operations', vary: 'tight' } } });
// @ts-expect-error a match by a setting of the study's spec for a variant of another
ablation(wide, { variants: { other }, matched: { other: { by: 'operations', vary: 'width' } } });
// @ts-expect-error a match that says not what to vary
ablation(plain, { variants: { other }, matched: { other: { by: 'operations' } } });
// @ts-expect-error a text that is a number
ablation(plain, { text: 3 });
// @ts-expect-error tensors that are not a path
ablation(plain, { tensors: ['q', 'k'] });
