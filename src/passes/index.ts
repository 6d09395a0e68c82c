// The passes, in the order in which they run. Read aloud, the list says what happens to every graph.
// It runs again until nothing changes, so that one pass may leave work for an earlier one.
import { type Graph, history, verify, verifyConstants } from '../ir/index.js';
import { composeLinear } from './compose-linear.js';
import { dropDead } from './drop-dead.js';
import { dropImpliedGuards } from './drop-implied-guards.js';
import { foldConstants } from './fold-constants.js';
import { fusePointwise } from './fuse-pointwise.js';
import { hoistInvariants } from './hoist-invariants.js';
import { inline } from './inline.js';
import type { Pass } from './pass.js';
import { recogniseLinear } from './recognise-linear.js';
import { shareCommonSubexpressions } from './share-common-subexpressions.js';
import { splitLogSumExp } from './split-log-sum-exp.js';
import { splitMasks } from './split-masks.js';
import { sumOverHeads } from './sum-over-heads.js';

export { foldedExpression } from './fold-constants.js';
export type { Pass } from './pass.js';
export { sharedExpression } from './share-common-subexpressions.js';

export const passes: readonly Pass[] = [
  splitLogSumExp,
  shareCommonSubexpressions,
  foldConstants,
  inline,
  fusePointwise,
  sumOverHeads,
  dropImpliedGuards,
  recogniseLinear,
  composeLinear,
  splitMasks,
  hoistInvariants,
  dropDead,
];

export interface OptimiseOptions {
  /** Check the rules of the score graph after every pass that changed something. */
  readonly verify?: boolean;
  /** Called after every pass that changed the graph. */
  readonly onPass?: (pass: Pass, graph: Graph) => void;
}

/** Passes leave work for earlier ones a few times at most; more rounds mean that two passes undo each other. */
const MOST_ROUNDS = 16;

/** The same meaning as a graph that schedules can read: the list of passes until nothing changes. */
export function optimise(graph: Graph, { verify: isVerified = false, onPass }: OptimiseOptions = {}): Graph {
  let current = graph;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = current;
    for (const pass of passes) {
      const after = pass.run(current);
      if (after === current) continue;
      current = after;
      if (isVerified) verify(current);
      onPass?.(pass, current);
    }
    if (current !== before) continue;
    verifyConstants(current);
    return withHistoryOf(graph, current);
  }
  throw new Error(`the passes do not settle in ${MOST_ROUNDS} rounds`);
}

/** Graphs that were rewritten behind the list are tidied by what changes no form of a node. */
const tidying: readonly Pass[] = [foldConstants, shareCommonSubexpressions, hoistInvariants, dropDead];

/** The same graph with constants folded, parts shared, and values of rows and columns as nodes of their own. */
export const tidied = (graph: Graph): Graph => tidying.reduce((tidy, pass) => pass.run(tidy), graph);

/** A caller passes the rows that the spec as written asks for, even where the passes find that some are never read. */
function withHistoryOf(written: Graph, optimised: Graph): Graph {
  const asked = history(written);
  return history(optimised) === asked ? optimised : { ...optimised, history: asked };
}
