// Maps as numbers: what the document stores, decoded when it is first looked at, and differences between variants.
// A map is one stage of one variant, all shown heads.
import { decodeBits, decodeHalves } from '../../shared/half.js';
import type { Showing, ShownStage } from '../../shared/page-data.js';

export interface HeadMap {
  /** T: queries and keys alike. */
  readonly size: number;
  /** Row by row; NaN where hidden. */
  readonly values: Float64Array;
  readonly hidden: readonly boolean[];
}

export class Maps {
  readonly showing: Showing;
  private readonly decoded = new Map<ShownStage, readonly HeadMap[]>();

  constructor(showing: Showing) {
    this.showing = showing;
  }

  get size(): number {
    return this.showing.tokens.length;
  }

  /** The stages of the variant with this index; none where it could not be evaluated. */
  stages(variant: number): readonly ShownStage[] {
    return this.showing.variants[variant]?.stages ?? [];
  }

  heads(stage: ShownStage): readonly HeadMap[] {
    const known = this.decoded.get(stage);
    if (known !== undefined) return known;
    const { size } = this;
    const entries = size * size;
    const stored = decodeHalves(this.showing.values[stage.values]!, stage.exponent);
    const hidden = decodeBits(this.showing.hidden[stage.hidden]!, stage.shownHeads * entries);
    let next = 0;
    const heads = Array.from({ length: stage.shownHeads }, (_, head): HeadMap => {
      const own = hidden.slice(head * entries, (head + 1) * entries);
      const values = Float64Array.from(own, (isHidden) => (isHidden ? Number.NaN : stored[next++]!));
      return { size, values, hidden: own };
    });
    this.decoded.set(stage, heads);
    return heads;
  }

  /** The stage of another variant that one is compared with: of the same title, or of the same role. */
  counterpart(stage: ShownStage, variant: number): ShownStage | undefined {
    const others = this.stages(variant);
    const isLast = (each: ShownStage): boolean => each.roles.includes('last');
    const byTitle = others.find(({ title }) => title === stage.title);
    if (byTitle !== undefined) return byTitle;
    if (isLast(stage)) return others.find(isLast);
    return others.find(({ roles }) => roles.some((role) => stage.roles.includes(role)));
  }

  /** `stage` less its counterpart; undefined where there is none with as many heads. */
  difference(stage: ShownStage, counterpart: ShownStage | undefined): readonly HeadMap[] | undefined {
    if (counterpart === undefined || counterpart.shownHeads < stage.shownHeads) return undefined;
    const others = this.heads(counterpart);
    return this.heads(stage).map(({ size, values, hidden }, head): HeadMap => {
      const other = others[head]!;
      return {
        size,
        values: values.map((value, n) => value - other.values[n]!),
        hidden: hidden.map((isHidden, n) => isHidden || other.hidden[n]!),
      };
    });
  }
}

/** As many heads with all entries hidden: what is shown of a difference that there is not. */
export const hiddenLike = (heads: readonly HeadMap[]): readonly HeadMap[] =>
  heads.map(({ size, values }) => ({
    size,
    values: values.map(() => Number.NaN),
    hidden: Array.from(values, () => true),
  }));

export interface Place {
  readonly query: number;
  readonly key: number;
}

/** Where the entry at `place` of `head` reads another stage, by the heads that are read there. */
export function tapsOf(
  stage: ShownStage,
  head: number,
  { query, key }: Place,
  size: number,
): readonly { readonly stage: number; readonly heads: readonly number[]; readonly places: readonly Place[] }[] {
  const all = Array.from({ length: size }, (_, n) => n);
  const reached = (own: number, offset: number | 'all'): readonly number[] =>
    offset === 'all' ? all : own + offset >= 0 && own + offset < size ? [own + offset] : [];
  return stage.reads.map(({ stage: source, taps }) => {
    const heads = new Set<number>();
    const places = taps.flatMap((tap) => {
      const read = tap.heads === undefined ? [head] : (tap.heads[head] ?? []);
      for (const each of read) heads.add(each);
      if (read.length === 0) return [];
      return reached(query, tap.query).flatMap((row) =>
        reached(key, tap.key).map((column) => ({ query: row, key: column })),
      );
    });
    return { stage: source, heads: [...heads].sort((x, y) => x - y), places };
  });
}
