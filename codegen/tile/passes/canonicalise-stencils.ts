// Canonicalise stencils: counters run so that the key, and else the query, that a tap reads grows with them, and those of
// queries come before those of keys. A transposed stencil, whose taps read backwards, is then the same operation as any.
import { affine, type Counter, type Expression, mapReads, substitute } from '../../../src/ir/index.js';
import type { StencilOperation } from '../operations/stencil.js';
import { minus, simplified } from '../scalars.js';
import { eachKernel, type TilePass } from './pass.js';
import { rewriteKernel } from './rewrite.js';

export const canonicaliseStencils: TilePass = {
  name: 'canonicalise stencils',
  run(program) {
    const turned = new Substitutions();
    return eachKernel(program, (kernel) =>
      rewriteKernel(kernel, {
        assignment(statement) {
          const { operation } = statement;
          const canonical = operation.op === 'stencil' ? canonicalised(operation, turned) : operation;
          return [canonical === operation ? statement : { ...statement, operation: canonical }];
        },
      }),
    );
  },
};

/** Stencils that share a weight still share it: targets make one table of it. */
class Substitutions {
  private readonly known = new Map<Expression, Map<string, Expression>>();

  turn(expression: Expression, counters: readonly Counter[]): Expression {
    if (counters.length === 0) return expression;
    const key = counters.map(({ name, extent }) => `${name} < ${extent}`).join();
    const turned = this.known.get(expression) ?? new Map<string, Expression>();
    this.known.set(expression, turned);
    const found = turned.get(key) ?? turnedBy(expression, counters);
    turned.set(key, found);
    return found;
  }
}

/** The expression at n - 1 - u for each u, and indices as simple as they were. */
function turnedBy(expression: Expression, counters: readonly Counter[]): Expression {
  const last = counters.map(({ name, extent }) => [name, minus(extent - 1, name)] as const);
  const turned = mapReads(substitute(expression, new Map(last)), (read) => ({
    ...read,
    index: read.index.map(simplified),
  }));
  return turned.type === 'int' ? simplified(turned) : turned;
}

/** By how much an offset grows from one step of a counter to the next. */
function growth(offset: Expression, counter: Counter): number {
  const term = affine(offset)?.terms.find(({ factor }) => factor.kind === 'variable' && factor.name === counter.name);
  return term?.coefficient ?? 0;
}

function canonicalised(operation: StencilOperation, turned: Substitutions): StencilOperation {
  const { counters, queryOffset, keyOffset, weight, guard } = operation;
  const backwards = counters.filter((counter) => (growth(keyOffset, counter) || growth(queryOffset, counter)) < 0);
  const isOfKeys = (counter: Counter): boolean => growth(keyOffset, counter) !== 0;
  const ordered = [...counters.filter((each) => !isOfKeys(each)), ...counters.filter(isOfKeys)];
  if (backwards.length === 0 && ordered.every((each, n) => each === counters[n])) return operation;
  const turn = (expression: Expression): Expression => turned.turn(expression, backwards);
  return {
    ...operation,
    counters: ordered,
    queryOffset: turn(queryOffset),
    keyOffset: turn(keyOffset),
    weight: turn(weight),
    ...(guard ? { guard: turn(guard) } : {}),
  };
}
