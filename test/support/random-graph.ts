// Random score graphs: attention as a spec might have it, and some that no spec would. They verify, their values stay
// moderate, and maxima are kept away from ties, so that gradients exist and float results can be compared.
import fc from 'fast-check';
import {
  apply,
  type CallSizes,
  columnDomain,
  contractOverKeys,
  contractOverQueries,
  type Domain,
  dotNode,
  type Expression,
  extent,
  fillNode,
  float,
  type Graph,
  head,
  history,
  integer,
  mapNodeOver,
  type Node,
  normalisedNode,
  outputDomain,
  print,
  read,
  readHere,
  scoreDomain,
  statisticsNodes,
  type TensorNode,
  tensorNode,
  variable,
} from '../../src/ir/index.js';
import { Choices, tapes } from './choices.js';
import { extraOutputs, outputStep } from './random-outputs.js';
import { randomMask, scoreStep, weightStep } from './random-scores.js';

export interface RandomCase {
  readonly graph: Graph;
  readonly sizes: CallSizes;
  /** Seeds the inputs (see random-inputs.ts). */
  readonly seed: number;
}

/** What the generator knows while it draws: the axes of the graph and the tensors made so far. */
export class Drawing {
  readonly choices: Choices;
  readonly heads: number;
  readonly sharedHeads: number;
  readonly tensors: TensorNode[] = [];

  constructor(choices: Choices) {
    this.choices = choices;
    this.heads = choices.pick([2, 1, 3, 4]);
    this.sharedHeads = choices.pick([1, 2, 3, 4].filter((shared) => this.heads % shared === 0));
  }

  tensor(name: string, role: TensorNode['role'], domain: Domain): TensorNode {
    const known = this.tensors.find((each) => each.name === name);
    if (known) return known;
    const made = tensorNode(name, role, domain);
    this.tensors.push(made);
    return made;
  }

  /** A new parameter, with an initial value at times. */
  parameter(domain: Domain): TensorNode {
    const name = this.choices.chance(8) ? `let_${this.tensors.length}` : `w${this.tensors.length}`;
    const variables = domain.length > 0 ? 'h' : '';
    const initial = this.choices.pick([
      undefined,
      { law: 'normal', size: 0.02 } as const,
      { law: 'uniform', size: 1 } as const,
      domain[0]?.kind === 'head'
        ? ({ law: 'expression', value: apply('multiply', variable(variables), float(0.5)) } as const)
        : undefined,
    ]);
    const made = tensorNode(name, 'parameter', domain, { initial });
    this.tensors.push(made);
    return made;
  }

  /** Document numbers, one a position. */
  documents(): TensorNode {
    return this.tensor('document', 'integers', [{ kind: 'batch' }, { kind: 'position' }]);
  }
}

const scaled = (drawing: Drawing, suffix: string, features: number): Node => {
  const q = drawing.tensor(`q${suffix}`, 'queries', outputDomain(drawing.heads, features));
  const k = drawing.tensor(`k${suffix}`, 'keys', columnDomain(drawing.sharedHeads, features));
  const product = dotNode(q, k);
  return mapNodeOver(product.domain, apply('divide', readHere(product), float(Math.sqrt(features))), {
    label: `scores${suffix}`,
  });
};

/** Weights from logits: a softmax with or without a sink, or a sigmoid that hides keys with 0. */
function normalise(drawing: Drawing, scores: Node): Node {
  const { choices, heads } = drawing;
  if (choices.chance(5)) {
    const here = readHere(scores);
    const sigmoid = apply('divide', integer(1), apply('add', integer(1), apply('exponential', apply('negate', here))));
    return fillNode(mapNodeOver(scores.domain, sigmoid), randomMask(drawing), 0);
  }
  const logits = choices.chance(6)
    ? scores
    : fillNode(scores, randomMask(drawing), Number.NEGATIVE_INFINITY, { label: 'logits' });
  const sinks: (() => Expression | undefined)[] = [
    () => undefined,
    () => float(0),
    () => read(drawing.parameter([head(heads)]), [variable('h')]),
    () => apply('hyperbolicTangent', read(drawing.parameter([head(heads), extent(2)]), [variable('h'), integer(1)])),
  ];
  const sink = choices.pick(sinks)();
  return normalisedNode(logits, statisticsNodes(logits, sink), { label: 'weights' });
}

