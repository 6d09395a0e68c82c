// sum and max: bounded accumulations over one counter or a box of them.
// They are not unrolled: the graph has a construct for them, and a kernel decides what to do with it.
import { accumulate, type Counter, MOST_TERMS, termsOf, variable } from '../../../src/ir/index.js';
import { callElement } from '../element.js';
import { numberOf, withinIntegers } from '../symbolic.js';
import { type Builtin, builtin, type Call, isKind, symbolic } from '../values.js';
import { constantSize } from './inputs.js';

function countersOf(name: string, call: Call): readonly Counter[] {
  const [extent] = call.values;
  const extents = isKind(extent, 'list') ? extent.items : [extent];
  const counters = extents.map((each) =>
    call.evaluation.newCounter(
      constantSize(each, { what: `the extent of ${name}()`, least: 0 }, call.at(0), call.evaluation),
    ),
  );
  const terms = termsOf(counters);
  if (terms > MOST_TERMS) call.evaluation.fail(call.at(0), 'HD1082', { terms, most: MOST_TERMS });
  return counters;
}

const accumulation = (monoid: 'sum' | 'max'): Builtin =>
  builtin(monoid, (call) => {
    const counters = countersOf(monoid, call);
    const slots = counters.map(({ name }) => ({ kind: 'counter' as const, value: symbolic(variable(name)) }));
    const term = callElement({ role: 'term', domain: [] }, call.values[1], slots, call.at(1), call.evaluation);
    const body = numberOf(term, call.at(1), call.evaluation);
    if (counters.some(({ extent }) => extent === 0)) return monoid === 'sum' ? 0 : Number.NEGATIVE_INFINITY;
    if (counters.length === 0) return term;
    return symbolic(withinIntegers(accumulate(monoid, counters, body), call.site, call.evaluation));
  });

export const sumPrimitives = { sum: accumulation('sum'), max: accumulation('max') };
