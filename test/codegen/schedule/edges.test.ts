// Graphs at the edges of what schedules serve, built by hand: values read beyond their first and last place, tensors over
// scores, heads in no regular groups, two normalisers, and names that meet.
import { describe, expect, it } from 'vitest';
import { type ScheduleKind, schedule, scheduleKinds } from '../../../codegen/schedule/index.js';
import { interpretProgram } from '../../../codegen/tile/interpreter/interpret.js';
import { randomInputs } from '../../../src/checking/index.js';
import { HeddleError } from '../../../src/diagnostics/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import {
  apply,
  columnDomain,
  contractOverKeys,
  dotNode,
  type Expression,
  fillNode,
  float,
  type Graph,
  history,
  integer,
  length,
  logSumExpNode,
  mapNodeOver,
  type Node,
  normalisedNode,
  outputDomain,
  read,
  readHere,
  rowDomain,
  scoreDomain,
  statisticsNodes,
  type TensorNode,
  tensorNode,
  topological,
  variable,
} from '../../../src/ir/index.js';
import { hostTensor, largestFinite } from '../../../src/tensors/index.js';
import { b, h, i, j, plus, times } from '../../support/terms.js';

const heads = 3;
const causal = apply('lessOrEqual', j, i);

const q = tensorNode('q', 'queries', outputDomain(heads, 3));
const k = tensorNode('k', 'keys', columnDomain(heads, 3));
const v = tensorNode('v', 'values', columnDomain(heads, 2));
const scores = dotNode(q, k);

const map = (value: Expression): Node => mapNodeOver(scoreDomain(heads), value);
const hide = (node: Node, otherwise: number, mask = causal): Node => fillNode(node, mask, otherwise);
const softmax = (node: Node): Node => normalisedNode(node, statisticsNodes(node, undefined));
const attention = (logits: Node): Node => contractOverKeys(softmax(hide(logits, Number.NEGATIVE_INFINITY)), v);

function graphOf(out: Node, ...further: readonly { readonly name: string; readonly node: Node }[]): Graph {
  const outputs = [{ name: 'out', node: out }, ...further];
  const inputs = topological({ inputs: [], outputs }).filter((node): node is TensorNode => node.op === 'tensor');
  return { name: 'edge', settings: {}, inputs, outputs };
}

const rowTensor = tensorNode('rows', 'tensor', rowDomain(heads));
const rowValue = mapNodeOver(rowDomain(heads), apply('exponential', readHere(rowTensor)));
const keyTensor = tensorNode('columns', 'tensor', [{ kind: 'batch' }, { kind: 'key' }]);
const keyValue = mapNodeOver(keyTensor.domain, apply('exponential', readHere(keyTensor)));
const bias = tensorNode('bias', 'tensor', scoreDomain(heads));
const factor = tensorNode('factor', 'parameter', []);
const statistics = tensorNode('statistics', 'tensor', rowDomain(heads));

/** One of the heads. */
const chosen = (head: Expression): Expression => apply('remainder', head, integer(heads));

const neighbours = (node: Node, rows: number, columns: number): Expression =>
  plus(readHere(node), times(float(0.5), read(node, [b, h, plus(i, rows), plus(j, columns)])));

/** What does not serve where no score is read at another row, key or head: nothing need be kept for that. */
const inPlace: readonly ScheduleKind[] = ['slab'];

const cases: Readonly<Record<string, { readonly graph: Graph; readonly not?: readonly ScheduleKind[] }>> = {
  'a row value of the row above': {
    not: inPlace,
    graph: graphOf(attention(map(times(readHere(scores), read(rowValue, [b, h, plus(i, -1)]))))),
  },
  'a row value of the row below': {
    not: inPlace,
    graph: graphOf(attention(map(times(readHere(scores), read(rowValue, [b, h, plus(i, 1)]))))),
  },
  'a column value of the key before and of the key behind': {
    not: inPlace,
    graph: graphOf(
      attention(
        map(
          plus(readHere(scores), apply('subtract', read(keyValue, [b, plus(j, -1)]), read(keyValue, [b, plus(j, 2)]))),
        ),
      ),
    ),
  },
  'a row value of the next head, 0 behind the last': {
    not: inPlace,
    graph: graphOf(attention(map(times(readHere(scores), read(rowValue, [b, plus(h, 1), i]))))),
  },
  'a tensor over scores, in place and beside': {
    not: inPlace,
    graph: graphOf(
      attention(map(plus(readHere(scores), plus(readHere(bias), read(bias, [b, h, plus(i, -1), plus(j, 1)]))))),
    ),
  },
  'scores that are a tensor': { not: inPlace, graph: graphOf(attention(map(readHere(bias)))) },
  'a neighbour in a row below, in a column ahead': {
    graph: graphOf(attention(map(neighbours(hide(scores, 0), 1, 2)))),
  },
  'neighbours of neighbours': {
    graph: graphOf(attention(map(neighbours(map(neighbours(hide(scores, 0.25), -1, 1)), -2, -1)))),
  },
  'a sum of scores of two ages, read beside its place': {
    graph: graphOf(
      attention(
        map(
          neighbours(
            map(
              plus(
                readHere(hide(map(neighbours(scores, -2, 0)), 0.25)),
                readHere(map(apply('sine', readHere(map(neighbours(scores, 0, 1)))))),
              ),
            ),
            1,
            1,
          ),
        ),
      ),
    ),
  },
  'weights of neighbouring rows, read twice': {
    graph: graphOf(
      contractOverKeys(
        map(neighbours(map(neighbours(softmax(hide(scores, Number.NEGATIVE_INFINITY)), -1, 1)), -2, 1)),
        v,
      ),
    ),
    not: ['online'],
  },
  'heads that read one another in no groups': {
    graph: graphOf(
      attention(map(plus(readHere(scores), read(scores, [b, apply('floorDivide', plus(h, 1), integer(2)), i, j])))),
    ),
  },
  'a head that the row chooses, of scores and of weights': {
    graph: graphOf(
      contractOverKeys(
        map(
          read(
            softmax(
              hide(
                map(plus(readHere(scores), read(scores, [b, chosen(plus(h, i)), plus(i, -1), j]))),
                Number.NEGATIVE_INFINITY,
              ),
            ),
            [b, chosen(i), i, j],
          ),
        ),
        v,
      ),
    ),
  },
  'a head that the row chooses, of what the sum with v gives': {
    not: inPlace,
    graph: graphOf(
      mapNodeOver(outputDomain(heads, 2), read(attention(scores), [b, chosen(plus(h, i)), i, variable('d')])),
    ),
  },
  'a window, behind which nothing is seen': {
    graph: graphOf(
      attention(hide(map(neighbours(scores, -1, -2)), 0, apply('less', apply('subtract', i, j), integer(3)))),
    ),
  },
  'two normalisers of scores that differ in their masks': {
    graph: graphOf(
      contractOverKeys(
        map(
          apply(
            'subtract',
            readHere(softmax(hide(scores, Number.NEGATIVE_INFINITY))),
            times(
              float(0.5),
              readHere(
                softmax(
                  hide(map(neighbours(scores, -1, 0)), Number.NEGATIVE_INFINITY, apply('less', j, length('key'))),
                ),
              ),
            ),
          ),
        ),
        v,
      ),
    ),
  },
  'a factor of weights that overflows where it is hidden': {
    not: inPlace,
    graph: graphOf(
      contractOverKeys(
        map(
          times(
            readHere(softmax(hide(scores, Number.NEGATIVE_INFINITY))),
            apply('exponential', readHere(hide(map(apply('select', causal, float(0), float(1000))), 0))),
          ),
        ),
        v,
      ),
    ),
  },
  'an input that is called as workspace would be': {
    not: inPlace,
    graph: graphOf(attention(map(plus(readHere(scores), read(statistics, [b, h, i])))), {
      name: 'scores',
      node: logSumExpNode(statisticsNodes(hide(scores, Number.NEGATIVE_INFINITY), undefined)),
    }),
  },
};

