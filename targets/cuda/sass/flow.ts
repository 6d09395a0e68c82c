// The flow of control of a listing: basic blocks, the edges between them, and the loops that these make.
// A loop is natural: an edge back to a block that all ways to the edge's end lead through, and what lies on the ways between.
import type { Instruction, Listing } from './disassembly.js';

/** Instructions that are executed one after the other: all of them, once the first is. */
export interface BasicBlock {
  readonly instructions: readonly Instruction[];
  /** The numbers of the blocks that may follow. */
  readonly next: readonly number[];
}

export interface Loop {
  /** The number of the block that a turn begins with. */
  readonly header: number;
  /** The numbers of its blocks, those of loops inside of it included. */
  readonly blocks: ReadonlySet<number>;
  /** Loops inside of it that are in no other one of these. */
  readonly inner: readonly Loop[];
}

/** Opcodes that end a block. */
const endings = new Set(['BRA', 'BRX', 'JMP', 'EXIT', 'RET', 'KILL', 'CALL']);

const baseOf = ({ opcode }: Instruction): string => opcode.split('.', 1)[0]!;

/** The label that an instruction names. */
const labelOf = ({ operands }: Instruction): string | undefined => /`\(([\w$.]+)\)/.exec(operands)?.[1];

/** A call of a label without a name of its own is a branch; others come back. */
const comesBack = (instruction: Instruction): boolean =>
  baseOf(instruction) === 'CALL' && !labelOf(instruction)?.startsWith('.L_');

/** Whether an instruction may do nothing: by its predicate, or by a second one among the operands of a branch. */
const mayPass = (instruction: Instruction): boolean =>
  (instruction.predicate !== undefined && instruction.predicate !== 'PT') || /^!?U?P\d/.test(instruction.operands);

/** The basic blocks of a listing, the one that it begins with first. */
export function basicBlocks({ instructions, labels }: Listing): readonly BasicBlock[] {
  const starts = new Set([0, ...labels.values()]);
  for (const [n, each] of instructions.entries()) if (endings.has(baseOf(each))) starts.add(n + 1);
  const places = [...starts].filter((place) => place < instructions.length).sort((one, other) => one - other);
  const numberAt = new Map(places.map((place, number) => [place, number]));
  return places.map((place, number) => {
    const own = instructions.slice(place, places[number + 1] ?? instructions.length);
    const last = own.at(-1)!;
    const isEnding = endings.has(baseOf(last)) && !comesBack(last);
    const isBranch = isEnding && baseOf(last) !== 'RET';
    const target = isBranch ? labels.get(labelOf(last) ?? '') : undefined;
    const next = new Set<number>();
    if (target !== undefined && numberAt.has(target)) next.add(numberAt.get(target)!);
    if ((!isEnding || mayPass(last)) && number + 1 < places.length) next.add(number + 1);
    return { instructions: own, next: [...next] };
  });
}

/** The outermost loops of what begins with the first block, with those inside of them. */
export function loopsOf(blocks: readonly BasicBlock[]): readonly Loop[] {
  const bodies = new Map<number, Set<number>>();
  for (const [from, to] of edgesBack(blocks)) {
    const body = bodies.get(to) ?? new Set([to]);
    bodies.set(to, body);
    addWaysBetween(blocks, body, from);
  }
  // Larger ones first: a loop lies in the last one before it that has its header.
  const found = [...bodies].sort(([, one], [, other]) => other.size - one.size);
  const loops: { header: number; blocks: ReadonlySet<number>; inner: Loop[] }[] = [];
  const outermost: Loop[] = [];
  for (const [header, body] of found) {
    const loop = { header, blocks: body, inner: [] };
    const around = loops.findLast((each) => each.blocks.has(header));
    (around?.inner ?? outermost).push(loop);
    loops.push(loop);
  }
  return outermost;
}

/** Edges to a block that the walk from the first one is still in. */
function edgesBack(blocks: readonly BasicBlock[]): [from: number, to: number][] {
  const found: [number, number][] = [];
  const seen = new Set<number>();
  const under = new Set<number>();
  const way: { block: number; rest: number[] }[] = [];
  const enter = (block: number): void => {
    seen.add(block);
    under.add(block);
    way.push({ block, rest: [...(blocks[block]?.next ?? [])] });
  };
  if (blocks.length > 0) enter(0);
  for (let at = way.at(-1); at !== undefined; at = way.at(-1)) {
    const next = at.rest.pop();
    if (next === undefined) {
      under.delete(at.block);
      way.pop();
    } else if (under.has(next)) found.push([at.block, next]);
    else if (!seen.has(next)) enter(next);
  }
  return found;
}

/** Adds the blocks on ways to `from` that do not lead through the loop's header, which it holds already. */
function addWaysBetween(blocks: readonly BasicBlock[], body: Set<number>, from: number): void {
  const before = new Map<number, number[]>();
  for (const [number, { next }] of blocks.entries()) {
    for (const each of next) before.set(each, [...(before.get(each) ?? []), number]);
  }
  const open = [from];
  for (let block = open.pop(); block !== undefined; block = open.pop()) {
    if (body.has(block)) continue;
    body.add(block);
    open.push(...(before.get(block) ?? []));
  }
}
