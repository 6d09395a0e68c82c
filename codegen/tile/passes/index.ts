// The passes over tile programs, in the order in which they run: read aloud, the list says what happens to every program
// that a schedule makes. Targets append those that are their own affair.
import type { TileProgram } from '../program.js';
import { verifyProgram } from '../verify.js';
import { boxesInRings } from './boxes-in-rings.js';
import { canonicaliseStencils } from './canonicalise-stencils.js';
import { dropCopies } from './drop-copies.js';
import { dropDead } from './drop-dead.js';
import type { TilePass } from './pass.js';
import { sinkPastLoops } from './sink-past-loops.js';

export { exponentialsInBaseTwo } from './exponentials-in-base-two.js';
export { keepReferences } from './keep-references.js';
export { narrow } from './narrow.js';
export type { TilePass } from './pass.js';
export { unscaleScores } from './unscale-scores.js';

export const tilePasses: readonly TilePass[] = [
  dropCopies,
  dropDead,
  sinkPastLoops,
  canonicaliseStencils,
  boxesInRings,
];

export interface RunTilePassesOptions {
  /** Check the rules of tile programs after every pass that changed something. */
  readonly verify?: boolean;
  /** Called after every pass, with what it gives. */
  readonly onPass?: (pass: TilePass, program: TileProgram) => void;
}

/** What each pass in turn makes of a program. @throws HeddleError HD80xx where a pass breaks a rule, if that is checked. */
export function runTilePasses(
  program: TileProgram,
  passes: readonly TilePass[] = tilePasses,
  { verify = false, onPass }: RunTilePassesOptions = {},
): TileProgram {
  let current = program;
  for (const pass of passes) {
    const after = pass.run(current);
    if (verify && after !== current) verifyProgram(after);
    current = after;
    onPass?.(pass, current);
  }
  return current;
}
