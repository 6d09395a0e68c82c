// When V8 takes a function of the command line for worth optimising: later than it does by itself, as a compile is over before
// most of what it would optimise pays.
import { setFlagsFromString } from 'node:v8';

const LAST_NODE_WITH_FLAG = 25;

/**
 * Has functions optimised late. A compile runs most functions a few hundred times: V8's optimising compiler, which starts after
 * some 66 kB of bytecode, then takes longer than what it saves (docs/decisions/0017). Loops that run for longer still reach it,
 * milliseconds later.
 */
export function optimiseLate(): void {
  if (Number.parseInt(process.versions.node, 10) <= LAST_NODE_WITH_FLAG)
    setFlagsFromString('--interrupt-budget=500000');
}
