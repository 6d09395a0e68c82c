// Sink past loops: a tile that is made of memory alone is made behind the loops that do not use it, so that it takes no
// registers while they run. No kernel reads what it writes: what is read later is the same.
import { valuesOf } from '../operations.js';
import type { Block, LetStatement, Statement } from '../program.js';
import type { Value } from '../types.js';
import { innerBlocks, statementsOf, usesOf } from '../walk.js';
import { eachKernel, type TilePass } from './pass.js';
import { rewriteKernel } from './rewrite.js';

export const sinkPastLoops: TilePass = {
  name: 'sink past loops',
  run: (program) =>
    eachKernel(program, (kernel) => {
      const behind = new Map<Statement, readonly LetStatement[]>();
      for (const block of blocksIn(kernel.body)) sinkIn(block, behind);
      if (behind.size === 0) return kernel;
      const sunk = new Set([...behind.values()].flat());
      return rewriteKernel(kernel, {
        assignment: (statement) => (sunk.has(statement) ? [] : [statement]),
        behind: (statement) => behind.get(statement) ?? [],
      });
    }),
};

/** Notes the statement behind which each tile of a block is to be made that is made before a loop, and not used until behind it. */
function sinkIn({ statements }: Block, behind: Map<Statement, readonly LetStatement[]>): void {
  const lastLoop = statements.findLastIndex((each) => each.statement === 'for');
  for (const [n, statement] of statements.slice(0, Math.max(0, lastLoop)).entries()) {
    if (statement.statement !== 'let' || !isMadeOfMemory(statement)) continue;
    const use = statements.findIndex((each, m) => m > n && uses(each, statement.value));
    const last = use < 0 ? statements.length - 1 : use - 1;
    if (!statements.slice(n + 1, last + 1).some((each) => each.statement === 'for')) continue;
    const place = statements[last]!;
    behind.set(place, [...(behind.get(place) ?? []), statement]);
  }
}

/** Constants take no registers where they are used as they are. */
const isMadeOfMemory = ({ operation }: LetStatement): boolean =>
  operation.op === 'load' || (operation.op === 'map' && valuesOf(operation).length === 0);

const blocksIn = (block: Block): readonly Block[] => [
  block,
  ...block.statements.flatMap(innerBlocks).flatMap(blocksIn),
];

/** Whether a statement, or one inside of it, uses a value. */
const uses = (statement: Statement, value: Value): boolean =>
  [statement, ...innerBlocks(statement).flatMap(statementsOf)].some((each) => usesOf(each).includes(value)) ||
  innerBlocks(statement)
    .flatMap(blocksIn)
    .some(({ yields }) => yields.includes(value));
