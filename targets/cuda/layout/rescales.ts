// Maps that scale what rows have added up from one reference to another one: by exactly 1 for each row whose maximum stays, as those of
// most rows do behind the first steps.
import type { MapOperation } from '../../../codegen/tile/operations/map.js';
import { operandIndex } from '../../../codegen/tile/operations.js';
import type { Kernel } from '../../../codegen/tile/program.js';
import type { Tile, Value } from '../../../codegen/tile/types.js';
import { statementsOf } from '../../../codegen/tile/walk.js';
import { operandsIf } from '../../../src/ir/index.js';

export interface Rescale {
  readonly sums: Tile;
  /** A number for each row. */
  readonly scale: Tile;
}

const scalesOf = new WeakMap<Kernel, ReadonlySet<Value>>();

/** Tiles of one axis that are powers of the difference of two references. */
function scalesIn(kernel: Kernel): ReadonlySet<Value> {
  const known = scalesOf.get(kernel);
  if (known) return known;
  const found = statementsOf(kernel.body).flatMap((each) => {
    if (each.statement !== 'let' || each.operation.op !== 'powerOfTwo') return [];
    return each.value.kind === 'tile' && each.value.axes.length === 1 ? [each.value] : [];
  });
  scalesOf.set(kernel, new Set(found));
  return scalesOf.get(kernel)!;
}

/** What a map scales, and by what; undefined where it is another map. */
export function rescaleOf(kernel: Kernel, { operands, value }: MapOperation): Rescale | undefined {
  const factors = operandsIf(value, 'multiply')?.map((each) =>
    each.kind === 'read' ? operands[operandIndex(each.source) ?? -1] : undefined,
  );
  const [sums, scale] = factors?.toSorted((x, y) => (y?.axes.length ?? 0) - (x?.axes.length ?? 0)) ?? [];
  return sums?.axes.length === 2 && scale && scalesIn(kernel).has(scale) ? { sums, scale } : undefined;
}
