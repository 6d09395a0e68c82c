// Whether a number is one head or one position: an index variable, moved by a constant or a counter. Numbers remember their
// axis in the types until they are calculated with; this looks through the calculation.
import { affine, type Expression } from '../../src/ir/index.js';
import type { Evaluation } from './evaluation.js';

/** 'head' for h + 1, 'position' for i and j − 3; undefined for distances, products and all else. */
export function kindOf(index: Expression, { surroundings }: Evaluation): 'head' | 'position' | undefined {
  const sum = affine(index);
  if (!sum) return undefined;
  const { axes, counters } = surroundings;
  const kinds = sum.terms.map(({ factor, coefficient }) => {
    if (factor.kind !== 'variable') return 'other';
    if (counters.has(factor.name)) return 'counter';
    const kind = axes.get(factor.name)?.kind;
    if (coefficient !== 1) return 'other';
    return kind === 'head' ? 'head' : kind === 'query' || kind === 'key' ? 'position' : 'other';
  });
  const [kind, ...others] = kinds.filter((each) => each !== 'counter');
  return others.length === 0 && (kind === 'head' || kind === 'position') ? kind : undefined;
}
