// What the page's script gets beside the markup: the record without the texts of its specs, and the maps to draw.
// Plain data as JSON in the document; showing.ts writes the maps, the page reads them.
import type { StudyRecord } from '../../studies/record/study.js';

export interface PageData {
  /** Absent in the page of one spec. Its specs have no source: those are in `sources`, once each. */
  readonly record?: StudyRecord;
  readonly sources: readonly string[];
  /** For each variant of the record an index into `sources`. */
  readonly sourceOf: readonly number[];
  readonly showing: Showing;
  /** Markup of the footprints and the graph of each variant, which are put in when it is opened; many are much alike. */
  readonly pictures: readonly string[];
}

/** Scores and weights of every variant on one short text. */
export interface Showing {
  readonly tokens: readonly string[];
  /** Where q, k, v and the parameters are from, as a sentence. */
  readonly origin: string;
  /**
   * The different lists of values, each as base64 of 16-bit floats: for every shown head the entries that are not hidden,
   * row by row. Variants that agree share a list.
   */
  readonly values: readonly string[];
  /** The different lists of hidden entries: base64 of one bit an entry, heads × rows × keys, the lowest bit first. */
  readonly hidden: readonly string[];
  readonly variants: readonly ShownVariant[];
}

export interface ShownVariant {
  readonly name: string;
  readonly stages: readonly ShownStage[];
  /** Why there is nothing to show. */
  readonly failure?: string;
}

/** What a stage is to its normaliser, whatever the spec does before and after. */
export type StageRole = 'scores' | 'logits' | 'weights' | 'last';

export interface ShownStage {
  readonly title: string;
  readonly roles: readonly StageRole[];
  /** The names of its nodes in the picture of the graph. */
  readonly nodes: readonly string[];
  /** Heads of the stage; the first `shownHeads` of them are in the report. */
  readonly heads: number;
  readonly shownHeads: number;
  /** An index into `hidden`. */
  readonly hidden: number;
  /** An index into `values`; a stored number times 2 ** exponent is the value. */
  readonly values: number;
  readonly exponent: number;
  readonly reads: readonly StageReads[];
}

/** The taps at which a stage reads one before it. */
export interface StageReads {
  readonly stage: number;
  readonly taps: readonly ShownTap[];
}

export interface ShownTap {
  /** Offsets from the reader's own query and key. */
  readonly query: number | 'all';
  readonly key: number | 'all';
  /** The heads that each shown head reads there; absent where it is its own. */
  readonly heads?: readonly (readonly number[])[];
}
