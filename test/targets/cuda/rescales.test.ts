// Sums of a running softmax are scaled by a vote of the warp: where the reference of one of its rows moves, and nowhere else. That
// they are right where it moves, and where it stays, is under test with logits of any size.
import { describe, expect, test } from 'vitest';
import { optimise } from '../../../src/passes/index.js';
import { compileCuda } from '../../../targets/cuda/compile.js';
import { multiTokenAttention } from '../../support/multi-token-attention.js';

const textOf = (dtype: 'f32' | 'bf16', settings = {}): string =>
  compileCuda(optimise(multiTokenAttention({ heads: 2, kvHeads: 1, headDim: 16, ...settings })), {
    dtype,
    single: true,
  }).emitted.cuda;

/** Lines that scale sums, with the one before the innermost loops around each. */
const scaled = (text: string): readonly string[] =>
  text.match(/if \(any_of_warp\(\w+\)\) \{\n(.*\n){6} *o\w+\[m\]\[n\]\[e\] \*= decay/g) ?? [];

describe('sums', () => {
  test('are scaled where a warp says so', () => {
    expect(scaled(textOf('bf16'))).toHaveLength(1);
    expect(scaled(textOf('bf16', { preQueryKernel: 6, preKeyKernel: 11 }))).toHaveLength(1);
  });

  test('of products in float are scaled as they are', () => expect(textOf('f32')).not.toContain('if (any_of_warp'));
});
