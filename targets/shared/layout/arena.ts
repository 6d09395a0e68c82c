// The one arena of workgroup memory of a kernel, in vectors of four floats: what lives over several statements has a
// region for as long as it is in use, and each operation works above the regions that are live around it.
import { refuse } from '../refusal.js';

/** Bytes of a vector of the arena. */
export const VECTOR_BYTES = 16;

export interface Region {
  /** What it holds, for people. */
  readonly holds: string;
  /** Vectors. */
  readonly size: number;
  /** The first and the last statement position at which it is in use. */
  readonly from: number;
  readonly to: number;
}

export class Arena {
  private readonly bases = new Map<Region, number>();
  private readonly capacity: number;
  private highest = 0;
  private reach = 0;

  /** `capacity` in vectors. */
  constructor(regions: readonly Region[], capacity: number) {
    this.capacity = capacity;
    for (const region of [...regions].sort((one, other) => one.from - other.from || other.to - one.to)) {
      this.bases.set(region, this.firstGap(region));
      this.use(this.baseOf(region), region.size, region.holds);
    }
  }

  private firstGap(region: Region): number {
    const around = [...this.bases]
      .filter(([other]) => other.from <= region.to && region.from <= other.to)
      .sort(([, one], [, other]) => one - other);
    let base = 0;
    for (const [other, start] of around) {
      if (base + region.size <= start) break;
      base = Math.max(base, start + other.size);
    }
    return base;
  }

  baseOf(region: Region): number {
    return this.bases.get(region)!;
  }

  /** Where an operation at `position` may work: above everything that is live. */
  scratchBase(position: number): number {
    let base = 0;
    for (const [{ from, to, size }, start] of this.bases) {
      if (from <= position && position <= to) base = Math.max(base, start + size);
    }
    return base;
  }

  /** Vectors that an operation at `position` may use. */
  roomAt(position: number): number {
    return this.capacity - this.scratchBase(position);
  }

  use(base: number, size: number, holds: string): void {
    if (base + size > this.capacity) {
      const [needed, granted] = [base + size, this.capacity].map((vectors) => vectors * VECTOR_BYTES);
      refuse(`${holds} would need ${needed} bytes of workgroup memory, and ${granted} are granted`);
    }
    this.highest = Math.max(this.highest, base + size);
  }

  /** Threads beyond the last row read up to here; where there is room, the arena is as long, so that no index is clamped. */
  mayReach(end: number): void {
    this.reach = Math.max(this.reach, Math.min(end, this.capacity));
  }

  /** Vectors in use. */
  get size(): number {
    return Math.max(this.highest, this.reach);
  }
}
