// A model of one operator, as ONNX files say it: GroupQueryAttention, which onnxruntime computes plain causal attention by.
// The messages are those of onnx.proto, as far as this model has them; enumerations are numbers there.
import protobuf from 'protobufjs';
import type { BenchDtype } from './workloads.js';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
  message Shape { repeated Dimension dim = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Type { TensorType tensor_type = 1; }
  message Value { string name = 1; Type type = 2; }
  message Attribute { string name = 1; int64 i = 3; int32 type = 20; }
  message Node { repeated string input = 1; repeated string output = 2; string op_type = 4; repeated Attribute attribute = 5; string domain = 7; }
  message Graph { repeated Node node = 1; string name = 2; repeated Value input = 11; repeated Value output = 12; }
  message OperatorSet { string domain = 1; int64 version = 2; }
  message Model { int64 ir_version = 1; Graph graph = 7; repeated OperatorSet opset_import = 8; }
`);

/** Types of elements. */
const FLOATS = { f32: 1, f16: 10 } as const;
const INT32 = 6;
/** The type of an attribute that is an integer. */
const INTEGER = 2;

export interface AttentionSizes {
  readonly heads: number;
  readonly headDim: number;
  readonly dtype: BenchDtype;
  /** Whether keys and values of earlier positions are given: those of the queries are written behind them. */
  readonly hasPast: boolean;
}

/**
 * The bytes of a model that takes q, k and v as [batch, positions, heads · D], the number of keys less one of each entry, and
 * the number of keys; with a past also that of k and v, [batch, heads, most positions, D]. It gives out, present_k and present_v.
 */
export function attentionModel({ heads, headDim, dtype, hasPast }: AttentionSizes): Uint8Array {
  const value = (name: string, dimensions: readonly (number | string)[], type: number = FLOATS[dtype]) => ({
    name,
    type: {
      tensorType: {
        elemType: type,
        shape: { dim: dimensions.map((each) => (typeof each === 'number' ? { dimValue: each } : { dimParam: each })) },
      },
    },
  });
  const rows = (name: string) => value(name, ['batch', 'positions', heads * headDim]);
  const cache = (name: string, positions: string) => value(name, ['batch', heads, positions, headDim]);
  const past = hasPast ? ['past_k', 'past_v'] : ['', ''];
  const node = {
    opType: 'GroupQueryAttention',
    domain: 'com.microsoft',
    input: ['q', 'k', 'v', ...past, 'last_keys', 'keys'],
    output: ['out', 'present_k', 'present_v'],
    attribute: ['num_heads', 'kv_num_heads'].map((name) => ({ name, i: heads, type: INTEGER })),
  };
  const graph = {
    name: 'attention',
    node: [node],
    input: [
      ...['q', 'k', 'v'].map(rows),
      ...(hasPast ? past.map((name) => cache(name, 'past')) : []),
      value('last_keys', ['batch'], INT32),
      value('keys', [1], INT32),
    ],
    output: [rows('out'), ...['present_k', 'present_v'].map((name) => cache(name, 'present'))],
  };
  const opsetImport = [
    { domain: '', version: 17 },
    { domain: 'com.microsoft', version: 1 },
  ];
  const message = root.lookupType('Model');
  return message.encode(message.fromObject({ irVersion: 8, graph, opsetImport })).finish();
}
