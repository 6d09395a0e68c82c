// What the interpreter promises beyond plain arithmetic: positions, history, rows without visible keys, binding errors.
import { describe, expect, it } from 'vitest';
import { HeddleError } from '../../src/diagnostics/index.js';
import { interpret } from '../../src/interpreter/index.js';
import {
  apply,
  columnDomain,
  contractOverKeys,
  dotNode,
  type Expression,
  fillNode,
  float,
  type Graph,
  integer,
  logSumExpNode,
  mapNodeOver,
  normalisedNode,
  outputDomain,
  read,
  readHere,
  statisticsNodes,
  tensorNode,
  variable,
} from '../../src/ir/index.js';
import { type HostTensor, hostTensor, Random } from '../../src/tensors/index.js';
import { multiTokenAttention } from '../support/multi-token-attention.js';

const twoConvolutions = multiTokenAttention({
  heads: 4,
  kvHeads: 2,
  headDim: 6,
  preQueryKernel: 3,
  preKeyKernel: 5,
  preMix: 2,
  postQueryKernel: 4,
  postKeyKernel: 3,
  postMix: 4,
  norm: 'rms',
});

function inputsOf(graph: Graph, batch: number, queries: number, keys: number): Map<string, HostTensor> {
  const random = new Random(5);
  return new Map(
    graph.inputs.map(({ name, domain }) => {
      const shape = domain.map((axis) =>
        'size' in axis ? axis.size : axis.kind === 'batch' ? batch : axis.kind === 'query' ? queries : keys,
      );
      return [name, random.fork(name).normalTensor(shape)];
    }),
  );
}

/** The last `rows` rows along axis 2. */
function lastRows({ shape, data }: HostTensor, rows: number): HostTensor {
  const [batch, heads, all, ...rest] = shape as [number, number, number, ...number[]];
  const size = rest.reduce((x, y) => x * y, 1);
  const kept: number[] = [];
  for (let outer = 0; outer < batch * heads; outer += 1) {
    kept.push(...data.subarray((outer * all + all - rows) * size, (outer + 1) * all * size));
  }
  return hostTensor([batch, heads, rows, ...rest], kept);
}

const codesOf = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof HeddleError) return error.diagnostics.map(({ code }) => code);
    throw error;
  }
  return [];
};

describe('history', () => {
  const inputs = inputsOf(twoConvolutions, 2, 17, 17);
  const whole = interpret(twoConvolutions, inputs);

  it.each([1, 2, 7])('makes a step of %i rows equal the same rows of a prefill, to the last bit', (rows) => {
    // History: 2 rows before the softmax and 3 behind it.
    const step = new Map(inputs).set('q', lastRows(inputs.get('q')!, rows + 5));
    const outputs = interpret(twoConvolutions, step, { rows });
    for (const [name, tensor] of outputs) expect(tensor, name).toEqual(lastRows(whole.get(name)!, rows));
  });

  it('takes as many rows as the history allows by default, and rejects fewer', () => {
    const step = new Map(inputs).set('q', lastRows(inputs.get('q')!, 8));
    expect(interpret(twoConvolutions, step).get('out')!.shape).toEqual([2, 4, 3, 6]);
    expect(codesOf(() => interpret(twoConvolutions, step, { rows: 4 }))).toEqual(['HD7005']);
    const few = new Map(inputs).set('q', lastRows(inputs.get('q')!, 5));
    expect(codesOf(() => interpret(twoConvolutions, few))).toEqual(['HD7005']);
  });

  it('needs no more rows than there are positions', () => {
    const short = inputsOf(twoConvolutions, 1, 2, 2);
    expect(interpret(twoConvolutions, short, { rows: 1 }).get('out')!.shape).toEqual([1, 4, 1, 6]);
  });
});

