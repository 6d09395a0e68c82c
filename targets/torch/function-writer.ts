// What is shared while the body of one Python function is written: its lines, the names in it, the helpers that it calls,
// and the index tensors that it needs.
import { type Axis, type AxisKind, axisLetters, type Node } from '../../src/ir/index.js';
import type { Names } from '../shared/text/names.js';
import type { Code } from './python.js';

/** The name of an axis's size in the emitted function, or its number. */
export const sizeText = (axis: Axis): string => ('size' in axis ? String(axis.size) : sizeNames[axis.kind]);

const sizeNames = { batch: 'B', query: 'Tq', key: 'Tk', position: 'Tk' } as const;

/** Positions are those of keys. */
const indexNames: Readonly<Record<AxisKind, string>> = { ...axisLetters, position: axisLetters.key };

export class FunctionWriter {
  readonly names: Names<'python'>;
  /** What each node is called. */
  readonly nodes = new Map<Node, string>();
  /** Names that the loop which computes a node has given it already. */
  readonly owned = new Set<string>();
  readonly helpers: Set<string>;
  /** Definitions of index tensors, before everything else. */
  readonly indices: string[] = [];
  readonly lines: string[] = [];
  private readonly ranges = new Map<string, string>();
  private readonly definitions = new Map<string, string>();
  /** Whether derivatives matter: those of a graph of gradients do not. */
  readonly isDifferentiable: boolean;

  constructor(names: Names<'python'>, helpers: Set<string>, isDifferentiable: boolean) {
    this.names = names;
    this.helpers = helpers;
    this.isDifferentiable = isDifferentiable;
  }

  readonly helper = (name: string): string => {
    this.helpers.add(name);
    return name;
  };

  /** The tensor of an axis's indices: positions for queries. */
  indexOf(axis: Axis): string {
    const from = axis.kind === 'query' ? 'Tk - Tq, Tk' : sizeText(axis);
    return this.range(from, indexNames[axis.kind]);
  }

  /** The tensor 0 … extent − 1. */
  counterOf(extent: number): string {
    return this.range(String(extent), 'n');
  }

  private range(from: string, wanted: string): string {
    const known = this.ranges.get(from);
    if (known !== undefined) return known;
    const name = this.names.take(wanted);
    this.ranges.set(from, name);
    this.indices.push(`${name} = torch.arange(${from}, device=device)`);
    return name;
  }

  /** A variable for a value of the function's outermost level; equal text gets the same variable. */
  defineOnce(wanted: string, code: Code): string {
    const known = this.definitions.get(code.text);
    if (known !== undefined) return known;
    const name = this.names.take(wanted);
    this.definitions.set(code.text, name);
    this.lines.push(`${name} = ${code.text}`);
    return name;
  }
}
