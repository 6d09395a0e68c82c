// The JSON form of a score graph, as types: nodes and expressions are flat lists that refer to earlier entries by number,
// so that what is shared is written once. Another program builds a graph by writing this; see docs/score-graph.md.
import type { TensorRole } from '../node.js';
import type { OperationName, ScalarType } from '../operations.js';

export const GRAPH_FORMAT = 'heddle-graph/1';

/** A number, or the name of one that JSON cannot write. */
export type NumberJson = number | '-0' | 'Infinity' | '-Infinity';

export type SettingJson = number | boolean | string | readonly NumberJson[] | { readonly number: NumberJson };

export interface GraphJson {
  readonly format: typeof GRAPH_FORMAT;
  readonly name: string;
  readonly settings: Readonly<Record<string, SettingJson>>;
  readonly formula?: string;
  readonly paper?: string;
  /** Rows of history, where they are not what the nodes reach back for: of gradient graphs. */
  readonly history?: number;
  readonly nodes: readonly NodeJson[];
  /** Numbers of tensor nodes, in the order in which a caller gives them. */
  readonly inputs: readonly number[];
  readonly outputs: readonly { readonly name: string; readonly node: number }[];
}

export interface AxisJson {
  readonly kind: 'batch' | 'head' | 'query' | 'key' | 'position' | 'feature' | 'extent';
  /** Of head, feature and extent axes alone. */
  readonly size?: number;
}

export interface IterationJson {
  readonly variable: string;
  readonly axis: AxisJson;
}

export type InitialJson =
  | { readonly law: 'expression'; readonly value: number }
  | { readonly law: 'normal' | 'uniform'; readonly size: NumberJson };

export interface ContentsJson {
  readonly from?: NumberJson;
  readonly to?: NumberJson | { readonly length: 'batch' | 'key'; readonly less: 0 | 1 };
  readonly increasing?: true;
}

interface NodeBaseJson {
  readonly domain: readonly AxisJson[];
  readonly label?: string;
  /** The expressions of this node alone; `value`, `mask` and `index` are numbers of entries. */
  readonly expressions?: readonly ExpressionJson[];
}

export type NodeJson = NodeBaseJson &
  (
    | {
        readonly op: 'tensor';
        readonly name: string;
        readonly role: TensorRole;
        readonly initial?: InitialJson;
        readonly contents?: ContentsJson;
      }
    | { readonly op: 'dot'; readonly x: number; readonly y: number }
    | { readonly op: 'map' | 'rowmap'; readonly value: number }
    | { readonly op: 'fill'; readonly value: number; readonly mask: number; readonly otherwise: NumberJson }
    | {
        readonly op: 'reduce';
        readonly monoid: 'sum' | 'max' | 'logSumExp';
        readonly over: readonly IterationJson[];
        readonly value: number;
      }
    | {
        readonly op: 'contract';
        readonly over: 'key' | 'query';
        readonly weights: number;
        readonly operand: number;
      }
    | {
        readonly op: 'bin';
        readonly iterate: readonly IterationJson[];
        readonly index: readonly number[];
        readonly value: number;
      }
  );

export type ExpressionJson =
  | { readonly kind: 'constant'; readonly type: ScalarType; readonly value: NumberJson | boolean }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'length'; readonly of: 'batch' | 'query' | 'key' }
  | { readonly kind: 'read'; readonly source: number; readonly index: readonly number[] }
  | { readonly kind: 'apply'; readonly operation: OperationName; readonly operands: readonly number[] }
  | {
      readonly kind: 'accumulate';
      readonly monoid: 'sum' | 'max';
      readonly counters: readonly { readonly name: string; readonly extent: number }[];
      readonly body: number;
    };
