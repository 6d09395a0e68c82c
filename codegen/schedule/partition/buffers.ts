// The buffers of a program that is made of several passes: each by its name, made once, whoever names it first.
// Values that one pass leaves for another are workspace; everything else is an input or an output of the graph.
import type { Graph, Node, TensorNode } from '../../../src/ir/index.js';
import type { Buffer, BufferAxis } from '../../tile/types.js';
import { remembered } from '../reads/remembered.js';

/** What an output is stored to. */
export interface StoredOutput {
  readonly node: Node;
  readonly buffer: Buffer;
}

/** Inputs and outputs of a graph by name: the same in all of its programs, so that one module may hold several. */
const tensorsOf = remembered((_: Graph) => new Map<string, Buffer>());

export class ProgramBuffers {
  private byName = new Map<string, Buffer>();
  private taken: Set<string>;
  private readonly ofGraph: ReadonlySet<string>;
  private readonly tensors: Map<string, Buffer>;

  /**
   * @param graph the graph of the whole program: nothing else is called as its inputs and outputs are
   * @param asGiven what it was made from, whose programs have these inputs and outputs in common
   */
  constructor(graph: Graph, asGiven: Graph) {
    this.tensors = tensorsOf(asGiven);
    this.ofGraph = new Set([...graph.inputs, ...graph.outputs].map(({ name }) => name));
    this.taken = new Set(this.ofGraph);
    this.outputsOf(graph);
  }

  /** Inputs, outputs and workspace, each in the order in which they were named. */
  get all(): readonly Buffer[] {
    const buffers = [...this.byName.values()];
    return (['input', 'output', 'workspace'] as const).flatMap((role) => buffers.filter((each) => each.role === role));
  }

  private once(own: Buffer): Buffer {
    const known = this.byName.get(own.name) ?? own;
    this.byName.set(own.name, known);
    return known;
  }

  /** An input or output of a pass: as every program has it, where it is one of the graph and not workspace of another pass. */
  private tensor(own: Buffer): Buffer {
    if (!this.ofGraph.has(own.name)) return this.once(own);
    const known = this.tensors.get(own.name) ?? own;
    this.tensors.set(own.name, known);
    return this.once(known);
  }

  /** The name, with a number where it is taken. It is taken then. */
  freshName(name: string): string {
    let fresh = name;
    for (let n = 2; this.taken.has(fresh); n += 1) fresh = `${name}${n}`;
    this.taken.add(fresh);
    return fresh;
  }

  /** Adds the buffers of what kernels leave for others, under the fresh names that they have. */
  add(buffers: readonly Buffer[]): void {
    for (const buffer of buffers) this.once(buffer);
  }

  /** A buffer for what one kernel leaves to another; its name gets a number where it is taken. */
  workspace(name: string, axes: readonly BufferAxis[]): Buffer {
    return this.once({ name: this.freshName(name), role: 'workspace', axes, dtype: 'f32' });
  }

  /** What `make` gives; where that is nothing, or it throws, the buffers are as they were before. */
  attempt<Result>(make: () => Result): Result {
    const [byName, taken] = [new Map(this.byName), new Set(this.taken)];
    let isDone = false;
    try {
      const result = make();
      isDone = result !== undefined;
      return result;
    } finally {
      if (!isDone) [this.byName, this.taken] = [byName, taken];
    }
  }

  /** The buffers of a pass's inputs, workspace of earlier passes among them. */
  inputsOf({ inputs }: Graph): ReadonlyMap<Node, Buffer> {
    const made = ({ name, domain, dtype }: TensorNode): Buffer =>
      this.tensor({ name, role: 'input', axes: domain, dtype: dtype === 'int' ? 'int' : 'f32' });
    return new Map(inputs.map((input) => [input, made(input)]));
  }

  /** The buffers of a pass's outputs: the last R rows, where they are not workspace. */
  outputsOf({ outputs }: Graph): readonly StoredOutput[] {
    return outputs.map(({ name, node }) => {
      const axes = node.domain.map((each): BufferAxis => (each.kind === 'query' ? { kind: 'row' } : each));
      return { node, buffer: this.tensor({ name, role: 'output', axes, dtype: 'f32' }) };
    });
  }
}
