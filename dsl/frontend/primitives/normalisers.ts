// softmax and logSumExp: two reductions over the keys and a map, with a sink joined to both where there is one.
// Normalisers of the same scores with the same sink share their statistics.
import {
  asFloat,
  type Expression,
  headsOf,
  logSumExpNode,
  type Node,
  normalisedNode,
  rowDomain,
  sameExpression,
  statisticsNodes,
} from '../../../src/ir/index.js';
import { callElement } from '../element.js';
import type { GraphConstruction } from '../graph-construction.js';
import { numberOf, scalarType } from '../symbolic.js';
import { builtin, type Call, type Value } from '../values.js';
import { graphPhase, optionOf } from './phase.js';
import { handleOf, indexSlots } from './values.js';

/** The sink's logit at (b, h, i), from a number or a function of head and query. */
function sinkOf(scores: Node, call: Call): Expression | undefined {
  const sink: Value = optionOf(call.values[1], 'sink');
  if (sink === undefined) return undefined;
  const { evaluation } = call;
  const isNumber = scalarType(sink) !== undefined;
  const domain = rowDomain(headsOf(scores.domain));
  const slots = indexSlots('rows', domain);
  const logit = isNumber ? sink : callElement({ role: 'sink', domain }, sink, slots, call.at(1), evaluation);
  return asFloat(numberOf(logit, call.at(1), evaluation));
}

function normaliserAt(call: Call): GraphConstruction['normalisers'][number] {
  const graph = graphPhase('softmax', call);
  const scores = handleOf(0, call, 'scores').node;
  const sink = sinkOf(scores, call);
  const known = graph.normalisers.find(
    (each) => each.scores === scores && (sink && each.sink ? sameExpression(sink, each.sink) : sink === each.sink),
  );
  if (known !== undefined) return known;
  const origin = call.evaluation.originOf(call.site);
  const statistics = statisticsNodes(scores, sink, { origin });
  const made = { scores, sink, statistics, logSumExp: logSumExpNode(statistics, { origin }) };
  graph.normalisers.push(made);
  return made;
}

const softmax = builtin('softmax', (call) => {
  const graph = graphPhase('softmax', call);
  const { scores, statistics } = normaliserAt(call);
  const origin = call.evaluation.originOf(call.site);
  return graph.handle('weights', normalisedNode(scores, statistics, { origin }));
});

const logSumExp = builtin('logSumExp', (call) => {
  const graph = graphPhase('logSumExp', call);
  return graph.handle('rows', normaliserAt(call).logSumExp);
});

export const normaliserPrimitives = { softmax, logSumExp };
