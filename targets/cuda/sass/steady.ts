// The steady-state loop of a kernel: the one that multiplies most, and the way through it that a full tile takes.
// A turn may take several ways. The full tile's multiplies as much as any, makes the copies of a step, and is the shortest that does
// both: masks at edges, waits that are repeated and rescalings that are skipped lie on other ways.
import { kindOf, multiplyAdds } from './classes.js';
import type { Instruction, Listing } from './disassembly.js';
import { type BasicBlock, basicBlocks, type Loop, loopsOf } from './flow.js';

export interface SteadyLoop {
  /** What a turn executes; loops inside of it count once. */
  readonly instructions: readonly Instruction[];
  /** Loops inside of it that are on the way. */
  readonly innerLoops: number;
  /** Instructions on the way from the function's entry to the loop, and from it to the end. */
  readonly outside: number;
}

/** A way from the header of a loop to a block, and what it does. */
interface Way {
  readonly blocks: readonly number[];
  readonly multiplyAdds: number;
  readonly copies: number;
  readonly length: number;
}

/**
 * Undefined where no loop has tensor instructions.
 * @param copies how many copies from global to shared memory a thread makes in a turn. Ways through a copy loop that is unrolled in
 * part differ in that number; where it is not known, the way with most of them is taken.
 */
export function steadyLoop(listing: Listing, copies = Number.POSITIVE_INFINITY): SteadyLoop | undefined {
  const blocks = basicBlocks(listing);
  const ways = everyLoop(loopsOf(blocks)).flatMap((loop) => {
    const way = fullWay(blocks, loop, copies);
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
    outside: outsideOf(blocks, loop),
  };
}

const everyLoop = (loops: readonly Loop[]): readonly Loop[] =>
  loops.flatMap((each) => [each, ...everyLoop(each.inner)]);

/** What a way multiplies outside of the loops inside of its own. */
const ownMultiplyAdds = (blocks: readonly BasicBlock[], { inner }: Loop, way: Way): number =>
  way.blocks
    .filter((number) => !inner.some((each) => each.blocks.has(number)))
    .reduce((sum, number) => sum + total(blocks[number]!, multiplyAdds), 0);

const total = ({ instructions }: BasicBlock, of: (instruction: Instruction) => number): number =>
  instructions.reduce((sum, each) => sum + of(each), 0);

const isCopy = (instruction: Instruction): number => (kindOf(instruction).class === 'global copy' ? 1 : 0);

/** What counts more of a way with as many copies as another. */
const byProducts = (one: Way, other: Way): number => other.multiplyAdds - one.multiplyAdds || one.length - other.length;

/** The best way of a turn, from the header of a loop until it is reached again. */
function fullWay(blocks: readonly BasicBlock[], { header, blocks: body }: Loop, copies: number): Way | undefined {
  const start: Way = { blocks: [], multiplyAdds: 0, copies: 0, length: 0 };
  /** The best ways to a block, by the number of their copies. */
  const ways = new Map<number, Map<number, Way>>([[header, new Map([[0, start]])]]);
  const turns: Way[] = [];
  const order = inOrder(blocks, header, body);
  const placeOf = new Map(order.map((number, place) => [number, place]));
  for (const [place, number] of order.entries()) {
    const block = blocks[number]!;
    for (const before of ways.get(number)?.values() ?? []) {
      const way: Way = {
        blocks: [...before.blocks, number],
        multiplyAdds: before.multiplyAdds + total(block, multiplyAdds),
        copies: before.copies + total(block, isCopy),
        length: before.length + block.instructions.length,
      };
      for (const next of block.next) {
        if (next === header) turns.push(way);
        // Edges back are those of loops inside.
        else if (placeOf.get(next)! > place) {
          const known = ways.get(next) ?? new Map<number, Way>();
          ways.set(next, known);
          const other = known.get(way.copies);
          if (!other || byProducts(way, other) < 0) known.set(way.copies, way);
        }
      }
    }
  }
  const most = Math.max(...turns.map((each) => each.multiplyAdds));
  const isFull = (each: Way): boolean => each.multiplyAdds === most;
  const missing = (each: Way): number =>
    copies === Number.POSITIVE_INFINITY ? -each.copies : Math.abs(each.copies - copies);
  return turns.filter(isFull).sort((one, other) => missing(one) - missing(other) || byProducts(one, other))[0];
}

const isStore = ({ opcode }: Instruction): number => (/^(STG|UTMASTG)\b/.test(opcode) ? 1 : 0);

/**
 * Instructions of a block beside a loop: of the shortest way from the function's entry to it, and on to an end that stores as much as
 * any does. Loops on the way count once.
 */
function outsideOf(blocks: readonly BasicBlock[], { header, blocks: body }: Loop): number {
  const order = inOrder(blocks, 0, new Set(blocks.keys()));
  const placeOf = new Map(order.map((number, place) => [number, place]));
  const ways = new Map<number, { readonly length: number; readonly stores: number }>([[0, { length: 0, stores: 0 }]]);
  let best = { length: 0, stores: -1 };
  for (const [place, number] of order.entries()) {
    const before = ways.get(number);
    const isBefore = place < placeOf.get(header)!;
    if (!before) continue;
    const block = blocks[number]!;
    const isInside = body.has(number);
    const way = {
      length: before.length + (isInside ? 0 : block.instructions.length),
      stores: before.stores + (isInside || isBefore ? 0 : total(block, isStore)),
    };
    const isShorter = (than: typeof way): boolean =>
      way.stores > than.stores || (way.stores === than.stores && way.length < than.length);
    if (block.next.length === 0 && !isBefore && isShorter(best)) best = way;
    for (const next of block.next) {
      const nextPlace = placeOf.get(next)!;
      // All ways lead through the loop.
      if (nextPlace <= place || (isBefore && nextPlace > placeOf.get(header)!)) continue;
      const other = ways.get(next);
      if (!other || isShorter(other)) ways.set(next, way);
    }
  }
  return best.length;
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
