// The buffers of a program that is made of several passes: each by its name, made once, whoever names it first.
// Values that one pass leaves for another are workspace; everything else is an input or an output of the graph.
import type { Graph, Node, TensorNode } from '../../src/ir/index.js';
import type { Buffer, BufferAxis } from '../tile/types.js';
import { demand } from './reason.js';

export class ProgramBuffers {
  private readonly byName = new Map<string, Buffer>();

  constructor(workspace: readonly Buffer[] = []) {
    for (const buffer of workspace) this.byName.set(buffer.name, buffer);
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

  /** A buffer for what one kernel leaves to another; its name gets a number where it is taken. */
  workspace(name: string, axes: readonly BufferAxis[]): Buffer {
    let fresh = name;
    for (let n = 2; this.byName.has(fresh); n += 1) fresh = `${name}${n}`;
    return this.once({ name: fresh, role: 'workspace', axes, dtype: 'f32' });
  }

  /** The buffers of a pass's inputs, workspace of earlier passes among them. */
  inputsOf({ inputs }: Graph): ReadonlyMap<Node, Buffer> {
    const made = ({ name, domain, dtype }: TensorNode): Buffer =>
      this.once({ name, role: 'input', axes: domain, dtype: dtype === 'int' ? 'int' : 'f32' });
    return new Map(inputs.map((input) => [input, made(input)]));
  }

  /** The buffers of a pass's outputs: the last R rows, where they are not workspace. */
  outputsOf({ outputs }: Graph): readonly { readonly node: Node; readonly buffer: Buffer }[] {
    return outputs.map(({ name, node }) => {
      const axes = node.domain.map((each): BufferAxis => (each.kind === 'query' ? { kind: 'row' } : each));
      demand(
        axes.some(({ kind }) => kind === 'row'),
        `output ${name} has no rows`,
      );
      return { node, buffer: this.once({ name, role: 'output', axes, dtype: 'f32' }) };
    });
  }
}
