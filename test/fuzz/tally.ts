// Counts what became of random specs: by path, by schedule, and for what reasons no schedule was taken.
import type { Comparison } from './compare.js';
import { type Obstacle, type PathName, pathNames } from './paths.js';

interface PathCounts {
  agree: number;
  disagree: number;
  readonly kinds: Map<string, number>;
  /** By what they are not taken for. */
  readonly reasons: Map<Obstacle, Map<string, number>>;
}

export class Tally {
  private specs = 0;
  private incomparable = 0;
  private crashes = 0;
  private readonly paths = new Map<PathName, PathCounts>(
    pathNames.map((name) => [name, { agree: 0, disagree: 0, kinds: new Map(), reasons: new Map() }]),
  );

  add(comparison: Comparison): void {
    this.specs += 1;
    if (!comparison.comparable) {
      this.incomparable += 1;
      return;
    }
    for (const name of pathNames) {
      const counts = this.paths.get(name)!;
      const each = comparison.outcomes[name];
      // A run may leave a path out.
      if (!each) continue;
      if (each.outcome === 'agrees') {
        counts.agree += 1;
        for (const kind of each.kinds) increment(counts.kinds, kind);
      } else if (each.outcome === 'not taken') {
        const reasons = counts.reasons.get(each.obstacle) ?? new Map<string, number>();
        counts.reasons.set(each.obstacle, reasons);
        increment(reasons, reasonOf(each.reason));
      } else counts.disagree += 1;
    }
  }

  /** A spec that ended the process, or that the passes or the interpreter cannot take. */
  addCrash(): void {
    this.specs += 1;
    this.crashes += 1;
  }

  get disagreements(): number {
    return this.crashes + [...this.paths.values()].reduce((sum, { disagree }) => sum + disagree, 0);
  }

  /** How many specs a path has computed as the interpreter does. */
  agreements(name: PathName): number {
    return this.paths.get(name)!.agree;
  }

  /** How many specs a path has not taken for that. */
  notTaken(name: PathName, obstacle: Obstacle): number {
    return total(this.paths.get(name)!.reasons.get(obstacle) ?? new Map());
  }

  text(): string {
    const lines = [`${this.specs} random specs, ${this.disagreements} disagreements`];
    if (this.crashes > 0) lines.push(`  ${this.crashes} end in a crash`);
    if (this.incomparable > 0) lines.push(`  ${this.incomparable} are left out: the interpreter gives NaN`);
    for (const [name, { agree, disagree, kinds, reasons }] of this.paths) {
      const taken = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ');
      lines.push(`  ${name.padEnd(7)} ${agree} agree${taken ? ` (${taken})` : ''}, ${disagree} disagree`);
      for (const [obstacle, why] of reasons) {
        lines.push(`    ${total(why)} not taken: ${obstacle}`);
        for (const [reason, count] of [...why].sort(([, a], [, b]) => b - a))
          lines.push(`      ${String(count).padStart(5)}  ${reason}`);
      }
    }
    return lines.join('\n');
  }
}

const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, each) => sum + each, 0);

const increment = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** Without numbers and names of values, so that the same reason is counted as one. */
const reasonOf = (reason: string): string => reason.replace(/`[^`]*`/g, '`…`').replace(/\d+/g, '#');
