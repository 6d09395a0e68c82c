// store: each thread writes the valid entries that it holds; of what several threads hold, the first one writes.
// Entries beyond the tile, which only fill up fragments, are held back.
import type { StoreStatement } from '../../../codegen/tile/program.js';
import { axisOfKind, type TileAxisKind } from '../../../codegen/tile/types.js';
import { refuse } from '../../shared/refusal.js';
import type { KernelWriter } from '../kernel-writer.js';
import { subscript, writingThread } from '../layout/fragments.js';
import { atom, type Code } from '../text/code.js';
import { writeEntry } from './global-memory.js';
import { isInPairs, storePairs } from './pairs.js';
import { whereValid } from './valid.js';

export function lowerStore(writer: KernelWriter, { tile, buffer, place }: StoreStatement): void {
  const bound = writer.uses(buffer);
  const form = writer.plan.analysis.forms(tile)[0]!;
  const registers = writer.registersOf(tile, form);
  if (registers.packed) refuse('a tile of rounded pairs is stored one by one');
  if (form === 'grid' && isInPairs(writer, tile, buffer, place)) {
    storePairs(writer, { tile, bound, place }, registers);
    return;
  }
  const alone = writingThread(writer.plan.warps)[form];
  writer.openForm(form, registers);
  const offsets = writer.offsets(tile, form);
  const further = alone ? [alone] : [];
  for (const [kind, offset] of offsets) further.push(...whereValid(writer, { tile, form, kind }, offset));
  const at = (kind: TileAxisKind): Code => writer.absolute(axisOfKind(tile.axes, kind)!, offsets.get(kind)!);
  writeEntry(writer, { bound, place, at }, atom(`${registers.name}${subscript(form, form)}`, 'float'), further);
  writer.closeForm(form);
}
