// A forward graph that keeps what its gradient needs, and a backward graph that takes it: outputs, row statistics, and whatever
// else only scores can give of a row. Scores themselves are computed again, so that all that is kept is O(T).
import {
  backwardNodes,
  dependencies,
  type Graph,
  type GraphOutput,
  isOfScores,
  type Node,
  rewrite,
  softmaxPart,
  type TensorNode,
  tensorNode,
} from '../ir/index.js';
import { optimise } from '../passes/index.js';
import { type GradientOptions, gradientGraph } from './gradient.js';
import { withRowSums } from './row-sums.js';

/** A value of the forward graph that the backward one takes as an input of the same name. */
export interface Kept {
  readonly name: string;
  /** Whether it is an output of the spec as well. */
  readonly isOutput: boolean;
}

/** Both are optimised, and computed at all rows of queries that are given, R = Tq. */
export interface TrainingPair {
  /** Gives the outputs of the spec, and then what is kept beside them. */
  readonly forward: Graph;
  /** Takes the inputs of the spec that it needs, what is kept, and `grad_<output>`; gives `grad_<input>`. */
  readonly backward: Graph;
  readonly kept: readonly Kept[];
}

/** The training pair of a graph as written. @throws HeddleError HD7010, HD7013, as `gradientGraph` does. */
export function trainingPair(graph: Graph, options: GradientOptions = {}): TrainingPair {
  const gradient = gradientGraph(graph, options);
  const joint = withRowSums(optimise({ ...gradient, outputs: [...graph.outputs, ...gradient.outputs] }));
  const outputs = joint.outputs.slice(0, graph.outputs.length);
  const gradients = joint.outputs.slice(graph.outputs.length);

  const names = new Set([...gradient.inputs, ...joint.outputs].map(({ name }) => name));
  const kept = new Map<Node, { readonly tensor: TensorNode; readonly isOutput: boolean }>();
  for (const node of rowsOfScores(gradients)) {
    const output = outputs.find((each) => each.node === node);
    const name = output?.name ?? freeName(`kept_${softmaxPart(node) ?? 'sum'}`, names);
    names.add(name);
    kept.set(node, { tensor: tensorNode(name, 'tensor', node.domain), isOutput: output !== undefined });
  }

  const cut = rewrite({ ...gradient, outputs: gradients }, (node, before) => kept.get(before)?.tensor ?? node);
  const tensors = Array.from(kept.values(), ({ tensor }) => tensor);
  const inputs = [...gradient.inputs, ...tensors];
  const backward = optimise({ ...cut, name: `${graph.name}_backward`, history: 0, inputs });
  // Cut from what it came from, a value may turn out to be needed by nothing, as where all weights are 0.
  const needed = new Set(backward.inputs.map(({ name }) => name));
  const held = [...kept].filter(([, { tensor }]) => needed.has(tensor.name));
  const further = held.flatMap(([node, { tensor, isOutput }]) => (isOutput ? [] : [{ name: tensor.name, node }]));
  const forward = optimise({ ...graph, name: `${graph.name}_forward`, history: 0, outputs: [...outputs, ...further] });
  return {
    forward,
    backward,
    kept: held.map(([, { tensor, isOutput }]) => ({ name: tensor.name, isOutput })),
  };
}

/** Values of rows that gradients need, that depend on no cotangent, and that are sums or maxima of scores. */
function rowsOfScores(gradients: readonly GraphOutput[]): readonly Node[] {
  const isBackward = backwardNodes({ inputs: [], outputs: gradients });
  const found = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    // Sums over rows belong to blocks that sweep them: the backward graph computes those itself.
    const isOfRows = node.domain.some(({ kind }) => kind === 'query');
    const isKept = isOfRows && !isOfScores(node) && dependencies(node).some(isOfScores);
    if (!isBackward.has(node) && isKept) found.add(node);
    else for (const each of dependencies(node)) visit(each);
  };
  for (const { node } of gradients) visit(node);
  return [...found];
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? wanted : `${wanted}${n}`;
    if (!taken.has(name)) return name;
  }
}
