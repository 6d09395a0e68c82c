// The verifier: sound graphs pass, and each way of breaking one rule is found under the code of that rule.
// Graphs are broken by hand, object by object, as no constructor would make them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientGraph } from '../../src/autodiff/index.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import {
  apply,
  type Contents,
  type Expression,
  extent,
  float,
  type Graph,
  head,
  integer,
  type Node,
  type NodeOf,
  parse,
  read,
  readHere,
  rewrite,
  type TensorNode,
  tensorNode,
  variable,
  verify,
  violations,
} from '../../src/ir/index.js';
import { randomGraphs } from '../support/random-graph.js';

const sound = parse(`graph g
tensor q[b, h:4, i, d:8]: queries
tensor k[b, h:2, j, d:8]: keys
tensor v[b, h:2, j, d:8]: values
tensor theta[h:4, x:3]: parameter = x == 1 ? 1.0 : 0.0
tensor document[b, p]: integers
tensor rows[b, i]: tensor
dot %1[b, h:4, i, j] = q · k
map %2[b, h:4, i, j] "stencil" = sum(c0 < 3) theta[h, c0] * %1[b, h, i, j - c0] + rows[b, i - 1]
fill %3[b, h:4, i, j] = %2 where j <= i && document[b, i] == document[b, j] else -Infinity
reduce %4[b, h:4, i] = logSumExp(j) %3[b, h, i, j]
map %5[b, h:4, i, j] = expdiff(%3[b, h, i, j], %4[b, h, i])
contract %6[b, h:4, i, d:8] = %5 · v over j
contract %7[b, h:2, j, d:8] = %5 · %6 over i
rowmap %8[b, h:4, i, d:8] = %6[b, h, i, 7 - d] * 0.5
bin %9[x:4] = sum(b, n in h:4, i, j) %5[b, n, i, j] at [minimum(abs(i - j), 3)]
output out = %8
output keys = %7
output table = %9
`);

/** The sound graph with its nodes of one kind changed. */
function broken<Op extends Node['op']>(op: Op, change: (node: NodeOf<Op>) => object): Graph {
  return rewrite(sound, (node) => (node.op === op ? ({ ...node, ...change(node as NodeOf<Op>) } as Node) : node));
}

/** The sound graph with the value of its stencil replaced. */
const withValue = (value: (node: NodeOf<'map'>) => Expression): Graph =>
  broken('map', (node) => (node.label === 'stencil' ? { value: value(node) } : {}));

const scoresOf = (node: NodeOf<'map'>): Node => {
  let found: Node | undefined;
  const visit = (part: Expression): void => {
    if (part.kind === 'read' && part.source.op === 'dot') found = part.source;
    if (part.kind === 'apply') part.operands.forEach(visit);
    if (part.kind === 'accumulate') visit(part.body);
  };
  visit(node.value);
  return found!;
};

/** A read of the scores with some indices replaced. */
const scoreAt = (changed: Readonly<Record<string, Expression>>): Graph =>
  withValue((node) => readHere(scoresOf(node), changed));

/** The sound graph with a tensor more, which says what it holds. */
const withExtra = (role: 'tensor' | 'integers', contents: Contents): Graph => {
  const extra = tensorNode('extra', role, [{ kind: 'key' }], { contents });
  return { ...sound, inputs: [...sound.inputs, extra] };
};

const withTensor = (name: string, change: (node: TensorNode) => object): Graph => {
  const before = sound.inputs.find((input) => input.name === name)!;
  const after = { ...before, ...change(before) } as TensorNode;
  const replaced = (node: Node): Node => (node === before ? after : node);
  const graph = rewrite(sound, (node) => {
    if (node.op === 'dot') return { ...node, x: replaced(node.x), y: replaced(node.y) };
    if (node.op === 'contract') return { ...node, operand: replaced(node.operand) };
    return node;
  });
  return { ...graph, inputs: graph.inputs.map((input) => (input === before ? after : input)) };
};

const [h, i, j] = ['h', 'i', 'j'].map(variable) as unknown as readonly [Expression, Expression, Expression];
const q = sound.inputs[0]!;
const theta = sound.inputs[3]!;
const documents = sound.inputs[4]!;
const badApply = (fields: object): Expression => ({ ...apply('add', float(1), float(2)), ...fields }) as Expression;