/** A graph out of decisions: the same tape gives the same graph. */
export function drawGraph(choices: Choices): Graph {
  const drawing = new Drawing(choices);
  const features = choices.pick([2, 1, 3, 5]);
  const map = (suffix: string): Node => {
    let scores = scaled(drawing, suffix, features);
    for (let steps = choices.below(4); steps > 0; steps -= 1) scores = scoreStep(drawing, scores);
    return normalise(drawing, scores);
  };
  let weights = map('');
  if (choices.chance(4)) {
    // A difference of two maps, with a λ made of parameters only.
    const other = map('2');
    const lambda = apply('exponential', read(drawing.parameter([]), []));
    const difference = apply('subtract', readHere(weights), apply('multiply', lambda, readHere(other)));
    weights = mapNodeOver(scoreDomain(drawing.heads), difference);
  }
  for (let steps = choices.below(3); steps > 0; steps -= 1) weights = weightStep(drawing, weights);

  const v = drawing.tensor('v', 'values', columnDomain(drawing.sharedHeads, choices.pick([2, 3, 1])));
  let output: Node = contractOverKeys(weights, v, { label: 'mixed values' });
  for (let steps = choices.below(3); steps > 0; steps -= 1) output = outputStep(drawing, output);
  const outputs = [{ name: 'out', node: output }];
  if (choices.chance(4)) {
    outputs.push({ name: 'columns', node: contractOverQueries(weights, output, drawing.sharedHeads) });
  }
  if (choices.chance(3)) outputs.push({ name: 'extra', node: extraOutputs(drawing, weights) });
  // An input that nothing reads, at times.
  if (choices.chance(5)) drawing.parameter([extent(3)]);
  return {
    name: 'random',
    settings: { heads: drawing.heads, mode: 'ra"ndom', sizes: [1, 2.5], flag: true },
    ...(choices.chance() ? { formula: 'softmax(S)·v\nin two lines', paper: 'arXiv:0000.00000' } : {}),
    inputs: drawing.tensors,
    outputs,
  };
}

function drawSizes(choices: Choices, graph: Graph): CallSizes {
  const keys = choices.pick([3, 1, 5, 7, 2]);
  const fewest = Math.min(keys, 1 + history(graph));
  return { batch: choices.pick([1, 2]), keys, queries: drawQueries(choices, fewest, keys) };
}

/** As many queries as keys, or fewer, or more: then the first rows stand at negative positions. */
export function drawQueries(choices: Choices, fewest: number, keys: number): number {
  if (!choices.chance(3)) return keys;
  return choices.chance() ? choices.between(keys + 1, keys + 6) : choices.between(fewest, keys);
}

/** Random graphs with sizes to run them at and a seed for their inputs. */
export const randomCases: fc.Arbitrary<RandomCase> = fc
  .tuple(tapes(80), tapes(4), fc.nat({ max: 2 ** 30 }))
  .map(([tape, sizesTape, seed]) => {
    const graph = drawGraph(new Choices(tape));
    const sizes = drawSizes(new Choices(sizesTape), graph);
    const text = `${print(graph)}at ${JSON.stringify(sizes)}, seed ${seed}`;
    return { graph, sizes, seed, [fc.toStringMethod]: () => `\n${text}\n` };
  });

/** Random graphs alone. */
export const randomGraphs: fc.Arbitrary<Graph> = tapes(80).map((tape) => {
  const graph = drawGraph(new Choices(tape));
  return { ...graph, [fc.toStringMethod]: () => `\n${print(graph)}\n` };
});
