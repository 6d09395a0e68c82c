// Scores and weights of variants at every stage on one short text, evaluated by the interpreter in float64 and stored small.
// What is the same in several variants is stored once; heads are left out where a report would grow too large.
import { interpret } from '../../src/interpreter/index.js';
import { apply, type Footprint, float, type Graph, headCount, mapNodeOver, type Node } from '../../src/ir/index.js';
import type { HostTensor } from '../../src/tensors/index.js';
import { encodeBits, encodeHalves, exponentFor } from '../shared/half.js';
import type { Showing, ShownStage, ShownTap, ShownVariant, StageReads } from '../shared/page-data.js';
import { SENTENCE } from '../shared/sentence.js';
import { MADE_FOR_SHOWING, showingInputs } from './showing-inputs.js';
import { type Stage, stagesOf } from './stages.js';

/** What to show scores of: a text, with tensors of one's own or with ones made for it. */
export interface ShowingRequest {
  readonly tokens?: readonly string[];
  /** By name; those that a variant asks for and that are not here are made. */
  readonly tensors?: ReadonlyMap<string, HostTensor>;
  /** What the tensors are, as a sentence. */
  readonly origin?: string;
}

export interface NamedGraph {
  readonly name: string;
  readonly graph: Graph;
}

/** More positions than this cannot be told apart on a screen. */
const MOST_TOKENS = 64;
export const MOST_HEADS = 8;

/** Evaluates the variants once; what it gives encodes as many of their heads as are asked for. */
export function prepareShowing(
  variants: readonly NamedGraph[],
  request: ShowingRequest,
): (mostHeads: number) => Showing {
  const tokens = tokensOf(request);
  const evaluated = variants.map((variant) => evaluate(variant, tokens, request.tensors));
  const origin = request.origin ?? (request.tensors === undefined ? MADE_FOR_SHOWING : 'Tensors are as given.');
  return (mostHeads) => encode(evaluated, tokens, origin, mostHeads);
}

export const showingOf = (variants: readonly NamedGraph[], request: ShowingRequest): Showing =>
  prepareShowing(variants, request)(MOST_HEADS);

function tokensOf({ tokens, tensors }: ShowingRequest): readonly string[] {
  const given = tokens ?? SENTENCE.split(' ');
  const keys = tensors?.get('k')?.shape.at(-2) ?? given.length;
  return Array.from({ length: keys }, (_, position) => given[position] ?? String(position));
}

// ── Evaluation ──────────────────────────────────────────────────────────────────────────────────────

interface Evaluated {
  readonly name: string;
  readonly stages: readonly Stage[];
  readonly values: readonly HostTensor[];
  /** 1 where a fill lets pass, by the fills of the graph. */
  readonly masks: readonly HostTensor[];
  readonly failure?: string;
}

function evaluate(
  { name, graph }: NamedGraph,
  tokens: readonly string[],
  tensors: ShowingRequest['tensors'],
): Evaluated {
  const nothing = { name, stages: [], values: [], masks: [] };
  if (tokens.length > MOST_TOKENS) {
    return {
      ...nothing,
      failure: `there are ${tokens.length} positions, and pictures are drawn of at most ${MOST_TOKENS}`,
    };
  }
  const stages = stagesOf(graph);
  const fills = stages.flatMap(({ members }) => members).filter((node) => node.op === 'fill');
  const outputs = [
    ...stages.map(({ value }) => value),
    ...fills.map(({ domain, mask }) => mapNodeOver(domain, apply('select', mask, float(1), float(0)))),
  ].map((node: Node, n) => ({ name: `value ${n}`, node }));
  if (stages.length === 0) return { ...nothing, failure: 'it has no scores' };
  try {
    const results = [...interpret({ ...graph, outputs }, showingInputs(graph, tokens, tensors)).values()];
    const rows = results[0]!.shape.at(-2)!;
    if (rows !== tokens.length) {
      return {
        ...nothing,
        failure: `there are ${rows} rows of queries for ${tokens.length} keys, and pictures are square`,
      };
    }
    return { name, stages, values: results.slice(0, stages.length), masks: results.slice(stages.length) };
  } catch (error) {
    return { ...nothing, failure: error instanceof Error ? error.message : String(error) };
  }
}

/** Entries of a stage that no weight can come to: −Infinity somewhere, or, where nothing is, outside of every mask. */
function hiddenEntries({ stages, values, masks }: Evaluated, stage: number): readonly boolean[] {
  const { length } = values[stage]!.data;
  const alike = [...values, ...masks].filter(({ data }) => data.length === length);
  const isHidden = Array.from({ length }, (_, n) => alike.some(({ data }) => data[n] === Number.NEGATIVE_INFINITY));
  if (isHidden.includes(true)) return isHidden;
  const fitting = masks.filter(({ data }) => data.length === length);
  const isNormalised = values.some(({ data }) => data.includes(Number.NEGATIVE_INFINITY));
  if (fitting.length === 0 || isNormalised || stages.length === 0) return isHidden;
  return isHidden.map((_, n) => fitting.every(({ data }) => data[n] === 0));
}

// ── Encoding ────────────────────────────────────────────────────────────────────────────────────────

/** Lists of texts in which equal ones are one. */
class Distinct {
  readonly texts: string[] = [];
  private readonly places = new Map<string, number>();

  add(text: string): number {
    const known = this.places.get(text);
    if (known !== undefined) return known;
    this.places.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

function encode(variants: readonly Evaluated[], tokens: readonly string[], origin: string, most: number): Showing {
  const values = new Distinct();
  const hidden = new Distinct();
  const shown = variants.map((variant): ShownVariant => {
    const { name, stages, failure } = variant;
    return {
      name,
      stages: stages.map((stage, n) => encodeStage(variant, stage, n, { most, values, hidden })),
      ...(failure === undefined ? {} : { failure }),
    };
  });
  return { tokens, origin, values: values.texts, hidden: hidden.texts, variants: shown };
}

interface Store {
  /** How many heads at most. */
  readonly most: number;
  readonly values: Distinct;
  readonly hidden: Distinct;
}

function encodeStage(variant: Evaluated, stage: Stage, n: number, { most, values, hidden }: Store): ShownStage {
  const { data, shape } = variant.values[n]!;
  const heads = headCount(stage.value.domain);
  const shownHeads = Math.min(heads, most);
  const count = shownHeads * shape.at(-2)! * shape.at(-1)!;
  const isHidden = hiddenEntries(variant, n).slice(0, count);
  const visible = Array.from(data.subarray(0, count)).filter((_, place) => !isHidden[place]);
  const largest = visible.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  const exponent = exponentFor(largest);
  return {
    title: stage.title,
    roles: stage.roles,
    nodes: stage.nodes,
    heads,
    shownHeads,
    values: values.add(encodeHalves(visible, exponent)),
    hidden: hidden.add(encodeBits(isHidden)),
    exponent,
    reads: stage.reads.map(
      ({ stage: source, footprint }): StageReads => ({
        stage: source,
        taps: tapsOf(footprint, shownHeads),
      }),
    ),
  };
}

/** Taps along queries and keys; the heads that are read, where they are not the reader's own. */
export function tapsOf({ taps }: Footprint, shownHeads: number): readonly ShownTap[] {
  return taps.flatMap(({ query, key, heads }) => {
    if (query === 'none' || key === 'none') return [];
    const reads = heads.reads.slice(0, shownHeads);
    const isOwn = reads.every((each, head) => each.length === 1 && each[0] === head);
    return [{ query, key, ...(isOwn ? {} : { heads: reads }) }];
  });
}
