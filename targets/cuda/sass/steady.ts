// The steady-state loop of a kernel: the one that multiplies most, and the way through it that a full tile takes.
// Of the ways that a turn may take, that one multiplies and copies as much as any does, and is the shortest of those: a mask, a wait
// that has to be repeated and a rescaling that is skipped are on other ways.
import { kindOf, multiplyAdds } from './classes.js';
import type { Instruction, Listing } from './disassembly.js';
import { type BasicBlock, basicBlocks, type Loop, loopsOf } from './flow.js';

export interface SteadyLoop {
  /** What a turn executes; loops inside of it count once. */
  readonly instructions: readonly Instruction[];
  /** Loops inside of it that are on the way. */
  readonly innerLoops: number;
}

/** A way from the header of a loop to a block, and what it does. */
interface Way {
  readonly blocks: readonly number[];
  readonly multiplyAdds: number;
  readonly copies: number;
  readonly length: number;
}

/** Undefined where no loop has tensor instructions. */
export function steadyLoop(listing: Listing): SteadyLoop | undefined {
  const blocks = basicBlocks(listing);
  const ways = everyLoop(loopsOf(blocks)).flatMap((loop) => {
    const way = fullWay(blocks, loop);
    return way === undefined ? [] : [{ loop, way, own: ownMultiplyAdds(blocks, loop, way) }];
  });
  const [best] = ways
    .filter(({ own }) => own > 0)
    .sort((one, other) => other.own - one.own || one.way.length - other.way.length);
  if (!best) return undefined;
  const { loop, way } = best;
  return {
    instructions: way.blocks.flatMap((number) => blocks[number]!.instructions),
    innerLoops: everyLoop(loop.inner).filter(({ header }) => way.blocks.includes(header)).length,
  };
}

const everyLoop = (loops: readonly Loop[]): readonly Loop[] => loops.flatMap((each) => [each, ...everyLoop(each.inner)]);

/** What a way multiplies outside of the loops inside of its own. */
const ownMultiplyAdds = (blocks: readonly BasicBlock[], { inner }: Loop, way: Way): number =>
  way.blocks
    .filter((number) => !inner.some((each) => each.blocks.has(number)))
    .reduce((sum, number) => sum + total(blocks[number]!, multiplyAdds), 0);

const total = ({ instructions }: BasicBlock, of: (instruction: Instruction) => number): number =>
  instructions.reduce((sum, each) => sum + of(each), 0);

const isCopy = (instruction: Instruction): number => (kindOf(instruction).class === 'global copy' ? 1 : 0);

const isBetter = (one: Way, other: Way | undefined): boolean => {
  if (!other) return true;
  const order = one.multiplyAdds - other.multiplyAdds || one.copies - other.copies || other.length - one.length;
  return order > 0;
};

/** The best way of a turn, from the header of a loop until it is reached again. */
function fullWay(blocks: readonly BasicBlock[], { header, blocks: body }: Loop): Way | undefined {
  const ways = new Map<number, Way>();
  let best: Way | undefined;
  for (const number of inOrder(blocks, header, body)) {
    const block = blocks[number]!;
    const before = ways.get(number) ?? { blocks: [], multiplyAdds: 0, copies: 0, length: 0 };
    const way: Way = {
      blocks: [...before.blocks, number],
      multiplyAdds: before.multiplyAdds + total(block, multiplyAdds),
      copies: before.copies + total(block, isCopy),
      length: before.length + block.instructions.length,
    };
    for (const next of block.next) {
      if (next === header && isBetter(way, best)) best = way;
      if (next !== header && body.has(next) && isBetter(way, ways.get(next))) ways.set(next, way);
    }
  }
  return best;
}

/** The blocks of a loop, each behind those that lead to it; edges back within it are left out. */
function inOrder(blocks: readonly BasicBlock[], header: number, body: ReadonlySet<number>): readonly number[] {
  const done: number[] = [];
  const seen = new Set([header]);
  const way = [{ block: header, rest: [...blocks[header]!.next] }];
  for (let at = way.at(-1); at !== undefined; at = way.at(-1)) {
    const next = at.rest.pop();
    if (next === undefined) {
      done.push(at.block);
      way.pop();
    } else if (body.has(next) && !seen.has(next)) {
      seen.add(next);
      way.push({ block: next, rest: [...blocks[next]!.next] });
    }
  }
  return done.reverse();
}
