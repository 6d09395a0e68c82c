// Statements: blocks, conditions, loops and returns. Conditions that are known decide which branch is lowered; others,
// in element functions only, make the value of the function a select.
import type { ts } from 'ts-morph';
import { apply, type Expression } from '../../src/ir/index.js';
import type { Evaluation } from './evaluation.js';
import { MOST_ITERATIONS } from './limits.js';
import { type Bind, bindPattern, namesOf } from './patterns.js';
import { constructName } from './places.js';
import { Scope } from './scope.js';
import { dependsOnPositions, select, shortText, truthOf } from './symbolic.js';
import { typescript } from './typescript.js';
import { closureOf, describe, isKind, list, truthiness, type Value } from './values.js';

/** A return that is taken where a condition holds that only the kernel knows. */
interface GuardedReturn {
  readonly condition: Expression;
  readonly value: Value;
  readonly site: ts.Node;
}
type End =
  | { readonly kind: 'next' | 'break' | 'continue' }
  | { readonly kind: 'return'; readonly value: Value; readonly site: ts.Node };

/** How statements end, after guarded returns: the first whose condition holds is taken, else the end. */
interface Outcome {
  readonly guards: readonly GuardedReturn[];
  readonly end: End;
}

const next: Outcome = { guards: [], end: { kind: 'next' } };

type Runner<N extends ts.Node> = (node: N, scope: Scope, evaluation: Evaluation) => Outcome;
type Rule = (node: ts.Node, scope: Scope, evaluation: Evaluation) => Outcome | undefined;

const rule =
  <N extends ts.Node>(matches: (node: ts.Node) => node is N, run: Runner<N>): Rule =>
  (node, scope, evaluation) =>
    matches(node) ? run(node, scope, evaluation) : undefined;

/** Declarations of types, and of functions, which are bound when their block is entered. */
const isSilent = (node: ts.Node): node is ts.Statement =>
  typescript.isInterfaceDeclaration(node) ||
  typescript.isTypeAliasDeclaration(node) ||
  typescript.isFunctionDeclaration(node) ||
  typescript.isEmptyStatement(node);

const rules: readonly Rule[] = [
  rule(typescript.isVariableStatement, ({ declarationList }, scope, evaluation) =>
    declare(declarationList, scope, evaluation),
  ),
  rule(typescript.isExpressionStatement, ({ expression }, scope, evaluation) => {
    evaluation.evaluate(expression, scope);
    return next;
  }),
  rule(typescript.isReturnStatement, (node, scope, evaluation) => {
    const value = node.expression && evaluation.evaluate(node.expression, scope);
    return { guards: [], end: { kind: 'return', value, site: node } };
  }),
  rule(typescript.isBlock, ({ statements }, scope, evaluation) => runBlock(statements, new Scope(scope), evaluation)),
  rule(typescript.isIfStatement, runIf),
  rule(typescript.isForStatement, runFor),
  rule(typescript.isForOfStatement, runForOf),
  rule(typescript.isWhileStatement, (node, scope, evaluation) =>
    repeat(
      node,
      () => holds(node.expression, scope, evaluation),
      node.statement,
      () => scope,
      evaluation,
    ),
  ),
  rule(typescript.isDoStatement, (node, scope, evaluation) => {
    let first = true;
    const again = () => {
      const result = first || holds(node.expression, scope, evaluation);
      first = false;
      return result;
    };
    return repeat(node, again, node.statement, () => scope, evaluation);
  }),
  rule(typescript.isSwitchStatement, runSwitch),
  rule(typescript.isBreakStatement, (node, _scope, evaluation) => jump('break', node, evaluation)),
  rule(typescript.isContinueStatement, (node, _scope, evaluation) => jump('continue', node, evaluation)),
  rule(isSilent, () => next),
];

function run(node: ts.Statement, scope: Scope, evaluation: Evaluation): Outcome {
  evaluation.step(node);
  for (const each of rules) {
    const outcome = each(node, scope, evaluation);
    if (outcome !== undefined) return outcome;
  }
  return evaluation.fail(node, 'HD1002', { construct: `the ${constructName(node)}` });
}

/** The value that a function's block returns. */
export function evaluateBody(body: ts.Block, scope: Scope, evaluation: Evaluation): Value {
  const { guards, end } = runBlock(body.statements, new Scope(scope), evaluation);
  const last = end.kind === 'return' ? end.value : undefined;
  return guards.reduceRight<Value>(
    (otherwise, { condition, value, site }) => select(condition, value, otherwise, site, evaluation),
    last,
  );
}

