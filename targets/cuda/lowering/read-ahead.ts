// Views that a loop reads ahead: each turn waits for its own, and starts the copies of the next one's, into the other of two places;
// or, where each view has one place, the copies of one view while a product reads the other.
import type { ForStatement, SwitchStatement } from '../../../codegen/tile/program.js';
import { maskClassOf } from '../../shared/tile/control.js';
import type { KernelWriter, Types } from '../kernel-writer.js';
import { gateOf } from '../layout/gates.js';
import { chunksOf } from '../layout/matrices.js';
import type { KeptView } from '../layout/products.js';
import { tableRange } from '../mask-tables.js';
import { atom, type Code } from '../text/code.js';
import { declarePointer, rowsATurn, stepPointer } from './row-copies.js';
import { keptRowCopies, keptSlice, stageKept } from './staging.js';

/** What a loop does for the views that it keeps. */
export interface Reading {
  /** At the head of a turn. */
  readonly head: (index: Code) => void;
  /** At the end of a turn, and behind the loop. */
  readonly tail: (index: Code) => void;
  readonly behind: () => void;
}

/** Reads what stays for a loop, and starts the copies for its first turn. */
export function beginReading(
  writer: KernelWriter,
  loop: ForStatement,
  { start, end }: { readonly start: Code; readonly end: Code },
): Reading {
  const kept = writer.plan.keptViews.filter((each) => each.loop === loop);
  const ahead = kept.filter(({ isAhead }) => isAhead);
  const [first, second] = (['first', 'second'] as const).map((turn) => ahead.find(({ inTurn }) => inTurn === turn));
  for (const each of kept.filter(({ isAhead }) => !isAhead)) {
    writer.line(`// a view of ${each.view.buffer.name} stays for the loop`);
    writer.withScalars(new Map([[loop.variable, start]]), () => stageKept(writer, each, undefined));
  }
  const reading =
    first && second
      ? inTurn(writer, loop, { first, second, start, end })
      : ahead.length > 0
        ? byTwoPlaces(writer, loop, ahead, { start, end })
        : { head: () => {}, tail: () => {}, behind: () => {} };
  if (kept.length > 0) writer.line('commit_copies();');
  // Loops wait for what they read ahead at their head; what stays lands with it.
  if (kept.length > 0 && ahead.length === 0) writer.line('await_copies<0>();');
  return reading;
}

/** A loop without a turn leaves its first copies under way; what comes behind it may use their place. */
function landCopies(writer: KernelWriter, ahead: readonly KeptView[]): void {
  writer.line('await_copies<0>();');
  for (const each of ahead) {
    writer.access('write', writer.plan.baseOf(each), (each.inTurn ? 1 : 2) * chunksOf(each.matrix));
  }
}

const nextTurn = (index: Code, { step }: ForStatement): Code => atom(`(${index.text} + ${step})`, 'int');

/** The condition for a turn to take the empty case of a gate, where that can be told. */
const emptyWhere = (writer: KernelWriter, gate: SwitchStatement): string | undefined =>
  maskClassOf<Types, KernelWriter>(writer, gate, { tableRange }).empty;

// ── Two places ──────────────────────────────────────────────────────────────────────────────────────

function byTwoPlaces(
  writer: KernelWriter,
  loop: ForStatement,
  ahead: readonly KeptView[],
  { start, end }: { readonly start: Code; readonly end: Code },
): Reading {
  const pointers = new Map<KeptView, Pointer>();
  for (const each of ahead) {
    writer.line(`// a view of ${each.view.buffer.name} is read ahead`);
    writer.withScalars(new Map([[loop.variable, start]]), () => {
      const pointer = pointerOf(writer, each, loop);
      if (pointer) pointers.set(each, pointer);
      stageKept(writer, each, undefined, pointer?.name);
    });
    pointers.get(each)?.step();
  }
  const stage = writer.fresh('stage');
  writer.line(`int ${stage} = 0;`);
  return {
    head(index) {
      writer.stages.set(loop, atom(stage, 'int'));
      writer.line('await_copies<0>();');
      writer.barrier();
      const next = nextTurn(index, loop);
      writer.open(`if (${next.text} < ${end.text}) {`);
      writer.withScalars(new Map([[loop.variable, next]]), () => {
        for (const [gate, views] of byGate(ahead, loop)) {
          const isEmpty = gate && emptyWhere(writer, gate);
          if (isEmpty) writer.open(`if (!${isEmpty}) {`);
          for (const each of views) stageKept(writer, each, `(${stage} ^ 1)`, pointers.get(each)?.name);
          if (isEmpty) writer.close();
        }
      });
      writer.close();
      writer.line('commit_copies();');
      for (const { step } of pointers.values()) step();
    },
    tail: () => writer.line(`${stage} ^= 1;`),
    behind() {
      writer.stages.delete(loop);
      landCopies(writer, ahead);
    },
  };
}