const breaks: readonly (readonly [what: string, code: string, graph: () => Graph])[] = [
  ['a variable that nothing binds', 'HD5001', () => withValue(() => apply('toFloat', variable('z')))],
  ['a variable of an inner sum outside of it', 'HD5001', () => withValue(() => read(theta, [h, variable('c0')]))],
  [
    'a variable of the domain in a bin',
    'HD5001',
    () => broken('bin', () => ({ value: apply('toFloat', variable('x')) })),
  ],
  ['a value that is an integer', 'HD5002', () => withValue(() => i)],
  ['an integer added to a float', 'HD5002', () => withValue(() => badApply({ operands: [float(1), integer(2)] }))],
  ['a wrong result type', 'HD5002', () => withValue(() => badApply({ type: 'bool' }))],
  ['a mask that is a number', 'HD5002', () => broken('fill', () => ({ mask: i }))],
  ['an index that is a float', 'HD5002', () => withValue(() => read(theta, [h, float(1)]))],
  [
    'integers read as floats',
    'HD5002',
    () => withValue(() => ({ ...read(documents, [variable('b'), i]), type: 'float' })),
  ],
  ['too few indices', 'HD5003', () => withValue((node) => read(scoresOf(node), [variable('b'), h, i]))],
  ['too few places in a bin', 'HD5003', () => broken('bin', () => ({ index: [] }))],
  ['another batch entry', 'HD5004', () => scoreAt({ b: apply('add', variable('b'), integer(1)) })],
  ['batch entry 0', 'HD5004', () => scoreAt({ b: integer(0) })],
  ['a diagonal', 'HD5005', () => scoreAt({ i: j })],
  ['a stride', 'HD5005', () => scoreAt({ j: apply('multiply', integer(2), j) })],
  ['a fixed key', 'HD5005', () => scoreAt({ j: integer(0) })],
  [
    'an offset that depends on data',
    'HD5005',
    () => scoreAt({ j: apply('add', j, apply('remainder', read(documents, [variable('b'), i]), integer(2))) }),
  ],
  [
    'an offset that depends on the position',
    'HD5005',
    () => scoreAt({ j: apply('add', j, apply('remainder', i, integer(2))) }),
  ],
  ['rows of a tensor by the key', 'HD5005', () => withValue(() => read(sound.inputs[5]!, [variable('b'), j]))],
  ['a head without a bound', 'HD5006', () => scoreAt({ h: apply('add', h, i) })],
  [
    'a feature without a bound',
    'HD5006',
    () =>
      broken('rowmap', (node) => ({
        value: read((node.value as unknown as { operands: [{ source: Node }] }).operands[0].source, [
          variable('b'),
          h,
          i,
          i,
        ]),
      })),
  ],
  [
    'a mask that reads scores',
    'HD5007',
    () => broken('fill', (node) => ({ mask: apply('less', readHere(node.value), float(0)) })),
  ],
  ['queries on the right of a dot', 'HD5008', () => broken('dot', () => ({ y: q }))],
  [
    'a dot of different features',
    'HD5008',
    () => withTensor('k', () => ({ domain: parse('graph g\ntensor k[b, h:2, j, d:9]: keys').inputs[0]!.domain })),
  ],
  [
    'a dot over fewer heads than it has',
    'HD5008',
    () => broken('dot', (node) => ({ domain: node.domain.map((axis) => (axis.kind === 'head' ? head(2) : axis)) })),
  ],
  ['a fill over another domain', 'HD5008', () => broken('fill', (node) => ({ domain: node.domain.slice(0, 3) }))],
  [
    'a contract of weights with queries',
    'HD5008',
    () => broken('contract', (node) => (node.over === 'key' ? { operand: q } : {})),
  ],
  [
    'heads that do not divide',
    'HD5009',
    () => withTensor('v', () => ({ domain: parse('graph g\ntensor v[b, h:3, j, d:8]: values').inputs[0]!.domain })),
  ],
  [
    'an iteration over a kept variable',
    'HD5010',
    () => broken('reduce', () => ({ over: [{ variable: 'i', axis: { kind: 'key' } }] })),
  ],
  [
    'an iteration variable that is no name',
    'HD5010',
    () => broken('reduce', (node) => ({ over: [...node.over, { variable: 'Tk', axis: extent(2) }] })),
  ],
  ['two tensors of one name', 'HD5011', () => ({ ...sound, inputs: [...sound.inputs, { ...q }] })],
  ['two outputs of one name', 'HD5011', () => ({ ...sound, outputs: [...sound.outputs, sound.outputs[0]!] })],
  ['a tensor without a name', 'HD5011', () => withTensor('q', () => ({ name: '' }))],
  ['a tensor that is no input', 'HD5012', () => ({ ...sound, inputs: sound.inputs.slice(1) })],
  [
    'counters without canonical names',
    'HD5013',
    () =>
      withValue(() => ({
        kind: 'accumulate',
        type: 'float',
        monoid: 'sum',
        counters: [{ name: 'n', extent: 3 }],
        body: read(theta, [h, variable('n')]),
      })),
  ],
  ['a NaN', 'HD5014', () => withValue(() => float(Number.NaN))],
  ['a fill with NaN', 'HD5014', () => broken('fill', () => ({ otherwise: Number.NaN }))],
  ['a float beyond float32', 'HD5014', () => withValue(() => float(1e39))],
  ['a float that is 0 in float32', 'HD5014', () => withValue(() => float(-1e-60))],
  ['a fill beyond float32', 'HD5014', () => broken('fill', () => ({ otherwise: -1e39 }))],
  ['an integer with a fraction', 'HD5014', () => withValue(() => apply('toFloat', integer(0.5)))],
  [
    'a truth value of 2',
    'HD5014',
    () => broken('fill', () => ({ mask: { kind: 'constant', type: 'bool', value: 2 } })),
  ],
  ['two query axes', 'HD5015', () => broken('map', (node) => ({ domain: [...node.domain, { kind: 'query' }] }))],
  ['an axis of size 0', 'HD5015', () => broken('bin', () => ({ domain: [extent(0)] }))],
  ['a rowmap without features', 'HD5015', () => broken('map', () => ({ op: 'rowmap' }))],
  ['floats in the role of integers', 'HD5016', () => withTensor('q', () => ({ dtype: 'int' }))],
  ['queries over keys', 'HD5016', () => withTensor('q', () => ({ domain: sound.inputs[1]!.domain }))],
  ['an initial value of a tensor', 'HD5016', () => withTensor('q', () => ({ initial: { law: 'normal', size: 1 } }))],
  ['contents of queries', 'HD5016', () => withTensor('q', () => ({ contents: { from: 0 } }))],
  ['floats up to a length', 'HD5016', () => withExtra('tensor', { to: { length: 'key', less: 0 } })],
  ['floats without an end', 'HD5016', () => withExtra('tensor', { to: Number.POSITIVE_INFINITY })],
  ['integers up to a fraction', 'HD5016', () => withExtra('integers', { to: 0.5 })],
  ['integers beyond 32 bits', 'HD5016', () => withExtra('integers', { from: 2 ** 31 })],
  ['integers from nothing', 'HD5016', () => withExtra('integers', { from: 1, to: 0 })],
  [
    'an initial value that reads',
    'HD5016',
    () => {
      const initial = { law: 'expression', value: read(q, [h, h, h, h]) } as const;
      return { ...sound, inputs: [...sound.inputs, { ...theta, name: 'other', initial }] };
    },
  ],
  ['division by 0', 'HD5017', () => withValue(() => apply('toFloat', apply('floorDivide', i, integer(0))))],
  ['a remainder by what may be 0', 'HD5017', () => withValue(() => apply('toFloat', apply('remainder', i, h)))],
  [
    'a negative extent',
    'HD5018',
    () =>
      withValue(() => ({
        kind: 'accumulate',
        type: 'float',
        monoid: 'sum',
        counters: [{ name: 'c0', extent: -1 }],
        body: float(1),
      })),
  ],
  ['operands too many', 'HD5018', () => withValue(() => badApply({ operands: [float(1), float(2), float(3)] }))],
  [
    'integers far beyond 32 bits',
    'HD5020',
    () => withValue(() => apply('toFloat', apply('multiply', i, integer(2 ** 30)))),
  ],
  [
    'a remainder of integers beyond 32 bits',
    'HD5020',
    () => withValue(() => apply('toFloat', apply('remainder', apply('multiply', i, integer(4096)), integer(7)))),
  ],
  ['no outputs', 'HD5019', () => ({ ...sound, outputs: [] })],
  ['half a row of history', 'HD5019', () => ({ ...sound, history: 0.5 })],
];

