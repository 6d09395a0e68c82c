// The axes of a tensor as manifests list them: a letter, what it runs over, its size.
// The schema of manifests is targets/manifest.schema.json.
import type { Buffer, BufferAxis } from '../../codegen/tile/types.js';
import { axisLetters } from '../../src/ir/index.js';
import { sizeOfAxis } from './sizes.js';

export interface ManifestAxis {
  readonly name: string;
  readonly kind: string;
  readonly size: number | string;
}

const letters: Readonly<Record<BufferAxis['kind'], string>> = {
  ...axisLetters,
  row: axisLetters.query,
  band: axisLetters.query,
  split: 's',
};

export function axesOf({ axes }: Buffer): readonly ManifestAxis[] {
  const seen = new Map<string, number>();
  return axes.map((axis) => {
    const letter = letters[axis.kind];
    const count = (seen.get(letter) ?? 0) + 1;
    seen.set(letter, count);
    return { name: letter + (count > 1 ? count : ''), kind: axis.kind, size: sizeOfAxis(axis) };
  });
}
