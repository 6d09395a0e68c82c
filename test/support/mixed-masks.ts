// Heads that look at different sides of a row, with a second gate that is hidden alike: they are mixed, and all heads of the output take
// the first one of the mix, at another place. What one head is made of is wanted where each of the others looks.
import {
  accumulate,
  apply,
  columnDomain,
  contractOverKeys,
  dotNode,
  extent,
  fillNode,
  type Graph,
  head,
  integer,
  mapNodeOver,
  normalisedNode,
  outputDomain,
  read,
  readHere,
  scoreDomain,
  statisticsNodes,
  type TensorNode,
  tensorNode,
  topological,
} from '../../src/ir/index.js';
import { b, c, h, i, j, minus, modulo, plus, times } from './terms.js';

const heads = 2;
const domain = scoreDomain(heads);
const scoresOf = (suffix: string) =>
  dotNode(
    tensorNode(`q${suffix}`, 'queries', outputDomain(heads, 2)),
    tensorNode(`k${suffix}`, 'keys', columnDomain(1, 2)),
  );

const isFirst = apply('equal', h, integer(0));
const isVisible = apply('select', isFirst, apply('lessOrEqual', j, i), apply('lessOrEqual', i, j));
const logits = fillNode(scoresOf(''), isVisible, Number.NEGATIVE_INFINITY);
const weights = normalisedNode(logits, statisticsNodes(logits, undefined));
const gate = fillNode(
  mapNodeOver(domain, apply('hyperbolicTangent', readHere(scoresOf('2')))),
  apply('and', isVisible, apply('equal', modulo(minus(i, j), 2), integer(0))),
  0,
);
const gated = mapNodeOver(domain, minus(readHere(weights), readHere(gate)));
const mix = tensorNode('mix', 'parameter', [head(heads), extent(heads)]);
const mixed = mapNodeOver(
  domain,
  accumulate('sum', [{ name: 'c', extent: heads }], times(read(mix, [h, c]), read(gated, [b, c, i, j]))),
);
const shifted = mapNodeOver(domain, read(mixed, [b, integer(0), plus(i, 1), plus(j, 2)]));
const outputs = [{ name: 'out', node: contractOverKeys(shifted, tensorNode('v', 'values', columnDomain(1, 3))) }];

export const mixedMasks: Graph = {
  name: 'mixed_masks',
  settings: {},
  inputs: topological({ inputs: [], outputs }).filter((node): node is TensorNode => node.op === 'tensor'),
  outputs,
};