const weights = softmax(hide(scores, Number.NEGATIVE_INFINITY));
const mixed = map(
  plus(readHere(weights), times(read(rowValue, [b, h, i]), read(weights, [b, chosen(plus(h, 1)), i, j]))),
);
const mixedTwice = map(
  apply('subtract', times(float(0.5), readHere(mixed)), read(mixed, [b, chosen(plus(h, 2)), i, j])),
);
const factors: typeof cases = {
  'weights that are mixed by a value of rows, and mixed again': { graph: graphOf(contractOverKeys(mixedTwice, v)) },
  'weights that are mixed by a value of keys': {
    graph: graphOf(contractOverKeys(map(times(readHere(mixed), read(keyValue, [b, j]))), v)),
  },
  'weights that are mixed and hidden': {
    graph: graphOf(contractOverKeys(hide(mixedTwice, 0, apply('less', j, i)), v)),
  },
  'weights that are hidden between two mixes': {
    graph: graphOf(contractOverKeys(map(plus(readHere(hide(mixed, 0, apply('less', j, i))), readHere(weights))), v)),
  },
};

const shapes = [
  { batch: 1, queries: 1, keys: 1, rows: 1 },
  { batch: 2, queries: 7, keys: 7, rows: 7 },
  { batch: 1, queries: 13, keys: 17, rows: 5 },
];

describe.each(Object.entries({ ...cases, ...factors }))('%s', (_, { graph, not = [] }) => {
  it.each(scheduleKinds)('%s', (kind) => {
    const program = () => schedule(graph, { kind, candidates: [{ rows: 4, columns: 3, band: 8, shares: 3 }] }).program;
    if (not.includes(kind)) {
      expect(program).toThrow(HeddleError);
      return;
    }
    for (const shape of shapes) {
      expect(shape.queries).toBeGreaterThanOrEqual(Math.min(shape.keys, shape.rows + history(graph)));
      const inputs = randomInputs(graph, shape, 3);
      const gold = interpret(graph, inputs, { rows: shape.rows });
      for (const alwaysPartial of [false, true]) {
        const outputs = interpretProgram(program(), inputs, shape, { alwaysPartial });
        for (const [name, { data }] of gold) {
          for (const [n, value] of data.entries())
            expect(outputs.get(name)!.data[n], `${name} ${n}`).toBeCloseTo(value, 4);
        }
      }
    }
  });
});

it.each([
  ['as they are', (weights: Node) => weights],
  ['behind a mask', (weights: Node) => hide(weights, 0)],
])('a factor near the end of float32 is applied to what has been divided, %s', (_, masked) => {
  const lowest = -largestFinite('f32') / 2;
  const scaled = masked(map(times(read(factor, []), readHere(softmax(hide(scores, Number.NEGATIVE_INFINITY))))));
  const graph = graphOf(contractOverKeys(scaled, v));
  const shape = { batch: 1, queries: 9, keys: 9, rows: 9 };
  const inputs = new Map([...randomInputs(graph, shape, 3), ['factor', hostTensor([], [lowest])]]);
  for (const name of ['q', 'v']) inputs.get(name)!.data.fill(name === 'q' ? 0 : 1);
  for (const kind of ['online', 'decode'] as const) {
    const { program } = schedule(graph, { kind, candidates: [{ rows: 4, columns: 3 }] });
    for (const value of interpretProgram(program, inputs, shape).get('out')!.data)
      expect(value / lowest).toBeCloseTo(1);
  }
});
