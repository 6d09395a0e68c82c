// Reverse mode inside one element expression: from a cotangent of the expression to one for each read of a node.
// Each distinct part is visited once, so shared parts cost no more than they did forwards.
import {
  type Algebra,
  accumulate,
  apply,
  type Counter,
  type Expression,
  float,
  fold,
  freeVariables,
  freshlyNamed,
  type Node,
  type OperationName,
  type Read,
  subexpressions,
} from '../ir/index.js';
import { derivatives, type Rule, scaled } from './derivatives.js';

/** What the expression's cotangent gives to the element of `read.source` at `read.index`. */
export interface ReadCotangent {
  readonly read: Read;
  readonly cotangent: Expression;
  /** The counters that occur free in the read's index; the cotangent stands for each of their values. */
  readonly counters: readonly Counter[];
}

/**
 * The cotangents of all reads of nodes that `isActive`, given `seed`, the cotangent of the whole expression. Every
 * result is 0 where the seed is 0. Counters of the result have names of their own.
 */
export function readCotangents(
  root: Expression,
  seed: Expression,
  isActive: (node: Node) => boolean,
): readonly ReadCotangent[] {
  const unique = freshlyNamed(root);
  const all = subexpressions(unique);
  const counters = new Map<string, Counter>();
  for (const each of all) if (each.kind === 'accumulate') for (const one of each.counters) counters.set(one.name, one);

  const active = activeParts(unique, isActive);

  const cotangents = new Map<Expression, Expression>();
  const found: ReadCotangent[] = [];
  /** The counters that `expression` stands inside of, as far as it depends on them. */
  const scopeOf = (expression: Expression): ReadonlySet<string> =>
    new Set([...freeVariables(expression)].filter((name) => counters.has(name)));
  /** Adds a share that is computed in `scope` to a part, summed over the counters that the part does not know. */
  const give = (part: Expression, share: Expression, scope: ReadonlySet<string>): void => {
    const known = scopeOf(part);
    const extra = [...scope].filter((name) => !known.has(name)).map((name) => counters.get(name)!);
    const summed = extra.length === 0 ? share : accumulate('sum', extra, share);
    const before = cotangents.get(part);
    cotangents.set(part, before === undefined ? summed : apply('add', before, summed));
  };

  if (active.has(unique)) cotangents.set(unique, seed);
  for (const expression of [...all].reverse()) {
    const cotangent = cotangents.get(expression);
    if (cotangent === undefined) continue;
    if (expression.kind === 'read') {
      const own = [...scopeOf(expression)].map((name) => counters.get(name)!);
      found.push({ read: expression, cotangent, counters: own });
    } else if (expression.kind === 'apply') {
      const rule: Rule = derivatives[expression.operation];
      const shares = rule(cotangent, expression.operands, expression);
      for (const [n, operand] of expression.operands.entries()) {
        if (active.has(operand) && shares[n] !== undefined) give(operand, shares[n], scopeOf(expression));
      }
    } else if (expression.kind === 'accumulate' && active.has(expression.body)) {
      const inside = new Set([...scopeOf(expression), ...expression.counters.map(({ name }) => name)]);
      const share = expression.monoid === 'sum' ? cotangent : maximumShare(expression, cotangent);
      give(expression.body, share, inside);
    }
  }
  return found.reverse();
}

/** Whether the derivative of an expression after nodes that `isActive` is anything but 0 by construction. */
export function dependsSmoothly(root: Expression, isActive: (node: Node) => boolean): boolean {
  return activeParts(root, isActive).has(root);
}

/** Those parts of an expression that depend smoothly on nodes that `isActive`. */
function activeParts(root: Expression, isActive: (node: Node) => boolean): ReadonlySet<Expression> {
  const known = new Map<Expression, boolean>();
  const algebra: Algebra<boolean> = {
    constant: () => false,
    variable: () => false,
    length: () => false,
    read: ({ type, source }) => type === 'float' && isActive(source),
    apply: ({ type, operation }, operands) => operands.includes(true) && type === 'float' && !constant.has(operation),
    accumulate: (_, body) => body(),
  };
  fold(root, algebra, known);
  return new Set([...known].flatMap(([part, active]) => (active ? [part] : [])));
}

/** Operations without a derivative. */
const constant = new Set<OperationName>(['stopGradient', 'sign', 'floor', 'ceiling', 'round', 'truncate', 'toFloat']);

/** The terms that equal the maximum share the cotangent evenly. */
function maximumShare(maximum: Expression & { kind: 'accumulate' }, cotangent: Expression): Expression {
  const isMaximum = apply('equal', maximum.body, maximum);
  const ties = accumulate('sum', maximum.counters, apply('select', isMaximum, float(1), float(0)));
  return apply('select', isMaximum, scaled(cotangent, apply('divide', float(1), ties)), float(0));
}
