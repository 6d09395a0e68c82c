// The text of nvdisasm, read into functions: instructions with their predicates, and the places of labels among them.
// What stands in a section counts as its function's: slow paths of divisions and roots, which it calls, are behind its own code.

/** One machine instruction. */
export interface Instruction {
  /** `HGMMA.64x128x16.F32.BF16`, with all its modifiers. */
  readonly opcode: string;
  /** `R24, gdesc[UR16], R24`. */
  readonly operands: string;
  /** `!P0`; an instruction without one is always executed. */
  readonly predicate?: string;
}

/** The code of one kernel. */
export interface Listing {
  /** As the linker calls it. */
  readonly symbol: string;
  /** Without the fill behind the last instruction. */
  readonly instructions: readonly Instruction[];
  /** The number of the instruction behind each label. */
  readonly labels: ReadonlyMap<string, number>;
}

const SECTION = /^\s*\.section\s+\.text\.([\w$.]+)/;
const LABEL = /^([\w$.]+):\s*$/;
const INSTRUCTION = /^\s*\/\*[0-9a-f]+\*\/\s+(?:\{\s*)?(?:@(!?U?P[T\d]+)\s+)?([A-Z][\w.]*)\s*([^;]*?)\s*;/;

/** The kernels in what `nvdisasm -c` prints of a cubin. */
export function listingsIn(text: string): readonly Listing[] {
  const listings: Listing[] = [];
  let instructions: Instruction[] | undefined;
  let labels = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (/^\s*\.section\s/.test(line)) {
      const symbol = SECTION.exec(line)?.[1];
      instructions = symbol === undefined ? undefined : [];
      labels = new Map();
      if (symbol !== undefined) listings.push({ symbol, instructions: instructions!, labels });
      continue;
    }
    if (!instructions) continue;
    const label = LABEL.exec(line)?.[1];
    if (label !== undefined) labels.set(label, instructions.length);
    const found = INSTRUCTION.exec(line);
    if (!found) continue;
    const [, predicate, opcode, operands] = found;
    instructions.push({ opcode: opcode!, operands: operands!, ...(predicate === undefined ? {} : { predicate }) });
  }
  return listings.map((listing) => ({ ...listing, instructions: withoutFill(listing.instructions) }));
}

/** A function ends with a branch to itself, and as many NOP as fill its last line of the cache. */
function withoutFill(instructions: readonly Instruction[]): readonly Instruction[] {
  const last = instructions.findLastIndex(({ opcode }) => opcode !== 'NOP');
  const isTrap = last >= 0 && instructions[last]!.opcode === 'BRA' && instructions[last]!.predicate === undefined;
  return instructions.slice(0, isTrap ? last : last + 1);
}