describe('the verifier', () => {
  it('passes sound graphs', () => {
    expect(violations(sound)).toEqual([]);
    fc.assert(
      fc.property(randomGraphs, (graph) => {
        verify(graph);
        verify(gradientGraph({ ...graph, outputs: graph.outputs.slice(0, 1) }));
      }),
      { numRuns: 60 },
    );
  });

  for (const [what, code, graph] of breaks) {
    it(`finds ${what}: ${code}`, () => {
      const found = violations(graph());
      expect(found.map((each) => each.code)).toContain(code);
      for (const { message, hint } of found) expect(`${message}${hint}`).not.toMatch(/undefined|\[object/);
    });
  }

  it('names the node as the text form does, and throws everything at once', () => {
    const mask = (node: Node & { op: 'fill' }) => apply('less', readHere(node.value), float(0));
    const graph = broken('fill', (node) => ({ otherwise: Number.NaN, mask: mask(node) }));
    try {
      verify(graph);
      expect.unreachable();
    } catch (error) {
      const { diagnostics } = error as HeddleError;
      expect(error).toBeInstanceOf(HeddleError);
      expect(diagnostics.map(({ code }) => code)).toEqual(['HD5014', 'HD5007']);
      expect(diagnostics[0]!.message).toBe('fill %3 has the float constant NaN');
    }
  });

  it('carries the place in the spec', () => {
    const origin = { file: 'a.ts', line: 1, column: 2, endLine: 1, endColumn: 3 };
    const graph = broken('fill', () => ({ otherwise: Number.NaN, origin }));
    expect(violations(graph)[0]!.span).toEqual(origin);
  });
});
