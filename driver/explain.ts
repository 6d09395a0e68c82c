// What a graph becomes and what it costs, as data: each pass that changes it, its footprints, history and parameters.
// explanation-text.ts shows it to people; the same data is what programs get.
import { trainingPair } from '../src/autodiff/index.js';
import { costOfGraph, type RelativeCost, relativeCost } from '../src/ir/cost.js';
import { footprintsOf, type Hull, headGroups, hull, printFootprint } from '../src/ir/footprint/index.js';
import { type Graph, history, type Node, type SettingValue, type TensorNode, topological } from '../src/ir/index.js';
import { nameNodes, print, printDomain } from '../src/ir/text/index.js';
import { optimise, passes } from '../src/passes/index.js';
import type { CountedKernel } from './counted-kernels.js';
import { type ExplainedTarget, explainSchedule, type ScheduleOutcome } from './explain-schedule.js';
import { explainTilePass, type TilePassExplanation } from './explain-tile-pass.js';
import { explainTraining, type TrainingExplanation } from './explain-training.js';
import { failUnknown } from './unknown-name.js';

export interface ExplainRequest {
  /** Keep the steps of this pass only; its name with dashes for spaces will do. */
  readonly pass?: string | undefined;
  /** Show the tile program after this pass over it, and nothing else; dashes for spaces will do here too. */
  readonly tilePass?: string | undefined;
  /** The sizes that costs are counted for; one sequence of 2048 unless told. */
  readonly shape?: CallShape | undefined;
  /** Explain the training of the spec: what is kept and computed again, and the kernels of both parts. */
  readonly backward?: boolean | undefined;
  /** Whose kernels to explain; those of WGSL unless told. */
  readonly kernels?: ExplainedTarget | undefined;
}

export interface CallShape {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
}

/** A graph as text, and how many nodes it has beside its inputs. */
export interface GraphText {
  readonly nodes: number;
  readonly text: string;
}

/** One pass that changed the graph. */
export interface PassStep {
  readonly pass: string;
  readonly before: GraphText;
  readonly after: GraphText;
}

export interface Explanation {
  readonly name: string;
  readonly formula?: string;
  readonly paper?: string;
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly written: GraphText;
  /** The passes that changed the graph, in the order in which they ran. */
  readonly steps: readonly PassStep[];
  /** The passes that were asked about and found nothing to change. */
  readonly idlePasses: readonly string[];
  readonly inputs: readonly { readonly name: string; readonly role: string; readonly shape: string }[];
  readonly parameters: readonly { readonly name: string; readonly shape: string; readonly count: number }[];
  /** What each node of the optimised graph reads of values along the sequence. */
  readonly footprints: readonly FootprintRow[];
  /** Rows of queries above the first wanted row that must be given. */
  readonly history: number;
  /** How many heads at most are tied together by mixing. */
  readonly headsTogether: number;
  readonly cost: Cost;
  /** How fused kernels compute it; kept out where a pass is asked for alone. */
  readonly schedule?: ScheduleOutcome;
  /** The tile program after the pass that was asked about. */
  readonly tilePass?: TilePassExplanation;
  /** The machine instructions of CUDA kernels, where they were asked for. */
  readonly sass?: readonly CountedKernel[];
  /** What training takes, where it was asked for: all else is then said of the backward graph. */
  readonly training?: TrainingExplanation;
}

/** What the optimised graph takes at one shape, floats in 2 bytes. Dense: nothing that a schedule would skip is left out. */
export interface Cost {
  readonly shape: CallShape;
  readonly operations: number;
  /** Those of q·kᵀ, of ·v and the like: what tensor cores do. */
  readonly products: number;
  /** Inputs and outputs, each moved once. */
  readonly compulsoryBytes: number;
  /** The same with every value in between written once and read once. */
  readonly materialisedBytes: number;
  /** The same in units of plain attention with as many heads and features; absent where there is no such attention. */
  readonly relative?: RelativeCost;
}

export interface FootprintRow {
  readonly reader: string;
  readonly source: string;
  /** In words: 'rows i-5 … i, keys j-5 … j+5, 66 taps, own head'. */
  readonly reads: string;
  readonly taps: number;
  readonly queries: Hull;
  readonly keys: Hull;
}

export const DEFAULT_SHAPE: CallShape = { batch: 1, queries: 2048, keys: 2048 };
const DEFAULT_KERNELS: ExplainedTarget = { target: 'wgsl' };