describe('rows without a visible key', () => {
  const q = tensorNode('q', 'queries', outputDomain(1, 2));
  const k = tensorNode('k', 'keys', columnDomain(1, 2));
  const v = tensorNode('v', 'values', columnDomain(1, 2));
  const [i, j] = [variable('i'), variable('j')];
  // Row 0 sees nothing; every other row sees the keys before it.
  const graphWith = (sink: Expression | undefined): Graph => {
    const logits = fillNode(dotNode(q, k), apply('less', j, i), Number.NEGATIVE_INFINITY);
    const statistics = statisticsNodes(logits, sink);
    const lse = logSumExpNode(statistics);
    const out = contractOverKeys(normalisedNode(logits, statistics), v);
    return {
      name: 'strict',
      settings: {},
      inputs: [q, k, v],
      outputs: [
        { name: 'out', node: out },
        { name: 'lse', node: lse },
      ],
    };
  };
  const inputs = inputsOf(graphWith(undefined), 1, 3, 3);

  it('gives zeros, and −Infinity as the log-sum-exp', () => {
    const outputs = interpret(graphWith(undefined), inputs);
    expect([...outputs.get('out')!.data.subarray(0, 2)]).toEqual([0, 0]);
    expect(outputs.get('lse')!.data[0]).toBe(Number.NEGATIVE_INFINITY);
    expect([...outputs.get('out')!.data.subarray(2, 4)]).toEqual([...inputs.get('v')!.data.subarray(0, 2)]);
  });

  it('gives zeros, and the sink alone as the log-sum-exp', () => {
    const outputs = interpret(graphWith(float(0.25)), inputs);
    expect([...outputs.get('out')!.data.subarray(0, 2)]).toEqual([0, 0]);
    expect(outputs.get('lse')!.data[0]).toBe(0.25);
  });
});

describe('reads', () => {
  const q = tensorNode('q', 'queries', outputDomain(2, 1));
  const k = tensorNode('k', 'keys', columnDomain(2, 1));
  const [b, h, i, j] = ['b', 'h', 'i', 'j'].map(variable) as [Expression, Expression, Expression, Expression];
  const dot = dotNode(q, k);

  it('are 0 outside of positions and heads', () => {
    const shifted = mapNodeOver(
      dot.domain,
      read(dot, [b, apply('add', h, integer(1)), apply('subtract', i, integer(1)), apply('add', j, integer(2))]),
    );
    const graph: Graph = { name: 'shift', settings: {}, inputs: [q, k], outputs: [{ name: 'out', node: shifted }] };
    const ones = (shape: number[]) => hostTensor(shape, new Float64Array(shape.reduce((x, y) => x * y)).fill(1));
    const inputs = new Map([
      ['q', ones([1, 2, 4, 1])],
      ['k', ones([1, 2, 4, 1])],
    ]);
    const { data } = interpret(graph, inputs).get('out')!;
    const expected = [0, 1].flatMap((head) =>
      [0, 1, 2, 3].flatMap((row) => [0, 1, 2, 3].map((key) => (head === 0 && row >= 1 && key <= 1 ? 1 : 0))),
    );
    expect([...data]).toEqual(expected);
  });

  it('do not observe the side of a select that is not taken', () => {
    const risky = apply('select', apply('lessOrEqual', j, i), readHere(dot), apply('logarithm', float(-1)));
    const graph: Graph = {
      name: 'select',
      settings: {},
      inputs: [q, k],
      outputs: [
        {
          name: 'out',
          node: mapNodeOver(
            dot.domain,
            apply('absorbingMultiply', apply('select', apply('lessOrEqual', j, i), float(1), float(0)), risky),
          ),
        },
      ],
    };
    const { data } = interpret(graph, inputsOf(graph, 1, 4, 4)).get('out')!;
    expect(data.some(Number.isNaN)).toBe(false);
  });
});

describe('binding', () => {
  const inputs = inputsOf(twoConvolutions, 2, 9, 9);
  const withTensor = (name: string, shape: number[]) => new Map(inputs).set(name, hostTensor(shape));

  it('names every missing tensor', () => {
    const few = new Map([['q', inputs.get('q')!]]);
    expect(() => interpret(twoConvolutions, few)).toThrow(
      /lack `k`, `v`, `theta_pre`, `mix_pre`, `theta_post`, `mix_post`, `gain`.*there are q/,
    );
  });

  it('names what is misshapen and what it should be', () => {
    expect(() => interpret(twoConvolutions, withTensor('theta_pre', [4, 3, 6]))).toThrow(
      /`theta_pre` has shape \[4, 3, 6\].*expected \[4, 3, 5\]/,
    );
    expect(() => interpret(twoConvolutions, withTensor('k', [2, 2, 8, 6]))).toThrow(/expected \[B, 2, Tk, 6\]/);
    expect(() => interpret(twoConvolutions, withTensor('q', [2, 4, 6]))).toThrow(/declared with 4 axes/);
    expect(() => interpret(twoConvolutions, withTensor('q', [1, 4, 9, 6]))).toThrow(/batch axis/);
  });

  it('rejects empty tensors and impossible rows', () => {
    expect(codesOf(() => interpret(twoConvolutions, withTensor('q', [2, 4, 0, 6])))).toEqual(['HD7008']);
    for (const rows of [0, 10, 1.5, Number.NaN])
      expect(codesOf(() => interpret(twoConvolutions, inputs, { rows }))).toEqual(['HD7006']);
  });
});
