// Matched variants: the whole number for one setting with which a variant costs what the baseline costs.
// Costs may jump, and some numbers a spec refuses: doubling finds where the cost is passed, halving where it is nearest.
import { HeddleError } from '../../src/diagnostics/index.js';
import { costOfGraph } from '../../src/ir/cost.js';
import { featuresOf, type Graph, headsOf } from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';
import type { Settings } from './settings.js';
import type { StudyShape, StudyVariant } from './studies.js';

export interface Matching {
  readonly by: 'parameters' | 'operations';
  /** The setting to find a whole number for. */
  readonly vary: string;
  /** How far off the nearest may be, as a share of what the baseline has. */
  readonly within: number;
  /** Features of the model around the attention, for parameters; the baseline's heads times features unless told. */
  readonly width?: number;
  /** Raises HD2016 at the place where the study asks for it. */
  readonly refuse: (details: { readonly wanted: number; readonly nearest: Nearest | undefined }) => never;
}

export interface Nearest {
  readonly value: number;
  readonly reached: number;
}

/** What was chosen, what the baseline has, and what the variant has with it. */
export interface Match {
  readonly by: Matching['by'];
  readonly setting: string;
  readonly chosen: number;
  readonly wanted: number;
  readonly reached: number;
}

/** A variant with all of its settings known. */
export interface ResolvedVariant {
  /** What differs from the spec's defaults, the matched setting included. */
  readonly settings: Settings;
  readonly graph: Graph;
  readonly match?: Match;
}

const DEFAULT_SHAPE: StudyShape = { batch: 1, queries: 2048, keys: 2048 };

/**
 * The settings and the graph of a variant; where it is to be matched, with the number that the baseline's cost asks for.
 * @throws HeddleError HD2016 where no number comes near, HD1xxx and HD2xxx where a spec refuses its settings.
 */
export function resolveVariant(
  variant: StudyVariant,
  baseline: StudyVariant,
  shape: StudyShape = DEFAULT_SHAPE,
): ResolvedVariant {
  const { settings, matching, compile } = variant;
  if (matching === undefined) return { settings, graph: compile() };
  const { by, vary, within, refuse } = matching;
  const unit = baseline.compile();
  const width = matching.width ?? modelWidth(unit);
  const cost = (graph: Graph): number =>
    by === 'operations' ? costOfGraph(optimise(graph), shape).operations : layerParameters(graph, width);
  const wanted = cost(unit);
  const found = nearestTo(wanted, (value) => {
    try {
      return cost(compile({ [vary]: value }));
    } catch (error) {
      if (error instanceof HeddleError) return undefined;
      throw error;
    }
  });
  if (found === undefined || Math.abs(found.reached - wanted) > within * wanted) {
    return refuse({ wanted, nearest: found });
  }
  const chosen = { ...settings, [vary]: found.value };
  const match = { by, setting: vary, chosen: found.value, wanted, reached: found.reached };
  return { settings: chosen, graph: compile({ [vary]: found.value }), match };
}

/** The features that the heads of the queries have together: the width of a model that is made of such layers. */
const modelWidth = ({ inputs }: Graph): number =>
  Math.max(
    1,
    ...inputs.filter(({ role }) => role === 'queries').map(({ domain }) => headsOf(domain) * featuresOf(domain)),
  );

const PROJECTED: ReadonlySet<string> = new Set(['queries', 'keys', 'values', 'keysAndValues']);

/** The parameters of a layer: the spec's own, and projections from `width` features to its inputs and back from its output. */
function layerParameters(graph: Graph, width: number): number {
  const own = costOfGraph(graph, DEFAULT_SHAPE).parameters.reduce((sum, { count }) => sum + count, 0);
  const vectors = [
    ...graph.inputs.filter(({ role }) => PROJECTED.has(role)),
    ...graph.outputs.filter(({ name }) => name === 'out').map(({ node }) => node),
  ];
  return own + vectors.reduce((sum, { domain }) => sum + width * headsOf(domain) * featuresOf(domain), 0);
}

const MOST_VALUE = 2 ** 16;
/** Numbers that are tried beside one that the spec refuses. */
const MOST_BESIDE = 16;

/** The whole number from 1 up whose cost is nearest to `wanted`, undefined where every one that was tried is refused. */
function nearestTo(wanted: number, costOf: (value: number) => number | undefined): Nearest | undefined {
  const known = new Map<number, number | undefined>();
  let best: Nearest | undefined;
  const tried = (value: number): number | undefined => {
    if (known.has(value)) return known.get(value);
    const reached = costOf(value);
    known.set(value, reached);
    const isNearer = (than: Nearest): boolean => Math.abs(reached! - wanted) < Math.abs(than.reached - wanted);
    if (reached !== undefined && (best === undefined || isNearer(best))) best = { value, reached };
    return reached;
  };
  /** The first number from `from` up to before `end` that the spec takes. */
  const taken = (from: number, end: number): number | undefined => {
    for (let value = from; value < Math.min(end, from + MOST_BESIDE); value += 1) {
      if (tried(value) !== undefined) return value;
    }
    return undefined;
  };
  const isAbove = (value: number): boolean => tried(value)! >= wanted;

  let below: number | undefined;
  for (let start = 1; start <= MOST_VALUE; start *= 2) {
    const value = taken(start, 2 * start);
    if (value === undefined) continue;
    if (below !== undefined && isAbove(value) !== isAbove(below)) {
      halve(below, value, taken, isAbove);
      break;
    }
    below = value;
  }
  return best;
}

/** Narrows the numbers between two on either side of what is wanted, until none is left between them. */
function halve(
  from: number,
  to: number,
  taken: (from: number, end: number) => number | undefined,
  isAbove: (value: number) => boolean,
): void {
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    // Where all numbers from the middle up are refused, those below it are left.
    const value = taken(middle, high) ?? taken(low + 1, middle);
    if (value === undefined) return;
    if (isAbove(value) === isAbove(low)) low = value;
    else high = value;
  }
}
