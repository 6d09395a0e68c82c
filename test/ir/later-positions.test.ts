// Whether sequences may be cut behind a row: held against the interpreter on examples and random graphs, and against masks
// written by hand whose answer is plain.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomInputs } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import { type CallSizes, type Domain, type Graph, laterDependence, parse } from '../../src/ir/index.js';
import { type HostTensor, hostTensor, stridesOf } from '../../src/tensors/index.js';
import { exampleGraph } from '../support/example-graphs.js';
import { exampleCases } from '../support/examples.js';
import { randomGraphs } from '../support/random-graph.js';

const isCut = (kind: Domain[number]['kind']): boolean => kind === 'query' || kind === 'key' || kind === 'position';

/** The first entries along all axes of positions. */
function cut({ shape, data, dtype }: HostTensor, domain: Domain, length: number): HostTensor {
  const smaller = shape.map((size, n) => (isCut(domain[n]!.kind) ? length : size));
  const [from, to] = [stridesOf(shape), stridesOf(smaller)];
  const out = hostTensor(smaller, undefined, dtype);
  for (let flat = 0; flat < out.data.length; flat += 1) {
    const place = to.reduce((sum, stride, n) => sum + (Math.floor(flat / stride) % smaller[n]!) * from[n]!, 0);
    out.data[flat] = data[place]!;
  }
  return out;
}

/** Whether the rows up to a cut are the same, to the bit, with what stands after it and without. */
function isUnmoved(graph: Graph, sizes: CallSizes, length: number): boolean {
  const inputs = randomInputs(graph, sizes, 3);
  const shorter = new Map(graph.inputs.map(({ name, domain }) => [name, cut(inputs.get(name)!, domain, length)]));
  const [whole, part] = [interpret(graph, inputs), interpret(graph, shorter)];
  return graph.outputs.every(({ name, node }) => {
    const expected = cut(whole.get(name)!, node.domain, length).data;
    return part.get(name)!.data.every((value, n) => Object.is(value + 0, expected[n]! + 0));
  });
}

/** Examples that show keys after a row, and one whose tables alone say that they hide them. */
const shows = [
  'bidirectional',
  'blockDiffusion',
  'globalLocal',
  'learnedBias',
  'neighbourhood2d',
  'prefixLm',
  't5',
  'treeMask',
];

describe('laterDependence', () => {
  it.each(exampleCases.map(({ name }) => name))('of %s', async (name) => {
    const { settings, sizes } = exampleCases.find((each) => each.name === name)!;
    const graph = await exampleGraph(name, settings);
    const why = laterDependence(graph);
    expect(why === undefined, why).toBe(!shows.includes(name));
    if (why !== undefined) return;
    const whole = { ...sizes, queries: sizes.keys };
    for (const length of [1, 4, 7]) expect(isUnmoved(graph, whole, length), `cut at ${length}`).toBe(true);
  });

  it('says nothing of random graphs that is not so', () => {
    let mayBeCut = 0;
    fc.assert(
      fc.property(randomGraphs, (graph) => {
        if (laterDependence(graph) !== undefined) return;
        mayBeCut += 1;
        for (const length of [2, 5]) expect(isUnmoved(graph, { batch: 1, queries: 7, keys: 7 }, length)).toBe(true);
      }),
      { numRuns: 150, seed: 5 },
    );
    expect(mayBeCut).toBeGreaterThan(15);
  });

  const masked = (mask: string, logits: string | undefined, hidden = '-Infinity'): Graph =>
    parse(`
    graph masked
    tensor q[b, h:2, i, d:2]: queries
    tensor k[b, h:2, j, d:2]: keys
    tensor v[b, h:2, j, d:2]: values
    tensor doc[b, p]: integers
    tensor bias[h:2, i, j]: tensor
    dot %1[b, h:2, i, j] = q · k
    map %2[b, h:2, i, j] "logits" = ${logits ?? '%1[b, h, i, j]'}
    fill %3[b, h:2, i, j] = %2 where ${mask} else ${hidden}
    reduce %4[b, h:2, i] = logSumExp(j) %3[b, h, i, j]
    map %5[b, h:2, i, j] = expdiff(%3[b, h, i, j], %4[b, h, i])
    contract %6[b, h:2, i, d:2] = %5 · v over j
    output out = %6
  `);

  it.each<readonly string[]>([
    ['j <= i'],
    ['j < i'],
    ['i - j >= 0'],
    ['j <= i && (j < 3 || doc[b, j] == doc[b, i])'],
    ['j <= i && i - j < 4 || j == i'],
    ['doc[b, j] == doc[b, i] && 2 * j <= 2 * i'],
    ['j <= i - h'],
    ['j + h <= i'],
    ['!(j > i)'],
    ['j <= i', '%1[b, h, i - 1, j - 2] + bias[h, i, j]'],
    ['j <= i', 'j <= i ? %1[b, h, i, j] : 0.0'],
    ['j <= i', '%1[b, h, i, j] * float(doc[b, j])'],
  ])('may cut behind rows under %s of %s', (mask, logits?: string) => {
    const graph = masked(mask, logits);
    expect(laterDependence(graph)).toBeUndefined();
    expect(isUnmoved(graph, { batch: 1, queries: 7, keys: 7 }, 4)).toBe(true);
  });

  const hides = /no mask is known to hide/;
  it.each([
    ['j <= i || j < 3', undefined, hides],
    ['j <= i + h', undefined, hides],
    ['j / 2 <= i / 2', undefined, hides],
    ['doc[b, j] <= doc[b, i]', undefined, hides],
    ['i <= j', undefined, hides],
    ['true', undefined, hides],
    ['j <= i', '%1[b, h, i, j + 1]', /`logits` reads a dot at later keys/],
    ['j <= i', '%1[b, h, i + 1, j]', /`logits` reads a dot at later rows/],
    ['j <= i', '%1[b, h, i, j] + bias[h, i + 1, j]', /`logits` reads a tensor at later rows/],
    ['j <= i', '%1[b, h, i, j] * float(doc[b, j + 1])', /later keys/],
    ['j <= i', '%1[b, h, i, j] * float(doc[b, 2])', /a place that does not follow its row/],
    ['j <= i', '%1[b, h, i, j] * float(Tk)', /how many positions there are/],
  ])('may not under %s of %s', (mask, logits, why) => {
    expect(laterDependence(masked(mask, logits))).toMatch(why);
  });

  it('of masks that put another number than the neutral one', () => {
    expect(laterDependence(masked('j <= i', undefined, '0.0'))).toMatch(hides);
  });
});
