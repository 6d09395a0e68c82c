// How many operations one kernel may hold: heads that share a block are written out, and their number times the terms of
// each mix grows with its square. Beyond the bound no target compiles the text in reasonable time, so it is not built.
import type { OperationBudget } from '../../tile/builder.js';
import { demand } from '../reads/reason.js';

/** Values that the operations of a kernel take and give. Multi-Token Attention with 16 mixed heads has some 1200. */
const MOST_OPERANDS = 12_000;

/** The budget of one kernel. @throws Unschedulable from `spend`, where it is used up. */
export function kernelBudget(): OperationBudget {
  let spent = 0;
  return {
    spend(operands) {
      spent += operands;
      demand(
        spent <= MOST_OPERANDS,
        `heads that share a block are written out, and a kernel of theirs would take more than ${MOST_OPERANDS} operands`,
      );
    },
  };
}