/** Runs the statements of a block in its own scope. */
function runBlock(statements: Iterable<ts.Statement>, scope: Scope, evaluation: Evaluation): Outcome {
  const listed = [...statements];
  for (const statement of listed) hoist(statement, scope);
  const guards: GuardedReturn[] = [];
  const runFrom = (first: number): Outcome => {
    for (const [n, statement] of listed.slice(first).entries()) {
      const outcome = run(statement, scope, evaluation);
      guards.push(...outcome.guards);
      if (outcome.end.kind !== 'next') return { guards, end: outcome.end };
      // What follows a guarded return is reached only where its condition does not hold.
      const [guard] = outcome.guards.map(({ condition }) => apply('not', condition)).reverse();
      if (guard) return evaluation.under(guard, () => runFrom(first + n + 1));
    }
    return { guards, end: next.end };
  };
  return runFrom(0);
}

/** Makes the names of a block known from its start: functions with their values, the others without. */
function hoist(statement: ts.Statement, scope: Scope): void {
  if (typescript.isFunctionDeclaration(statement) && statement.name) {
    scope.initialise(statement.name.text, closureOf(statement, scope));
  }
  if (!typescript.isVariableStatement(statement)) return;
  for (const { name } of statement.declarationList.declarations) {
    for (const { text } of namesOf(name)) scope.declare(text, isLet(statement.declarationList));
  }
}

const isLet = (declarations: ts.VariableDeclarationList): boolean =>
  (declarations.flags & typescript.NodeFlags.Let) !== 0;

function declare(declarations: ts.VariableDeclarationList, scope: Scope, evaluation: Evaluation): Outcome {
  const mutable = isLet(declarations);
  if (!mutable && (declarations.flags & typescript.NodeFlags.BlockScoped) !== typescript.NodeFlags.Const) {
    evaluation.fail(declarations, 'HD1002', { construct: 'a var or using declaration' });
  }
  for (const { name, initializer } of declarations.declarations) {
    const value = initializer && evaluation.evaluate(initializer, scope);
    bindPattern(name, value, scope, evaluation, variables(scope, evaluation, mutable));
  }
  return next;
}

/** Variables label the values of the graph that they hold. */
function variables(scope: Scope, evaluation: Evaluation, mutable: boolean): Bind {
  return (name, value) => {
    evaluation.graph?.label(value, name, evaluation.depth);
    scope.initialise(name, value, mutable);
  };
}

// ── Conditions ──────────────────────────────────────────────────────────────────────────────────────

function runIf(node: ts.IfStatement, scope: Scope, evaluation: Evaluation): Outcome {
  const condition = evaluation.evaluate(node.expression, scope);
  const known = truthiness(condition);
  const arm = (statement: ts.Statement | undefined) =>
    statement === undefined ? next : run(statement, new Scope(scope), evaluation);
  const armUnder = (reached: Expression, statement: ts.Statement | undefined) =>
    evaluation.under(reached, () => arm(statement));
  if (known !== undefined) return arm(known ? node.thenStatement : node.elseStatement);
  if (evaluation.element === undefined) {
    return evaluation.fail(node.expression, 'HD1009', { text: shortText(node.expression) });
  }
  const truth = truthOf(condition, node.expression, evaluation);
  return joined(
    truth,
    armUnder(truth, node.thenStatement),
    armUnder(apply('not', truth), node.elseStatement),
    node,
    evaluation,
  );
}

/** The outcome of an `if` whose condition only the kernel knows: its arms' returns, guarded. */
function joined(truth: Expression, yes: Outcome, no: Outcome, node: ts.IfStatement, evaluation: Evaluation): Outcome {
  for (const { end } of [yes, no]) {
    if (end.kind === 'break' || end.kind === 'continue') evaluation.fail(node, 'HD1032', {});
  }
  const within = (condition: Expression, { guards }: Outcome) =>
    guards.map((guard) => ({ ...guard, condition: apply('and', condition, guard.condition) }));
  if (yes.end.kind === 'return') {
    const { value, site } = yes.end;
    // Whatever follows this guard is reached only where the condition does not hold.
    return { guards: [...within(truth, yes), { condition: truth, value, site }, ...no.guards], end: no.end };
  }
  const otherwise = apply('not', truth);
  const guards = [...within(truth, yes), ...within(otherwise, no)];
  if (no.end.kind === 'return') guards.push({ condition: otherwise, value: no.end.value, site: no.end.site });
  if (guards.length === 0) evaluation.fail(node, 'HD1032', {});
  return { guards, end: next.end };
}

