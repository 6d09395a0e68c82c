// Heads whose tiles are made of the same tiles: each reads what the others read, so they are computed together, in one case
// of one switch. Heads that share nothing are computed one after the other, and hold registers one after the other.
import type { Node } from '../../../src/ir/index.js';
import { isFreeRead, isInPlace, isOwnHead, scoreReads } from '../reads/score-reads.js';
import { countersOf, type HeadOf } from './contributions.js';
import type { Plan } from './plan.js';

/** Items that each need a head of a value, in lists of those that share tiles; in the order of their first ones. */
export function byShared<Item>(
  plan: Plan,
  items: readonly Item[],
  needs: (item: Item) => HeadOf,
): readonly (readonly Item[])[] {
  const numbers = new Map<Node, number>();
  let lists: { readonly items: readonly Item[]; readonly made: ReadonlySet<string> }[] = [];
  for (const item of items) {
    const own = madeOf(plan, needs(item), numbers);
    const isTied = ({ made }: { readonly made: ReadonlySet<string> }): boolean =>
      [...own].some((each) => made.has(each));
    const [first, ...others] = lists.filter(isTied);
    if (!first) {
      lists.push({ items: [item], made: own });
      continue;
    }
    const joined = {
      items: [...first.items, ...others.flatMap((each) => each.items), item],
      made: new Set([...first.made, ...others.flatMap((each) => [...each.made]), ...own]),
    };
    lists = lists.flatMap((each) => (each === first ? [joined] : others.includes(each) ? [] : [each]));
  }
  return lists.map((each) => each.items);
}

/** The tiles that a head's tile is computed from on the way, up to rings and memory. */
function madeOf(plan: Plan, { node, head }: HeadOf, numbers: Map<Node, number>): ReadonlySet<string> {
  const { lag } = plan.extents;
  const made = new Set<string>();
  const visit = (each: Node, at: number): void => {
    if (!numbers.has(each)) numbers.set(each, numbers.size);
    const key = `${numbers.get(each)} ${at}`;
    if (made.has(key)) return;
    made.add(key);
    if (each.op === 'fill') {
      visit(each.value, at);
      return;
    }
    if (each.op !== 'map') return;
    for (const read of scoreReads(each)) {
      const { source } = read;
      if (isFreeRead(read)) {
        if (!isOwnHead(read, each)) made.add('memory of all heads');
      } else if (isInPlace(read) && lag.get(source) === lag.get(each)) {
        const slot = { index: read.head, reader: each, source };
        for (const place of plan.heads.places(slot, at, countersOf(each))) visit(source, place);
      }
    }
  };
  visit(node, head);
  return made;
}