/** Points to what a thread copies first of a view's next box. */
interface Pointer {
  readonly name: string;
  /** Writes the line that moves it on by a turn. */
  readonly step: () => void;
}

/** Declares the pointer of a view that moves by as many rows in each turn, where there are registers for it. */
function pointerOf(writer: KernelWriter, kept: KeptView, loop: ForStatement): Pointer | undefined {
  const copies = writer.plan.recomputesPlaces ? undefined : keptRowCopies(writer, kept);
  const rows = copies && rowsATurn(copies, loop);
  if (!copies || rows === undefined) return undefined;
  const name = declarePointer(writer, copies, keptSlice(kept));
  return { name, step: () => stepPointer(writer, copies, name, rows) };
}

/** Views by the switch of a loop's body that all their readers are in, outside of its empty case; others by nothing. */
function byGate(
  ahead: readonly KeptView[],
  loop: ForStatement,
): ReadonlyMap<SwitchStatement | undefined, readonly KeptView[]> {
  const gates = new Map<SwitchStatement | undefined, KeptView[]>();
  for (const kept of ahead) {
    const gate = gateOf(loop, kept.view);
    gates.set(gate, [...(gates.get(gate) ?? []), kept]);
  }
  return gates;
}

// ── One place each ──────────────────────────────────────────────────────────────────────────────────

interface Pair {
  readonly first: KeptView;
  readonly second: KeptView;
  readonly start: Code;
  readonly end: Code;
}

/**
 * The second view of a turn comes while a product reads the first, and the first one of the next turn while a product reads the second.
 * Turns that take the empty case of a gate do without its view; the next turn's first one is brought then at their head, where it is
 * the same gate, or else at their end.
 */
function inTurn(writer: KernelWriter, loop: ForStatement, { first, second, start, end }: Pair): Reading {
  const [gate, secondGate] = [gateOf(loop, first.view), gateOf(loop, second.view)];
  const isShared = gate === secondGate;
  const [isThere, isBrought] = [writer.fresh('is_there'), writer.fresh('is_brought')];
  const pointers = new Map<KeptView, Pointer>();
  const stage = (kept: KeptView): void => stageKept(writer, kept, undefined, pointers.get(kept)?.name);
  /** Starts the copies of the first view for a turn, where there is one that reads it; that may be told to later turns. */
  const bring = (turn: Code): void =>
    writer.withScalars(new Map([[loop.variable, turn]]), () => {
      const isEmpty = gate && emptyWhere(writer, gate);
      const condition = `${turn.text} < ${end.text}${isEmpty ? ` && !${isEmpty}` : ''}`;
      if (gate && isShared) writer.line(`${isThere} = ${condition};`);
      writer.open(`if (${gate && isShared ? isThere : condition}) {`);
      stage(first);
      writer.close();
    });
  const bringNext = (index: Code): void => {
    bring(nextTurn(index, loop));
    writer.line('commit_copies();');
  };
  writer.line(`// views of ${first.view.buffer.name} and ${second.view.buffer.name} are read in turn`);
  if (gate && isShared) writer.line(`bool ${isThere};`);
  writer.withScalars(new Map([[loop.variable, start]]), () => {
    for (const each of [first, second]) {
      const pointer = pointerOf(writer, each, loop);
      if (pointer) pointers.set(each, pointer);
    }
  });
  bring(start);
  pointers.get(first)?.step();

  /** Starts the copies of the second view for this turn, or those of the next turn's first. */
  const headOf = (index: Code): void => {
    const isEmpty = secondGate && !isShared ? emptyWhere(writer, secondGate) : undefined;
    const isWanted = secondGate && isShared ? isThere : isEmpty && `!${isEmpty}`;
    if (isWanted) writer.open(`if (${isWanted}) {`);
    stage(second);
    if (isWanted) writer.close();
    if (!secondGate || !isShared) return;
    writer.open('else {');
    bring(nextTurn(index, loop));
    writer.close();
  };
  const mayMiss = secondGate !== undefined && !isShared;
  return {
    head(index) {
      writer.line('await_copies<0>();');
      writer.barrier();
      headOf(index);
      writer.line('commit_copies();');
      if (mayMiss) writer.line(`bool ${isBrought} = false;`);
      writer.beforeReading.set(second, () => {
        writer.line('await_copies<0>();');
        writer.barrier();
        bringNext(index);
        if (mayMiss) writer.line(`${isBrought} = true;`);
      });
    },
    tail(index) {
      if (mayMiss) {
        writer.open(`if (!${isBrought}) {`);
        writer.barrier();
        bringNext(index);
        writer.close();
      }
      for (const { step } of pointers.values()) step();
    },
    behind() {
      writer.beforeReading.delete(second);
      landCopies(writer, [first, second]);
    },
  };
}