/** @throws HeddleError HD4024 for an unknown pass, HD4032 for an unknown one over tile programs. */
export function explainGraph(graph: Graph, request: ExplainRequest = {}): Explanation {
  return request.backward ? explainBackward(graph, request) : explainOne(graph, request);
}

function explainBackward(graph: Graph, request: ExplainRequest): Explanation {
  const { shape = DEFAULT_SHAPE, kernels = DEFAULT_KERNELS } = request;
  const pair = trainingPair(graph);
  const training = explainTraining(pair, shape, kernels);
  const { outcome } = training.backward;
  return { ...explainOne(pair.backward, request, outcome), training };
}

/** @param known the schedule of the graph, where it has been explained */
function explainOne(graph: Graph, request: ExplainRequest, known?: ScheduleOutcome): Explanation {
  const { pass, tilePass, shape = DEFAULT_SHAPE, kernels = DEFAULT_KERNELS } = request;
  const wanted = pass === undefined ? undefined : passNamed(pass);
  const texts = new Map<Graph, GraphText>();
  const textOf = (each: Graph): GraphText => {
    const text = texts.get(each) ?? graphText(each);
    texts.set(each, text);
    return text;
  };
  const steps: PassStep[] = [];
  let before = graph;
  const optimised = optimise(graph, {
    onPass: ({ name }, after) => {
      // What is shared between nodes is not part of the text: such a change shows in a later pass.
      const isShown = wanted === undefined || name === wanted;
      if (isShown && textOf(after).text !== textOf(before).text) {
        steps.push({ pass: name, before: textOf(before), after: textOf(after) });
      }
      before = after;
    },
  });
  const cost = costAt(optimised, shape);
  const asked = wanted === undefined ? passes.map(({ name }) => name) : [wanted];
  return {
    name: graph.name,
    ...(graph.formula === undefined ? {} : { formula: graph.formula }),
    ...(graph.paper === undefined ? {} : { paper: graph.paper }),
    settings: graph.settings,
    written: textOf(graph),
    steps,
    idlePasses: asked.filter((name) => !steps.some((step) => step.pass === name)),
    inputs: graph.inputs.map((node) => ({ name: node.name, role: node.role, shape: printDomain(node.domain) })),
    parameters: graph.inputs
      .filter(({ role }) => role === 'parameter')
      .map((node) => ({ name: node.name, shape: printDomain(node.domain), count: parameterCount(node) })),
    footprints: footprintRows(optimised),
    history: history(graph),
    headsTogether: headGroups(optimised).size,
    cost,
    ...(tilePass !== undefined
      ? { tilePass: explainTilePass(optimised, tilePass, kernels) }
      : wanted === undefined
        ? { schedule: known ?? explainSchedule(optimised, shape, kernels) }
        : {}),
  };
}

function costAt(graph: Graph, { batch, queries, keys }: CallShape): Cost {
  const shape = { batch, queries, keys };
  const { operations, products, compulsoryBytes, materialisedBytes } = costOfGraph(graph, shape);
  const relative = relativeCost(graph, shape);
  return {
    shape,
    operations,
    products,
    compulsoryBytes,
    materialisedBytes,
    ...(relative === undefined ? {} : { relative }),
  };
}

function footprintRows(graph: Graph): readonly FootprintRow[] {
  const names = nameNodes(graph);
  const nameOf = (node: Node): string => {
    const name = names.get(node)!;
    return node.label === undefined || node.label === name ? name : `${name} (${node.label})`;
  };
  const isAlongSequence = ({ domain }: Node) => domain.some(({ kind }) => kind === 'query' || kind === 'key');
  return topological(graph).flatMap((reader) =>
    Array.from(footprintsOf(reader))
      .filter(([source]) => isAlongSequence(source))
      .map(([source, footprint]) => ({
        reader: nameOf(reader),
        source: nameOf(source),
        reads: printFootprint(footprint),
        taps: footprint.taps.length,
        queries: hull(footprint, 'query'),
        keys: hull(footprint, 'key'),
      })),
  );
}

function passNamed(name: string): string {
  const dashed = (each: string): string => each.replaceAll(' ', '-');
  const found = passes.find((each) => dashed(each.name) === dashed(name));
  const known = passes.map((each) => dashed(each.name));
  return found?.name ?? failUnknown('HD4024', name, known);
}

const graphText = (graph: Graph): GraphText => ({
  nodes: topological(graph).filter(({ op }) => op !== 'tensor').length,
  text: print(graph),
});

const parameterCount = ({ domain }: TensorNode): number =>
  domain.reduce((product, axis) => product * ('size' in axis ? axis.size : 1), 1);
