// Barriers between accesses of shared memory, on random programs of loops and branches: whichever way is taken through them, and
// however often, none that clash follow each other without a barrier.
import { describe, expect, it } from 'vitest';
import { type Entry, LineList } from '../../targets/shared/text/lines.js';
import { type Access, Hazards } from '../../targets/shared/tile/hazards.js';

const BARRIER = 'barrier';
const PLACES = 3;

type Random = (below: number) => number;

function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Writes a program: accesses are lines `read 2`, loops and cases are blocks. */
function write(random: Random, lines: LineList, hazards: Hazards, depth: number): void {
  const count = 1 + random(4);
  for (let n = 0; n < count; n += 1) {
    const choice = depth === 0 ? 0 : random(5);
    if (choice < 3) {
      const [kind, base] = [random(2) === 0 ? 'read' : 'write', random(PLACES)] as const;
      hazards.touch([{ kind, base, end: base + 1 }]);
      lines.line(`${kind} ${base}`);
    } else if (choice === 3) {
      lines.open('for loop');
      const head = hazards.enterLoop();
      write(random, lines, hazards, depth - 1);
      lines.close();
      hazards.leaveLoop(head);
    } else {
      const bodies = 1 + random(3);
      const idle = random(bodies + 1);
      const group = lines.entries.length;
      hazards.branches(
        Array.from({ length: bodies }, (_, body) => () => {
          if (body === idle) return;
          lines.open(`case ${group} ${body} ${bodies}`);
          write(random, lines, hazards, depth - 1);
          lines.close();
        }),
      );
    }
  }
}

const closingOf = (entries: readonly Entry[], open: number): number => {
  let depth = 0;
  for (let at = open; ; at += 1) {
    depth += entries[at]!.entry === 'open' ? 1 : entries[at]!.entry === 'close' ? -1 : 0;
    if (depth === 0) return at;
  }
};

/** Runs one way through a program and gives its lines. One of a switch's cases is taken, by chance. */
function* run(random: Random, entries: readonly Entry[], from = 0, to = entries.length): Generator<string> {
  const cases = new Map<number, number>();
  for (let at = from; at < to; at += 1) {
    const each = entries[at]!;
    if (each.entry === 'line') yield each.line as string;
    if (each.entry !== 'open') continue;
    const end = closingOf(entries, at);
    let turns = random(4);
    if (!each.isLoop) {
      const [group, body, bodies] = each.head.split(' ').slice(1).map(Number) as [number, number, number];
      const taken = cases.get(group) ?? random(bodies);
      cases.set(group, taken);
      turns = taken === body ? 1 : 0;
    }
    for (let turn = 0; turn < turns; turn += 1) yield* run(random, entries, at + 1, end);
    at = end;
  }
}

const accessOf = (line: string): Access => {
  const [kind, base] = line.split(' ') as [Access['kind'], string];
  return { kind, base: Number(base), end: Number(base) + 1 };
};

describe('barriers', () => {
  it.each([true, false])('stand between all accesses that clash, turns of loops joined: %s', (joinsTurns) => {
    let barriers = 0;
    for (let seed = 1; seed <= 500; seed += 1) {
      const random = randomOf(seed);
      const lines = new LineList();
      write(
        random,
        lines,
        new Hazards(
          lines,
          () => BARRIER,
          () => joinsTurns,
        ),
        3,
      );
      for (let way = 0; way < 20; way += 1) {
        let open: Access[] = [];
        for (const line of run(random, lines.entries)) {
          if (line === BARRIER) {
            open = [];
            barriers += 1;
            continue;
          }
          const own = accessOf(line);
          const clashing = open.filter(
            ({ kind, base }) => base === own.base && (kind === 'write' || own.kind === 'write'),
          );
          expect(clashing, `seed ${seed}`).toEqual([]);
          open.push(own);
        }
      }
    }
    expect(barriers).toBeGreaterThan(1000);
  });

  it('do not come twice a turn where one that stands in it serves both', () => {
    const lines = new LineList();
    const hazards = new Hazards(
      lines,
      () => BARRIER,
      () => true,
    );
    lines.open('for loop');
    const head = hazards.enterLoop();
    for (const [kind, base] of [
      ['write', 0],
      ['read', 0],
      ['write', 1],
      ['read', 1],
    ] as const) {
      hazards.touch([{ kind, base, end: base + 1 }]);
      lines.line(`${kind} ${base}`);
    }
    lines.close();
    hazards.leaveLoop(head);
    const written = lines.entries.map((each) => (each.entry === 'line' ? each.line : each.entry));
    expect(written).toEqual(['open', 'write 0', BARRIER, 'read 0', 'write 1', BARRIER, 'read 1', 'close']);
  });
});
