// Which accesses of shared memory may still be under way, and the barriers that stand between those that clash: straight on, through
// branches, and from one turn of a loop to the next.
import type { Entry, LineList } from '../text/lines.js';

export interface Access {
  readonly kind: 'read' | 'write';
  readonly base: number;
  readonly end: number;
}

const everywhere: readonly Access[] = [
  { kind: 'write', base: 0, end: Number.POSITIVE_INFINITY },
  { kind: 'read', base: 0, end: Number.POSITIVE_INFINITY },
];

/** What may still be under way: accesses since the last barrier, and loops whose turns may have begun since. */
interface Pending {
  readonly accesses: readonly Access[];
  readonly heads: readonly LoopHead[];
}

/** The head of a loop that is being written: what its turns access before they come to a barrier. */
export interface LoopHead {
  readonly before: Pending;
  /** The number of lines in front of its first turn; the last of them is the loop's own. */
  readonly at: number;
  readonly accesses: Access[];
}

/** A barrier for the sake of what went before a body, at one of its lines, and what the body accessed before it. */
interface FirstBarrier {
  readonly at: number;
  readonly passed: readonly Access[];
}

/** One of several bodies that is being written. */
interface Branch {
  readonly around: Branch | undefined;
  readonly before: Pending;
  hasBarrier: boolean;
  /** Its first barrier, where nothing that the body itself accessed asks for it. */
  first: FirstBarrier | undefined;
}

const clash = (one: Access, other: Access): boolean =>
  (one.kind === 'write' || other.kind === 'write') && one.base < other.end && other.base < one.end;

const united = (all: readonly Pending[]): Pending => ({
  accesses: distinct(all.flatMap(({ accesses }) => accesses)),
  heads: [...new Set(all.flatMap(({ heads }) => heads))],
});

/** Each access once: branches within loops would repeat what went before them without end. */
const distinct = (accesses: readonly Access[]): readonly Access[] => [
  ...new Map(accesses.map((each) => [`${each.kind} ${each.base} ${each.end}`, each])).values(),
];

export class Hazards {
  private pending: Pending = { accesses: [], heads: [] };
  private branch: Branch | undefined;
  private depth = 0;
  private readonly lines: LineList;
  private readonly barrierText: () => string;
  private readonly joinsTurns: () => boolean;

  /** @param joinsTurns whether turns of a loop are looked at together: else any access of a turn may have gone before the next one */
  constructor(lines: LineList, barrierText: () => string, joinsTurns: () => boolean) {
    this.lines = lines;
    this.barrierText = barrierText;
    this.joinsTurns = joinsTurns;
  }

  private get entries(): Entry[] {
    return this.lines.entries;
  }

  /** Where accesses end that may be under way, beyond a place. */
  endsFrom(first: number): readonly number[] {
    return this.pending.accesses.map(({ end }) => end).filter((end) => end > first);
  }

  /** Whether nothing that may be under way asks for a barrier before a place is written. */
  isFree(base: number, size: number): boolean {
    return !this.clashes({ kind: 'write', base, end: base + size });
  }

  private clashes(own: Access): boolean {
    return this.pending.accesses.some((each) => clash(each, own));
  }

  /** Declares what all threads are about to do together; writes a barrier if that needs one. */
  touch(accesses: readonly Access[]): void {
    if (accesses.some((own) => this.clashes(own))) {
      this.noteFirst(accesses);
      this.barrier();
    }
    // A barrier that is moved in front of a body no longer stands behind what it passed.
    for (let each = this.branch; each; each = each.around) {
      if (each.first?.passed.some((passed) => accesses.some((own) => clash(passed, own)))) each.first = undefined;
    }
    const { heads } = this.pending;
    for (const head of heads) head.accesses.push(...accesses);
    this.pending = { accesses: distinct([...this.pending.accesses, ...accesses]), heads };
  }

  /** Before a barrier: notes it where it is the first of a body, and could as well stand before the body. */
  private noteFirst(accesses: readonly Access[]): void {
    const { branch } = this;
    if (!branch || branch.hasBarrier) return;
    const passed = this.pending.accesses.filter((each) => !branch.before.accesses.includes(each));
    if (accesses.some((own) => passed.some((each) => clash(each, own)))) return;
    branch.first = { at: this.entries.length, passed };
  }

  barrier(): void {
    for (let each = this.branch; each; each = each.around) each.hasBarrier = true;
    this.lines.line(this.barrierText());
    this.pending = { accesses: [], heads: [] };
  }

  /** Begins the turns of a loop. */
  enterLoop(): LoopHead {
    const head: LoopHead = { before: this.pending, at: this.entries.length, accesses: [] };
    this.depth += 1;
    this.pending = this.joinsTurns() ? { accesses: [], heads: [head] } : { accesses: everywhere, heads: [] };
    return head;
  }

  /**
   * Ends the turns of a loop, behind its last line. What a turn does may clash with what the turn before it did: turns then begin with a
   * barrier. It may clash with what went before the loop alone, which then has one in front of it. Behind a loop that may take no turn, what
   * was pending where it began may still be.
   */
  leaveLoop(head: LoopHead): void {
    const { before, at, accesses } = head;
    this.depth -= 1;
    const last = { ...this.pending, heads: this.pending.heads.filter((each) => each !== head) };
    const clashes = (others: readonly Access[]): boolean =>
      accesses.some((own) => others.some((each) => clash(each, own)));
    const barrier = { entry: 'line', line: this.barrierText() } as const;
    if (clashes(last.accesses)) this.entries.splice(at, 0, barrier);
    else if (clashes(before.accesses)) this.entries.splice(at - 1, 0, barrier);
    else for (const outer of before.heads) outer.accesses.push(...accesses);
    this.pending = united([before, last]);
    // Once behind all turns costs little, and what is done for each head then begins alike, as one function.
    const isLast = this.joinsTurns() && this.depth === 0 && last.accesses.length > 0;
    if (isLast) this.pending = { accesses: everywhere, heads: [] };
  }

  /**
   * Runs bodies of which one is taken; what any of them left pending is pending afterwards. Where one begins with a barrier and another has
   * none, the barrier stands before all of them: the next turn of a loop then needs none for the other.
   */
  branches(bodies: readonly (() => void)[]): void {
    const [before, around, from] = [this.pending, this.branch, this.entries.length];
    const firsts: FirstBarrier[] = [];
    const after = bodies.map((body): Pending => {
      this.pending = before;
      const branch: Branch = { around, before, hasBarrier: false, first: undefined };
      this.branch = branch;
      body();
      if (branch.first) firsts.push(branch.first);
      return this.pending;
    });
    this.branch = around;
    if (!this.joinsTurns() || this.depth === 0 || firsts.length === 0 || !after.includes(before)) {
      this.pending = united(after);
      return;
    }
    for (const { at } of firsts.toReversed()) this.entries.splice(at, 1);
    this.entries.splice(from, 0, { entry: 'line', line: this.barrierText() });
    const passed = firsts.map(({ passed: accesses }): Pending => ({ accesses, heads: [] }));
    this.pending = united([...after.filter((each) => each !== before), ...passed]);
  }
}