function runSwitch(node: ts.SwitchStatement, scope: Scope, evaluation: Evaluation): Outcome {
  const subject = evaluation.evaluate(node.expression, scope);
  if (isKind(subject, 'symbolic')) {
    evaluation.fail(node.expression, 'HD1010', { what: 'the subject of switch', found: describe(subject) });
  }
  const { clauses } = node.caseBlock;
  const inside = new Scope(scope);
  let start = clauses.findIndex(
    (clause) => typescript.isCaseClause(clause) && evaluation.evaluate(clause.expression, inside) === subject,
  );
  if (start < 0) start = clauses.findIndex(typescript.isDefaultClause);
  if (start < 0) return next;
  const outcome = runBlock(
    clauses.slice(start).flatMap(({ statements }) => [...statements]),
    inside,
    evaluation,
  );
  return outcome.end.kind === 'break' ? { ...outcome, end: next.end } : outcome;
}

function jump(kind: 'break' | 'continue', node: ts.BreakOrContinueStatement, evaluation: Evaluation): Outcome {
  if (node.label) evaluation.fail(node.label, 'HD1002', { construct: 'a label' });
  return { guards: [], end: { kind } };
}

// ── Loops ───────────────────────────────────────────────────────────────────────────────────────────

function holds(condition: ts.Expression, scope: Scope, evaluation: Evaluation): boolean {
  const value = evaluation.evaluate(condition, scope);
  const known = truthiness(value);
  if (known !== undefined) return known;
  return evaluation.fail(condition, 'HD1010', {
    what: 'the condition of a loop',
    found: describe(value),
    isOverPositions: dependsOnPositions(value, evaluation),
  });
}

/** Runs `body` while `again` holds, each time in a scope that `enter` gives. */
function repeat(
  node: ts.Node,
  again: () => boolean,
  body: ts.Statement,
  enter: () => Scope,
  evaluation: Evaluation,
): Outcome {
  const guards: GuardedReturn[] = [];
  for (let count = 0; again(); count += 1) {
    if (count >= MOST_ITERATIONS) evaluation.fail(node, 'HD1005', { limit: MOST_ITERATIONS, what: 'iterations' });
    const outcome = run(body, new Scope(enter()), evaluation);
    guards.push(...outcome.guards);
    if (outcome.end.kind === 'return') return { guards, end: outcome.end };
    if (outcome.end.kind === 'break') break;
  }
  return { guards, end: next.end };
}

function runFor(node: ts.ForStatement, scope: Scope, evaluation: Evaluation): Outcome {
  const { initializer, condition, incrementor, statement } = node;
  let counters = new Scope(scope);
  const names: string[] = [];
  if (initializer && typescript.isVariableDeclarationList(initializer)) {
    declare(initializer, counters, evaluation);
    names.push(...initializer.declarations.flatMap(({ name }) => namesOf(name).map(({ text }) => text)));
  } else if (initializer) evaluation.evaluate(initializer, counters);
  let first = true;
  const again = () => {
    if (!first) {
      // Each iteration has its own counters, as closures that hold them expect.
      const before = counters;
      counters = new Scope(scope);
      for (const name of names) counters.initialise(name, before.lookup(name)?.value, true);
      if (incrementor) inHeader(evaluation, () => evaluation.evaluate(incrementor, counters));
    }
    first = false;
    return condition === undefined || holds(condition, counters, evaluation);
  };
  return repeat(node, again, statement, () => counters, evaluation);
}

function inHeader(evaluation: Evaluation, step: () => void): void {
  const outer = evaluation.inLoopHeader;
  evaluation.inLoopHeader = true;
  try {
    step();
  } finally {
    evaluation.inLoopHeader = outer;
  }
}

function runForOf(node: ts.ForOfStatement, scope: Scope, evaluation: Evaluation): Outcome {
  const value = evaluation.evaluate(node.expression, scope);
  const sequence = typeof value === 'string' ? list([...value]) : value;
  if (!isKind(sequence, 'list')) {
    return evaluation.fail(node.expression, 'HD1033', { expected: 'an array', found: describe(value) });
  }
  const { initializer } = node;
  if (!typescript.isVariableDeclarationList(initializer)) {
    return evaluation.fail(initializer, 'HD1002', { construct: 'a loop over a variable of its surroundings' });
  }
  let at = -1;
  const again = () => {
    at += 1;
    return at < sequence.items.length;
  };
  const enter = () => {
    const inside = new Scope(scope);
    for (const { name } of initializer.declarations) {
      bindPattern(name, sequence.items[at], inside, evaluation, variables(inside, evaluation, isLet(initializer)));
    }
    return inside;
  };
  return repeat(node, again, node.statement, enter, evaluation);
}
