// What turns one text into another that is nearly the same, line by line: a launcher that holds two modules holds one of them,
// and this.

/** Lines are taken out from a line of the first text on, so many, and others put there. */
export interface LineEdit {
  readonly at: number;
  readonly removed: number;
  readonly lines: readonly string[];
}

/** Edits in the order of their lines; places are those of the first text. */
export function lineEdits(from: string, to: string): readonly LineEdit[] {
  const [before, after] = [from.split('\n'), to.split('\n')];
  const common = commonLengths(before, after);
  const edits: { at: number; removed: number; lines: string[] }[] = [];
  let [n, m] = [0, 0];
  const open = (): { at: number; removed: number; lines: string[] } => {
    const last = edits.at(-1);
    if (last && last.at + last.removed === n) return last;
    edits.push({ at: n, removed: 0, lines: [] });
    return edits.at(-1)!;
  };
  while (n < before.length || m < after.length) {
    if (n < before.length && before[n] === after[m]) {
      n += 1;
      m += 1;
    } else if (m < after.length && common(n, m + 1) >= common(n + 1, m)) {
      open().lines.push(after[m]!);
      m += 1;
    } else {
      open().removed += 1;
      n += 1;
    }
  }
  return edits;
}

/** How many lines two texts have in common from a place of each on, in their order. */
function commonLengths(before: readonly string[], after: readonly string[]): (n: number, m: number) => number {
  const width = after.length + 2;
  const lengths = new Uint32Array((before.length + 2) * width);
  for (let n = before.length - 1; n >= 0; n -= 1) {
    for (let m = after.length - 1; m >= 0; m -= 1) {
      lengths[n * width + m] =
        before[n] === after[m]
          ? 1 + lengths[(n + 1) * width + m + 1]!
          : Math.max(lengths[(n + 1) * width + m]!, lengths[n * width + m + 1]!);
    }
  }
  return (n, m) => lengths[n * width + m]!;
}
