// Which entries that threads hold are a tile's own. Those beyond its box fill up fragments, and those that
// are not valid are poison: neither is stored.
import { axisOfKind, type Tile, type TileAxisKind, validRange } from '../../../codegen/tile/types.js';
import type { Form } from '../../shared/layout/analysis.js';
import type { KernelWriter } from '../kernel-writer.js';
import { type Code, within } from '../text/code.js';

interface Along {
  readonly tile: Tile;
  readonly form: Form;
  readonly kind: TileAxisKind;
}

/** Conditions for the entry at an offset along an axis to be valid; none where all that threads reach is. */
export function whereValid(writer: KernelWriter, { tile, form, kind }: Along, offset: Code): readonly string[] {
  const valid = validRange(axisOfKind(tile.axes, kind)!);
  const reached = writer.reached(tile, form, kind);
  const conditions: string[] = [];
  if (valid.low > reached.low) conditions.push(`${within(offset, 1)} >= ${valid.low}`);
  if (valid.high < reached.high) conditions.push(`${within(offset, 1)} < ${valid.high}`);
  return conditions;
}
